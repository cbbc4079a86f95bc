package store

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/bson"
)

// schema is a checked Spec.
type schema struct {
	Spec
	indexes    []*index
	heads      []string    // the top-level fields of the indexes, each once
	statements *statements // of the SQLite engine
}

type index struct {
	Index
	paths [][]string
	array int // which of Fields may hold an array; -1 none
}

var nameRule = regexp.MustCompile(`^[a-z][a-z0-9_]{0,40}$`)

func newSchema[T any](spec Spec) (*schema, error) {
	if !nameRule.MatchString(spec.Name) {
		return nil, fmt.Errorf("store: collection name %q: lower-case letters, digits and _ only", spec.Name)
	}
	if spec.Version == 0 {
		spec.Version = 1
	}
	if len(spec.Migrations) != spec.Version-1 {
		return nil, fmt.Errorf("store: %s: version %d needs %d migrations, has %d",
			spec.Name, spec.Version, spec.Version-1, len(spec.Migrations))
	}
	for _, field := range []string{"_id", "rev"} {
		if _, err := holdsArray(reflect.TypeFor[T](), []string{field}); err != nil {
			return nil, fmt.Errorf("store: %s: the document type has no field %s: embed store.Meta with the tag `bson:\",inline\"`", spec.Name, field)
		}
	}
	s := &schema{Spec: spec}
	for _, x := range spec.Indexes {
		ix := &index{Index: x, array: -1}
		if !nameRule.MatchString(x.Name) || x.Name == "id" || s.index(x.Name) != nil {
			return nil, fmt.Errorf("store: %s: index name %q is ill-formed or taken", spec.Name, x.Name)
		}
		if len(x.Fields) == 0 {
			return nil, fmt.Errorf("store: %s: index %s has no field", spec.Name, x.Name)
		}
		for n, field := range x.Fields {
			path := strings.Split(field, ".")
			array, err := holdsArray(reflect.TypeFor[T](), path)
			if err != nil {
				return nil, fmt.Errorf("store: %s: index %s: field %s: %w", spec.Name, x.Name, field, err)
			}
			if array && ix.array >= 0 {
				return nil, fmt.Errorf("store: %s: index %s has two array fields", spec.Name, x.Name)
			}
			if array {
				ix.array = n
			}
			ix.paths = append(ix.paths, path)
		}
		s.indexes = append(s.indexes, ix)
		for _, path := range ix.paths {
			if !slices.Contains(s.heads, path[0]) {
				s.heads = append(s.heads, path[0])
			}
		}
	}
	s.statements = newStatements(s)
	return s, nil
}

func (s *schema) index(name string) *index {
	for _, ix := range s.indexes {
		if ix.Name == name {
			return ix
		}
	}
	return nil
}

var (
	timeType        = reflect.TypeFor[time.Time]()
	marshalerType   = reflect.TypeFor[bson.Marshaler]()
	valueMarshaler  = reflect.TypeFor[bson.ValueMarshaler]()
	errNoSuchField  = errors.New("the document type has no such field")
	errLeafHasField = errors.New("the path goes on beyond a plain value")
)

// holdsArray follows a bson path through a Go type and says whether a slice lies on it.
func holdsArray(t reflect.Type, path []string) (bool, error) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Implements(marshalerType) || t.Implements(valueMarshaler) ||
		reflect.PointerTo(t).Implements(marshalerType) || reflect.PointerTo(t).Implements(valueMarshaler) {
		return false, nil // its own form; seen at run time
	}
	if t.Kind() == reflect.Slice || t.Kind() == reflect.Array {
		if t.Elem().Kind() == reflect.Uint8 {
			return false, nil
		}
		_, err := holdsArray(t.Elem(), path)
		return true, err
	}
	if len(path) == 0 {
		return false, nil
	}
	switch {
	case t.Kind() == reflect.Map:
		return holdsArray(t.Elem(), path[1:])
	case t.Kind() == reflect.Interface:
		return false, nil
	case t.Kind() != reflect.Struct || t == timeType:
		return false, errLeafHasField
	}
	for i := range t.NumField() {
		f := t.Field(i)
		name, opts, _ := strings.Cut(f.Tag.Get("bson"), ",")
		if strings.Contains(opts, "inline") {
			if array, err := holdsArray(f.Type, path); !errors.Is(err, errNoSuchField) {
				return array, err
			}
			continue
		}
		if name == "" {
			name = strings.ToLower(f.Name)
		}
		if f.IsExported() && name == path[0] {
			return holdsArray(f.Type, path[1:])
		}
	}
	return false, errNoSuchField
}
