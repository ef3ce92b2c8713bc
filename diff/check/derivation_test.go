package check

import (
	"slices"
	"strings"
	"testing"
)

type derivationCase struct {
	ID, Style, Formula, Var, Kind string
	Lines                         []string
	WrongLine                     *int `json:"wrong_line"`
}

func TestDerivations(t *testing.T) {
	all := cases[derivationCase](t, "claims/derivations.jsonl")
	var line, wrong, first, three, proved int
	for _, c := range all {
		r, err := Derivation(c.Lines, DerivationOptions{Wrt: c.Var})
		if err != nil {
			t.Errorf("%s: %v", c.ID, err)
			continue
		}
		want := -1
		if c.WrongLine != nil {
			want = *c.WrongLine
			wrong++
		} else if r.Verdict == Same {
			proved++
		}
		if r.FirstWrong == want {
			line++
		} else {
			t.Errorf("%s: first wrong line %d, want %d: %v", c.ID, r.FirstWrong, want, strings.Join(c.Lines, "  =>  "))
			for _, l := range r.Lines {
				t.Logf("     %+v", l)
			}
			continue
		}
		if want < 0 {
			continue
		}
		at := slices.IndexFunc(r.Mistakes, func(m Mistake) bool { return m.Kind == kindOf(c.Kind) })
		if at == 0 {
			first++
		}
		if at >= 0 && at < 3 {
			three++
		}
		t.Logf("%s %s (place %d): %s  =>  %s   at [%s] %q", c.ID, c.Kind, at, c.Lines[want-1], c.Lines[want], r.Where, r.Lines[want].Text[r.Span.Pos:r.Span.End])
		if at != 0 {
			for _, m := range r.Mistakes {
				t.Logf("      %.3f %s [%s] %s", m.Score, m.Kind, m.Where, m.Says)
			}
		}
		for _, l := range r.Lines[want+1:] {
			if l.VsPrevious == Same && l.Note == "" {
				t.Errorf("%s: no note at %+v", c.ID, l)
			}
		}
	}
	t.Logf("%d derivations: line found %d, right ones proved %d of %d; mistake first %d, among three %d of %d", len(all), line, proved, len(all)-wrong, first, three, wrong)
}
