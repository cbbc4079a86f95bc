package rules

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "qiming"

// source is a Go file of ours.
type source struct {
	path string // "exam/quiz.go"
	dir  string // "exam"
	test bool
	file *ast.File
	set  *token.FileSet
}

// sources parses every Go file of the module.
func sources(t *testing.T) []source {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	var all []source
	err = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			name := entry.Name()
			if path != root && (strings.HasPrefix(name, ".") || name == "node_modules" || name == "testdata" || name == "data" || name == "bin") {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(path, ".go") {
			return nil
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		name = filepath.ToSlash(name)
		dir := filepath.ToSlash(filepath.Dir(name))
		all = append(all, source{path: name, dir: dir, test: strings.HasSuffix(name, "_test.go"), file: file, set: set})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 50 {
		t.Fatalf("found only %d files: the rules look at the wrong place", len(all))
	}
	return all
}

func (s source) imports() []string {
	paths := make([]string, len(s.file.Imports))
	for i, spec := range s.file.Imports {
		paths[i], _ = strconv.Unquote(spec.Path.Value)
	}
	return paths
}

// layer is the height of a package; imports go down only. Modules of app may read one another.
func layer(dir string) int {
	under := func(parent string) bool { return dir == parent || strings.HasPrefix(dir, parent+"/") }
	switch {
	case under("internal"), dir == "app/web":
		return 0
	case dir == "search/thesaurus", dir == "search/querylog", dir == "search/index", dir == "knowledge/wordlist":
		return 2 // have scopes of actors and the analysis
	case dir == "search/evaluation":
		return 3
	case under("search"), under("media"), under("policies"):
		return 1
	case dir == "exam/question", dir == "exam/statistics", dir == "exam/integrity", dir == "exam/shortanswer":
		return 2
	case under("exam"), under("knowledge"):
		return 3
	case dir == "app":
		return 6
	case dir == "app/api":
		return 5
	case dir == "app/apptest":
		return 7
	case under("app"):
		return 4
	case under("cmd"):
		return 8
	}
	return -1
}

const appModules = 4

func TestImportsGoDown(t *testing.T) {
	for _, s := range sources(t) {
		from := layer(s.dir)
		if from < 0 {
			t.Errorf("%s: the layout has no such place (cmd app exam knowledge search media policies internal)", s.path)
		}
		for _, path := range s.imports() {
			dir, ours := strings.CutPrefix(path, module+"/")
			if !ours || dir == s.dir {
				continue
			}
			to := layer(dir)
			sibling := to == from && (from == appModules || from <= 1 && strings.HasPrefix(dir, "internal/") && strings.HasPrefix(s.dir, "internal/"))
			if s.test {
				// Tests may stand on anything, but the domains' own must not need the application.
				if (from == 2 || from == 3) && to >= appModules {
					t.Errorf("%s: a test of the domain imports %s", s.path, path)
				}
				continue
			}
			if to >= from && !sibling {
				t.Errorf("%s imports %s: imports go down only", s.path, path)
			}
		}
	}
}

// engines are third-party modules that one package of ours, with those below it, may know.
var engines = map[string]string{
	"github.com/gofiber/":             "app/api",
	"github.com/valyala/fasthttp":     "app/api",
	"github.com/danielgtaylor/huma/":  "app/api",
	"github.com/prometheus/":          "app/api",
	"github.com/casbin/":              "policies",
	"github.com/minio/minio-go/":      "media",
	"go.mongodb.org/mongo-driver/":    "internal/store",
	"modernc.org/sqlite":              "internal/store",
	"github.com/blevesearch/":         "search",
	"github.com/yuin/goldmark":        "knowledge",
	"github.com/microcosm-cc/":        "knowledge",
	"github.com/alecthomas/kong":      "cmd/qiming",
	"github.com/schollz/progressbar/": "cmd/qiming",
}

func TestEnginesStayInOnePackage(t *testing.T) {
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		for _, path := range s.imports() {
			for engine, home := range engines {
				if strings.HasPrefix(path, engine) && s.dir != home && !strings.HasPrefix(s.dir, home+"/") {
					t.Errorf("%s imports %s, which belongs in %s", s.path, path, home)
				}
			}
		}
	}
}

func TestPackagesSayWhatTheyAreFor(t *testing.T) {
	documented := map[string]bool{}
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		documented[s.dir] = documented[s.dir] || s.file.Doc != nil
		if name := s.file.Name.Name; slices.Contains([]string{"util", "utils", "common", "helper", "helpers", "manager", "misc", "types"}, name) {
			t.Errorf("%s: %s is no name for a package", s.path, name)
		}
	}
	for dir, ok := range documented {
		if !ok {
			t.Errorf("%s has no package comment", dir)
		}
	}
}

// Rules take now as a value, services take a clock: only cmd and internal/ident ask the machine, and
// the load rehearsal and the evaluation of the search, which have stopwatches and are no parts of the server.
func TestNobodyAsksTheMachineForTheTime(t *testing.T) {
	for _, s := range sources(t) {
		if s.test || strings.HasPrefix(s.dir, "cmd/") || s.dir == "internal/ident" || s.dir == "app/rehearse" || s.dir == "search/evaluation" {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			selector, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			pkg, ok := selector.X.(*ast.Ident)
			if ok && pkg.Name == "time" && slices.Contains([]string{"Now", "Since", "Until"}, selector.Sel.Name) {
				t.Errorf("%s: time.%s", s.set.Position(n.Pos()), selector.Sel.Name)
			}
			return true
		})
	}
}

func TestFilesAreReadable(t *testing.T) {
	const limit = 450 // lines; split near 400
	for _, s := range sources(t) {
		if lines := s.set.Position(s.file.End()).Line; !s.test && lines > limit {
			t.Errorf("%s has %d lines", s.path, lines)
		}
		for _, decl := range s.file.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
				t.Errorf("%s: init runs where nobody sees it", s.set.Position(f.Pos()))
			}
		}
	}
}
