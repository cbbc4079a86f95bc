package account

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
	"golang.org/x/sync/semaphore"
)

// Cost is what one password hash costs: memory in KiB, passes over it, threads.
type Cost struct {
	Memory  uint32
	Passes  uint32
	Threads uint8
}

// DefaultCost is the minimum that OWASP's Password Storage Cheat Sheet names for argon2id.
// BenchmarkPasswordHash says what it costs here.
var DefaultCost = Cost{Memory: 19 * 1024, Passes: 2, Threads: 1}

const (
	saltSize = 16
	hashSize = 32
)

// Hasher hashes passwords, a bounded number at once: each takes megabytes and a core.
type Hasher struct {
	cost  Cost
	slots *semaphore.Weighted
	dummy string // verified where there is no account, so that it takes as long
}

// NewHasher makes a hasher that works on at most n passwords at once.
func NewHasher(cost Cost, n int) *Hasher {
	h := &Hasher{cost: cost, slots: semaphore.NewWeighted(int64(n))}
	h.dummy = h.derive("no such account")
	return h
}

// Hash gives the PHC string of the password ("$argon2id$v=19$m=…,t=…,p=…$salt$hash"), or the
// error of ctx where it ended before a core was free.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	if err := h.slots.Acquire(ctx, 1); err != nil {
		return "", err
	}
	defer h.slots.Release(1)
	return h.derive(password), nil
}

func (h *Hasher) derive(password string) string {
	salt := make([]byte, saltSize)
	_, _ = rand.Read(salt) // never fails since Go 1.24
	sum := argon2.IDKey([]byte(password), salt, h.cost.Passes, h.cost.Memory, h.cost.Threads, hashSize)
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, h.cost.Memory, h.cost.Passes, h.cost.Threads, b64(salt), b64(sum))
}

// Verify says whether the password has the hash. An empty hash is nobody's: the answer is no,
// after the same work.
func (h *Hasher) Verify(ctx context.Context, hash, password string) (bool, error) {
	if err := h.slots.Acquire(ctx, 1); err != nil {
		return false, err
	}
	defer h.slots.Release(1)
	known := hash != ""
	if !known {
		hash = h.dummy
	}
	cost, salt, want, err := parsePHC(hash)
	if err != nil {
		return false, err
	}
	got := argon2.IDKey([]byte(password), salt, cost.Passes, cost.Memory, cost.Threads, uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1 && known, nil
}

// Outdated says whether the hash was made at another cost than today's.
func (h *Hasher) Outdated(hash string) bool {
	cost, _, _, err := parsePHC(hash)
	return err != nil || cost != h.cost
}

func parsePHC(phc string) (cost Cost, salt, hash []byte, err error) {
	parts := strings.Split(phc, "$")
	if len(parts) != 6 || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return cost, nil, nil, fmt.Errorf("account: no argon2id hash")
	}
	if _, err = fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &cost.Memory, &cost.Passes, &cost.Threads); err != nil {
		return cost, nil, nil, fmt.Errorf("account: hash: %w", err)
	}
	if salt, err = base64.RawStdEncoding.DecodeString(parts[4]); err != nil {
		return cost, nil, nil, fmt.Errorf("account: salt: %w", err)
	}
	if hash, err = base64.RawStdEncoding.DecodeString(parts[5]); err != nil {
		return cost, nil, nil, fmt.Errorf("account: hash: %w", err)
	}
	if len(hash) < 16 || cost.Passes == 0 || cost.Threads == 0 || cost.Memory > 1<<21 || cost.Passes > 100 {
		return cost, nil, nil, fmt.Errorf("account: hash with impossible cost")
	}
	return cost, salt, hash, nil
}
