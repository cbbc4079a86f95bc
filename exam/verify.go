package exam

import (
	"context"

	"qiming/internal/fault"
)

// Verification is how the certificate of a serial stands, or that there is none.
type Verification string

// The answers besides those of CertificateState. They are answers, not refusals: who asks whether a certificate is
// genuine asks nothing wrong.
const (
	Mistyped Verification = "mistyped" // the check sign does not agree
	Unknown  Verification = "unknown"  // no certificate has the serial
)

// Verified is what anybody who knows the serial learns of a certificate: no more than it takes to believe it. All but
// the state is empty where there is none.
type Verified struct {
	State      Verification `json:"state" enum:"valid,expired,replaced,revoked,mistyped,unknown"`
	Serial     string       `json:"serial,omitempty"`
	Name       string       `json:"name,omitempty"` // 王*明
	Title      string       `json:"title,omitempty"`
	QuizTitle  string       `json:"quiz_title,omitempty"`
	Issuer     string       `json:"issuer,omitempty"`
	IssuedOn   string       `json:"issued_on,omitempty"`
	ValidUntil string       `json:"valid_until,omitempty"`
	RevokedOn  string       `json:"revoked_on,omitempty"` // of one that is revoked or replaced; why is between its holder and the issuer
}

// Verify answers anybody who has the serial of a certificate.
func (s *Certificates) Verify(ctx context.Context, typed string) (Verified, error) {
	serials := serialsOf(typed)
	if len(serials) == 0 {
		return Verified{State: Mistyped}, nil
	}
	for _, id := range serials {
		c, err := s.awarded.Get(ctx, id)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return Verified{}, err
		}
		v := Verified{State: Verification(c.State(s.clock.Now(), s.zone)), Serial: c.ID, Name: masked(c.Name), Title: c.Title, QuizTitle: c.QuizTitle,
			Issuer: c.Issuer, IssuedOn: c.IssuedOn, ValidUntil: c.ValidUntil}
		if c.RevokedAt != nil {
			v.RevokedOn = c.RevokedAt.In(s.zone).Format(dayForm)
		}
		return v, nil
	}
	return Verified{State: Unknown}, nil
}
