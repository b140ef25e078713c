// The floors: which package may import which. An import may only go down. Adding
// a line is a design decision; say why in the commit.
package rollcall_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// floors lists for each package what it may import beside the standard library:
// packages of this module by their path in it, others by module path.
var floors = map[string][]string{
	"hall":             {},
	"rules":            {"hall"},
	"store":            {"hall", "go.etcd.io/bbolt", "github.com/cespare/xxhash"},
	"ingest/bus":       {"hall", "github.com/nats-io/", "github.com/synadia-io/orbit.go/natscontext", "github.com/prometheus/client_golang"},
	"configs":          {"hall", "github.com/goccy/go-yaml"},
	"ingest":           {"hall", "rules", "store", "ingest/bus", "github.com/prometheus/client_golang"},
	"ingest/backup":    {"ingest/bus", "filippo.io/age", "github.com/klauspost/compress"},
	"ingest/sheet":     {"hall", "github.com/xuri/excelize", "golang.org/x/text"},
	"report":           {"hall", "rules", "store"},
	"report/paper":     {"hall", "report", "github.com/jedib0t/go-pretty", "github.com/xuri/excelize", "golang.org/x/text"},
	"web":              {"hall", "ingest", "ingest/bus", "ingest/backup", "store", "report", "report/paper", "github.com/prometheus/client_golang"},
	"cmd/rollcall/app": {"hall", "rules", "configs", "store", "ingest", "ingest/bus", "ingest/backup", "report", "report/paper", "web", "github.com/prometheus/client_golang"},
	// bench measures the engine beside a naive consumer, which speaks NATS and bbolt
	// itself: it is a yardstick and no part of the engine.
	"cmd/rollcall/bench": {"hall", "configs", "store", "ingest", "ingest/bus", "report", "cmd/rollcall/app", "github.com/nats-io/", "go.etcd.io/bbolt"},
	"cmd/rollcall": {"hall", "rules", "configs", "store", "ingest", "ingest/bus", "ingest/backup", "ingest/sheet", "report", "report/paper", "web", "cmd/rollcall/app", "cmd/rollcall/bench",
		"github.com/spf13/", "github.com/vbauerster/mpb", "github.com/lmittmann/tint", "github.com/prometheus/client_golang", "golang.org/x/term"},
}

// testOnly packages are imported by tests alone and may import what tests may.
var testOnly = []string{"report/naivetest", "ingest/bus/bustest", "cmd/rollcall/faults"}

// noClock packages must not ask what time it is.
var noClock = []string{"hall", "rules", "store", "report", "report/paper"}

func TestFloors(t *testing.T) {
	for _, path := range sources(t) {
		if pkg := filepath.ToSlash(filepath.Dir(path)); !slices.Contains(testOnly, pkg) {
			checkFile(t, pkg, path)
		}
	}
}

// sources are the Go files of the module but for tests.
func sources(t *testing.T) []string {
	t.Helper()
	var paths []string
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
			paths = append(paths, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

func checkFile(t *testing.T, pkg, path string) {
	t.Helper()
	allowed, ok := floors[pkg]
	if !ok {
		t.Errorf("%s: package %q has no floor: add it to the table and say why", path, pkg)
		return
	}
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	for _, spec := range file.Imports {
		name, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		own, inModule := strings.CutPrefix(name, "rollcall/")
		switch {
		case inModule && !slices.Contains(allowed, own):
			t.Errorf("%s imports %s, which is not on a floor below %s", path, name, pkg)
		case !inModule && strings.Contains(strings.SplitN(name, "/", 2)[0], ".") && !slices.ContainsFunc(allowed, func(a string) bool { return strings.HasPrefix(name, a) }):
			t.Errorf("%s imports %s, which %s may not", path, name, pkg)
		}
	}
}

func TestNoClock(t *testing.T) {
	for _, pkg := range noClock {
		files, err := filepath.Glob(filepath.Join(pkg, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range files {
			if !strings.HasSuffix(path, "_test.go") && readsClock(t, path) {
				t.Errorf("%s asks the clock: time is data there", path)
			}
		}
	}
}

func readsClock(t *testing.T, path string) bool {
	t.Helper()
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, path, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	return callsTimeNow(file)
}

// callsTimeNow reports whether a file calls time.Now, time.Since or time.Until.
func callsTimeNow(file *ast.File) bool {
	found := false
	ast.Inspect(file, func(n ast.Node) bool {
		call, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		pkg, ok := call.X.(*ast.Ident)
		if ok && pkg.Name == "time" && (call.Sel.Name == "Now" || call.Sel.Name == "Since" || call.Sel.Name == "Until") {
			found = true
		}
		return true
	})
	return found
}
