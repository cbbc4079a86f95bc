package api

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"

	"qiming/exam"
	"qiming/exam/question"
	"qiming/media"
	"qiming/policies"
)

// FilesPath is where links of ours lead: the id of the file follows.
const FilesPath = prefix + "/files/"

// mediaFor is how long the links of a page hold.
const mediaFor = 30 * time.Minute

// mediaUntil gives until when the links of a page hold that is shown now. Those of a quarter of an hour are the same, so that
// browsers know again what they have.
func (a *API) mediaUntil() time.Time {
	const step = 15 * time.Minute
	return a.Clock.Now().Add(mediaFor + step - 1).Truncate(step)
}

// links gives the viewer links of the files that texts show or that are attached to responses. What a taker wrote
// is no such text: nobody gets at a file by naming it.
func (a *API) links(ctx context.Context, actor policies.Actor, until time.Time, shown any, responses ...question.Response) (media.Links, error) {
	text, err := json.Marshal(shown)
	if err != nil {
		return nil, err
	}
	ids := media.In(string(text))
	for _, r := range responses {
		ids = append(ids, r.Files...)
	}
	if len(ids) == 0 {
		return nil, nil
	}
	return a.Media.Links(ctx, actor.AccountID, until, ids)
}

// apart parts what items show from what was answered to them.
func apart(items []exam.ReviewItem) (shown []exam.ReviewItem, responses []question.Response) {
	shown = slices.Clone(items)
	for i := range shown {
		if r := shown[i].Response; r != nil {
			responses, shown[i].Response = append(responses, *r), nil
		}
	}
	return shown, responses
}

type mediaUploadInput struct {
	RawBody huma.MultipartFormFiles[struct {
		File  huma.FormFile `form:"file" required:"true"`
		OrgID string        `form:"org_id" required:"false" maxLength:"64" doc:"Whose quota it counts against; by default one's own"`
	}]
}

// MediaUploaded is a file that is kept now.
type MediaUploaded struct {
	File media.File `json:"file"`
	Text string     `json:"text" doc:"What shows it within a text"`
	Link media.Link `json:"link"`
}

// mediaUpload keeps a file. What nothing shows within a week is removed again.
func (a *API) mediaUpload(ctx context.Context, actor policies.Actor, in *mediaUploadInput) (*Answer[MediaUploaded], error) {
	form := in.RawBody.Data()
	defer form.File.Close()
	orgID, _, err := a.bankOf(ctx, actor, form.OrgID)
	if err != nil {
		return nil, err
	}
	f, err := a.Media.Upload(ctx, orgID, form.File.Filename, form.File)
	if err != nil {
		return nil, err
	}
	links, err := a.Media.Links(ctx, actor.AccountID, a.mediaUntil(), []string{f.ID})
	if err != nil {
		return nil, err
	}
	return answer(MediaUploaded{File: f, Text: "![](media:" + f.ID + ")", Link: links[f.ID]}), nil
}

type mediaUsageInput struct {
	OrgID string `query:"org_id" maxLength:"64" doc:"By default one's own"`
}

// MediaUsage is what an organisation's files take, in bytes.
type MediaUsage struct {
	Used  int64 `json:"used"`
	Quota int64 `json:"quota" doc:"0 = no limit"`
}

func (a *API) mediaUsage(ctx context.Context, actor policies.Actor, in *mediaUsageInput) (*Answer[MediaUsage], error) {
	orgID, _, err := a.bankOf(ctx, actor, in.OrgID)
	if err != nil {
		return nil, err
	}
	used, err := a.Media.Used(ctx, orgID)
	if err != nil {
		return nil, err
	}
	return answer(MediaUsage{Used: used, Quota: a.Media.Quota}), nil
}

// Asked is which piece of a file is asked for, and what the asker has of it.
type Asked struct {
	Range string `header:"Range" maxLength:"200"`
	If    string `header:"If-Range" maxLength:"200"`
	Match string `header:"If-None-Match" maxLength:"200"`
}

type fileShowInput struct {
	ByID
	Asked
	E string `query:"e" maxLength:"20"`
	V string `query:"v" maxLength:"64" doc:"The variant"`
	S string `query:"s" maxLength:"64"`
}

// fileShow answers a link.
func (a *API) fileShow(ctx context.Context, actor policies.Actor, in *fileShowInput) (*huma.StreamResponse, error) {
	f, err := a.Media.Follow(ctx, actor.AccountID, in.ID, in.E, in.V, in.S)
	if err != nil {
		return nil, err
	}
	return a.sendFile(ctx, f, in.V, in.Asked)
}

type streamShowInput struct {
	ByID
	Asked
	E    string `path:"e" maxLength:"20"`
	S    string `path:"s" maxLength:"64"`
	Part string `path:"part" maxLength:"64"`
}

// streamShow answers a name in the folder of a video's stream.
func (a *API) streamShow(ctx context.Context, actor policies.Actor, in *streamShowInput) (*huma.StreamResponse, error) {
	f, err := a.Media.FollowStream(ctx, actor.AccountID, in.ID, in.E, in.S)
	if err != nil {
		return nil, err
	}
	part, list, err := f.Part(in.Part)
	if err != nil {
		return nil, err
	}
	if list == nil {
		return a.sendFile(ctx, f, part.Name, in.Asked)
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		c := humafiber.Unwrap(hc)
		for name, value := range f.Headers(part.Type) {
			c.Set(name, value)
		}
		c.Context().SetBody(list)
	}}, nil
}

// sendFile sends a file or a variant of it. The bytes go out as they are read, whole or the one piece that is asked for.
func (a *API) sendFile(ctx context.Context, f media.File, variant string, in Asked) (*huma.StreamResponse, error) {
	size, kind, tag := f.Size, f.Type, `"`+f.ID+`"`
	if variant != "" {
		object, err := a.Media.Stat(ctx, f, variant)
		if err != nil {
			return nil, err
		}
		size, kind, tag = object.Size, object.Type, `"`+f.ID+"-"+variant+`"`
	}
	status, piece := http.StatusOK, media.Range{}
	if in.Match == tag {
		status = http.StatusNotModified
	} else if in.Range != "" && (in.If == "" || in.If == tag) { // of another content there is no piece to go on with
		part, some, ok := byteRange(in.Range, size)
		switch {
		case !ok:
			status = http.StatusRequestedRangeNotSatisfiable
		case some:
			status, piece = http.StatusPartialContent, part
		}
	}
	var content io.ReadCloser
	var err error
	if status < http.StatusMultipleChoices { // opened here, where a fault still becomes an answer; the stream closes it
		if content, err = a.Media.Open(context.WithoutCancel(ctx), f, variant, piece); err != nil {
			return nil, err
		}
		if content, err = readAhead(content, cmp.Or(piece.Length, size)); err != nil {
			return nil, err
		}
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		c := humafiber.Unwrap(hc)
		for name, value := range f.Headers(kind) {
			c.Set(name, value)
		}
		c.Set("Accept-Ranges", "bytes")
		c.Set("ETag", tag)
		c.Status(status)
		length := size
		if status == http.StatusPartialContent {
			length = piece.Length
			c.Set("Content-Range", "bytes "+strconv.FormatInt(piece.Offset, 10)+"-"+strconv.FormatInt(piece.Offset+piece.Length-1, 10)+"/"+strconv.FormatInt(size, 10))
		}
		if status == http.StatusRequestedRangeNotSatisfiable {
			c.Set("Content-Range", "bytes */"+strconv.FormatInt(size, 10))
		}
		if content != nil {
			c.Context().SetBodyStream(&loud{content, a.Log, f.ID}, int(length)) // closes it
		}
	}}, nil
}

// readAhead reads what is small whole, so that damage is still told in place of it.
func readAhead(content io.ReadCloser, length int64) (io.ReadCloser, error) {
	const small = 256 << 10
	if length > small {
		return content, nil
	}
	defer content.Close()
	data, err := io.ReadAll(content)
	return io.NopCloser(bytes.NewReader(data)), err
}

// loud logs why a file ends before its time: the answer has begun by then, and can only be cut off.
type loud struct {
	io.ReadCloser
	log *slog.Logger
	id  string
}

// Read reads.
func (l *loud) Read(p []byte) (int, error) {
	n, err := l.ReadCloser.Read(p)
	if err != nil && err != io.EOF {
		l.log.Error("file cut off", "file", l.id, "error", err)
	}
	return n, err
}

// byteRange reads "bytes=0-99", "bytes=100-" or "bytes=-100" (RFC 9110, 14.1.2). Several pieces, or another
// unit, are answered with the whole: some is false. ok is false where the piece is outside.
func byteRange(header string, size int64) (piece media.Range, some, ok bool) {
	spec, found := strings.CutPrefix(header, "bytes=")
	if !found || strings.Contains(spec, ",") {
		return piece, false, true
	}
	first, last, found := strings.Cut(strings.TrimSpace(spec), "-")
	if !found {
		return piece, false, true
	}
	number := func(s string) (int64, bool) {
		n, err := strconv.ParseInt(s, 10, 64)
		return n, err == nil && n >= 0 && !strings.HasPrefix(s, "+")
	}
	end := size - 1
	if first == "" { // the last so many
		n, good := number(last)
		if !good {
			return piece, false, true
		}
		if n == 0 {
			return piece, false, false
		}
		start := max(0, size-n)
		return media.Range{Offset: start, Length: size - start}, true, true
	}
	start, good := number(first)
	if !good {
		return piece, false, true
	}
	if last != "" {
		n, good := number(last)
		if !good || n < start {
			return piece, false, true
		}
		end = min(end, n)
	}
	if start > end {
		return piece, false, false
	}
	return media.Range{Offset: start, Length: end - start + 1}, true, true
}
