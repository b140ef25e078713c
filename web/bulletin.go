package web

// The month's bulletin: to read and print, and as a Word document.

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"

	"rollcall/hall"
	"rollcall/report/paper"
)

// bulletinPolicy lets the bulletin have the style sheet that stands in it, since
// it is the same file that people save and send, and nothing else at all.
var bulletinPolicy = func() string {
	sum := sha256.Sum256([]byte(paper.BulletinStyle))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}()

func (s *Server) bulletinPage(w http.ResponseWriter, r *request) error {
	return s.bulletin(w, r, "html", func(h http.Header, _ *hall.Report) { h.Set("Content-Security-Policy", bulletinPolicy) })
}

func (s *Server) bulletinDOCX(w http.ResponseWriter, r *request) error {
	return s.bulletin(w, r, "docx", func(h http.Header, rep *hall.Report) {
		h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s-%s.docx"`, rep.Hall, rep.Month))
	})
}

// bulletin sends the month's bulletin whole, in a format.
func (s *Server) bulletin(w http.ResponseWriter, r *request, format string, set func(http.Header, *hall.Report)) error {
	rep, err := s.readMonth(r, "bulletin")
	if err != nil {
		return err
	}
	var body bytes.Buffer
	if err := paper.Write(&body, rep, "bulletin", format, paper.Options{}); err != nil {
		return err
	}
	h := w.Header()
	set(h, rep)
	h.Set("Content-Type", paper.MediaType(format))
	h.Set("Cache-Control", "private, no-cache")
	_, err = body.WriteTo(w)
	return err
}
