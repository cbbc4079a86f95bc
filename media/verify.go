package media

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"

	"qiming/internal/fault"
)

// verified reads a whole object and compares its checksum at the end.
type verified struct {
	io.ReadCloser
	sum  hash.Hash
	want Object
}

func verify(r io.ReadCloser, want Object) io.ReadCloser {
	return &verified{ReadCloser: r, sum: sha256.New(), want: want}
}

// Read gives a fault in place of io.EOF where the content is damaged.
func (v *verified) Read(p []byte) (int, error) {
	n, err := v.ReadCloser.Read(p)
	v.sum.Write(p[:n])
	if err == io.EOF && hex.EncodeToString(v.sum.Sum(nil)) != v.want.SHA256 {
		return n, fault.New(fault.Unavailable, "media.corrupt", "%s is not what was stored", v.want.Key)
	}
	return n, err
}
