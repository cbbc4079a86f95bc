package media

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"mime"
	"net/url"
	"strconv"
	"strings"
	"time"

	"qiming/internal/fault"
)

// Link is how a viewer gets at a file for a while. The URLs are bound to the viewer (our own ones) or to
// the minutes that they hold (those of an S3 server, from which the bytes come directly).
type Link struct {
	URL    string  `json:"url"`
	Thumb  string  `json:"thumb,omitempty"`  // of a picture larger than its thumbnail
	Srcset string  `json:"srcset,omitempty"` // of a picture that is there in several sizes: the attribute of img
	Type   string  `json:"type"`
	Class  Class   `json:"class" enum:"image,audio,video,document"`
	Name   string  `json:"name"`
	Size   int64   `json:"size"`
	Poster string  `json:"poster,omitempty"` // of a video: the picture that stands for it; Thumb is the same for lists
	Stream string  `json:"stream,omitempty"` // of a video that is ready: the main playlist of its stream (HLS)
	Tracks []Track `json:"tracks,omitempty"` // of a video: its subtitles
	Width  int     `json:"width,omitempty"`
	Height int     `json:"height,omitempty"`
}

// Track is where subtitles of a language are.
type Track struct {
	Lang string `json:"lang"` // BCP 47: "zh-CN"
	URL  string `json:"url"`
}

// Links are links by the id of their file.
type Links map[string]Link

// Presigner is a Bucket whose objects a browser may fetch directly.
type Presigner interface {
	// Presign gives a URL that holds for ttl; "" where the address of the bucket names no public one.
	Presign(ctx context.Context, key string, ttl time.Duration, f File) (string, error)
}

// Links gives links of files to a viewer (an account's id) until a moment; those that are not kept are left out.
func (l *Library) Links(ctx context.Context, viewer string, until time.Time, ids []string) (Links, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	files, err := l.files.GetMany(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make(Links, len(files))
	for id, f := range files {
		if f.Gone {
			continue
		}
		link := Link{Type: f.Type, Class: f.Class, Name: f.Name, Size: f.Size, Width: f.Width, Height: f.Height}
		if link.URL, err = l.link(ctx, viewer, until, f, f.contentOf()); err != nil {
			return nil, err
		}
		switch f.Class {
		case Image:
			err = l.sizes(ctx, viewer, until, f, &link)
		case Video:
			l.film(viewer, until, f, &link)
		}
		if err != nil {
			return nil, err
		}
		out[id] = link
	}
	return out, nil
}

// sizes adds the smaller sizes of a picture. The whole is one of them unless it is larger than any screen needs.
func (l *Library) sizes(ctx context.Context, viewer string, until time.Time, f File, link *Link) error {
	var set []string
	for _, v := range f.Variants {
		url, err := l.link(ctx, viewer, until, f, v.Name)
		if err != nil {
			return err
		}
		if link.Thumb == "" { // the smallest is the first
			link.Thumb = url
		}
		set = append(set, url+" "+strconv.Itoa(v.Width)+"w")
	}
	if f.Type == "image/gif" || len(set) == 0 {
		return nil
	}
	if max(f.Width, f.Height) <= wideSide {
		set = append(set, link.URL+" "+strconv.Itoa(f.Width)+"w")
	}
	link.Srcset = strings.Join(set, ", ")
	return nil
}

// film adds what belongs to a video. All of it comes from the service itself: browsers take subtitles and streams from elsewhere
// only where the other server says so.
func (l *Library) film(viewer string, until time.Time, f File, link *Link) {
	for _, v := range f.Variants {
		if lang, found := cutTrack(v.Name); found {
			link.Tracks = append(link.Tracks, Track{Lang: lang, URL: l.own(viewer, until, f.ID, v.Name)})
		}
	}
	whole, thumb := f.posters()
	if whole != nil {
		link.Poster = l.own(viewer, until, f.ID, whole.Name)
	}
	if thumb != nil {
		link.Thumb = l.own(viewer, until, f.ID, thumb.Name)
	}
	if f.Film == Streaming {
		link.Stream = l.streamLink(viewer, f.ID, strconv.FormatInt(until.Unix(), 10))
	}
}

func (l *Library) link(ctx context.Context, viewer string, until time.Time, f File, variant string) (string, error) {
	if p, ok := l.Bucket.(Presigner); ok {
		if url, err := p.Presign(ctx, f.key(variant), until.Sub(l.Clock.Now()), f); err != nil || url != "" {
			return url, err
		}
	}
	return l.own(viewer, until, f.ID, variant), nil
}

// own gives a link that the service itself answers.
func (l *Library) own(viewer string, until time.Time, id, variant string) string {
	end := strconv.FormatInt(until.Unix(), 10)
	return l.Path + id + "?e=" + end + "&v=" + url.QueryEscape(variant) + "&s=" + l.sign(viewer, id, variant, end)
}

// disposition says whether a browser may show the file in a page, and under which name it is saved.
func (f File) disposition() string {
	how := "inline"
	if f.Class == Document {
		how = "attachment"
	}
	return mime.FormatMediaType(how, map[string]string{"filename": f.Name})
}

// Headers gives the headers of an answer with the file or a variant of it, of a media type: nothing in it is ever run, and it is
// shown in a page only where it is a picture or sound.
func (f File) Headers(mediaType string) map[string]string {
	return map[string]string{
		"Content-Type":            mediaType,
		"Content-Disposition":     f.disposition(),
		"Content-Security-Policy": "default-src 'none'; sandbox",
		"X-Content-Type-Options":  "nosniff",
		"Cache-Control":           "private, max-age=86400, immutable",
	}
}

func (l *Library) sign(viewer, id, variant, end string) string {
	mac := hmac.New(sha256.New, l.Key)
	mac.Write([]byte("qiming file 1\x00" + viewer + "\x00" + id + "\x00" + variant + "\x00" + end))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:16])
}

// Follow checks a link of ours: e, v (the variant) and s are its parameters. A link that was given to nobody (viewer "") is of what the public
// reads, and anybody may follow it: who signs in while a page is open still sees its pictures. One that is over is
// fault.Forbidden ("media.link_over"); one of another viewer, or a made-up one, is fault.NotFound.
func (l *Library) Follow(ctx context.Context, viewer, id, e, v, s string) (File, error) {
	if !hmac.Equal([]byte(s), []byte(l.sign(viewer, id, v, e))) && !hmac.Equal([]byte(s), []byte(l.sign("", id, v, e))) {
		return File{}, notFound(id)
	}
	end, err := strconv.ParseInt(e, 10, 64)
	if err != nil || l.Clock.Now().After(time.Unix(end, 0)) {
		return File{}, fault.New(fault.Forbidden, "media.link_over", "the link held until %s", e)
	}
	return l.Get(ctx, id)
}

// FollowStream checks a link into the folder of a video's stream, as Follow does.
func (l *Library) FollowStream(ctx context.Context, viewer, id, e, s string) (File, error) {
	return l.Follow(ctx, viewer, id, e, streamScope, s)
}
