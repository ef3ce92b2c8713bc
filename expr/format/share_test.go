package format

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"nabla/expr"

	"pgregory.net/rapid"
)

// A graph that is exponential as a tree is printed in linear size, and reads
// back to the same graph.
func TestSharedReadsBack(t *testing.T) {
	for _, s := range []Style{StyleText, StylePlain, StyleUnicode} {
		e := doubled(200)
		text := String(e, Options{Style: s})
		if len(text) > 200*60 {
			t.Fatalf("%d bytes", len(text))
		}
		back, err := expr.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if !expr.Equal(e, back) {
			t.Errorf("style %d: %.300s … is another formula", s, text)
		}
	}
}

// Random graphs with much sharing read back, whatever the budget.
func TestRandomGraphsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := expr.NewPool()
		nodes := []expr.Expr{p.Var("x"), p.Var("t1"), p.Var("y")}
		pick := func() expr.Expr {
			return nodes[len(nodes)-1-rapid.IntRange(0, min(len(nodes)-1, 5)).Draw(t, "node")]
		}
		for range rapid.IntRange(1, 30).Draw(t, "nodes") {
			var e expr.Expr
			switch rapid.IntRange(0, 6).Draw(t, "kind") {
			case 0:
				e = p.Make(expr.Add, p.Int(2), pick(), pick())
			case 1:
				e = p.Make(expr.Mul, p.Int(3), pick(), pick())
			case 2:
				e = p.Make(expr.Pow, pick(), p.Int(2))
			case 3:
				e = p.Make(expr.Div, pick(), pick())
			case 4:
				e = p.Make(expr.Neg, pick())
			case 5:
				e = p.Make(expr.If, p.Make(expr.Lt, pick(), pick()), pick(), pick())
			case 6:
				e = p.Make(expr.Pow, pick(), pick())
			}
			nodes = append(nodes, e)
		}
		e := nodes[len(nodes)-1]
		o := Options{Budget: rapid.SampledFrom([]int{1, 10, 100, 1000}).Draw(t, "budget")}
		text := String(e, o)
		back, err := expr.Parse(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if !expr.Equal(e, back) {
			t.Fatalf("%v\n%s reads as\n%v", e, text, back)
		}
	})
}

// A formula is printed as a tree up to the budget, and past it when names would
// not help.
func TestBudget(t *testing.T) {
	e := doubled(4)
	if got := String(e, Options{}); strings.Contains(got, "=") {
		t.Errorf("%s has names", got)
	}
	want := "t1 = x*(sin(x) + 1); t2 = t1*(sin(t1) + 1); t3 = t2*(sin(t2) + 1); t3*(sin(t3) + 1)"
	if got := String(e, Options{Style: StylePlain, Budget: 1}); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := String(nest(1e5), Options{Budget: 1}); strings.Contains(got, "=") {
		t.Errorf("a formula without shared parts has names: %.200s", got)
	}
	if got, want := Equation("f(x)", e, Options{Style: StylePlain, Budget: 1}), strings.Replace(want, "; t3*", "; f(x) = t3*", 1); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got, want := Equation("f'(x)", expr.MustParse("2x"), Options{}), "f'(x) = 2x"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := String(e, Options{Style: StyleLaTeX, Budget: 1}); !strings.HasPrefix(got, `t_{1} = x \left(\sin\left(x\right) + 1\right);\quad t_{2} = t_{1} \left(`) {
		t.Errorf("LaTeX: %s", got)
	}
}

// Names are free, and parts keep their name in all the formulas.
func TestSharedNames(t *testing.T) {
	for _, c := range []struct{ vars, prefix string }{
		{"x", "t"}, {"t", "u"}, {"t1", "u"}, {"t_3", "u"}, {"t[2]", "u"}, {"tx", "t"}, {"t u v w s r q p", "tt"},
	} {
		p := expr.NewPool()
		var vars []expr.Expr
		for _, v := range strings.Fields(c.vars) {
			vars = append(vars, p.Var(v))
		}
		e := p.Make(expr.Add, append(vars, p.Int(1), p.Int(2))...)
		for range 6 {
			e = p.Make(expr.Add, p.Make(expr.Pow, e, p.Var("x")), e)
		}
		defs, texts := Shared([]expr.Expr{e, e.Arg(0), p.Make(expr.Neg, e)}, Options{Budget: 1})
		if len(defs) == 0 || defs[0].Name != c.prefix+"1" {
			t.Errorf("with %s: %v", c.vars, defs)
			continue
		}
		if !strings.Contains(texts[0], c.prefix) || !strings.Contains(texts[2], c.prefix) {
			t.Errorf("with %s: %v, %v", c.vars, defs, texts)
		}
		for i, text := range texts {
			var parts []string
			for _, d := range defs {
				parts = append(parts, d.String())
			}
			back, err := expr.Parse(strings.Join(append(parts, text), "; "))
			if err != nil || !expr.Equal(back, []expr.Expr{e, e.Arg(0), p.Make(expr.Neg, e)}[i]) {
				t.Errorf("with %s: formula %d reads as %v, %v", c.vars, i, back, err)
			}
		}
	}
	if defs, texts := Shared(nil, Options{}); defs != nil || texts != nil {
		t.Error("nothing is printed as something")
	}
}

// Very deep and very wide formulas are printed, in every style.
func TestDeepAndWide(t *testing.T) {
	const n = 50_000
	p := expr.NewPool()
	x := p.Var("x")
	build := func(f func(e expr.Expr) expr.Expr) expr.Expr {
		e := x
		for range n {
			e = f(e)
		}
		return e
	}
	wide := make([]expr.Expr, n)
	for i := range wide {
		wide[i] = p.Var(fmt.Sprintf("x%d", i))
	}
	formulas := map[string]expr.Expr{
		"neg":   build(func(e expr.Expr) expr.Expr { return p.Make(expr.Neg, e) }),
		"pow":   build(func(e expr.Expr) expr.Expr { return p.Make(expr.Pow, e, p.Int(2)) }),
		"tower": build(func(e expr.Expr) expr.Expr { return p.Make(expr.Pow, p.Int(2), e) }),
		"div":   build(func(e expr.Expr) expr.Expr { return p.Make(expr.Div, e, x) }),
		"right": build(func(e expr.Expr) expr.Expr { return p.Make(expr.Div, x, e) }),
		"add":   build(func(e expr.Expr) expr.Expr { return p.Make(expr.Add, x, e) }),
		"mul":   build(func(e expr.Expr) expr.Expr { return p.Make(expr.Mul, e, x) }),
		"diff":  build(func(e expr.Expr) expr.Expr { return p.Make(expr.Diff, e, x) }),
		"if":    build(func(e expr.Expr) expr.Expr { return p.Make(expr.If, p.Make(expr.Lt, x, p.Int(1)), x, e) }),
		"sum":   p.Make(expr.Add, wide...),
		"prod":  p.Make(expr.Mul, wide...),
		"nest":  nest(n),
	}
	var names []string
	for name := range formulas {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		for s := StyleText; s <= StyleLaTeX; s++ {
			if got := String(formulas[name], Options{Style: s}); len(got) < n && (name != "diff" || len(got) < n/80) {
				t.Errorf("%s in style %d: %d bytes: %.100s", name, s, len(got), got)
			}
		}
	}
}

// A condition that is exponential as a tree comes to an end.
func TestLargeCondition(t *testing.T) {
	p := expr.NewPool()
	c := p.Make(expr.Lt, p.Var("x"), p.Int(1))
	for i := range 200 {
		c = p.Make([]expr.Op{expr.And, expr.Or}[i%2], c, p.Make(expr.Not, c))
	}
	text := String(c, Options{})
	if len(text) > 10_000_000 {
		t.Fatal(len(text), "bytes")
	}
	back, err := expr.Reader{Conditions: true}.Expr(text)
	if err != nil || !expr.Equal(back, c) {
		t.Errorf("%.300s: %v", text, err)
	}
}

func TestAll(t *testing.T) {
	read := expr.Reader{Conditions: true}
	var list []expr.Expr
	for i, want := range []string{"", "x != 0", "x != 0 and y < 1", "x != 0 and y < 1 and (z > 0 or not (x == y))"} {
		if got := All(list, Options{}); got != want {
			t.Errorf("%d conditions: %q, want %q", i, got, want)
		}
		if i < 3 {
			c, err := read.Expr([]string{"x != 0", "y < 1", "z > 0 or not x == y"}[i])
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, c)
		}
	}
}
