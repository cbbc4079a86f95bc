package interchange

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"qiming/internal/fault"
	"qiming/internal/ident"
	"qiming/internal/store"
)

// Keeper keeps the original files of imports, so that a preview is confirmed from the very bytes that
// were looked at.
type Keeper interface {
	// Keep stores data under a fresh key.
	Keep(ctx context.Context, name string, data []byte) (key string, err error)
	// Load gives the data, or fault.NotFound.
	Load(ctx context.Context, key string) ([]byte, error)
	// Drop removes it; an unknown key is no error.
	Drop(ctx context.Context, key string) error
}

// Parts is a Keeper in the database, for a service without object storage: a file is stored in pieces.
type Parts struct{ docs store.Collection[part] }

type part struct {
	store.Meta `bson:",inline"` // "KEY:0007"
	Data       []byte           `bson:"data" json:"data"`
	Last       bool             `bson:"last" json:"last"`
	Sum        string           `bson:"sum,omitempty" json:"sum,omitempty"` // of the whole file, on the last part
}

const partSize = 512 << 10

// NewParts declares the collection; call it before the database starts.
func NewParts(db *store.DB) *Parts {
	return &Parts{store.Define[part, *part](db, store.Spec{Name: "import_files", Version: 1})}
}

func partID(key string, n int) string { return fmt.Sprintf("%s:%04d", key, n) }

// Keep stores data under a fresh key.
func (p *Parts) Keep(ctx context.Context, _ string, data []byte) (string, error) {
	key := ident.New()
	sum := sha256.Sum256(data)
	for n := 0; ; n++ {
		piece := part{Meta: store.Meta{ID: partID(key, n)}, Data: data[:min(len(data), partSize)]}
		data = data[len(piece.Data):]
		if piece.Last = len(data) == 0; piece.Last {
			piece.Sum = hex.EncodeToString(sum[:])
		}
		if err := p.docs.Insert(ctx, &piece); err != nil {
			return "", err
		}
		if piece.Last {
			return key, nil
		}
	}
}

// Load gives the data; what is not whole is fault.NotFound, "import.file_lost".
func (p *Parts) Load(ctx context.Context, key string) ([]byte, error) {
	var data []byte
	for n := 0; ; n++ {
		piece, err := p.docs.Get(ctx, partID(key, n))
		if fault.Is(err, fault.NotFound) {
			return nil, errFileLost(key)
		}
		if err != nil {
			return nil, err
		}
		data = append(data, piece.Data...)
		if piece.Last {
			if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != piece.Sum {
				return nil, errFileLost(key)
			}
			return data, nil
		}
	}
}

// Drop removes the parts.
func (p *Parts) Drop(ctx context.Context, key string) error {
	for n := 0; ; n++ {
		if err := p.docs.Delete(ctx, partID(key, n)); fault.Is(err, fault.NotFound) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

func errFileLost(key string) error {
	return fault.New(fault.NotFound, "import.file_lost", "the file %s of the import is not there or not whole", key)
}
