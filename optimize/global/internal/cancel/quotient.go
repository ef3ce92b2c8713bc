package cancel

import (
	"math"
	"slices"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/tape"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/internal/form"
)

// A ratio is the statement that num/den, formulas of one parameter, is in an interval, where den is
// not 0.
type ratio struct {
	num, den expr.Expr
	in       interval.I

	m        *tape.Machine
	out      []interval.I  // num and den, multiplied with each of several exponentials
	vanish   bool          // both are 0 where the parameter is
	slopes   *tape.Machine // then, num, den and their derivatives
	slopeOut [4]interval.I
}

// pivots is the number of rows that others are divided by.
const pivots = 3

// quotients notes what rows say of the parameter left that alone is in the coefficients of one unknown,
// another having constant ones at most.
func (s *System) quotients(left string, cols []column, rows []row) bool {
	var of [][]quotientRow
	var u expr.Expr
	switch len(cols) {
	case 1:
		u = cols[0].u
		list := make([]quotientRow, len(rows))
		for i, r := range rows {
			list[i] = quotientRow{cols[0].h[i], r.in}
		}
		of = append(of, list)
	case 2:
		k := slices.IndexFunc(cols, func(c column) bool { return len(s.left([]column{c})) == 0 })
		if k < 0 {
			return false
		}
		u = cols[1-k].u
		scaled := s.perUnit(cols[k], cols[1-k], rows)
		for _, base := range []int{0, len(scaled) - 1} {
			if base >= 0 {
				of = append(of, s.less(scaled, base, u))
			}
		}
	default:
		return false
	}
	for _, list := range of {
		if u.Op() != expr.Var {
			for _, r := range list {
				s.note(r, quotientRow{s.x.constant(s.x.t.Int(1)), interval.Point(1)}, left)
			}
			continue
		}
		by := slices.Clone(list)
		sharpness := func(r quotientRow) float64 { return r.in.Mig() / r.in.Width() }
		slices.SortStableFunc(by, func(a, b quotientRow) int {
			switch x, y := sharpness(a), sharpness(b); {
			case x > y:
				return -1
			case x < y:
				return 1
			}
			return 0
		})
		for _, d := range by[:min(pivots, len(by))] {
			if d.in.Has(0) {
				continue
			}
			for _, n := range list {
				if !slices.EqualFunc(n.h, d.h, func(a, b term) bool { return alike(a, b) && a.c == b.c }) {
					s.note(n, d, left)
				}
			}
		}
	}
	if len(s.ratios) == 0 {
		return false
	}
	s.Alone = slices.Index(s.Vars, left)
	return true
}

// A quotientRow says that h times an unknown is in the interval.
type quotientRow struct {
	h  []term
	in interval.I
}

// perUnit divides the rows by the constant coefficients in the column flat.
func (s *System) perUnit(flat, c column, rows []row) []quotientRow {
	var out []quotientRow
	t := s.x.t
	for i, r := range rows {
		k := s.x.sum(flat.h[i])
		v, ok := tape.EncloseConstant(k)
		if !ok || v.Has(0) {
			continue
		}
		if h := s.x.times(s.x.constant(t.Pow(k, t.Int(-1))), c.h[i]); h != nil || len(c.h[i]) == 0 {
			out = append(out, quotientRow{h, r.in.Div(v)})
		}
	}
	return out
}

// less subtracts row number base from the others, and notes what that says of the unknown u.
func (s *System) less(rows []quotientRow, base int, u expr.Expr) []quotientRow {
	var out []quotientRow
	t := s.x.t
	minus := s.x.times(s.x.constant(t.Int(-1)), rows[base].h)
	for i, r := range rows {
		h := s.x.collect(slices.Concat(r.h, minus))
		if i == base || h == nil || len(h) == 1 && h[0].c.IsNum(0) {
			continue
		}
		r = quotientRow{h, r.in.Sub(rows[base].in)}
		s.Members = append(s.Members, Member{t.Mul(s.x.sum(h), u), r.in})
		out = append(out, r)
	}
	return out
}

// note adds that n over d is in the quotient of their intervals.
func (s *System) note(n, d quotientRow, left string) {
	t := s.x.t
	r := &ratio{num: s.x.sum(n.h), den: s.x.sum(d.h), in: n.in.Div(d.in)}
	if r.in == interval.Whole {
		return
	}
	outs := []expr.Expr{r.num, r.den}
	for _, k := range s.speeds(slices.Concat(n.h, d.h), left) {
		scale := s.x.exponential(t.Neg(k), s.x.terms(t.Var(left)))
		a, b := s.x.times(n.h, scale), s.x.times(d.h, scale)
		if a != nil && b != nil {
			outs = append(outs, s.x.sum(a), s.x.sum(b))
		}
	}
	prog, err := tape.Compile([]string{left}, outs...)
	if err != nil {
		return
	}
	r.m, r.out = prog.NewMachine(), make([]interval.I, len(outs))
	if s.isZeroAt0(r.num, left) && s.isZeroAt0(r.den, left) && !form.HasKinks(r.num) && !form.HasKinks(r.den) {
		if prog, err := tape.Compile([]string{left}, r.num, r.den, diff.D(r.num, left), diff.D(r.den, left)); err == nil {
			r.vanish, r.slopes = true, prog.NewMachine()
		}
	}
	s.ratios = append(s.ratios, r)
}

// isZeroAt0 reports whether e is 0 where the variable is.
func (s *System) isZeroAt0(e expr.Expr, name string) bool {
	pool := expr.NewPool()
	v := s.x.t.Tidy(pool.Substitute(pool.Import(e), map[string]expr.Expr{name: pool.Int(0)}))
	return v.IsConstant() && exact.IsZero(s.x.constants, v)
}

// speeds lists the k of the factors exp(k x) in the terms, x being the variable.
func (s *System) speeds(list []term, x string) []expr.Expr {
	var out []expr.Expr
	for _, u := range list {
		for _, r := range u.rates {
			if r.m.Op() == expr.Var && r.m.Name() == x && !slices.Contains(out, r.r) {
				out = append(out, r.r)
			}
		}
	}
	return out
}

// Excludes reports whether no value of the parameter that is left alone in c agrees with the quotients.
func (s *System) Excludes(c interval.I) bool {
	return slices.ContainsFunc(s.ratios, func(r *ratio) bool { return r.excludes(c) })
}

func (r *ratio) excludes(c interval.I) bool {
	r.m.Interval(r.out, nil, []interval.I{c})
	in := r.in
	for k := 0; k < len(r.out); k += 2 {
		n, d := r.out[k], r.out[k+1]
		if n.IsEmpty() || d.IsEmpty() || d == interval.Point(0) {
			return true // nowhere defined
		}
		if in = in.Meet(n.Div(d)); in.IsEmpty() {
			return true
		}
	}
	if !r.vanish {
		return false
	}
	// Cauchy's mean value theorem: num(c)/den(c) = num'(ξ)/den'(ξ) for a ξ between 0 and c.
	hull := interval.New(math.Min(c.Lo, 0), math.Max(c.Hi, 0))
	var dec [4]interval.Dec
	r.slopes.Interval(r.slopeOut[:], dec[:], []interval.I{hull})
	n, d := r.slopeOut[2], r.slopeOut[3]
	if slices.Min(dec[:]) < interval.Continuous || d.Has(0) {
		return false
	}
	return in.Meet(n.Div(d)).IsEmpty()
}

// Simple are the first few quotients as formulas, with what they are in, where they are no
// exponentials: enclosures of these say nothing far out.
func (s *System) Simple() []Member {
	const most = 2
	var out []Member
	for _, r := range s.ratios {
		if len(r.out) > 2 || len(out) == most {
			break
		}
		t := s.x.t
		out = append(out, Member{t.Mul(r.num, t.Pow(r.den, t.Int(-1))), r.in})
	}
	return out
}
