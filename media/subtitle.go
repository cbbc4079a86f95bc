package media

import (
	"bytes"
	"cmp"
	"fmt"
	"html"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"qiming/internal/fault"
)

// Cue is what stands below a video from Start to End.
type Cue struct {
	Start, End time.Duration
	Settings   string // of WebVTT: where it stands; "" = below
	Text       string // plain, with line breaks
}

// Limits of subtitles.
const (
	maxSubtitles = 2 * mib
	maxCues      = 20_000
	maxCueText   = 2_000 // characters
)

// ParseSubtitles reads WebVTT and SRT, in UTF-8, UTF-16 with a mark, or GB18030. Refusals, all fault.Invalid:
// "media.too_large", "subtitle.encoding", "subtitle.empty", "subtitle.many" (Params max), and with Params line (from 1) and text:
// "subtitle.time" for a time that cannot be read, "subtitle.order" for an end that is not after its beginning, "subtitle.text" for
// what belongs to no time, "subtitle.long" (Params max).
func ParseSubtitles(data []byte) ([]Cue, error) {
	if len(data) > maxSubtitles {
		return nil, fault.New(fault.Invalid, "media.too_large", "%d bytes of subtitles", len(data)).With("max_mib", maxSubtitles/mib)
	}
	text, err := decodeText(data)
	if err != nil {
		return nil, err
	}
	lines := strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text), "\n")
	var cues []Cue
	for at := 0; at < len(lines); {
		end := at
		for end < len(lines) && strings.TrimSpace(lines[end]) != "" {
			end++
		}
		if end > at {
			if cues, err = takeBlock(cues, lines[at:end], at+1); err != nil {
				return nil, err
			}
		}
		at = end + 1
	}
	cues = slices.DeleteFunc(cues, func(c Cue) bool { return c.Text == "" })
	if len(cues) == 0 {
		return nil, fault.New(fault.Invalid, "subtitle.empty", "no line with a time")
	}
	slices.SortStableFunc(cues, func(a, b Cue) int { return cmp.Compare(a.Start, b.Start) })
	return cues, nil
}

// decodeText gives a text as UTF-8 without its mark.
func decodeText(data []byte) (string, error) {
	var from encoding.Encoding
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		from = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case utf8.Valid(data):
		return strings.TrimPrefix(string(data), "\ufeff"), nil
	default:
		from = simplifiedchinese.GB18030
	}
	out, err := from.NewDecoder().Bytes(data)
	if err != nil || bytes.ContainsRune(out, utf8.RuneError) {
		return "", fault.New(fault.Invalid, "subtitle.encoding", "neither UTF-8, UTF-16 with a mark nor GB18030")
	}
	return string(out), nil
}

var (
	timing    = regexp.MustCompile(`^\s*(\S+)\s*-->\s*(\S+)((?:\s+\S+)*)\s*$`)
	clockForm = regexp.MustCompile(`^(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,3}))?$`)
	meantTime = regexp.MustCompile(`^\s*\d{1,4}[:：]\d{1,2}`)
	number    = regexp.MustCompile(`^\s*\d+\s*$`)
	apart     = regexp.MustCompile(`^(WEBVTT|NOTE|STYLE|REGION)(\s|$)`)
	markup    = regexp.MustCompile(`</?[A-Za-z0-9.:][^<>\n]*>|\{\\[^{}\n]*\}`)
	settings  = regexp.MustCompile(`^(vertical:(rl|lr)|(line|position):-?\d{1,3}(\.\d+)?%?(,[a-z-]+)?|size:\d{1,3}(\.\d+)?%|align:(start|center|end|left|right))$`)
)

// takeBlock reads lines that stand together; from is the number of the first. Lines without a time belong to the cue before, as
// where a subtitle has an empty line within.
func takeBlock(cues []Cue, lines []string, from int) ([]Cue, error) {
	if apart.MatchString(lines[0]) {
		return cues, nil
	}
	at := slices.IndexFunc(lines[:min(2, len(lines))], func(line string) bool { return strings.Contains(line, "-->") })
	if at < 0 {
		for n, line := range lines[:min(2, len(lines))] {
			if meantTime.MatchString(line) {
				return nil, badLine("subtitle.time", from+n, line)
			}
		}
		if len(lines) == 1 && number.MatchString(lines[0]) {
			return cues, nil
		}
		if len(cues) == 0 {
			return nil, badLine("subtitle.text", from, lines[0])
		}
		last := &cues[len(cues)-1]
		last.Text += "\n" + plainCue(lines)
		return cues, tooLong(*last, from, lines[0])
	}
	line := lines[at]
	parts := timing.FindStringSubmatch(line)
	if parts == nil {
		return nil, badLine("subtitle.time", from+at, line)
	}
	start, ok1 := readClock(parts[1])
	end, ok2 := readClock(parts[2])
	switch {
	case !ok1 || !ok2:
		return nil, badLine("subtitle.time", from+at, line)
	case end <= start:
		return nil, badLine("subtitle.order", from+at, line)
	case len(cues) >= maxCues:
		return nil, fault.New(fault.Invalid, "subtitle.many", "more than %d cues", maxCues).With("max", maxCues)
	}
	for _, rest := range lines[at+1:] {
		if strings.Contains(rest, "-->") { // an empty line is missing before it
			return nil, badLine("subtitle.text", from+slices.Index(lines, rest), rest)
		}
	}
	kept := slices.DeleteFunc(strings.Fields(parts[3]), func(s string) bool { return !settings.MatchString(s) })
	cue := Cue{Start: start, End: end, Settings: strings.Join(kept, " "), Text: plainCue(lines[at+1:])}
	return append(cues, cue), tooLong(cue, from+at, line)
}

func badLine(key string, line int, text string) error {
	text = strings.TrimSpace(text)
	if runes := []rune(text); len(runes) > 60 {
		text = string(runes[:60]) + "…"
	}
	return fault.New(fault.Invalid, key, "line %d: %q", line, text).With("line", line).With("text", text)
}

func tooLong(c Cue, line int, text string) error {
	if utf8.RuneCountInString(c.Text) <= maxCueText {
		return nil
	}
	err := badLine("subtitle.long", line, text)
	paramsOf(err)["max"] = maxCueText
	return err
}

// plainCue gives lines without markup and without what is not to be seen.
func plainCue(lines []string) string {
	text := html.UnescapeString(markup.ReplaceAllString(strings.Join(lines, "\n"), ""))
	var kept []string
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.Join(strings.Fields(strings.Map(visible, line)), " "); line != "" {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "\n")
}

// readClock reads 01:02:03.456, 02:03,4 and 02:03.
func readClock(s string) (time.Duration, bool) {
	m := clockForm.FindStringSubmatch(s)
	if m == nil {
		return 0, false
	}
	n := func(s string) time.Duration { value, _ := strconv.Atoi(s); return time.Duration(value) }
	if n(m[2]) > 59 || n(m[3]) > 59 {
		return 0, false
	}
	return n(m[1])*time.Hour + n(m[2])*time.Minute + n(m[3])*time.Second + n((m[4] + "000")[:3])*time.Millisecond, true
}

// WriteSubtitles writes WebVTT.
func WriteSubtitles(cues []Cue) []byte {
	var b bytes.Buffer
	b.WriteString("WEBVTT\n")
	at := func(d time.Duration) string {
		return fmt.Sprintf("%02d:%02d:%02d.%03d", int(d.Hours()), int(d.Minutes())%60, int(d.Seconds())%60, d.Milliseconds()%1000)
	}
	for _, c := range cues {
		fmt.Fprintf(&b, "\n%s --> %s", at(c.Start), at(c.End))
		if c.Settings != "" {
			b.WriteString(" " + c.Settings)
		}
		b.WriteString("\n" + strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(c.Text) + "\n")
	}
	return b.Bytes()
}
