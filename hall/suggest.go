package hall

// What was probably meant by a word that nobody knows.

import (
	"math"
	"strconv"
	"strings"
)

// Suggest helps with a misspelt word: it asks whether the nearest of some words
// was meant, or lists them all, behind `all` and a colon, where none is near.
func Suggest(word string, words []string, all string) string {
	if len(words) == 0 {
		return all + ": none is listed"
	}
	best, distance := "", math.MaxInt
	for _, w := range words {
		if d := editDistance(strings.ToLower(word), strings.ToLower(w)); d < distance {
			best, distance = w, d
		}
	}
	if word != "" && distance <= max(1, min(3, len(best)/3)) {
		return "did you mean " + strconv.Quote(best) + "?"
	}
	return all + ": " + strings.Join(words, ", ")
}

// editDistance counts the letters to insert, drop, change or swap between a and
// b. Words that are far longer than any key are far away.
func editDistance(a, b string) int {
	if len(a) > 64 || len(b) > 64 {
		return math.MaxInt
	}
	before, row, next := []int{}, make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		next[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			next[j] = min(next[j-1]+1, row[j]+1, row[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				next[j] = min(next[j], before[j-2]+1)
			}
		}
		before, row, next = row, next, make([]int, len(b)+1)
	}
	return row[len(b)]
}
