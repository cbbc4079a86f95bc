package media

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"slices"

	"github.com/disintegration/imaging"
)

// Clean takes out of a picture all that is not seen: place, time and device of a photograph (EXIF, XMP, IPTC), comments,
// previews, and what stands behind its end. Pixels, colour profile and the frames of an animation stay as they are, byte for
// byte; of EXIF the orientation alone stays, so that a photograph stands upright. A cleaned picture stays as it is, and what is no
// picture too. A picture whose structure cannot be followed is fault.Invalid, "media.picture_broken".
func Clean(data []byte) ([]byte, error) {
	var clean []byte
	var err error
	switch {
	case bytes.HasPrefix(data, jpegStart):
		clean, err = cleanJPEG(data)
	case bytes.HasPrefix(data, pngStart):
		clean, err = cleanPNG(data)
	case bytes.HasPrefix(data, []byte("GIF8")):
		clean, err = cleanGIF(data)
	case len(data) >= 12 && string(data[:4]) == "RIFF" && string(data[8:12]) == "WEBP":
		return cleanWebP(data)
	default:
		return data, nil
	}
	if err != nil {
		return nil, broken(err)
	}
	return clean, nil
}

var (
	jpegStart = []byte("\xff\xd8\xff")
	pngStart  = []byte("\x89PNG\r\n\x1a\n")
	exifStart = []byte("Exif\x00\x00")
	errCut    = errors.New("it ends too soon")
)

// Markers of JPEG.
const (
	markEnd   = 0xd9
	markScan  = 0xda
	markApp0  = 0xe0
	markApp1  = 0xe1
	markApp2  = 0xe2
	markApp14 = 0xee
	markApp15 = 0xef
	markNote  = 0xfe
)

// cleanJPEG keeps the segments that decoding needs (ISO 10918-1, annex B) and the colour profile.
func cleanJPEG(data []byte) ([]byte, error) {
	out := bytes.NewBuffer(make([]byte, 0, len(data)))
	out.Write(jpegStart[:2])
	turned := 1
	for at := 2; ; {
		mark := bytes.IndexByte(data[at:], 0xff)
		if mark < 0 || at+mark+1 >= len(data) {
			return nil, errCut
		}
		at += mark + 1
		kind := data[at]
		switch {
		case kind == 0 || kind == 0xff: // stuffing and fill
			if kind == 0 {
				at++
			}
			continue
		case kind == markEnd:
			out.Write([]byte{0xff, markEnd})
			return withOrientation(out.Bytes(), turned), nil
		case kind == 1 || kind >= 0xd0 && kind <= 0xd8: // they have no length
			at++
			continue
		}
		at++
		if at+2 > len(data) {
			return nil, errCut
		}
		size := int(binary.BigEndian.Uint16(data[at:]))
		if size < 2 || at+size > len(data) {
			return nil, errCut
		}
		body := data[at+2 : at+size]
		at += size
		if kind == markApp1 && turned == 1 && bytes.HasPrefix(body, exifStart) {
			turned = orientation(body[len(exifStart):])
		}
		if body = keptSegment(kind, body); body != nil {
			writeSegment(out, kind, body)
		}
		if kind == markScan {
			end := scanEnd(data, at)
			out.Write(data[at:end])
			at = end
		}
	}
}

func writeSegment(out *bytes.Buffer, kind byte, body []byte) {
	out.Write([]byte{0xff, kind, byte((len(body) + 2) >> 8), byte(len(body) + 2)})
	out.Write(body)
}

// keptSegment gives what stays of a segment; nil = nothing.
func keptSegment(kind byte, body []byte) []byte {
	switch {
	case kind == markApp0 && len(body) >= 14 && bytes.HasPrefix(body, []byte("JFIF\x00")):
		return append(slices.Clone(body[:12]), 0, 0) // without its preview
	case kind == markApp2 && bytes.HasPrefix(body, []byte("ICC_PROFILE\x00")), kind == markApp14 && bytes.HasPrefix(body, []byte("Adobe")):
		return body
	case kind >= markApp0 && kind <= markApp15, kind == markNote:
		return nil
	}
	return body
}

// scanEnd gives where the compressed data of a scan end: at a marker that is neither stuffing nor a restart.
func scanEnd(data []byte, at int) int {
	for ; at+1 < len(data); at++ {
		if next := data[at+1]; data[at] == 0xff && next != 0 && next != 0xff && (next < 0xd0 || next > 0xd7) {
			return at
		}
	}
	return len(data)
}

// withOrientation puts the orientation back into a cleaned JPEG, as the one entry of an EXIF of its own.
func withOrientation(clean []byte, turned int) []byte {
	if turned == 1 {
		return clean
	}
	out := bytes.NewBuffer(make([]byte, 0, len(clean)+40))
	out.Write(clean[:2])
	entry := []byte{'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, byte(turned), 0, 0, 0, 0, 0, 0}
	writeSegment(out, markApp1, append(slices.Clone(exifStart), entry...))
	out.Write(clean[2:])
	return out.Bytes()
}

// orientation reads how a picture is to be turned, 1..8, out of its EXIF (a TIFF); 1 where it says nothing sensible.
func orientation(tiff []byte) int {
	var order binary.ByteOrder = binary.BigEndian
	if len(tiff) < 10 {
		return 1
	}
	if tiff[0] == 'I' {
		order = binary.LittleEndian
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 1
	}
	entries := tiff[at+2:]
	for range order.Uint16(tiff[at:]) {
		if len(entries) < 12 {
			break
		}
		if order.Uint16(entries) == 0x0112 {
			if value := int(order.Uint16(entries[8:])); order.Uint16(entries[2:]) == 3 && value >= 1 && value <= 8 {
				return value
			}
			break
		}
		entries = entries[12:]
	}
	return 1
}

// The chunks of PNG that change what is seen: the rest is words, times and EXIF.
var pngKept = []string{"IHDR", "PLTE", "IDAT", "IEND", "tRNS", "cHRM", "gAMA", "iCCP", "cICP", "sBIT", "sRGB", "bKGD", "pHYs", "acTL", "fcTL", "fdAT"}

func cleanPNG(data []byte) ([]byte, error) {
	out := slices.Grow(slices.Clone(pngStart), len(data))
	for rest := data[len(pngStart):]; ; {
		if len(rest) < 12 {
			return nil, errCut
		}
		size := int64(binary.BigEndian.Uint32(rest)) + 12
		if size > int64(len(rest)) {
			return nil, errCut
		}
		name := string(rest[4:8])
		if slices.Contains(pngKept, name) {
			out = append(out, rest[:size]...)
		}
		if name == "IEND" {
			return out, nil
		}
		rest = rest[size:]
	}
}

// cleanGIF keeps frames, their timing and how often they are repeated.
func cleanGIF(data []byte) ([]byte, error) {
	r := gifReader{rest: data}
	out := slices.Grow(slices.Clone(r.take(6)), len(data))
	screen := r.take(7)
	out = append(append(out, screen...), r.colours(screen, 4)...)
	for !r.cut {
		kind := r.take(1)
		if r.cut {
			break
		}
		switch kind[0] {
		case 0x3b:
			return append(out, 0x3b), nil
		case 0x2c:
			frame := r.take(9)
			out = append(append(append(out, 0x2c), frame...), r.colours(frame, 8)...)
			out = append(append(out, r.take(1)...), r.blocks()...)
		case 0x21:
			label, blocks := r.take(1), []byte(nil)
			blocks = r.blocks()
			if r.cut {
				break
			}
			if label[0] == 0xff {
				blocks = repeats(blocks)
			}
			if label[0] == 0xf9 || label[0] == 0xff && blocks != nil {
				out = append(append(out, 0x21, label[0]), blocks...)
			}
		default:
			return nil, errors.New("an unknown block")
		}
	}
	return nil, errCut
}

// repeats gives the extension that says how often an animation is repeated, and nothing else; nil of any other.
func repeats(blocks []byte) []byte {
	const head = 12 // a length and eleven letters
	if len(blocks) >= head+4 && blocks[0] == 11 && string(blocks[1:head]) == "NETSCAPE2.0" && blocks[head] == 3 && blocks[head+1] == 1 {
		return append(slices.Clone(blocks[:head+4]), 0)
	}
	return nil
}

// gifReader takes a GIF apart; cut says that it ended too soon.
type gifReader struct {
	rest []byte
	cut  bool
}

func (r *gifReader) take(n int) []byte {
	if n > len(r.rest) {
		r.cut, r.rest = true, nil
		return nil
	}
	taken := r.rest[:n]
	r.rest = r.rest[n:]
	return taken
}

// colours takes the table of colours that a descriptor announces in one of its bytes.
func (r *gifReader) colours(descriptor []byte, flags int) []byte {
	if r.cut || descriptor[flags]&0x80 == 0 {
		return nil
	}
	return r.take(3 << (descriptor[flags]&7 + 1))
}

// blocks takes sub-blocks to the empty one, with it.
func (r *gifReader) blocks() []byte {
	start := r.rest
	for !r.cut {
		size := r.take(1)
		if r.cut || size[0] == 0 {
			break
		}
		r.take(int(size[0]))
	}
	return start[:len(start)-len(r.rest)]
}

var webpKept = []string{"VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF", "ICCP"}

// cleanWebP keeps what is seen. What is to be turned is turned, and becomes JPEG or PNG: browsers do not agree on WebP's EXIF.
func cleanWebP(data []byte) ([]byte, error) {
	out := slices.Grow([]byte("RIFF\x00\x00\x00\x00WEBP"), len(data))
	turned := 1
	for rest := data[12:]; len(rest) >= 8; {
		size := int64(binary.LittleEndian.Uint32(rest[4:]))
		if size+8 > int64(len(rest)) {
			return nil, broken(errCut)
		}
		name, body := string(rest[:4]), rest[8:8+size]
		if name == "EXIF" && turned == 1 {
			turned = orientation(bytes.TrimPrefix(body, exifStart))
		}
		if slices.Contains(webpKept, name) {
			from := len(out)
			out = append(append(out, rest[:8]...), body...)
			if name == "VP8X" && size > 0 {
				out[from+8] &^= 0x0c // neither EXIF nor XMP follow
			}
			if size%2 == 1 {
				out = append(out, 0)
			}
		}
		rest = rest[min(8+size+size%2, int64(len(rest))):]
	}
	binary.LittleEndian.PutUint32(out[4:], uint32(len(out)-8))
	if turned == 1 {
		return out, nil
	}
	full, err := decode(bytes.NewReader(out))
	if err != nil {
		return nil, err
	}
	_, data, err = encode(turn(full, turned))
	return data, err
}

// turn applies an orientation of EXIF.
func turn(img image.Image, orientation int) *image.NRGBA {
	switch orientation {
	case 2:
		return imaging.FlipH(img)
	case 3:
		return imaging.Rotate180(img)
	case 4:
		return imaging.FlipV(img)
	case 5:
		return imaging.Transpose(img)
	case 6:
		return imaging.Rotate270(img)
	case 7:
		return imaging.Transverse(img)
	case 8:
		return imaging.Rotate90(img)
	}
	return imaging.Clone(img)
}
