package api

import (
	"crypto/hmac"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"qiming/internal/fault"
	"qiming/policies"
)

const (
	sessionCookie = "qm_session"
	csrfHeader    = "X-CSRF-Token"
)

// startSession gives the cookie that carries a fresh session token until it expires: as an age, for
// the browser's clock may be wrong.
func startSession(c *call, token string, expires time.Time) http.Cookie {
	return http.Cookie{
		Name: sessionCookie, Value: token, Path: "/", MaxAge: int(expires.Sub(c.now).Seconds()),
		HttpOnly: true, Secure: c.secure, SameSite: http.SameSiteLaxMode,
	}
}

// endSession gives the cookie that removes the session from the browser.
func endSession(c *call) http.Cookie {
	return http.Cookie{Name: sessionCookie, Path: "/", MaxAge: -1, HttpOnly: true, Secure: c.secure, SameSite: http.SameSiteLaxMode}
}

// csrfToken is what a page must send back in X-CSRF-Token with every write of this session. A
// foreign page cannot read it, for it comes in the body of an answer only.
func (a *API) csrfToken(sessionID string) string {
	return base64.RawURLEncoding.EncodeToString(a.Keys.MAC("csrf", []byte(sessionID)))
}

// checkCSRF refuses a write that another site made the browser send.
func (a *API) checkCSRF(ctx huma.Context, actor policies.Actor) error {
	if !sameOrigin(ctx) {
		return fault.New(fault.Forbidden, "request.cross_site", "write from another site")
	}
	if actor.SessionID != "" && !hmac.Equal([]byte(ctx.Header(csrfHeader)), []byte(a.csrfToken(actor.SessionID))) {
		return fault.New(fault.Forbidden, "request.csrf", "missing or wrong %s", csrfHeader)
	}
	return nil
}

// sameOrigin believes the browser: Sec-Fetch-Site where it is sent, else the Origin header. A
// client that sends neither is no browser of the last ten years, and the token decides alone.
func sameOrigin(ctx huma.Context) bool {
	switch ctx.Header("Sec-Fetch-Site") {
	case "same-origin", "none":
		return true
	case "same-site", "cross-site":
		return false
	}
	origin := ctx.Header("Origin")
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && strings.EqualFold(u.Host, ctx.Host())
}
