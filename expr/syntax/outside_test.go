package syntax

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestOutside reads every formula of the cases from outside, in the folder
// that NABLA_CASES names, or ../shared/testdata beside the module. They spell
// every * out, so no product may be read as juxtaposed.
func TestOutside(t *testing.T) {
	dir := os.Getenv("NABLA_CASES")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "testdata")
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skip("no cases: ", err)
	}
	formulas := 0
	read := func(file, text string) {
		formulas++
		in, err := Parse(file, text, page)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			return
		}
		tree := in.Formula().Body
		if err := check(tree); err != nil {
			t.Errorf("%q: %v", text, err)
		}
		if got := mustRead(t, explicit(tree)).Formula().Body.String(); got != tree.String() {
			t.Errorf("%q, written as %s: got %s", text, explicit(tree), got)
		}
		for _, n := range tree.Nodes {
			if n.Juxtaposed() {
				t.Errorf("%q: a juxtaposed product at %v", text, n.Span)
			}
		}
	}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".jsonl" {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for line := range strings.Lines(string(data)) {
			var c struct {
				Formula, F, Answer, Plain, Correct string
				Integrand                          string `json:"f"`
				Lines                              []string
				Constraints                        []struct{ Expr string }
			}
			// F and f differ in case only, which encoding/json tells apart when both are named.
			if err := json.Unmarshal([]byte(line), &c); err != nil {
				return err
			}
			texts := append(c.Lines, c.Formula, c.F, c.Integrand, c.Answer, c.Plain, c.Correct)
			for _, con := range c.Constraints {
				texts = append(texts, con.Expr)
			}
			for _, text := range texts {
				if text != "" {
					read(filepath.Base(path), text)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if formulas < 1500 {
		t.Errorf("only %d formulas found", formulas)
	}
	t.Logf("%d formulas", formulas)
}
