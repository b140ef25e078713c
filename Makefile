# The commands of the workshop. `make check` is what CI runs.

TOOL = go tool -modfile=tools/go.mod
FUZZTIME ?= 5s

.PHONY: all build test check fmt vet staticcheck fuzz bench docs samples

all: build

build:
	go build -trimpath -o bin/rollcall ./cmd/rollcall

test:
	go test ./...

check: fmt vet staticcheck docs
	go test -race ./...
	$(MAKE) fuzz

fmt:
	@unformatted=$$(gofmt -l .); if [ -n "$$unformatted" ]; then echo "gofmt -w these files:"; echo "$$unformatted"; exit 1; fi
	@fixes=$$(go fix -diff ./... 2>&1); if [ -n "$$fixes" ]; then echo "$$fixes"; echo "run: go fix ./..."; exit 1; fi

vet:
	go vet ./...

staticcheck:
	$(TOOL) staticcheck ./...

# Each fuzz test of a decoder for a short while, with its corpus.
fuzz:
	@go list ./... | while read -r pkg; do \
		go test -list '^Fuzz' $$pkg | grep '^Fuzz' | while read -r name; do \
			echo "fuzz $$pkg $$name"; \
			go test -run '^$$' -fuzz "^$$name\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 1x $$pkg || exit 1; \
		done || exit 1; \
	done

bench:
	go test -run '^$$' -bench . -benchmem ./...

# Generated references must be what the program says.
docs:
	go test -run 'TestGenerated' ./cmd/rollcall

# Compares with sample months kept outside the repository: make samples SAMPLES=DIR
samples:
	ROLLCALL_SAMPLES=$(SAMPLES) go test -count=1 ./report/... ./cmd/rollcall
