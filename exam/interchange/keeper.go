package interchange

import "context"

// Keeper keeps the original files of imports, so that a preview is confirmed from the very bytes that
// were looked at.
type Keeper interface {
	// Keep stores data under a fresh key; name is the file's own.
	Keep(ctx context.Context, name string, data []byte) (key string, err error)
	// Load gives the data, or fault.NotFound, "import.file_lost".
	Load(ctx context.Context, key string) ([]byte, error)
	// Drop removes it; an unknown key is no error.
	Drop(ctx context.Context, key string) error
}
