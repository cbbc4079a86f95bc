package media

import (
	"encoding/binary"
	"io"
)

// hidden says whether boxes of an MP4 (ISO 14496-12), from a byte to another, hold what programs and cameras write for themselves.
// What cannot be followed does.
func hidden(r io.ReaderAt, at, end int64, within string) bool {
	var head [16]byte
	for n := 0; at+8 <= end; n++ {
		if n > 10_000 {
			return true
		}
		if _, err := r.ReadAt(head[:8], at); err != nil {
			return true
		}
		size, start, kind := int64(binary.BigEndian.Uint32(head[:])), int64(8), string(head[4:8])
		switch size {
		case 0:
			size = end - at
		case 1:
			if _, err := r.ReadAt(head[8:], at+8); err != nil {
				return true
			}
			size, start = int64(binary.BigEndian.Uint64(head[8:])), 16
		}
		if size < start || size > end-at {
			return true
		}
		switch {
		case kind == "uuid", kind == "meta" && within != "udta", within == "udta" && kind != "meta":
			return true
		case kind == "moov" || kind == "trak" || kind == "udta":
			if hidden(r, at+start, at+size, kind) {
				return true
			}
		}
		at += size
	}
	return false
}
