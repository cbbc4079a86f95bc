package api

import (
	"qiming/policies"
)

// table is every route there is: method, path below /api/v1, permission, status, summary, handler.
func (a *API) table() {
	route(a, get, "/version", policies.SiteRead, 200, "Version of the server", a.versionShow)
}
