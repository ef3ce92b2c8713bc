package global

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/gonum/mat"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/prove"
	"nabla/expr/simplify"
	"nabla/optimize/global/certificate"
	"nabla/optimize/global/internal/branch"
	"nabla/optimize/global/internal/conditions"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/internal/model"
)

// maxDirection is the number of variables up to which directions are looked for.
const maxDirection = 20

// byDirection answers for a formula whose derivative in some direction v, which changes no variable
// that has bounds, is a constant c,
//
//	Σ v_i ∂f/∂x_i = c,  hence  f(x + t v) = f(x) + c t.
//
// Where c is not 0, f falls without end; where it is, a variable with v_i ≠ 0 may be 0. It
// returns nil where no direction is found, or what is left is not settled.
func (s *session) byDirection() *Answer {
	f := s.m.F
	if s.m.Bounded() || s.m.N < 2 || s.m.N > maxDirection || f.Size() > maxEliminated || form.HasKinks(f) ||
		len(conditions.Open(f, s.p.Vars, nil)) > 0 {
		return nil
	}
	s.b = branch.New(s.m, s.o.boxes())
	for _, v := range s.flatDirections() {
		if s.changesBounded(v) {
			continue
		}
		c, ok := s.constantAlong(v)
		if !ok || c.Sign() != 0 && s.p.Bounds != nil {
			continue
		}
		if c.Sign() != 0 {
			p := &path{c: make([]number.Number, s.m.N), s: make([]number.Number, s.m.N), k: make([]number.Number, s.m.N)}
			for i := range v {
				p.k[i], p.s[i] = number.Int(1), v[i]
				if c.Sign() > 0 {
					p.s[i] = v[i].Neg()
				}
			}
			if one := s.provePath(s.ctx, p); one != nil && one.Status == Unbounded {
				if a := s.unboundedAlong(p, one); a != nil {
					return a
				}
			}
			continue
		}
		k := s.m.N - 1
		for v[k].Sign() == 0 {
			k--
		}
		for i := range v { // a unit of t moves x_k by 1
			if i != k {
				v[i], _ = v[i].Quo(v[k])
			}
		}
		v[k] = number.Int(1)
		pool := expr.NewPool()
		zero := pool.Int(0)
		q := s.p.without(k)
		q.F = simplify.Tidy(pool.Substitute(pool.Import(s.p.F), map[string]expr.Expr{s.p.Vars[k]: zero}))
		e := &elimination{at: k, v: zero, rest: q, kind: certificate.Sum, along: v}
		e.proof = fmt.Sprintf("f does not change along %s, so that it is enough to take %s = 0, where it is",
			e.line(s.p.Vars, "t", func(int) string { return "0" }), s.p.Vars[k])
		e.left = format.Text(q.F)
		if a := s.answerRest(e); a != nil {
			return a
		}
	}
	return nil
}

// changesBounded reports whether a variable that has a bound changes in the direction v.
func (s *session) changesBounded(v []number.Number) bool {
	for i := range s.p.Bounds {
		if v[i].Sign() != 0 && (s.p.Bounds[i].Lo.Valid() || s.p.Bounds[i].Hi.Valid()) {
			return true
		}
	}
	return false
}

// family describes the minimisers that follow from the point p, or from the family of
// minimisers of the rest that it belongs to.
func (e *elimination) family(vars []string, rest string, p Point) string {
	switch rest {
	case "":
	case everyPoint:
		return rest
	default:
		letter := [...]string{"t", "s", "r", "q"}[min(strings.Count(rest, " for real "), 3)]
		return fmt.Sprintf("%s, %s = 0, all moved along %s for real %s", rest, vars[e.at], e.line(vars, letter, func(int) string { return "0" }), letter)
	}
	return e.line(vars, "t", func(i int) string {
		if i < len(p.Exact) && p.Exact[i].Valid() {
			return format.Text(p.Exact[i])
		}
		return format.Number(p.X[i], 6)
	}) + " for real t"
}

// line describes the points that differ from x by a multiple of the direction: "x = 1 + t,
// y = t", with that letter.
func (e *elimination) line(vars []string, letter string, x func(i int) string) string {
	t := simplify.New()
	parts := make([]string, len(vars))
	for i, name := range vars {
		term := format.Text(t.Mul(t.Num(e.along[i]), t.Var(letter)))
		switch at := x(i); {
		case e.along[i].Sign() == 0:
			term = at
		case at == "0":
		case strings.HasPrefix(term, "-"):
			term = at + " - " + term[1:]
		default:
			term = at + " + " + term
		}
		parts[i] = name + " = " + term
	}
	return strings.Join(parts, ", ")
}

// flatDirections returns directions with rational entries in which the derivative of f seems
// to be the same everywhere: a basis of the vectors that all differences of its gradients
// are perpendicular to.
func (s *session) flatDirections() [][]number.Number {
	n := s.m.N
	box := make([]interval.I, n)
	for i := range box {
		box[i] = interval.New(-2, 2)
	}
	var rows []float64
	var first []float64
	scale := 0.0
	for _, x := range model.Starts(box, 2*n+4, s.o.Seed) {
		g := make([]float64, n)
		s.b.Gradient(g, x)
		switch {
		case !model.AllFinite(g):
			continue
		case first == nil:
			first = g
			continue
		}
		for i := range g {
			g[i] -= first[i]
			scale = math.Max(scale, math.Abs(g[i]))
		}
		rows = append(rows, g...)
	}
	if len(rows) < (n+1)*n || scale == 0 {
		return nil
	}
	var svd mat.SVD
	if !svd.Factorize(mat.NewDense(len(rows)/n, n, rows), mat.SVDFullV) {
		return nil
	}
	const rounding = 1e-10
	values := svd.Values(nil)
	rank := n
	for rank > 0 && values[rank-1] <= rounding*values[0] {
		rank--
	}
	if rank == n {
		return nil
	}
	var basis mat.Dense
	svd.VTo(&basis)
	return rationalBasis(mat.DenseCopyOf(basis.Slice(0, n, rank, n).T()))
}

// rationalBasis returns the rows of a in reduced echelon form where all their entries are
// simple fractions.
func rationalBasis(a *mat.Dense) [][]number.Number {
	const tol, most = 1e-7, 100
	m, n := a.Dims()
	row := 0
	for col := n - 1; col >= 0 && row < m; col-- {
		p := row
		for i := row; i < m; i++ {
			if math.Abs(a.At(i, col)) > math.Abs(a.At(p, col)) {
				p = i
			}
		}
		if math.Abs(a.At(p, col)) < tol {
			continue
		}
		for j := range n {
			u, v := a.At(p, j), a.At(row, j)
			a.Set(p, j, v)
			a.Set(row, j, u)
		}
		lead := a.At(row, col)
		for j := range n {
			a.Set(row, j, a.At(row, j)/lead)
		}
		for i := range m {
			if k := a.At(i, col); i != row && k != 0 {
				for j := range n {
					a.Set(i, j, a.At(i, j)-k*a.At(row, j))
				}
			}
		}
		row++
	}
	var list [][]number.Number
	for i := range row {
		v := make([]number.Number, n)
		for j := range v {
			p, q, ok := exact.Convergent(a.At(i, j), tol, most)
			if !ok {
				return list
			}
			v[j] = number.Frac(p, q)
		}
		list = append(list, v)
	}
	return list
}

// constantAlong returns the derivative of f in the direction v where it is proved to be a
// rational constant.
func (s *session) constantAlong(v []number.Number) (number.Number, bool) {
	t := simplify.New()
	terms := []expr.Expr{t.Int(0)}
	for i, g := range s.m.Grad {
		terms = append(terms, t.Mul(t.Num(v[i]), t.Pool().Import(g)))
	}
	slope := t.Add(terms...)
	g := make([]float64, s.m.N)
	x := make([]float64, s.m.N)
	for i := range x {
		x[i] = 0.5
	}
	s.b.Gradient(g, x)
	c := 0.0
	for i := range g {
		c += v[i].Float64() * g[i]
	}
	p, q, ok := exact.Convergent(c, 1e-9*math.Max(1, math.Abs(c)), 1000)
	if !ok {
		return number.Number{}, false
	}
	n := number.Frac(p, q)
	return n, prove.Zero(t.Add(slope, t.Num(n.Neg())), prove.Budget{}).Equal
}
