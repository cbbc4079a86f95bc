package keyring_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"qiming/internal/fault"
	"qiming/internal/keyring"
)

func TestTheFileIsMadeOnceAndReadByAll(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data", "key")
	rings := make([]*keyring.Ring, 8)
	var wg sync.WaitGroup
	for i := range rings {
		wg.Go(func() {
			ring, err := keyring.Open(path)
			if err != nil {
				t.Error(err)
				return
			}
			rings[i] = ring
		})
	}
	wg.Wait()
	for _, ring := range rings {
		if ring.ID() != rings[0].ID() || !bytes.Equal(ring.Key("seed"), rings[0].Key("seed")) {
			t.Fatal("two processes hold different keys")
		}
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("mode %v, %v; want 0600", info.Mode(), err)
	}
	left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".key-*"))
	if len(left) != 0 {
		t.Fatalf("temporary files left: %v", left)
	}
}

func TestPurposesDiffer(t *testing.T) {
	ring, err := keyring.Parse(strings.Repeat("0f", 32))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(ring.Key("seed"), ring.Key("receipt")) {
		t.Fatal("two purposes share a key")
	}
	if len(ring.Key("seed")) != keyring.Size {
		t.Fatalf("key of %d bytes", len(ring.Key("seed")))
	}
}

func TestABadKeyIsRefused(t *testing.T) {
	for _, text := range []string{"", "0f", strings.Repeat("0f", 31), strings.Repeat("0f", 33), strings.Repeat("zz", 32)} {
		if _, err := keyring.Parse(text); err == nil {
			t.Errorf("Parse(%q) was accepted", text)
		}
	}
}

func TestSealedValuesOpenOnlyInTheirPlace(t *testing.T) {
	ring, _ := keyring.Parse(strings.Repeat("0f", 32))
	other, _ := keyring.Parse(strings.Repeat("f0", 32))
	sealed := ring.Seal("identity", "member:1", "11010519491231002X")
	if strings.Contains(sealed, "1101051949") {
		t.Fatal("not sealed")
	}
	if sealed == ring.Seal("identity", "member:1", "11010519491231002X") {
		t.Fatal("sealing twice gives the same text: the nonce is not fresh")
	}
	if text, err := ring.Unseal("identity", "member:1", sealed); err != nil || text != "11010519491231002X" {
		t.Fatalf("%q, %v", text, err)
	}
	bad := map[string]func() (string, error){
		"another document": func() (string, error) { return ring.Unseal("identity", "member:2", sealed) },
		"another purpose":  func() (string, error) { return ring.Unseal("blind", "member:1", sealed) },
		"another server":   func() (string, error) { return other.Unseal("identity", "member:1", sealed) },
		"cut":              func() (string, error) { return ring.Unseal("identity", "member:1", sealed[:len(sealed)-3]) },
		"short":            func() (string, error) { return ring.Unseal("identity", "member:1", ring.ID()+":AA") },
	}
	for name, open := range bad {
		if text, err := open(); !fault.Is(err, fault.Unavailable) {
			t.Errorf("%s: %q, %v", name, text, err)
		}
	}
	if ring.Seal("identity", "member:1", "") != "" {
		t.Error("an empty value is not sealed")
	}
}
