package interchange

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"qiming/exam/question"
)

// jsonFormat is our own lossless form,
//
//	{"format": "qiming.questions", "version": 1, "questions": [
//	  {"id": "…", "category": ["党史"], "tags": ["…"], "points": 2, "content": {"kind": "single", "stem": "…", …}}, …]}
//
// where content has the fields of question.Content, and two foreign shapes that are tables in disguise
// and go through the mapping like any table: an array of objects whose keys are headings, and one object
// of "stem|option|option" to the text of the answer.
type jsonFormat struct{}

const (
	jsonName    = "qiming.questions"
	jsonVersion = 1
)

type jsonFile struct {
	Format    string      `json:"format"`
	Version   int         `json:"version"`
	Questions []jsonItem  `json:"questions"`
	Files     []jsonMedia `json:"files,omitempty"` // of a package
}

type jsonItem struct {
	ID       string             `json:"id,omitempty"`
	Category []string           `json:"category,omitempty"`
	Tags     []string           `json:"tags,omitempty"`
	Points   float64            `json:"points,omitempty"`
	Until    string             `json:"valid_until,omitempty"`
	Basis    string             `json:"basis,omitempty"`
	Passages []question.Passage `json:"passages,omitempty"`
	Content  question.Content   `json:"content"`
}

func (jsonFormat) name() Format { return JSON }

func (jsonFormat) detect(src Source) bool {
	data := bytes.TrimSpace(bytes.TrimPrefix(src.Data[:min(len(src.Data), 64<<10)], []byte("\ufeff")))
	if len(data) == 0 || data[0] != '{' && data[0] != '[' {
		return false
	}
	if rest := bytes.TrimSpace(data[1:]); len(rest) > 0 { // GIFT may begin with [html] or {
		return data[0] == '{' && (rest[0] == '"' || rest[0] == '}') || data[0] == '[' && strings.ContainsRune(`{"[]`, rune(rest[0]))
	}
	return false
}

func (f jsonFormat) read(src Source) Parsed {
	s := decode(src.Data)
	if err := checkJSON(s); err != nil {
		return jsonSyntax(s, err)
	}
	d := json.NewDecoder(strings.NewReader(s))
	first, err := d.Token()
	if err != nil {
		return jsonSyntax(s, err)
	}
	switch first {
	case json.Delim('['):
		return f.array(s, src.Mapping)
	case json.Delim('{'):
		return f.object(s, src.Mapping)
	}
	return unreadable(JSON, "json.shape")
}

const maxDepth = 64

// checkJSON refuses what the standard decoder would take at a cost: deep nesting.
func checkJSON(s string) error {
	depth, inside := 0, false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case inside && c == '\\':
			i++
		case c == '"':
			inside = !inside
		case inside:
		case c == '{' || c == '[':
			if depth++; depth > maxDepth {
				return fmt.Errorf("嵌套超过 %d 层", maxDepth)
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return nil
}

func jsonSyntax(s string, err error) Parsed {
	offset := len(s)
	if e := new(json.SyntaxError); errors.As(err, &e) {
		offset = int(e.Offset)
	}
	line := 1 + strings.Count(s[:min(max(offset, 0), len(s))], "\n")
	return unreadable(JSON, "json.syntax", "line", line, "reason", shorten(err.Error()))
}

// object reads our own form or the stem|options table, or an object that wraps an array of questions.
func (f jsonFormat) object(s string, m Mapping) Parsed {
	keys, values, err := entries(s)
	if err != nil {
		return jsonSyntax(s, err)
	}
	at := func(name string) json.RawMessage {
		if i := slices.Index(keys, name); i >= 0 {
			return values[i]
		}
		return nil
	}
	var name string
	if json.Unmarshal(at("format"), &name) == nil && name == jsonName {
		return f.own(s)
	}
	texts := 0
	for _, v := range values {
		if v[0] == '"' {
			texts++
		}
	}
	if bars := slices.IndexFunc(keys, func(k string) bool { return strings.Contains(k, "|") }); bars >= 0 && texts > 0 {
		return f.pairs(keys, values, m)
	}
	for _, wrapper := range []string{"questions", "items", "data", "list", "rows", "records", "题目", "题库", "试题"} {
		if v := at(wrapper); len(v) > 0 && v[0] == '[' {
			return f.array(string(v), m)
		}
	}
	if len(m) > 0 && texts > 0 {
		return f.pairs(keys, values, m)
	}
	return unreadable(JSON, "json.shape")
}

// entries gives the members of an object in the order of the file, repeated keys included.
func entries(s string) (keys []string, values []json.RawMessage, err error) {
	d := json.NewDecoder(strings.NewReader(s))
	if _, err := d.Token(); err != nil {
		return nil, nil, err
	}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return nil, nil, err
		}
		key, ok := t.(string)
		var v json.RawMessage
		if err := d.Decode(&v); err != nil {
			return nil, nil, err
		}
		if !ok || len(v) == 0 {
			return nil, nil, errors.New("不是键值对")
		}
		keys, values = append(keys, key), append(values, v)
		if len(keys) > MaxRows+headingDepth {
			break
		}
	}
	if _, err := d.Token(); err != nil {
		return nil, nil, err
	}
	return keys, values, nil
}

func (jsonFormat) own(s string) Parsed {
	var head struct {
		Version   int               `json:"version"`
		Questions []json.RawMessage `json:"questions"`
	}
	if err := json.Unmarshal([]byte(s), &head); err != nil {
		return jsonSyntax(s, err)
	}
	switch {
	case head.Version > jsonVersion:
		return unreadable(JSON, "json.version", "version", head.Version)
	case len(head.Questions) > MaxRows:
		return unreadable(JSON, "file.too_many_rows", "max", MaxRows)
	}
	var out Parsed
	for i, raw := range head.Questions {
		at := place{row: i + 1, unit: JSON.unit()}
		r := Record{Item: Item{Row: i + 1}}
		var q jsonItem
		if err := json.Unmarshal(raw, &q); err != nil {
			r.Problems = append(r.Problems, at.problem(Error, "content", "field.invalid", "field", "content", "key", shorten(err.Error())))
		} else {
			r.Item.ExternalID, r.Item.Category, r.Item.Tags, r.Item.Points, r.Item.Content = q.ID, q.Category, q.Tags, q.Points, q.Content
			r.Item.ValidUntil, r.Item.Basis, r.Item.Passages = q.Until, q.Basis, q.Passages
			if q.Points < 0 || q.Points > 10_000 {
				r.Problems = append(r.Problems, at.problem(Warning, FieldPoints.title(), "points.unknown", "value", q.Points))
				r.Item.Points = 0
			}
		}
		out.Records = append(out.Records, r)
	}
	return out
}

// pairs reads the object of stem|options to answer: a table of two columns, "key" and "value".
func (jsonFormat) pairs(keys []string, values []json.RawMessage, m Mapping) Parsed {
	if len(keys) > MaxRows {
		return unreadable(JSON, "file.too_many_rows", "max", MaxRows)
	}
	mapping := Mapping{"key": FieldStemOptions, "value": FieldAnswer}
	for k, f := range m {
		mapping[k] = f
	}
	s := sheet{rows: []row{{cells: []string{"key", "value"}}}}
	for i, k := range keys {
		s.rows = append(s.rows, row{number: i + 1, cells: []string{k, cellOf(values[i])}})
	}
	return records([]sheet{s}, mapping, JSON.unit())
}

// array reads objects as rows; their keys, in order of appearance, are the headings. A list of texts or of
// objects with a text becomes several columns: options[0], options[1] ...
func (jsonFormat) array(s string, m Mapping) Parsed {
	var list []json.RawMessage
	if err := json.Unmarshal([]byte(s), &list); err != nil {
		return jsonSyntax(s, err)
	}
	if len(list) > MaxRows {
		return unreadable(JSON, "file.too_many_rows", "max", MaxRows)
	}
	head := row{}
	index := map[string]int{}
	rows := make([]row, 0, len(list))
	for i, raw := range list {
		r := row{number: i + 1}
		set := func(key, value string) {
			at, ok := index[key]
			if !ok {
				if at = len(head.cells); at >= maxColumns {
					return
				}
				index[key] = at
				head.cells = append(head.cells, key)
			}
			for len(r.cells) <= at {
				r.cells = append(r.cells, "")
			}
			r.cells[at] = value
		}
		if raw[0] == '[' { // a row as a list of cells
			var cells []json.RawMessage
			if json.Unmarshal(raw, &cells) == nil {
				for _, c := range cells {
					r.cells = append(r.cells, cellOf(c))
				}
			}
			rows = append(rows, r)
			continue
		}
		keys, values, err := entries(string(raw))
		if raw[0] != '{' || err != nil {
			r.cells, r.problem = []string{string(raw)}, "json.shape"
			rows = append(rows, r)
			continue
		}
		for j, k := range keys {
			flatten(k, values[j], set)
		}
		rows = append(rows, r)
	}
	sheetRows := rows
	if len(head.cells) > 0 {
		sheetRows = append([]row{head}, rows...)
	}
	return records([]sheet{{rows: sheetRows}}, m, JSON.unit())
}

func flatten(key string, raw json.RawMessage, set func(key, value string)) {
	if guess(key) == FieldOptions && (raw[0] == '[' || raw[0] == '{') || guess(key) == FieldIgnore && raw[0] == '[' {
		var list []json.RawMessage
		if raw[0] == '{' { // {"A": "甲", "B": "乙"}
			if keys, values, err := entries(string(raw)); err == nil {
				for i, k := range keys {
					if at := optionHeading(headingKey("选项" + k)); at >= 0 {
						set("options["+strconv.Itoa(at)+"]", cellOf(values[i]))
					} else {
						set(key+"."+k, cellOf(values[i]))
					}
				}
				return
			}
		}
		if json.Unmarshal(raw, &list) == nil {
			name := key // of a key that nobody knows: it may be options
			if guess(key) == FieldOptions {
				name = "options"
			}
			for i, v := range list {
				set(name+"["+strconv.Itoa(i)+"]", cellOf(v))
			}
			return
		}
	}
	set(key, cellOf(raw))
}

// cellOf gives a value as a cell: texts as they are, lists joined by ";", an object's text or label.
func cellOf(raw json.RawMessage) string {
	var v any
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if d.Decode(&v) != nil {
		return ""
	}
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case json.Number:
		return v.String()
	case []any:
		var list []json.RawMessage
		_ = json.Unmarshal(raw, &list) // decoded above
		parts := make([]string, len(list))
		for i := range list {
			parts[i] = cellOf(list[i])
		}
		return strings.Join(parts, ";")
	case map[string]any:
		for _, name := range []string{"text", "content", "label", "value", "name", "title", "option"} {
			if t, ok := v[name].(string); ok {
				return t
			}
		}
	}
	return string(raw)
}

// write gives the lossless form: two spaces of indent, so that versions compare line by line.
func (jsonFormat) write(w io.Writer, items []Item) ([]Problem, error) {
	return nil, writeJSON(w, items, nil)
}

func writeJSON(w io.Writer, items []Item, files []File) error {
	file := jsonFile{Format: jsonName, Version: jsonVersion, Questions: make([]jsonItem, len(items))}
	for _, f := range files {
		file.Files = append(file.Files, jsonMedia{f.ID, f.Name})
	}
	for i, item := range items {
		file.Questions[i] = jsonItem{item.ExternalID, item.Category, item.Tags, item.Points, item.ValidUntil, item.Basis, item.Passages, item.Content}
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(file)
}

// fileNames gives the names that our own form has for files, by id.
func fileNames(data []byte) map[string]string {
	var file struct {
		Files []jsonMedia `json:"files"`
	}
	out := map[string]string{}
	if json.Unmarshal(data, &file) != nil { // the questions are read all the same
		return out
	}
	for _, f := range file.Files {
		out[f.ID] = f.Name
	}
	return out
}
