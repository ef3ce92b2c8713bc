package global

import (
	"bytes"
	"context"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/tape"
)

// checkAgain returns what Verify says of a certificate after it was written and read.
func checkAgain(t testing.TB, c *Certificate) Report {
	t.Helper()
	var b bytes.Buffer
	if _, err := c.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	r, err := Verify(&b)
	if err != nil {
		t.Fatalf("%s: %v", c.Formula, err)
	}
	if r.Valid && len(r.Checked) == 0 || !r.Valid && len(r.Unchecked) == 0 {
		t.Errorf("%s: valid is %v, but without a reason", c.Formula, r.Valid)
	}
	return r
}

func certificateOf(t testing.TB, formula, lo, hi string, max bool) *Certificate {
	t.Helper()
	a, err := Solve(context.Background(), *corpusProblem(formula, lo, hi, max), Options{Certificate: true})
	if err != nil || a.Certificate == nil {
		t.Fatalf("%s: %v %v", formula, a, err)
	}
	return a.Certificate
}

// Which proofs for one variable are confirmed.
func TestVerifyOneVariable(t *testing.T) {
	for _, c := range []struct {
		formula, lo, hi string
		max, valid      bool
	}{
		// Rational functions: exactly.
		{"x^4-3*x^2+x", "", "", false, true},
		{"x^2+4/x^2", "", "", false, true},
		{"x+1/x", "(0", "", false, true},
		{"(x^2-x+1)/(x^2+x+1)", "", "", false, true},
		{"x^100-x", "", "", false, true},
		{"1e-30*x^4-x^2", "", "", false, true},
		{"(x-1)^2*(x-2)^2", "", "", false, true},
		{"x^3-3*x", "-2", "2", false, true},
		{"2*x/(1+x^2)", "", "", true, true},
		{"1/(1+x^2)", "", "", false, true}, // not attained
		{"x^5-x-1", "", "", false, true},   // unbounded
		{"x^2+1/x", "", "", false, true},
		{"1/(1-x)", "", "", false, true},
		{"x^3", "", "10", false, true},
		// Growth at the ends.
		{"x*log(x)", "", "", false, true},
		{"exp(x)+exp(-x)", "", "", false, true},
		{"sqrt(x)+1/sqrt(x)", "", "", false, true},
		{"exp(x)-100*x", "", "", false, true},
		{"x*exp(x)", "", "", false, true},
		{"x*exp(-x)", "", "", true, true},
		{"log(x)/x", "", "", true, true},
		{"exp(x)/x", "(0", "", false, true},
		{"x^x", "(0", "", false, true},
		{"-x^(1/x)", "(0", "", false, true},
		{"log(x-3)+1/(x-3)", "", "", false, true},
		{"log2(x)+1/x", "", "", false, true},
		{"x^2-10*exp(-1e6*(x-3)^2)", "", "", false, true},
		{"x^2+sin(5*x)", "", "", false, true},
		{"gamma(x)", "(0", "", false, true},
		{"log(x)-x", "", "", false, true}, // unbounded
		{"x*exp(-x)", "", "", false, true},
		{"log(log(x))", "", "", false, false},
		// Kinks, gaps, periods.
		{"abs(x-1)+abs(x-2)+abs(x-4)", "", "", false, true},
		{"max(0,abs(x)-1)", "", "", false, true},
		{"sin(x)/x", "", "", false, true},
		{"3*sin(x)+4*cos(x)", "", "", false, true},
		{"sin(x/3)+cos(x/2)", "", "", false, true},
		{"tan(x)^2", "", "", false, true},
		{"sin(x)^2+cos(x)^2", "", "", false, true}, // constant
		{"x/x", "", "", false, true},
		// Infima.
		{"exp(x)", "", "", false, true},
		{"log(1+exp(x))", "", "", false, true},
		{"x*exp(-x)", "(0", "", false, true},
		{"x^2", "(1", "", false, true},
		{"x^2", "(1", "2)", true, true},
		{"atan(x)", "", "", false, false},
		{"sqrt(x^2+1)-x", "", "", false, false},
		{"x*sin(x)", "", "", false, false},
	} {
		k := certificateOf(t, c.formula, c.lo, c.hi, c.max)
		if r := checkAgain(t, k); r.Valid != c.valid {
			t.Errorf("%s on %s:%s, %s: valid is %v: %q %q", c.formula, c.lo, c.hi, k.Status, r.Valid, r.Checked, r.Unchecked)
		}
	}
}

// What is false is not confirmed, whatever the certificate says of the way.
func TestVerifyOneVariableFalse(t *testing.T) {
	confirmed, total := 0, 0
	for i, q := range univariateCorpus {
		if testing.Short() && i%5 != 0 {
			continue
		}
		k := certificateOf(t, q.formula, q.lo, q.hi, q.max)
		total++
		if checkAgain(t, k).Valid {
			confirmed++
		}
		refuse := func(what string, c Certificate) {
			t.Helper()
			if r := checkAgain(t, &c); r.Valid {
				t.Errorf("%s on %s:%s: %s is confirmed: %q", q.formula, q.lo, q.hi, what, r.Checked)
			}
		}
		with := func(change func(c *Certificate)) Certificate {
			c := *k
			c.Point, c.ExactPoint, c.Breaks = slices.Clone(k.Point), slices.Clone(k.ExactPoint), slices.Clone(k.Breaks)
			change(&c)
			return c
		}
		if q.status == Unbounded {
			for _, v := range []float64{-1e6, -1, 0} {
				for _, s := range []Status{Certified, NotAttained} {
					refuse("a minimum", with(func(c *Certificate) {
						c.Status, c.Value, c.Point = s, [2]jsonEnd{jsonEnd(v), jsonEnd(v)}, []float64{1}
						c.Path = nil
					}))
				}
			}
			continue
		}
		// Every one of them is bounded.
		for _, path := range []string{"t", "-t", "1/t", "-1/t", "t^2", "1+1/t", "exp(t)", "-log(t)"} {
			refuse("a fall along "+path, with(func(c *Certificate) {
				c.Status, c.Path = Unbounded, []string{path}
			}))
		}
		d := 1e-3 * math.Max(1, math.Abs(float64(k.Value[0])))
		for _, d := range []float64{-d, d} {
			shift := func(c *Certificate) {
				c.Value[0] += jsonEnd(d)
				c.Value[1] += jsonEnd(d)
				c.Exact = ""
			}
			refuse("a wrong value", with(shift))
			refuse("a wrong infimum", with(func(c *Certificate) { shift(c); c.Status = NotAttained }))
			refuse("a wrong value without exact point", with(func(c *Certificate) {
				shift(c)
				c.ExactPoint = nil
				// The bound from below is then all that is in the way.
				if (d > 0) != q.max && c.Status == NotAttained {
					c.Status, c.Point = Certified, []float64{1}
				}
			}))
			exact := with(shift)
			if v, ok := new(big.Rat).SetString(jsonText(float64(exact.Value[0]))); ok {
				exact.Exact = v.RatString()
				exact.Status = NotAttained
				refuse("an infimum in closed form", exact)
			}
		}
		if q.status == Exact || q.status == Certified {
			refuse("an infimum that is a minimum", with(func(c *Certificate) { c.Status = NotAttained }))
			// A point that was moved is confirmed only where the value is the same.
			for _, d := range []float64{-0.01, 0.01} {
				c := with(func(c *Certificate) { c.Point[0] += d; c.ExactPoint = nil; c.Exact = "" })
				if r := checkAgain(t, &c); r.Valid {
					v := valueAtFloat(t, q.formula, c.Point[0])
					if !(math.Abs(v-float64(k.Value[0])) <= 1e-9*math.Max(1, math.Abs(v))) {
						t.Errorf("%s: the point %v with the value %v is confirmed", q.formula, c.Point[0], v)
					}
				}
			}
		}
		// Without a break the claim stays true, and nothing but that may be said.
		refuse("a wrong value with other breaks", with(func(c *Certificate) {
			c.Breaks = []string{"1/3", "pi", "-7", "1e-9"}
			c.Stationary, c.Exact = nil, ""
			s := jsonEnd(d)
			if q.max {
				s = -s
			}
			c.Value[0] += s
			c.Value[1] += s
		}))
	}
	t.Logf("%d of %d certificates confirmed", confirmed, total)
	if confirmed < total*4/5 {
		t.Errorf("only %d of %d certificates are confirmed", confirmed, total)
	}
}

func jsonText(x float64) string {
	b, _ := jsonEnd(x).MarshalJSON()
	return strings.Trim(string(b), `"`)
}

func valueAtFloat(t testing.TB, formula string, x float64) float64 {
	t.Helper()
	e := expr.MustParse(formula)
	if len(e.Vars()) == 0 {
		v, _ := encloseConstant(e)
		return v.Mid()
	}
	pool := expr.NewPool()
	n, ok := floatRat(x)
	if !ok {
		t.Fatal(x)
	}
	v, _ := encloseConstant(pool.Substitute(pool.Import(e), map[string]expr.Expr{"x": pool.Num(number.FromRat(n))}))
	return v.Mid()
}

// The exact test of signs against products with known roots and against values.
func TestFracPolyNonNegative(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 5))
	for range 400 {
		p := fracConst(big.NewRat(int64(1+r.IntN(5)), 3))
		if r.IntN(2) == 0 {
			p = fracConst(big.NewRat(-1, 7))
		}
		var roots []*big.Rat
		for range r.IntN(6) {
			z := big.NewRat(int64(r.IntN(13)-6), int64(1+r.IntN(3)))
			roots = append(roots, z)
			p = p.mul(fracPoly{new(big.Rat).Neg(z), big.NewRat(1, 1)})
		}
		if r.IntN(2) == 0 { // a factor without real roots, and its square
			q := fracPoly{big.NewRat(1, 1), big.NewRat(1, 1), big.NewRat(1, 1)}
			p = p.mul(q).mul(q)
		}
		var a, b *big.Rat
		if r.IntN(3) > 0 {
			a = big.NewRat(int64(r.IntN(9)-8), 2)
		}
		if r.IntN(3) > 0 {
			b = big.NewRat(int64(r.IntN(9)+1), 2)
		}
		if a != nil && b != nil && a.Cmp(b) >= 0 {
			continue
		}
		// Between the roots, which lie on sixths in [-6, 6], there are twelfths.
		want := true
		for i := -12 * 7; i <= 12*7; i++ {
			x := big.NewRat(int64(2*i+1), 24)
			if a != nil && x.Cmp(a) < 0 || b != nil && x.Cmp(b) > 0 {
				continue
			}
			if p.at(x).Sign() < 0 {
				want = false
			}
		}
		if got := p.nonNegative(a, b); got != want {
			t.Errorf("%v on %v, %v: %v", roots, a, b, got)
		}
	}
	for _, c := range []struct {
		f   string
		low int64
		ok  bool
	}{
		{"x^2+4/x^2", 4, true}, {"x^2+4/x^2-1e-30", 4, false}, {"1/x", 0, false}, {"1/(1/x)", 0, false},
		{"(x^2-1)/(x-1)", 0, false}, {"1/(1+x^2)", 0, true}, {"(x^3-3*x)^2", 0, true}, {"x^2*(x-1)/(x-1)", 0, true},
	} {
		q, ok := asQuotient(expr.MustParse(c.f), "x")
		if !ok || q.atLeast(big.NewRat(c.low, 1), nil, nil) != c.ok {
			t.Errorf("%s >= %d: %v %v", c.f, c.low, ok, !c.ok)
		}
	}
}

// What is claimed of a formula far out holds at samples, for random formulas and
// claims near their least values.
func TestTailClaims(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 11))
	var formula func(depth int) string
	formula = func(depth int) string {
		if depth == 0 {
			return []string{"t", "t", "1/t", "2", "(1/3)", "sqrt(t)", "log(t)", "exp(-t)", "(t+1)", "(1-t)", "pi"}[r.IntN(11)]
		}
		a, b := formula(depth-1), formula(depth-1)
		switch r.IntN(12) {
		case 0, 1, 2:
			return "(" + a + "+" + b + ")"
		case 3, 4:
			return "(" + a + "-" + b + ")"
		case 5, 6, 7:
			return a + "*" + b
		case 8:
			return "(" + a + ")/(" + b + ")"
		case 9:
			return "exp(-abs(" + a + "))"
		case 10:
			return []string{"abs(" + a + ")", "log(1+abs(" + a + "))", "max(1," + a + ")", "sqrt((" + a + ")^2+1)", "cosh(" + a + ")"}[r.IntN(5)]
		}
		return "(" + a + ")^" + []string{"2", "3", "(-1)", "(1/2)", "(-2)"}[r.IntN(5)]
	}
	claimed, fell := 0, 0
	for range 1500 {
		text := formula(1 + r.IntN(3))
		f, err := expr.Parse(text)
		if err != nil {
			continue
		}
		p, err := tape.Compile([]string{"t"}, f)
		if err != nil {
			t.Fatal(err)
		}
		m := p.NewMachine()
		out, dec := make([]interval.I, 1), make([]interval.Dec, 1)
		from := []float64{1, 2, 8, 64}[r.IntN(4)]
		upper := math.Inf(1) // f is at most this somewhere
		last := math.NaN()
		for i := range 200 {
			x := from * math.Pow(1.05, float64(i))
			if i > 150 {
				x = from * math.Pow(1.4, float64(i-100))
			}
			m.Interval(out, dec, []interval.I{interval.Point(x)})
			if dec[0] >= interval.Defined && !out[0].IsEmpty() {
				upper, last = math.Min(upper, out[0].Hi), out[0].Lo
			}
		}
		if math.IsInf(upper, 0) {
			continue
		}
		gap := 1e-6 * math.Max(1e-3, math.Abs(upper))
		left := 3000
		if newTail(from, &left).atLeast(f, upper+gap) {
			t.Errorf("%s >= %g from %g is claimed, but it is at most %g somewhere", text, upper+gap, from, upper)
		}
		left = 3000
		if newTail(from, &left).atLeast(f, upper-1) {
			claimed++
		}
		left = 3000
		k := newTail(from, &left)
		if sum, ok := k.expand(k.t.Pool().Import(f)); ok && !k.partial && k.falls(sum, tailDepth) {
			fell++
			if !(last < 0) {
				t.Errorf("%s is said to fall without end, but is %g far out", text, last)
			}
		}
	}
	t.Logf("%d claims, %d falls", claimed, fell)
	if claimed < 100 || fell < 20 {
		t.Errorf("only %d claims and %d falls", claimed, fell)
	}
}

// Certificates that make no sense are not confirmed, and do no harm.
func TestVerifyMalformed(t *testing.T) {
	head := `{"schema":"nabla-certificate/1","variables":["x"],"formula":"x^2","value":[0,0],"exact":"0",`
	for _, text := range []string{
		head + `"status":"not-attained","open":[[true,true]]}`,
		head + `"status":"not-attained","bounds":[["",""]],"open":[[true,true]]}`,
		head + `"status":"not-attained","bounds":[["1","0"]],"open":[[true,true]],"breaks":["x","1/0","inf","(","0","0"]}`,
		head + `"status":"exact","point":[1],"period":"0"}`,
		head + `"status":"exact","point":[1],"period":"x","breaks":["log(-1)"]}`,
		head + `"status":"exact","point":[0],"exact_point":["0"],"bounds":[["0","1"]],"open":[[true,false]]}`,
		head + `"status":"unbounded","path":["x"]}`,
		head + `"status":"unbounded","path":["1/0"]}`,
		head + `"status":"unbounded","path":["t","t"]}`,
		head + `"status":"unbounded","path":["inf"]}`,
		head + `"status":"constant","point":[0]}`,
		strings.Replace(head, "x^2", "x", 1) + `"status":"unbounded","path":["-t"],"bounds":[["-5",""]]}`,
		strings.Replace(head, "x^2", "x", 1) + `"status":"unbounded","path":["-t"],"subject_to":["x>=0"]}`,
		strings.Replace(head, "x^2", "floor(x)", 1) + `"status":"exact","point":[0.5],"exact_point":["1/2"]}`,
		strings.Replace(head, "x^2", "sin(x)+1/2", 1) + `"status":"exact","point":[0],"period":"pi"}`,
		strings.Replace(head, "x^2", "sin(x/2)", 1) + `"status":"exact","point":[0],"exact_point":["0"],"period":"2*pi"}`,
		strings.Replace(head, "x^2", "((((2^160)^160)^160)^160)*x^3", 1) + `"status":"exact","point":[0]}`,
		strings.Replace(head, "x^2", "0^x-1/(x-x)", 1) + `"status":"exact","point":[0]}`,
	} {
		if r, err := Verify(strings.NewReader(text)); err == nil && r.Valid {
			t.Errorf("%s was confirmed: %q", text, r.Checked)
		}
	}
}
