package faults_test

// The program under test, built once.

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"
	"time"
)

// program is the path of the binary; written by TestMain alone.
var program string

func TestMain(m *testing.M) {
	if runtime.GOOS == "windows" {
		fmt.Println("no signals here: nothing to test")
		return
	}
	os.Exit(run(m))
}

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "rollcall-faults-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	program = filepath.Join(dir, "rollcall")
	build := exec.Command("go", "build", "-o", program, "rollcall/cmd/rollcall")
	if text, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build the program: %v\n%s", err, text)
		return 1
	}
	return m.Run()
}

// chances returns the test's random numbers and prints their seed.
func chances(t *testing.T) *rand.Rand {
	t.Helper()
	seed := uint64(time.Now().UnixNano())
	if text := os.Getenv("ROLLCALL_SEED"); text != "" {
		given, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			t.Fatalf("ROLLCALL_SEED: %v", err)
		}
		seed = given
	}
	t.Logf("seed: ROLLCALL_SEED=%d go test -run '^%s$'", seed, t.Name())
	return rand.New(rand.NewPCG(seed, 0))
}

// rounds is how often to do what is worth doing often.
func rounds(t *testing.T, usual int) int {
	t.Helper()
	if text := os.Getenv("ROLLCALL_ROUNDS"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			t.Fatalf("ROLLCALL_ROUNDS is %q, want a number from 1 on", text)
		}
		return n
	}
	if testing.Short() {
		return max(1, usual/2)
	}
	return usual
}
