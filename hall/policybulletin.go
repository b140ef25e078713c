package hall

// The bulletin section of a policy document.

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// decodeBulletin lets parts, words and placeholders pass that it does not know,
// as it does with keys: a newer program may print them. The edges refuse them.
func decodeBulletin(o *policyObject) Bulletin {
	defer o.close()
	b := Bulletin{
		Issuer:    o.get("issuer").text(),
		Addressee: o.get("addressee").text(),
		Intro:     decodeFilled(o.get("intro"), nil),
		Titles:    decodeWords(o.get("titles").object(false), BulletinTitles),
		Sentences: decodeWords(o.get("sentences").object(false), BulletinSentences),
		Figures:   decodeEach(o.get("figures"), decodeBulletinFigure),
		Joint:     decodeEach(o.get("joint"), decodeJoint),
	}
	for _, item := range o.get("parts").items() {
		part := item.name()
		b.Parts = append(b.Parts, part)
		if part != "" && !slices.Contains(BulletinParts, part) {
			o.r.unknown = append(o.r.unknown, PolicyError{
				Path: item.path, Value: item.shown(), Problem: "unknown part of the bulletin",
				Allowed: Suggest(part, BulletinParts, "allowed"),
			})
		}
	}
	return b
}

// decodeWords reads titles or sentences; one that is "" is left out of the
// paper.
func decodeWords(o *policyObject, table []BulletinWord) map[string]string {
	defer o.close()
	words := map[string]string{}
	for _, w := range table {
		if n := o.get(w.Name); n.given() {
			words[w.Name] = decodeFilled(n, w.Holders)
		}
	}
	if len(words) == 0 {
		return nil
	}
	return words
}

// decodeFilled reads a text with the placeholders that it may have.
func decodeFilled(n policyNode, own []string) string {
	text := n.text()
	allowed := slices.Concat(own, BulletinHolders)
	for _, name := range Holders(text) {
		if !slices.Contains(allowed, name) {
			n.r.unknown = append(n.r.unknown, PolicyError{
				Path: n.path, Value: strconv.Quote("{" + clipped(name) + "}"), Problem: "unknown placeholder",
				Allowed: Suggest(name, allowed, "allowed, in braces"),
			})
		}
	}
	return text
}

// figureHolders are the placeholders of a figure's own sentence.
var figureHolders = []string{"name", "value", "unit", "of"}

func decodeBulletinFigure(o *policyObject) BulletinFigure {
	return BulletinFigure{Name: o.get("name").name(), Sentence: decodeFilled(o.get("sentence"), figureHolders)}
}

func decodeJoint(o *policyObject) JointWindows {
	j := JointWindows{Name: o.get("name").name()}
	windows := o.get("windows")
	for _, item := range windows.items() {
		j.Windows = append(j.Windows, WindowID(item.token()))
	}
	if len(j.Windows) < 2 {
		windows.wrong("the ids of two windows or more")
	}
	return j
}

// validateBulletin wants joint windows that exist, and each figure and each
// joint once.
func (p *Policy) validateBulletin(r *policyReader) {
	unique(r, "$.bulletin.figures", "name", p.Bulletin.Figures, func(f *BulletinFigure) string { return f.Name })
	unique(r, "$.bulletin.joint", "windows", p.Bulletin.Joint, func(j *JointWindows) string { return jointKey(j.Windows) })
	var ids []string
	for i := range p.Windows {
		ids = append(ids, string(p.Windows[i].ID))
	}
	for i, j := range p.Bulletin.Joint {
		for k, id := range j.Windows {
			if id != "" && p.Window(id) == nil {
				r.fail(fmt.Sprintf("$.bulletin.joint[%d].windows[%d]", i, k), strconv.Quote(string(id)), "is no window", Suggest(string(id), ids, "windows"))
			}
		}
	}
}

// jointKey names a set of windows, in whatever order.
func jointKey(windows []WindowID) string {
	ids := make([]string, len(windows))
	for i, id := range windows {
		ids[i] = string(id)
	}
	slices.Sort(ids)
	return strings.Join(ids, ", ")
}

// JointName returns what the policy calls several windows together, "" if it has
// no name for them.
func (b *Bulletin) JointName(windows []WindowID) string {
	key := jointKey(windows)
	for i := range b.Joint {
		if jointKey(b.Joint[i].Windows) == key {
			return b.Joint[i].Name
		}
	}
	return ""
}
