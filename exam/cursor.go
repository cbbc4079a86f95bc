package exam

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"

	"qiming/internal/fault"
)

// A cursor of the store holds the id of the document where the piece ended, and an attempt's id
// names its member. Where names are hidden the cursor goes out sealed: AES-256-GCM with a nonce that
// is an HMAC of what is sealed, so that the same piece has the same cursor.

// sealCursor hides a cursor ("" stays ""). It opens only in the listing it was sealed for.
func sealCursor(key []byte, listing, cursor string) string {
	if cursor == "" {
		return ""
	}
	box := cursorBox(key)
	mac := hmac.New(sha256.New, key)
	writeText(mac, "nonce")
	writeText(mac, listing)
	writeText(mac, cursor)
	nonce := mac.Sum(nil)[:box.NonceSize()]
	return base64.RawURLEncoding.EncodeToString(box.Seal(nonce, nonce, []byte(cursor), []byte(listing)))
}

// openCursor gives what was sealed. Anything else is fault.Invalid ("store.cursor").
func openCursor(key []byte, listing, sealed string) (string, error) {
	if sealed == "" {
		return "", nil
	}
	box := cursorBox(key)
	raw, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil || len(raw) < box.NonceSize() {
		return "", noCursor()
	}
	cursor, err := box.Open(nil, raw[:box.NonceSize()], raw[box.NonceSize():], []byte(listing))
	if err != nil {
		return "", noCursor()
	}
	return string(cursor), nil
}

func cursorBox(key []byte) cipher.AEAD {
	sum := sha256.Sum256(append([]byte("cursor\x00"), key...))
	block, err := aes.NewCipher(sum[:])
	if err != nil {
		panic(err) // only another length of the key is refused
	}
	box, err := cipher.NewGCM(block)
	if err != nil {
		panic(err) // only another size of the block is refused
	}
	return box
}

func noCursor() error {
	return fault.New(fault.Invalid, "store.cursor", "the cursor belongs to another listing")
}
