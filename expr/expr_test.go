package expr

import (
	"slices"
	"strings"
	"testing"

	"nabla/expr/syntax"
)

// What is typed, and the nodes it becomes.
func TestBuild(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"x^2 + 2", "(add (pow x 2) 2)"},
		{"a - b - c", "(add a (neg b) (neg c))"},
		{"a - (b - c)", "(add a (neg (add b (neg c))))"},
		{"2x y", "(mul 2 x y)"},
		{"a*b/c*d", "(mul (div (mul a b) c) d)"},
		{"1/2x", "(mul (div 1 2) x)"},
		{"-x^2", "(neg (pow x 2))"},
		{"2^-x", "(pow 2 (neg x))"},
		{"0.1", "1/10"},
		{"x!", "(gamma (add x 1))"},
		{"|x - 1|", "(abs (add x (neg 1)))"},
		{"2πr", "(mul 2 pi r)"},
		{"e^x + inf", "(add (pow e x) inf)"},
		{"log(x, 2)", "(logb x 2)"},
		{"ln x", "(log x)"},
		{"alpha*x + beta", "(add (mul alpha x) beta)"},
		{"if(x < 0 and not y >= 1, -x, x)", "(if (and (lt x 0) (not (ge y 1))) (neg x) x)"},
		{"sum(x[i]^i, i, 1, 3)", "(add (pow x[1] 1) (pow x[2] 2) (pow x[3] 3))"},
		{"sum(i, i, 2, 1)", "0"},
		{"prod(k, k, -1, 1)", "(mul (neg 1) 0 1)"},
		{"sum(sum(a[i,j], j, i, 2), i, 1, 2)", "(add (add a[1,1] a[1,2]) a[2,2])"},
		{"sum(i, i, 1, 2) + i", "(add (add 1 2) i)"},
		{"n = 3; sum(x, i, n-1, 2n/2)", "(add x x)"},
		{"a = 3; g(t) = exp(-t^2); a*g(x - 1)", "(mul 3 (exp (neg (pow (add x (neg 1)) 2))))"},
		{"t = 5; g(t) = t^2; g(x) + t", "(add (pow x 2) 5)"},
		{"y = x^2", "(pow x 2)"},
		{"a = sum(i, i, 1, 2); i = 5; a*i", "(mul (add 1 2) 5)"},
		{"if = 3; 2 if", "(mul 2 3)"},
		{"f(e) = e^2", "(pow e 2)"},
		{"diff(x^2, x, 2)", "(diff (diff (pow x 2) x) x)"},
		{"d/dx(x^2)", "(diff (pow x 2) x)"},
	} {
		e, err := Parse(c.in)
		if err != nil {
			t.Errorf("%s: %v", c.in, err)
			continue
		}
		if got := e.String(); got != c.want {
			t.Errorf("%s is %s, want %s", c.in, got, c.want)
		}
	}
}

// Each mistake, and where the error points.
func TestBuildErrors(t *testing.T) {
	for _, c := range []struct{ in, at, msg string }{
		{"1 + (x < 2)", "(x < 2)", "no value"},
		{"x + y - (x < 2)", "(x < 2)", "no value"},
		{"if(x < 0, x < 1, 2)", "x < 1", "no value"},
		{"f(n) = n*f(n - 1); f(3)", "f", "its own definition"},
		{"a = a + 1; a*x", "a", "its own definition"},
		{"f(x) = g(x); g(x) = x; f(x)", "g", "only after it is used"},
		{"a = b; b = 2; a*x", "b", "only after it is used"},
		{"max'(x)", "max", "one variable"},
		{"x < 2", "<", "comparison"},
		{"if(x, 1, 2)", "x", "condition"},
		{"if(x < 1, 2)", "if(x < 1, 2)", "if takes"},
		{"x and y", "x", "joins conditions"},
		{"sin(x, y)", "sin(x, y)", "does not take 2"},
		{"sum(x[i], i, 1, n)", "n", "must be an integer"},
		{"sum(x, i, 1, 1/2)", "1/2", "not 1/2"},
		{"sum(x, 2, 1, 3)", "2", "index"},
		{"sum(x, i, 1, 1e12)", "sum(x, i, 1, 1e12)", "more than"},
		{"sum(x, i, 1)", "sum(x, i, 1)", "four arguments"},
		{"x[y]", "y", "must be an integer"},
		{"diff(x^2, 2)", "2", "variable"},
		{"diff(x^2, x, y)", "y", "order"},
		{"a = 2; diff(a*x, a)", "a", "variable to differentiate"},
		{"g(x) = x; g(1, 2)", "g(1, 2)", "takes one argument"},
		{"1e99999999", "1e99999999", "digits"},
	} {
		_, err := Parse(c.in)
		e, ok := err.(*syntax.Error)
		if !ok {
			t.Errorf("%s: error %v", c.in, err)
			continue
		}
		if got := e.Source.Slice(e.Span); got != c.at || !strings.Contains(e.Msg, c.msg) {
			t.Errorf("%s: %q at %q, want %q at %q", c.in, e.Msg, got, c.msg, c.at)
		}
	}
}

// Equal formulas of a Pool are one node.
func TestHashConsing(t *testing.T) {
	p := NewPool()
	var last Expr
	for range 3 {
		e := p.Import(MustParse("sin(x)^2 + cos(x)^2 + sin(x)"))
		if last.Valid() && e != last {
			t.Error("imported twice, two nodes")
		}
		last = e
	}
	if p.Len() != 7 {
		t.Errorf("%d nodes, want 7: x, 2, sin, its square, cos, its square, the sum", p.Len())
	}
}

func TestNatural(t *testing.T) {
	names := []string{"x10", "x2", "b", "x[10]", "x[9]", "x", "a", "x01", "x1"}
	slices.SortFunc(names, Natural)
	if got := strings.Join(names, " "); got != "a b x x1 x01 x2 x10 x[9] x[10]" {
		t.Error(got)
	}
}

// A small formula in a large Pool is walked at its own cost.
func TestWalkCostsWhatItReaches(t *testing.T) {
	p := NewPool()
	small := p.Make(Add, p.Var("x"), p.Int(1))
	for i := range 100000 {
		small = p.Make(Mul, p.Int(int64(i)), p.Var("y"))
	}
	w := Order(small)
	if w.Len() != 3 || w.place != nil {
		t.Errorf("%d nodes, dense %v", w.Len(), w.place != nil)
	}
	big := p.At(0)
	for i := range 100000 {
		big = p.Make(Add, p.At(int32(i)), big)
	}
	if w := Order(big); w.place == nil || w.At(w.Len()-1) != big {
		t.Error("a large formula is walked by a map")
	}
	w = Order(big)
	for i, e := range w.Each() {
		for _, a := range e.Args() {
			if w.Place(a) >= i {
				t.Fatal("an operand after its user")
			}
		}
	}
}

// A Walk that is used again finds what a new one finds, in pools that grow too.
func TestWalkAgain(t *testing.T) {
	p := NewPool()
	x := p.Var("x")
	var w Walk
	e := x
	for i := range 3000 {
		e = p.Make(Add, p.Make(Mul, p.Int(int64(i)), x), e)
		root := e
		if i%3 == 1 { // a small part, met before
			root = p.At(int32(i * 2 / 3))
		}
		if i%50 > 3 {
			continue
		}
		w.Reset(root)
		want := Order(root)
		if w.Len() != want.Len() {
			t.Fatalf("%d nodes, want %d", w.Len(), want.Len())
		}
		for k, n := range want.Each() {
			if w.At(k) != n || w.Place(n) != k {
				t.Fatalf("place %d of %d differs", k, want.Len())
			}
		}
	}
}

// Neither depth nor width needs stack.
func TestDeepAndWide(t *testing.T) {
	p := NewPool()
	e := p.Var("x")
	for range 1000000 {
		e = p.Make(Neg, e)
	}
	if e.Size() != 1000001 {
		t.Error(e.Size())
	}
	q := NewPool()
	if q.Import(e); q.Len() != 1000001 {
		t.Error(q.Len())
	}
}

func TestPlaces(t *testing.T) {
	f, err := Reader{}.Read("y = 2x + sin(x^2)")
	if err != nil {
		t.Fatal(err)
	}
	for e := range f.Expr.All() {
		span, ok := f.Place(e)
		if e.Op() == Call && (!ok || f.Source.Slice(span) != "sin(x^2)") {
			t.Errorf("%v at %q", e, f.Source.Slice(span))
		}
	}
	if f.Name != "y" || f.Left == nil {
		t.Errorf("left-hand side %q", f.Name)
	}
}

func TestWarnings(t *testing.T) {
	for text, want := range map[string]string{
		"x*y + xy":               "xy is one variable, not x*y",
		"sum((x_i - i)^2,i,1,3)": "x_i is one variable, the same in every term; one for each i is written x[i]",
		"sum(x[i]*i,i,1,3)":      "",
		"x_i + sum(i,i,1,3)":     "",
	} {
		f, err := Reader{}.Read(text)
		if err != nil || strings.Join(f.Warnings, "; ") != want {
			t.Errorf("%s: warnings %q, want %q (%v)", text, f.Warnings, want, err)
		}
	}
}

func BenchmarkParse1MB(b *testing.B) {
	var s strings.Builder
	for i := 0; s.Len() < 1<<20; i++ {
		if i > 0 {
			s.WriteString(" + ")
		}
		s.WriteString("2.5*x" + string(rune('0'+i%10)) + "^2*sin(y)")
	}
	b.SetBytes(int64(s.Len()))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(s.String()); err != nil {
			b.Fatal(err)
		}
	}
}
