// Package web is the client. It is built by Vite into dist, which is not kept in the
// repository; without it the binary carries only the page that says how to build it.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist*
var files embed.FS

// Files gives the built client, or only the page that says that it is missing.
func Files() fs.FS {
	if _, err := fs.Stat(files, "dist/index.html"); err == nil {
		dist, err := fs.Sub(files, "dist")
		if err == nil {
			return dist
		}
	}
	return files
}
