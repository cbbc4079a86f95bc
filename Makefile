# Qiming. `make run` starts a demonstration, `make test` runs everything that can be tested.
# Both install what they lack. GNU make, Go, Node and a C compiler (for the race detector) are assumed.

SHELL       := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := build

# One way to compile for all but the race detector: the packages of others are compiled once for vet, staticcheck, tests and the binary.
export CGO_ENABLED := 0
export GOFLAGS     := $(GOFLAGS) -trimpath

WEB    := app/web
CACHE  := .cache
PEERS  := $(CACHE)/peers
TOOLS  := $(CACHE)/tools
MODULES = $(WEB)/node_modules/.package-lock.json
PEER_STAMP  = $(PEERS)/.built-$(shell cat .ci/peers/go.mod .ci/peers/go.sum .ci/peers/ferretdb/*.go | sha256sum | cut -c1-16)
STATICCHECK = $(TOOLS)/staticcheck-$(shell cat .ci/tools/go.mod .ci/tools/go.sum | sha256sum | cut -c1-16)
CLIENT_SOURCES = $(shell find $(WEB)/src $(WEB)/public $(WEB)/scripts -type f -not -name schema.d.ts 2>/dev/null) \
	$(wildcard $(WEB)/*.json $(WEB)/*.ts $(WEB)/index.html)

# Tests of whole banks and endless files are arithmetic for minutes under the race detector: they run without it.
LARGE = ^Test(RealFilesRoundTrip|ImportRealFiles|LargeExports|ArchiveTricks|AnEndlessCell|EndlessWord|EndlessQTIItems|RealQuestionsThroughAiken)$$

say = @printf '\n\033[1m== %s\033[0m  %s\n' "$(1)" "$$(date +%T)"

.PHONY: run build client test bench fmt lint peers browser ffmpeg help
.PHONY: check-go test-go check-client test-client test-pages api

help: ## What the targets do
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

run: build ## Build all and start a demonstration on ./data
	./bin/qiming serve --demo

build: client ## One static binary with the client inside: bin/qiming
	go build -buildvcs=auto -ldflags '-s -w' -o bin/qiming ./cmd/qiming

client: $(WEB)/dist/index.html ## The client: app/web/dist

# The client is typed from the OpenAPI document; api.mjs writes it only when it has changed.
api: $(MODULES)
	@cd $(WEB) && npm run --silent api

$(WEB)/openapi.json: api
	@

$(WEB)/dist/index.html: $(MODULES) $(CLIENT_SOURCES) $(WEB)/openapi.json
	cd $(WEB) && QIMING_OPENAPI=keep npm run --silent build
	cd $(WEB) && node scripts/compress.mjs dist

$(MODULES): $(WEB)/package-lock.json
	cd $(WEB) && PUPPETEER_SKIP_DOWNLOAD=1 PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund
	@touch $@

# ---- tests

test: check-go test-go check-client test-client test-pages ## Everything: format, vet, staticcheck, Go with race detector on all engines, client, browser
	$(call say,ran: gofmt; go vet; staticcheck; go test -race with SQLite and FerretDB and directory and MinIO; vue-tsc; ESLint; Vitest; size; Playwright on phone and PC)

check-go: $(STATICCHECK)
	$(call say,gofmt)
	@unformatted=$$(gofmt -l $$(git ls-files '*.go' '.ci/**/*.go')); if [ -n "$$unformatted" ]; then echo "gofmt would change: $$unformatted"; exit 1; fi
	$(call say,go vet)
	go vet ./...
	$(call say,staticcheck)
	$(STATICCHECK) ./...

# SQLite's own code, translated from C, is no place to look for our races: unwatched it runs several times faster.
OTHERS_UNWATCHED := -gcflags modernc.org/sqlite/lib=-race=false -gcflags modernc.org/libc=-race=false

test-go: peers ffmpeg
	$(call say,go test -race)
	CGO_ENABLED=1 go test -race $(OTHERS_UNWATCHED) -vet=off -ldflags=-w -timeout 20m -skip '$(LARGE)' ./... # vetted above; without DWARF it links in half the time
	$(call say,go test of large and endless files)
	go test -run '$(LARGE)' ./exam/interchange

check-client: api
	$(call say,vue-tsc)
	cd $(WEB) && QIMING_OPENAPI=keep npm run --silent typecheck
	$(call say,ESLint)
	cd $(WEB) && npm run --silent lint

test-client: client
	$(call say,Vitest and size)
	cd $(WEB) && npm run --silent test

test-pages: build browser ffmpeg
	$(call say,Playwright at phone and PC width)
	cd $(WEB) && npm run --silent e2e

bench: ## Benchmarks, apart from the tests
	go test -run '^$$' -bench . -benchmem ./internal/store ./search/... ./exam/... ./knowledge ./app/api ./app/apptest

fmt: ## Format all Go code
	gofmt -w $$(git ls-files '*.go')

lint: check-go check-client ## Static checks of both languages

# ---- what the tests need

peers: $(PEER_STAMP) ## The servers that the tests run against: FerretDB and MinIO

$(PEER_STAMP): .ci/peers/go.sum
	$(call say,building FerretDB and MinIO: once and for three minutes)
	@mkdir -p $(PEERS)
	cd .ci/peers && go build -ldflags '-s -w' -o $(CURDIR)/$(PEERS)/ferretdb ./ferretdb
	cd .ci/peers && go build -ldflags '-s -w' -o $(CURDIR)/$(PEERS)/minio github.com/minio/minio
	@rm -f $(PEERS)/.built-* && touch $@

$(STATICCHECK):
	@mkdir -p $(TOOLS) && rm -f $(TOOLS)/staticcheck-*
	cd .ci/tools && go build -o $(CURDIR)/$@ honnef.co/go/tools/cmd/staticcheck

# Debian's Chromium and a Chinese font, for Playwright.
browser: $(MODULES)
	@if ! command -v chromium >/dev/null || ! fc-list :lang=zh 2>/dev/null | grep -q .; then \
	  as_root=; [ "$$(id -u)" = 0 ] || as_root=sudo; \
	  $$as_root apt-get update -q && $$as_root apt-get install -y -q --no-install-recommends chromium fontconfig fonts-noto-cjk; \
	fi

# Debian's ffmpeg with ffprobe, for videos.
ffmpeg:
	@if ! command -v ffmpeg >/dev/null || ! command -v ffprobe >/dev/null; then \
	  as_root=; [ "$$(id -u)" = 0 ] || as_root=sudo; \
	  $$as_root apt-get update -q && $$as_root apt-get install -y -q --no-install-recommends ffmpeg; \
	fi
