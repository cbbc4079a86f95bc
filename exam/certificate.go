package exam

import (
	"strings"
	"time"

	"qiming/internal/store"
)

// Certificate proves that a member passed a quiz. Its id is the serial (see serial.go), by which two processes that
// issue the same one keep it once. It is never changed but to be revoked: what was wrong is revoked, and a new one
// names it.
type Certificate struct {
	store.Meta `bson:",inline"`
	QuizID     string     `bson:"quiz_id" json:"quiz_id"`
	MemberID   string     `bson:"member_id" json:"member_id"`
	Number     int        `bson:"number" json:"number"` // of the member's certificates of the quiz, from 1
	AttemptID  string     `bson:"attempt_id" json:"attempt_id"`
	OrgPath    []string   `bson:"org_path" json:"-"` // of the quiz
	Issuer     string     `bson:"issuer" json:"issuer"`
	Name       string     `bson:"name" json:"name"`
	Title      string     `bson:"title" json:"title"` // 合格证书
	QuizTitle  string     `bson:"quiz_title" json:"quiz_title"`
	Score      float64    `bson:"score" json:"score"`
	Points     float64    `bson:"points" json:"points"`
	Makeup     bool       `bson:"makeup,omitempty" json:"makeup"`                     // passed in a make-up exam
	IssuedOn   string     `bson:"issued_on" json:"issued_on"`                         // 2026-03-05, of the organisation's zone
	ValidUntil string     `bson:"valid_until,omitempty" json:"valid_until,omitempty"` // the last day; absent = for good
	Replaces   string     `bson:"replaces,omitempty" json:"replaces,omitempty"`       // the serial that this one corrects
	ReplacedBy string     `bson:"replaced_by,omitempty" json:"replaced_by,omitempty"`
	RevokedAt  *time.Time `bson:"revoked_at,omitempty" json:"revoked_at,omitempty"`
	Why        Revocation `bson:"why,omitempty" json:"why,omitempty" enum:"corrected,failed,by_hand"`
	Reason     string     `bson:"reason,omitempty" json:"reason,omitempty"` // of a revocation by hand
	RevokedBy  string     `bson:"revoked_by,omitempty" json:"-"`            // account, of a revocation by hand
}

// Revocation is why a certificate does not hold any more.
type Revocation string

// The reasons.
const (
	Corrected Revocation = "corrected" // another one stands in its place
	NotPassed Revocation = "failed"    // the result was corrected, or taken out of the count
	ByHand    Revocation = "by_hand"   // by decision; none is issued by itself any more
)

// CertificateState is how a certificate stands.
type CertificateState string

// The states.
const (
	CertificateValid    CertificateState = "valid"
	CertificateExpired  CertificateState = "expired"
	CertificateReplaced CertificateState = "replaced"
	CertificateRevoked  CertificateState = "revoked"
)

const dayForm = "2006-01-02"

// State says how the certificate stands on the day of now; zone is the organisation's. On its last day it is valid.
func (c *Certificate) State(now time.Time, zone *time.Location) CertificateState {
	switch {
	case c.RevokedAt != nil && c.Why == Corrected:
		return CertificateReplaced
	case c.RevokedAt != nil:
		return CertificateRevoked
	case c.ValidUntil != "" && now.In(zone).Format(dayForm) > c.ValidUntil:
		return CertificateExpired
	}
	return CertificateValid
}

// lastDay gives the last day of a certificate that is issued at a moment and holds for months (0 = for good): the
// same day of a later month, or the month's last where it has no such day.
func lastDay(issued time.Time, months int) string {
	if months == 0 {
		return ""
	}
	y, m, d := issued.Date()
	first := time.Date(y, m+time.Month(months), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(d, last)-1).Format(dayForm)
}

// masked hides all of a name but its first and last sign: 王*明; of two signs the first: 王*.
func masked(name string) string {
	signs := []rune(name)
	switch n := len(signs); {
	case n == 0:
		return ""
	case n <= 2:
		return string(signs[:1]) + "*"
	default:
		return string(signs[:1]) + strings.Repeat("*", n-2) + string(signs[n-1:])
	}
}
