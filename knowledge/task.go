package knowledge

import (
	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/util"
)

// tasks writes the box of a task as a sign: nobody can tick it, and a sign is read aloud with its state where a box without a
// label is not.
type tasks struct{}

// RegisterFuncs takes the place of goldmark's own.
func (tasks) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(east.KindTaskCheckBox, func(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			sign := "☐"
			if node.(*east.TaskCheckBox).IsChecked {
				sign = "☑"
			}
			_, _ = w.WriteString(`<span class="task">` + sign + `</span> `)
		}
		return ast.WalkContinue, nil
	})
}
