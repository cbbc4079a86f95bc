package media

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/color/palette"
	"image/gif"
	"image/jpeg"
	"image/png"
	"slices"
	"strings"
	"testing"

	"qiming/internal/fault"
)

// secret stands where a camera writes where and when a photograph was taken.
const secret = "GPS 39.9042N 116.4074E 2026:03:02 08:00"

// exif is a TIFF that says how a picture is turned, and tells the secret.
func exif(order binary.AppendByteOrder, turned uint16) []byte {
	b := []byte("MM")
	if order == binary.AppendByteOrder(binary.LittleEndian) {
		b = []byte("II")
	}
	b = order.AppendUint16(b, 42)
	b = order.AppendUint32(b, 8)
	b = order.AppendUint16(b, 2)
	entry := func(tag, kind uint16, count uint32, value []byte) {
		b = order.AppendUint16(b, tag)
		b = order.AppendUint16(b, kind)
		b = order.AppendUint32(b, count)
		b = append(append(b, value...), make([]byte, 4-len(value))...)
	}
	entry(0x010e, 2, uint32(len(secret)), order.AppendUint32(nil, 38))
	entry(0x0112, 3, 1, order.AppendUint16(nil, turned))
	return append(append(b, 0, 0, 0, 0), secret...)
}

// halves is a picture 20 wide and 10 high, black on its left and white on its right.
func halves() *image.Gray {
	img := image.NewGray(image.Rect(0, 0, 20, 10))
	for i := range img.Pix {
		if i%20 >= 10 {
			img.Pix[i] = 255
		}
	}
	return img
}

// photographed is a JPEG with all that cameras and programs put in.
func photographed(t testing.TB, order binary.AppendByteOrder, turned uint16) []byte {
	t.Helper()
	var plain, out bytes.Buffer
	if err := jpeg.Encode(&plain, halves(), &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	out.Write(jpegStart[:2])
	writeSegment(&out, markApp0, append([]byte("JFIF\x00\x01\x02\x00\x00\x01\x00\x01\x01\x01"), "abc"...)) // with a preview
	writeSegment(&out, markApp1, append(slices.Clone(exifStart), exif(order, turned)...))
	writeSegment(&out, markApp1, []byte("http://ns.adobe.com/xap/1.0/\x00"+secret))
	writeSegment(&out, markApp2, []byte("ICC_PROFILE\x00\x01\x01profile"))
	writeSegment(&out, 0xed, []byte("Photoshop 3.0\x00"+secret))
	writeSegment(&out, markNote, []byte(secret))
	out.Write(plain.Bytes()[2:])
	out.WriteString(secret) // as the film behind a moving photograph
	return out.Bytes()
}

func pngChunk(name string, body []byte) []byte {
	out := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	out = append(append(out, name...), body...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[4:]))
}

func captioned(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, halves()); err != nil {
		t.Fatal(err)
	}
	const head = 8 + 25
	out := slices.Clone(b.Bytes()[:head])
	out = append(append(out, pngChunk("tEXt", []byte("Comment\x00"+secret))...), pngChunk("eXIf", exif(binary.BigEndian, 6))...)
	return append(append(out, b.Bytes()[head:]...), secret...)
}

func animated(t testing.TB, frames int) []byte {
	t.Helper()
	var b bytes.Buffer
	g := &gif.GIF{LoopCount: 3}
	for i := range frames {
		frame := image.NewPaletted(image.Rect(0, 0, 600, 300), palette.Plan9)
		frame.Set(i, i, color.White)
		g.Image, g.Delay = append(g.Image, frame), append(g.Delay, 7)
	}
	if err := gif.EncodeAll(&b, g); err != nil {
		t.Fatal(err)
	}
	end := b.Bytes()[:b.Len()-1]
	out := append(slices.Clone(end), 0x21, 0xfe, byte(len(secret)))
	out = append(append(out, secret...), 0)
	out = append(append(out, 0x21, 0xff, 11), "XMP DataXMP"...)
	out = append(append(append(out, byte(len(secret))), secret...), 0, 0x3b)
	return append(out, secret...)
}

// webp is the smallest lossless WebP, one pixel, in its extended form with EXIF.
func webpPicture(turned uint16) []byte {
	pixel := []byte("\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00")
	chunk := func(name string, body []byte) []byte {
		out := binary.LittleEndian.AppendUint32([]byte(name), uint32(len(body)))
		out = append(out, body...)
		return append(out, make([]byte, len(body)%2)...)
	}
	body := append(chunk("VP8X", []byte{0x0c, 0, 0, 0, 0, 0, 0, 0, 0, 0}), chunk("VP8L", pixel)...)
	body = append(append(body, chunk("EXIF", exif(binary.LittleEndian, turned))...), chunk("XMP ", []byte(secret))...)
	out := binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body)+4))
	return append(append(out, "WEBP"...), body...)
}

// Nothing of a picture but what is seen stays, and what is seen stays as it was.
func TestCleanTakesOutWhatIsNotSeen(t *testing.T) {
	for name, data := range map[string][]byte{
		"jpeg": photographed(t, binary.BigEndian, 1), "png": captioned(t), "gif": animated(t, 3), "webp": webpPicture(1),
	} {
		before, err := decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(name, err)
		}
		if !bytes.Contains(data, []byte(secret)) {
			t.Fatal(name, "has no secret")
		}
		clean, err := Clean(data)
		if err != nil {
			t.Fatal(name, err)
		}
		for _, trace := range []string{secret, "GPS", "Exif", "EXIF", "XMP", "Photoshop", "tEXt", "eXIf"} {
			if bytes.Contains(clean, []byte(trace)) {
				t.Errorf("%s: %q is still there", name, trace)
			}
		}
		after, err := decode(bytes.NewReader(clean))
		if err != nil {
			t.Fatal(name, err)
		}
		if !sameSight(before, after) {
			t.Errorf("%s looks another way", name)
		}
		if again, err := Clean(clean); err != nil || !bytes.Equal(again, clean) {
			t.Errorf("%s: cleaned again it is another (%v)", name, err)
		}
	}
	if clean, err := Clean(photographed(t, binary.BigEndian, 1)); err != nil || !bytes.Contains(clean, []byte("ICC_PROFILE")) || !bytes.Contains(clean, []byte("JFIF")) {
		t.Errorf("the colours are not what they were (%v)", err)
	}
	g, err := gif.DecodeAll(bytes.NewReader(mustClean(t, animated(t, 3))))
	if err != nil || len(g.Image) != 3 || g.LoopCount != 3 || g.Delay[1] != 7 {
		t.Errorf("the animation: %+v %v", g, err)
	}
	if words, err := Clean([]byte("just words")); err != nil || string(words) != "just words" {
		t.Errorf("%q %v", words, err)
	}
}

func mustClean(t testing.TB, data []byte) []byte {
	t.Helper()
	clean, err := Clean(data)
	if err != nil {
		t.Fatal(err)
	}
	return clean
}

func sameSight(a, b image.Image) bool {
	if a.Bounds() != b.Bounds() {
		return false
	}
	for y := a.Bounds().Min.Y; y < a.Bounds().Max.Y; y++ {
		for x := a.Bounds().Min.X; x < a.Bounds().Max.X; x++ {
			if a.At(x, y) != b.At(x, y) {
				return false
			}
		}
	}
	return true
}

// A photograph stands upright, whole and in its smaller sizes, whichever way the camera was held.
func TestOrientationStays(t *testing.T) {
	dark := func(img image.Image, x, y int) bool {
		r, _, _, _ := img.At(x, y).RGBA()
		return r < 0x8000
	}
	// Where the black half is to be: on the left, right, top or bottom.
	for turned, want := range []string{1: "left", 2: "right", 3: "right", 4: "left", 5: "top", 6: "top", 7: "bottom", 8: "bottom"} {
		if turned == 0 {
			continue
		}
		for _, order := range []binary.AppendByteOrder{binary.BigEndian, binary.LittleEndian} {
			clean := mustClean(t, photographed(t, order, uint16(turned)))
			if has := bytes.Contains(clean, exifStart); has != (turned > 1) || bytes.Contains(clean, []byte("GPS")) {
				t.Errorf("%d: EXIF %v", turned, has)
			}
			full, err := decode(bytes.NewReader(clean))
			if err != nil {
				t.Fatal(err)
			}
			w, h := full.Bounds().Dx(), full.Bounds().Dy()
			got := map[[2]bool]string{{true, true}: "left", {false, false}: "right", {true, false}: "top", {false, true}: "bottom"}[[2]bool{dark(full, 1, 1), dark(full, 1, h-2)}]
			if got != want || (w < h) != (turned >= 5) {
				t.Errorf("%d: black on the %s of %d x %d, want %s", turned, got, w, h, want)
			}
			if again := mustClean(t, clean); !bytes.Equal(again, clean) {
				t.Errorf("%d: cleaned again it is another", turned)
			}
			if wanted := turn(halves(), turned); wanted.Rect.Dx() != w || dark(wanted, 1, 1) != dark(full, 1, 1) || dark(wanted, 1, h-2) != dark(full, 1, h-2) {
				t.Errorf("%d: turn does another thing than decode", turned)
			}
		}
	}
	// Of a turned WebP another type comes out, for browsers do not agree on it.
	if clean := mustClean(t, webpPicture(6)); bytes.Contains(clean, []byte("WEBP")) {
		t.Error("a turned WebP stayed")
	} else if _, err := decode(bytes.NewReader(clean)); err != nil {
		t.Error(err)
	}
}

// The sizes of a picture: what is made, and what a page is offered.
func TestSizesOfAPicture(t *testing.T) {
	s := newShelf(t, "dir:"+t.TempDir(), 0)
	names := func(f File) (out []string) {
		for _, v := range f.Variants {
			out = append(out, v.Name)
		}
		return out
	}
	var flat bytes.Buffer // a drawing that is smaller whole than as a photograph
	s.ok(png.Encode(&flat, image.NewGray(image.Rect(0, 0, 2400, 1200))))
	for _, c := range []struct {
		name  string
		data  []byte
		sizes string // in srcset
		thumb bool
	}{
		{"wide.jpg", photo(2400, 1200), "480w 1080w 1920w", true},
		{"exactly.jpg", photo(1920, 900), "480w 1080w 1920w", true}, // the last is the picture itself
		{"tall.jpg", photo(500, 1100), "217w 500w", true},
		{"small.jpg", photo(480, 300), "", false},
		{"moving.gif", animated(t, 2), "", true},
		{"flat.png", flat.Bytes(), "", true},
	} {
		f := s.upload("a", c.name, c.data)
		links, err := s.Links(s.ctx, "anna", monday, []string{f.ID})
		s.ok(err)
		link := links[f.ID]
		var widths []string
		for _, one := range strings.Split(link.Srcset, ", ") {
			if _, width, found := strings.Cut(one, " "); found {
				widths = append(widths, width)
			}
		}
		if got := strings.Join(widths, " "); c.name != "flat.png" && got != c.sizes || (link.Thumb != "") != c.thumb {
			t.Errorf("%s: %q, thumbnail %v, variants %v", c.name, got, link.Thumb != "", names(f))
		}
		var sum int64
		for _, v := range f.Variants {
			object, err := s.Stat(s.ctx, f, v.Name)
			s.ok(err)
			if object.Size != v.Size || object.Type != v.Type || max(v.Width, v.Height) > max(f.Width, f.Height) {
				t.Errorf("%s %s: %+v %+v", c.name, v.Name, v, object)
			}
			sum += v.Size
		}
		if f.Derived != sum {
			t.Errorf("%s: %d bytes are counted, %d were made", c.name, f.Derived, sum)
		}
	}
	// What is kept is cleaned, whichever way it came: and it is the same file.
	f := s.upload("a", "现场.jpg", photographed(t, binary.BigEndian, 6))
	if f.Width != 10 || f.Height != 20 || f.ID != ID(mustClean(t, photographed(t, binary.BigEndian, 6))) {
		t.Errorf("%+v", f)
	}
	u, err := s.Create(s.ctx, "anna", "a", "现场.jpg", "", int64(len(photographed(t, binary.BigEndian, 6))))
	s.ok(err)
	_, err = s.Receive(s.ctx, "anna", u.ID, 0, photographed(t, binary.BigEndian, 6))
	s.ok(err)
	s.ok(s.Work(s.ctx))
	if u, err = s.Incoming(s.ctx, "anna", u.ID); err != nil || u.State != Kept || u.FileID != f.ID {
		t.Errorf("%+v %v", u, err)
	}
	if checked, err := s.Check(s.ctx, nil); err != nil || len(checked.Findings) > 0 {
		t.Errorf("%+v %v", checked, err)
	}
}

// Whatever is taken can be decoded, and cleaning it once is enough.
func FuzzClean(f *testing.F) {
	f.Add(photographed(f, binary.LittleEndian, 6))
	f.Add(captioned(f))
	f.Add(animated(f, 2)[:400])
	f.Add(webpPicture(1))
	f.Add(webpPicture(3))
	f.Fuzz(func(t *testing.T, data []byte) {
		if config, _, err := image.DecodeConfig(bytes.NewReader(data)); err != nil || config.Width*config.Height > 1<<16 {
			return
		}
		clean, err := Clean(data)
		if err != nil {
			if !fault.Is(err, fault.Invalid) {
				t.Fatal(err)
			}
			return
		}
		again, err := Clean(clean)
		if err != nil || !bytes.Equal(again, clean) {
			t.Fatalf("cleaned again it is another (%v)", err)
		}
		before, errBefore := decode(bytes.NewReader(data))
		after, errAfter := decode(bytes.NewReader(clean))
		if errBefore == nil && errAfter != nil {
			t.Fatalf("it could be decoded, and no more: %v", errAfter)
		}
		if errBefore == nil && bytes.HasPrefix(clean, data[:4]) && !sameSight(before, after) {
			t.Fatal("it looks another way")
		}
		if _, err := look(clean); (err == nil) != (errAfter == nil) {
			t.Fatalf("%v, %v", err, errAfter)
		}
	})
}
