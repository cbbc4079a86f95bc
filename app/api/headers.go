package api

import (
	"net/http"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// contentPolicy is strict: the client needs no inline script, and no foreign host but the one that serves
// files directly, where there is one; Quasar sets style attributes, and a stream plays by way of a blob.
func contentPolicy(files string) string {
	if files != "" {
		files = " " + files
	}
	return "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; " +
		"img-src 'self' data: blob:" + files + "; media-src 'self' blob:" + files + "; font-src 'self' data:; connect-src 'self'" + files + "; worker-src 'self'; manifest-src 'self'; " +
		"object-src 'none'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'"
}

// headers sets what every answer carries. HEAD goes the way of GET; the server leaves the body out.
func (a *API) headers(c *fiber.Ctx) error {
	a.secure(c)
	if c.Method() == http.MethodHead && strings.HasPrefix(c.Path(), prefix) {
		c.Method(http.MethodGet)
	}
	return c.Next()
}

func (a *API) secure(c *fiber.Ctx) {
	h := &c.Response().Header
	h.Set("Content-Security-Policy", a.policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Server-Time", headerValue(a.Clock.Now().UnixMilli()))
	if cl := fiberCall(c); cl != nil && cl.secure {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}
