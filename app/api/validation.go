package api

import (
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"qiming/internal/fault"
)

func typeOf[T any]() reflect.Type { return reflect.TypeFor[T]() }

// fields turns Huma's validation messages into stable keys. The offending values stay out: they
// may be passwords.
func fields(details []*huma.ErrorDetail) []fault.Field {
	out := make([]fault.Field, 0, len(details))
	for _, d := range details {
		if d == nil {
			continue
		}
		path := d.Location
		for _, where := range []string{"body.", "query.", "path.", "header."} {
			path = strings.TrimPrefix(path, where)
		}
		key, param := messageKey(d.Message)
		if key == "required" && param != "" {
			path = strings.TrimPrefix(strings.TrimPrefix(path, "body")+"."+param, ".")
			param = ""
		}
		field := fault.Field{Path: path, Key: key}
		if param != "" {
			field.Params = map[string]any{"limit": param}
		}
		out = append(out, field)
	}
	return out
}

// messageKey maps a message of huma/v2/validation to a key and the value it names, if any.
func messageKey(message string) (key, param string) {
	for _, rule := range []struct{ start, end, key string }{
		{"expected required property ", " to be present", "required"},
		{"required ", " parameter is missing", "required"},
		{"unexpected property", "", "unknown"},
		{"unknown query parameter", "", "unknown"},
		{"expected length >= ", "", "too_short"},
		{"expected length <= ", "", "too_long"},
		{"expected array length >= ", "", "too_few"},
		{"expected array length <= ", "", "too_many"},
		{"expected array items to be unique", "", "not_unique"},
		{"expected number >= ", "", "too_small"},
		{"expected number > ", "", "too_small"},
		{"expected number <= ", "", "too_large"},
		{"expected number < ", "", "too_large"},
		{"expected value to be one of ", "", "not_allowed"},
		{"expected string to match pattern ", "", "format"},
		{"expected string to be ", "", "format"},
		{"expected ", "", "type"},
	} {
		rest, found := strings.CutPrefix(message, rule.start)
		if !found {
			continue
		}
		switch rule.key {
		case "required":
			name := strings.TrimSuffix(rest, rule.end)
			if strings.HasPrefix(message, "required ") { // a parameter: its path already names it
				name = ""
			}
			return rule.key, name
		case "too_short", "too_long", "too_few", "too_many", "too_small", "too_large":
			return rule.key, rest
		}
		return rule.key, ""
	}
	return "invalid", ""
}
