package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"time"
	"unicode/utf8"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"
	"go.mongodb.org/mongo-driver/x/bsonx/bsoncore"
)

// Index keys of the SQLite engine: values one after the other, each self-terminated, so
// that bytes.Compare orders keys as MongoDB orders the values. A value is a tag (the
// type, in MongoDB's order of types) and a payload.
const (
	tagNull     byte = 0x05 // null and missing
	tagNumber   byte = 0x10 // 8 bytes of the float64, 2 bytes of what an int64 has beyond it
	tagString   byte = 0x20 // bytes with 00 as 00 FF, then 00 01
	tagBinary   byte = 0x30 // the same
	tagObjectID byte = 0x38 // 12 bytes
	tagFalse    byte = 0x40
	tagTrue     byte = 0x41
	tagTime     byte = 0x50 // 8 bytes, milliseconds
	tagEnd      byte = 0xFF // greater than any value
)

func appendString(dst []byte, tag byte, s string) []byte {
	dst = append(dst, tag)
	for i := 0; i < len(s); i++ {
		dst = append(dst, s[i])
		if s[i] == 0 {
			dst = append(dst, 0xFF)
		}
	}
	return append(dst, 0, 1)
}

func appendFloatBits(dst []byte, f float64) []byte {
	if f == 0 {
		f = 0 // -0 equals 0
	}
	bits := math.Float64bits(f)
	if bits&(1<<63) != 0 {
		bits = ^bits
	} else {
		bits |= 1 << 63
	}
	return binary.BigEndian.AppendUint64(append(dst, tagNumber), bits)
}

func appendFloat(dst []byte, f float64) []byte {
	return binary.BigEndian.AppendUint16(appendFloatBits(dst, f), 1<<15)
}

func appendInt(dst []byte, n int64) []byte {
	f := float64(n)
	var rest int64
	if f == 1<<63 {
		rest = int64(uint64(n) - 1<<63)
	} else {
		rest = n - int64(f)
	}
	return binary.BigEndian.AppendUint16(appendFloatBits(dst, f), uint16(rest+1<<15))
}

func appendTime(dst []byte, ms int64) []byte {
	return binary.BigEndian.AppendUint64(append(dst, tagTime), uint64(ms)^1<<63)
}

// appendValue adds a Go value of a query; nil stands for null and missing.
func appendValue(dst []byte, v any) ([]byte, error) {
	switch v := v.(type) {
	case nil:
		return append(dst, tagNull), nil
	case string:
		return appendString(dst, tagString, v), nil
	case int:
		return appendInt(dst, int64(v)), nil
	case int64:
		return appendInt(dst, v), nil
	case bool:
		if v {
			return append(dst, tagTrue), nil
		}
		return append(dst, tagFalse), nil
	case time.Time:
		return appendTime(dst, v.UnixMilli()), nil
	}
	t, b, err := bson.MarshalValue(v)
	if err != nil {
		return nil, fmt.Errorf("store: value %T of a query: %w", v, err)
	}
	return appendBSON(dst, bsoncore.Value{Type: t, Data: b})
}

// appendBSON adds a value of a document. Subdocuments and arrays are no index values.
func appendBSON(dst []byte, v bsoncore.Value) ([]byte, error) {
	switch v.Type {
	case bson.TypeNull, bson.TypeUndefined:
		return append(dst, tagNull), nil
	case bson.TypeInt32:
		return appendInt(dst, int64(v.Int32())), nil
	case bson.TypeInt64:
		return appendInt(dst, v.Int64()), nil
	case bson.TypeDouble:
		return appendFloat(dst, v.Double()), nil
	case bson.TypeString:
		return appendString(dst, tagString, v.StringValue()), nil
	case bson.TypeBoolean:
		return appendValue(dst, v.Boolean())
	case bson.TypeDateTime:
		return appendTime(dst, v.DateTime()), nil
	case bson.TypeBinary:
		_, b := v.Binary()
		return appendString(dst, tagBinary, string(b)), nil
	case bson.TypeObjectID:
		id := v.ObjectID()
		return append(append(dst, tagObjectID), id[:]...), nil
	}
	return nil, fmt.Errorf("a value of type %s cannot be indexed", v.Type)
}

// readValue takes the first value off a key that may be anybody's.
func readValue(key []byte) (v any, rest []byte, ok bool) {
	tag, b := key[0], key[1:]
	switch tag {
	case tagNull:
		return nil, b, true
	case tagFalse, tagTrue:
		return tag == tagTrue, b, true
	case tagNumber:
		if len(b) < 10 {
			return nil, nil, false
		}
		return readNumber(binary.BigEndian.Uint64(b), binary.BigEndian.Uint16(b[8:])), b[10:], true
	case tagTime:
		if len(b) < 8 {
			return nil, nil, false
		}
		return primitive.DateTime(binary.BigEndian.Uint64(b) ^ 1<<63), b[8:], true
	case tagObjectID:
		if len(b) < 12 {
			return nil, nil, false
		}
		return primitive.ObjectID(b[:12]), b[12:], true
	case tagString, tagBinary:
		var text []byte
		for i := 0; i+1 < len(b); i++ {
			if b[i] != 0 {
				text = append(text, b[i])
				continue
			}
			i++
			switch b[i] {
			case 0xFF:
				text = append(text, 0)
			case 1:
				if tag == tagBinary {
					return primitive.Binary{Data: text}, b[i+1:], true
				}
				return string(text), b[i+1:], utf8.Valid(text)
			default:
				return nil, nil, false
			}
		}
	}
	return nil, nil, false
}

// readNumber gives an int64 where the number is one, else a float64: MongoDB compares the two
// by value.
func readNumber(bits uint64, past uint16) any {
	if bits&(1<<63) != 0 {
		bits &^= 1 << 63
	} else {
		bits = ^bits
	}
	f := math.Float64frombits(bits)
	rest := int64(past) - 1<<15
	if f == math.Trunc(f) && f >= -1<<63 && f <= 1<<63 {
		if f == 1<<63 {
			return int64(uint64(1<<63) + uint64(rest))
		}
		return int64(f) + rest
	}
	return f
}

// valuesAt gives every value that path leads to; an array gives each of its elements, also
// on the way.
func valuesAt(doc bsoncore.Document, path []string) ([]bsoncore.Value, error) {
	v, lookErr := doc.LookupErr(path[0])
	if lookErr != nil {
		return nil, nil
	}
	return follow(v, path[1:])
}

func follow(v bsoncore.Value, path []string) ([]bsoncore.Value, error) {
	if v.Type == bson.TypeArray {
		arr, err := v.Array().Values()
		if err != nil {
			return nil, err
		}
		var vals []bsoncore.Value
		for _, e := range arr {
			if e.Type == bson.TypeArray {
				return nil, errors.New("an array in an array cannot be indexed")
			}
			sub, err := follow(e, path)
			if err != nil {
				return nil, err
			}
			vals = append(vals, sub...)
		}
		return vals, nil
	}
	if len(path) == 0 {
		return []bsoncore.Value{v}, nil
	}
	if v.Type != bson.TypeEmbeddedDocument {
		return nil, nil
	}
	return valuesAt(v.Document(), path)
}

// indexKeys gives the keys of one document in one index, without repeats.
func indexKeys(ix *index, doc bsoncore.Document) ([]string, error) {
	keys := [][]byte{make([]byte, 0, 64)}
	multi := false
	for n, path := range ix.paths {
		vals, err := valuesAt(doc, path)
		if err != nil {
			return nil, fmt.Errorf("store: index %s: %w", ix.Name, err)
		}
		if n == 0 && ix.Unique && allNull(vals) {
			return nil, nil
		}
		if len(vals) == 0 {
			vals = []bsoncore.Value{{Type: bson.TypeNull}}
		}
		if len(vals) > 1 {
			if multi {
				return nil, fmt.Errorf("store: index %s: two array fields in one document", ix.Name)
			}
			multi = true
		}
		next := make([][]byte, 0, len(keys)*len(vals))
		for _, k := range keys {
			for i, v := range vals {
				base := k
				if i < len(vals)-1 {
					base = append(make([]byte, 0, len(k)+32), k...)
				}
				b, err := appendBSON(base, v)
				if err != nil {
					return nil, fmt.Errorf("store: index %s: %w", ix.Name, err)
				}
				next = append(next, b)
			}
		}
		keys = next
	}
	out := make([]string, 0, len(keys))
	seen := map[string]bool{}
	for _, k := range keys {
		s := string(k)
		if len(keys) > 1 {
			if seen[s] {
				continue
			}
			seen[s] = true
		}
		out = append(out, s)
	}
	return out, nil
}

func allNull(vals []bsoncore.Value) bool {
	for _, v := range vals {
		if v.Type != bson.TypeNull && v.Type != bson.TypeUndefined {
			return false
		}
	}
	return true
}
