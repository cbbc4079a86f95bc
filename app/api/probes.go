package api

import (
	"context"
	"net/http"
	"time"

	"github.com/gofiber/fiber/v2"
)

// probes adds what machines ask: alive, ready, metrics, the description of the interface.
func (a *API) probes() {
	a.fiber.Get("/healthz", func(c *fiber.Ctx) error { return c.JSON(fiber.Map{"status": "ok"}) })
	a.fiber.Get("/readyz", a.ready)
	a.fiber.Get("/metrics", a.metrics.serve())
	a.fiber.Get("/openapi.json", func(c *fiber.Ctx) error {
		document, err := a.document()
		if err != nil {
			return err
		}
		c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSON)
		return c.Send(document)
	})
}

// ready says whether requests should come here: the store answers and nobody asked us to stop.
func (a *API) ready(c *fiber.Ctx) error {
	ctx, cancel := context.WithTimeout(c.UserContext(), 2*time.Second)
	defer cancel()
	state := "ok"
	if a.draining.Load() {
		state = "stopping"
	} else if err := a.Store.Ping(ctx); err != nil {
		fiberCall(c).cause = err
		state = "store unavailable"
	}
	if state != "ok" {
		c.Status(http.StatusServiceUnavailable)
	}
	return c.JSON(fiber.Map{"status": state})
}
