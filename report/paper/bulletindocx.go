package paper

// The bulletin as a Word document, set as GB/T 9704-2012 wants an official
// document: A4, 22 lines of 28 characters, page numbers outside, annexes on
// pages of their own. The parts that are the same in every document are files
// under docx/; document.xml and core.xml are made here.

import (
	"archive/zip"
	"embed"
	"fmt"
	"io"
	"strconv"
	"strings"

	"rollcall/hall"
)

//go:embed docx
var docxFiles embed.FS

// docxParts are the parts of the package in their order, each with the file it
// is copied from; [Content_Types].xml must be the first.
var docxParts = []struct{ name, file string }{
	{"[Content_Types].xml", "docx/content_types.xml"},
	{"_rels/.rels", "docx/package_rels.xml"},
	{"word/_rels/document.xml.rels", "docx/document_rels.xml"},
	{"word/settings.xml", "docx/settings.xml"},
	{"word/fontTable.xml", "docx/fonts.xml"},
	{"word/styles.xml", "docx/styles.xml"},
	{"word/footer1.xml", "docx/footer_odd.xml"},
	{"word/footer2.xml", "docx/footer_even.xml"},
	{"word/header1.xml", "docx/header.xml"},
	{"word/header2.xml", "docx/header_draft.xml"},
}

func bulletinDOCX(w io.Writer, r *hall.Report) error {
	b := NewBulletin(r)
	z := zip.NewWriter(w)
	for _, part := range docxParts {
		text, err := docxFiles.ReadFile(part.file)
		if err != nil {
			return err // unreachable: it is embedded
		}
		if err := zipPart(z, part.name, string(text)); err != nil {
			return err
		}
	}
	for _, part := range []struct {
		name string
		root node
	}{{"docProps/core.xml", b.docxCore()}, {"word/document.xml", b.docxDocument()}} {
		if err := zipPart(z, part.name, part.root.document()); err != nil {
			return err
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("write docx: %w", err)
	}
	return nil
}

// zipPart writes a part without a time, so that the same bulletin has the same
// bytes.
func zipPart(z *zip.Writer, name, text string) error {
	part, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
	if err != nil {
		return fmt.Errorf("write %s of docx: %w", name, err)
	}
	if _, err := io.WriteString(part, text); err != nil {
		return fmt.Errorf("write %s of docx: %w", name, err)
	}
	return nil
}

func (b *Bulletin) docxCore() node {
	return element("cp:coreProperties",
		element("dc:title", content(strings.ReplaceAll(b.Title, "\n", ""))),
		element("dc:creator", content(b.Issuer)),
	).with("xmlns:cp", "http://schemas.openxmlformats.org/package/2006/metadata/core-properties", "xmlns:dc", "http://purl.org/dc/elements/1.1/")
}

func (b *Bulletin) docxDocument() node {
	body := element("w:body", b.docxBody()...)
	section := b.docxSection(false)
	for i := range b.Annexes {
		// A section ends with the paragraph that holds its properties.
		body.kids = append(body.kids, element("w:p", element("w:pPr", styled("SectionEnd"), section)))
		body.kids = append(body.kids, b.Annexes[i].docx()...)
		section = b.docxSection(b.Annexes[i].Wide)
	}
	body.kids = append(body.kids, section)
	return element("w:document", body).with("xmlns:w", "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
		"xmlns:r", "http://schemas.openxmlformats.org/officeDocument/2006/relationships")
}

// docxBody is everything before the annexes.
func (b *Bulletin) docxBody() []node {
	list := []node{paragraph("Title", b.Title)}
	if b.Number != nil {
		list = append(list, paragraph("Issue", issueTitle(*b.Number)))
	}
	for _, notice := range b.Notices {
		list = append(list, paragraph("Notice", notice))
	}
	list = append(list, paragraph("Plain", ""))
	if b.Addressee != "" {
		list = append(list, paragraph("Plain", b.Addressee))
	}
	for _, text := range b.Intro {
		list = append(list, paragraph("Normal", text))
	}
	for i := range b.Sections {
		list = append(list, b.Sections[i].docx(i)...)
	}
	return append(list, b.docxFoot()...)
}

func (s *BulletinSection) docx(i int) []node {
	list := []node{paragraph("Heading1", chinese(i+1)+"、"+s.Title)}
	for i, item := range s.Items {
		p := paragraph("Normal", "")
		if item.Title != "" {
			p.kids = append(p.kids, run("ItemTitle", "（"+chinese(i+1)+"）"+item.Title+"。"), run("", item.Text))
		} else {
			p.kids = append(p.kids, run("", dotted(i, len(s.Items))+item.Text))
		}
		list = append(list, p)
	}
	return list
}

// dotted numbers a paragraph of several as the standard does.
func dotted(i, of int) string {
	if of < 2 {
		return ""
	}
	return strconv.Itoa(i+1) + "．"
}

// docxFoot lists the annexes and is signed.
func (b *Bulletin) docxFoot() []node {
	list := []node{paragraph("Plain", "")}
	for i, a := range b.Annexes {
		style, head := "AnnexNext", ""
		if i == 0 {
			style, head = "AnnexFirst", "附件："
		}
		list = append(list, paragraph(style, head+strconv.Itoa(a.Number)+"．"+a.Title))
	}
	list = append(list, paragraph("Plain", ""), paragraph("Issuer", b.Issuer), paragraph("Date", b.Date))
	if b.Basis != "" {
		list = append(list, paragraph("Basis", b.Basis))
	}
	return list
}

func (a *Annex) docx() []node {
	list := []node{paragraph("AnnexNumber", "附件"+strconv.Itoa(a.Number)), paragraph("AnnexTitle", a.Title)}
	for i := range a.Tables {
		t := &a.Tables[i]
		if t.Caption != "" {
			list = append(list, paragraph("TableCaption", t.Caption))
		}
		list = append(list, t.docx(a.Wide))
		for _, note := range t.Notes {
			list = append(list, paragraph("TableNote", note))
		}
	}
	return list
}

// The page of GB/T 9704-2012 in twentieths of a point: A4, margins of 37, 26, 35
// and 28 mm from the top round to the left.
const (
	pageWidth, pageHeight                            = 11906, 16838
	marginTop, marginRight, marginBottom, marginLeft = 2098, 1474, 1984, 1587
	headerEdge, footerEdge, wideFooterEdge           = 1200, 1250, 900
)

// textWidth is what the margins leave; a wide page lies on its side.
func textWidth(wide bool) int {
	if wide {
		return pageHeight - marginTop - marginBottom
	}
	return pageWidth - marginLeft - marginRight
}

// docxSection is a page, upright or on its side, with its header and footers.
func (b *Bulletin) docxSection(wide bool) node {
	header := "rIdHeader"
	if b.Draft {
		header = "rIdDraft"
	}
	size := element("w:pgSz").with("w:w", strconv.Itoa(pageWidth), "w:h", strconv.Itoa(pageHeight))
	margins, foot := []int{marginTop, marginRight, marginBottom, marginLeft}, footerEdge
	if wide {
		size = element("w:pgSz").with("w:w", strconv.Itoa(pageHeight), "w:h", strconv.Itoa(pageWidth), "w:orient", "landscape")
		margins, foot = []int{marginLeft, marginTop, marginRight, marginBottom}, wideFooterEdge
	}
	edges := element("w:pgMar")
	for i, side := range []string{"w:top", "w:right", "w:bottom", "w:left"} {
		edges = edges.with(side, strconv.Itoa(margins[i]))
	}
	return element("w:sectPr",
		element("w:headerReference").with("w:type", "default", "r:id", header),
		element("w:headerReference").with("w:type", "even", "r:id", header),
		element("w:footerReference").with("w:type", "default", "r:id", "rIdFooterOdd"),
		element("w:footerReference").with("w:type", "even", "r:id", "rIdFooterEven"),
		element("w:type").with("w:val", "nextPage"),
		size, edges.with("w:header", strconv.Itoa(headerEdge), "w:footer", strconv.Itoa(foot), "w:gutter", "0"),
	)
}

// docx is a table over the whole width, whose head is repeated on every page and
// whose rows are never torn.
func (t *AnnexTable) docx(wide bool) node {
	shares, width := t.widths(wide), textWidth(wide)
	grid := element("w:tblGrid")
	for i := range shares {
		shares[i] = shares[i] * width / 1000
		grid.kids = append(grid.kids, element("w:gridCol").with("w:w", strconv.Itoa(shares[i])))
	}
	table := element("w:tbl",
		element("w:tblPr", element("w:tblStyle").with("w:val", "AnnexTable"),
			element("w:tblW").with("w:w", strconv.Itoa(width), "w:type", "dxa"), element("w:tblLayout").with("w:type", "fixed")),
		grid)
	head := element("w:tr", element("w:trPr", element("w:cantSplit"), element("w:tblHeader")))
	for i, c := range t.Columns {
		head.kids = append(head.kids, docxCell(shares[i], "TableHead", c.Title))
	}
	table.kids = append(table.kids, head)
	for _, row := range t.Rows {
		line := element("w:tr", element("w:trPr", element("w:cantSplit")))
		for i, cell := range row {
			style := "TableText"
			if t.Columns[i].Number {
				style = "TableNumber"
			}
			line.kids = append(line.kids, docxCell(shares[i], style, cell))
		}
		table.kids = append(table.kids, line)
	}
	return table
}

func docxCell(width int, style, cell string) node {
	return element("w:tc", element("w:tcPr", element("w:tcW").with("w:w", strconv.Itoa(width), "w:type", "dxa"), element("w:vAlign").with("w:val", "center")),
		paragraph(style, cell))
}

// paragraph has a style and, if there is any, a text.
func paragraph(style, words string) node {
	p := element("w:p", element("w:pPr", styled(style)))
	if words != "" {
		p.kids = append(p.kids, run("", words))
	}
	return p
}

func styled(style string) node { return element("w:pStyle").with("w:val", style) }

// run is a stretch of text in one style; its line breaks are kept.
func run(style, words string) node {
	r := element("w:r")
	if style != "" {
		r.kids = append(r.kids, element("w:rPr", element("w:rStyle").with("w:val", style)))
	}
	for i, line := range strings.Split(words, "\n") {
		if i > 0 {
			r.kids = append(r.kids, element("w:br"))
		}
		r.kids = append(r.kids, element("w:t", content(line)).with("xml:space", "preserve"))
	}
	return r
}
