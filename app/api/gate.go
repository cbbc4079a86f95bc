package api

import (
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"qiming/internal/fault"
	"qiming/policies"
)

func (r Route) timeout() time.Duration {
	if r.upload {
		return uploadTimeout
	}
	return requestTimeout
}

func (r Route) writes() bool { return r.Method != http.MethodGet && r.Method != http.MethodOptions }

// gate stands before a row: who asks, is it really them, and may they. It runs before the input
// is parsed, so that a stranger learns nothing of it.
func (a *API) gate(r Route) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		c := callOf(ctx.Context())
		c.route = r.Path
		if err := a.admit(ctx, c, r); err != nil {
			a.refuse(ctx, a.problem(c, err))
			return
		}
		next(ctx)
	}
}

func (a *API) admit(ctx huma.Context, c *call, r Route) error {
	public := a.Policies.Holds(policies.Public, r.Permission)
	token, byCookie := credentials(ctx)
	identity := Identity{}
	if token != "" {
		var err error
		identity, err = a.Sessions.Authenticate(ctx.Context(), token, c.address)
		unknown := fault.Is(err, fault.Unauthenticated)
		if err != nil && !(public && unknown) {
			if unknown { // guessing tokens is asking without one
				if err := a.limits.address(c.address); err != nil {
					return err
				}
			}
			return err
		}
	}
	c.actor = identity.Actor
	c.actor.Address = c.address
	if !c.actor.SignedIn() {
		if err := a.limits.address(c.address); err != nil {
			return err
		}
		if !public {
			return fault.New(fault.Unauthenticated, "session.required", "sign in first")
		}
	} else if err := a.limits.account(c.actor.AccountID); err != nil {
		return err
	}
	if r.writes() && (byCookie || !c.actor.SignedIn()) {
		if err := a.checkCSRF(ctx, c.actor); err != nil {
			return err
		}
	}
	if identity.MustChange && !r.mustChange && !public {
		return fault.New(fault.Forbidden, "account.must_change_password", "the password must be changed first")
	}
	if !public && !a.Policies.Allowed(c.actor, r.Permission) {
		return fault.New(fault.Forbidden, "request.forbidden", "needs %s", r.Permission).With("permission", r.Permission)
	}
	c.actor.Scope = a.Policies.Scope(c.actor, r.Permission)
	return nil
}

// credentials gives the session token and whether a cookie carried it: a cookie goes along with
// what other sites send, a bearer token does not.
func credentials(ctx huma.Context) (token string, byCookie bool) {
	if bearer, found := strings.CutPrefix(ctx.Header("Authorization"), "Bearer "); found {
		return bearer, false
	}
	if cookie, err := huma.ReadCookie(ctx, sessionCookie); err == nil {
		return cookie.Value, true
	}
	return "", false
}

func (a *API) refuse(ctx huma.Context, p *Problem) {
	for name, values := range p.GetHeaders() {
		ctx.SetHeader(name, values[0])
	}
	ctx.SetHeader("Content-Type", problemType)
	ctx.SetStatus(p.Status)
	_ = jsonFormat().Marshal(ctx.BodyWriter(), p) // the body is a buffer
}
