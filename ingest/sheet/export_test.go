package sheet

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
