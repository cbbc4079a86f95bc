package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/alecthomas/kong"
)

// misused is the exit status of a command line that makes no sense, and of files that a command cannot use.
const misused = 2

// misuse says what is wrong with a command line and how the command is called.
func misuse(err error) string {
	text := strings.ReplaceAll(err.Error(), ` but got "EOL" (<EOL>)`, ", and there is none")
	if what, missing := strings.CutPrefix(text, "expected "); missing {
		text = what + " is missing"
		if one, several := strings.CutPrefix(what, "one of "); several {
			text = "a command is missing: one of " + one
		}
	}
	var parse *kong.ParseError
	if !errors.As(err, &parse) {
		return text
	}
	node := parse.Context.Model.Node
	for _, p := range parse.Context.Path {
		if n := p.Node(); n != nil {
			node = n
		}
	}
	call := "qiming"
	if path := node.Path(); path != "" {
		call += " " + path
	}
	return fmt.Sprintf("%s\nUsage: qiming %s\n\"%s --help\" says what there is.", text, strings.TrimSpace(node.Summary()), call)
}
