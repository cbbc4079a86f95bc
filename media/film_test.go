package media

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"qiming/internal/fault"
	"qiming/internal/peer"
)

// Sources of films: a picture that moves, a tone, and what a phone writes down of where it was.
const (
	moving  = "-f lavfi -i testsrc=size=960x540:rate=25 "
	tone    = "-f lavfi -i sine=frequency=440 "
	h264    = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac "
	phoned  = "-movflags use_metadata_tags -metadata location=+39.9042+116.4074/ -metadata make=AcmePhone -metadata creation_time=2026-03-02T08:00:00Z -metadata:s:v handler_name=AcmeCamera "
	private = "AcmePhone,+39.9042,AcmeCamera"
)

// newCinema is a shelf with an encoder.
func newCinema(t *testing.T, bucket string) *shelf {
	t.Helper()
	s := newShelf(t, bucket, 0)
	s.screen(filepath.Join(t.TempDir(), "films"))
	return s
}

func (s *shelf) screen(scratch string) {
	s.Helper()
	encoder, err := FindEncoder(peer.FFmpeg(s.T))
	s.ok(err)
	if _, err := encoder.Version(s.ctx); err != nil {
		s.Fatal(err)
	}
	s.Encoder, s.Scratch = encoder, scratch
}

// arrive lets a video come in parts; it is not worked on yet.
func (s *shelf) arrive(data []byte) File {
	s.Helper()
	u := s.send(s.create(len(data), "a"), data, 1<<20)
	s.ok(s.work(s.ctx, joinTask))
	if u = s.state(u.ID); u.State != Kept {
		s.Fatalf("%+v", u)
	}
	f, err := s.Get(s.ctx, u.FileID)
	s.ok(err)
	return f
}

func (s *shelf) item(id string) Item {
	s.Helper()
	item, err := s.OnShelf(s.ctx, "a", id)
	s.ok(err)
	return item
}

// scratchEmpty wants nothing to be left where the encoder works.
func (s *shelf) scratchEmpty() {
	s.Helper()
	entries, err := os.ReadDir(s.Scratch)
	if err != nil && !os.IsNotExist(err) || len(entries) > 0 {
		s.Errorf("%v is left behind (%v)", entries, err)
	}
}

func (s *shelf) variant(f File, name string) []byte {
	s.Helper()
	r, err := s.Open(s.ctx, f, name, Range{})
	s.ok(err)
	data, err := readAll(r)
	s.ok(err)
	return data
}

// frames counts the frames of a film, all of which are decoded.
func (s *shelf) frames(data []byte) int {
	s.Helper()
	path := filepath.Join(s.TempDir(), "f.mp4")
	s.ok(os.WriteFile(path, data, 0o600))
	out, err := exec.Command(s.Encoder.ffprobe, "-v", "error", "-count_frames", "-select_streams", "v:0", "-show_entries", "stream=nb_read_frames", "-of", "csv=p=0", path).CombinedOutput()
	s.ok(err)
	n := 0
	for _, digit := range bytes.TrimRight(bytes.TrimSpace(out), ",") {
		n = n*10 + int(digit-'0')
	}
	return n
}

// On both buckets: a video of a phone becomes a poster, a copy that does not tell where it was, and renditions, and is counted; its
// removal leaves nothing.
func TestAVideoIsMadeReady(t *testing.T) {
	peer.OnBuckets(t, "cinema", func(t *testing.T, bucket string) {
		s := newCinema(t, bucket)
		data := peer.Clip(t, ".mp4", moving+tone+"-t 8 "+h264+phoned)
		f := s.arrive(data)
		if item := s.item(f.ID); item.Work == nil || item.Work.Kind != "video" || item.Work.State != Waiting || item.Film != "" || item.Work.Reason != "" {
			t.Fatalf("%+v", item)
		}
		before, err := s.Links(s.ctx, "anna", monday.Add(time.Hour), []string{f.ID})
		s.ok(err)
		if link := before[f.ID]; link.Stream != "" || link.Poster != "" || link.URL == "" {
			t.Errorf("%+v", link)
		}
		s.ok(s.Work(s.ctx))
		item := s.item(f.ID)
		if item.Film != Streaming || item.Work != nil {
			t.Fatalf("%+v %+v", item, item.Work)
		}
		f = item.File
		var names []string
		for _, v := range f.Variants {
			names = append(names, v.Name)
		}
		slices.Sort(names)
		if want := "360p.m3u8,360p.mp4,540p.m3u8,540p.mp4,bare,poster,poster-480"; strings.Join(names, ",") != want {
			t.Errorf("%v, want %s", names, want)
		}
		if used, err := s.Used(s.ctx, "a"); err != nil || used != f.Size+f.Derived || f.Derived <= f.Size {
			t.Errorf("%d bytes are counted for %d and %d (%v)", used, f.Size, f.Derived, err)
		}
		for _, name := range names {
			made := s.variant(f, name)
			for _, word := range strings.Split(private, ",") {
				if !bytes.Contains(data, []byte(word)) || bytes.Contains(made, []byte(word)) {
					t.Errorf("%s tells %s, or the source does not", name, word)
				}
			}
		}
		for _, name := range []string{"360p.mp4", "540p.mp4", bareName} {
			if n := s.frames(s.variant(f, name)); n != 200 {
				t.Errorf("%s has %d frames", name, n)
			}
		}
		whole, thumb := f.posters()
		if picture, kind, err := image.Decode(bytes.NewReader(s.variant(f, posterName))); err != nil || kind != "jpeg" || picture.Bounds().Dx() != 960 || whole.Width != 960 || thumb.Width != 480 || thumb.Height != 270 {
			t.Errorf("%v %s %+v %+v", err, kind, whole, thumb)
		}
		// The playlists name each other, and pieces that are there.
		_, list, err := f.Part(mainPlaylist)
		s.ok(err)
		if text := string(list); !strings.Contains(text, "RESOLUTION=640x360,CODECS=\"avc1.640029,mp4a.40.2\"\n360p.m3u8\n") || !strings.Contains(text, "RESOLUTION=960x540,CODECS=\"avc1.640029,mp4a.40.2\"\n540p.m3u8\n") || strings.Count(text, "BANDWIDTH=") != 2 {
			t.Errorf("%s", text)
		}
		if text := string(s.variant(f, "360p.m3u8")); strings.Count(text, "#EXTINF:") != 2 || !strings.Contains(text, "#EXT-X-ENDLIST") || !strings.Contains(text, "\n360p.mp4\n") {
			t.Errorf("%s", text)
		}
		for _, name := range []string{"bare", "poster", "text", "", "../files", "720p.mp4", "main.m3u8x"} {
			if _, _, err := f.Part(name); !fault.Is(err, fault.NotFound) {
				t.Errorf("%q is a part: %v", name, err)
			}
		}
		links, err := s.Links(s.ctx, "anna", monday.Add(time.Hour), []string{f.ID})
		s.ok(err)
		link := links[f.ID]
		if !strings.Contains(link.URL, "v="+bareName) || link.Poster == "" || link.Thumb == "" || !strings.HasSuffix(link.Stream, "/"+mainPlaylist) {
			t.Errorf("%+v", link)
		}
		parts := strings.Split(strings.TrimPrefix(link.Stream, s.Path), "/") // ID/stream/END/SIGNATURE/main.m3u8
		_, err = s.FollowStream(s.ctx, "anna", parts[0], parts[2], parts[3])
		s.ok(err)
		for _, viewer := range []string{"bert", ""} {
			_, err = s.FollowStream(s.ctx, viewer, parts[0], parts[2], parts[3])
			s.refused(err, "media.not_found")
		}
		_, err = s.FollowStream(s.ctx, "anna", parts[0], parts[2]+"0", parts[3])
		s.refused(err, "media.not_found")
		_, err = s.Follow(s.ctx, "anna", parts[0], parts[2], "", parts[3]) // it opens nothing but the stream
		s.refused(err, "media.not_found")
		if checked, err := s.Check(s.ctx, nil); err != nil || len(checked.Findings) > 0 {
			t.Errorf("%+v %v", checked, err)
		}
		s.scratchEmpty()
		s.ok(s.Discard(s.ctx, "a", f.ID))
		for object, err := range s.Bucket.List(s.ctx, "") {
			t.Errorf("%s is left behind (%v)", object.Key, err)
		}
		if used, err := s.Used(s.ctx, "a"); err != nil || used != 0 {
			t.Errorf("%d bytes are counted for nothing (%v)", used, err)
		}
		s.clock.Advance(2 * time.Hour)
		_, err = s.FollowStream(s.ctx, "anna", parts[0], parts[2], parts[3])
		s.refused(err, "media.link_over")
	})
}

// What is silent, upright, turned, small or WebM is made ready too. A file that tells nothing needs no copy.
func TestVideosOfManyKinds(t *testing.T) {
	s := newCinema(t, "dir:"+t.TempDir())
	small := "-f lavfi -i testsrc=size=%:rate=10 -t 1 "
	size := func(size string) string { return strings.Replace(small, "%", size, 1) }
	turned := filepath.Join(t.TempDir(), "upright.mp4")
	s.ok(os.WriteFile(turned, peer.Clip(t, ".mp4", size("320x180")+h264), 0o600))
	for _, c := range []struct {
		name, ending, options string
		want                  string
	}{
		{"silent", ".mp4", size("320x180") + h264 + "-fflags +bitexact", "180p 320x180"},
		{"odd", ".mp4", size("321x181") + "-c:v libx264 -pix_fmt yuv444p", "181p 322x182"},
		{"upright", ".mp4", size("180x400") + h264, "180p 180x400"},
		{"turned", ".mp4", "-i " + turned + " -c copy -metadata:s:v rotate=90", "180p 180x320"},
		{"webm", ".webm", size("320x180") + "-c:v libvpx -cpu-used 8 -deadline realtime", "180p 320x180"},
	} {
		f := s.arrive(peer.Clip(t, c.ending, c.options))
		s.ok(s.Work(s.ctx))
		item := s.item(f.ID)
		got := ""
		for _, v := range item.Variants {
			if v.Rate > 0 {
				got += strings.TrimSuffix(v.Name, ".mp4") + " " + sides(v)
			}
		}
		if got != c.want || item.Film != Streaming {
			t.Errorf("%s: %q %+v, want %q", c.name, got, item.Work, c.want)
		}
		if c.name == "silent" && item.contentOf() != "" {
			t.Error("what tells nothing was copied")
		}
	}
}

func sides(v Variant) string { return fmt.Sprintf("%dx%d", v.Width, v.Height) }

func TestLadder(t *testing.T) {
	for _, c := range []struct {
		width, height, rate int
		want                string
	}{
		{1920, 1080, 0, "360p 640x360 720p 1280x720 1080p 1920x1080"},
		{3840, 2160, 0, "360p 640x360 720p 1280x720 1080p 1920x1080"},
		{1280, 720, 0, "360p 640x360 720p 1280x720"},
		{1080, 1920, 0, "360p 360x640 720p 720x1280 1080p 1080x1920"},
		{854, 480, 0, "360p 640x360 480p 854x480"},
		{640, 400, 0, "400p 640x400"},
		{320, 240, 0, "240p 320x240"},
		{3, 3, 0, "3p 4x4"},
	} {
		var got []string
		for _, to := range (reel{width: c.width, height: c.height, rate: c.rate}).ladder() {
			got = append(got, to.name(), sides(Variant{Width: to.width, Height: to.height}))
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%d x %d: %v, want %s", c.width, c.height, got, c.want)
		}
	}
	for _, to := range (reel{width: 1920, height: 1080, rate: 500_000}).ladder() { // hours at a low rate do not grow
		if to.bits > 600_000 {
			t.Errorf("%s takes %d bits/s", to.name(), to.bits)
		}
	}
}

// What is no film, or one that is made to hurt, is told to its author, once; it plays as it came.
func TestVideosThatAreRefused(t *testing.T) {
	s := newCinema(t, "dir:"+t.TempDir())
	plain := peer.Clip(t, ".mp4", "-f lavfi -i testsrc=size=64x64:rate=10 -t 1 "+h264)
	disguise := func(text string) []byte { return append(append([]byte{}, film(64, 1)[:32]...), "\n"+text...) }
	for _, c := range []struct {
		name string
		data []byte
		key  string
	}{
		{"noise", film(300_000, 3), "film.broken"},
		{"cut", plain[:len(plain)/2], "film.broken"},
		{"head alone", film(32, 4), "film.broken"},
		{"playlist", disguise("#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n"), "film.broken"},
		{"concat", disguise("ffconcat version 1.0\nfile /etc/passwd\n"), "film.broken"},
		{"codec", peer.Clip(t, ".mp4", "-f lavfi -i testsrc=size=64x64:rate=25 -t 1 -c:v mpeg2video"), "film.codec"},
		{"sound alone", append([]byte{}, soundAsFilm(t)...), "film.no_picture"},
		{"days", peer.Clip(t, ".mp4", "-f lavfi -i color=size=16x16:rate=1/600 -t 36000 "+h264), "film.too_long"},
	} {
		f := s.arrive(c.data)
		s.ok(s.Work(s.ctx))
		item := s.item(f.ID)
		if item.Work == nil || item.Work.State != Failed || item.Work.Reason != c.key || item.Film != "" {
			t.Errorf("%s: %+v, want %s", c.name, item.Work, c.key)
		}
		if !bytes.Equal(s.content(f.ID), c.data) {
			t.Errorf("%s: another content", c.name)
		}
		s.scratchEmpty()
		again, err := s.Film(s.ctx, "a", f.ID)
		s.ok(err)
		if again.Work == nil || again.Work.State != Waiting || again.Work.Reason != "" {
			t.Errorf("%s: %+v", c.name, again.Work)
		}
	}
	if films, err := s.Films(s.ctx); err != nil || films.Version == "" || films.Waiting != 1 || films.Failed != 7 || films.Problem != "" {
		t.Errorf("%+v %v", films, err)
	}
}

// soundAsFilm is a recording that calls itself a film.
func soundAsFilm(t *testing.T) []byte {
	data := peer.Clip(t, ".mp4", tone+"-t 1 -c:a aac")
	copy(data[8:], "isom")
	return data
}

// Without an encoder a video waits, and says why; nothing else waits for it.
func TestWithoutAnEncoder(t *testing.T) {
	s := newShelf(t, "dir:"+t.TempDir(), 0)
	s.NoEncoder = "none is here"
	f := s.arrive(peer.Clip(t, ".mp4", "-f lavfi -i testsrc=size=64x64:rate=10 -t 1 "+h264))
	s.ok(s.Work(s.ctx))
	if item := s.item(f.ID); item.Work == nil || item.Work.State != Waiting || item.Work.Reason != "film.no_encoder" {
		t.Errorf("%+v", item.Work)
	}
	if films, err := s.Films(s.ctx); err != nil || films.Waiting != 1 || films.Version != "" || films.Problem != "none is here" {
		t.Errorf("%+v %v", films, err)
	}
	s.screen(t.TempDir()) // installed since
	s.ok(s.Work(s.ctx))
	if item := s.item(f.ID); item.Film != Streaming {
		t.Errorf("%+v", item.Work)
	}
	if _, err := FindEncoder(filepath.Join(t.TempDir(), "ffmpeg")); err == nil {
		t.Error("one that is not there was found")
	}
	if e, err := FindEncoder(""); e != nil || err != nil {
		t.Errorf("%v %v", e, err)
	}
}

// begin works until ctx ends, and waits until the encoder is at a rendition.
func (s *shelf) begin(ctx context.Context) <-chan error {
	s.Helper()
	ended := make(chan error, 1)
	go func() { ended <- s.Work(ctx) }()
	for range 2400 {
		if found, _ := filepath.Glob(filepath.Join(s.Scratch, "*", "*p.mp4")); len(found) > 0 {
			return ended
		}
		time.Sleep(50 * time.Millisecond)
	}
	s.Fatal("no rendition is begun")
	return nil
}

func (s *shelf) wait(ended <-chan error) error {
	s.Helper()
	select {
	case err := <-ended:
		return err
	case <-time.After(3 * time.Minute):
		s.Fatal("it does not end")
		return nil
	}
}

// long is a film that takes longer than a test waits for.
func long(t *testing.T) []byte {
	return peer.Clip(t, ".mp4", "-f lavfi -i testsrc=size=640x360:rate=25 -t 60 -c:v libx264 -preset ultrafast")
}

// A stop of the process ends the encoder, and counts for nothing; what was made is kept, and the next goes on.
func TestAStopEndsTheEncoder(t *testing.T) {
	s := newCinema(t, "dir:"+t.TempDir())
	f := s.arrive(long(t))
	ctx, stop := context.WithCancel(s.ctx)
	ended := s.begin(ctx)
	stop()
	if err := s.wait(ended); err != nil && !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	s.scratchEmpty()
	if pids := workers(t, s.Scratch); len(pids) > 0 {
		t.Errorf("%v still run", pids)
	}
	task, err := s.task(s.ctx, videoTask, f.ID)
	s.ok(err)
	if task.State != Waiting || task.Tries != 0 || task.Reason != "" {
		t.Errorf("%+v", task)
	}
	if whole, _ := s.item(f.ID).posters(); whole == nil {
		t.Error("the poster is not kept")
	}
}

// A file that is removed while it is worked on takes the work with it.
func TestARemovalEndsTheWork(t *testing.T) {
	s := newCinema(t, "dir:"+t.TempDir())
	f := s.arrive(long(t))
	ended := s.begin(s.ctx)
	s.ok(s.Discard(s.ctx, "a", f.ID))
	s.ok(s.wait(ended))
	s.scratchEmpty()
	for object, err := range s.Bucket.List(s.ctx, "") {
		t.Errorf("%s is left behind (%v)", object.Key, err)
	}
	if films, err := s.Films(s.ctx); err != nil || films.Waiting+films.Running+films.Failed > 0 {
		t.Errorf("%+v %v", films, err)
	}
}

// workers gives the processes that work below a directory.
func workers(t *testing.T, dir string) (pids []string) {
	t.Helper()
	found, err := filepath.Glob("/proc/[0-9]*/cwd")
	if err != nil {
		t.Fatal(err)
	}
	for _, link := range found {
		if at, err := os.Readlink(link); err == nil && strings.HasPrefix(at, dir) {
			pids = append(pids, filepath.Base(filepath.Dir(link)))
		}
	}
	return pids
}
