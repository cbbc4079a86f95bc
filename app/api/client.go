package api

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// asset is one file of the client, in the encodings that were built.
type asset struct {
	plain, gzip, brotli []byte
	contentType         string
	etag                string
	cache               string
}

// serveClient answers everything that is no route: files of the client, and its one page for
// every address that the client knows itself. Without a built client it says so.
func (a *API) serveClient() error {
	assets, err := readAssets(a.Client)
	if err != nil {
		return err
	}
	page, built := assets["/index.html"]
	if !built {
		page = assets["/dist-missing.html"]
	}
	a.fiber.Use(func(c *fiber.Ctx) error {
		if m := c.Method(); m != http.MethodGet && m != http.MethodHead {
			return fiber.NewError(http.StatusMethodNotAllowed)
		}
		name := path.Clean("/" + c.Path())
		switch name {
		case "/docs":
			name = "/docs/index.html"
		case "/index.html", "/dist-missing.html":
			name = "/"
		}
		if found, ok := assets[name]; ok {
			fiberCall(c).route = "(client)"
			return found.send(c)
		}
		// A missing file is missing; a page is the client's business.
		if strings.HasPrefix(name, "/assets/") || path.Ext(name) != "" || page.plain == nil {
			return fiber.NewError(http.StatusNotFound)
		}
		fiberCall(c).route = "(client)"
		return page.send(c)
	})
	return nil
}

func readAssets(client fs.FS) (map[string]asset, error) {
	assets := map[string]asset{}
	err := fs.WalkDir(client, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasSuffix(name, ".br") || strings.HasSuffix(name, ".gz") {
			return err
		}
		plain, err := fs.ReadFile(client, name)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(plain)
		file := asset{plain: plain, contentType: contentType(name), etag: `"` + hex.EncodeToString(sum[:8]) + `"`, cache: "no-cache"}
		if strings.HasPrefix(name, "assets/") { // the name carries a hash of the content
			file.cache = "public, max-age=31536000, immutable"
		}
		file.gzip, _ = fs.ReadFile(client, name+".gz") // absent where it does not pay
		file.brotli, _ = fs.ReadFile(client, name+".br")
		assets["/"+name] = file
		return nil
	})
	return assets, err
}

// contentType does not ask the machine's own table: two machines must answer alike.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".json", ".map":
		return "application/json"
	case ".webmanifest":
		return "application/manifest+json"
	case ".svg":
		return "image/svg+xml"
	case ".woff2":
		return "font/woff2"
	case ".ico":
		return "image/x-icon"
	}
	if known := mime.TypeByExtension(path.Ext(name)); known != "" {
		return known
	}
	return "application/octet-stream"
}

func (f asset) send(c *fiber.Ctx) error {
	h := &c.Response().Header
	h.Set(fiber.HeaderCacheControl, f.cache)
	h.Set(fiber.HeaderETag, f.etag)
	h.Set(fiber.HeaderVary, fiber.HeaderAcceptEncoding)
	if c.Get(fiber.HeaderIfNoneMatch) == f.etag {
		c.Status(http.StatusNotModified)
		return nil
	}
	h.SetContentType(f.contentType)
	accepted := &c.Request().Header
	body := f.plain
	switch {
	case f.brotli != nil && accepted.HasAcceptEncoding("br"):
		h.SetContentEncoding("br")
		body = f.brotli
	case f.gzip != nil && accepted.HasAcceptEncoding("gzip"):
		h.SetContentEncoding("gzip")
		body = f.gzip
	}
	c.Response().SetBodyRaw(body) // shared and read only
	return nil
}
