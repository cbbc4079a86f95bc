package api

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"rsc.io/qr"

	"qiming/exam"
	"qiming/internal/fault"
	"qiming/policies"
)

type certificateVerifyInput struct {
	Serial string `path:"serial" maxLength:"128"`
}

func (a *API) certificateVerify(ctx context.Context, _ policies.Actor, in *certificateVerifyInput) (*Answer[exam.Verified], error) {
	if err := a.limits.lookup(callOf(ctx).address); err != nil {
		return nil, err
	}
	v, err := a.Exams.Awards.Verify(ctx, in.Serial)
	if err != nil {
		return nil, err
	}
	return answer(v), nil
}

func (a *API) ownCertificates(ctx context.Context, actor policies.Actor, _ *Nothing) (*Listed[exam.Held], error) {
	items, err := a.Exams.Awards.Mine(ctx, actor)
	if err != nil {
		return nil, err
	}
	return list(items), nil
}

type ownCertificateInput struct {
	ByID
	Origin string `query:"origin" maxLength:"200" doc:"Where the client is served from, as https://host: the QR code leads there"`
}

// Printed is a certificate with the QR code that leads to its verification.
type Printed struct {
	exam.Held
	URL string `json:"url"`
	QR  QR     `json:"qr"`
}

// QR is a QR code as squares of one unit.
type QR struct {
	Size int    `json:"size" doc:"Units of a side, without margin"`
	Path string `json:"path" doc:"Of an SVG: the black squares"`
}

func (a *API) ownCertificate(ctx context.Context, actor policies.Actor, in *ownCertificateInput) (*Answer[Printed], error) {
	held, err := a.Exams.Awards.Own(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	out := Printed{Held: held}
	origin, err := url.Parse(in.Origin)
	if err != nil || origin.Host == "" || origin.Scheme != "https" && origin.Scheme != "http" {
		return nil, fault.New(fault.Invalid, "request.origin", "origin %q", in.Origin)
	}
	out.URL = (&url.URL{Scheme: origin.Scheme, Host: origin.Host, Path: "/verify/" + held.ID}).String()
	out.QR, err = qrOf(out.URL)
	if err != nil {
		return nil, err
	}
	return answer(out), nil
}

// qrOf draws a text; error correction M (15 %) is enough for paper.
func qrOf(text string) (QR, error) {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return QR{}, fault.Wrap(fault.Invalid, "request.origin", err)
	}
	var path strings.Builder
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			from := x
			for x < code.Size && code.Black(x, y) {
				x++
			}
			if x > from {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", from, y, x-from, x-from)
			}
		}
	}
	return QR{Size: code.Size, Path: path.String()}, nil
}

func (a *API) certificateList(ctx context.Context, actor policies.Actor, in *ByID) (*Listed[exam.Held], error) {
	items, err := a.Exams.Awards.OfQuiz(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	return list(items), nil
}

// IssuedCount is what issuing came to.
type IssuedCount struct {
	Valid int `json:"valid" doc:"Certificates of the quiz that hold now"`
}

func (a *API) certificateIssue(ctx context.Context, actor policies.Actor, in *ByID) (*Answer[IssuedCount], error) {
	n, err := a.Exams.Awards.Issue(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	return answer(IssuedCount{n}), nil
}

func heldAnswer(h exam.Held, err error) (*Answer[exam.Held], error) {
	if err != nil {
		return nil, err
	}
	return answer(h), nil
}

func (a *API) certificateRevoke(ctx context.Context, actor policies.Actor, in *reasonInput) (*Answer[exam.Held], error) {
	return heldAnswer(a.Exams.Awards.Revoke(ctx, actor, in.ID, in.Body.Reason))
}

func (a *API) certificateCorrect(ctx context.Context, actor policies.Actor, in *reasonInput) (*Answer[exam.Held], error) {
	return heldAnswer(a.Exams.Awards.Correct(ctx, actor, in.ID, in.Body.Reason))
}
