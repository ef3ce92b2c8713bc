package sos

import (
	"context"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"nabla/expr"
)

func polynomial(t *testing.T, text string, vars ...string) Polynomial {
	t.Helper()
	p, ok := Of(expr.MustParse(text), vars)
	if !ok {
		t.Fatalf("%s is no polynomial", text)
	}
	return p
}

var xyz = []string{"x", "y", "z"}

// Forms of the literature and small polynomials: with which multiplier they have a proof.
func TestProve(t *testing.T) {
	const norm = "x^2 + y^2 + z^2"
	motzkin := "x^4*y^2 + x^2*y^4 - 3x^2*y^2*z^2 + z^6"
	robinson := "x^6 + y^6 + z^6 - (x^4*y^2 + x^4*z^2 + y^4*x^2 + y^4*z^2 + z^4*x^2 + z^4*y^2) + 3x^2*y^2*z^2"
	choiLam := "x^4*y^2 + y^4*z^2 + z^4*x^2 - 3x^2*y^2*z^2"
	for _, c := range []struct {
		f, multiplier, gamma string
		proved               bool
	}{
		{motzkin, "1", "0", false},
		{motzkin, norm, "0", true},
		{robinson, "1", "0", false},
		{robinson, norm, "0", true},
		{choiLam, "1", "0", false},
		{choiLam, norm, "0", true},
		{"x^4 + y^4 - 4x*y", "1", "-2", true},
		{"x^4 + y^4 - 4x*y", "1", "-19/10", false},
		{"2x^4 + 2x^3*y - x^2*y^2 + 5y^4", "1", "0", true}, // Parrilo (2003)
		{"x^4 + y^4 + z^4 - x^2*y^2 - y^2*z^2 - z^2*x^2", "1", "0", true},
		{"x^2*y^2 + y^2*z^2 + z^2*x^2 - 2x*y*z", "1", "-1/16", false},
		{"x^2*y^2 + y^2*z^2 + z^2*x^2 - 2x*y*z", norm + " + 1", "-1/16", true},
		{"x^2*y^2 + x*y + x^2", "1", "-1/4", true},
		{"x^3 + y^2", "1", "-100", false},
		{"x*y", "1", "-100", false},
		{"(x^2 - 2)^2 + (y^2 - 3)^2 + (x*y - z)^2", "1", "0", true}, // irrational zeros
		{"0*x + 3", "1", "3", true},
	} {
		p := &Problem{N: 3, F: polynomial(t, c.f, xyz...), Mult: polynomial(t, c.multiplier, xyz...)}
		gamma, _ := new(big.Rat).SetString(c.gamma)
		proof := p.Prove(context.Background(), gamma, nil, true)
		if (proof != nil) != c.proved {
			t.Errorf("(%s) (%s - %s): proved is %v", c.multiplier, c.f, c.gamma, proof != nil)
		}
		if proof == nil || len(proof.Blocks) == 0 {
			continue
		}
		b := &proof.Blocks[0]
		b.Gram[0][0] = new(big.Rat).Add(b.Gram[0][0], big.NewRat(1, 1000))
		if p.holds(proof) {
			t.Errorf("%s: a changed proof holds", c.f)
		}
	}
}

// Bounds a hair below a minimum that is no rational number.
func TestProveNearly(t *testing.T) {
	for _, f := range []string{"x^4 + y^4 + x*y + x - 2y", "x^4 + x^2*y^2 + y^4 - x^2*y + 3x - y^3", "(x^2 - x*y + y)^2 + x^2 + x + (1 + y)^2"} {
		p := polynomial(t, f, "x", "y")
		x := []float64{0, 0}
		best := math.Inf(1)
		for i := -2000; i <= 2000; i++ {
			for j := -20; j <= 20; j++ {
				y := []float64{float64(i) / 1000, float64(j) / 10}
				if v := p.float(y); v < best {
					best, x = v, y
				}
			}
		}
		for h := 0.1; h > 1e-13; h /= 2 {
			for _, d := range [][2]float64{{h, 0}, {-h, 0}, {0, h}, {0, -h}, {h, h}, {-h, -h}, {h, -h}, {-h, h}} {
				y := []float64{x[0] + d[0], x[1] + d[1]}
				if v := p.float(y); v < best {
					best, x = v, y
				}
			}
		}
		q := &Problem{N: 2, F: p}
		for _, c := range []struct {
			below  float64
			proved bool
		}{{1e-9, true}, {1e-6, true}, {-1e-6, false}} {
			gamma := new(big.Rat).SetFloat64(best - c.below)
			if proof := q.Prove(context.Background(), gamma, [][]float64{x}, false); (proof != nil) != c.proved {
				t.Errorf("%s ≥ %.12g - %g: proved is %v", f, best, c.below, proof != nil)
			}
		}
	}
}

// Under conditions.
func TestProveUnderConditions(t *testing.T) {
	for _, c := range []struct {
		f, above, zero, gamma string
		degree                int
		proved                bool
	}{
		{"x + y", "1 - x^2 - y^2", "", "-3/2", 2, true},
		{"x + y", "1 - x^2 - y^2", "", "-7/5", 2, false},
		{"x*y", "1 - x^2 - y^2", "", "-1/2", 2, true},
		{"x*y", "", "x^2 + y^2 - 1", "-1/2", 2, true},
		{"x", "x^3 - y^2", "", "0", 6, false}, // x^3 = Σ is a cusp
		{"x^4 + y^4", "", "x + y - 2", "2", 4, true},
		{"x^4 + y^4", "", "x + y - 2", "21/10", 4, false},
	} {
		p := &Problem{N: 2, F: polynomial(t, c.f, "x", "y"), Degree: c.degree}
		if c.above != "" {
			p.Above = []Polynomial{polynomial(t, c.above, "x", "y")}
		}
		if c.zero != "" {
			p.Zero = []Polynomial{polynomial(t, c.zero, "x", "y")}
		}
		gamma, _ := new(big.Rat).SetString(c.gamma)
		if proof := p.Prove(context.Background(), gamma, nil, true); (proof != nil) != c.proved {
			t.Errorf("%s ≥ %s where %s ≥ 0, %s = 0: proved is %v", c.f, c.gamma, c.above, c.zero, proof != nil)
		}
	}
}

// Sums of squares of random polynomials with a common zero are found to be that; less
// something they are not.
func TestProveRandom(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 1))
	for k := range 25 {
		n := 2 + k%2
		z := make([]*big.Rat, n)
		near := make([]float64, n)
		for i := range z {
			z[i] = big.NewRat(int64(r.IntN(9)-4), int64(1+r.IntN(2)))
			near[i], _ = z[i].Float64()
		}
		f := Polynomial{}
		for range n + 1 {
			q := Polynomial{}
			for _, m := range upTo(n, 0, 2) {
				q.plus(m, big.NewRat(int64(r.IntN(7)-3), 1))
			}
			q = q.Add(Constant(n, new(big.Rat).Neg(q.At(z))))
			f = f.Add(q.Mul(q))
		}
		p := &Problem{N: n, F: f}
		if p.Prove(context.Background(), new(big.Rat), [][]float64{near}, true) == nil {
			t.Errorf("%d: no proof of a sum of squares with the zero %v", k, near)
		}
		if p.Prove(context.Background(), big.NewRat(1, 1000), [][]float64{near}, false) != nil {
			t.Errorf("%d: proof of what is wrong", k)
		}
	}
}

func TestRefute(t *testing.T) {
	for _, c := range []struct {
		f     string
		gamma string
		never bool
	}{
		{"(x*y - 1)^2 + x^2", "0", true},
		{"(x*y - 1)^2 + (x^2 - y)^2", "0", false},
		{"x^2*y^2 + x*y + x^2", "-1/4", true},
	} {
		p := &Problem{N: 2, F: polynomial(t, c.f, "x", "y")}
		gamma, _ := new(big.Rat).SetString(c.gamma)
		proof := p.Prove(context.Background(), gamma, nil, true)
		if proof == nil {
			t.Fatalf("%s: no proof", c.f)
		}
		if _, never := p.Refute(proof); never != c.never {
			t.Errorf("%s: never is %v", c.f, never)
		}
	}
}

// The semidefinite program min <C, X>, tr X = 1, has the least eigenvalue of C as its value;
// an entry that is asked to vanish changes it.
func TestSemidefinite(t *testing.T) {
	p := &program{sizes: []int{2, 1},
		rows: [][]entry{{{0, 0, 0, 1}, {0, 1, 1, 1}, {1, 0, 0, 1}}},
		b:    []float64{1},
		c:    []entry{{0, 0, 0, 2}, {0, 0, 1, 2 * 3}, {0, 1, 1, 1}, {1, 0, 0, 5}}}
	x, _ := p.solve(context.Background())
	if got, want := value(p.c, x), (3-math.Sqrt(37))/2; math.Abs(got-want) > 1e-8 {
		t.Errorf("the least eigenvalue is %v, want %v", got, want)
	}
	p.rows = append(p.rows, []entry{{0, 0, 1, 1}})
	p.b = append(p.b, 0)
	x, _ = p.solve(context.Background())
	if got := value(p.c, x); math.Abs(got-1) > 1e-8 {
		t.Errorf("the value is %v, want 1", got)
	}
}

func TestHalf(t *testing.T) {
	support := map[Monomial]bool{}
	for m := range polynomial(t, "x^4*y^2 + x^2*y^4 - 3x^2*y^2 + 1", "x", "y") {
		support[m] = true
	}
	want := polynomial(t, "1 + x*y + x^2*y + x*y^2", "x", "y")
	got := half(2, support)
	if len(got) != len(want) {
		t.Errorf("monomials %v", got)
	}
	for _, m := range got {
		if want[m] == nil {
			t.Errorf("monomial %v", m)
		}
	}
}
