package report

// What a changed line is about, in words.

import (
	"cmp"
	"slices"
	"strings"

	"rollcall/hall"
)

// About says in words what a line of a list is about, which a change names by its
// ids: a person, a window, a violation, a field.
func About(list, line string, n *hall.Names) string {
	id, nth, several := strings.Cut(line, "#")
	if several {
		nth = "（第" + nth + "条）"
	}
	return cmp.Or(aboutLine(list, id, n), id) + nth
}

func aboutLine(list, id string, n *hall.Names) string {
	switch list {
	case "violations", "contested", "accounts", "appeals", "rejected":
		return violationAbout(id, n)
	case "full_attendance", "staff", "sheet":
		return personAbout(id, n)
	case "windows":
		return windowAbout(id, n)
	case "cases.windows":
		return windowAbout(strings.TrimPrefix(id, "@"), n)
	case "pending":
		return pendingAbout(id, n)
	case "days":
		date, person, _ := strings.Cut(id, " ")
		return said(dateAbout(date), personAbout(person, n))
	case "bonus":
		who, kind, _ := strings.Cut(id, "/")
		return said(subjectsAbout(who, n), cmp.Or(n.Kinds[kind], kind))
	case "ranking":
		if id == "-" {
			return "全体窗口人员"
		}
		return cmp.Or(n.Classes[id], id)
	case "vetoes":
		window, violation, _ := strings.Cut(id, " ")
		return said(windowAbout(window, n), violationAbout(violation, n))
	case "names.windows":
		return windowAbout(id, n)
	case "names.people":
		return personAbout(id, n)
	case "names.kinds", "names.leaves":
		return n.Kinds[id]
	case "names.classes", "names.apart":
		return n.Classes[id]
	case "names.sessions":
		return n.Sessions[id]
	case "names.bulletin.titles":
		return wordAbout("标题", id, hall.BulletinTitles)
	case "names.bulletin.sentences":
		return wordAbout("语句", id, hall.BulletinSentences)
	case "figures":
		name, window, _ := strings.Cut(id, " ")
		return said(name, windowAbout(window, n))
	}
	return fieldTitle(list, id)
}

// wordAbout says what a title or a sentence of the bulletin is for.
func wordAbout(title, id string, words []hall.BulletinWord) string {
	i := slices.IndexFunc(words, func(w hall.BulletinWord) bool { return w.Name == id })
	if i < 0 {
		return ""
	}
	return title + "：" + words[i].Zh
}

// violationAbout reads a violation's id: `11月3日上午上班 王甲（1001）`.
func violationAbout(id string, n *hall.Names) string {
	if !hall.IsViolationID(id) {
		return ""
	}
	parts := strings.SplitN(id, "/", 4)
	session, what := parts[1], parts[2]
	if session == "-" {
		session = ""
	}
	switch what {
	case hall.EdgeIn, hall.EdgeOut:
		what = edgeText(what)
	default:
		what = cmp.Or(n.Kinds[what], what)
	}
	return said(dateAbout(parts[0])+cmp.Or(n.Sessions[session], session)+what, subjectsAbout(parts[3], n))
}

func pendingAbout(id string, n *hall.Names) string {
	parts := strings.SplitN(id, "/", 4)
	if len(parts) < 4 {
		return ""
	}
	return said(dateAbout(parts[0])+cmp.Or(n.Sessions[parts[1]], parts[1])+edgeText(parts[2]), personAbout(parts[3], n))
}

// subjectsAbout names who pays: a person, windows, a window's stand-in or people
// whom nobody named.
func subjectsAbout(who string, n *hall.Names) string {
	if n.People[hall.PersonID(who)] != "" || !strings.HasPrefix(who, "@") {
		return personAbout(who, n)
	}
	var names []string
	for one := range strings.SplitSeq(who, ",") {
		id := strings.Trim(one, "@+*")
		name := windowAbout(id, n)
		switch {
		case strings.HasSuffix(one, "+"):
			name += "替岗人员"
		case strings.HasSuffix(one, "*"):
			name += "未具名人员"
		}
		names = append(names, name)
	}
	return strings.Join(names, "、")
}

func personAbout(id string, n *hall.Names) string {
	if name := n.People[hall.PersonID(id)]; name != "" {
		return name + "（" + id + "）"
	}
	return id
}

func windowAbout(id string, n *hall.Names) string {
	i := slices.IndexFunc(n.Windows, func(w hall.WindowName) bool { return string(w.Window) == id })
	if i < 0 || n.Windows[i].Name == "" {
		return id
	}
	return n.Windows[i].Name
}

func windowsAbout(ids []hall.WindowID, n *hall.Names) string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = windowAbout(string(id), n)
	}
	return strings.Join(names, "、")
}

func dateAbout(text string) string {
	if d, err := hall.ParseDate(text); err == nil {
		return dayTitle(d)
	}
	return text
}
