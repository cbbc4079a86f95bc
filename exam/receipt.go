package exam

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"time"

	"qiming/exam/question"
	"qiming/internal/fault"
)

// Link is one step as the member can export it. It holds no answer, only its hash.
type Link struct {
	Seq          int       `json:"seq"`
	Kind         StepKind  `json:"kind"`
	Slot         int       `json:"slot,omitempty"`
	Late         bool      `json:"late,omitempty"`
	ResponseHash string    `json:"response_hash,omitempty"` // hex SHA-256 of the response's JSON; of the other steps' content
	At           time.Time `json:"at"`
	Prev         string    `json:"prev"`
	Receipt      string    `json:"receipt"`
}

// Chain is the proof of what the server has of an attempt: each receipt is an HMAC-SHA256 (128
// bits of it, base64url) over the receipt before, the attempt, seq, kind, slot, lateness, hash and
// server time. Whoever has the server's key can verify it; nobody else can make one.
type Chain struct {
	AttemptID string `json:"attempt_id"`
	QuizID    string `json:"quiz"`
	MemberID  string `json:"member"`
	Number    int    `json:"number"`
	Head      string `json:"head"` // the last receipt
	Steps     []Link `json:"steps"`
}

// HashResponse gives the hex SHA-256 of the response's JSON.
func HashResponse(r question.Response) string {
	text, err := json.Marshal(r)
	if err != nil {
		panic(err) // strings and a bool only
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// contentHash covers what else a step says; "" for a step that says nothing.
func (s *Step) contentHash() string {
	switch {
	case s.Hash != "":
		return s.Hash
	case s.Kind == StepAnswer && s.Response != nil:
		return HashResponse(*s.Response)
	case s.Kind == StepAnswer:
		return HashResponse(question.Response{})
	case s.Session == "" && s.By == "" && s.Note == "" && s.Ref == 0 && s.Fraction == nil && s.About == "" && s.Version == "" && s.Found == nil && len(s.Rubric) == 0:
		return ""
	}
	fraction := "none"
	if s.Fraction != nil {
		fraction = fmt.Sprintf("%.6f", *s.Fraction)
	}
	said := []any{s.Session, s.By, s.Note, s.Ref, fraction}
	if s.About != "" || s.Version != "" {
		said = append(said, s.About, s.Version)
	}
	if s.Found != nil {
		said = append(said, s.Found)
	}
	if len(s.Rubric) > 0 {
		said = append(said, s.Rubric)
	}
	text, _ := json.Marshal(said) // strings and a number
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

func (s *Step) link(prev string) Link {
	return Link{Seq: s.Seq, Kind: s.Kind, Slot: s.Slot, Late: s.Late, ResponseHash: s.contentHash(), At: s.At.UTC(), Prev: prev, Receipt: s.Receipt}
}

// receipt computes what the link's receipt must be.
func (l Link) receipt(key []byte, attemptID string) string {
	mac := hmac.New(sha256.New, key)
	for _, text := range [...]string{"qiming receipt 1", attemptID, l.Prev, string(l.Kind), l.ResponseHash} {
		writeText(mac, text)
	}
	late := int64(0)
	if l.Late {
		late = 1
	}
	for _, n := range [...]int64{int64(l.Seq), int64(l.Slot), late, l.At.UnixMilli()} {
		var b [8]byte
		binary.BigEndian.PutUint64(b[:], uint64(n))
		mac.Write(b[:])
	}
	var sum [sha256.Size]byte
	return base64.RawURLEncoding.EncodeToString(mac.Sum(sum[:0])[:16])
}

func writeText(mac hash.Hash, text string) {
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], uint32(len(text)))
	mac.Write(b[:])
	mac.Write([]byte(text))
}

// Chain gives the receipts of an attempt.
func (a *Attempt) Chain() Chain {
	c := Chain{AttemptID: a.ID, QuizID: a.QuizID, MemberID: a.MemberID, Number: a.Number, Steps: make([]Link, 0, len(a.Steps))}
	for i := range a.Steps {
		c.Steps = append(c.Steps, a.Steps[i].link(c.Head))
		c.Head = a.Steps[i].Receipt
	}
	return c
}

// Verify checks the chain and gives the seq of the first link that does not hold (0 = the chain is
// whole). A chain that was cut at its end is whole in itself; compare its head with the server's.
func (c Chain) Verify(key []byte) int {
	if c.AttemptID != AttemptID(c.QuizID, c.MemberID, c.Number) || len(c.Steps) == 0 {
		return 1
	}
	prev := ""
	for i, l := range c.Steps {
		if l.Seq != i+1 || l.Prev != prev || !hmac.Equal([]byte(l.receipt(key, c.AttemptID)), []byte(l.Receipt)) {
			return i + 1
		}
		prev = l.Receipt
	}
	if c.Head != prev {
		return len(c.Steps)
	}
	return 0
}

// ParseChain reads an exported chain.
// The error is fault.Invalid, "receipt.unreadable".
func ParseChain(text []byte) (Chain, error) {
	var c Chain
	if err := json.Unmarshal(text, &c); err != nil {
		return Chain{}, fault.Wrap(fault.Invalid, "receipt.unreadable", err)
	}
	return c, nil
}

// AttemptID gives the id of a member's attempt: "QUIZ:MEMBER:NUMBER".
func AttemptID(quizID, memberID string, number int) string {
	return fmt.Sprintf("%s:%s:%d", quizID, memberID, number)
}
