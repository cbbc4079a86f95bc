package store_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"go.mongodb.org/mongo-driver/bson"

	"qiming/internal/store"
)

// walks follows a walk of several pieces to its end, writing to what it gives, and leaves others early.
func walks(t *testing.T, s server) {
	const n = 700 // more than four pieces
	db, c := opened(t, s.fresh(t))
	ctx := t.Context()
	for i := range n {
		if err := c.Insert(ctx, &Member{Meta: store.Meta{ID: fmt.Sprintf("m%03d", i)}, Branch: "/1", Age: i % 5}); err != nil {
			t.Fatal(err)
		}
	}
	seen := 0
	for m, err := range c.Find(ctx, store.Query[Member]{}) {
		if err != nil || m.ID != fmt.Sprintf("m%03d", seen) {
			t.Fatalf("%d: %q, %v", seen, m.ID, err)
		}
		if seen++; seen%50 == 0 {
			if _, err := c.Update(ctx, m.ID, func(m *Member) error { m.Count++; return nil }); err != nil {
				t.Fatal(err)
			}
		}
	}
	if seen != n {
		t.Errorf("%d of %d were given", seen, n)
	}
	matched := 0 // Match runs where the walk does, not ahead of it: this would be a race
	for _, err := range c.Find(ctx, store.Query[Member]{Index: "branch_age", Eq: map[string]any{"branch": "/1"}, Match: func(m *Member) bool { matched++; return m.Age == 3 }}) {
		if err != nil {
			t.Fatal(err)
		}
		matched += 1000
	}
	if matched != n+1000*n/5 {
		t.Errorf("matched %d", matched)
	}
	for _, leave := range []int{1, 16, 17, 80, 81, 500} {
		given := 0
		for range c.Find(ctx, store.Query[Member]{}) {
			if given++; given == leave {
				break
			}
		}
		if given != leave {
			t.Errorf("left after %d, want %d", given, leave)
		}
	}
	stopped, stop := context.WithCancel(ctx)
	defer stop()
	given, last := 0, error(nil)
	for _, err := range c.Find(stopped, store.Query[Member]{}) {
		if last = err; err == nil {
			given++
		}
		stop()
	}
	if !errors.Is(last, context.Canceled) || given > 16+64 {
		t.Errorf("a cancelled walk gave %d and ended with %v", given, last)
	}
	if err := db.Close(); err != nil { // nothing of a walk that was left reads any more
		t.Error(err)
	}
}

// TestFloats: a list of numbers reads itself from whatever numbers it was written with, and from nothing else.
func TestFloats(t *testing.T) {
	for name, c := range map[string]struct {
		value any
		want  string
	}{
		"doubles": {bson.A{0.5, -2.0, 1e300}, "[0.5 -2 1e+300]"}, "whole numbers": {bson.A{int32(1), int64(-2), 0.5}, "[1 -2 0.5]"}, "none": {bson.A{}, "[]"},
		"null": {nil, "[]"}, "a text": {"0.5", ""}, "a list with a text": {bson.A{0.5, "x"}, ""}, "a number": {0.5, ""},
	} {
		body, err := bson.Marshal(bson.M{"scores": c.value})
		if err != nil {
			t.Fatal(err)
		}
		var m Member
		err = bson.Unmarshal(body, &m)
		if got := fmt.Sprint(m.Scores); (err != nil) != (c.want == "") || err == nil && got != c.want {
			t.Errorf("%s: %s, %v", name, got, err)
		}
	}
}
