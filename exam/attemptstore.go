package exam

import (
	"context"
	"iter"

	"qiming/internal/store"
)

// attemptStore packs and unpacks what passes through the collection.
type attemptStore struct{ store.Collection[Attempt] }

func (c attemptStore) Get(ctx context.Context, id string) (Attempt, error) {
	a, err := c.Collection.Get(ctx, id)
	if err == nil {
		err = a.unpack()
	}
	return a, err
}

func (c attemptStore) Insert(ctx context.Context, a *Attempt) error {
	if err := a.pack(); err != nil {
		return err
	}
	return c.Collection.Insert(ctx, a)
}

func (c attemptStore) Update(ctx context.Context, id string, fn func(*Attempt) error) (Attempt, error) {
	a, err := c.Collection.Update(ctx, id, func(a *Attempt) error {
		if err := a.unpack(); err != nil {
			return err
		}
		if err := fn(a); err != nil {
			return err
		}
		return a.pack()
	})
	if err == nil && a.packed == 0 { // unchanged: as it was read
		err = a.unpack()
	}
	return a, err
}

func (c attemptStore) Find(ctx context.Context, q store.Query[Attempt]) iter.Seq2[Attempt, error] {
	return func(yield func(Attempt, error) bool) {
		for a, err := range c.Collection.Find(ctx, q) {
			if err == nil {
				err = a.unpack()
			}
			if !yield(a, err) {
				return
			}
		}
	}
}

// Walk calls each with the matches in order, until it fails. The steps of an attempt are good during the call only.
func (c attemptStore) Walk(ctx context.Context, q store.Query[Attempt], each func(*Attempt) error) error {
	var reader logReader
	var at Attempt
	for a, err := range c.Collection.Find(ctx, q) {
		if at = a; err == nil {
			err = at.unpackBy(&reader)
		}
		if err == nil {
			err = each(&at)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (c attemptStore) Page(ctx context.Context, q store.Query[Attempt]) (store.Page[Attempt], error) {
	page, err := c.Collection.Page(ctx, q)
	for i := range page.Items {
		if err == nil {
			err = page.Items[i].unpack()
		}
	}
	return page, err
}
