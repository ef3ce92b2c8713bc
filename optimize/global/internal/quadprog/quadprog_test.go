package quadprog

import (
	"context"
	"math/rand/v2"
	"testing"

	"nabla/expr/number"
	"nabla/optimize/global/internal/rational"
)

func row(b int64, equal bool, a ...int64) Row {
	r := Row{B: number.Int(b), Equal: equal}
	for _, v := range a {
		r.A = append(r.A, number.Int(v))
	}
	return r
}

func ints(v ...int64) []number.Number { return row(0, false, v...).A }

// The textbook examples of Hillier and Lieberman (Introduction to Operations Research:
// Wyndor Glass) and of Nocedal and Wright (example 16.4), with their multipliers.
func TestTextbookPrograms(t *testing.T) {
	wyndor := &Program{C: ints(-3, -5), Rows: []Row{
		row(0, false, -1, 0), row(0, false, 0, -1), row(4, false, 1, 0), row(12, false, 0, 2), row(18, false, 3, 2)}}
	x, y, ok := wyndor.Solve(context.Background())
	if !ok || x[0] != number.Int(2) || x[1] != number.Int(6) || y[3] != number.Frac(3, 2) || y[4] != number.Int(1) || !wyndor.Unique(y) {
		t.Errorf("Wyndor Glass: x = %v, y = %v", x, y)
	}
	// (x - 1)² + (y - 5/2)²
	q := &Program{H: [][]number.Number{ints(2, 0), ints(0, 2)}, C: ints(-2, -5), Rows: []Row{
		row(2, false, -1, 2), row(6, false, 1, 2), row(2, false, 1, -2), row(0, false, -1, 0), row(0, false, 0, -1)}}
	x, y, ok = q.Solve(context.Background())
	if !ok || x[0] != number.Frac(7, 5) || x[1] != number.Frac(17, 10) || y[0] != number.Frac(4, 5) {
		t.Errorf("example 16.4: x = %v, y = %v", x, y)
	}
}

// What has no solution has none; Beale's example, in which the simplex method cycles,
// has one.
func TestDegeneratePrograms(t *testing.T) {
	for _, p := range []*Program{
		{C: ints(-1), Rows: []Row{row(0, false, -1)}},                   // falls
		{C: ints(1), Rows: []Row{row(0, false, 1), row(-1, false, -1)}}, // empty
		{C: ints(1, 1), Rows: []Row{row(1, true, 1, 1), row(2, true, 2, 2), row(3, true, 1, 1)}},
		{H: [][]number.Number{ints(1, 0), ints(0, 0)}, C: ints(0, 1), Rows: []Row{row(0, false, 1, 0)}},
	} {
		if x, y, ok := p.Solve(context.Background()); ok {
			t.Errorf("%v has a solution: %v, %v", p, x, y)
		}
	}
	beale := &Program{C: []number.Number{number.Frac(-3, 4), number.Int(150), number.Frac(-1, 50), number.Int(6)}}
	for i := range 4 {
		r := row(0, false, 0, 0, 0, 0)
		r.A[i] = number.Int(-1)
		beale.Rows = append(beale.Rows, r)
	}
	beale.Rows = append(beale.Rows,
		Row{A: []number.Number{number.Frac(1, 4), number.Int(-60), number.Frac(-1, 25), number.Int(9)}},
		Row{A: []number.Number{number.Frac(1, 2), number.Int(-90), number.Frac(-1, 50), number.Int(3)}},
		row(1, false, 0, 0, 1, 0))
	x, y, ok := beale.Solve(context.Background())
	if v := rational.Dot(beale.C, x); !ok || v != number.Frac(-1, 20) {
		t.Errorf("Beale's example: x = %v, y = %v", x, y)
	}
}

// Both methods find a solution, and the same value, or neither does.
func TestMethodsAgree(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 2))
	solvedOnes := 0
	for range 300 {
		n, m := 1+r.IntN(4), 1+r.IntN(6)
		p := &Program{C: make([]number.Number, n)}
		for i := range n {
			p.C[i] = number.Int(int64(r.IntN(9) - 4))
		}
		if r.IntN(2) == 0 {
			v := make([]number.Number, n) // H = v vᵀ
			for i := range n {
				v[i] = number.Int(int64(r.IntN(5) - 2))
			}
			for i := range n {
				p.H = append(p.H, make([]number.Number, n))
				for j := range n {
					p.H[i][j] = v[i].Mul(v[j])
				}
			}
		}
		for range m {
			a := row(int64(r.IntN(10)-3), r.IntN(6) == 0)
			for range n {
				a.A = append(a.A, number.Int(int64(r.IntN(7)-3)))
			}
			p.Rows = append(p.Rows, a)
		}
		x, _, ok := p.Solve(context.Background())
		s := p.tableau()
		other := s.eliminate(context.Background()) && s.crissCross(context.Background())
		if ok != other {
			t.Fatalf("%+v: %v by Lemke's method, %v by the criss-cross method", p, ok, other)
		}
		if !ok {
			continue
		}
		solvedOnes++
		value := func(x []number.Number) number.Number {
			g := p.Slope(x)
			return rational.Dot(g, x).Add(rational.Dot(p.C, x)) // twice the value
		}
		z := s.values()
		if !p.Optimal(z[:n], z[n:]) || value(x) != value(z[:n]) {
			t.Fatalf("%+v: %v and %v", p, x, z[:n])
		}
	}
	if solvedOnes < 50 {
		t.Errorf("only %d programs have a solution", solvedOnes)
	}
}
