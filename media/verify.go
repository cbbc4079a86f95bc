package media

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"

	"qiming/internal/fault"
)

// verified reads a whole object and compares its checksum before it gives the last bytes away: who reads just
// as many bytes as the object has learns of damage too.
type verified struct {
	io.ReadCloser
	sum  hash.Hash
	got  int64
	want Object
}

func verify(r io.ReadCloser, want Object) io.ReadCloser {
	return &verified{ReadCloser: r, sum: sha256.New(), want: want}
}

// Read gives a fault in place of the end where the content is damaged.
func (v *verified) Read(p []byte) (int, error) {
	n, err := v.ReadCloser.Read(p)
	v.sum.Write(p[:n])
	v.got += int64(n)
	if over := err == io.EOF || v.got >= v.want.Size; over && hex.EncodeToString(v.sum.Sum(nil)) != v.want.SHA256 {
		return 0, fault.New(fault.Unavailable, "media.corrupt", "%s is not what was stored", v.want.Key)
	}
	return n, err
}
