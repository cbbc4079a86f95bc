// Package keyring holds the server's secret and derives one key a purpose from it.
//
// The secret is 32 random bytes in a file of the data directory, readable by its owner
// only, made at the first start. Whoever loses it loses the sealed identity numbers and
// the proof value of receipts: it belongs into the backup, apart from the documents.
// The purposes in use: "identity" (sealed fields), "blind" (blind index of sealed
// fields), "seed" (paper draws), "receipt" (answer receipts), "audit" (trail chain),
// "csrf", "url".
package keyring

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"qiming/internal/fault"
)

// Size of the server secret and of every derived key, in bytes.
const Size = 32

// Ring derives keys from the server's secret. It is safe for concurrent use.
type Ring struct {
	secret []byte
	id     string

	mu   sync.Mutex
	keys map[string][]byte
	aead map[string]cipher.AEAD
}

// Open reads the secret from the file at path and makes the file (mode 0600) where there is
// none. Several processes may open the same path at once: one makes the file, all read it.
func Open(path string) (*Ring, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err = create(path); err != nil {
			return nil, fmt.Errorf("keyring: make %s: %w", path, err)
		}
		text, err = os.ReadFile(path)
	}
	if err != nil {
		return nil, fmt.Errorf("keyring: %w", err)
	}
	ring, err := Parse(string(text))
	if err != nil {
		return nil, fmt.Errorf("%w in %s", err, path)
	}
	return ring, nil
}

// create writes a fresh secret whole or not at all: a link fails where the name is taken.
func create(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(path), ".key-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	secret := make([]byte, Size)
	_, _ = rand.Read(secret) // never fails since Go 1.24
	_, err = file.WriteString(hex.EncodeToString(secret) + "\n")
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	if err = os.Link(file.Name(), path); errors.Is(err, fs.ErrExist) {
		return nil
	}
	return err
}

// Parse takes the secret as 64 hexadecimal digits, as QIMING_KEY and the key file carry it.
func Parse(text string) (*Ring, error) {
	secret, err := hex.DecodeString(strings.TrimSpace(text))
	if err != nil || len(secret) != Size {
		return nil, fmt.Errorf("keyring: the key is not %d hexadecimal digits", 2*Size)
	}
	sum := sha256.Sum256(append([]byte("qiming key id\x00"), secret...))
	return &Ring{
		secret: secret,
		id:     hex.EncodeToString(sum[:4]),
		keys:   map[string][]byte{},
		aead:   map[string]cipher.AEAD{},
	}, nil
}

// ID names the secret without telling it: 8 hexadecimal digits. Sealed values carry it.
func (r *Ring) ID() string { return r.id }

// Key gives the 32-byte key of a purpose, by HKDF-SHA256 (RFC 5869). The same secret and
// purpose give the same key for ever. The caller must not write into it.
func (r *Ring) Key(purpose string) []byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.key(purpose)
}

func (r *Ring) key(purpose string) []byte {
	if key, ok := r.keys[purpose]; ok {
		return key
	}
	key, err := hkdf.Key(sha256.New, r.secret, nil, "qiming/"+purpose, Size)
	if err != nil {
		panic(err) // only for an impossible length
	}
	r.keys[purpose] = key
	return key
}

// MAC gives the HMAC-SHA256 of data under the key of the purpose.
func (r *Ring) MAC(purpose string, data []byte) []byte {
	mac := hmac.New(sha256.New, r.Key(purpose))
	mac.Write(data)
	return mac.Sum(nil)
}

// Seal encrypts text with AES-256-GCM under the key of the purpose. context is bound to the
// value but not stored: Unseal must be given the same ("member:ID"), so that a sealed value
// cannot be moved to another document. Gives "keyid:base64url(nonce, ciphertext)"; "" stays "".
func (r *Ring) Seal(purpose, context, text string) string {
	if text == "" {
		return ""
	}
	aead := r.cipher(purpose)
	nonce := make([]byte, aead.NonceSize())
	_, _ = rand.Read(nonce)
	return r.id + ":" + base64.RawURLEncoding.EncodeToString(aead.Seal(nonce, nonce, []byte(text), []byte(context)))
}

// Unseal reverses Seal. A value of another secret, or one that was altered or moved, is an
// error (fault.Unavailable, "keyring.unreadable"): the data are there, this server cannot read them.
func (r *Ring) Unseal(purpose, context, sealed string) (string, error) {
	if sealed == "" {
		return "", nil
	}
	id, body, found := strings.Cut(sealed, ":")
	if !found || id != r.id {
		return "", fault.New(fault.Unavailable, "keyring.unreadable", "sealed by key %q, this server has %q", id, r.id)
	}
	raw, err := base64.RawURLEncoding.DecodeString(body)
	aead := r.cipher(purpose)
	if err != nil || len(raw) < aead.NonceSize() {
		return "", fault.New(fault.Unavailable, "keyring.unreadable", "sealed value is cut")
	}
	text, err := aead.Open(nil, raw[:aead.NonceSize()], raw[aead.NonceSize():], []byte(context))
	if err != nil {
		return "", fault.Wrap(fault.Unavailable, "keyring.unreadable", err)
	}
	return string(text), nil
}

func (r *Ring) cipher(purpose string) cipher.AEAD {
	r.mu.Lock()
	defer r.mu.Unlock()
	if aead, ok := r.aead[purpose]; ok {
		return aead
	}
	block, err := aes.NewCipher(r.key(purpose))
	if err != nil {
		panic(err) // only for an impossible length
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		panic(err)
	}
	r.aead[purpose] = aead
	return aead
}
