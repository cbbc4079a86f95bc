package api

import (
	"testing"

	"qiming/media"
)

func TestByteRange(t *testing.T) {
	for _, c := range []struct {
		header string
		piece  media.Range
		some   bool
		ok     bool
	}{
		{"bytes=0-0", media.Range{Offset: 0, Length: 1}, true, true},
		{"bytes=0-99", media.Range{Offset: 0, Length: 100}, true, true},
		{"bytes=0-100", media.Range{Offset: 0, Length: 100}, true, true},
		{"bytes=99-", media.Range{Offset: 99, Length: 1}, true, true},
		{"bytes=100-", media.Range{}, false, false},
		{"bytes=-1", media.Range{Offset: 99, Length: 1}, true, true},
		{"bytes=-100", media.Range{Offset: 0, Length: 100}, true, true},
		{"bytes=-101", media.Range{Offset: 0, Length: 100}, true, true},
		{"bytes=-0", media.Range{}, false, false},
		{"bytes=5-4", media.Range{}, false, true},
		{"bytes=0-1,3-4", media.Range{}, false, true},
		{"bytes=+1-2", media.Range{}, false, true},
		{"bytes=a-b", media.Range{}, false, true},
		{"bytes=", media.Range{}, false, true},
		{"bytes=99999999999999999999-", media.Range{}, false, true},
		{"lines=1-2", media.Range{}, false, true},
	} {
		if piece, some, ok := byteRange(c.header, 100); piece != c.piece || some != c.some || ok != c.ok {
			t.Errorf("%s: %+v %v %v", c.header, piece, some, ok)
		}
	}
}

func FuzzByteRange(f *testing.F) {
	for _, header := range []string{"bytes=0-", "bytes=-5", "bytes=1-2,3-4", "bytes=9-1", "x"} {
		f.Add(header, int64(10))
	}
	f.Fuzz(func(t *testing.T, header string, size int64) {
		if size < 1 {
			return
		}
		piece, some, ok := byteRange(header, size)
		if some && ok && (piece.Offset < 0 || piece.Length < 1 || piece.Offset+piece.Length > size) {
			t.Errorf("%q of %d: %+v", header, size, piece)
		}
	})
}
