package apptest

import (
	"net/url"
	"path"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"qiming/app"
	"qiming/internal/peer"
	"qiming/media"
)

// filmed sends a video of the trainer's, waits until it is ready, and gives it.
func (c *college) filmed(data []byte) (item struct {
	media.Item
	Link media.Link `json:"link"`
}) {
	c.t.Helper()
	trainer := c.as("trainer")
	begun := trainer.tus("POST", "/api/v1/uploads", nil, "Upload-Length: "+strconv.Itoa(len(data)), "Upload-Metadata: filename "+b64("党课.mp4")).Want(201)
	at := begun.Header.Get("Location")
	trainer.tus("PATCH", at, data, "Upload-Offset: 0").Want(204)
	up := kept(c.t, trainer, at)
	for end := time.Now().Add(2 * time.Minute); item.Film != media.Streaming; time.Sleep(100 * time.Millisecond) {
		trainer.Do("GET", "/material/"+up.FileID, nil).Want(200).JSON(&item)
		if time.Now().After(end) || item.Work != nil && item.Work.State == media.Failed {
			c.t.Fatalf("%+v %+v", item, item.Work)
		}
	}
	return item
}

// A stream is for whom the video is for: by links that are theirs alone and end, on both buckets.
func TestAStreamIsForItsViewers(t *testing.T) {
	peer.OnBuckets(t, "streams", streamForViewers)
}

func streamForViewers(t *testing.T, bucket string) {
	c := newCollege(t, func(conf *app.Config) { conf.Media = bucket })
	data := peer.Clip(t, ".mp4", "-f lavfi -i testsrc=size=320x180:rate=10 -t 8 -c:v libx264 -preset ultrafast -pix_fmt yuv420p -metadata title=AcmePhone")
	item := c.filmed(data)
	trainer := c.as("trainer")
	folder := path.Dir(item.Link.Stream)
	for name, want := range map[string]string{"main.m3u8": "180p.m3u8", "180p.m3u8": "#EXT-X-BYTERANGE"} {
		r := trainer.Get(folder + "/" + name).Want(200)
		if !strings.Contains(r.Text, want) || r.Header.Get("Content-Type") != "application/vnd.apple.mpegurl" || !strings.HasPrefix(r.Header.Get("Cache-Control"), "private") {
			t.Errorf("%s: %v %s", name, r.Header, r.Text)
		}
		if strings.Contains(r.Text, "://") || strings.Contains(r.Text, item.ID) {
			t.Errorf("%s names what stands elsewhere: %s", name, r.Text)
		}
	}
	// Each segment is a piece of one file.
	list := trainer.Get(folder + "/180p.m3u8").Text
	pieces := regexp.MustCompile(`BYTERANGE[:=]"?(\d+)@(\d+)`).FindAllStringSubmatch(list, -1)
	if len(pieces) != 3 { // its beginning and two segments
		t.Fatalf("%s", list)
	}
	total := 0
	for _, piece := range pieces {
		size, _ := strconv.Atoi(piece[1])
		from, _ := strconv.Atoi(piece[2])
		r := trainer.Get(folder+"/180p.mp4", "Range: bytes="+piece[2]+"-"+strconv.Itoa(from+size-1)).Want(206)
		if len(r.Text) != size || from != total || r.Header.Get("Content-Type") != "video/mp4" || r.Header.Get("ETag") == "" {
			t.Errorf("%v: %d bytes, %v", piece, len(r.Text), r.Header)
		}
		total += size
	}
	if r := trainer.Get(folder + "/180p.mp4").Want(200); len(r.Text) != total || strings.Contains(r.Text, "AcmePhone") {
		t.Errorf("%d bytes, %d are in segments", len(r.Text), total)
	}
	link, err := url.Parse(item.Link.URL)
	if err != nil {
		t.Fatal(err)
	}
	if r := trainer.Get(link.String()).Want(200); strings.Contains(r.Text, "AcmePhone") || len(r.Text) < 1000 {
		t.Error("the file tells its title")
	}
	if r := trainer.Get(item.Link.Poster).Want(200); r.Header.Get("Content-Type") != "image/jpeg" {
		t.Errorf("%v", r.Header)
	}
	// Nobody else follows it, nothing else is in it, and it ends.
	for _, name := range []string{"main.m3u8", "180p.m3u8", "180p.mp4"} {
		for _, other := range []string{"member1", "evaluator", "secretary"} {
			c.as(other).Get(folder+"/"+name).WantProblem(404, "media.not_found")
		}
		c.Client(t).Get(folder+"/"+name).WantProblem(404, "media.not_found")
	}
	for _, name := range []string{"bare", "poster", "720p.mp4", "text", "main.m3u8.obj"} {
		trainer.Get(folder+"/"+name).WantProblem(404, "media.not_found")
	}
	parts := strings.Split(folder, "/") // /api/v1/files/ID/stream/END/SIGNATURE
	signature, end := parts[len(parts)-1], parts[len(parts)-2]
	trainer.Get("/api/v1/files/"+item.ID+"?e="+end+"&v=&s="+signature).WantProblem(404, "media.not_found")
	trainer.Get("/api/v1/files/"+item.ID+"/stream/9"+end+"/"+signature+"/main.m3u8").WantProblem(404, "media.not_found")
	trainer.Get("/api/v1/files/"+strings.Repeat("0", 32)+"/stream/"+end+"/"+signature+"/main.m3u8").WantProblem(404, "media.not_found")
	c.Clock.Advance(time.Hour)
	trainer.refresh(t)
	trainer.Get(folder+"/main.m3u8").WantProblem(403, "media.link_over")

	// It is counted, and goes with the video.
	var usage struct{ Used int64 }
	trainer.Do("GET", "/media/usage", nil).Want(200).JSON(&usage)
	if usage.Used <= item.Size+int64(total) {
		t.Errorf("%d bytes are counted for a video of %d and a stream of %d", usage.Used, item.Size, total)
	}
	var again struct {
		Link media.Link `json:"link"`
	}
	trainer.Do("GET", "/material/"+item.ID, nil).Want(200).JSON(&again)
	trainer.Do("DELETE", "/material/"+item.ID, nil).Want(204)
	trainer.Get(again.Link.Stream).WantProblem(404, "media.not_found")
	trainer.Do("GET", "/media/usage", nil).Want(200).JSON(&usage)
	if usage.Used != 0 {
		t.Errorf("%d bytes are counted for nothing", usage.Used)
	}
}

// Without ffmpeg a video plays as it came; its author is told, and so is the administrator.
func TestAVideoWithoutFFmpeg(t *testing.T) {
	c := newCollege(t, func(conf *app.Config) { conf.FFmpeg = "" })
	trainer := c.as("trainer")
	data := movie(200_000)
	begun := trainer.tus("POST", "/api/v1/uploads", nil, "Upload-Length: "+strconv.Itoa(len(data)), "Upload-Metadata: filename "+b64("党课.mp4")).Want(201)
	trainer.tus("PATCH", begun.Header.Get("Location"), data, "Upload-Offset: 0").Want(204)
	up := kept(t, trainer, begun.Header.Get("Location"))
	var item struct {
		media.Item
		Link media.Link `json:"link"`
	}
	trainer.Do("GET", "/material/"+up.FileID, nil).Want(200).JSON(&item)
	if item.Work == nil || item.Work.Reason != "film.no_encoder" || item.Link.Stream != "" || item.Link.URL == "" {
		t.Errorf("%+v %+v", item, item.Work)
	}
	trainer.Do("GET", "/media/films", nil).WantProblem(403, "request.forbidden")
	if films, err := c.Media.Films(t.Context()); err != nil || films.Problem == "" || films.Waiting != 1 {
		t.Errorf("%+v %v", films, err)
	}
}
