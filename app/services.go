package app

import (
	"context"
	"os"
	"strconv"
	"time"

	"qiming/app/account"
	"qiming/app/audit"
	"qiming/app/jobs"
	"qiming/app/org"
	"qiming/exam/question"
	"qiming/internal/fault"
	"qiming/internal/ident"
)

// services makes the domains and joins them. Every collection is declared here, before the
// database starts.
func (a *App) services() error {
	a.Trail = audit.New(audit.Deps{DB: a.db, Clock: a.deps.Clock, Key: a.Keys.Key("audit")})
	a.Jobs = jobs.New(jobs.Deps{DB: a.db, Clock: a.deps.Clock, Holder: holder(), Log: a.deps.Log})
	a.Orgs = org.New(org.Deps{DB: a.db, Clock: a.deps.Clock, Trail: a.Trail, Zone: a.zone})
	a.Accounts = account.New(account.Deps{
		DB: a.db, Clock: a.deps.Clock, Trail: a.Trail, Orgs: a.Orgs, Members: noMembers{},
		Settings: a.deps.Accounts,
	})
	trail := acts{a.Trail}
	a.Bank = question.New(question.Deps{DB: a.db, Clock: a.deps.Clock, Trail: trail, Orgs: orgPaths{a.Orgs}})

	a.Jobs.Add(jobs.Job{Name: "account.sweep", Every: 10 * time.Minute, Run: a.Accounts.Sweep})
	a.Jobs.Add(jobs.Job{Name: "question.repair", Every: 10 * time.Minute, Timeout: 5 * time.Minute, Run: a.Bank.Repair})
	return nil
}

// holder names this process in leases.
func holder() string {
	host, err := os.Hostname()
	if err != nil {
		host = "host"
	}
	return host + "-" + strconv.Itoa(os.Getpid()) + "-" + ident.New()
}

type noMembers struct{}

func (noMembers) OrgPath(context.Context, string) ([]string, error) {
	return nil, fault.New(fault.NotFound, "member.not_found", "no members yet")
}
