package interchange

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"qiming/exam/question"
	"qiming/internal/fault"
	"qiming/media"
)

// picture is a small PNG of one colour.
func picture(t testing.TB, shade uint8) []byte {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, 8, 6))
	for i := range img.Pix {
		img.Pix[i] = color.Gray{Y: shade}.Y
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// heavy is a picture with so many bytes that are part of it.
func heavy(t testing.TB, shade uint8, size int) []byte {
	t.Helper()
	const head = 8 + 25
	small := picture(t, shade)
	chunk := append(binary.BigEndian.AppendUint32(nil, uint32(size)), "cICP"...)
	chunk = append(chunk, make([]byte, size)...)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(chunk[4:]))
	return slices.Concat(small[:head], chunk, small[head:])
}

// shelf opens the files of a test.
func shelf(t testing.TB, contents ...[]byte) Opener {
	t.Helper()
	var files embedded
	for i, data := range contents {
		if _, err := files.add("图"+string(rune('一'+i))+".png", data); err != nil {
			t.Fatal(err)
		}
	}
	return func(id string) (File, error) {
		if f, ok := files.files[id]; ok {
			return f, nil
		}
		return File{}, errNoFile(id)
	}
}

// withPictures shows a picture in every text that may show one.
func withPictures(contents ...[]byte) []Item {
	mark := func(n int, alt string) string { return mediaText(alt, media.ID(contents[n%len(contents)])) }
	items := []Item{
		{ExternalID: "P1", Category: []string{"党史"}, Content: question.Content{Kind: question.Single, Stem: "看图" + mark(0, "会址") + "这是哪里？",
			Options:     []question.Option{{Text: mark(1, ""), Right: true, Feedback: "对" + mark(0, "a")}, {Text: "乙" + mark(0, "")}},
			Explanation: "见" + mark(1, "解析图"), Feedback: mark(0, "")}},
		{Content: question.Content{Kind: question.Matching, Stem: "连线", Pairs: []question.Pair{{Left: mark(0, "左"), Right: "甲"}, {Left: "二", Right: mark(1, "右")}}}},
		{Content: question.Content{Kind: question.Essay, Stem: "写", Model: mark(1, "范文")}},
		{Content: question.Content{Kind: question.Material, Stem: mark(0, "材料"), Subs: []question.Sub{
			{Content: question.Content{Kind: question.TrueFalse, Stem: mark(1, "小题"), Truth: true}},
			{Content: question.Content{Kind: question.Short, Stem: "二", Model: "略"}}}}},
	}
	for i := range items {
		question.Prepare(&items[i].Content)
	}
	return items
}

func TestFilesThatAreTaken(t *testing.T) {
	var e embedded
	id, err := e.add(`C:\图\会址.PNG`, picture(t, 1))
	if err != nil || e.files[id].Name != "会址.PNG" || e.files[id].Kind.Width != 8 || len(id) != 32 {
		t.Errorf("%v %+v", err, e.files[id].Name)
	}
	if again, err := e.add("anders.png", picture(t, 1)); again != id || err != nil || len(e.files) != 1 {
		t.Errorf("the same content is another file: %s %v", again, err)
	}
	for _, c := range []struct {
		name, code string
		data       []byte
	}{
		{"a.png", "media.empty", nil},
		{"a.svg", "media.type_refused", []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`)},
		{"a.png", "media.type_refused", []byte("<!DOCTYPE html><html><script>alert(1)</script></html>")},
		{"cut.png", "media.picture_broken", picture(t, 2)[:40]},
		{"large.png", "media.too_large", heavy(t, 3, 10<<20)},
	} {
		if _, err := e.add(c.name, c.data); fault.KeyOf(err) != c.code {
			t.Errorf("%s: %v, want %s", c.name, err, c.code)
		}
	}
	e.bytes = maxMediaBytes - int64(len(picture(t, 4)))
	if _, err := e.add("fits.png", picture(t, 4)); err != nil {
		t.Error(err)
	}
	if _, err := e.add("over.png", picture(t, 5)); fault.KeyOf(err) != "media.many" {
		t.Errorf("beyond all bytes: %v", err)
	}
}

// A package comes back to the letter, files and names included.
func TestPackageRoundTrip(t *testing.T) {
	a, b := picture(t, 10), picture(t, 20)
	items := append(specimens(), withPictures(a, b)...)
	var first, second bytes.Buffer
	if lost, err := Write(&first, Package, items, shelf(t, a, b)); err != nil || len(lost) > 0 {
		t.Fatal(lost, err)
	}
	p := Read(Source{Name: "题库.zip", Data: first.Bytes()})
	if p.Format != Package || len(p.Records) != len(items) || len(p.Files) != 2 || p.Files[media.ID(a)].Name != "图一.png" {
		t.Fatalf("%s, %d records, %d files: %v", p.Format, len(p.Records), len(p.Files), p.Problems)
	}
	back := make([]Item, len(p.Records))
	for i, r := range p.Records {
		if len(r.Problems) > 0 {
			t.Errorf("%+v", r.Problems)
		}
		back[i] = r.Item
	}
	if _, err := Write(&second, Package, back, func(id string) (File, error) { return p.Files[id], nil }); err != nil || !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Errorf("the second package differs: %v", err)
	}
}

// A file that cannot be taken is named, its question stays with words in its place.
func TestPackageWithBadFiles(t *testing.T) {
	a, b := picture(t, 10), picture(t, 20)
	items := withPictures(a, b)[:1]
	var index bytes.Buffer
	if err := writeJSON(&index, items, nil); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{"media.type": "<svg xmlns='http://www.w3.org/2000/svg'/>", "media.broken": string(b)} {
		data := packed(t, zip.FileHeader{Name: packageIndex, Comment: index.String()}, entry("media/"+media.ID(a)+".png", content), entry("media/"+media.ID(b)+".png", string(b)))
		r := Read(Source{Name: "x.zip", Data: data}).Records[0]
		if r.Refused() || codes(r.Problems)[name] != 1 || !strings.HasPrefix(r.Item.Content.Stem, "看图［会址］这是") || !strings.Contains(r.Item.Content.Options[0].Text, media.ID(b)) {
			t.Errorf("%s: %+v", name, r)
		}
	}
	var out bytes.Buffer
	lost, err := Write(&out, Package, items, nil)
	if err != nil || codes(lost)["media.missing"] != 2 {
		t.Errorf("%v %+v", err, lost)
	}
	if lost, err := Write(&out, CSV, items, nil); err != nil || codes(lost)["export.files"] != 1 {
		t.Errorf("%v %+v", err, lost)
	}
}

// Files are kept with the confirm, within the quota, and let go with the undo.
func TestImportBringsItsFiles(t *testing.T) {
	w, ctx := newWorkshop(t), t.Context()
	a, b := picture(t, 10), picture(t, 20)
	var file bytes.Buffer
	if _, err := Write(&file, Package, withPictures(a, b), shelf(t, a, b)); err != nil {
		t.Fatal(err)
	}
	ask := Ask{File: "题库.zip", Data: file.Bytes(), OrgID: "branch"}
	m, err := w.Preview(ctx, trainer, ask)
	if err != nil || m.Report.Imported != 4 || len(m.Report.Warnings) > 0 {
		t.Fatalf("%v %+v", err, m.Report)
	}
	if _, err := w.media.Get(ctx, media.ID(a)); !fault.Is(err, fault.NotFound) {
		t.Errorf("a preview keeps files: %v", err)
	}
	if f, err := w.Embedded(ctx, trainer, m.ID, media.ID(a)); err != nil || !bytes.Equal(f.Data, a) {
		t.Errorf("%v", err)
	}
	w.media.Quota = int64(len(a)) + 1
	if _, err := w.Confirm(ctx, trainer, m.ID, nil); fault.KeyOf(err) != "media.quota" {
		t.Fatalf("beyond the quota: %v", err)
	}
	if m, err = w.Get(ctx, trainer, m.ID); err != nil || m.State != Previewed || w.count(t, question.Filter{}) != 0 {
		t.Fatalf("a refused confirm leaves %s with %d questions", m.State, w.count(t, question.Filter{}))
	}
	w.media.Quota = 1 << 20
	if m, err = w.Confirm(ctx, trainer, m.ID, nil); err != nil || m.State != Confirmed || w.count(t, question.Filter{}) != 4 {
		t.Fatal(err)
	}
	var again bytes.Buffer
	if lost, err := w.Export(ctx, trainer, question.Filter{}, Package, &again); err != nil || len(lost) > 0 {
		t.Fatal(lost, err)
	}
	p := Read(Source{Name: "x.zip", Data: again.Bytes()})
	if len(p.Files) != 2 || !bytes.Equal(p.Files[media.ID(b)].Data, b) {
		t.Errorf("%d files", len(p.Files))
	}
	if m, _, err = w.Undo(ctx, trainer, m.ID); err != nil || m.Removed != 4 {
		t.Fatal(err)
	}
	if _, err := w.media.Collect(ctx); err != nil {
		t.Fatal(err)
	}
	w.clock.Advance(8 * 24 * time.Hour)
	if got, err := w.media.Collect(ctx); err != nil || got.Removed != 2 {
		t.Errorf("after the undo: %+v %v", got, err)
	}
}

// A table may name files that are kept here; those that are not become words.
func TestReferencesInTables(t *testing.T) {
	w, ctx := newWorkshop(t), t.Context()
	kept, err := w.media.Upload(ctx, "branch", "a.png", bytes.NewReader(picture(t, 1)))
	if err != nil {
		t.Fatal(err)
	}
	rows := "题型,题干,答案\n判断题,这是" + mediaText("会址", kept.ID) + "吗,对\n判断题,那是" + mediaText("", strings.Repeat("0", 32)) + "吗,对\n"
	m, err := w.Preview(ctx, trainer, Ask{File: "a.csv", Data: []byte(rows), OrgID: "branch"})
	if err != nil || m.Report.Imported != 2 || !slices.Equal(warned(m), []string{"media.missing"}) {
		t.Fatalf("%v %+v", err, m.Report)
	}
	if _, err := w.Confirm(ctx, trainer, m.ID, nil); err != nil {
		t.Fatal(err)
	}
	entries, _, err := w.Entries(ctx, trainer, m.ID, Excerpt{Limit: 9})
	if err != nil || entries[1].Content.Stem != "那是［00000000］吗" || len(media.In(entries[0].Content.Stem)) != 1 {
		t.Errorf("%v %+v", err, entries)
	}
}

func warned(m Import) (out []string) {
	for _, p := range m.Report.Warnings {
		out = append(out, p.Code)
	}
	return out
}

// An export that repeats its pictures without end is ended, and one too large to import again says so.
func TestLargeExports(t *testing.T) {
	big := heavy(t, 1, 9<<20)
	items := make([]Item, 2)
	for i := range items {
		items[i].Content = question.Content{Kind: question.TrueFalse, Stem: strings.Repeat("题", i+1) + mediaText("图", media.ID(big)), Explanation: mediaText("图", media.ID(big))}
	}
	if lost, err := Write(io.Discard, Moodle, items, shelf(t, big)); err != nil || codes(lost)["export.large"] != 1 {
		t.Errorf("%v %+v", err, lost)
	}
	if lost, err := Write(io.Discard, Package, items, shelf(t, big)); err != nil || len(lost) > 0 {
		t.Errorf("%v %+v", err, lost)
	}
	c := counter{Writer: io.Discard, limit: 10}
	if _, err := c.Write(make([]byte, 10)); err != nil {
		t.Error(err)
	}
	if _, err := c.Write(make([]byte, 1)); fault.KeyOf(err) != "export.too_large" {
		t.Error(err)
	}
}
