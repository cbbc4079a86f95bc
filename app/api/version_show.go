package api

import (
	"context"

	"qiming/policies"
)

// Version says what runs.
type Version struct {
	Version string `json:"version"`
	Demo    bool   `json:"demo" doc:"A demo organisation with known passwords: never a production server"`
}

func (a *API) versionShow(context.Context, policies.Actor, *Nothing) (*Answer[Version], error) {
	return answer(Version{Version: a.Version, Demo: a.Demo}), nil
}
