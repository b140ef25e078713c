package hall_test

import (
	"fmt"
	"strings"
	"testing"

	"rollcall/hall"
)

// seal reads `number part/parts digest source`.
func seal(text string) hall.Seal {
	s := hall.Seal{Month: hall.NewMonth(2020, 11)}
	var source string
	if _, err := fmt.Sscanf(text, "%d %d/%d %s %s", &s.Number, &s.Part, &s.Parts, &s.Digest, &source); err != nil {
		panic(text)
	}
	s.UID = hall.NewUID("demo", hall.KindSeal, source, fmt.Sprintf("2020-11-%d-%d", s.Number, s.Part))
	return s
}

func TestIssues(t *testing.T) {
	for name, tt := range map[string]struct {
		log     string
		want    string
		lacking string
	}{
		"none":                                  {},
		"parts in any order":                    {log: "1 2/2 d office, 1 1/2 d office", want: "1:d"},
		"a part is missing":                     {log: "1 1/3 d office, 1 3/3 d office", lacking: "[1]"},
		"a part twice":                          {log: "1 1/2 d office, 1 1/2 d office", lacking: "[1]"},
		"the first complete one stands":         {log: "1 1/2 a office, 1 1/1 b office, 1 2/2 a office", want: "1:b"},
		"also of another source":                {log: "1 1/1 b desk, 1 1/1 a office", want: "1:b"},
		"parts of two sources are no issue":     {log: "1 1/2 d office, 1 2/2 d desk", lacking: "[1]"},
		"by number":                             {log: "2 1/1 b office, 1 1/1 a office", want: "1:a 2:b"},
		"a broken one before":                   {log: "1 1/2 a office, 2 1/1 b office", want: "2:b", lacking: "[1]"},
		"a later attempt under the same number": {log: "1 1/2 a office, 1 1/2 b office, 1 2/2 b office", want: "1:b"},
	} {
		t.Run(name, func(t *testing.T) {
			var seals []hall.Seal
			for text := range strings.SplitSeq(tt.log, ", ") {
				if text != "" {
					seals = append(seals, seal(text))
				}
			}
			seals = append(seals, hall.Seal{Head: hall.Head{UID: "demo/seal/office/x"}, Month: hall.NewMonth(2020, 12), Number: 9, Part: 1, Parts: 1})
			issues, lacking := hall.Issues(seals, hall.NewMonth(2020, 11))
			var got []string
			for i := range issues {
				for p := range issues[i].Parts {
					if issues[i].Parts[p].Part != p+1 {
						t.Errorf("part %d stands at %d", issues[i].Parts[p].Part, p+1)
					}
				}
				got = append(got, fmt.Sprintf("%d:%s", issues[i].First().Number, issues[i].First().Digest))
			}
			if text := strings.Join(got, " "); text != tt.want {
				t.Errorf("Issues = %s, want %s", text, tt.want)
			}
			if text := strings.ReplaceAll(fmt.Sprint(lacking), "[]", ""); text != tt.lacking {
				t.Errorf("lacking = %s, want %s", text, tt.lacking)
			}
		})
	}
}
