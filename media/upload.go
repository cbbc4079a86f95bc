package media

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding"
	"fmt"
	"hash"
	"math"
	"time"

	"qiming/internal/fault"
	"qiming/internal/ident"
	"qiming/internal/store"
)

// UploadState is how far an upload in parts is.
type UploadState string

// The states.
const (
	Receiving UploadState = "receiving" // parts are missing
	Joining   UploadState = "joining"   // all parts are here; they are being made one file
	Kept      UploadState = "kept"      // FileID is the file
	Refused   UploadState = "refused"   // Refusal says why; what can still be mended keeps its parts
)

// Incoming is an upload that comes in parts, one after the other, through any process and for as long as a week: it
// goes on where it was after a lost network, a killed browser or a new sign-in of the same account.
type Incoming struct {
	store.Meta `bson:",inline"`
	Owner      string         `bson:"owner" json:"-"` // account
	OrgID      string         `bson:"org_id" json:"org_id"`
	Name       string         `bson:"name" json:"name"`
	Length     int64          `bson:"length" json:"length"`                 // bytes of the whole
	Offset     int64          `bson:"-" json:"offset"`                      // bytes that are here
	Mark       string         `bson:"mark,omitempty" json:"mark,omitempty"` // by which the client knows the file again
	State      UploadState    `bson:"state" json:"state" enum:"receiving,joining,kept,refused"`
	FileID     string         `bson:"file_id,omitempty" json:"file_id,omitempty"`
	Refusal    string         `bson:"refusal,omitempty" json:"refusal,omitempty"` // key of a fault
	Params     map[string]any `bson:"params,omitempty" json:"params,omitempty"`   // of its message
	Expires    time.Time      `bson:"expires" json:"expires"`
}

// part is a piece of an upload. Its id is "UPLOAD|OFFSET": of several that come for one place, one is taken.
type part struct {
	store.Meta `bson:",inline"`
	Upload     string `bson:"upload"`
	Offset     int64  `bson:"offset"`
	Size       int64  `bson:"size"`
	Key        string `bson:"key"` // of the object
	Sum        []byte `bson:"sum"` // state of the SHA-256 after it, so that no byte is read twice
}

func (p part) end() int64 { return p.Offset + p.Size }

// What an upload in parts may be.
const (
	uploadFor    = 7 * 24 * time.Hour // what is not whole by then is removed
	openUploads  = 20                 // of one account at once
	markLimit    = 200                // bytes
	maxLargest   = 64 << 30           // bytes; no setting goes beyond it
	DefaultLarge = 4 << 30            // bytes of a video, where no setting says otherwise
)

// Create begins an upload in parts for an organisation. Refusals: "media.empty", "media.too_large", "media.quota" (open
// uploads of the organisation count), "upload.too_many".
func (l *Library) Create(ctx context.Context, owner, orgID, name, mark string, length int64) (Incoming, error) {
	switch {
	case length <= 0:
		return Incoming{}, errEmpty()
	case length > l.Largest():
		return Incoming{}, fault.New(fault.Invalid, "media.too_large", "%d bytes", length).With("max_mib", l.Largest()/mib)
	}
	open, err := l.Uploads(ctx, owner)
	if err != nil {
		return Incoming{}, err
	}
	if len(open) >= openUploads {
		return Incoming{}, fault.New(fault.Conflict, "upload.too_many", "%d uploads are open", len(open)).With("max", openUploads)
	}
	if err := l.room(ctx, orgID, length); err != nil {
		return Incoming{}, err
	}
	u := Incoming{Meta: store.Meta{ID: ident.New()}, Owner: owner, OrgID: orgID, Name: tidyName(name), Length: length,
		Mark: mark[:min(len(mark), markLimit)], State: Receiving, Expires: l.Clock.Now().Add(uploadFor)}
	return u, l.uploads.Insert(ctx, &u)
}

// room refuses what would not fit into the quota beside what is kept and what is on its way.
func (l *Library) room(ctx context.Context, orgID string, length int64) error {
	if l.Quota <= 0 {
		return nil
	}
	used, err := l.Used(ctx, orgID)
	if err != nil {
		return err
	}
	for u, err := range l.uploads.Find(ctx, store.Query[Incoming]{Index: "org", Eq: map[string]any{"org_id": orgID}}) {
		if err != nil {
			return err
		}
		if u.State != Kept && l.Clock.Now().Before(u.Expires) {
			used += u.Length
		}
	}
	if used+length > l.Quota {
		return errQuota(used, length, l.Quota)
	}
	return nil
}

func errQuota(used, more, quota int64) error {
	return fault.New(fault.Invalid, "media.quota", "%d + %d of %d bytes", used, more, quota).
		With("used_mib", math.Round(float64(used)/mib*10)/10).With("quota_mib", quota/mib)
}

// Receive takes the next part of an upload. It is durable when Receive returns. Faults: NotFound for an upload that is not
// there or another's; Conflict "upload.offset" (Params offset: where to go on) and "upload.whole"; Invalid "upload.length"
// and what Upload refuses; "upload.over" after its week; "media.full" and "media.unavailable", with nothing lost.
func (l *Library) Receive(ctx context.Context, owner, id string, offset int64, data []byte) (Incoming, error) {
	u, err := l.Incoming(ctx, owner, id)
	if err != nil {
		return u, err
	}
	if u.State != Receiving {
		return u, fault.New(fault.Conflict, "upload.whole", "the upload is %s", u.State)
	}
	if offset != u.Offset {
		return u, errOffset(u.Offset)
	}
	if int64(len(data)) > u.Length-offset {
		return u, fault.New(fault.Invalid, "upload.length", "%d bytes from %d of %d", len(data), offset, u.Length)
	}
	if len(data) == 0 {
		return u, nil
	}
	if offset == 0 && (len(data) >= sniffBytes || int64(len(data)) == u.Length) {
		if err := l.fits(data, u.Length); err != nil { // told now, and not after hours
			return u, err
		}
	}
	sum, err := l.sumBefore(ctx, u)
	if err != nil {
		return u, err
	}
	sum.Write(data)
	state, err := sum.(encoding.BinaryMarshaler).MarshalBinary()
	if err != nil {
		return u, err
	}
	p := part{Meta: store.Meta{ID: partID(id, offset)}, Upload: id, Offset: offset, Size: int64(len(data)), Sum: state,
		Key: uploadKey(id) + fmt.Sprintf("%016x-%s", offset, ident.New())}
	if _, err := l.Bucket.Put(ctx, p.Key, bytes.NewReader(data), p.Size, "application/octet-stream"); err != nil {
		return u, err
	}
	if err := l.parts.Insert(ctx, &p); err != nil {
		if fault.Is(err, fault.Exists) { // another request was faster
			if gone := l.Bucket.Delete(ctx, p.Key); gone != nil {
				return u, gone
			}
			return l.Incoming(ctx, owner, id)
		}
		return u, err
	}
	if u.Offset = p.end(); u.Offset == u.Length {
		return l.whole(ctx, u)
	}
	return u, nil
}

func errOffset(at int64) error {
	return fault.New(fault.Conflict, "upload.offset", "the next byte is %d", at).With("offset", at)
}

func partID(id string, offset int64) string { return fmt.Sprintf("%s|%016x", id, offset) }
func uploadKey(id string) string            { return "uploads/" + id + "/" }

// fits refuses what can be refused by the first bytes.
func (l *Library) fits(head []byte, length int64) error {
	kind, err := sniff(head[:min(len(head), sniffBytes)], true)
	if err != nil {
		return err
	}
	return kind.fits(length, l.limitOf(kind))
}

// sumBefore gives the SHA-256 of what is here.
func (l *Library) sumBefore(ctx context.Context, u Incoming) (hash.Hash, error) {
	sum := sha256.New()
	if u.Offset == 0 {
		return sum, nil
	}
	last, _, err := l.lastPart(ctx, u.ID)
	if err != nil {
		return nil, err
	}
	if last.end() != u.Offset { // one more came meanwhile
		return nil, errOffset(last.end())
	}
	return sum, sum.(encoding.BinaryUnmarshaler).UnmarshalBinary(last.Sum)
}

func (l *Library) lastPart(ctx context.Context, id string) (p part, found bool, err error) {
	page, err := l.parts.Page(ctx, store.Query[part]{Index: "upload", Eq: map[string]any{"upload": id}, Desc: true, Limit: 1})
	if err != nil || len(page.Items) == 0 {
		return p, false, err
	}
	return page.Items[0], true, nil
}

// Incoming gives an upload of the account with how far it is; "upload.over" where its week is over.
func (l *Library) Incoming(ctx context.Context, owner, id string) (Incoming, error) {
	u, err := l.uploads.Get(ctx, id)
	if fault.Is(err, fault.NotFound) || err == nil && u.Owner != owner {
		return Incoming{}, fault.New(fault.NotFound, "upload.unknown", "no upload %s", id)
	}
	if err != nil {
		return Incoming{}, err
	}
	if !l.Clock.Now().Before(u.Expires) {
		return Incoming{}, fault.New(fault.NotFound, "upload.over", "the upload was open until %s", u.Expires)
	}
	return l.measured(ctx, u)
}

// measured fills in how much is here, and lets go on what a crash stopped after the last part.
func (l *Library) measured(ctx context.Context, u Incoming) (Incoming, error) {
	if u.State == Kept || u.State == Joining {
		u.Offset = u.Length
		return u, nil
	}
	last, _, err := l.lastPart(ctx, u.ID)
	if err != nil {
		return u, err
	}
	if u.Offset = last.end(); u.State == Receiving && u.Offset == u.Length {
		return l.whole(ctx, u)
	}
	return u, nil
}

// Uploads gives the uploads of an account that are under way or were refused, newest first.
func (l *Library) Uploads(ctx context.Context, owner string) ([]Incoming, error) {
	list := []Incoming{}
	now := l.Clock.Now()
	for u, err := range l.uploads.Find(ctx, store.Query[Incoming]{Index: "owner", Eq: map[string]any{"owner": owner}, Desc: true}) {
		if err != nil {
			return nil, err
		}
		if u.State == Kept || !now.Before(u.Expires) {
			continue
		}
		if u, err = l.measured(ctx, u); err != nil {
			return nil, err
		}
		list = append(list, u)
	}
	return list, nil
}

// whole says that all parts are here, and has them joined.
func (l *Library) whole(ctx context.Context, u Incoming) (Incoming, error) {
	offset := u.Offset
	u, err := l.uploads.Update(ctx, u.ID, func(u *Incoming) error {
		if u.State != Receiving && u.State != Refused {
			return store.ErrUnchanged
		}
		u.State, u.Refusal, u.Params = Joining, "", nil
		return nil
	})
	if err != nil {
		return u, err
	}
	u.Offset = offset
	return u, l.queue(ctx, joinTask, u.ID)
}

// Finish tries anew to keep an upload that is whole and was refused for want of room.
func (l *Library) Finish(ctx context.Context, owner, id string) (Incoming, error) {
	u, err := l.Incoming(ctx, owner, id)
	if err != nil {
		return u, err
	}
	if u.State != Refused || u.Offset != u.Length {
		return u, fault.New(fault.Conflict, "upload.not_whole", "the upload is %s, %d of %d bytes", u.State, u.Offset, u.Length)
	}
	return l.whole(ctx, u)
}

// Abort ends an upload and removes what is here of it. One that is kept only loses its record.
func (l *Library) Abort(ctx context.Context, owner, id string) error {
	u, err := l.Incoming(ctx, owner, id)
	if err != nil {
		return err
	}
	return l.forget(ctx, u.ID)
}
