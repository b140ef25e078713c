package report

// ListsWithLines are the lists that changes.go knows.
func ListsWithLines() []string {
	var lists []string
	for _, k := range lineKinds {
		lists = append(lists, k.list)
	}
	return lists
}
