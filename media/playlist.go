package media

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A stream is a folder of names: the main playlist names the playlists of the renditions, and each of those one file and where in it
// every segment begins (RFC 8216, byte ranges). The names are relative, so that one signature in the path opens the whole folder.

const (
	playlistEnding = ".m3u8"
	playlistType   = "application/vnd.apple.mpegurl"
	mainPlaylist   = "main" + playlistEnding
	streamScope    = "stream" // what the signature of a folder is for
)

var streamPart = regexp.MustCompile(`^[0-9]{1,4}p\.(mp4|m3u8)$`)

// Part gives what a name in the folder of a video's stream is: the main playlist, or a variant. Another name, and any of a
// video that is not ready, is fault.NotFound.
func (f File) Part(name string) (v Variant, list []byte, err error) {
	if f.Film == Streaming && name == mainPlaylist {
		list = f.playlist()
		return Variant{Name: name, Type: playlistType, Size: int64(len(list))}, list, nil
	}
	if f.Film == Streaming && streamPart.MatchString(name) {
		for _, v := range f.Variants {
			if v.Name == name {
				return v, nil, nil
			}
		}
	}
	return Variant{}, nil, notFound(f.ID + "/" + name)
}

// playlist writes the main playlist, the smallest rendition first: players begin with it.
func (f File) playlist() []byte {
	var b bytes.Buffer
	b.WriteString("#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n")
	for _, v := range slices.SortedFunc(slices.Values(f.Variants), func(a, b Variant) int { return a.Height - b.Height }) {
		if name, found := strings.CutSuffix(v.Name, ".mp4"); found && streamPart.MatchString(v.Name) {
			fmt.Fprintf(&b, "#EXT-X-STREAM-INF:BANDWIDTH=%d,RESOLUTION=%dx%d,CODECS=\"%s\"\n%s%s\n", v.Rate, v.Width, v.Height, v.Codecs, name, playlistEnding)
		}
	}
	return b.Bytes()
}

// peak gives the bits per second of the heaviest segment of a rendition's playlist; 0 where there is none.
func peak(playlist []byte) (most int) {
	var seconds float64
	for line := range strings.Lines(string(playlist)) {
		line = strings.TrimSpace(line)
		if text, found := strings.CutPrefix(line, "#EXTINF:"); found {
			text, _, _ = strings.Cut(text, ",")
			seconds, _ = strconv.ParseFloat(text, 64)
		}
		if text, found := strings.CutPrefix(line, "#EXT-X-BYTERANGE:"); found && seconds > 0 {
			text, _, _ = strings.Cut(text, "@")
			if size, err := strconv.ParseInt(text, 10, 64); err == nil {
				most = max(most, int(float64(size)*8/max(seconds, 1)))
			}
		}
	}
	return most
}

// streamLink gives the link of a stream's main playlist.
func (l *Library) streamLink(viewer, id, end string) string {
	return l.Path + id + "/" + streamScope + "/" + end + "/" + l.sign(viewer, id, streamScope, end) + "/" + mainPlaylist
}
