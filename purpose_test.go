package rollcall_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"testing"
)

// TestEveryFileSaysWhatItIsAbout: a comment stands at the package's name, or the file
// is about its first declaration, which has one.
func TestEveryFileSaysWhatItIsAbout(t *testing.T) {
	for _, path := range sources(t) {
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		if f.Doc == nil && !commentAtTop(f) && !firstIsDocumented(f) {
			t.Errorf("%s does not say what it is about: put a line below its package", path)
		}
	}
}

// commentAtTop reports whether a comment stands between the package's name and the
// first declaration, imports among them.
func commentAtTop(f *ast.File) bool {
	return len(f.Decls) > 0 && slices.ContainsFunc(f.Comments, func(c *ast.CommentGroup) bool {
		return f.Name.End() < c.Pos() && c.End() < f.Decls[0].Pos()
	})
}

func firstIsDocumented(f *ast.File) bool {
	for _, decl := range f.Decls {
		switch d := decl.(type) {
		case *ast.FuncDecl:
			return d.Doc != nil
		case *ast.GenDecl:
			if d.Tok != token.IMPORT {
				return d.Doc != nil
			}
		}
	}
	return true // nothing is declared
}
