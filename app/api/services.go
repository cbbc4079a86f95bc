package api

import (
	"qiming/app/account"
	"qiming/app/audit"
	"qiming/app/jobs"
	"qiming/app/org"
	"qiming/exam/question"
)

// Services are the domains that the handlers call; app makes them.
type Services struct {
	Accounts *account.Service
	Orgs     *org.Service
	Trail    *audit.Trail
	Jobs     *jobs.Runner
	Bank     *question.Bank
}
