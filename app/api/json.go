package api

import (
	"io"

	jsonv2 "github.com/go-json-experiment/json"
	jsonv1 "github.com/go-json-experiment/json/v1"

	"github.com/danielgtaylor/huma/v2"
)

// jsonFormat writes JSON as encoding/json does, but for one thing: a nil slice is [] and a nil
// map {}, never null, so that the client's types need no "or null".
func jsonFormat() huma.Format {
	options := jsonv2.JoinOptions(
		jsonv1.DefaultOptionsV1(),
		jsonv2.FormatNilSliceAsNull(false),
		jsonv2.FormatNilMapAsNull(false),
	)
	return huma.Format{
		Marshal:   func(w io.Writer, v any) error { return jsonv2.MarshalWrite(w, v, options) },
		Unmarshal: jsonv1.Unmarshal, // as encoding/json, at half the cost
	}
}
