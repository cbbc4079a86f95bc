package app

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"qiming/app/account"
	"qiming/app/api"
	"qiming/app/audit"
	"qiming/app/demo"
	"qiming/app/finder"
	"qiming/app/jobs"
	"qiming/app/member"
	"qiming/app/org"
	"qiming/app/presence"
	"qiming/exam"
	"qiming/exam/interchange"
	"qiming/exam/question"
	"qiming/internal/fault"
	"qiming/internal/ident"
	"qiming/knowledge"
	"qiming/knowledge/wordlist"
	"qiming/media"
	"qiming/search/querylog"
	"qiming/search/thesaurus"
)

// services makes the domains and joins them. Every collection is declared here, before the
// database starts.
func (a *App) services() {
	clock, db := a.deps.Clock, a.db
	a.Trail = audit.New(audit.Deps{DB: db, Clock: clock, Key: a.Keys.Key("audit")})
	a.Jobs = jobs.New(jobs.Deps{DB: db, Clock: clock, Holder: holder(), Log: a.deps.Log})
	a.Orgs = org.New(org.Deps{DB: db, Clock: clock, Trail: a.Trail, Zone: a.zone})
	a.Members = member.New(member.Deps{DB: db, Clock: clock, Keys: a.Keys, Trail: a.Trail, Orgs: a.Orgs, Zone: a.zone})
	a.Accounts = account.New(account.Deps{
		DB: db, Clock: clock, Trail: a.Trail, Orgs: a.Orgs, Members: a.Members, Settings: a.deps.Accounts,
	})
	a.Orgs.Occupy(a.Members)
	a.Members.Refer(a.accountOf)

	trail, orgs := acts{a.Trail}, orgPaths{a.Orgs}
	encoder, why := a.encoder()
	a.Media = media.New(media.Deps{
		DB: db, Bucket: a.Files, Clock: clock, Key: a.Keys.Key("media"), Path: api.FilesPath, Quota: a.Quota << 20, Video: a.Video << 20, Log: a.deps.Log,
		Encoder: encoder, NoEncoder: why, Scratch: filepath.Join(a.Data, "films"),
	})
	a.Bank = question.New(question.Deps{DB: db, Clock: clock, Trail: trail, Orgs: orgs, Files: a.Media, Zone: a.zone})
	a.Imports = interchange.New(interchange.Deps{
		DB: db, Bank: a.Bank, Keeper: keeper{a.Files}, Files: a.Media, Orgs: orgs, Clock: clock, Trail: trail,
	})
	a.Words = thesaurus.New(thesaurus.Deps{DB: db, Clock: clock, Trail: records{a.Trail}})
	a.Exams = exam.New(exam.Deps{
		Synonyms: a.Words, DB: db, Clock: clock, Keys: a.Keys, Bank: a.Bank, Trail: trail, Files: a.Media, Zone: a.zone,
		Roster: roster{orgs: a.Orgs, members: a.Members, accounts: a.Accounts},
	})
	a.Members.Retime(a.Exams.Retime)
	a.WordList = wordlist.New(wordlist.Deps{DB: db, Trail: records{a.Trail}})
	a.Knowledge = knowledge.New(knowledge.Deps{DB: db, Clock: clock, Trail: records{a.Trail}, Orgs: orgs, Files: a.Media, Readers: readers{a.Members, a.Accounts}, Words: a.WordList, Zone: a.zone})
	a.Finder = finder.New(finder.Deps{DB: db, Dir: filepath.Join(a.Data, "search"), Clock: clock, Log: a.deps.Log, Orgs: orgs, Synonyms: a.Words, Shelves: a.shelves()})
	a.Queries = querylog.New(querylog.Deps{DB: db, Clock: clock})
	a.Presence = presence.New(presence.Deps{DB: db, Clock: clock})
	if a.Config.Demo {
		a.Rehearsals = demo.New(demo.Deps{
			DB: db, Clock: clock, Orgs: a.Orgs, Members: a.Members, Accounts: a.Accounts, Bank: a.Bank, Exams: a.Exams,
			Knowledge: a.Knowledge, WordList: a.WordList,
		})
	}
	a.periodic()
}

// encoder finds ffmpeg; where there is none it says why, and the rest of the service does without.
func (a *App) encoder() (encoder *media.Encoder, why string) {
	encoder, err := media.FindEncoder(a.FFmpeg)
	switch {
	case err != nil:
		return nil, err.Error()
	case encoder == nil:
		return nil, "switched off by the setting ffmpeg"
	}
	return encoder, ""
}

// periodic lists what is done again and again, by one process of all.
func (a *App) periodic() {
	add := func(name string, every, timeout time.Duration, run func(context.Context) error) {
		a.Jobs.Add(jobs.Job{Name: name, Every: every, Timeout: timeout, Run: run})
	}
	add("exam.sweep", 5*time.Second, time.Minute, func(ctx context.Context) error {
		_, err := a.Exams.Sweep(ctx)
		return err
	})
	add("exam.repair", time.Minute, time.Minute, func(ctx context.Context) error {
		_, err := a.Exams.Repair(ctx)
		return err
	})
	add("exam.items", 6*time.Hour, 10*time.Minute, a.Exams.Results.RecordItems)
	add("account.sweep", 10*time.Minute, time.Minute, a.Accounts.Sweep)
	add("member.paths", time.Minute, 5*time.Minute, func(ctx context.Context) error {
		_, err := a.Members.RepairPaths(ctx)
		return err
	})
	add("member.imports", time.Hour, 10*time.Minute, a.Members.SweepImports)
	add("presence.sweep", time.Hour, time.Minute, a.Presence.Sweep)
	add("question.repair", time.Minute, 5*time.Minute, a.Bank.Repair)
	add("media.collect", 24*time.Hour, time.Hour, func(ctx context.Context) error {
		_, err := a.Media.Collect(ctx)
		return err
	})
	add("media.uploads", time.Hour, 10*time.Minute, func(ctx context.Context) error {
		_, err := a.Media.SweepUploads(ctx)
		return err
	})
	add("question.edits", time.Minute, 10*time.Minute, a.Bank.ResumeEdits)
	add("knowledge.publish", 5*time.Second, time.Minute, func(ctx context.Context) error {
		_, err := a.Knowledge.PublishDue(ctx)
		return err
	})
	add("knowledge.follow", 15*time.Second, 5*time.Minute, func(ctx context.Context) error {
		_, err := a.Knowledge.FollowSources(ctx)
		return err
	})
	add("knowledge.repair", time.Minute, 5*time.Minute, a.Knowledge.Repair)
	add("search.missed", 6*time.Hour, 10*time.Minute, a.Queries.Sweep)
	add("import.resume", time.Minute, 5*time.Minute, a.Imports.Resume)
	add("import.tidy", 6*time.Hour, 10*time.Minute, a.Imports.Tidy)
}

// accountOf keeps members who have an account from being taken back with their import.
func (a *App) accountOf(ctx context.Context, memberID string) (string, error) {
	switch _, err := a.Accounts.ByMember(ctx, memberID); {
	case err == nil:
		return "account", nil
	case fault.Is(err, fault.NotFound):
		return "", nil
	default:
		return "", err
	}
}

// holder names this process in leases.
func holder() string {
	host, err := os.Hostname()
	if err != nil {
		host = "host"
	}
	return host + "-" + strconv.Itoa(os.Getpid()) + "-" + ident.New()
}
