package interchange

import (
	"archive/zip"
	"bytes"
	"io/fs"
	"strconv"
	"strings"
	"testing"

	files "qiming/internal/archive"
)

// packed makes a zip file of entries as they are given, tricks included.
func packed(t testing.TB, entries ...zip.FileHeader) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, h := range entries {
		body := h.Comment
		h.Comment = ""
		w, err := z.CreateHeader(&h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(body)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func entry(name, body string) zip.FileHeader {
	return zip.FileHeader{Name: name, Comment: body, Method: zip.Deflate}
}

func TestArchiveTricks(t *testing.T) {
	link := entry("link", "/etc/passwd")
	link.SetMode(fs.ModeSymlink | 0o777)
	locked := entry("a", "x")
	locked.Flags |= 1
	var many, enough []zip.FileHeader
	for i := range files.MaxEntries + 1 {
		many = append(many, entry(strconv.Itoa(i), ""))
	}
	enough = many[:files.MaxEntries]
	zeros := func(n int) zip.FileHeader { return entry("zeros", string(make([]byte, n))) }
	for _, c := range []struct {
		name    string
		entries []zip.FileHeader
		code    string
	}{
		{"plain", []zip.FileHeader{entry("a.json", "{}"), entry("media/b..png", "x"), entry("..c", "y")}, ""},
		{"backslash", []zip.FileHeader{entry(`media\a.png`, "x")}, ""},
		{"up", []zip.FileHeader{entry("../a", "x")}, "file.path"},
		{"up within", []zip.FileHeader{entry("a/../../b", "x")}, "file.path"},
		{"up by backslash", []zip.FileHeader{entry(`a\..\..\b`, "x")}, "file.path"},
		{"absolute", []zip.FileHeader{entry("/etc/passwd", "x")}, "file.path"},
		{"drive", []zip.FileHeader{entry(`C:\a`, "x")}, "file.path"},
		{"control", []zip.FileHeader{entry("a\x00b", "x")}, "file.path"},
		{"twice", []zip.FileHeader{entry("a", "x"), entry("a", "y")}, "file.path"},
		{"twice by writing", []zip.FileHeader{entry("m/a", "x"), entry(`m\.\a`, "y")}, "file.path"},
		{"link", []zip.FileHeader{link}, "file.path"},
		{"locked", []zip.FileHeader{locked}, "file.protected"},
		{"entries", enough, ""},
		{"one too many", many, "file.entries"},
		{"dense but small", []zip.FileHeader{zeros(files.RatioFrom)}, ""},
		{"dense", []zip.FileHeader{zeros(files.RatioFrom + 1)}, "file.bomb"},
	} {
		a, refusal := openArchive(packed(t, c.entries...), XLSX)
		code := ""
		if refusal != nil {
			code = refusal.Code
		}
		if code != c.code || code == "" && len(a.names) != len(c.entries) {
			t.Errorf("%s: %q, want %q", c.name, code, c.code)
		}
	}
	if _, refusal := openArchive([]byte("PK\x03\x04 no zip"), XLSX); refusal == nil || refusal.Code != "file.broken" {
		t.Errorf("%+v", refusal)
	}
	for name, want := range map[string]string{"卷.docx": "DOCX", "题.XLSX": "XLSX", "包.zip": "ZIP"} { // damaged, not of another kind
		p := Read(Source{Name: name, Data: []byte("PK\x03\x04 no zip")})
		if len(p.Problems) != 1 || p.Problems[0].Code != "file.broken" || p.Problems[0].Params["format"] != want {
			t.Errorf("%s: %+v", name, p.Problems)
		}
	}
	// A cell of 100 MB packs into one or two: refused by what its entry says, before anything is unpacked.
	for size, want := range map[uint64]string{files.MaxEntry: "", files.MaxEntry + 1: "file.entry_large", 100 << 20: "file.entry_large"} {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		body := make([]byte, 1<<20)
		w, err := z.CreateRaw(&zip.FileHeader{Name: "xl/worksheets/sheet1.xml", Method: zip.Deflate, UncompressedSize64: size, CompressedSize64: uint64(len(body))})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(body); err != nil || z.Close() != nil {
			t.Fatal(err)
		}
		_, refusal := openArchive(b.Bytes(), XLSX)
		if (refusal == nil) != (want == "") || refusal != nil && (refusal.Code != want || refusal.Params["max_mib"] == nil || !strings.Contains(refusal.Message, "sheet1.xml")) {
			t.Errorf("an entry of %d bytes: %+v", size, refusal)
		}
	}
	a, _ := openArchive(packed(t, entry("x/a", "hello")), XLSX)
	if data, found, err := a.read("x/a", 5); string(data) != "hello" || !found || err != nil {
		t.Errorf("%q %t %v", data, found, err)
	}
	if _, found, err := a.read("x/a", 4); !found || err == nil {
		t.Error("an entry above the limit is read")
	}
	if _, found, _ := a.read("x/b", 5); found {
		t.Error("what is not there is found")
	}
}
