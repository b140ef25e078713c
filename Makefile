# The commands of the workshop. CI runs .ci/run; `make check` does the same, with the race detector on all tests.

FUZZTIME ?= 20000x
ROUNDS ?= 50
SEEDS ?= 5000
SEED ?=
TESTS ?=

.PHONY: all build test check fmt vet staticcheck fuzz soak bench ratio docs samples

all: build

build:
	go build -trimpath -o bin/rollcall ./cmd/rollcall

test:
	go test ./...

# What each step does stands in .ci/run, which needs no make.
check: fmt vet staticcheck
	go test -race ./...
	$(MAKE) fuzz

fmt:
	.ci/run format

vet:
	.ci/run vet

staticcheck:
	.ci/run staticcheck

# Each fuzz test of a decoder for a short while, with its corpus.
fuzz:
	FUZZTIME=$(FUZZTIME) .ci/run fuzz

# The long versions of the fault tests: make soak ROUNDS=1000 SEEDS=5000 SEED=7
# TESTS=TestKillNine. Each prints its seed and how many rounds it did.
soak:
	ROUNDS=$(ROUNDS) SEEDS=$(SEEDS) SEED=$(SEED) TESTS='$(TESTS)' .ci/run soak

bench:
	go test -run '^$$' -bench . -benchmem ./...

# Finds a twofold loss of speed on any machine.
ratio:
	.ci/run ratio

# Writes the generated references anew; go test compares them.
docs:
	go test ./cmd/rollcall -run TestGenerated -update

# Compares with sample months kept outside the repository: make samples SAMPLES=DIR
samples:
	ROLLCALL_SAMPLES=$(SAMPLES) go test -count=1 ./report/... ./cmd/rollcall
