package knowledge

import (
	"unicode"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// emphasis reads * as CommonMark does, but beside a Chinese character punctuation does not keep it from opening or
// closing: in **第一条。**党员应当 the closing marks stand between a full stop and a character, without a space, and would
// be taken for text.
type emphasis struct{}

// Trigger is the mark; _ keeps the common rule, it stands within words.
func (emphasis) Trigger() []byte { return []byte{'*'} }

// Parse takes a run of marks.
func (emphasis) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	before := block.PrecendingCharacter()
	line, segment := block.PeekLine()
	node := parser.ScanDelimiter(line, before, 1, emphasised{})
	if node == nil {
		return nil
	}
	rest := []rune(string(line[node.OriginalLength:]))
	if len(rest) > 0 && (han(before) || han(rest[0])) {
		node.CanOpen = node.CanOpen || !unicode.IsSpace(rest[0])
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

// IsDelimiter says that * is one.
func (emphasised) IsDelimiter(b byte) bool { return b == '*' }

// CanOpenCloser says that equal marks belong together.
func (emphasised) CanOpenCloser(opener, closer *parser.Delimiter) bool { return opener.Char == closer.Char }

// OnMatch gives emphasis of one mark or of two.
func (emphasised) OnMatch(consumes int) ast.Node { return ast.NewEmphasis(consumes) }
