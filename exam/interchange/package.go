package interchange

import (
	"archive/zip"
	"bytes"
	"io"
	"path"
	"slices"
	"strings"

	"qiming/internal/fault"
)

// packageFormat is our lossless JSON with the files that the questions show: a zip file of questions.json and
// media/ID.EXTENSION. questions.json names the files too, so that a name survives.
type packageFormat struct{}

const (
	packageIndex = "questions.json"
	packageMedia = "media/"
)

// jsonMedia names a file of a package.
type jsonMedia struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

func (packageFormat) name() Format { return Package }

func (packageFormat) detect(src Source) bool { return isPackage(src.Data) }

func isZip(data []byte) bool { return bytes.HasPrefix(data, []byte("PK\x03\x04")) }

func isPackage(data []byte) bool {
	return isZip(data) && !isWorkbook(data) && bytes.Contains(data, []byte(packageIndex))
}

func (packageFormat) read(src Source) Parsed {
	a, refusal := openArchive(src.Data, Package)
	if refusal != nil {
		return Parsed{Format: Package, Problems: []Problem{*refusal}}
	}
	index, found, err := a.read(packageIndex, MaxUnzip)
	switch {
	case err != nil:
		return unreadable(Package, "file.broken", "format", "ZIP", "reason", shorten(err.Error()))
	case !found:
		return unreadable(Package, "package.index")
	}
	p := jsonFormat{}.read(Source{Name: packageIndex, Data: index, Mapping: src.Mapping})
	if p.Unreadable() {
		return p
	}
	packed := map[string]string{} // id as the name says it -> entry
	for _, name := range a.names {
		if strings.HasPrefix(name, packageMedia) {
			packed[strings.TrimSuffix(path.Base(name), path.Ext(name))] = name
		}
	}
	names := fileNames(index)
	var files embedded
	for i := range p.Records {
		r := &p.Records[i]
		for _, id := range shown(r.Item) {
			entry, ok := packed[id]
			if !ok {
				continue // the library may have it
			}
			name := names[id]
			if name == "" {
				name = path.Base(entry)
			}
			err := files.unpack(a, entry, name, id)
			if err != nil {
				r.Problems = append(r.Problems, place{row: r.Item.Row, unit: Package.unit()}.refusedFile("", name, err))
				r.Item.Content = withoutFile(r.Item.Content, id)
			}
		}
	}
	p.Files = files.files
	return p
}

// unpack takes an entry in whose content must have the id.
func (e *embedded) unpack(a archive, entry, name, id string) error {
	if _, known := e.files[id]; known {
		return nil
	}
	data, _, err := a.read(entry, maxMediaBytes)
	if err != nil {
		return fault.Wrap(fault.Invalid, "media.broken", err)
	}
	got, err := e.add(name, data)
	if err == nil && got != id {
		delete(e.files, got)
		err = fault.New(fault.Invalid, "media.broken", "%s holds %s", entry, got)
	}
	return err
}

func (packageFormat) pack(w io.Writer, items []Item, open Opener) (lost []Problem, err error) {
	var files []File
	known := map[string]bool{}
	for i, item := range items {
		for _, id := range shown(item) {
			if known[id] {
				continue
			}
			f, err := openFile(open, id)
			if fault.Is(err, fault.NotFound) {
				lost = append(lost, place{row: i + 1, unit: "题"}.refusedFile("", id, err))
				continue
			}
			if err != nil {
				return nil, err
			}
			known[id] = true
			files = append(files, f)
		}
	}
	slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.ID, b.ID) })
	z := zip.NewWriter(w)
	index, err := z.Create(packageIndex)
	if err != nil {
		return nil, err
	}
	if err := writeJSON(index, items, files); err != nil {
		return nil, err
	}
	for _, f := range files {
		entry, err := z.CreateHeader(&zip.FileHeader{Name: packageMedia + f.ID + f.Kind.Extension, Method: zip.Store}) // packed already
		if err != nil {
			return nil, err
		}
		if _, err := entry.Write(f.Data); err != nil {
			return nil, err
		}
	}
	return lost, z.Close()
}

// openFile opens a file of an export; without an opener there is none.
func openFile(open Opener, id string) (File, error) {
	if open == nil {
		return File{}, errNoFile(id)
	}
	return open(id)
}
