package media

import (
	"bytes"
	"image"
	_ "image/gif" // what image.DecodeConfig knows
	_ "image/jpeg"
	_ "image/png"
	"io"

	"github.com/disintegration/imaging"
	_ "golang.org/x/image/webp"

	"qiming/internal/fault"
)

const (
	thumbSide = 480        // pixels of the longer side
	maxPixels = 50_000_000 // of a picture: decoding takes four bytes each
)

// picture is what is known of a picture, and a small copy of it where it is larger than that.
type picture struct {
	width, height int // as it is shown, turned by its EXIF orientation
	thumb         []byte
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

// look measures a picture and makes its thumbnail.
func look(r io.ReadSeeker) (picture, error) {
	full, err := decode(r)
	if err != nil {
		return picture{}, err
	}
	p := picture{width: full.Bounds().Dx(), height: full.Bounds().Dy()}
	if p.width <= thumbSide && p.height <= thumbSide {
		return p, nil
	}
	small := imaging.Fit(full, thumbSide, thumbSide, imaging.Lanczos)
	var out bytes.Buffer
	format := imaging.JPEG
	if !small.Opaque() {
		format = imaging.PNG
	}
	if err := imaging.Encode(&out, small, format, imaging.JPEGQuality(82)); err != nil {
		return picture{}, broken(err)
	}
	p.thumb = out.Bytes()
	return p, nil
}

func broken(err error) error {
	return fault.New(fault.Invalid, "media.picture_broken", "the picture cannot be read: %v", err)
}
