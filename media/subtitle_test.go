package media

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"qiming/internal/fault"
)

const srt = "1\r\n00:00:01,000 --> 00:00:04,500\r\n<font color=\"#fff\">全心全意</font>\r\n{\\an8}为<i>人民</i>服务\r\n\r\n2\r\n00:01:02,5 --> 01:00:00,000\r\n第二句 &amp; 末句\r\n"

func TestParseSubtitles(t *testing.T) {
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes([]byte(srt))
	if err != nil {
		t.Fatal(err)
	}
	big, err := unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().Bytes([]byte(srt))
	if err != nil {
		t.Fatal(err)
	}
	gb, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(srt))
	if err != nil {
		t.Fatal(err)
	}
	want := []Cue{
		{Start: time.Second, End: 4500 * time.Millisecond, Text: "全心全意\n为人民服务"},
		{Start: 62500 * time.Millisecond, End: time.Hour, Text: "第二句 & 末句"},
	}
	for name, data := range map[string][]byte{
		"UTF-8": []byte(srt), "with a mark": []byte("\ufeff" + srt), "UTF-16LE": utf16, "UTF-16BE": big, "GB18030": gb,
		"line feeds": []byte(strings.ReplaceAll(srt, "\r\n", "\n")), "no end": []byte(strings.TrimSpace(srt)),
		"WebVTT":      []byte("WEBVTT - 标题\n\nSTYLE\n::cue {}\n\nNOTE 说明\n\n一\n00:01.000 --> 00:04.500\n<v 书记>全心全意</v>\n为<c.red>人民</c>服务\n\n00:01:02.500 --> 01:00:00.000\n第二句 &amp; 末句\n"),
		"disordered":  []byte("2\n00:01:02,5 --> 01:00:00\n第二句 & 末句\n\n1\n00:00:01,000 --> 00:00:04,500\n全心全意\n为人民服务"),
		"empty lines": []byte("1\n00:00:01,000 --> 00:00:04,500\n全心全意\n\n为人民服务\n\n2\n00:01:02,5 --> 01:00:00,000\n第二句 & 末句\n\n3\n"),
	} {
		cues, err := ParseSubtitles(data)
		if err != nil || !slices.Equal(cues, want) {
			t.Errorf("%s: %+v %v", name, cues, err)
		}
	}
	if cues, err := ParseSubtitles([]byte("WEBVTT\n\n00:01.000 --> 00:02.000 line:0 position:20% align:start evil:x\n上\n")); err != nil || cues[0].Settings != "line:0 position:20% align:start" {
		t.Errorf("%+v %v", cues, err)
	}
	const head = "1\n00:00:01,000 --> 00:00:02,000\n好\n\n"
	for _, c := range []struct {
		name, text, key string
		line            int
	}{
		{"nothing", "", "subtitle.empty", 0},
		{"a header alone", "WEBVTT\n\nNOTE x\n", "subtitle.empty", 0},
		{"a wrong arrow", head + "2\n00:00:03,000 -> 00:00:04,000\n坏\n", "subtitle.time", 6},
		{"a wrong time", head + "2\n00:00:03,000 --> 00:00:64,000\n坏\n", "subtitle.time", 6},
		{"no second time", head + "00:00:03,000 -->\n坏\n", "subtitle.time", 5},
		{"backwards", head + "2\n00:00:04,000 --> 00:00:04,000\n坏\n", "subtitle.order", 6},
		{"words first", "台词\n没有时间\n\n" + head, "subtitle.text", 1},
		{"no empty line", "1\n00:00:01,000 --> 00:00:02,000\n好\n2\n00:00:03,000 --> 00:00:04,000\n坏\n", "subtitle.text", 5},
		{"long", "00:00:01,000 --> 00:00:02,000\n" + strings.Repeat("长", maxCueText+1), "subtitle.long", 1},
		{"neither encoding", "1\n00:00:01,000 --> 00:00:02,000\n\xff\xff\xff", "subtitle.encoding", 0},
		{"large", strings.Repeat("x", maxSubtitles+1), "media.too_large", 0},
		{"many", strings.Repeat("00:01 --> 00:02\nx\n\n", maxCues+1), "subtitle.many", 0},
	} {
		cues, err := ParseSubtitles([]byte(c.text))
		if fault.KeyOf(err) != c.key || !fault.Is(err, fault.Invalid) || c.line > 0 && paramsOf(err)["line"] != c.line {
			t.Errorf("%s: %+v %v %v, want %s in line %d", c.name, cues, err, paramsOf(err), c.key, c.line)
		}
	}
	for _, text := range []string{strings.Repeat("00:01 --> 00:02\nx\n\n", maxCues), "00:00:01,000 --> 00:00:02,000\n" + strings.Repeat("长", maxCueText)} {
		if _, err := ParseSubtitles([]byte(text)); err != nil {
			t.Error(err)
		}
	}
}

// What was written reads as what was read.
func FuzzParseSubtitles(f *testing.F) {
	f.Add([]byte(srt))
	f.Add([]byte("WEBVTT\n\n00:01.000 --> 00:04.500 align:start line:-1\n<b>a</b> &lt;b&gt; &amp;amp;\n"))
	f.Add([]byte("\xff\xfe1\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		cues, err := ParseSubtitles(data)
		if err != nil {
			if !fault.Is(err, fault.Invalid) {
				t.Fatal(err)
			}
			return
		}
		written := WriteSubtitles(cues)
		if !utf8.Valid(written) {
			t.Fatalf("%q", written)
		}
		again, err := ParseSubtitles(written)
		if err != nil || len(again) != len(cues) {
			t.Fatalf("%v: %+v, then %+v", err, cues, again)
		}
		if twice := WriteSubtitles(again); !bytes.Equal(twice, WriteSubtitles(mustParse(t, twice))) {
			t.Fatalf("%q", twice)
		}
	})
}

func mustParse(t *testing.T, data []byte) []Cue {
	t.Helper()
	cues, err := ParseSubtitles(data)
	if err != nil {
		t.Fatal(err)
	}
	return cues
}

// shelved puts a file on the shelf of an organisation.
func (s *shelf) shelved(org, name string, data []byte) File {
	s.Helper()
	u, err := s.Create(s.ctx, "anna", org, name, "", int64(len(data)))
	s.ok(err)
	_, err = s.Receive(s.ctx, "anna", u.ID, 0, data)
	s.ok(err)
	s.ok(s.Work(s.ctx))
	u, err = s.Incoming(s.ctx, "anna", u.ID)
	s.ok(err)
	f, err := s.Get(s.ctx, u.FileID)
	s.ok(err)
	return f
}

// Subtitles belong to their video: they are counted with it, found by its links and gone with it.
func TestSubtitlesOfAVideo(t *testing.T) {
	s := newShelf(t, "dir:"+t.TempDir(), 0)
	f, picture := s.shelved("a", "党课.mp4", film(1000, 1)), s.shelved("a", "x.png", dot(1))
	used, err := s.Used(s.ctx, "a")
	s.ok(err)
	_, err = s.Subtitle(s.ctx, "a", f.ID, "zh-CN", strings.NewReader(srt))
	s.ok(err)
	_, err = s.Subtitle(s.ctx, "a", f.ID, "en", strings.NewReader("WEBVTT\n\n00:01.000 --> 00:02.000\nFirst\n"))
	s.ok(err)
	item, err := s.Subtitle(s.ctx, "a", f.ID, "en", strings.NewReader("WEBVTT\n\n00:01.000 --> 00:02.000\nSecond thoughts\n"))
	s.ok(err)
	if got := item.Tracks(); !slices.Equal(got, []string{"zh-CN", "en"}) {
		t.Errorf("%v", got)
	}
	now, err := s.Used(s.ctx, "a")
	s.ok(err)
	if now-used != item.Derived || item.Derived == 0 {
		t.Errorf("%d bytes more are counted, %d are there", now-used, item.Derived)
	}
	links, err := s.Links(s.ctx, "anna", monday, []string{f.ID})
	s.ok(err)
	if tracks := links[f.ID].Tracks; len(tracks) != 2 || tracks[0].Lang != "zh-CN" {
		t.Fatalf("%+v", links)
	}
	r, err := s.Open(s.ctx, item.File, "subtitles-en", Range{})
	s.ok(err)
	text, err := io.ReadAll(r)
	s.ok(err)
	if string(text) != "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nSecond thoughts\n" {
		t.Errorf("%q", text)
	}
	for _, c := range []struct {
		org, id, lang, text, key string
	}{
		{"a", picture.ID, "zh-CN", srt, "subtitle.no_video"}, {"b", f.ID, "zh-CN", srt, "media.not_found"},
		{"a", f.ID, "../x", srt, "subtitle.lang"}, {"a", f.ID, "", srt, "subtitle.lang"}, {"a", f.ID, "fr", "x", "subtitle.text"},
	} {
		_, err := s.Subtitle(s.ctx, c.org, c.id, c.lang, strings.NewReader(c.text))
		s.refused(err, c.key)
	}
	for i := range maxTracks - 2 {
		_, err := s.Subtitle(s.ctx, "a", f.ID, fmt.Sprintf("x%c", 'a'+i), strings.NewReader(srt))
		s.ok(err)
	}
	_, err = s.Subtitle(s.ctx, "a", f.ID, "fr", strings.NewReader(srt))
	s.refused(err, "subtitle.tracks")
	_, err = s.Unsubtitle(s.ctx, "a", f.ID, "en")
	s.ok(err)
	_, err = s.Unsubtitle(s.ctx, "a", f.ID, "en")
	s.refused(err, "media.not_found")
	if checked, err := s.Check(s.ctx, nil); err != nil || len(checked.Findings) > 0 {
		t.Errorf("%+v %v", checked, err)
	}
	s.ok(s.Discard(s.ctx, "a", f.ID))
	for object, err := range s.Bucket.List(s.ctx, derivedPrefix) {
		t.Errorf("%s is left behind (%v)", object.Key, err)
	}
	if now, err = s.Used(s.ctx, "a"); err != nil || now != picture.weight() {
		t.Errorf("%d bytes are counted, %d are kept (%v)", now, picture.weight(), err)
	}
}
