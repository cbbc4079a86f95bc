package interchange

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"qiming/exam/question"
	"qiming/internal/fault"
	"qiming/internal/ident"
	"qiming/internal/store"
	"qiming/policies"
)

// Deps is what the service needs.
type Deps struct {
	DB     *store.DB
	Bank   *question.Bank
	Keeper Keeper
	Files  Files
	Orgs   question.Orgs
	Clock  ident.Clock
	Trail  question.Trail
}

// Service imports question files into banks and exports them.
type Service struct {
	imports store.Collection[Import]
	locks   store.Collection[lock]
	bank    *question.Bank
	keeper  Keeper
	files   Files
	orgs    question.Orgs
	clock   ident.Clock
	trail   question.Trail
	parsed  *lru.Cache[string, Parsed] // by import and revision of its mapping: the wizard pages through a file
}

const (
	cachedFiles   = 4
	cachedRecords = 20_000                   // a larger file is read again
	cachedBytes   = 32 << 20                 // and one with more pictures
	previewLife   = 7 * 24 * time.Hour       // an unconfirmed preview is tidied away then
	fileLife      = 2 * 365 * 24 * time.Hour // originals of confirmed imports are kept that long
)

// New declares the collections; call it before the database starts.
func New(deps Deps) *Service {
	cache, err := lru.New[string, Parsed](cachedFiles)
	if err != nil {
		panic(err) // only a size below 1 is refused
	}
	return &Service{
		imports: store.Define[Import, *Import](deps.DB, store.Spec{Name: "imports", Version: 1, Indexes: []store.Index{
			{Name: "state", Fields: []string{"state"}},
			{Name: "file", Fields: []string{"org_id", "sha256"}},
		}}),
		locks:  store.Define[lock, *lock](deps.DB, store.Spec{Name: "import_locks", Version: 1}),
		bank:   deps.Bank,
		keeper: deps.Keeper,
		files:  deps.Files,
		orgs:   deps.Orgs,
		clock:  deps.Clock,
		trail:  deps.Trail,
		parsed: cache,
	}
}

// Ask is what a user wants done with a file.
type Ask struct {
	File       string // name
	Data       []byte
	Format     Format // "" or Auto: detect
	Mapping    Mapping
	OrgID      string
	CategoryID string          // "" = the file's categories stand at the top
	Status     question.Status // "" = Draft
}

func errNoImport(id string) error {
	return fault.New(fault.NotFound, "import.not_found", "no import %s", id)
}

func errState(m Import, want string) error {
	return fault.New(fault.Conflict, "import.state", "import %s is %s, not %s", m.ID, m.State, want).With("state", string(m.State))
}

// Preview reads a file and keeps it with what was found; nothing is written to the bank. A file that
// cannot be read at all gives an import without questions whose problem says why.
func (s *Service) Preview(ctx context.Context, actor policies.Actor, ask Ask) (Import, error) {
	m, p, err := s.begin(ctx, actor, ask)
	if err == nil {
		_, err = s.look(ctx, actor, &m, p)
	}
	if err == nil {
		err = s.keep(ctx, &m, ask.Data)
	}
	return m, err
}

// begin checks what is asked and reads the file.
func (s *Service) begin(ctx context.Context, actor policies.Actor, ask Ask) (m Import, p Parsed, err error) {
	path, err := s.own(ctx, actor, ask.OrgID)
	if err != nil {
		return m, p, err
	}
	if err = ask.check(); err != nil {
		return m, p, err
	}
	if err = s.mayPublish(ctx, actor, ask); err != nil {
		return m, p, err
	}
	sum := sha256.Sum256(ask.Data)
	m = Import{Meta: store.Meta{ID: ident.New()}, OrgID: ask.OrgID, OrgPath: path, CategoryID: ask.CategoryID, Status: ask.Status,
		AccountID: actor.AccountID, Author: actor.Name, File: ask.File, Size: len(ask.Data), SHA256: hex.EncodeToString(sum[:]),
		Asked: ask.Format, Mapping: ask.Mapping, State: Previewed}
	if m.Previous, err = s.previous(ctx, m); err != nil {
		return m, p, err
	}
	p, err = s.read(ctx, m, ask.Data)
	return m, p, err
}

// keep stores the file and the import.
func (s *Service) keep(ctx context.Context, m *Import, data []byte) (err error) {
	if m.FileKey, err = s.keeper.Keep(ctx, m.File, data); err != nil {
		return err
	}
	return s.imports.Insert(ctx, m)
}

// mayPublish says at once what the bank would say at the end: that an author may not publish alone.
func (s *Service) mayPublish(ctx context.Context, actor policies.Actor, ask Ask) error {
	if ask.Status != question.Published || actor.AccountID == "" {
		return nil
	}
	settings, err := s.bank.Settings(ctx, actor, ask.OrgID)
	if err == nil && !settings.OwnItems {
		err = fault.New(fault.Forbidden, "question.own", "account %s may not publish an import alone", actor.AccountID)
	}
	return err
}

func (ask *Ask) check() error {
	if ask.Status == "" {
		ask.Status = question.Draft
	}
	if ask.Format == "" {
		ask.Format = Auto
	}
	if len([]rune(ask.File)) > 200 {
		ask.File = string([]rune(ask.File)[:200])
	}
	if !slices.Contains([]question.Status{question.Draft, question.InReview, question.Published}, ask.Status) {
		return fault.Bad("import.invalid", []fault.Field{{Path: "status", Key: "unknown"}})
	}
	if ask.Format != Auto && !slices.Contains(Formats(), ask.Format) {
		return fault.Bad("import.invalid", []fault.Field{{Path: "format", Key: "unknown"}})
	}
	return ask.Mapping.Check()
}

// read parses the file of an import.
func (s *Service) read(ctx context.Context, m Import, data []byte) (Parsed, error) {
	p := Read(Source{Name: m.File, Data: data, Format: m.Asked, Mapping: m.Mapping})
	return p, s.settleFiles(ctx, &p)
}

// look decides every record of a file against the bank and notes the result in m; the report given is
// complete.
func (s *Service) look(ctx context.Context, actor policies.Actor, m *Import, p Parsed) (Report, error) {
	base, err := s.base(ctx, actor, m.OrgID, m.CategoryID)
	if err != nil {
		return Report{}, err
	}
	b, err := s.book(ctx, m.OrgPath, p)
	if err != nil {
		return Report{}, err
	}
	r, outcomes := account(p, b, question.MaxDepth-len(base))
	if err := s.warnOfTwins(ctx, m.OrgPath, p, outcomes, &r); err != nil {
		return Report{}, err
	}
	m.note(p, r, outcomes)
	return r, nil
}

// book looks up what the bank, and the banks above it, hold with the stems of the file.
func (s *Service) book(ctx context.Context, orgPath []string, p Parsed) (book, error) {
	keys := make([]string, 0, len(p.Records))
	for _, r := range p.Records {
		if !r.Refused() {
			keys = append(keys, r.stemKey)
		}
	}
	slices.Sort(keys)
	found, err := s.bank.FindByStemKeys(ctx, orgPath, slices.Compact(keys))
	if err != nil {
		return nil, err
	}
	b := book{}
	for key, list := range found {
		for _, q := range list {
			b[key] = append(b[key], known{content: q.Content, id: q.ID})
		}
	}
	return b, nil
}

// own gives the path of a node whose bank the actor may write, or fault.NotFound.
func (s *Service) own(ctx context.Context, actor policies.Actor, orgID string) ([]string, error) {
	path, err := s.orgs.OrgPath(ctx, orgID)
	if err == nil && !actor.Scope.Covers(path) {
		err = fault.New(fault.NotFound, "org.not_found", "organisation %s is outside the scope", orgID)
	}
	return path, err
}

// base gives the names from the root of the bank's tree to the chosen category.
func (s *Service) base(ctx context.Context, actor policies.Actor, orgID, categoryID string) ([]string, error) {
	if categoryID == "" {
		return nil, nil
	}
	all, err := s.bank.Categories(ctx, actor, orgID)
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	var path []string
	for _, c := range all {
		names[c.ID] = c.Name
		if c.ID == categoryID {
			path = c.Path
		}
	}
	if path == nil {
		return nil, fault.New(fault.NotFound, "category.not_found", "no category %s in the bank of %s", categoryID, orgID)
	}
	out := make([]string, len(path))
	for i, id := range path {
		out[i] = names[id]
	}
	return out, nil
}

// previous finds a confirmed import of the same bytes into the same bank.
func (s *Service) previous(ctx context.Context, m Import) (string, error) {
	q := store.Query[Import]{Index: "file", Eq: map[string]any{"org_id": m.OrgID, "sha256": m.SHA256}, Desc: true, Limit: 1,
		Match: func(o *Import) bool { return o.State == Confirmed && o.ID != m.ID }}
	for o, err := range s.imports.Find(ctx, q) {
		return o.ID, err
	}
	return "", nil
}

// place gives where the bank of an import stands now: its node may have moved since. Of a node that
// has gone it is where it was.
func (s *Service) place(ctx context.Context, m Import) []string {
	if path, err := s.orgs.OrgPath(ctx, m.OrgID); err == nil {
		return path
	}
	return m.OrgPath
}

// Get gives an import of a bank in the actor's scope.
func (s *Service) Get(ctx context.Context, actor policies.Actor, id string) (Import, error) {
	m, err := s.imports.Get(ctx, id)
	if err == nil {
		m.OrgPath = s.place(ctx, m)
	}
	if fault.Is(err, fault.NotFound) || err == nil && !actor.Scope.Covers(m.OrgPath) {
		return Import{}, errNoImport(id)
	}
	return m, err
}

// List gives the imports in the actor's scope, newest first.
func (s *Service) List(ctx context.Context, actor policies.Actor, limit int, after string) (store.Page[Import], error) {
	return s.imports.Page(ctx, store.Query[Import]{Desc: true, Limit: limit, After: after,
		Match: func(m *Import) bool { return actor.Scope.Covers(s.place(ctx, *m)) }})
}

// Remap reads the file of a preview again with another mapping.
func (s *Service) Remap(ctx context.Context, actor policies.Actor, id string, mapping Mapping) (Import, error) {
	m, err := s.Get(ctx, actor, id)
	if err != nil {
		return m, err
	}
	if m.State != Previewed {
		return m, errState(m, string(Previewed))
	}
	if err := mapping.Check(); err != nil {
		return m, err
	}
	data, err := s.keeper.Load(ctx, m.FileKey)
	if err != nil {
		return m, err
	}
	m.Mapping = mapping
	p, err := s.read(ctx, m, data)
	if err != nil {
		return m, err
	}
	if _, err := s.look(ctx, actor, &m, p); err != nil {
		return m, err
	}
	fresh := m
	return s.imports.Update(ctx, id, func(o *Import) error {
		if o.State != Previewed {
			return errState(*o, string(Previewed))
		}
		o.Mapping, o.Columns, o.Report, o.Codes, o.Outcomes = fresh.Mapping, fresh.Columns, fresh.Report, fresh.Codes, fresh.Outcomes
		return nil
	})
}

// records reads the file of an import as it was read for the preview.
func (s *Service) records(ctx context.Context, m Import) (Parsed, error) {
	if p, ok := s.parsed.Get(m.ID + mappingKey(m.Mapping)); ok {
		return p, nil
	}
	data, err := s.keeper.Load(ctx, m.FileKey)
	if err != nil {
		return Parsed{}, err
	}
	p, err := s.read(ctx, m, data)
	if err == nil {
		s.remember(m, p)
	}
	return p, err
}

func (s *Service) remember(m Import, p Parsed) {
	if len(p.Records) <= cachedRecords && p.fileBytes() <= cachedBytes {
		s.parsed.Add(m.ID+mappingKey(m.Mapping), p)
	}
}

// Excerpt is which records of an import are wanted: up to Limit from Offset on, those of one outcome ("" = all),
// with messages in a language ("" = Chinese).
type Excerpt struct {
	Outcome       Outcome
	Offset, Limit int
	Language      string
}

// Entries gives records of an import and the offset of the next piece (-1 = the end).
func (s *Service) Entries(ctx context.Context, actor policies.Actor, id string, want Excerpt) (out []Entry, next int, err error) {
	m, err := s.Get(ctx, actor, id)
	if err != nil {
		return nil, -1, err
	}
	p, err := s.records(ctx, m)
	if err != nil {
		return nil, -1, err
	}
	problems := map[[2]any][]Problem{}
	for _, list := range [][]Problem{m.Report.Problems, m.Report.Warnings} {
		for _, q := range list {
			key := [2]any{q.Sheet, q.Row}
			problems[key] = append(problems[key], q)
		}
	}
	out = []Entry{}
	for i := max(want.Offset, 0); i < len(p.Records); i++ {
		o := m.outcome(i)
		if want.Outcome != "" && o != want.Outcome {
			continue
		}
		if len(out) == want.Limit {
			return out, i, nil
		}
		item := p.Records[i].Item
		e := Entry{Item: item, State: o, Problems: problems[[2]any{item.Sheet, item.Row}]}
		if e.Problems == nil {
			e.Problems = p.Records[i].Problems
		}
		e.Problems = Say(e.Problems, m.Report.Format, want.Language)
		if e.Neighbours, err = s.neighbours(ctx, actor, m, e); err != nil {
			return nil, -1, err
		}
		for _, id := range shown(item) {
			if f, ok := p.Files[id]; ok {
				e.Files = append(e.Files, f)
			}
		}
		out = append(out, e)
	}
	return out, -1, nil
}
