package extract

import (
	"archive/zip"
	"context"
	"encoding/xml"
	"io"
	"path"
	"strings"

	"qiming/internal/archive"
)

// readWord reads the body of a DOCX.
func readWord(ctx context.Context, data []byte, b *book) {
	files := unzip(data)
	if text, ok := words(ctx, files["word/document.xml"]); ok {
		b.add(0, text)
	}
}

// readShow reads the slides of a PPTX in their order.
func readShow(ctx context.Context, data []byte, b *book) {
	files := unzip(data)
	targets := map[string]string{}
	each(ctx, files["ppt/_rels/presentation.xml.rels"], func(t xml.StartElement) {
		if t.Name.Local == "Relationship" {
			targets[attr(t, "", "Id")] = attr(t, "", "Target")
		}
	})
	place, more := 0, true
	each(ctx, files["ppt/presentation.xml"], func(t xml.StartElement) {
		if t.Name.Local != "sldId" || !more || place >= MaxPages {
			return
		}
		place++
		target := targets[attr(t, "http://schemas.openxmlformats.org/officeDocument/2006/relationships", "id")]
		name := path.Join("ppt", target)
		if rooted, found := strings.CutPrefix(target, "/"); found {
			name = path.Clean(rooted)
		}
		if text, ok := words(ctx, files[name]); ok {
			more = b.add(place, text)
		}
	})
}

func attr(t xml.StartElement, space, name string) string {
	for _, a := range t.Attr {
		if a.Name.Local == name && a.Name.Space == space {
			return a.Value
		}
	}
	return ""
}

// unzip gives the files of an archive that was found harmless by their names; none of another.
func unzip(data []byte) map[string]*zip.File {
	entries, err := archive.Open(data, maxUnpack)
	if err != nil {
		return nil
	}
	files := make(map[string]*zip.File, len(entries))
	for _, e := range entries {
		files[e.Name] = e.File
	}
	return files
}

// each goes through the elements of a file, as far as it can be read.
func each(ctx context.Context, file *zip.File, see func(xml.StartElement)) {
	_ = tokens(ctx, file, func(t xml.Token, _ *xml.Decoder) error {
		if start, ok := t.(xml.StartElement); ok {
			see(start)
		}
		return nil
	})
}

func tokens(ctx context.Context, file *zip.File, see func(xml.Token, *xml.Decoder) error) error {
	if file == nil {
		return io.EOF
	}
	r, err := file.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	d := xml.NewDecoder(io.LimitReader(r, archive.MaxEntry)) // an entry may hold more than it says
	for n := 0; ; n++ {
		if n%1000 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		t, err := d.Token()
		if err == io.EOF {
			return nil
		}
		if err == nil {
			err = see(t, d)
		}
		if err != nil {
			return err
		}
	}
}

// words gives the text of a body or a slide: what stands in t elements, a line to each paragraph. Of a file that breaks off it gives
// what came before; ok is false where nothing came.
func words(ctx context.Context, file *zip.File) (text string, ok bool) {
	var b strings.Builder
	within := 0 // of t
	_ = tokens(ctx, file, func(t xml.Token, d *xml.Decoder) error {
		switch t := t.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "Fallback", "instrText", "delText": // said twice, or not seen
				return d.Skip()
			case "t":
				within++
			case "tab":
				b.WriteByte(' ')
			case "br", "cr":
				b.WriteByte('\n')
			}
		case xml.EndElement:
			switch t.Name.Local {
			case "t":
				within--
			case "p", "tr":
				b.WriteByte('\n')
			case "tc":
				b.WriteByte(' ')
			}
		case xml.CharData:
			if within > 0 && b.Len() < 4*MaxRunes {
				b.Write(t)
			}
		}
		return nil
	})
	return b.String(), strings.TrimSpace(b.String()) != ""
}
