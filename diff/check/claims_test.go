package check

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"nabla/diff"
	"nabla/expr"
)

// cases opens a file of cases from outside, or its copy in testdata; the test is
// skipped where there is neither.
func cases[T any](t testing.TB, name string) []T {
	t.Helper()
	dir := os.Getenv("NABLA_CASES")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "testdata")
	}
	if _, err := os.Stat(dir); err != nil {
		dir = "testdata"
	}
	f, err := os.Open(filepath.Join(dir, filepath.FromSlash(name)))
	if os.IsNotExist(err) && dir == "testdata" {
		t.Skipf("no cases: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []T
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<24)
	for sc.Scan() {
		var c T
		if err := json.Unmarshal(sc.Bytes(), &c); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		out = append(out, c)
	}
	if len(out) == 0 {
		t.Fatalf("%s is empty", name)
	}
	return out
}

func read(t testing.TB, text string) expr.Expr {
	t.Helper()
	e, err := expr.Reader{Derivative: diff.D}.Expr(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return e
}

type claimCase struct {
	ID, Formula, Var, Answer, Correct, Kind string
}

func TestRightClaims(t *testing.T) {
	count := map[Verdict]int{}
	all := cases[claimCase](t, "claims/right.jsonl")
	for _, c := range all {
		r := Claim(read(t, c.Formula), read(t, c.Answer), c.Var, Options{})
		count[r.Verdict]++
		switch r.Verdict {
		case Different:
			t.Errorf("%s: %s for %s is right, but at %s: claimed %v, true %v", c.ID, c.Answer, c.Formula, Place(r.Witness.At), r.Witness.Claimed, r.Witness.True)
		case Undecided:
			t.Logf("%s %s: %s for %s undecided: %s (%s)", c.ID, c.Kind, c.Answer, c.Formula, r.Evidence.Text, r.Why)
			if r.Evidence.Points < 5 || r.Evidence.Digits < 12 {
				t.Errorf("%s: thin evidence %+v", c.ID, *r.Evidence)
			}
		}
		if len(r.Mistakes) > 0 {
			t.Errorf("%s: accused of %s", c.ID, r.Mistakes[0].Says)
		}
	}
	t.Logf("%d right answers: proved %d, undecided %d, rejected %d", len(all), count[Same], count[Undecided], count[Different])
}

// kindOf maps the names of kinds in the cases to ours, which are written with
// hyphens; the exceptions are listed.
func kindOf(kind string) string { return strings.ReplaceAll(kind, "_", "-") }

func TestWrongClaims(t *testing.T) {
	all := cases[claimCase](t, "claims/wrong.jsonl")
	var detected, first, three int
	misses := map[string]int{}
	for _, c := range all {
		r := Claim(read(t, c.Formula), read(t, c.Answer), c.Var, Options{})
		if r.Verdict != Different {
			t.Errorf("%s: %s for %s: %s", c.ID, c.Answer, c.Formula, r.Verdict)
			continue
		}
		detected++
		want := kindOf(c.Kind)
		at := slices.IndexFunc(r.Mistakes, func(m Mistake) bool { return m.Kind == want })
		if at == 0 {
			first++
		}
		if at >= 0 && at < 3 {
			three++
		}
		if at != 0 {
			misses[want]++
			t.Logf("%s %s: %s for %s (place %d)", c.ID, c.Kind, c.Answer, c.Formula, at)
			for _, m := range r.Mistakes {
				t.Logf("      %.3f %s [%s] %s", m.Score, m.Kind, m.Where, m.Says)
			}
		}
	}
	n := len(all)
	t.Logf("%d wrong answers: detected %d, named first %d (%.0f%%), among three %d (%.0f%%)", n, detected,
		first, 100*float64(first)/float64(n), three, 100*float64(three)/float64(n))
	if first*100 < 85*n || three*100 < 95*n {
		t.Errorf("too few named: %v", misses)
	}
}
