package hall

// What errors say, in Chinese.

import (
	"fmt"
	"regexp"
	"strings"
)

// Sayings turn the English of errors into Chinese, the first that fits.
type Sayings []Saying

// Saying is a form of English words, and the Chinese with its groups in their places. A
// group with the name `say` is said in Chinese too.
type Saying struct {
	en *regexp.Regexp
	zh string
}

// Say is a saying of a pattern, in which `<say>` is whatever is said too, and of Chinese
// with a verb of fmt for each group.
func Say(en, zh string) Saying {
	return Saying{regexp.MustCompile(`(?s)^` + strings.ReplaceAll(en, "<say>", "(?P<say>.+)") + `$`), zh}
}

// Phrase is a saying of fixed words.
func Phrase(en, zh string) Saying {
	return Say(regexp.QuoteMeta(en), strings.ReplaceAll(zh, "%", "%%"))
}

// Zh says a text in Chinese. What no saying fits comes back as it is.
func (s Sayings) Zh(text string) string {
	for i := range s {
		parts := s[i].en.FindStringSubmatch(text)
		if parts == nil {
			continue
		}
		args := make([]any, 0, len(parts))
		for j, part := range parts[1:] {
			if s[i].en.SubexpNames()[j+1] == "say" {
				part = s.Zh(part)
			}
			args = append(args, part)
		}
		return fmt.Sprintf(s[i].zh, args...)
	}
	return text
}
