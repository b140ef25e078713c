package paper_test

// What LibreOffice and Chromium make of the papers. Where they are not installed
// these tests are skipped; with ROLLCALL_OFFICE set, as .ci/run sets it, that is
// a failure.

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"rollcall/hall"
	"rollcall/report/paper"
)

// program finds a program of the office.
func program(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	switch {
	case testing.Short():
		t.Skip("takes long")
	case err == nil:
		return path
	case os.Getenv("ROLLCALL_OFFICE") != "":
		t.Fatalf("%s is not installed: .ci/run office installs it", name)
	default:
		t.Skipf("%s is not installed", name)
	}
	return ""
}

// runProgram returns what a program prints.
func runProgram(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

// toPDF lets LibreOffice open a file and print it.
func toPDF(t *testing.T, file string) string {
	t.Helper()
	office := program(t, "soffice")
	dir := t.TempDir()
	runProgram(t, office, "--headless", "--norestore", "-env:UserInstallation=file://"+dir+"/profile", "--convert-to", "pdf", "--outdir", dir, file)
	return filepath.Join(dir, strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))+".pdf")
}

// pages are the texts of the pages of a PDF.
func pages(t *testing.T, pdf string) []string {
	t.Helper()
	text := runProgram(t, program(t, "pdftotext"), "-layout", pdf, "-")
	return strings.Split(strings.TrimSuffix(text, "\f"), "\f")
}

// longMonth fills pages: a paragraph of two pages, and a hundred people.
func longMonth() *hall.Report {
	r := officeMonth()
	r.Texts = append(r.Texts, hall.Section{Section: "intro", Items: []string{strings.Repeat("国", 2*22*28)}})
	rank := 1
	for i := range 100 {
		r.Staff = append(r.Staff, hall.StaffScore{Name: fmt.Sprintf("某%02d", i), Window: "tax", Rank: &rank, Tied: &rank})
	}
	return r
}

func writeFile(t *testing.T, r *hall.Report, format string) string {
	t.Helper()
	var out bytes.Buffer
	if err := paper.Write(&out, r, "bulletin", format, paper.Options{}); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "bulletin."+format)
	if err := os.WriteFile(path, out.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestOfficeDOCX prints a long bulletin with LibreOffice: 22 lines of 28
// characters, a number on every page, annexes on pages of their own, and a
// heading above every page of a table.
func TestOfficeDOCX(t *testing.T) {
	printed := pages(t, toPDF(t, writeFile(t, longMonth(), "docx")))
	full := 0
	for line := range strings.Lines(printed[1]) {
		if strings.TrimSpace(line) == strings.Repeat("国", 28) {
			full++
		}
	}
	if full != 22 {
		t.Errorf("page 2 has %d full lines of 28 characters, want 22:\n%s", full, printed[1])
	}
	checkPages(t, printed)
}

// TestOfficeHTML prints the same with Chromium.
func TestOfficeHTML(t *testing.T) {
	browser := program(t, "chromium")
	dir := t.TempDir()
	pdf := filepath.Join(dir, "bulletin.pdf")
	runProgram(t, browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--user-data-dir="+dir+"/profile", "--no-pdf-header-footer", "--print-to-pdf="+pdf,
		"file://"+writeFile(t, longMonth(), "html"))
	checkPages(t, pages(t, pdf))
}

// checkPages holds what every printed bulletin has.
func checkPages(t *testing.T, printed []string) {
	t.Helper()
	heads, starts := 0, 0
	for i, page := range printed {
		if !strings.Contains(strings.ReplaceAll(page, " ", ""), fmt.Sprintf("—%d—", i+1)) {
			t.Errorf("page %d has no number:\n%s", i+1, page)
		}
		lines := strings.Fields(page)
		if len(lines) == 0 || lines[0] != "草稿" {
			t.Errorf("page %d does not begin with 草稿:\n%s", i+1, page)
		}
		if strings.Contains(page, "姓名") {
			heads++
		}
		if len(lines) > 1 && strings.HasPrefix(lines[1], "附件") {
			starts++
		}
	}
	if starts != 3 {
		t.Errorf("%d pages begin with an annex, want 3", starts)
	}
	if heads < 3 || heads > 4 {
		t.Errorf("a hundred people stand on %d pages with a heading, want 3 or 4", heads)
	}
}
