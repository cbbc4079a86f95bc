package media

import (
	"bytes"
	"image"
	_ "image/gif" // what image.DecodeConfig knows
	_ "image/jpeg"
	_ "image/png"
	"io"
	"strconv"

	"github.com/disintegration/imaging"
	_ "golang.org/x/image/webp"

	"qiming/internal/fault"
)

// Pictures are kept as they came, without what is not seen (Clean), and beside them in sizes for lists, phones and PCs.
const (
	thumbSide = 480        // pixels of the longer side
	phoneSide = 1080       //
	wideSide  = 1920       //
	maxPixels = 50_000_000 // of a picture: decoding takes four bytes each
)

// Variant is something that was made of a file: a picture in another size, a poster, a rendition of a video. Only who may
// see the file may see it.
type Variant struct {
	Name   string `bson:"name"` // "480", "poster"
	Type   string `bson:"type"` // media type
	Width  int    `bson:"width,omitempty"`
	Height int    `bson:"height,omitempty"`
	Size   int64  `bson:"size"`             // bytes
	Rate   int    `bson:"rate,omitempty"`   // of a rendition: bits per second at most
	Codecs string `bson:"codecs,omitempty"` // of a rendition (RFC 6381)
}

// made is a variant that is to be stored.
type made struct {
	Variant
	data []byte
}

// picture is what is known of a picture, and its smaller sizes.
type picture struct {
	width, height int // as it is shown, turned by its EXIF orientation
	sizes         []made
}

// decode reads a picture whole, turned as it is shown. What cannot be decoded, or would be too large to, is
// fault.Invalid.
func decode(r io.ReadSeeker) (image.Image, error) {
	config, _, err := image.DecodeConfig(r)
	if err != nil {
		return nil, broken(err)
	}
	if int64(config.Width)*int64(config.Height) > maxPixels {
		return nil, fault.New(fault.Invalid, "media.picture_large", "%d x %d pixels", config.Width, config.Height).
			With("width", config.Width).With("height", config.Height)
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return nil, unavailable(err)
	}
	full, err := imaging.Decode(r, imaging.AutoOrientation(true))
	if err != nil {
		return nil, broken(err)
	}
	return full, nil
}

// decoders bounds the memory of the process: each may take several hundred MiB.
var decoders = make(chan struct{}, 2)

// look measures a picture and makes its smaller sizes: those that spare bytes, and a thumbnail of whatever is larger than one.
// An animation has a thumbnail alone, which stands still.
func look(data []byte) (picture, error) {
	decoders <- struct{}{}
	defer func() { <-decoders }()
	full, err := decode(bytes.NewReader(data))
	if err != nil {
		return picture{}, err
	}
	p := picture{width: full.Bounds().Dx(), height: full.Bounds().Dy()}
	sides := []int{wideSide, phoneSide, thumbSide}
	if bytes.HasPrefix(data, []byte("GIF8")) {
		sides = sides[2:]
	}
	for _, side := range sides { // from large to small, each out of the one before
		if max(p.width, p.height) <= side {
			continue
		}
		small := imaging.Fit(full, side, side, imaging.Lanczos)
		full = small
		mime, out, err := encode(small)
		if err != nil {
			return picture{}, err
		}
		if side != thumbSide && len(out) > len(data)*9/10 {
			continue
		}
		size := Variant{Name: strconv.Itoa(side), Type: mime, Width: small.Rect.Dx(), Height: small.Rect.Dy(), Size: int64(len(out))}
		p.sizes = append([]made{{size, out}}, p.sizes...)
	}
	return p, nil
}

// encode writes a picture as JPEG, or as PNG where that is smaller, as of drawings, or where it is not opaque.
func encode(img *image.NRGBA) (mime string, data []byte, err error) {
	var photo, drawing bytes.Buffer
	if err := imaging.Encode(&drawing, img, imaging.PNG); err != nil {
		return "", nil, broken(err)
	}
	if !img.Opaque() {
		return "image/png", drawing.Bytes(), nil
	}
	if err := imaging.Encode(&photo, img, imaging.JPEG, imaging.JPEGQuality(82)); err != nil {
		return "", nil, broken(err)
	}
	if drawing.Len() < photo.Len() {
		return "image/png", drawing.Bytes(), nil
	}
	return "image/jpeg", photo.Bytes(), nil
}

func broken(err error) error {
	return fault.New(fault.Invalid, "media.picture_broken", "the picture cannot be read: %v", err)
}
