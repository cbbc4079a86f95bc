package interchange

import (
	"bytes"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	xunicode "golang.org/x/text/encoding/unicode"

	"qiming/exam/question"
	"qiming/search"
)

// decode turns a text file into UTF-8: UTF-8 with or without a byte order mark, UTF-16 with one, else
// GB18030. A file that is mostly UTF-8 with a few broken bytes stays UTF-8; the broken bytes become
// U+FFFD, which finish reports on the record they stand in.
func decode(data []byte) string {
	switch {
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		data = data[3:]
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		if out, err := xunicode.UTF16(xunicode.LittleEndian, xunicode.UseBOM).NewDecoder().Bytes(data); err == nil {
			return unify(string(out))
		}
	}
	if utf8.Valid(data) {
		return unify(string(data))
	}
	good, bad := 0, 0
	for rest := data; len(rest) > 0; {
		r, n := utf8.DecodeRune(rest)
		switch {
		case r == utf8.RuneError && n == 1:
			bad++
		case n > 1:
			good++
		}
		rest = rest[n:]
	}
	if good < 4*bad {
		if out, err := simplifiedchinese.GB18030.NewDecoder().Bytes(data); err == nil {
			return unify(string(out))
		}
	}
	return unify(strings.ToValidUTF8(string(data), "\ufffd"))
}

func unify(s string) string {
	return strings.NewReplacer("\r\n", "\n", "\r", "\n", "\x00", "").Replace(s)
}

var (
	nbspGap    = regexp.MustCompile(`\x{00a0}{3,}`)
	bracketGap = regexp.MustCompile(`[（(【\[][\s\x{00a0}\x{3000}]*[）)】\]]`)
	spaceGap   = regexp.MustCompile(`[ \t\x{3000}]{4,}`)
	thinGap    = regexp.MustCompile(`[_＿]{2,}`)
	sourceTail = regexp.MustCompile(`(?:^|[\s\x{00a0}。．.！!？?；;）)”"’])((?:来源|出处|依据)[:：]\s*([^\n]{2,300}))$`)
	sourceNote = regexp.MustCompile(`([（(【](?:来源|出处|依据)[:：]\s*([^\n]{2,300})[）)】])[。.]?$`)
	cutTail    = regexp.MustCompile(`(?:\x{fffd}%[0-9A-Fa-f]{0,2}|[^0-9０-９%][%][0-9A-Fa-f]|^%[0-9A-Fa-f]{0,2}|\p{Han}%)$`)
)

// tidyText makes a cell's text readable: runs of non-breaking spaces, which some exports write for a
// gap, become a gap; single ones a space; the ends are trimmed.
func tidyText(s string) string {
	if strings.Contains(s, "\u00a0") {
		s = nbspGap.ReplaceAllString(s, question.Gap)
		s = strings.ReplaceAll(s, "\u00a0", " ")
	}
	return strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == '\ufeff' || r == '\u200b' })
}

// withGaps marks the gaps of a fill-in stem by underscores: empty brackets, and where there are none
// of these, wide spaces.
func withGaps(stem string) string {
	stem = thinGap.ReplaceAllString(stem, question.Gap)
	stem = bracketGap.ReplaceAllString(stem, question.Gap)
	if question.Gaps(stem) == 0 {
		stem = spaceGap.ReplaceAllString(stem, question.Gap)
	}
	return stem
}

// splitSource takes "来源：…", or the same in brackets, off the end of a text.
func splitSource(s string) (rest, source string) {
	if tooLong(s) { // refused anyway
		return s, ""
	}
	m := sourceNote.FindStringSubmatchIndex(s)
	if m == nil {
		m = sourceTail.FindStringSubmatchIndex(s)
	}
	if m == nil {
		return s, ""
	}
	rest, source = strings.TrimSpace(s[:m[2]]+s[m[3]:]), strings.TrimSpace(s[m[4]:m[5]])
	if question.Gaps(source) > 0 || rest == "" || utf8.RuneCountInString(source) > question.MaxSource {
		return s, ""
	}
	return rest, source
}

// isCut says whether a text ends in the remains of a percent-encoded character: "大会常\ufffd%A", "就业%E".
func isCut(s string) bool { return cutTail.MatchString(s) }

// sameKey is the form in which options are compared: width, case, spaces and final stops do not count.
func sameKey(s string) string {
	s = search.Normalise(s, search.NormalOptions{FoldCase: true})
	return strings.TrimRight(strings.Join(strings.Fields(s), ""), ".。;；,，")
}

// splitEscaped splits at any of seps that is not escaped by a backslash; the parts keep their escapes.
func splitEscaped(s, seps string) []string {
	var parts []string
	start, escaped := 0, false
	for i, r := range s {
		switch {
		case escaped:
			escaped = false
		case r == '\\':
			escaped = true
		case strings.ContainsRune(seps, r):
			parts = append(parts, s[start:i])
			start = i + utf8.RuneLen(r)
		}
	}
	return append(parts, s[start:])
}

// unescape drops the backslash before the characters of set and before a backslash.
func unescape(s, set string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	runes := []rune(s)
	for i := 0; i < len(runes); i++ {
		if runes[i] == '\\' && i+1 < len(runes) && (runes[i+1] == '\\' || strings.ContainsRune(set, runes[i+1])) {
			i++
		}
		b.WriteRune(runes[i])
	}
	return b.String()
}

// escape puts a backslash before the characters of set and before a backslash.
func escape(s, set string) string {
	var b strings.Builder
	for _, r := range s {
		if r == '\\' || strings.ContainsRune(set, r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// splitList gives the trimmed, unescaped, non-empty parts of a list.
func splitList(s, seps string) []string {
	var out []string
	for _, part := range splitEscaped(s, seps) {
		if part = unescape(strings.TrimSpace(part), seps); part != "" {
			out = append(out, part)
		}
	}
	return out
}
