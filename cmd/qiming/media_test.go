package main

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"qiming/app"
	"qiming/app/account"
	"qiming/internal/ident"
)

func TestMediaVerify(t *testing.T) {
	data := t.TempDir()
	a, err := app.New(t.Context(), app.Defaults(data), app.Deps{Clock: ident.System{}, Log: slog.New(slog.DiscardHandler), Accounts: account.DefaultSettings(1)})
	if err != nil {
		t.Fatal(err)
	}
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 9, 9))); err != nil {
		t.Fatal(err)
	}
	f, err := a.Media.Upload(context.Background(), "org", "a.png", &picture)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	if out := want(t, 0, "media", "verify", "--data", data); !strings.Contains(out, "1 files, 0.0 MiB, 0 findings") {
		t.Errorf("%s", out)
	}
	err = filepath.WalkDir(filepath.Join(data, "media"), func(path string, d fs.DirEntry, err error) error {
		if err == nil && strings.Contains(path, f.ID) {
			err = os.Remove(path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if out := want(t, 1, "media", "verify", "--json", "--data", data); !strings.Contains(out, `"code":"missing"`) {
		t.Errorf("%s", out)
	}
}
