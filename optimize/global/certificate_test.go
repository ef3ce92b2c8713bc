package global

import (
	"bytes"
	"context"
	"math"
	"math/big"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"nabla/expr"
	"nabla/expr/number"
	"nabla/expr/tape"
	"nabla/optimize/global/certificate"
	"nabla/optimize/global/internal/corpus"
	"nabla/optimize/global/verify"
)

// checkAgain returns what verify.Check says of a certificate after it was written and read.
func checkAgain(t testing.TB, c *certificate.Certificate) verify.Report {
	t.Helper()
	var b bytes.Buffer
	if _, err := c.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	r, err := verify.Check(context.Background(), &b)
	if err != nil {
		t.Fatalf("%s: %v", c.Formula, err)
	}
	if r.Valid && len(r.Checked) == 0 || !r.Valid && len(r.Unchecked) == 0 {
		t.Errorf("%s: valid is %v, but without a reason", c.Formula, r.Valid)
	}
	return r
}

func certificateOf(t testing.TB, formula, lo, hi string, max bool) *certificate.Certificate {
	t.Helper()
	a, err := Solve(context.Background(), Problem{F: expr.MustParse(formula), Vars: []string{"x"}, Bounds: []Bound{corpus.Bound(lo, hi)}, Max: max}, Options{Certificate: true})
	if err != nil || a.Certificate == nil {
		t.Fatalf("%s: %v %v", formula, a, err)
	}
	return a.Certificate
}

// Which proofs for one variable are confirmed.
func TestVerifyOneVariable(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		formula, lo, hi string
		max, valid      bool
	}{
		// Rational functions: exactly.
		{"x^4-3*x^2+x", "", "", false, true},
		{"x^2+4/x^2", "", "", false, true},
		{"x+1/x", "(0", "", false, true},
		// Powers that are read as real ones, and ends at which the formula is not defined.
		{"x^x-x/2", "", "", false, true},
		{"(1/x)^(2/3)-(1-x)^(2/3)", "", "", false, true},
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
		{"log(log(x))", "", "", false, true},
		{"asinh(x-2)", "", "", false, true},
		{"atan(4*x+2)-x^2", "", "", false, true},
		{"root(x,5)-x", "", "", false, true},
		{"min(x,x^2,1)", "", "", false, true},
		// Poles, of which the second has no closed form.
		{"x/(x^2+3*x+1)", "", "", false, true},
		{"(2+3*x+2*x^2)/(2+3*x+x^2-3*x^3)", "", "", false, true},
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
		{"atan(x)", "", "", false, true},
		{"sqrt(x^2+1)-x", "", "", false, true},
		{"x*sin(x)", "", "", false, true},
		// Infima on sequences and at jumps.
		{"sin(x)+exp(-x)", "", "", false, true},
		{"cos(x)^2+exp(-x^2)", "", "", false, true},
		{"sin(1/x)+x^2", "", "", false, true},
		{"x-floor(x)", "", "", true, true},
		{"floor(x)+x^2", "", "", false, true},
		{"round(x)^2+x", "", "", false, true},
	} {
		k := certificateOf(t, c.formula, c.lo, c.hi, c.max)
		if r := checkAgain(t, k); r.Valid != c.valid {
			t.Errorf("%s on %s:%s, %s: valid is %v: %q %q", c.formula, c.lo, c.hi, k.Status, r.Valid, r.Checked, r.Unchecked)
		}
	}
}

// What is false is not confirmed, whatever the certificate says of the way.
func TestVerifyOneVariableFalse(t *testing.T) {
	var confirmed, total atomic.Int32
	t.Run("questions", func(t *testing.T) {
		for i := 0; i < len(corpus.Questions); i += 12 {
			q := corpus.Questions[i]
			t.Run(q.Formula, func(t *testing.T) {
				t.Parallel()
				total.Add(1)
				if refuseFalse(t, q) {
					confirmed.Add(1)
				}
			})
		}
	})
	t.Logf("%d of %d certificates confirmed", confirmed.Load(), total.Load())
	if confirmed.Load() < total.Load()*4/5 {
		t.Errorf("only %d of %d certificates are confirmed", confirmed.Load(), total.Load())
	}
}

// refuseFalse tries false claims on the certificate of a question, and reports whether the true one is confirmed.
func refuseFalse(t *testing.T, q corpus.Question) bool {
	t.Helper()
	k := certificateOf(t, q.Formula, q.Lo, q.Hi, q.Max)
	confirmed := checkAgain(t, k).Valid
	refuse := func(what string, c certificate.Certificate) {
		t.Helper()
		if r := checkAgain(t, &c); r.Valid {
			t.Errorf("%s on %s:%s: %s is confirmed: %q", q.Formula, q.Lo, q.Hi, what, r.Checked)
		}
	}
	with := func(change func(c *certificate.Certificate)) certificate.Certificate {
		c := *k
		c.Point, c.ExactPoint, c.Breaks = slices.Clone(k.Point), slices.Clone(k.ExactPoint), slices.Clone(k.Breaks)
		change(&c)
		return c
	}
	if q.Status == Unbounded {
		for _, v := range []float64{-1e6, -1, 0} {
			for _, s := range []Status{Certified, NotAttained} {
				refuse("a minimum", with(func(c *certificate.Certificate) {
					c.Status, c.Value, c.Point = s, [2]certificate.End{certificate.End(v), certificate.End(v)}, []float64{1}
					c.Path = nil
				}))
			}
		}
		return confirmed
	}
	// Every one of them is bounded.
	for _, path := range []string{"t", "-t", "1/t", "-1/t", "t^2", "1+1/t", "exp(t)", "-log(t)"} {
		refuse("a fall along "+path, with(func(c *certificate.Certificate) {
			c.Status, c.Path = Unbounded, []string{path}
		}))
	}
	d := 1e-3 * math.Max(1, math.Abs(float64(k.Value[0])))
	for _, d := range []float64{-d, d} {
		shift := func(c *certificate.Certificate) {
			c.Value[0] += certificate.End(d)
			c.Value[1] += certificate.End(d)
			c.Exact = ""
		}
		refuse("a wrong value", with(shift))
		refuse("a wrong infimum", with(func(c *certificate.Certificate) { shift(c); c.Status = NotAttained }))
		refuse("a wrong value without exact point", with(func(c *certificate.Certificate) {
			shift(c)
			c.ExactPoint = nil
			// The bound from below is then all that is in the way.
			if (d > 0) != q.Max && c.Status == NotAttained {
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
	if q.Status == Exact || q.Status == Certified {
		refuse("an infimum that is a minimum", with(func(c *certificate.Certificate) { c.Status = NotAttained }))
		// A point that was moved is confirmed only where the value is the same.
		for _, d := range []float64{-0.01, 0.01} {
			c := with(func(c *certificate.Certificate) { c.Point[0] += d; c.ExactPoint = nil; c.Exact = "" })
			if r := checkAgain(t, &c); r.Valid {
				v := valueAtFloat(t, q.Formula, c.Point[0])
				if !(math.Abs(v-float64(k.Value[0])) <= 1e-9*math.Max(1, math.Abs(v))) {
					t.Errorf("%s: the point %v with the value %v is confirmed", q.Formula, c.Point[0], v)
				}
			}
		}
	}
	// Without a break the claim stays true, and nothing but that may be said.
	refuse("a wrong value with other breaks", with(func(c *certificate.Certificate) {
		c.Breaks = []string{"1/3", "pi", "-7", "1e-9"}
		c.Stationary, c.Exact = nil, ""
		s := certificate.End(d)
		if q.Max {
			s = -s
		}
		c.Value[0] += s
		c.Value[1] += s
	}))
	return confirmed
}

func jsonText(x float64) string {
	b, _ := certificate.End(x).MarshalJSON()
	return strings.Trim(string(b), `"`)
}

func valueAtFloat(t testing.TB, formula string, x float64) float64 {
	t.Helper()
	e := expr.MustParse(formula)
	if e.IsConstant() {
		v, _ := tape.EncloseConstant(e)
		return v.Mid()
	}
	pool := expr.NewPool()
	n, ok := number.FromFloat(x)
	if !ok {
		t.Fatal(x)
	}
	v, _ := tape.EncloseConstant(pool.Substitute(pool.Import(e), map[string]expr.Expr{"x": pool.Num(n)}))
	return v.Mid()
}
