package media

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"

	"qiming/internal/fault"
	"qiming/internal/store"
)

// A video is made ready by a task once it is kept: a picture that stands for it, a copy without what a camera wrote of place and
// time (where it wrote such), and renditions for lines of every kind. Each part is kept as soon as it is made, so that a task that is
// cut off goes on with the next; the video is streamed once all are there, and plays as it came until then.

// Film says how far a video is made ready.
type Film string

// The states; "" = it is not, or not yet: a task may be at it.
const Streaming Film = "ready"

const (
	posterName = "poster"     // stands for a video before it plays
	thumbName  = "poster-480" // the same for lists
	bareName   = "bare"       // the video without what is neither seen nor heard; where there is one, it is what viewers get
	roomFor    = 1 << 30      // bytes that stay free on the disk
)

// makeFilm makes a video ready. Its refusals are those of Encoder.wind and "film.broken"; "film.full" (fault.Unavailable) where the disk has no room.
func (l *Library) makeFilm(ctx context.Context, t Task, progress func(float64)) (err error) {
	defer func() {
		if fault.KeyOf(err) == "media.full" {
			err = fault.Wrap(fault.Unavailable, "film.full", err)
		}
	}()
	f, err := l.Get(ctx, t.Subject)
	if err != nil || f.Class != Video || f.Film == Streaming {
		return ignoreAbsent(err)
	}
	dir := l.workDir(t)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return unavailable(err)
	}
	defer os.RemoveAll(dir)
	// The video, and the largest of what is made of it.
	if free := freeBytes(dir); free >= 0 && free < 2*f.Size+roomFor {
		return fault.New(fault.Unavailable, "film.full", "%d bytes are free in %s, %d are needed", free, dir, 2*f.Size+roomFor)
	}
	if err := l.stage(ctx, f, filepath.Join(dir, source)); err != nil {
		return err
	}
	progress(0.05)
	r, err := l.Encoder.wind(ctx, dir, f.Type)
	if err != nil {
		return err
	}
	work := &cutting{l, f, dir, r}
	if err := work.poster(ctx); err != nil {
		return err
	}
	if err := work.bare(ctx); err != nil {
		return err
	}
	progress(0.1)
	ladder := r.ladder()
	done, all := 0, 0
	for _, to := range ladder {
		all += to.width * to.height
	}
	for _, to := range ladder {
		pixels := to.width * to.height
		seen := func(second float64) {
			if r.seconds > 0 {
				progress(0.1 + 0.9*(float64(done)+float64(pixels)*min(1, second/r.seconds))/float64(all))
			}
		}
		if err := work.rendition(ctx, to, seen); err != nil {
			return err
		}
		done += pixels
	}
	_, err = l.files.Update(ctx, f.ID, func(f *File) error { f.Film = Streaming; return nil })
	return ignoreAbsent(err)
}

// stage puts the video where the encoder reads it.
func (l *Library) stage(ctx context.Context, f File, path string) error {
	r, err := l.Open(ctx, f, "", Range{})
	if err != nil {
		return err
	}
	defer r.Close()
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return unavailable(err)
	}
	_, err = io.Copy(file, contextReader{ctx, r})
	if closed := file.Close(); err == nil {
		err = closed
	}
	return unavailable(err)
}

// cutting is the work on one video in a directory.
type cutting struct {
	*Library
	f   File
	dir string
	r   reel
}

// has says whether something was made before.
func (c *cutting) has(ctx context.Context, name string) (bool, error) {
	for _, v := range c.f.Variants {
		if v.Name == name {
			object, err := c.Stat(ctx, c.f, name)
			if fault.Is(err, fault.NotFound) {
				return false, nil
			}
			return err == nil && object.Size == v.Size, err
		}
	}
	return false, nil
}

// keep keeps what was made, in place of what has its name, and takes it off the disk.
func (c *cutting) keep(ctx context.Context, list ...Variant) error {
	for i, v := range list {
		file, err := os.Open(filepath.Join(c.dir, v.Name))
		if err != nil {
			return unavailable(err)
		}
		object, err := c.Bucket.Put(ctx, derivedKey(c.f.ID, v.Name), file, -1, v.Type)
		file.Close()
		if err != nil {
			return err
		}
		list[i].Size = object.Size
		if err := os.Remove(file.Name()); err != nil {
			return unavailable(err)
		}
	}
	err := c.derive(ctx, c.f.ID, func(f *File) {
		for _, v := range list {
			f.Variants = append(withoutVariant(f.Variants, v.Name), v)
		}
	})
	if fault.Is(err, fault.NotFound) { // the file was removed meanwhile
		if err := c.removeAll(context.WithoutCancel(ctx), derivedKey(c.f.ID, "")); err != nil {
			return err
		}
	}
	return err
}

// poster makes the pictures that stand for the video: out of its first tenth, where the title is over.
func (c *cutting) poster(ctx context.Context) error {
	if there, err := c.has(ctx, posterName); there || err != nil {
		return err
	}
	path := filepath.Join(c.dir, posterName)
	var data []byte
	for _, second := range []float64{min(c.r.seconds/10, 20), 0} {
		if err := c.Encoder.run(ctx, c.dir, func(float64) {}, c.r.still(second, phoneSide, posterName)...); err != nil {
			return err
		}
		var err error
		if data, err = os.ReadFile(path); err == nil && len(data) > 0 {
			break
		}
	}
	if len(data) == 0 {
		return fault.New(fault.Invalid, "film.broken", "no picture comes out of it")
	}
	seen, err := look(data)
	if err != nil {
		return fault.Wrap(fault.Invalid, "film.broken", err)
	}
	list := []Variant{{Name: posterName, Type: "image/jpeg", Width: seen.width, Height: seen.height}}
	for _, size := range seen.sizes {
		if size.Width == thumbSide || size.Height == thumbSide {
			if err := os.WriteFile(filepath.Join(c.dir, thumbName), size.data, 0o600); err != nil {
				return unavailable(err)
			}
			list = append(list, Variant{Name: thumbName, Type: size.Type, Width: size.Width, Height: size.Height})
		}
	}
	return c.keep(ctx, list...)
}

// bare makes the copy that tells nothing but the video itself, where the video tells more.
func (c *cutting) bare(ctx context.Context) error {
	if there, err := c.has(ctx, bareName); there || err != nil || !c.r.private {
		return err
	}
	if err := c.Encoder.run(ctx, c.dir, func(float64) {}, c.r.copyBare(bareName)...); err != nil {
		return err
	}
	return c.keep(ctx, Variant{Name: bareName, Type: c.f.Type})
}

// rendition makes one, and keeps its segments before the playlist that names them.
func (c *cutting) rendition(ctx context.Context, to rung, seen func(second float64)) error {
	film, list := to.name()+".mp4", to.name()+playlistEnding
	if there, err := c.has(ctx, list); err != nil {
		return err
	} else if there {
		if there, err = c.has(ctx, film); there || err != nil {
			return err
		}
	}
	if err := c.Encoder.run(ctx, c.dir, seen, c.r.encode(to)...); err != nil {
		return err
	}
	data, err := os.ReadFile(filepath.Join(c.dir, list))
	if err != nil {
		return unavailable(err)
	}
	rate := peak(data)
	if rate == 0 {
		return fault.New(fault.Invalid, "film.broken", "no segment of %s comes out of it", to.name())
	}
	return c.keep(ctx, Variant{Name: film, Type: "video/mp4", Width: to.width, Height: to.height, Rate: rate, Codecs: c.r.codecs()}, Variant{Name: list, Type: playlistType})
}

// workDir is where a task works on a video.
func (l *Library) workDir(t Task) string { return filepath.Join(l.Scratch, t.Subject+"-"+t.Holder) }

// sweepScratch removes what tasks left behind whose process died.
func (l *Library) sweepScratch(ctx context.Context) error {
	entries, err := os.ReadDir(l.Scratch)
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		return unavailable(err)
	}
	for _, entry := range entries {
		id, holder, found := strings.Cut(entry.Name(), "-")
		if !found || !IsID(id) {
			continue // not of ours
		}
		t, err := l.task(ctx, videoTask, id)
		if err != nil {
			return err
		}
		if t != nil && t.Holder == holder {
			continue
		}
		if err := os.RemoveAll(filepath.Join(l.Scratch, entry.Name())); err != nil {
			return unavailable(err)
		}
	}
	return nil
}

// Films is how the making ready of videos stands.
type Films struct {
	Version string `json:"version,omitempty" doc:"Of ffmpeg; absent where this process has none that serves"`
	Problem string `json:"problem,omitempty" doc:"Why it has none, for the administrator; English"`
	Waiting int    `json:"waiting"`
	Running int    `json:"running"`
	Failed  int    `json:"failed"`
}

// Films tells administrators how the making ready of videos stands.
func (l *Library) Films(ctx context.Context) (out Films, err error) {
	out.Problem = l.NoEncoder
	if l.Encoder != nil {
		var broken error
		if out.Version, broken = l.Encoder.Version(ctx); broken != nil {
			out.Problem = broken.Error()
		}
	}
	for state, n := range map[TaskState]*int{Waiting: &out.Waiting, Running: &out.Running, Failed: &out.Failed} {
		if *n, err = l.tasks.Count(ctx, store.Query[Task]{Index: "due", Eq: map[string]any{"kind": videoTask, "state": state}}); err != nil {
			return out, err
		}
	}
	return out, nil
}

// encodes says whether this process makes videos ready.
func (l *Library) encodes(ctx context.Context) bool {
	if l.Encoder == nil {
		return false
	}
	_, err := l.Encoder.Version(ctx)
	return err == nil
}

// Film asks anew to make a video on a shelf ready, where that failed.
func (l *Library) Film(ctx context.Context, orgID, id string) (Item, error) {
	item, err := l.OnShelf(ctx, orgID, id)
	if err != nil {
		return Item{}, err
	}
	if item.Class != Video {
		return Item{}, fault.New(fault.Invalid, "film.no_video", "%s is a %s", id, item.Class)
	}
	if item.Film != Streaming {
		if err := l.queue(ctx, videoTask, id); err != nil {
			return Item{}, err
		}
	}
	return l.OnShelf(ctx, orgID, id)
}

// awaitFilm asks to make a video ready that nobody asked for yet: one that came before there was an encoder.
func (l *Library) awaitFilm(ctx context.Context, f File) error {
	if f.Class != Video || f.Film != "" || f.Gone {
		return nil
	}
	if t, err := l.task(ctx, videoTask, f.ID); err != nil || t != nil {
		return err
	}
	return l.queue(ctx, videoTask, f.ID)
}

// contentOf gives the variant that viewers get as the file itself.
func (f File) contentOf() string {
	for _, v := range f.Variants {
		if v.Name == bareName {
			return bareName
		}
	}
	return ""
}

// posters gives the pictures that stand for a video; nil = none yet.
func (f File) posters() (whole, thumb *Variant) {
	for i, v := range f.Variants {
		switch v.Name {
		case posterName:
			whole = &f.Variants[i]
		case thumbName:
			thumb = &f.Variants[i]
		}
	}
	return whole, thumb
}
