package check

import (
	"slices"
	"strings"
	"testing"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/format"
	"nabla/expr/simplify"
)

// instance writes the text of a row with formulas for its letters.
func instance(t *testing.T, text string, letters map[string]string, f string) expr.Expr {
	t.Helper()
	p := expr.NewPool()
	return expr.Fold(readRow(text), func(n expr.Expr, args []expr.Expr) expr.Expr {
		switch {
		case n.Op() == expr.Var && n.Name() != "x":
			name, of, _ := strings.Cut(n.Name(), "d")
			if name == "" && of != "" {
				return p.Import(diff.D(read(t, letters[of]), "x"))
			}
			if s, ok := letters[n.Name()]; ok {
				return p.Import(read(t, s))
			}
		case n.Op() == expr.Call && n.Func().Name == standF:
			return p.Call(fn.Lookup(f), args...)
		case n.Op() == expr.Call && n.Func().Name == standD:
			return simplify.Instance(fn.Lookup(f), fn.Lookup(f).D[0], p, args)
		}
		return expr.Remake(n, p, args, nil)
	})
}

// Every wrong derivative of the table is found and named in an answer that was
// made with it.
func TestDerivativeRules(t *testing.T) {
	for i, m := range derivativeRules {
		if docOf(m.kind) == "" {
			t.Errorf("row %d has the unknown kind %s", i, m.kind)
		}
		n := "3"
		if m.when == "n < 0" {
			n = "-3"
		}
		letters := map[string]string{"u": "x^2/4 + x/3", "v": "sin(x) + x + 2", "w": "x", "c": "5", "k": "3", "n": n, "m": "4"}
		if strings.HasPrefix(m.from, "c^n") || m.from == "f(c)" {
			letters["c"] = "(q + 1)"
		}
		if strings.HasPrefix(m.from, "asec") || strings.HasPrefix(m.from, "acsc") {
			letters["u"] = "1 - x^2 - 2*x" // |u| and u differ
		}
		if m.to == "u^v" || strings.HasPrefix(m.from, "u^v") {
			letters["u"] = "x^2 + 1"
		}
		if m.from == "c^u" && m.to == "c^u*log(u)*du" {
			letters["u"] = "x^2 + 2"
		}
		f := "sin"
		if m.to == "F(u)*du*du" || m.from == "f(u)" {
			f = "tanh"
		}
		from, to := instance(t, m.from, letters, f), instance(t, m.to, letters, f)
		p := expr.NewPool()
		if m.from == "x" || m.from == "c^n" || m.from == "f(c)" || m.from == "-u" {
			// Inside something, so that a fault shows that would be another alone.
			from = p.Make(expr.Add, p.Import(from), p.Import(read(t, "log(x)")))
			to = p.Make(expr.Add, p.Import(to), p.Import(read(t, "1/x")))
		}
		r := Claim(from, to, "x", Options{})
		if r.Verdict != Different {
			t.Errorf("%s: %s, claimed %s: verdict %s", m.kind, m.from, m.to, r.Verdict)
			continue
		}
		if !slices.ContainsFunc(r.Mistakes, func(k Mistake) bool { return k.Kind == m.kind }) {
			var got []string
			for _, k := range r.Mistakes {
				got = append(got, k.Kind)
			}
			t.Errorf("%s: %s, claimed %s: not named; got %v", m.kind, m.from, m.to, got)
		}
	}
}

// Every wrong rewriting of the table is found and named in a line that was made
// with it.
func TestRewritingRules(t *testing.T) {
	for i, m := range rewritingRules {
		if docOf(m.kind) == "" {
			t.Errorf("row %d has the unknown kind %s", i, m.kind)
		}
		n := "3"
		if m.when == "n < 0" {
			n = "-3"
		}
		letters := map[string]string{"a": "x*cos(x)", "b": "(x + 3)", "u": "x", "v": "exp(x)", "c": "5", "k": "7", "n": n, "m": "4"}
		if strings.Contains(m.from, "sqrt(b)") || strings.Contains(m.from, "log(") || strings.Contains(m.from, "^(1/2)") || strings.Contains(m.from, "sqrt(a") {
			letters["a"] = "x^2"
			letters["b"] = "(x + 3)"
		}
		if m.kind == "abs-dropped" || strings.Contains(m.from, "a^2)") {
			letters["a"] = "(x - 5)"
		}
		from, to := instance(t, m.from, letters, "sin"), instance(t, m.to, letters, "sin")
		r, err := Derivation([]string{format.Plain(from), format.Plain(to)}, DerivationOptions{Wrt: "x", Options: Options{Mutants: 2000}})
		if err != nil {
			t.Errorf("%s: %v", m.from, err)
			continue
		}
		if r.FirstWrong != 1 {
			t.Errorf("%s: %s taken for %s: not wrong", m.kind, format.Text(from), format.Text(to))
			continue
		}
		if !slices.ContainsFunc(r.Mistakes, func(k Mistake) bool { return k.Kind == m.kind }) {
			var got []string
			for _, k := range r.Mistakes {
				got = append(got, k.Kind)
			}
			t.Errorf("%s: %s taken for %s: not named; got %v", m.kind, format.Text(from), format.Text(to), got)
		}
	}
}

// Kinds are unique, documented and all in use.
func TestKinds(t *testing.T) {
	seen := map[string]bool{}
	for _, k := range Kinds() {
		if seen[k.Name] || k.Doc == "" {
			t.Errorf("kind %s", k.Name)
		}
		seen[k.Name] = true
	}
}
