package member

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"qiming/app/audit"
	"qiming/app/org"
	"qiming/internal/fault"
	"qiming/internal/ident"
	"qiming/internal/store"
	"qiming/policies"
)

// BatchState is where an import stands.
type BatchState string

// The states of an import.
const (
	Previewed  BatchState = "previewed"  // checked; nothing is written
	Confirming BatchState = "confirming" // being written; a cut one is confirmed again
	Confirmed  BatchState = "confirmed"
	Undone     BatchState = "undone"
)

// Problem is what is wrong with a cell: an error keeps the row out, a warning does not.
type Problem struct {
	Row     int            `bson:"row" json:"row"`       // as the file counts, from 1
	Column  string         `bson:"column" json:"column"` // heading, or the field where no column has it
	Code    string         `bson:"code" json:"code"`     // stable message key
	Params  map[string]any `bson:"params,omitempty" json:"params,omitempty"`
	Warning bool           `bson:"warning" json:"warning"`
}

// maxProblems bounds what a batch keeps; Errors and Warnings count all.
const maxProblems = 1000

// Batch is one import.
type Batch struct {
	store.Meta `bson:",inline"`
	File       string            `bson:"file" json:"file"`
	Hash       string            `bson:"hash" json:"hash"` // SHA-256 of the file
	ActorID    string            `bson:"actor_id" json:"-"`
	ActorName  string            `bson:"actor_name" json:"actor_name"`
	State      BatchState        `bson:"state" json:"state"`
	Columns    []string          `bson:"columns" json:"columns"`
	Mapping    map[string]string `bson:"mapping" json:"mapping"` // heading to field
	OrgID      string            `bson:"org_id" json:"org_id"`   // where rows without an organisation go
	Rows       int               `bson:"rows" json:"rows"`
	New        int               `bson:"new" json:"new"`   // rows that confirming writes
	Same       int               `bson:"same" json:"same"` // rows that the register holds already
	Errors     int               `bson:"errors" json:"errors"`
	Warnings   int               `bson:"warnings" json:"warnings"`
	Problems   []Problem         `bson:"problems" json:"problems"`
	Sample     []Member          `bson:"sample" json:"sample"` // the first new rows, masked
	Imported   int               `bson:"imported" json:"imported"`
	Removed    int               `bson:"removed" json:"removed"`
}

// row is one row that confirming writes. It holds personal data: sealed, and gone after a day.
type row struct {
	store.Meta `bson:",inline"` // batch and row number
	Batch      string           `bson:"batch" json:"batch"`
	Row        int              `bson:"row" json:"row"`
	Sealed     string           `bson:"sealed" json:"-"` // a Draft as JSON
}

// rowsFor is how long a dry run may be confirmed.
const rowsFor = 24 * time.Hour

const samples = 5

func rowID(batch string, line int) string { return fmt.Sprintf("%s-%06d", batch, line) }

// Upload is a file to import. Mapping, by heading, overrides what the headings say; "" leaves a
// column out. OrgID takes the rows that name no organisation.
type Upload struct {
	File    string
	Data    []byte
	Mapping map[string]string
	OrgID   string
}

// Preview reads the file and says of every row what confirming would do. Only the batch itself is
// written. Faults: those of a file that cannot be read, "org.not_found" for OrgID.
func (s *Service) Preview(ctx context.Context, actor policies.Actor, up Upload) (Batch, error) {
	table, err := readSheet(up.Data)
	if err != nil {
		return Batch{}, err
	}
	tree, err := s.orgs.Tree(ctx)
	if err != nil {
		return Batch{}, err
	}
	if up.OrgID != "" {
		if _, err := place(tree, actor, up.OrgID); err != nil {
			return Batch{}, err
		}
	}
	sum := sha256.Sum256(up.Data)
	b := Batch{Meta: store.Meta{ID: ident.New()}, File: up.File, Hash: hex.EncodeToString(sum[:]), ActorID: actor.AccountID, ActorName: actor.Name,
		State: Previewed, Columns: table.Columns, OrgID: up.OrgID, Rows: len(table.Rows)}
	reading, err := newReading(table.Columns, up.Mapping)
	if err != nil {
		return Batch{}, err
	}
	b.Mapping = reading.byHeading()

	today := s.today()
	seen := map[string]int{}
	type fresh struct {
		line  int
		draft Draft
	}
	var news []fresh
	for _, r := range table.Rows {
		d, problems := reading.draft(r, tree, actor, up.OrgID, today)
		problems = append(problems, twice(seen, r.Line, d)...)
		failed := slices.ContainsFunc(problems, func(p Problem) bool { return !p.Warning })
		if !failed {
			have, err := s.have(ctx, d)
			if err != nil {
				return Batch{}, err
			}
			switch {
			case have == nil:
				news = append(news, fresh{r.Line, d})
			case !actor.Scope.Covers(have.OrgPath):
				problems, failed = append(problems, Problem{Row: r.Line, Code: "member_import.elsewhere"}), true
			default:
				b.Same++
				if differs := s.differs(*have, d); len(differs) > 0 {
					problems = append(problems, Problem{Row: r.Line, Code: "member_import.differs", Warning: true,
						Params: map[string]any{"fields": strings.Join(differs, ", ")}})
				}
			}
		}
		for _, p := range problems {
			p.Column = reading.heading(p.Column)
			if p.Warning {
				b.Warnings++
			} else {
				b.Errors++
			}
			if len(b.Problems) < maxProblems {
				b.Problems = append(b.Problems, p)
			}
		}
	}
	b.New = len(news)
	for _, n := range news[:min(len(news), samples)] {
		m := Member{Meta: store.Meta{ID: rowID(b.ID, n.line)}}
		s.write(&m, n.draft, tree.Path(n.draft.OrgID))
		m.IdentitySealed, m.PhoneSealed, m.AddressSealed, m.IdentityBlind = "", "", "", ""
		b.Sample = append(b.Sample, m)
	}
	g, rowCtx := errgroup.WithContext(ctx)
	g.SetLimit(16)
	for _, n := range news {
		g.Go(func() error {
			text, err := json.Marshal(n.draft)
			if err != nil {
				return err
			}
			id := rowID(b.ID, n.line)
			return s.rows.Insert(rowCtx, &row{Meta: store.Meta{ID: id}, Batch: b.ID, Row: n.line, Sealed: s.keys.Seal("identity", id, string(text))})
		})
	}
	if err := g.Wait(); err != nil {
		return Batch{}, err
	}
	err = s.trail.Act(ctx, audit.By(actor, "member_import.preview", "member_import:"+b.ID, b.File), func() error { return s.batches.Insert(ctx, &b) })
	return b, err
}

// reading is how rows become drafts.
type reading struct {
	columns []string
	mapping map[int]string
}

func newReading(columns []string, override map[string]string) (reading, error) {
	mapping := guessMapping(columns)
	for h, field := range override {
		i := slices.Index(columns, h)
		if i < 0 {
			continue
		}
		delete(mapping, i)
		if field == "" {
			continue
		}
		if !slices.Contains(Fields(), field) {
			return reading{}, fault.New(fault.Invalid, "import.mapping", "%q", field).With("field", field)
		}
		maps.DeleteFunc(mapping, func(_ int, f string) bool { return f == field })
		mapping[i] = field
	}
	return reading{columns: columns, mapping: mapping}, nil
}

func (r reading) byHeading() map[string]string {
	out := map[string]string{}
	for i, field := range r.mapping {
		out[r.columns[i]] = field
	}
	return out
}

// heading gives the column's heading of a field.
func (r reading) heading(field string) string {
	if field == "org_id" {
		field = "org"
	}
	for i, f := range r.mapping {
		if f == field {
			return r.columns[i]
		}
	}
	return field
}

// draft reads one row.
func (r reading) draft(line sheetRow, tree *org.Tree, actor policies.Actor, orgID, today string) (Draft, []Problem) {
	var d Draft
	var problems []Problem
	bad := func(field, code string) {
		problems = append(problems, Problem{Row: line.Line, Column: field, Code: code})
	}
	date := func(field, text string) string {
		date, ok := parseDate(text)
		if !ok {
			bad(field, "date.invalid")
			return ""
		}
		return date
	}
	d.OrgID = orgID
	for i, field := range r.mapping {
		if i >= len(line.Cells) {
			continue
		}
		text := line.Cells[i]
		switch field {
		case "number":
			d.Number = text
		case "name":
			d.Name = strings.Join(strings.Fields(text), " ")
		case "sex":
			sex, ok := sexWords[strings.ToLower(text)]
			if d.Sex = sex; !ok && text != "" {
				bad(field, "choice")
			}
		case "ethnicity":
			d.Ethnicity = text
		case "native_place":
			d.Native = text
		case "birth":
			d.Birth = date(field, text)
		case "identity":
			d.Identity = normalIdentity(text)
		case "education":
			d.Education = text
		case "category":
			d.Category = text
		case "stage":
			stage, ok := stageWords[strings.ToLower(text)]
			if d.Stage = stage; !ok && text != "" {
				bad(field, "member.stage")
				d.Stage = Full // told once
			}
		case "org":
			if text == "" {
				continue
			}
			node, ok := tree.Lookup(text)
			if !ok || !tree.Covers(actor.Scope, node.ID) {
				bad(field, "member_import.org")
				d.OrgID = "?" // told once
				continue
			}
			d.OrgID = node.ID
		case "joined":
			d.Joined = date(field, text)
		case "full_since":
			d.FullSince = date(field, text)
		case "post":
			d.Post = text
		case "phone":
			d.Phone = strings.TrimSuffix(text, ".0")
		case "address":
			d.Address = text
		case "standing":
			standing, ok := standingWords[text]
			if d.Standing = standing; !ok && text != "" {
				bad(field, "choice")
			}
		case "lost_since":
			d.LostSince = date(field, text)
		case "mobile":
			yes, ok := yesWords[strings.ToLower(text)]
			if d.Mobile = yes; !ok {
				bad(field, "choice")
			}
		case "mobile_to":
			d.MobileTo = text
		case "note":
			d.Note = text
		}
	}
	if d.Stage == "" && !slices.Contains(slices.Collect(maps.Values(r.mapping)), "stage") {
		d.Stage = Full // a list without the column is a list of members
	}
	for _, field := range []struct{ path, text string }{{"identity", d.Identity}, {"phone", d.Phone}, {"address", d.Address}} {
		if masked(field.text) {
			bad(field.path, "member_import.masked")
		}
	}
	d.tidy(today)
	errors, warnings := d.check(today)
	for _, f := range errors {
		problems = append(problems, Problem{Row: line.Line, Column: f.Path, Code: f.Key, Params: f.Params})
	}
	for _, f := range warnings {
		problems = append(problems, Problem{Row: line.Line, Column: f.Path, Code: f.Key, Params: f.Params, Warning: true})
	}
	return d, problems
}

// twice reports a number that stood in an earlier row of the same file.
func twice(seen map[string]int, line int, d Draft) []Problem {
	var out []Problem
	for _, key := range []struct{ field, value string }{{"identity", d.Identity}, {"number", d.Number}} {
		if key.value == "" {
			continue
		}
		if first, ok := seen[key.field+":"+key.value]; ok {
			out = append(out, Problem{Row: line, Column: key.field, Code: "member_import.twice", Params: map[string]any{"row": first}})
			continue
		}
		seen[key.field+":"+key.value] = line
	}
	return out
}

// have gives the member that the draft describes: by identity number, by number, or, where the row
// has neither, by name, birth and organisation node.
func (s *Service) have(ctx context.Context, d Draft) (*Member, error) {
	var q store.Query[Member]
	switch {
	case d.Identity != "":
		q = store.Query[Member]{Index: "identity", Eq: map[string]any{"identity_blind": s.blind(d.Identity)}, Limit: 1}
	case d.Number != "":
		q = store.Query[Member]{Index: "number", Eq: map[string]any{"number": d.Number}, Limit: 1}
	default:
		q = store.Query[Member]{Index: "name", Eq: map[string]any{"name": d.Name}, Limit: 1,
			Match: func(m *Member) bool {
				return m.Birth == d.Birth && m.OrgID == d.OrgID && m.IdentityBlind == "" && m.Number == ""
			}}
	}
	for m, err := range s.members.Find(ctx, q) {
		return &m, err
	}
	if d.Identity != "" && d.Number != "" { // another person has the number
		for m, err := range s.members.Find(ctx, store.Query[Member]{Index: "number", Eq: map[string]any{"number": d.Number}, Limit: 1}) {
			return &m, err
		}
	}
	return nil, nil
}

// differs names the fields in which the row says something else than the register.
func (s *Service) differs(m Member, d Draft) []string {
	var out []string
	for _, f := range []struct{ field, have, row string }{
		{"name", m.Name, d.Name}, {"number", m.Number, d.Number}, {"sex", string(m.Sex), string(d.Sex)}, {"ethnicity", m.Ethnicity, d.Ethnicity},
		{"birth", m.Birth, d.Birth}, {"education", m.Education, d.Education}, {"stage", string(m.Stage), string(d.Stage)}, {"org", m.OrgID, d.OrgID},
		{"joined", m.Joined, d.Joined}, {"full_since", m.FullSince, d.FullSince}, {"post", m.Post, d.Post},
	} {
		if f.row != "" && f.row != f.have {
			out = append(out, f.field)
		}
	}
	if d.Identity != "" && s.blind(d.Identity) != m.IdentityBlind {
		out = append(out, "identity")
	}
	return out
}
