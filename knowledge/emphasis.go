package knowledge

import (
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// maxRuns is how many runs of marks a text may have: matching them takes the square of their number. Those beyond are text.
const maxRuns = 4_000

var runs = parser.NewContextKey()

// emphasis reads * and _ as CommonMark does, but beside a Chinese character punctuation does not keep it from opening or
// closing: in **第一条。**党员应当 the closing marks stand between a full stop and a character, without a space, and would
// be taken for text.
type emphasis struct{}

// Trigger is the marks; _ keeps the common rule, it stands within words.
func (emphasis) Trigger() []byte { return []byte{'*', '_'} }

// Parse takes a run of marks.
func (emphasis) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	before := block.PrecendingCharacter()
	line, segment := block.PeekLine()
	node := parser.ScanDelimiter(line, before, 1, emphasised{})
	if node == nil {
		return nil
	}
	n, _ := pc.Get(runs).(int)
	if pc.Set(runs, n+1); n >= maxRuns {
		segment = segment.WithStop(segment.Start + node.OriginalLength)
		block.Advance(node.OriginalLength)
		return ast.NewTextSegment(segment)
	} else if after, _ := utf8.DecodeRune(line[node.OriginalLength:]); node.Char == '*' && (han(before) || han(after)) {
		node.CanOpen = node.CanOpen || !unicode.IsSpace(after)
		node.CanClose = node.CanClose || !unicode.IsSpace(before)
	}
	node.Segment = segment.WithStop(segment.Start + node.OriginalLength)
	block.Advance(node.OriginalLength)
	pc.PushDelimiter(node)
	return node
}

func han(r rune) bool { return unicode.In(r, unicode.Han) }

// emphasised makes nodes of matching runs.
type emphasised struct{}

// IsDelimiter says that * and _ are.
func (emphasised) IsDelimiter(b byte) bool { return b == '*' || b == '_' }

// CanOpenCloser says that equal marks belong together.
func (emphasised) CanOpenCloser(opener, closer *parser.Delimiter) bool {
	return opener.Char == closer.Char
}

// OnMatch gives emphasis of one mark or of two.
func (emphasised) OnMatch(consumes int) ast.Node { return ast.NewEmphasis(consumes) }
