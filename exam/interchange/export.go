package interchange

import (
	"bytes"
	"context"
	"io"
	"iter"
	"strconv"

	"qiming/exam/question"
	"qiming/internal/fault"
	"qiming/policies"
)

// ExportFormats lists what Write takes.
func ExportFormats() []Format {
	return []Format{XLSX, CSV, JSON, Package, Moodle, GIFT, Aiken, QTI22, QTI30}
}

// MediaType gives the content type of a format.
func (f Format) MediaType() string {
	switch f {
	case XLSX:
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	case CSV:
		return "text/csv; charset=utf-8"
	case JSON:
		return "application/json"
	case Package, QTI22, QTI30:
		return "application/zip"
	case Moodle:
		return "application/xml"
	}
	return "text/plain; charset=utf-8"
}

// Extension gives the ending of a file name, with the dot.
func (f Format) Extension() string {
	switch f {
	case GIFT, Aiken:
		return ".txt"
	case Package, QTI22, QTI30:
		return ".zip"
	case Moodle:
		return ".xml"
	}
	return "." + string(f)
}

// Write exports items, with the files that they show where the format carries any. The warnings name what the
// format cannot carry, or carries in a way that other programs do not read.
func Write(w io.Writer, f Format, items []Item, open Opener) (lost []Problem, err error) {
	written := &counter{Writer: w, limit: MaxExport}
	switch out := exporter(f).(type) {
	case packer:
		lost, err = out.pack(written, items, open)
	case writer:
		lost, err = out.write(written, items)
		lost = append(lost, leftFiles(f, items)...)
	default:
		return nil, fault.Bad("export.invalid", []fault.Field{{Path: "format", Key: "unknown"}})
	}
	if err == nil && written.n > MaxFile {
		lost = append(lost, fileProblem(Warning, "export.large", "mib", written.n>>20, "max_mib", MaxFile>>20))
	}
	return lost, err
}

// exporter gives what writes a format: a writer, a packer, or something that only reads it.
func exporter(f Format) any {
	switch f {
	case QTI22:
		return qtiPack{qti22()}
	case QTI30:
		return qtiPack{qti30()}
	}
	for _, known := range formats() {
		if known.name() == f {
			return known
		}
	}
	return nil
}

// MaxExport is the size of an exported file in bytes: pictures are repeated in some formats.
const MaxExport = 512 << 20

// counter counts what is written and ends an export that has no end.
type counter struct {
	io.Writer
	n, limit int
}

func (c *counter) Write(p []byte) (int, error) {
	if c.n += len(p); c.n > c.limit {
		return 0, fault.New(fault.Invalid, "export.too_large", "the export is larger than %d bytes", c.limit).With("max_mib", c.limit>>20)
	}
	return c.Writer.Write(p)
}

// leftFiles names the files that stay behind.
func leftFiles(f Format, items []Item) (lost []Problem) {
	for i, item := range items {
		if n := len(shown(item)); n > 0 {
			at := place{row: i + 1, unit: "题"}
			lost = append(lost, at.problem(Warning, "", "export.files", "format", string(f), "what", "图片、音频等文件", "count", n, "row", i+1))
		}
	}
	return lost
}

// Template gives a workbook with the headings and an example of every kind.
func Template() ([]byte, error) {
	var b bytes.Buffer
	_, err := Write(&b, XLSX, templateItems(), nil)
	return b.Bytes(), err
}

// Export writes what a filter gives of the banks that the actor sees.
func (s *Service) Export(ctx context.Context, actor policies.Actor, filter question.Filter, f Format, w io.Writer) ([]Problem, error) {
	items, err := s.exported(ctx, actor, filter)
	if err != nil {
		return nil, err
	}
	var notes []Problem
	act := question.Act{Action: "question.export", Object: "questions", Detail: map[string]string{"format": string(f), "count": strconv.Itoa(len(items))}}
	err = s.trail.Act(ctx, actor, act, func() error {
		notes, err = Write(w, f, items, s.opener(ctx))
		return err
	})
	return notes, err
}

// ExportNotes tells what Export would tell, without the file. Nothing of a question is in them, so none is recorded.
func (s *Service) ExportNotes(ctx context.Context, actor policies.Actor, filter question.Filter, f Format) ([]Problem, error) {
	items, err := s.exported(ctx, actor, filter)
	if err != nil {
		return nil, err
	}
	return Write(io.Discard, f, items, s.opener(ctx))
}

func (s *Service) exported(ctx context.Context, actor policies.Actor, filter question.Filter) ([]Item, error) {
	categories, err := s.bank.Categories(ctx, actor, "")
	if err != nil {
		return nil, err
	}
	names := make(map[string]string, len(categories))
	for _, c := range categories {
		names[c.ID] = c.Name
	}
	return itemsOf(s.bank.All(ctx, actor, filter), names)
}

func itemsOf(questions iter.Seq2[question.Question, error], names map[string]string) ([]Item, error) {
	items := []Item{}
	for q, err := range questions {
		if err != nil {
			return nil, err
		}
		item := Item{Row: len(items) + 1, Tags: q.Tags, Content: q.Content, Points: q.Points, ExternalID: q.ExternalID, ValidUntil: q.ValidUntil, Basis: q.Basis, Passages: q.Passages}
		for _, id := range q.CategoryPath {
			if name := names[id]; name != "" {
				item.Category = append(item.Category, name)
			}
		}
		items = append(items, item)
	}
	return items, nil
}
