package api

import (
	"bytes"
	"context"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"hash"
	"net/http"
	"strconv"
	"strings"

	"qiming/internal/fault"
	"qiming/media"
	"qiming/policies"
)

// Uploads in parts speak the tus 1.0 protocol (https://tus.io/protocols/resumable-upload): core, creation, termination,
// expiration, checksum. A part is at most uploadLimit bytes, for it is held in memory; clients set their chunk size below it.

const (
	tusVersion    = "1.0.0"
	tusExtensions = "creation,termination,expiration,checksum"
	tusPart       = "application/offset+octet-stream"
)

// TusState are what every answer of the protocol carries.
type TusState struct {
	Resumable string `header:"Tus-Resumable"`
	Offset    int64  `header:"Upload-Offset"`
	Length    int64  `header:"Upload-Length"`
	Expires   string `header:"Upload-Expires"`
}

func tusOf(u media.Incoming) TusState {
	return TusState{Resumable: tusVersion, Offset: u.Offset, Length: u.Length, Expires: u.Expires.UTC().Format(http.TimeFormat)}
}

// TusRequest refuses a client that speaks another version.
type TusRequest struct {
	Resumable string `header:"Tus-Resumable" maxLength:"20"`
}

func (in TusRequest) check() error {
	if in.Resumable != tusVersion {
		return fault.New(fault.Invalid, "upload.version", "Tus-Resumable is %q", in.Resumable)
	}
	return nil
}

type uploadOptionsOutput struct {
	Version    string `header:"Tus-Version"`
	Resumable  string `header:"Tus-Resumable"`
	Extension  string `header:"Tus-Extension"`
	MaxSize    int64  `header:"Tus-Max-Size"`
	Algorithms string `header:"Tus-Checksum-Algorithm"`
}

func (a *API) uploadOptions(context.Context, policies.Actor, *Nothing) (*uploadOptionsOutput, error) {
	return &uploadOptionsOutput{Version: tusVersion, Resumable: tusVersion, Extension: tusExtensions, MaxSize: a.Media.Largest(), Algorithms: "sha1,sha256"}, nil
}

type uploadCreateInput struct {
	TusRequest
	Length   string `header:"Upload-Length" maxLength:"20" doc:"Bytes of the whole"`
	Metadata string `header:"Upload-Metadata" maxLength:"2000" doc:"filename, org_id (whose quota it counts against; by default one's own), mark (by which the client knows the file again): keys with values in base64, after tus"`
}

type uploadCreateOutput struct {
	TusState
	Location string `header:"Location"`
}

func (a *API) uploadCreate(ctx context.Context, actor policies.Actor, in *uploadCreateInput) (*uploadCreateOutput, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	length, err := strconv.ParseInt(in.Length, 10, 64)
	if err != nil || length < 0 {
		return nil, fault.New(fault.Invalid, "upload.length", "Upload-Length is %q", in.Length)
	}
	values := tusMetadata(in.Metadata)
	orgID, _, err := a.bankOf(ctx, actor, values["org_id"])
	if err != nil {
		return nil, err
	}
	u, err := a.Media.Create(ctx, actor.AccountID, orgID, values["filename"], values["mark"], length)
	if err != nil {
		return nil, err
	}
	return &uploadCreateOutput{TusState: tusOf(u), Location: prefix + "/uploads/" + u.ID}, nil
}

// tusMetadata reads "key base64,key base64,key"; what is no base64 is left out.
func tusMetadata(header string) map[string]string {
	values := map[string]string{}
	for pair := range strings.SplitSeq(header, ",") {
		key, encoded, _ := strings.Cut(strings.TrimSpace(pair), " ")
		if value, err := base64.StdEncoding.DecodeString(strings.TrimSpace(encoded)); err == nil && key != "" {
			values[key] = strings.ToValidUTF8(string(value), "")
		}
	}
	return values
}

type uploadReceiveInput struct {
	ByID
	TusRequest
	Offset   string `header:"Upload-Offset" maxLength:"20" doc:"Where the part begins"`
	Checksum string `header:"Upload-Checksum" maxLength:"100" doc:"sha1 or sha256 of the part, in base64, after tus"`
	Type     string `header:"Content-Type" maxLength:"100"`
	RawBody  []byte `contentType:"application/offset+octet-stream"`
}

func (a *API) uploadReceive(ctx context.Context, actor policies.Actor, in *uploadReceiveInput) (*TusState, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	if in.Type != tusPart {
		return nil, fault.New(fault.Invalid, "request.media_type", "a part has the type %s", tusPart)
	}
	offset, err := strconv.ParseInt(in.Offset, 10, 64)
	if err != nil || offset < 0 {
		return nil, fault.New(fault.Invalid, "upload.length", "Upload-Offset is %q", in.Offset)
	}
	if err := checkPart(in.Checksum, in.RawBody); err != nil {
		return nil, err
	}
	u, err := a.Media.Receive(ctx, actor.AccountID, in.ID, offset, in.RawBody)
	if err != nil {
		return nil, err
	}
	out := tusOf(u)
	return &out, nil
}

// checkPart compares a part with its checksum, "sha256 BASE64", where the client sent one.
func checkPart(header string, part []byte) error {
	if header == "" {
		return nil
	}
	name, encoded, _ := strings.Cut(header, " ")
	sum, known := map[string]hash.Hash{"sha1": sha1.New(), "sha256": sha256.New()}[name]
	want, err := base64.StdEncoding.DecodeString(encoded)
	if !known || err != nil {
		return fault.New(fault.Invalid, "upload.algorithm", "Upload-Checksum is %q", header)
	}
	sum.Write(part)
	if !bytes.Equal(sum.Sum(nil), want) {
		return fault.New(fault.Invalid, "upload.checksum", "the part is not what its checksum says")
	}
	return nil
}

type uploadShowOutput struct {
	TusState
	CacheControl string `header:"Cache-Control"`
	Body         media.Incoming
}

// uploadShow answers HEAD, by which a client learns where to go on, and GET, with what became of it.
func (a *API) uploadShow(ctx context.Context, actor policies.Actor, in *ByID) (*uploadShowOutput, error) {
	u, err := a.Media.Incoming(ctx, actor.AccountID, in.ID)
	if err != nil {
		return nil, err
	}
	return &uploadShowOutput{TusState: tusOf(u), CacheControl: "no-store", Body: u}, nil
}

func (a *API) uploadList(ctx context.Context, actor policies.Actor, _ *Nothing) (*Listed[media.Incoming], error) {
	uploads, err := a.Media.Uploads(ctx, actor.AccountID)
	if err != nil {
		return nil, err
	}
	return list(uploads), nil
}

func (a *API) uploadFinish(ctx context.Context, actor policies.Actor, in *ByID) (*Answer[media.Incoming], error) {
	u, err := a.Media.Finish(ctx, actor.AccountID, in.ID)
	if err != nil {
		return nil, err
	}
	return answer(u), nil
}

type uploadAbortOutput struct {
	Resumable string `header:"Tus-Resumable"`
}

func (a *API) uploadAbort(ctx context.Context, actor policies.Actor, in *ByID) (*uploadAbortOutput, error) {
	return &uploadAbortOutput{Resumable: tusVersion}, a.Media.Abort(ctx, actor.AccountID, in.ID)
}
