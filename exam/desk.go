package exam

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/sync/singleflight"

	"qiming/exam/question"
	"qiming/internal/fault"
	"qiming/internal/ident"
	"qiming/internal/store"
)

// Deps is what the engine needs.
type Deps struct {
	DB     *store.DB
	Clock  ident.Clock
	Keys   Keys
	Bank   Bank
	Roster Roster
	Files  Files
	Trail  question.Trail // records acts of authors and evaluators; attempts are their own record
	Zone   *time.Location // the organisation's: decides what day it is

	Synonyms Synonyms
}

// Engine is the examination engine: its services share the documents and what is cached of them.
type Engine struct {
	Quizzes   *Quizzes
	Attempts  *Attempts
	Marking   *Marking
	Results   *Results
	Entries   *Entries
	Releases  *Releases
	Regrades  *Regrades
	Appeals   *Appeals
	Awards    *Certificates
	Boards    *Boards
	Integrity *Integrity
	desk      *desk
}

// New declares the collections; call it before the database starts.
func New(deps Deps) *Engine {
	d := newDesk(deps)
	return &Engine{Quizzes: &Quizzes{d}, Attempts: &Attempts{d}, Marking: &Marking{d}, Results: &Results{desk: d}, Entries: &Entries{d},
		Releases: &Releases{d}, Regrades: &Regrades{d}, Appeals: &Appeals{d}, Awards: &Certificates{d}, Boards: &Boards{desk: d}, Integrity: &Integrity{desk: d}, desk: d}
}

// How old a cached document may be. An extension must reach a running attempt within 5 seconds on
// every process.
const (
	quizAge  = time.Second
	takerAge = 2 * time.Second
)

// How much is cached: a blueprint of 2,000 questions takes about 150 kB, a sitting's facts 2 kB.
const (
	cachedQuizzes    = 512
	cachedBlueprints = 128
	cachedFacts      = 12_000
	cachedTakers     = 12_000
)

// desk loads what the services and rules need.
type desk struct {
	collections
	clock      ident.Clock
	keys       Keys
	receiptKey []byte
	bank       Bank
	roster     Roster
	files      Files
	trail      question.Trail
	zone       *time.Location

	flight     singleflight.Group
	quizCache  *lru.Cache[string, aged[quizState]]
	takerCache *lru.Cache[string, aged[Taker]]
	blueprints *lru.Cache[string, *blueprint]
	factCache  *lru.Cache[string, *facts]
	heard      hearing
	process    string // names this process among those on the database

	synonyms     Synonyms
	resting      rests                                           // of estimations, by quiz
	suggestCache *lru.Cache[string, aged[map[string]Suggestion]] // by quiz and question
	lessonCache  *lru.Cache[string, *taughtQuiz]                 // by quiz
	surveys      *lru.Cache[string, aged[*survey]]               // by quiz

	mu   sync.Mutex
	open aged[[]Quiz] // published and closed quizzes
}

type aged[T any] struct {
	value T
	at    time.Time
}

func (a aged[T]) fresh(now time.Time, age time.Duration) bool {
	return !a.at.IsZero() && !now.Before(a.at) && now.Sub(a.at) < age
}

func newDesk(deps Deps) *desk {
	return &desk{
		collections: define(deps.DB), clock: deps.Clock, keys: deps.Keys, receiptKey: deps.Keys.Key("receipt"),
		bank: deps.Bank, roster: deps.Roster, files: deps.Files, trail: deps.Trail, zone: deps.Zone,
		quizCache: cache[string, aged[quizState]](cachedQuizzes), takerCache: cache[string, aged[Taker]](cachedTakers),
		process: ident.New(), synonyms: deps.Synonyms,
		blueprints: cache[string, *blueprint](cachedBlueprints), factCache: cache[string, *facts](cachedFacts),
		suggestCache: cache[string, aged[map[string]Suggestion]](cachedSuggested), surveys: cache[string, aged[*survey]](heldTallies),
		lessonCache: cache[string, *taughtQuiz](cachedLessons),
	}
}

func cache[K comparable, V any](size int) *lru.Cache[K, V] {
	c, err := lru.New[K, V](size)
	if err != nil {
		panic(err) // only a size below 1 is refused
	}
	return c
}

// quizState is a quiz with its overrides, at most quizAge old.
type quizState struct {
	quiz      Quiz
	overrides []Override
	notices   []notice // of the proctors, oldest first
}

// grouped says whether an override is of an organisation node, so that the member's place matters.
func (q quizState) grouped() bool {
	return slices.ContainsFunc(q.overrides, func(o Override) bool { return o.MemberID == "" })
}

func (d *desk) quiz(ctx context.Context, id string) (quizState, error) {
	now := d.clock.Now()
	if c, ok := d.quizCache.Get(id); ok && c.fresh(now, quizAge) {
		return c.value, nil
	}
	got, err, _ := d.flight.Do("quiz "+id, func() (any, error) {
		ctx := context.WithoutCancel(ctx) // shared with other callers
		quiz, err := d.quizzes.Get(ctx, id)
		if err != nil {
			return nil, noQuiz(id, err)
		}
		state := quizState{quiz: quiz}
		for o, err := range d.overrides.Find(ctx, store.Query[Override]{Index: "quiz", Eq: map[string]any{"quiz_id": id}}) {
			if err != nil {
				return nil, err
			}
			state.overrides = append(state.overrides, o)
		}
		for n, err := range d.notices.Find(ctx, store.Query[notice]{Index: "quiz", Eq: map[string]any{"quiz_id": id}}) {
			if err != nil {
				return nil, err
			}
			state.notices = append(state.notices, n)
		}
		d.quizCache.Add(id, aged[quizState]{state, now})
		return state, nil
	})
	if err != nil {
		return quizState{}, err
	}
	return got.(quizState), nil
}

// forget drops what is cached of a quiz after a write of this process.
func (d *desk) forget(quizID string) {
	d.flight.Forget("quiz " + quizID)
	d.quizCache.Remove(quizID)
	d.mu.Lock()
	d.open = aged[[]Quiz]{}
	d.mu.Unlock()
}

func noQuiz(id string, err error) error {
	if fault.Is(err, fault.NotFound) {
		return fault.New(fault.NotFound, "quiz.not_found", "quiz %s", id)
	}
	return err
}

func noAttempt(id string, err error) error {
	if err == nil || fault.Is(err, fault.NotFound) {
		return fault.New(fault.NotFound, "attempt.not_found", "attempt %s", id)
	}
	return err
}

// running gives the published and closed quizzes, newest first.
func (d *desk) running(ctx context.Context) ([]Quiz, error) {
	now := d.clock.Now()
	d.mu.Lock()
	open := d.open
	d.mu.Unlock()
	if open.fresh(now, quizAge) {
		return open.value, nil
	}
	got, err, _ := d.flight.Do("running", func() (any, error) {
		ctx := context.WithoutCancel(ctx)
		list := []Quiz{}
		for _, status := range []QuizStatus{QuizPublished, QuizClosed} {
			for q, err := range d.quizzes.Find(ctx, store.Query[Quiz]{Index: "status", Eq: map[string]any{"status": string(status)}}) {
				if err != nil {
					return nil, err
				}
				list = append(list, q)
			}
		}
		slices.SortFunc(list, func(a, b Quiz) int { return strings.Compare(b.ID, a.ID) })
		d.mu.Lock()
		d.open = aged[[]Quiz]{list, now}
		d.mu.Unlock()
		return list, nil
	})
	if err != nil {
		return nil, err
	}
	return got.([]Quiz), nil
}

// taker gives a member, at most takerAge old.
func (d *desk) taker(ctx context.Context, memberID string) (Taker, error) {
	now := d.clock.Now()
	if c, ok := d.takerCache.Get(memberID); ok && c.fresh(now, takerAge) {
		return c.value, nil
	}
	t, err := d.roster.Taker(ctx, memberID)
	if err != nil {
		return Taker{}, err
	}
	d.takerCache.Add(memberID, aged[Taker]{t, now})
	return t, nil
}

func versionID(quizID string, number int) string { return question.VersionID(quizID, number) }

// blueprint gives a version of a quiz, ready to draw. It is immutable.
func (d *desk) blueprint(ctx context.Context, quizID string, number int) (*blueprint, error) {
	id := versionID(quizID, number)
	if b, ok := d.blueprints.Get(id); ok {
		return b, nil
	}
	got, err, _ := d.flight.Do("version "+id, func() (any, error) {
		v, err := d.versions.Get(context.WithoutCancel(ctx), id)
		if err != nil {
			return nil, noQuiz(quizID, err)
		}
		b := newBlueprint(v)
		d.blueprints.Add(id, b)
		return b, nil
	})
	if err != nil {
		return nil, err
	}
	return got.(*blueprint), nil
}

// facts are what never changes of an attempt.
type facts struct {
	id, quizID, memberID string
	number               int
	started              time.Time
	path                 []string // at the start
	blueprint            *blueprint
	paper                Paper
}

func (d *desk) facts(ctx context.Context, id string) (*facts, error) {
	if f, ok := d.factCache.Get(id); ok {
		return f, nil
	}
	a, err := d.attempts.Get(ctx, id)
	if err != nil {
		return nil, noAttempt(id, err)
	}
	return d.factsOf(ctx, &a)
}

func (d *desk) factsOf(ctx context.Context, a *Attempt) (*facts, error) {
	if f, ok := d.factCache.Get(a.ID); ok {
		return f, nil
	}
	b, err := d.blueprint(ctx, a.QuizID, a.Version)
	if err != nil {
		return nil, err
	}
	f := &facts{id: a.ID, quizID: a.QuizID, memberID: a.MemberID, number: a.Number, started: a.StartedAt, path: a.OrgPath,
		blueprint: b, paper: b.draw(a.Seed)}
	d.factCache.Add(a.ID, f)
	return f, nil
}

// allowance gives the timing that holds for a member now: base is of the version at hand.
func (d *desk) allowance(ctx context.Context, state quizState, base Timing, memberID string, path []string) (Allowance, error) {
	member := Taker{MemberID: memberID, Path: path}
	var err error
	if state.grouped() {
		var now Taker
		if now, err = d.taker(ctx, memberID); err == nil {
			member.Path = now.Path
		}
	}
	if err == nil {
		member.Extra, err = d.roster.Extra(ctx, memberID)
	}
	if err != nil && !fault.Is(err, fault.NotFound) { // who has left keeps the place of the start
		return Allowance{}, err
	}
	return Resolve(base, member, state.overrides), nil
}

// sitting gives what the rules of an attempt need at now. The contents are loaded where whole is
// set, or where the clock may end the attempt.
func (d *desk) sitting(ctx context.Context, f *facts, now time.Time, whole bool) (sitting, Allowance, error) {
	state, err := d.quiz(ctx, f.quizID)
	if err != nil {
		return sitting{}, Allowance{}, err
	}
	allowance, err := d.allowance(ctx, state, f.blueprint.version.Settings.Timing, f.memberID, f.path)
	if err != nil {
		return sitting{}, Allowance{}, err
	}
	s := d.seat(f.blueprint, f.paper, allowance, f.started, state.quiz.ClosedAt)
	if whole || s.clock.Late(now) || s.closedAt != nil || s.stages != nil || f.blueprint.version.Settings.handsIn() {
		s.contents, err = d.contents(ctx, f.paper)
	}
	return s, allowance, err
}

// contents gives the contents of a paper, parallel to its slots.
func (d *desk) contents(ctx context.Context, p Paper) ([]question.Content, error) {
	ids := p.Versions()
	versions, err := d.bank.GetVersions(ctx, ids)
	if err != nil {
		return nil, err
	}
	list := make([]question.Content, len(ids))
	for i, id := range ids {
		v, ok := versions[id]
		if !ok {
			return nil, fault.New(fault.Unavailable, "question.version_missing", "question version %s is not in the bank", id)
		}
		list[i] = v.Content
	}
	return list, nil
}

// settled brings an attempt that was read to where it stands at now and keeps that.
func (d *desk) settled(ctx context.Context, a Attempt, now time.Time) (Attempt, sitting, Allowance, error) {
	f, err := d.factsOf(ctx, &a)
	if err != nil {
		return a, sitting{}, Allowance{}, err
	}
	s, allowance, err := d.sitting(ctx, f, now, a.State.Ended())
	if err != nil || !a.State.Running() {
		return a, s, allowance, err
	}
	if err := d.loadKeys(ctx, s, versionsOf(a.Steps)); err != nil {
		return a, s, allowance, err
	}
	probe := a
	probe.Steps = slices.Clip(a.Steps)
	if changed, err := probe.settle(s, now); err != nil || !changed {
		return a, s, allowance, err
	}
	a, err = d.rewrite(ctx, a.ID, s, func(a *Attempt) error {
		changed, err := a.settle(s, now)
		if err == nil && !changed {
			return store.ErrUnchanged
		}
		return err
	})
	return a, s, allowance, err
}

// ofMember gives a member's attempts on a quiz, in the order of their numbers.
func (d *desk) ofMember(ctx context.Context, quizID, memberID string) ([]Attempt, error) {
	var list []Attempt
	for a, err := range d.attempts.Find(ctx, store.Query[Attempt]{Index: "member", Eq: map[string]any{"member_id": memberID, "quiz_id": quizID}}) {
		if err != nil {
			return nil, err
		}
		list = append(list, a)
	}
	slices.SortFunc(list, func(a, b Attempt) int { return a.Number - b.Number })
	return list, nil
}

// ofQuiz walks the attempts of a quiz in a state ("" = all), whose steps are good during the call only.
func (d *desk) ofQuiz(ctx context.Context, quizID string, state State, each func(*Attempt) error) error {
	return d.attempts.Walk(ctx, quizQuery(quizID, state), each)
}

func quizQuery(quizID string, state State) store.Query[Attempt] {
	eq := map[string]any{"quiz_id": quizID}
	if state != "" {
		eq["state"] = string(state)
	}
	return store.Query[Attempt]{Index: "quiz", Eq: eq}
}
