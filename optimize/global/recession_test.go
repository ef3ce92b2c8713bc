package global

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"nabla/expr"
	"nabla/expr/tape"
	"nabla/optimize/global/verify"
)

// Infima to which terms fall in a direction in which the others do not change.
func TestRecession(t *testing.T) {
	for _, c := range []struct {
		f, bounds string
		max       bool
		infimum   string // "" where the question has another answer
	}{
		{"log(1+exp(a+b)) + log(1+exp(-(a+3b)))", "", false, "0"}, // data that are separated
		{"log(1+exp(a+b)) + log(1+exp(-(a+3b))) + log(1+exp(-(a+2b))) + log(1+exp(a+2b))", "", false, "2log(2)"},
		{"log(1+exp(-a-b)) + log(1+exp(a+2b)) + log(1+exp(-a-3b))", "", false, ""},
		{"exp(u+v) + exp(u) - u - v", "", false, "1"},
		{"u + v - exp(u+v) - exp(u)", "", true, "-1"},
		{"exp(x-y) + (x-1)^2 + exp(-y)", "", false, "0"},
		{"(1-1/(1+exp(-a-2b)))^2 + 1/(1+exp(-a))^2", "", false, "0"},
		{"atan(x+y) + exp(x)", "", false, "-pi/2"},
		{"y^2 - y + exp(x + y)", "", false, "-1/4"},
		{"exp(-x-y) + exp(x-z) + z^2 - 2z + exp(x-y)", "", false, "-1"},
		{"exp(-x-y) + exp(-x)", "y=0:", false, "0"},
		{"exp(x+y) + exp(x-y)", "x=0:", false, ""},     // held by the bound
		{"exp(-x-y) + (x-1)^2 + y", "y=0:", false, ""}, // y rises
		{"exp(x) + exp(y) + exp(-x-y)", "", false, ""},
		{"exp(x+y) + exp(-x-y) + exp(x-z)", "", false, "2"},
		{"tanh(x+y)^2 + exp(x-y)", "", false, "0"}, // the first term is least in the middle
		{"1/(1+(x+y)^2) + exp(x-y)", "", false, "0"},
		// likelihoods with the yes as a linear term
		{"log(1+exp(a-b)) + log(1+exp(a+2b)) - (a+2b) + log(1+exp(a)) - log(2)", "", false, "-log(2)"},
		{"a + 2b - log(1+exp(a-b)) - log(1+exp(a+2b)) - log(1+exp(a+3b)) + a + 3b", "", true, "0"},
		{"log(1+exp(a-b)) + log(1+exp(a+2b)) - 2a - b + log(1+exp(a-b))", "", false, "2log(2)"}, // no and yes at one place
		{"2sqrt(1+(x+y)^2) - 2x - 2y + exp(x-3y)", "", false, "0"},
		{"softplus(x+y) + softplus(-x-y) + softplus(x) - x", "", false, "2log(2)"},
		{"log(1+exp(a-b)) + log(1+exp(a+2b)) - (a+2b) + log(1+exp(a+5b))", "", false, ""},
		{"-log(1-sigmoid(a-b)) - log(sigmoid(a+2b))", "", false, "0"},
	} {
		p := problemOf(t, c.f, c.bounds)
		p.Max = c.max
		a := solved(t, p, Options{Timeout: 5 * time.Second, Certificate: true})
		var b bytes.Buffer
		if _, err := a.Certificate.WriteTo(&b); err != nil {
			t.Fatal(err)
		}
		if r, err := verify.Check(context.Background(), &b); err != nil || !r.Valid {
			t.Errorf("%s: %v %+v", c.f, err, r)
		}
		if c.infimum == "" {
			if a.Status != Exact && a.Status != Certified {
				t.Errorf("%s: %s, want a minimum", c.f, a.Status)
			}
			continue
		}
		if a.Status != NotAttained || !a.ExactValue.Valid() || !sameConstant(a.ExactValue, expr.MustParse(c.infimum)) {
			t.Errorf("%s: %s %v (%v), want the infimum %s", c.f, a.Status, a.ExactValue, a.Value, c.infimum)
		}
	}
}

// Random sums of terms that fall and others: nothing is below the infimum that is claimed, and
// values on the path come near it.
func TestRandomRecession(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 11))
	vars := []string{"x", "y", "z"}
	claimed := 0
	for range 100 {
		n := 2 + r.IntN(2)
		line := func() string {
			parts := make([]string, n)
			for i := range parts {
				parts[i] = fmt.Sprintf("%d*%s", r.IntN(5)-2, vars[i])
			}
			return strings.Join(append(parts, fmt.Sprint(r.IntN(3)-1)), " + ")
		}
		var terms []string
		for range 2 + r.IntN(3) {
			term := []string{"exp(%s)", "log(1+exp(%s))", "1/(1+exp(%s))", "(%s)^2", "exp(-(%s)^2)", "atan(%s)", "2*exp(%s)", "sqrt(1+(%s)^2)"}[r.IntN(8)]
			terms = append(terms, fmt.Sprintf(term, line()))
		}
		p := Problem{F: expr.MustParse(strings.Join(terms, " + "))}
		if p.Vars = p.F.Vars(); len(p.Vars) < 2 {
			continue
		}
		region, err := p.model()
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond) // for what is left
		a := (&session{ctx: ctx, p: &p, m: region}).byRecession()
		if cancel(); a == nil {
			continue
		}
		claimed++
		own := p.Vars
		prog, err := tape.Compile(own, p.F)
		if err != nil {
			t.Fatal(err)
		}
		m, out := prog.NewMachine(), make([]float64, 1)
		tol := 1e-9 * math.Max(1, math.Abs(a.Value))
		for range 400 {
			x := make([]float64, len(own))
			for i := range x {
				x[i] = math.Exp(4*r.Float64()-1) * r.NormFloat64()
			}
			if m.Eval(out, x); out[0] < a.Value-tol {
				t.Errorf("%v is %v at %v, below the infimum %v", p.F, out[0], x, a.Value)
				break
			}
		}
		if a.Argument.Path == nil {
			continue
		}
		path, err := tape.Compile([]string{"t"}, a.Argument.Path...)
		if err != nil {
			t.Fatal(err)
		}
		x := make([]float64, len(own))
		path.NewMachine().Eval(x, []float64{20})
		m.Eval(out, x)
		if !(out[0] < a.Value+0.3) {
			t.Errorf("%v is %v at %v, on the path to the infimum %v", p.F, out[0], x, a.Value)
		}
	}
	if claimed < 15 {
		t.Errorf("only %d formulas fall for ever", claimed)
	}
}

// The likelihood of yes and no has the same answer with a linear term for each yes.
func TestLikelihoods(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 8))
	seen := map[Status]int{}
	for range 25 {
		var signed, linear strings.Builder
		for k := range 3 + r.IntN(4) {
			if k > 0 {
				signed.WriteString(" + ")
				linear.WriteString(" + ")
			}
			l := fmt.Sprintf("(a + %d*b)", r.IntN(7)-3)
			if r.IntN(2) == 0 {
				fmt.Fprintf(&signed, "log(1 + exp(%s))", l)
				fmt.Fprintf(&linear, "log(1 + exp(%s))", l)
			} else {
				fmt.Fprintf(&signed, "log(1 + exp(-%s))", l)
				fmt.Fprintf(&linear, "log(1 + exp(%s)) - %s", l, l)
			}
		}
		var a [2]*Answer
		for i, f := range []string{signed.String(), linear.String()} {
			var err error
			if a[i], err = Solve(context.Background(), problemOf(t, f, ""), Options{Timeout: 5 * time.Second}); err != nil {
				t.Fatal(err)
			}
		}
		if a[0].Status == Local || (a[0].Status == NotAttained) != (a[1].Status == NotAttained) || math.Abs(a[0].Value-a[1].Value) > 1e-8 {
			t.Errorf("%s: %s %v, but %s %v with linear terms", signed.String(), a[0].Status, a[0].Value, a[1].Status, a[1].Value)
		}
		seen[a[1].Status]++
	}
	if seen[NotAttained] < 5 || seen[NotAttained] > 20 {
		t.Errorf("%v: the campaign tests little", seen)
	}
}
