package sheet

// WholeLimit is what a workbook that is looked through as a whole unpacks to at most.
const WholeLimit = wholeLimit

// CSVCells lets tests read the cells of a text.
func CSVCells(text []byte) (rows [][]string, bad int) {
	for l := range csvLines(text) {
		if l.bad != "" {
			bad++
			continue
		}
		rows = append(rows, l.cells)
	}
	return rows, bad
}
