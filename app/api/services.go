package api

// Services are the domains that the handlers call. Each helper of the table adds its own.
type Services struct{}
