package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"qiming/internal/fault"
	"qiming/internal/store"
)

// installation remembers which key a database belongs to: with another one receipts, sealed fields and the
// audit trail of that database would seem forged.
type installation struct {
	store.Meta `bson:",inline"`
	KeyID      string `bson:"key_id"` // keyring.Ring.ID, which does not tell the key
}

const installationID = "installation"

func (a *App) defineInstallation() {
	a.installed = store.Define[installation](a.db, store.Spec{Name: "installation", Version: 1})
}

// checkKey ties a fresh database to the key, and refuses a database that is tied to another. A key file that
// this process made for want of one is taken away again, so that the right one can be put in its place.
func (a *App) checkKey(ctx context.Context, fresh bool) error {
	first := installation{Meta: store.Meta{ID: installationID}, KeyID: a.Keys.ID()}
	err := a.installed.Insert(ctx, &first)
	if !fault.Is(err, fault.Exists) {
		return err
	}
	known, err := a.installed.Get(ctx, installationID)
	if err != nil || known.KeyID == a.Keys.ID() {
		return err
	}
	path := filepath.Join(a.Data, keyFile)
	if fresh {
		err = os.Remove(path)
		return errors.Join(fmt.Errorf("the database was made with key %s, which is not here: put its key file back as %s, or give the key with --key", known.KeyID, path), err)
	}
	return fmt.Errorf("the database was made with key %s, but %s (or --key) holds %s: put the key back that was backed up with it", known.KeyID, path, a.Keys.ID())
}
