package paper

// Appeals: until when, and what became of them.

import (
	"fmt"
	"strings"

	"rollcall/hall"
)

func appealsTable(p *page) Table {
	t := Table{Columns: words("事项", "窗口", "对象", "申诉期限", "申诉", "经过")}
	subjects := p.appealSubjects()
	for i := range p.Appeals {
		a := &p.Appeals[i]
		until := ""
		if a.Until != nil {
			until = a.Until.String()
		}
		t.Rows = append(t.Rows, []string{a.Violation, p.window(a.Window), subjects[a.Violation], until, p.appealState(a), appealStory(a.Steps)})
	}
	return t
}

// appealSubjects says of each violation whom it is about.
func (p *page) appealSubjects() map[string]string {
	subjects := map[string]string{}
	for i := range p.Rejected {
		if l := p.Rejected[i].Line; l != nil {
			subjects[l.ID] = p.who(l)
		}
	}
	for _, list := range [][]hall.Violation{p.Contested, p.Violations} {
		for i := range list {
			subjects[list[i].ID] = p.who(&list[i])
		}
	}
	return subjects
}

// appealState says in a word how far an appeal is.
func (p *page) appealState(a *hall.Appeal) string {
	for i := len(a.Steps) - 1; i >= 0; i-- {
		switch s := &a.Steps[i]; {
		case s.State != hall.Appealed:
			return word(string(s.State))
		case !s.Late:
			return "申诉中"
		}
	}
	switch {
	case a.Open:
		return "可申诉"
	case len(a.Steps) > 0:
		return "逾期申诉"
	case a.Until == nil:
		return "期限未定"
	}
	return "期限已过"
}

// appealStory writes the steps of an appeal.
func appealStory(steps []hall.AppealStep) string {
	texts := make([]string, len(steps))
	for i := range steps {
		s := &steps[i]
		what := word(string(s.State))
		switch {
		case s.Late:
			what = "逾期申诉，不作处理"
		case s.State == hall.Appealed:
			what = "申诉"
		}
		texts[i] = moment(s.At) + " " + s.By + what + "：" + s.Reason
	}
	return strings.Join(texts, "；")
}

func sayAppeals(p *page) []string {
	open := 0
	for i := range p.Appeals {
		if p.Appeals[i].Open {
			open++
		}
	}
	return []string{fmt.Sprintf("尚可申诉%d项。申诉期限从违规之日与首个凭证之日中较晚者起，按工作日计算；逾期的申诉只作记录。", open)}
}
