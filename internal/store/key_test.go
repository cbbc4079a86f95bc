package store

import (
	"bytes"
	"cmp"
	"math"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"
)

func key(t testing.TB, values ...any) []byte {
	t.Helper()
	var k []byte
	for _, v := range values {
		var err error
		if k, err = appendValue(k, v); err != nil {
			t.Fatal(err)
		}
	}
	return k
}

type branch string

// TestKeyOrder walks up MongoDB's order of types and values.
func TestKeyOrder(t *testing.T) {
	day := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
	up := [][]any{
		{nil}, {math.Inf(-1)}, {math.MinInt64}, {-1 << 53}, {-2}, {-1.5}, {-1}, {0}, {0.25}, {1}, {1.5}, {int32(2)}, {int64(1) << 53},
		{int64(1)<<53 + 1}, {int64(math.MaxInt64) - 1}, {int64(math.MaxInt64)}, {math.MaxFloat64}, {math.Inf(1)},
		{""}, {"\x00"}, {"\x00\x00"}, {"\x00a"}, {"a"}, {"a", nil}, {"a", "a"}, {"a\x00"}, {"aa"}, {branch("b")}, {"党"},
		{[]byte{}}, {[]byte{0}}, {[]byte{1}}, {primitive.ObjectID{1}}, {false}, {true}, {day.Add(-time.Hour)}, {day}, {primitive.NewDateTimeFromTime(day.Add(1))}, {day.Add(time.Millisecond)},
	}
	for i := range up[1:] {
		low, high := key(t, up[i]...), key(t, up[i+1]...)
		equal := i+1 == len(up)-2 // the microsecond is not kept
		if c := bytes.Compare(low, high); c > 0 || c == 0 && !equal {
			t.Errorf("%v (%x) does not come before %v (%x)", up[i], low, up[i+1], high)
		}
	}
	for _, same := range [][2]any{{1, 1.0}, {int32(7), int64(7)}, {branch("x"), "x"}, {0.0, math.Copysign(0, -1)}, {nil, (*string)(nil)}} {
		if !bytes.Equal(key(t, same[0]), key(t, same[1])) {
			t.Errorf("%v and %v differ", same[0], same[1])
		}
	}
	if _, err := appendValue(nil, struct{ A int }{1}); err == nil {
		t.Error("a document became a key")
	}
}

func FuzzKeyOrder(f *testing.F) {
	f.Add("a", "a\x00", int64(1), int64(2), 0.5, 1.5)
	f.Add("", "\x00\xff", int64(math.MaxInt64), int64(math.MinInt64), math.Copysign(0, -1), math.MaxFloat64)
	f.Fuzz(func(t *testing.T, s1, s2 string, n1, n2 int64, f1, f2 float64) {
		if math.IsNaN(f1) || math.IsNaN(f2) {
			return
		}
		if got, want := bytes.Compare(key(t, n1), key(t, n2)), cmp.Compare(n1, n2); got != want {
			t.Errorf("%d, %d: %d", n1, n2, got)
		}
		whole := key(t, s1, n1, f1)
		for left := whole; len(left) > 0; {
			v, rest, ok := readValue(left)
			if !ok {
				if utf8.ValidString(s1) {
					t.Fatalf("%x cannot be read", left)
				}
				break
			}
			if got := key(t, v); !bytes.Equal(got, left[:len(left)-len(rest)]) {
				t.Errorf("%x was read as %v, that is %x", left, v, got)
			}
			left = rest
		}
		if got, want := bytes.Compare(key(t, f1), key(t, f2)), cmp.Compare(f1, f2); got != want {
			t.Errorf("%g, %g: %d", f1, f2, got)
		}
		if got, want := bytes.Compare(key(t, s1, n1), key(t, s2, n2)), cmp.Or(strings.Compare(s1, s2), cmp.Compare(n1, n2)); got != want {
			t.Errorf("%q %d, %q %d: %d", s1, n1, s2, n2, got)
		}
		if small := math.Abs(f1) < 1<<53; small {
			if got, want := bytes.Compare(key(t, n1>>12), key(t, f1)), cmp.Compare(float64(n1>>12), f1); got != want {
				t.Errorf("%d, %g: %d", n1>>12, f1, got)
			}
		}
	})
}

// FuzzCursor hands cursors of strangers to both engines: a page or a refusal, never a panic.
func FuzzCursor(f *testing.F) {
	spec := Spec{Name: "thing", Indexes: []Index{{Name: "kind", Fields: []string{"kind", "n"}}}}
	type thing struct {
		Meta `bson:",inline"`
		Kind string `bson:"kind"`
		N    int    `bson:"n"`
	}
	s, err := newSchema[thing](spec)
	if err != nil {
		f.Fatal(err)
	}
	body, err := bson.Marshal(thing{Meta: Meta{ID: "a"}, Kind: "x", N: 3})
	if err != nil {
		f.Fatal(err)
	}
	q := Query[thing]{Index: "kind", Eq: map[string]any{"kind": "x"}}
	p, err := newPlan(s, q)
	if err != nil {
		f.Fatal(err)
	}
	mongo, err := p.seal(record{id: "a", body: body})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(mongo)
	f.Add(sealCursor(key(f, "x", 3), "a"))
	f.Add("AAAA")
	f.Add("1.2.x")
	f.Fuzz(func(t *testing.T, after string) {
		for _, desc := range []bool{false, true} {
			q.After, q.Desc = after, desc
			p, err := newPlan(s, q)
			if err != nil {
				t.Fatal(err)
			}
			if sp, err := p.span(); err == nil && !bytes.HasPrefix(sp.loKey, key(t, "x")) {
				t.Errorf("the cursor %q led out of the range", after)
			}
			if filter, err := p.filter(); err == nil {
				if _, err := bson.Marshal(bson.D{{Key: "f", Value: filter}}); err != nil {
					t.Errorf("cursor %q made an ill-formed filter: %v", after, err)
				}
			}
		}
		_, _, _ = openSeq(after)
	})
}
