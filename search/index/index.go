package index

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/mapping"
	bleveindex "github.com/blevesearch/bleve_index_api"
)

// Version names the mapping: what is kept of a document and how texts are cut. An index of another version is built
// anew. Raise it with every change to fields, Cut or starts.
const Version = "4"

// Index is an index of documents in a directory of its own, which no other process may have open.
type Index struct {
	path  string
	bleve bleve.Index

	mu      sync.RWMutex
	lengths lengths
}

// Open opens the index in a directory, or makes an empty one there. It fails where another process has it, or where its
// files are broken; then it is to be removed and built anew.
func Open(path string) (*Index, error) {
	config := map[string]any{"bolt_timeout": "2s"}
	var made bleve.Index
	var err error
	if _, stat := os.Stat(filepath.Join(path, "index_meta.json")); errors.Is(stat, os.ErrNotExist) {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return nil, fmt.Errorf("search index %s: %w", path, err)
		}
		if err := os.RemoveAll(path); err != nil { // a directory that was not finished
			return nil, fmt.Errorf("search index %s: %w", path, err)
		}
		made, err = bleve.NewUsing(path, mapping.NewIndexMapping(), scorch.Name, scorch.Name, config)
	} else {
		made, err = bleve.OpenUsing(path, config)
	}
	if err != nil {
		return nil, fmt.Errorf("search index %s: %w", path, err)
	}
	return &Index{path: path, bleve: made}, nil
}

// Close gives the directory free.
func (x *Index) Close() error { return x.bleve.Close() }

// Change is what became of things: the documents to put in, and the things that are gone. All parts of a thing that is
// put in or gone and are not among Put leave the index.
type Change struct {
	Put   []*Document
	Gone  []Thing           // gone, or without a document any more
	Marks map[string]string // positions of the followed collections, kept with the change or not at all
}

// Thing is what a document is of.
type Thing struct{ Type, ID string }

// Apply writes a change as a whole: after a crash it is there with its marks, or is not.
func (x *Index) Apply(change Change) error {
	batch := x.bleve.NewBatch()
	put, things := map[string]bool{}, map[Thing]bool{}
	for _, thing := range change.Gone {
		things[thing] = true
	}
	for _, d := range change.Put {
		if d.Type == "" || d.ID == "" {
			return errors.New("a document to be indexed has no type or no ID")
		}
		fields, err := d.fields()
		if err != nil {
			return err
		}
		if err := batch.IndexAdvanced(fields); err != nil {
			return err
		}
		put[d.Key()], things[Thing{d.Type, d.ID}] = true, true
	}
	stale, err := x.partsOf(things)
	if err != nil {
		return err
	}
	for _, name := range stale {
		if !put[name] {
			batch.Delete(name)
		}
	}
	for name, mark := range change.Marks {
		batch.SetInternal([]byte(name), []byte(mark))
	}
	return x.bleve.Batch(batch)
}

// partsOf gives the keys of all documents of things.
func (x *Index) partsOf(things map[Thing]bool) ([]string, error) {
	if len(things) == 0 {
		return nil, nil
	}
	reader, err := x.reader()
	if err != nil {
		return nil, err
	}
	defer reader.Close()
	var out []string
	for thing := range things {
		names, err := termsBetween(reader, "_id", key(thing.Type, thing.ID, ""), key(thing.Type, thing.ID, "\xff"))
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			if whole := key(thing.Type, thing.ID, ""); name == whole || strings.HasPrefix(name, whole+"/") {
				out = append(out, name)
			}
		}
	}
	return out, nil
}

// Mark gives a position that a change kept; "" where there is none.
func (x *Index) Mark(name string) (string, error) {
	value, err := x.bleve.GetInternal([]byte(name))
	return string(value), err
}

// Count is the number of documents, parts too.
func (x *Index) Count() (int, error) {
	n, err := x.bleve.DocCount()
	return int(n), err
}

// Bytes is the size of the index on disk.
func (x *Index) Bytes() (int64, error) {
	var sum int64
	err := filepath.WalkDir(x.path, func(_ string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return nil //nolint:nilerr // segments come and go while they are merged
		}
		if info, err := entry.Info(); err == nil {
			sum += info.Size()
		}
		return nil
	})
	return sum, err
}

// Compact writes the index as one segment: smaller, and faster to search. It takes the time of a copy.
func (x *Index) Compact(ctx context.Context) error {
	advanced, err := x.bleve.Advanced()
	if err != nil {
		return err
	}
	return advanced.(*scorch.Scorch).ForceMerge(ctx, nil)
}

func (x *Index) reader() (bleveindex.IndexReader, error) {
	advanced, err := x.bleve.Advanced()
	if err != nil {
		return nil, err
	}
	return advanced.Reader()
}

// lengths are the average lengths of the fields of text, in terms, over some state of the index.
type lengths struct {
	documents uint64
	average   map[string]float64
}

// drift is the share of documents that come or go before the averages are taken anew.
const drift = 0.02

// averages gives the average lengths for a reader of this index.
func (x *Index) averages(ctx context.Context, reader bleveindex.IndexReader) (map[string]float64, error) {
	n, err := reader.DocCount()
	if err != nil {
		return nil, err
	}
	x.mu.RLock()
	known := x.lengths
	x.mu.RUnlock()
	if apart := float64(n) - float64(known.documents); known.average != nil && apart*apart <= drift*drift*float64(n)*float64(n) {
		return known.average, nil
	}
	known = lengths{n, map[string]float64{}}
	for _, field := range []string{fieldSingles, fieldPairs, fieldTitle} {
		sum, count, err := sumLengths(ctx, reader, field)
		if err != nil {
			return nil, err
		}
		known.average[field] = sum / max(count, 1)
	}
	x.mu.Lock()
	x.lengths = known
	x.mu.Unlock()
	return known.average, nil
}

func sumLengths(ctx context.Context, reader bleveindex.IndexReader, field string) (sum, count float64, err error) {
	postings, err := reader.TermFieldReader(ctx, []byte(everywhere), field, true, true, false)
	if err != nil {
		return 0, 0, err
	}
	defer postings.Close()
	var doc bleveindex.TermFieldDoc
	for {
		next, err := postings.Next(&doc)
		if err != nil || next == nil {
			return sum, count, err
		}
		sum += 1 / (next.Norm * next.Norm)
		count++
	}
}
