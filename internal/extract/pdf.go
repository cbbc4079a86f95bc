package extract

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"sync"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

const pageSize = 64 << 10 // of WebAssembly's memory

// compiledPDFium keeps PDFium as it was compiled, for the whole process and those after it: that takes seconds, and a minute under the race
// detector. It is kept in the user's cache, which nobody else may write; where there is none, for the process.
var compiledPDFium = sync.OnceValue(func() wazero.CompilationCache {
	if dir, err := os.UserCacheDir(); err == nil {
		dir = filepath.Join(dir, "qiming", "pdfium")
		if kept, err := wazero.NewCompilationCacheWithDir(dir); err == nil && compile(kept) == nil {
			return kept
		}
		_ = os.RemoveAll(dir) // damaged: the next process makes it anew
	}
	compiled := wazero.NewCompilationCache()
	_ = compile(compiled) // where it fails, so does reading
	return compiled
})

func compile(into wazero.CompilationCache) error {
	pool, err := newPDFium(context.Background(), into)
	if err == nil {
		_ = pool.Close()
	}
	return err
}

func newPDFium(ctx context.Context, compiled wazero.CompilationCache) (pdfium.Pool, error) {
	machine := wazero.NewRuntimeConfig().WithCompilationCache(compiled).WithMemoryLimitPages(memorySize / pageSize).
		WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling).WithCloseOnContextDone(true)
	return webassembly.Init(webassembly.Config{Context: ctx, MaxIdle: 1, MaxTotal: 1, FSConfig: wazero.NewFSConfig(),
		RuntimeConfig: machine, Stdout: io.Discard, Stderr: io.Discard})
}

// readPDF adds the pages of a PDF, as far as it can be read. PDFium reads it, as WebAssembly: of the Go libraries that were tried it
// alone knows the encodings of Chinese fonts that are not embedded, and what a broken file does to it stays within its memory.
func readPDF(ctx context.Context, data []byte, b *book) {
	defer func() { _ = recover() }() // the library panics where its machine was ended
	pool, err := newPDFium(ctx, compiledPDFium())
	if err != nil {
		return
	}
	defer pool.Close()
	reader, err := pool.GetInstance(Patience)
	if err != nil {
		return
	}
	defer reader.Close()
	document, err := reader.OpenDocument(&requests.OpenDocument{File: &data})
	if err != nil {
		return
	}
	pages, err := reader.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: document.Document})
	if err != nil {
		return
	}
	for i := range min(pages.PageCount, MaxPages) {
		if ctx.Err() != nil {
			return
		}
		text, err := reader.GetPageText(&requests.GetPageText{Page: requests.Page{ByIndex: &requests.PageByIndex{Document: document.Document, Index: i}}})
		if err == nil && !b.add(i+1, text.Text) {
			return
		}
	}
}
