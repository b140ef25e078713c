package paper

// The bulletin as HTML to print: one file with its style in it, black on white,
// nothing that is loaded and nothing that runs.

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"

	"rollcall/hall"
)

// BulletinStyle is the style sheet that stands in the bulletin's HTML; whoever
// serves it has to let it pass.
//
//go:embed bulletin/bulletin.css
var BulletinStyle string

//go:embed bulletin/bulletin.html
var bulletinMarkup string

var bulletinPage = template.Must(template.New("bulletin").Funcs(template.FuncMap{
	"clean":  printable,
	"lines":  func(s string) []string { return strings.Split(s, "\n") },
	"joined": func(s string) string { return strings.ReplaceAll(s, "\n", "") },
	"han":    func(i int) string { return chinese(i + 1) },
	"dotted": dotted,
	"issue":  func(n *int) string { return issueTitle(*n) },
	"style":  func() template.CSS { return template.CSS(BulletinStyle) },
}).Parse(bulletinMarkup))

func bulletinHTML(w io.Writer, r *hall.Report) error {
	if err := bulletinPage.Execute(w, NewBulletin(r)); err != nil {
		return fmt.Errorf("write bulletin as html: %w", err)
	}
	return nil
}
