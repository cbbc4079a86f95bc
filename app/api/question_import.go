package api

import (
	"context"
	"encoding/json"
	"io"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"qiming/exam/interchange"
	"qiming/exam/question"
	"qiming/internal/fault"
	"qiming/media"
	"qiming/policies"
)

// QuestionImport is an import of questions as the wizard shows it. Questions = new + duplicates + the
// problems with a row.
type QuestionImport struct {
	ID          string                  `json:"id"`
	OrgID       string                  `json:"org_id"`
	CategoryID  string                  `json:"category_id"`
	Status      question.Status         `json:"status" doc:"That the questions get"`
	Author      string                  `json:"author"`
	CreatedAt   time.Time               `json:"created_at"`
	ConfirmedAt *time.Time              `json:"confirmed_at,omitempty"`
	State       interchange.State       `json:"state" enum:"previewed,confirming,confirmed,undoing,undone"`
	File        string                  `json:"file"`
	Size        int                     `json:"size" doc:"Bytes"`
	SHA256      string                  `json:"sha256"`
	Previous    string                  `json:"previous" doc:"An earlier confirmed import of the same file into the same bank; empty for none"`
	Asked       interchange.Format      `json:"asked" doc:"Format that the user named; auto = detected"`
	Format      interchange.Format      `json:"format" doc:"Format that was read; empty where none was recognised"`
	Readable    bool                    `json:"readable" doc:"False where the file could not be read at all; problems say why"`
	Columns     []interchange.Column    `json:"columns" doc:"Of a table; empty for GIFT, Aiken and our own JSON"`
	Mapping     interchange.Mapping     `json:"mapping" doc:"What the user set: heading or #n to field"`
	Fields      []interchange.Field     `json:"fields" doc:"What a column may be mapped to"`
	Questions   int                     `json:"questions"`
	New         int                     `json:"new" doc:"Would be imported, or were once the state is confirmed"`
	Duplicates  int                     `json:"duplicates"`
	ByKind      map[question.Kind]int   `json:"by_kind"`
	Codes       []interchange.Tally     `json:"codes" doc:"All problems and warnings by code"`
	Problems    []interchange.Problem   `json:"problems" doc:"The first 2,000; one a refused row, and those of the file (row 0)"`
	Warnings    []interchange.Problem   `json:"warnings" doc:"The first 2,000, of rows that are imported"`
	DuplicateOf []interchange.Duplicate `json:"duplicate_rows" doc:"The first 2,000"`
	Sample      []interchange.Entry     `json:"sample" doc:"The first records; more from /items"`
	Removed     int                     `json:"removed" doc:"Questions that an undo took back"`
	KeptOnUndo  int                     `json:"kept" doc:"Questions that an undo left: changed since, or in use"`
}

const importSample = 5 // records shown with an import

func (a *API) showImport(ctx context.Context, actor policies.Actor, m interchange.Import, err error) (*Answer[QuestionImport], error) {
	if err != nil {
		return nil, err
	}
	m.Report = m.Report.In(callOf(ctx).lang)
	out := importOf(m)
	if m.Report.Questions > 0 && m.FileKey != "" {
		if out.Sample, _, err = a.Imports.Entries(ctx, actor, m.ID, interchange.Excerpt{Limit: importSample, Language: callOf(ctx).lang}); err != nil {
			return nil, err
		}
	}
	return answer(out), nil
}

func importOf(m interchange.Import) QuestionImport {
	r := m.Report
	return QuestionImport{ID: m.ID, OrgID: m.OrgID, CategoryID: m.CategoryID, Status: m.Status, Author: m.Author, CreatedAt: m.CreatedAt,
		ConfirmedAt: m.ConfirmedAt, State: m.State, File: m.File, Size: m.Size, SHA256: m.SHA256, Previous: m.Previous, Asked: m.Asked,
		Format: r.Format, Readable: r.Exit() == interchange.ExitAccounted, Columns: m.Columns, Mapping: m.Mapping, Fields: interchange.Fields(),
		Questions: r.Questions, New: r.Imported, Duplicates: r.Duplicates, ByKind: r.ByKind, Codes: m.Codes, Problems: r.Problems,
		Warnings: r.Warnings, DuplicateOf: r.DuplicateRows, Removed: m.Removed, KeptOnUndo: m.Kept}
}

type questionImportInput struct {
	RawBody huma.MultipartFormFiles[struct {
		File       huma.FormFile `form:"file" required:"true"`
		Format     string        `form:"format" required:"false" default:"auto" enum:"auto,xlsx,csv,json,package,moodle,docx,qti,gift,aiken"`
		OrgID      string        `form:"org_id" required:"false" maxLength:"64" doc:"Whose bank; one's own node where empty"`
		CategoryID string        `form:"category_id" required:"false" maxLength:"64" doc:"The file's categories are made below it"`
		Status     string        `form:"status" required:"false" default:"draft" enum:"draft,review,published" doc:"That the questions get"`
		Mapping    string        `form:"mapping" required:"false" maxLength:"16384" doc:"JSON object: heading or #n to field, empty leaves the column out"`
	}]
}

func (a *API) questionImportPreview(ctx context.Context, actor policies.Actor, in *questionImportInput) (*Answer[QuestionImport], error) {
	form := in.RawBody.Data()
	data, err := io.ReadAll(io.LimitReader(form.File, interchange.MaxFile+1))
	if err != nil {
		return nil, err
	}
	ask := interchange.Ask{File: form.File.Filename, Data: data, Format: interchange.Format(form.Format), CategoryID: form.CategoryID,
		Status: question.Status(form.Status)}
	if ask.OrgID, _, err = a.bankOf(ctx, actor, form.OrgID); err != nil {
		return nil, err
	}
	if form.Mapping != "" {
		if err := json.Unmarshal([]byte(form.Mapping), &ask.Mapping); err != nil {
			return nil, fault.Bad("request.invalid", []fault.Field{{Path: "mapping", Key: "format"}})
		}
	}
	if err := a.mayPublishImport(actor, ask.Status); err != nil {
		return nil, err
	}
	m, err := a.Imports.Preview(ctx, actor, ask)
	return a.showImport(ctx, actor, m, err)
}

// mayPublishImport refuses to publish questions by importing them to whom may not publish them one by one.
func (a *API) mayPublishImport(actor policies.Actor, status question.Status) error {
	if status == question.Published && !a.Policies.Allowed(actor, policies.QuestionReview) {
		return fault.New(fault.Forbidden, "request.forbidden", "publishing needs %s", policies.QuestionReview).With("permission", policies.QuestionReview)
	}
	return nil
}

type questionRemapInput struct {
	ByID
	Body struct {
		Mapping interchange.Mapping `json:"mapping" maxProperties:"200"`
	}
}

func (a *API) questionImportRemap(ctx context.Context, actor policies.Actor, in *questionRemapInput) (*Answer[QuestionImport], error) {
	m, err := a.Imports.Remap(ctx, actor, in.ID, in.Body.Mapping)
	return a.showImport(ctx, actor, m, err)
}

// importRow shows an import in a list: the figures without the rows.
func importRow(m interchange.Import) QuestionImport {
	out := importOf(m)
	out.Columns, out.Fields, out.Problems, out.Warnings, out.DuplicateOf = nil, nil, nil, nil, nil
	return out
}

func (a *API) questionImportList(ctx context.Context, actor policies.Actor, in *Paging) (*Listed[QuestionImport], error) {
	page, err := a.Imports.List(ctx, actor, in.Limit, in.After)
	if err != nil {
		return nil, err
	}
	return listPage(page, importRow), nil
}

func (a *API) questionImportShow(ctx context.Context, actor policies.Actor, in *ByID) (*Answer[QuestionImport], error) {
	m, err := a.Imports.Get(ctx, actor, in.ID)
	return a.showImport(ctx, actor, m, err)
}

type questionImportItemsInput struct {
	ByID
	State string `query:"state" enum:"new,duplicate,problem" doc:"Only these; empty for all"`
	Limit int    `query:"limit" default:"50" minimum:"1" maximum:"200"`
	After string `query:"after" maxLength:"12" doc:"The next of the piece before; empty for the first"`
}

// ImportEntry is a record of an import with links of the files that it shows.
type ImportEntry struct {
	interchange.Entry
	Media media.Links `json:"media,omitempty"`
}

func (a *API) questionImportItems(ctx context.Context, actor policies.Actor, in *questionImportItemsInput) (*Listed[ImportEntry], error) {
	offset := 0
	if in.After != "" {
		n, err := strconv.Atoi(in.After)
		if err != nil || n < 0 {
			return nil, fault.New(fault.Invalid, "store.cursor", "%q is no place in the list", in.After)
		}
		offset = n
	}
	entries, next, err := a.Imports.Entries(ctx, actor, in.ID, interchange.Excerpt{Outcome: interchange.Outcome(in.State), Offset: offset, Limit: in.Limit, Language: callOf(ctx).lang})
	if err != nil {
		return nil, err
	}
	records := make([]ImportEntry, len(entries))
	for i, e := range entries {
		records[i].Entry = e
		if records[i].Media, err = a.entryLinks(ctx, actor, in.ID, e); err != nil {
			return nil, err
		}
	}
	out := list(records)
	if next >= 0 {
		out.Body.Next = strconv.Itoa(next)
	}
	return out, nil
}

// entryLinks gives links of the files that a record shows: those that its file brings along are not kept yet.
func (a *API) entryLinks(ctx context.Context, actor policies.Actor, id string, e interchange.Entry) (media.Links, error) {
	links, err := a.links(ctx, actor, a.mediaUntil(), e) // of its neighbours too
	if err != nil || len(e.Files) == 0 {
		return links, err
	}
	if links == nil {
		links = media.Links{}
	}
	for _, f := range e.Files {
		links[f.ID] = media.Link{URL: prefix + "/question-imports/" + id + "/files/" + f.ID, Type: f.Kind.Type, Class: f.Kind.Class, Name: f.Name,
			Size: int64(len(f.Data)), Width: f.Kind.Width, Height: f.Kind.Height}
	}
	return links, nil
}

type questionImportFileInput struct {
	ByID
	File string `path:"file" maxLength:"64"`
}

// ImportedFile is a file that an import brings along.
type ImportedFile struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Policy      string `header:"Content-Security-Policy"`
	Sniff       string `header:"X-Content-Type-Options"`
	Cache       string `header:"Cache-Control"`
	Body        []byte
}

func (a *API) questionImportFile(ctx context.Context, actor policies.Actor, in *questionImportFileInput) (*ImportedFile, error) {
	f, err := a.Imports.Embedded(ctx, actor, in.ID, in.File)
	if err != nil {
		return nil, err
	}
	headers := media.File{Type: f.Kind.Type, Class: f.Kind.Class, Name: f.Name}.Headers(f.Kind.Type)
	return &ImportedFile{ContentType: headers["Content-Type"], Disposition: headers["Content-Disposition"], Policy: headers["Content-Security-Policy"],
		Sniff: headers["X-Content-Type-Options"], Cache: headers["Cache-Control"], Body: f.Data}, nil
}

func (a *API) questionImportProgress(ctx context.Context, actor policies.Actor, in *ByID) (*Answer[interchange.Progress], error) {
	p, err := a.Imports.Progress(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	return answer(p), nil
}

func (a *API) questionImportConfirm(ctx context.Context, actor policies.Actor, in *ByID) (*Answer[QuestionImport], error) {
	m, err := a.Imports.Get(ctx, actor, in.ID)
	if err == nil {
		err = a.mayPublishImport(actor, m.Status)
	}
	if err == nil {
		m, err = a.Imports.Confirm(ctx, actor, in.ID, nil)
	}
	return a.showImport(ctx, actor, m, err)
}

// QuestionImportUndone is an import that was taken back, and the questions it left with the reason.
type QuestionImportUndone struct {
	Import  QuestionImport     `json:"import"`
	Removed int                `json:"removed"`
	Kept    []question.Refusal `json:"kept"`
}

func (a *API) questionImportUndo(ctx context.Context, actor policies.Actor, in *ByID) (*Answer[QuestionImportUndone], error) {
	m, out, err := a.Imports.Undo(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	return answer(QuestionImportUndone{Import: importRow(m), Removed: out.Removed, Kept: out.Kept}), nil
}

func (a *API) questionImportTemplate(context.Context, policies.Actor, *Nothing) (*File, error) {
	content, err := interchange.Template()
	if err != nil {
		return nil, err
	}
	return file("题库导入模板.xlsx", interchange.XLSX.MediaType(), content), nil
}
