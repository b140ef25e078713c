package sheet

// Rows of a workbook, one at a time: a sheet is never held as a whole.

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/xuri/excelize/v2"
)

const (
	unzipLimit    = 256 << 20 // bytes of the whole workbook
	unzipXMLLimit = 32 << 20  // bytes of a part that is kept in memory; larger ones go to a temporary file
	wholeLimit    = 8 << 20   // bytes of a whole workbook whose sheet may be loaded at once: its cells take sixty times as much
)

var (
	magicZip = []byte("PK\x03\x04")
	magicOLE = []byte{0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1}
	// encryptedPart is the name of the stream of an encrypted workbook.
	encryptedPart = []byte("E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e")
)

// refuseOLE says what to do with a file of the old kind.
func refuseOLE(raw []byte) error {
	if bytes.Contains(raw, encryptedPart) {
		return errors.New("is protected by a password: remove it (文件 > 信息 > 保护工作簿) and save again")
	}
	return errors.New("is a file of Excel 97-2003 (.xls): save it as .xlsx (另存为 .xlsx)")
}

// workbook is an open XLSX file.
type workbook struct {
	file  *excelize.File
	sheet string
	// large says that it unpacks to more than wholeLimit: a small file can.
	large bool
	// from1904 says that days are counted from 1904 on.
	from1904 bool
}

// openWorkbook opens the sheet of a name, or the first visible one.
func openWorkbook(raw []byte, sheet string) (*workbook, error) {
	file, err := excelize.OpenReader(bytes.NewReader(raw), excelize.Options{
		RawCellValue: true, UnzipSizeLimit: unzipLimit, UnzipXMLSizeLimit: unzipXMLLimit,
	})
	if err != nil {
		if strings.Contains(err.Error(), "unzip size exceeds") {
			return nil, fmt.Errorf("unpacks to more than %d MB, which no list of a hall does: save the sheet as CSV", unzipLimit>>20)
		}
		return nil, fmt.Errorf("is no readable workbook (%w): open it in a spreadsheet program and save it as .xlsx", err)
	}
	w := &workbook{file: file, large: unpacked(raw) > wholeLimit}
	if props, err := file.GetWorkbookProps(); err == nil && props.Date1904 != nil {
		w.from1904 = *props.Date1904
	}
	if err := w.choose(sheet); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return w, nil
}

// unpacked is how many bytes the parts of a workbook have that excelize has opened,
// which refuses a sum beyond unzipLimit.
func unpacked(raw []byte) uint64 {
	r, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return math.MaxUint64
	}
	size := uint64(0)
	for _, part := range r.File {
		size += part.UncompressedSize64
	}
	return size
}

func (w *workbook) choose(sheet string) error {
	names := w.file.GetSheetList()
	for _, name := range names {
		visible, err := w.file.GetSheetVisible(name)
		if sheet == name || sheet == "" && err == nil && visible {
			w.sheet = name
			return nil
		}
	}
	if sheet == "" {
		return errors.New("has no visible sheet")
	}
	return fmt.Errorf("has no sheet %q; there are: %s", sheet, strings.Join(names, ", "))
}

// lines gives the rows that are not empty.
func (w *workbook) lines(yield func(line) bool) {
	rows, err := w.file.Rows(w.sheet)
	if err != nil {
		yield(line{number: 1, bad: "cannot be read: " + err.Error()})
		return
	}
	defer rows.Close()
	number := 0
	for rows.Next() {
		number++
		cells, err := rows.Columns()
		l := line{number: number, cells: cells}
		switch {
		case err != nil:
			l = line{number: number, bad: "cannot be read: " + err.Error()}
		case len(cells) > maxColumns:
			l.cells = cells[:maxColumns]
		}
		if l.empty() {
			continue
		}
		if !yield(l) {
			return
		}
	}
	if err := rows.Error(); err != nil {
		yield(line{number: number + 1, bad: "cannot be read: " + err.Error()})
	}
}

// merged returns the first merged range that touches the rows up to last, ""
// if there is none or the workbook is too large to be looked through.
func (w *workbook) merged(last int) string {
	if w.large {
		return ""
	}
	ranges, err := w.file.GetMergeCells(w.sheet, true)
	if err != nil {
		return ""
	}
	for _, r := range ranges {
		_, row, err := excelize.CellNameToCoordinates(r.GetStartAxis())
		if err == nil && row <= last {
			return r.GetStartAxis() + ":" + r.GetEndAxis()
		}
	}
	return ""
}

// percent reports whether a cell shows its number as a percentage: 0.985 is shown
// as 98.5%. Of a large workbook nothing is known.
func (w *workbook) percent(at string) bool {
	if w.large || at == "" {
		return false
	}
	shown, err := w.file.GetCellValue(w.sheet, at, excelize.Options{RawCellValue: false})
	return err == nil && strings.HasSuffix(shown, "%")
}

func (w *workbook) close() error { return w.file.Close() }
