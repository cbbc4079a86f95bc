package api

import (
	"context"
	"time"

	"github.com/gofiber/fiber/v2"

	"qiming/policies"
)

// call is what is known of the request at hand.
type call struct {
	id        string // request id, in the log and in every problem
	now       time.Time
	address   string // of the client, proxies looked through
	userAgent string
	secure    bool   // the client's connection is encrypted
	lang      string // of messages about files: interchange.Chinese or English
	route     string
	actor     policies.Actor
	cause     error // what a 500 does not tell the client
}

type callKey struct{}

// callOf gives the request at hand; every handler's context carries one.
func callOf(ctx context.Context) *call {
	c, _ := ctx.Value(callKey{}).(*call)
	return c
}

func fiberCall(c *fiber.Ctx) *call { return callOf(c.UserContext()) }
