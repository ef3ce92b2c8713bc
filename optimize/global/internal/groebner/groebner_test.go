package groebner

import (
	"math/big"
	"math/rand/v2"
	"testing"

	"nabla/expr"
	"nabla/expr/number"
	"nabla/optimize/global/internal/sos"
)

const plenty = 1_000_000

// system reads polynomials.
func system(t testing.TB, vars []string, formulas ...string) []sos.Polynomial {
	t.Helper()
	var out []sos.Polynomial
	for _, f := range formulas {
		e, err := expr.Parse(f)
		if err != nil {
			t.Fatal(err)
		}
		p, ok := sos.Of(e, vars)
		if !ok {
			t.Fatalf("%s is no polynomial", f)
		}
		out = append(out, p)
	}
	return out
}

// The eliminants are what SymPy 1.11 computes (groebner with the order lex, polys monic), and those of the systems
// katsura and cyclic are known (Cox, Little and O'Shea, Using Algebraic Geometry, 2nd ed. 2005).
func TestAlone(t *testing.T) {
	for _, c := range []struct {
		name     string
		vars     []string
		formulas []string
		dim      int // the number of complex solutions, with multiplicities
		alone    []string
	}{
		{"circle and line", []string{"x", "y"}, []string{"x^2+y^2-1", "x-y"}, 2, []string{"x^2-1/2", "y^2-1/2"}},
		{"circle and hyperbola", []string{"x", "y"}, []string{"x^2+y^2-4", "x*y-1"}, 4, []string{"x^4-4x^2+1", "y^4-4y^2+1"}},
		{"a double zero", []string{"x", "y"}, []string{"x^2", "y-x"}, 2, []string{"x^2", "y^2"}},
		{"all at 0, three times", []string{"x", "y"}, []string{"x^2", "x*y", "y^2"}, 3, []string{"x^2", "y^2"}},
		{"no solution", []string{"x", "y"}, []string{"x+y-1", "x+y"}, 0, []string{"1", "1"}},
		{"folium of Descartes", []string{"x", "y"}, []string{"x^2-y", "y^2-x"}, 4, []string{"x^4-x", "y^4-y"}},
		{"cyclic 3", []string{"x", "y", "z"}, []string{"x+y+z", "x*y+y*z+z*x", "x*y*z-1"}, 6, []string{"x^3-1", "y^3-1", "z^3-1"}},
		{"katsura 2", []string{"x", "y", "z"}, []string{"x+2y+2z-1", "x^2+2y^2+2z^2-x", "2x*y+2y*z-y"}, 4,
			[]string{"x^4-46x^3/21+34x^2/21-10x/21+1/21", "y^3-3y^2/7+y/28", "z^4-10z^3/21+z^2/84+z/84"}},
	} {
		b, ok := Of(len(c.vars), system(t, c.vars, c.formulas...), plenty)
		if !ok {
			t.Errorf("%s: no basis", c.name)
			continue
		}
		q, ok := b.Quotient(50)
		if !ok || len(q.standard) != c.dim {
			t.Errorf("%s: dimension %d, want %d", c.name, len(q.standard), c.dim)
			continue
		}
		for i, want := range c.alone {
			got, ok := q.Alone(i)
			if !ok {
				t.Errorf("%s: nothing for %s", c.name, c.vars[i])
				continue
			}
			w := system(t, c.vars[i:i+1], want)[0]
			if !equal(got, w) {
				t.Errorf("%s: for %s got %v, want %s", c.name, c.vars[i], got, want)
			}
		}
	}
}

// equal reports whether the coefficients are those of p, a polynomial of one variable, up to a factor.
func equal(c []number.Number, p sos.Polynomial) bool {
	lead := p[sos.Monomial([]byte{byte(p.Degree())})]
	if lead == nil || len(c) != p.Degree()+1 {
		return false
	}
	last := c[len(c)-1].Rat()
	for k, v := range c {
		w := p[sos.Monomial([]byte{byte(k)})]
		if w == nil {
			w = new(big.Rat)
		}
		if new(big.Rat).Quo(v.Rat(), last).Cmp(new(big.Rat).Quo(w, lead)) != 0 {
			return false
		}
	}
	return true
}

// With their cofactors the polynomials of the system add up to the eliminants.
func TestCofactors(t *testing.T) {
	for _, c := range []struct {
		vars     []string
		formulas []string
	}{
		{[]string{"x", "y"}, []string{"x^2+y^2-4", "x*y-1"}},
		{[]string{"x", "y"}, []string{"x^2-y/3", "2*y^2-x"}},
		{[]string{"x", "y"}, []string{"6*x+6*y-3", "x+y"}},
		{[]string{"x", "y", "z"}, []string{"x+2y+2z-1", "x^2+2y^2+2z^2-x", "2x*y+2y*z-y"}},
	} {
		p := system(t, c.vars, c.formulas...)
		b, ok := Marked(len(c.vars), p, plenty)
		if !ok {
			t.Errorf("%v: no basis", c.formulas)
			continue
		}
		q, _ := b.Quotient(50)
		for i := range c.vars {
			alone, _ := q.Alone(i)
			times, ok := b.Cofactors(i, alone)
			sum := sos.Polynomial{}
			for k := range times {
				sum = sum.Add(times[k].Mul(p[k]))
			}
			for k, a := range alone {
				m := make([]byte, len(c.vars))
				m[i] = byte(k)
				sum = sum.Add(sos.Polynomial{sos.Monomial(m): a.Neg().Rat()})
			}
			if !ok || len(dropZeros(sum)) > 0 {
				t.Errorf("%v: the cofactors %v for %s leave %v", c.formulas, times, c.vars[i], sum)
			}
		}
	}
}

func TestInfinitelyMany(t *testing.T) {
	for _, f := range [][]string{{"x*y", "x*y^2"}, {"x^2+y^2-1"}, {"(x-1)*(y+2)", "(x-1)^2"}} {
		b, ok := Of(2, system(t, []string{"x", "y"}, f...), plenty)
		if !ok {
			t.Errorf("%v: no basis", f)
			continue
		}
		if _, ok := b.Quotient(50); ok {
			t.Errorf("%v: finitely many solutions", f)
		}
	}
}

func TestTooMuchWork(t *testing.T) {
	vars := []string{"x", "y", "z"}
	p := system(t, vars, "x^5+y^4*z+3x*y-7", "y^5-x^3*z^2+z-1", "z^5+x*y*z^3-x+2y")
	if _, ok := Of(3, p, 100); ok {
		t.Error("done with 100 operations")
	}
}

// Whatever points are planted, each coordinate is a zero of the eliminant of its variable.
func TestPlantedPoints(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	vars := []string{"x", "y"}
	for range 60 {
		// Two conics through three points: combinations of products of lines through two of them each.
		var at [3][2]int64
		for i := range at {
			at[i] = [2]int64{r.Int64N(9) - 4, r.Int64N(9) - 4}
		}
		line := func(a, b [2]int64) sos.Polynomial {
			return sos.Polynomial{"\x01\x00": big.NewRat(b[1]-a[1], 1), "\x00\x01": big.NewRat(a[0]-b[0], 1),
				"\x00\x00": big.NewRat(a[1]*b[0]-a[0]*b[1], 1)}.Add(sos.Polynomial{})
		}
		other := [2]int64{r.Int64N(9) - 4, 7}
		p := line(at[0], at[1]).Mul(line(at[2], other))
		q := line(at[0], at[2]).Mul(line(at[1], other)).Add(line(at[1], at[2]).Mul(line(at[0], at[1])).Scale(big.NewRat(3, 2)))
		b, ok := Of(2, []sos.Polynomial{dropZeros(p), dropZeros(q)}, plenty)
		if !ok {
			t.Fatal("no basis")
		}
		s, ok := b.Quotient(50)
		if !ok {
			continue // a common line, or points that are one
		}
		for i := range vars {
			c, ok := s.Alone(i)
			if !ok {
				t.Fatal("no eliminant")
			}
			for _, x := range at {
				sum := new(big.Rat)
				for k := len(c) - 1; k >= 0; k-- {
					sum.Mul(sum, big.NewRat(x[i], 1))
					sum.Add(sum, c[k].Rat())
				}
				if sum.Sign() != 0 {
					t.Errorf("%v: %s = %d is no zero of %v", at, vars[i], x[i], c)
				}
			}
		}
	}
}

// dropZeros is p without coefficients that are 0.
func dropZeros(p sos.Polynomial) sos.Polynomial {
	out := sos.Polynomial{}
	for m, c := range p {
		if c.Sign() != 0 {
			out[m] = c
		}
	}
	return out
}
