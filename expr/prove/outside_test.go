package prove_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/prove"
)

// outsideCases returns the folder with the cases from outside, which not every
// checkout has.
func outsideCases(t testing.TB) string {
	dir := os.Getenv("NABLA_CASES")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "testdata")
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skip("no outside cases: ", err)
	}
	return dir
}

// readCases reads a file of JSON lines with string members. Names are kept as
// they are: F and f are different.
func readCases(t testing.TB, path ...string) []map[string]string {
	f, err := os.Open(filepath.Join(append([]string{outsideCases(t)}, path...)...))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []map[string]string
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var members map[string]json.RawMessage
		if err := json.Unmarshal(lines.Bytes(), &members); err != nil {
			t.Fatal(err)
		}
		c := map[string]string{}
		for name, raw := range members {
			var s string
			if json.Unmarshal(raw, &s) == nil {
				c[name] = s
			}
		}
		out = append(out, c)
	}
	return out
}

// tally proves pairs and reports how many.
type tally struct {
	all, proved, conditional int
	took, worst              time.Duration
}

func (n *tally) prove(a, b expr.Expr, given ...expr.Expr) prove.Proof {
	start := time.Now()
	p := prove.EqualWhere(a, b, given, prove.Budget{})
	d := time.Since(start)
	n.took += d
	n.worst = max(n.worst, d)
	n.all++
	if p.Equal {
		n.proved++
	}
	if len(p.Conditions) > 0 {
		n.conditional++
	}
	return p
}

func (n *tally) report(t *testing.T, share float64) {
	t.Logf("%d of %d proved, %d under conditions, in %v, at most %v", n.proved, n.all, n.conditional, n.took, n.worst)
	if float64(n.proved) < share*float64(n.all) {
		t.Errorf("fewer than %g %%", 100*share)
	}
}

// TestRightClaims proves right derivatives in other forms.
func TestRightClaims(t *testing.T) {
	var n tally
	for _, c := range readCases(t, "claims", "right.jsonl") {
		d := diff.D(expr.MustParse(c["formula"]), c["var"])
		if p := n.prove(d, expr.MustParse(c["answer"])); !p.Equal || len(p.Conditions) > 0 {
			t.Logf("%s: d/d%s %s = %s: %v under %q", c["id"], c["var"], c["formula"], c["answer"], p.Why, conditionsText(p.Conditions))
		}
	}
	n.report(t, 0.95)
}

// TestWrongClaims must not prove any.
func TestWrongClaims(t *testing.T) {
	var n tally
	for _, c := range readCases(t, "claims", "wrong.jsonl") {
		d := diff.D(expr.MustParse(c["formula"]), c["var"])
		if p := n.prove(d, expr.MustParse(c["answer"])); p.Equal {
			t.Errorf("%s: d/d%s %s = %s is proved: %v", c["id"], c["var"], c["formula"], c["answer"], p)
		}
	}
	n.report(t, 0)
}

// TestIntegrals proves that antiderivatives from the tables of Rubi
// differentiate to their integrands.
func TestIntegrals(t *testing.T) {
	var n tally
	for _, c := range readCases(t, "rubi", "pairs.jsonl") {
		f := expr.MustParse(c["F"])
		if p := n.prove(diff.D(f, c["var"]), expr.MustParse(c["f"]), f); !p.Equal {
			t.Logf("%s: %v", c["id"], p.Why)
		}
	}
	n.report(t, 0.95)
}
