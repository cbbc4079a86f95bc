package extract

import (
	"context"
	"io"
	"sync"
	"time"

	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

// pdfReader reads PDF by PDFium as WebAssembly. Of the Go libraries that were tried it alone knows the encodings of Chinese fonts that
// are not embedded; and what a broken file does to it stays within its memory. It is compiled once, which takes some seconds.
type pdfReader struct {
	once     sync.Once
	compiled wazero.CompilationCache
}

const pageSize = 64 << 10 // of WebAssembly's memory

// read adds the pages of a PDF, as far as it can be read.
func (p *pdfReader) read(ctx context.Context, data []byte, b *book) {
	p.once.Do(func() { p.compiled = wazero.NewCompilationCache() })
	defer func() { _ = recover() }() // the library panics where its machine was ended
	machine := wazero.NewRuntimeConfig().WithCompilationCache(p.compiled).WithMemoryLimitPages(memorySize / pageSize).
		WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling).WithCloseOnContextDone(true)
	pool, err := webassembly.Init(webassembly.Config{Context: ctx, MaxIdle: 1, MaxTotal: 1, FSConfig: wazero.NewFSConfig(),
		RuntimeConfig: machine, Stdout: io.Discard, Stderr: io.Discard})
	if err != nil {
		return
	}
	defer pool.Close()
	reader, err := pool.GetInstance(30 * time.Second)
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
