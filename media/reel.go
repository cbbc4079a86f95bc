package media

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"qiming/internal/fault"
)

// What a video may be that is made ready.
const (
	maxHours  = 6
	maxFrame  = 8192 * 4320 // pixels of a frame
	frameRate = 30          // of what is made, at most
	segment   = 6           // seconds
)

// Codecs that are read: what cameras, phones and editors write, and browsers record.
var (
	pictureCodecs = []string{"h264", "hevc", "mpeg4", "vp8", "vp9", "av1", "mjpeg"}
	soundCodecs   = []string{"aac", "mp3", "opus", "vorbis", "ac3", "eac3", "flac", "alac", "pcm_s16le", "pcm_s16be", "pcm_s24le"}
	codecList     = strings.Join(slices.Concat(pictureCodecs, soundCodecs, []string{"libdav1d", "libaom-av1", "mp3float", "libopus", "libvorbis"}), ",")
)

// reel is what the encoder is to know of a video.
type reel struct {
	format        string  // of ffmpeg
	picture       int     // stream
	sound         int     // stream; -1 = silent
	width, height int     // as it is shown: upright, with square pixels
	seconds       float64 // 0 = not told
	rate          int     // bits per second; 0 = not known
	private       bool    // it tells more than picture and sound: place, time, device
}

// source is the name of the video in its working directory.
const source = "source"

// input opens the video.
func (r reel) input() []string {
	return []string{"-protocol_whitelist", "file", "-f", r.format, "-threads", "1", "-codec_whitelist", codecList, "-max_pixels", strconv.Itoa(maxFrame), "-i", source}
}

// bare takes out all that is neither seen nor heard.
func bare() []string {
	return []string{"-map_metadata", "-1", "-map_metadata:s:v", "-1", "-map_metadata:s:a", "-1", "-map_chapters", "-1", "-sn", "-dn", "-fflags", "+bitexact", "-flags", "+bitexact"}
}

// told is what ffprobe says.
type told struct {
	Streams []struct {
		Index       int
		Type        string `json:"codec_type"`
		Codec       string `json:"codec_name"`
		Width       int
		Height      int
		Aspect      string `json:"sample_aspect_ratio"`
		Disposition struct {
			Cover int `json:"attached_pic"`
		}
		Tags map[string]string
		Side []struct{ Rotation float64 } `json:"side_data_list"`
	}
	Chapters []any
	Format   struct {
		Duration string
		Rate     string `json:"bit_rate"`
		Tags     map[string]string
	}
}

// wind looks at the video in a directory. Refusals, all fault.Invalid: "film.broken", "film.no_picture", "film.codec" (Params codec),
// "film.frame" (Params width, height), "film.too_long" (Params hours).
func (e *Encoder) wind(ctx context.Context, dir, mediaType string) (reel, error) {
	r := reel{format: "mp4", picture: -1, sound: -1}
	if mediaType == "video/webm" {
		r.format = "webm"
	}
	limited, stop := context.WithTimeout(ctx, patience)
	defer stop()
	data, err := e.output(limited, e.ffprobe, dir, "-v", "error", "-print_format", "json", "-show_format", "-show_streams", "-show_chapters",
		"-protocol_whitelist", "file", "-f", r.format, "-codec_whitelist", codecList, "-max_pixels", strconv.Itoa(maxFrame), source)
	switch {
	case err != nil && ctx.Err() == nil && limited.Err() != nil:
		return r, fault.Wrap(fault.Invalid, "film.broken", err)
	case err != nil:
		if m := unlisted.FindStringSubmatch(err.Error()); m != nil {
			err = errCodec(m[1])
		}
		return r, err
	}
	var t told
	if err := json.Unmarshal(data, &t); err != nil {
		return r, fault.Wrap(fault.Invalid, "film.broken", err)
	}
	if err := r.read(t); err != nil {
		return r, err
	}
	r.private = r.private || r.format == "mp4" && hasHidden(filepath.Join(dir, source))
	return r, nil
}

// read takes from what is told what counts.
func (r *reel) read(t told) error {
	tags := []map[string]string{t.Format.Tags}
	others := 0
	for _, s := range t.Streams {
		tags = append(tags, s.Tags)
		switch {
		case s.Type == "video" && s.Disposition.Cover == 0 && r.picture < 0:
			if !slices.Contains(pictureCodecs, s.Codec) {
				return errCodec(s.Codec)
			}
			r.picture, r.width, r.height = s.Index, s.Width, s.Height
			if a, b, found := strings.Cut(s.Aspect, ":"); found {
				if over, under := toldNumber(a), toldNumber(b); over > 0 && under > 0 && over/under > 0.1 && over/under < 10 {
					r.width = int(math.Round(float64(s.Width) * over / under))
				}
			}
			for _, side := range s.Side {
				if int(math.Abs(side.Rotation))%180 == 90 {
					r.width, r.height = r.height, r.width
				}
			}
		case s.Type == "audio" && r.sound < 0:
			if !slices.Contains(soundCodecs, s.Codec) {
				return errCodec(s.Codec)
			}
			r.sound = s.Index
		default:
			others++
		}
	}
	r.seconds = min(toldNumber(t.Format.Duration), 1e6)
	r.rate = int(min(toldNumber(t.Format.Rate), 1e9))
	r.private = others > 0 || len(t.Chapters) > 0 || slices.ContainsFunc(tags, telling)
	switch {
	case r.picture < 0:
		return fault.New(fault.Invalid, "film.no_picture", "none of %d streams is a picture", len(t.Streams))
	case r.width <= 0 || r.height <= 0:
		return fault.New(fault.Invalid, "film.broken", "a picture of %d x %d", r.width, r.height)
	case r.width*r.height > maxFrame || max(r.width, r.height) > 20*min(r.width, r.height):
		return fault.New(fault.Invalid, "film.frame", "%d x %d", r.width, r.height).With("width", r.width).With("height", r.height)
	case r.seconds > maxHours*3600:
		return fault.New(fault.Invalid, "film.too_long", "%.0f s", r.seconds).With("hours", maxHours)
	}
	return nil
}

func errCodec(name string) error {
	if name == "" {
		name = "?"
	}
	return fault.New(fault.Invalid, "film.codec", "codec %s", name).With("codec", name)
}

// unlisted is how ffprobe complains about a codec that it may not read.
var unlisted = regexp.MustCompile(`Codec \((\w+)\) not on whitelist`)

// toldNumber reads one that is told; 0 where it is none.
func toldNumber(text string) float64 {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(n) || n < 0 {
		return 0
	}
	return n
}

// telling says whether tags tell more than how the file is made.
func telling(tags map[string]string) bool {
	for name, value := range tags {
		switch strings.ToLower(name) {
		case "major_brand", "minor_version", "compatible_brands", "encoder", "language", "vendor_id", "duration":
		case "handler_name":
			if !strings.HasSuffix(value, "Handler") && !strings.HasPrefix(value, "Core Media") { // what most programs write
				return true
			}
		default:
			return true
		}
	}
	return false
}

// rung is a rendition: so many lines on its shorter side.
type rung struct {
	lines, width, height int
	bits                 int // of the picture, per second, at most
	sound                int // bits per second
}

func (r rung) name() string { return strconv.Itoa(r.lines) + "p" }

// ladder gives the renditions of a video, the smallest first. None is larger than the video, nor needs more bits.
func (r reel) ladder() (list []rung) {
	short := min(r.width, r.height)
	top := min(short, 1080)
	steps := slices.DeleteFunc([]int{360, 720}, func(lines int) bool { return lines*4 > top*3 }) // what differs little is not made
	for _, lines := range append(steps, top) {
		scale := float64(lines) / float64(short)
		even := func(n int) int { return max(2, int(math.Round(float64(n)*scale/2))*2) }
		one := rung{lines: lines, width: even(r.width), height: even(r.height), bits: 4_500_000, sound: 128_000}
		switch {
		case lines <= 360:
			one.bits, one.sound = 800_000, 64_000
		case lines <= 540:
			one.bits, one.sound = 1_500_000, 96_000
		case lines <= 720:
			one.bits, one.sound = 2_500_000, 96_000
		}
		if r.rate > 0 {
			one.bits = min(one.bits, max(150_000, r.rate*6/5))
		}
		list = append(list, one)
	}
	return list
}

// encode gives what makes a rendition: a file of segments, and the playlist that says where each begins.
func (r reel) encode(to rung) []string {
	args := append(r.input(), "-map", fmt.Sprint("0:", r.picture))
	if r.sound >= 0 {
		args = append(args, "-map", fmt.Sprint("0:", r.sound), "-c:a", "aac", "-b:a", strconv.Itoa(to.sound), "-ac", "2", "-ar", "48000")
	}
	args = append(args, "-t", strconv.Itoa(maxHours*3600+60), "-fpsmax", strconv.Itoa(frameRate), "-filter_threads", "1",
		"-vf", fmt.Sprintf("scale=%d:%d,setsar=1,format=yuv420p", to.width, to.height),
		"-c:v", "libx264", "-preset", "veryfast", "-profile:v", "high", "-level:v", "4.1", "-crf", "23", "-maxrate", strconv.Itoa(to.bits), "-bufsize", strconv.Itoa(2*to.bits), "-threads", "1",
		"-force_key_frames", fmt.Sprintf("expr:gte(t,n_forced*%d)", segment))
	args = append(args, bare()...)
	return append(args, "-f", "hls", "-hls_time", strconv.Itoa(segment), "-hls_playlist_type", "vod", "-hls_segment_type", "fmp4",
		"-hls_flags", "single_file+independent_segments", "-hls_segment_filename", to.name()+".mp4", to.name()+".m3u8")
}

// codecs names those of what is made: H.264 High 4.1 and AAC.
func (r reel) codecs() string {
	if r.sound < 0 {
		return "avc1.640029"
	}
	return "avc1.640029,mp4a.40.2"
}

// copyBare gives what makes a copy of the video that tells nothing but itself, to be played from its beginning at once.
func (r reel) copyBare(name string) []string {
	args := append(r.input(), "-map", fmt.Sprint("0:", r.picture))
	if r.sound >= 0 {
		args = append(args, "-map", fmt.Sprint("0:", r.sound))
	}
	args = append(append(args, "-c", "copy"), bare()...)
	if r.format == "mp4" {
		args = append(args, "-movflags", "+faststart")
	}
	return append(args, "-f", r.format, name)
}

// still gives what makes a picture of the video, near a second, no side of it longer than so many pixels.
func (r reel) still(second float64, side int, name string) []string {
	scale := min(1, float64(side)/float64(max(r.width, r.height)))
	args := append([]string{"-ss", strconv.FormatFloat(second, 'f', 2, 64)}, r.input()...)
	return append(args, "-map", fmt.Sprint("0:", r.picture), "-filter_threads", "1", "-vf",
		fmt.Sprintf("scale=%d:%d,setsar=1,thumbnail=24", max(2, int(float64(r.width)*scale)), max(2, int(float64(r.height)*scale))),
		"-frames:v", "1", "-c:v", "mjpeg", "-pix_fmt", "yuvj420p", "-q:v", "3", "-f", "image2", "-update", "1", name)
}

// hasHidden says whether an MP4 has boxes for what is neither seen nor heard that ffprobe does not tell of. What cannot be followed has.
func hasHidden(path string) bool {
	file, err := os.Open(path)
	if err != nil {
		return true
	}
	defer file.Close()
	info, err := file.Stat()
	return err != nil || hidden(file, 0, info.Size(), "")
}
