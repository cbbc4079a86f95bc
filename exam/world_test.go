package exam

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"qiming/exam/question"
	"qiming/internal/fault"
	"qiming/internal/ident"
	"qiming/internal/keyring"
	"qiming/internal/peer"
	"qiming/internal/store"
	"qiming/media"
	"qiming/policies"
	"qiming/search/thesaurus"
)

// The organisation of the tests: a committee with two branches.
const (
	committee = "committee"
	branchA   = "branch-a"
	branchB   = "branch-b"
)

// roll is the organisation of the tests, in memory.
type roll struct {
	nodes   []Node
	takers  map[string]Taker
	graders []string
	members map[string]string // of graders
}

func (r *roll) Taker(_ context.Context, id string) (Taker, error) {
	if t, ok := r.takers[id]; ok {
		return t, nil
	}
	return Taker{}, fault.New(fault.NotFound, "member.not_found", "%s", id)
}

func (r *roll) Extra(_ context.Context, id string) (float64, error) { return r.takers[id].Extra, nil }

func (r *roll) Due(_ context.Context, a Audience) ([]Taker, error) {
	var list []Taker
	for _, t := range r.takers {
		if a.Addresses(t) {
			list = append(list, t)
		}
	}
	return list, nil
}

func (r *roll) Nodes(_ context.Context, ids []string) ([]Node, error) {
	var list []Node
	for _, n := range r.nodes {
		if len(ids) == 0 || overlaps(ids, n.Path) {
			list = append(list, n)
		}
	}
	return list, nil
}

func (r *roll) Graders(context.Context, []string) ([]Grader, error) {
	var list []Grader
	for _, id := range r.graders {
		list = append(list, Grader{AccountID: id, MemberID: r.members[id]})
	}
	return list, nil
}

func (r *roll) Names(_ context.Context, ids []string) (map[string]string, error) {
	names := map[string]string{}
	for _, n := range r.nodes {
		names[n.ID] = n.Name
	}
	return names, nil
}

func (r *roll) OrgPath(_ context.Context, id string) ([]string, error) {
	for _, n := range r.nodes {
		if n.ID == id {
			return n.Path, nil
		}
	}
	return nil, fault.New(fault.NotFound, "org.not_found", "%s", id)
}

// diary is the audit trail of the tests: a list.
type diary struct{ acts []string }

func (d *diary) Act(_ context.Context, _ policies.Actor, act question.Act, do func() error) error {
	err := do()
	d.acts = append(d.acts, act.Action)
	return err
}

func (d *diary) Record(_ context.Context, _ policies.Actor, action, _, _ string, do func() error) error {
	err := do()
	d.acts = append(d.acts, action)
	return err
}

// world is the engine on a database of its own.
type world struct {
	testing.TB
	*Engine
	bank  *question.Bank
	media *media.Library
	clock *ident.Manual
	words *thesaurus.Thesaurus
	roll  *roll
	trail *diary
	path  string
	url   string // of the database; "" = SQLite at the path
	keys  *keyring.Ring
	ctx   context.Context
}

// start of the tests' time.
var monday = time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)

func newWorld(t testing.TB) *world {
	t.Helper()
	return newWorldOn(t, "")
}

// onEngines runs a test on SQLite and on a MongoDB-wire server: where an index or an id must refuse the second of two.
func onEngines(t *testing.T, test func(*world)) {
	t.Run("sqlite", func(t *testing.T) { test(newWorld(t)) })
	t.Run("mongodb", func(t *testing.T) {
		if testing.Short() {
			t.Skip("-short: not checked on a MongoDB-wire server")
		}
		test(newWorldOn(t, peer.MongoDB(t)))
	})
}

// newWorldOn is on the database of a URL; "" = a SQLite file of its own.
func newWorldOn(t testing.TB, at string) *world {
	t.Helper()
	keys, err := keyring.Parse("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f")
	if err != nil {
		t.Fatal(err)
	}
	w := &world{TB: t, clock: ident.NewManual(monday), trail: &diary{}, keys: keys, ctx: context.Background(),
		path: filepath.Join(t.TempDir(), "exam.db"), url: at,
		roll: &roll{nodes: []Node{
			{ID: committee, Name: "机关党委", FullName: "中共测试市机关委员会", Path: []string{committee}},
			{ID: branchA, ParentID: committee, Name: "第一支部", Path: []string{committee, branchA}},
			{ID: branchB, ParentID: committee, Name: "第二支部", Path: []string{committee, branchB}},
		}, takers: map[string]Taker{}}}
	for i := range 4 {
		w.member(fmt.Sprintf("m%d", i+1), []string{branchA, branchB}[i%2])
	}
	w.open()
	return w
}

func (w *world) member(id, branch string) {
	w.roll.takers[id] = Taker{MemberID: id, Name: "党员" + id, Path: []string{committee, branch}, Stage: "full"}
}

// open joins the engine to the database; called again it is another process.
func (w *world) open() {
	w.Helper()
	db, err := store.Open(w.ctx, cmp.Or(w.url, "sqlite:"+w.path), w.clock)
	if err != nil {
		w.Fatal(err)
	}
	w.Cleanup(func() {
		if err := db.Close(); err != nil {
			w.Error(err)
		}
	})
	bucket, err := media.Open(w.ctx, "dir:"+filepath.Join(filepath.Dir(w.path), "media"))
	if err != nil {
		w.Fatal(err)
	}
	w.media = media.New(media.Deps{DB: db, Bucket: bucket, Clock: w.clock, Key: w.keys.Key("media"), Path: "/files/", Log: slog.New(slog.DiscardHandler)})
	w.bank = question.New(question.Deps{DB: db, Clock: w.clock, Trail: w.trail, Orgs: w.roll, Zone: time.UTC})
	w.words = thesaurus.New(thesaurus.Deps{DB: db, Clock: w.clock, Trail: w.trail})
	w.Engine = New(Deps{DB: db, Clock: w.clock, Keys: w.keys, Bank: w.bank, Roster: w.roll, Trail: w.trail, Files: w.media, Zone: time.UTC, Synonyms: w.words})
	if err := db.Start(w.ctx); err != nil {
		w.Fatal(err)
	}
}

// process gives another process on the same database.
func (w *world) process() *world {
	other := *w
	other.trail = &diary{}
	other.open()
	return &other
}

func (w *world) ok(err error) {
	w.Helper()
	if err != nil {
		var f *fault.Fault
		if errors.As(err, &f) {
			w.Fatalf("%v (fields %+v)", err, f.Fields)
		}
		w.Fatal(err)
	}
}

// refused wants an error with the key.
func (w *world) refused(err error, key string) {
	w.Helper()
	if fault.KeyOf(err) != key {
		w.Fatalf("want refusal %q, got %v", key, err)
	}
}

// author is a trainer of the committee.
func (w *world) author() policies.Actor {
	return policies.Actor{AccountID: "author", Name: "命题人", Scope: policies.Scope{committee}}
}

// as is a member signed in on a device.
func as(member, device string) policies.Actor {
	return policies.Actor{AccountID: "acc-" + member, MemberID: member, SessionID: "session-" + member + "-" + device}
}

// single is a question whose right option is the first.
func single(stem string) question.Content {
	return question.Content{Kind: question.Single, Stem: stem, Options: []question.Option{
		{ID: "a", Text: "甲", Right: true}, {ID: "b", Text: "乙"}, {ID: "c", Text: "丙"}, {ID: "d", Text: "丁"}},
		Explanation: "解析：" + stem, Source: "党章", Feedback: "反馈"}
}

// short is a question that people mark.
func short(stem string) question.Content {
	return question.Content{Kind: question.Short, Stem: stem, Model: "参考答案：" + stem}
}

// publish adds questions to the committee's bank and makes them live. It gives their ids.
func (w *world) questions(tag string, contents ...question.Content) []string {
	w.Helper()
	author := w.author()
	if _, err := w.bank.SetSettings(w.ctx, author, committee, true); err != nil {
		w.Fatal(err)
	}
	batch := question.Batch{ID: ident.New(), OrgID: committee, Status: question.Published}
	var items []question.NewQuestion
	for _, c := range contents {
		items = append(items, question.NewQuestion{Tags: []string{tag}, Content: c})
	}
	_, err := w.bank.InsertBatch(w.ctx, author, batch, items)
	w.ok(err)
	ids := make([]string, len(contents))
	for i := range ids {
		ids[i] = question.BatchItemID(batch.ID, i)
	}
	return ids
}

func (w *world) singles(tag string, n int) []string {
	contents := make([]question.Content, n)
	for i := range contents {
		contents[i] = single(fmt.Sprintf("%s第%d题", tag, i+1))
	}
	return w.questions(tag, contents...)
}

// fixed makes entries of questions as they are, each worth points.
func fixed(points float64, ids ...string) []Entry {
	var list []Entry
	for _, id := range ids {
		list = append(list, Entry{QuestionID: id, Points: points})
	}
	return list
}

func drawn(count int, points float64, tag string) Entry {
	return Entry{Rule: &question.Rule{TagsAll: []string{tag}}, Count: count, Points: points}
}

// quiz publishes a quiz for the whole committee: 30 minutes, open from 8:00 to 10:00, then set.
func (w *world) quiz(entries []Entry, set ...func(*Draft)) Quiz {
	w.Helper()
	q := w.draft(entries, set...)
	q, err := w.Quizzes.Publish(w.ctx, w.author(), q.ID, q.Rev)
	w.ok(err)
	return q
}

func (w *world) draft(entries []Entry, set ...func(*Draft)) Quiz {
	w.Helper()
	q, err := w.Quizzes.Create(w.ctx, w.author(), "党章知识测试", []string{committee})
	w.ok(err)
	closes := monday.Add(2 * time.Hour)
	d := Draft{Title: q.Title, Settings: q.Settings, Sections: []Section{{ID: "s1", Title: "一", Entries: entries}}, Audience: q.Audience}
	d.Settings.Opens, d.Settings.Closes, d.Settings.Limit = when(monday), &closes, 30*60
	for _, fn := range set {
		fn(&d)
	}
	q, err = w.Quizzes.Save(w.ctx, w.author(), q.ID, q.Rev, d)
	w.ok(err)
	return q
}

func when(t time.Time) *time.Time { return &t }

// taking is a member at a quiz, on one device.
type taking struct {
	*world
	actor policies.Actor
	sheet Sheet
	seq   int64
}

func (w *world) start(q Quiz, member, device string) *taking {
	w.Helper()
	t, err := w.tryStart(q, member, device, Begin{Device: device})
	w.ok(err)
	return t
}

func (w *world) tryStart(q Quiz, member, device string, begin Begin) (*taking, error) {
	actor := as(member, device)
	sheet, err := w.Attempts.Start(w.ctx, actor, q.ID, begin)
	return &taking{world: w, actor: actor, sheet: sheet, seq: sheet.LastClientSeq}, err
}

func choose(ids ...string) question.Response { return question.Response{Choices: ids} }

// save saves an answer with the next number.
func (t *taking) save(slot int, r question.Response) Receipt {
	t.Helper()
	saved, err := t.trySave(slot, r)
	t.ok(err)
	return saved.Receipts[0]
}

func (t *taking) trySave(slot int, r question.Response) (Saved, error) {
	t.seq++
	return t.Attempts.Save(t.ctx, t.actor, t.sheet.Attempt.ID, t.sheet.Session, []Answer{{ClientSeq: t.seq, Slot: slot, Response: r}})
}

func (t *taking) submit() Handed {
	t.Helper()
	h, err := t.Attempts.Submit(t.ctx, t.actor, t.sheet.Attempt.ID, t.sheet.Session)
	t.ok(err)
	return h
}

// stored reads the document itself, without settling it.
func (t *taking) stored() Attempt {
	t.Helper()
	a, err := t.desk.attempts.Get(t.ctx, t.sheet.Attempt.ID)
	t.ok(err)
	return a
}

// rightSlots answers the given number of items rightly.
func (t *taking) answer(right int) {
	t.Helper()
	for i, item := range t.sheet.Items {
		r := choose("b")
		if i < right {
			r = choose("a")
		}
		t.save(item.Slot, r)
	}
}

func (t *taking) want(state State, ended *time.Time) {
	t.Helper()
	a := t.stored()
	if a.State != state || !same(a.EndedAt, ended) {
		t.Fatalf("want %s at %v, got %s at %v", state, ended, a.State, a.EndedAt)
	}
}

func (t *taking) slotOf(questionID string) int {
	t.Helper()
	i := slices.IndexFunc(t.sheet.Items, func(item SheetItem) bool { return question.QuestionOf(item.QuestionVersion) == questionID })
	if i < 0 {
		t.Fatalf("question %s is not in the paper", questionID)
	}
	return i + 1
}

// mark claims an answer for the committee's evaluator and marks it.
func (w *world) mark(quizID, key string, slot int, points float64, comment string) error {
	w.Helper()
	for _, id := range w.byKey(key).Pending {
		_, err := w.Marking.Claim(w.ctx, w.author(), quizID, id, ClaimAsk{Most: MaxClaim})
		w.ok(err)
	}
	return w.marks(w.author(), quizID, MarkAsk{Key: key, Slot: slot, Points: points, Comment: comment})
}

// byKey gives the attempt that evaluators know by the key; none where the key is unknown.
func (w *world) byKey(key string) (found Attempt) {
	w.Helper()
	for a, err := range w.desk.attempts.Find(w.ctx, store.Query[Attempt]{Index: "blind", Eq: map[string]any{"blind": key}}) {
		w.ok(err)
		found = a
	}
	return found
}

// marks is a mark by who has seen what stands there.
func (w *world) marks(actor policies.Actor, quizID string, m MarkAsk) error {
	w.Helper()
	if stands := Replay(w.byKey(m.Key).Steps, m.Slot).stands(m.Slot-1, actor.AccountID); stands != nil {
		m.Seen = stands.Seq
	}
	_, err := w.Marking.Mark(w.ctx, actor, quizID, m)
	return err
}

func metaOf(id string) store.Meta { return store.Meta{ID: id} }
