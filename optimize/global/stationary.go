package global

import (
	"context"
	"fmt"
	"math"
	"math/big"
	"slices"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/certificate"
	"nabla/optimize/global/internal/conditions"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/internal/kkt"
	"nabla/optimize/global/internal/model"
	"nabla/optimize/global/internal/sos"
	"nabla/optimize/global/minimum"
)

// This file finds all points at which the gradient of a formula of several variables vanishes,
// where they are the real solutions of polynomial equations of which there are finitely many
// complex ones.

// Limits up to which stationary points are listed.
const (
	maxStationaryVars  = 4
	maxStationarySize  = 400    // nodes of the formula
	maxStationaryWork  = 20_000 // operations with coefficients; with bounds, where the list is never complete, a tenth
	maxStationary      = 24     // complex solutions
	maxStationaryCells = 2000   // that may hold a solution
)

// listStationary adds the stationary points to an answer in several variables without
// conditions, unless all variables have two bounds: those strictly between the bounds where there are some.
func (p *Problem) listStationary(ctx context.Context, a *Answer, o Options) {
	n := len(p.Vars)
	if n < 2 || n > maxStationaryVars || p.F.Size() > maxStationarySize || a.StationaryComplete && a.Certificate == nil || ctx.Err() != nil {
		return
	}
	q, ok := p.normal()                                      // with conditions such as x > 0 as bounds
	if !ok || len(q.SubjectTo) > 0 || q.region().Bounded() { // in a box, edges and corners matter as much, and are not listed
		return
	}
	switch a.Status {
	case Constant, EmptyDomain, Failed:
		return
	}
	gradient := diff.Gradient(p.F, p.Vars)
	system, ok := polynomialSystem(gradient, p.Vars)
	if !ok {
		return
	}
	work := maxStationaryWork
	if len(q.Bounds) > 0 {
		work /= 10
	}
	values, alone, ok := system.values(n, work)
	if !ok {
		return
	}
	if !a.StationaryComplete {
		free, err := newSession(ctx, &Problem{F: p.F, Vars: p.Vars}, o)
		if err != nil {
			return
		}
		list, complete := free.stationaryAmong(values)
		m := q.region()
		list = slices.DeleteFunc(list, func(st located) bool { return !inRegion(m, st.X) })
		for i, st := range list {
			if st.degenerate != nil && !slices.ContainsFunc(a.Minimisers, func(m Point) bool { return isProved(a) && model.Near(m.X, st.X) && !differ(m, st) }) {
				if kind := free.kindByTerms(st.degenerate); kind != "" {
					list[i].Kind, list[i].Proved = kind, true
				}
			}
		}
		p.addStationary(a, list, complete && len(q.Bounds) == 0 && differentiable(p.F, gradient, p.Vars))
	}
	if ctx.Err() == nil && a.StationaryComplete && a.Certificate != nil {
		certifyStationary(a, system, alone, 10*work)
	}
}

// certifyStationary puts into the certificate that the list of stationary points is complete: the eliminants with the coefficients
// alone show it.
func certifyStationary(a *Answer, system *polySystem, alone [][]number.Number, work int) {
	c := a.Certificate
	if len(c.Bounds)+len(c.SubjectTo) > 0 {
		return
	}
	c.Eliminants = system.eliminants(alone, work)
	c.StationaryComplete, c.Proof = c.Eliminants != nil, a.Proof
	for _, st := range a.Stationary {
		c.StationaryPoints = append(c.StationaryPoints, certificate.Point{At: st.X, Exact: plainly(st.Exact)})
	}
}

// plainly writes formulas as certificates have them.
func plainly(list []expr.Expr) (out []string) {
	for _, e := range list {
		text := ""
		if e.Valid() {
			text = format.Plain(e)
		}
		out = append(out, text)
	}
	return out
}

// A located stationary point comes with an enclosure of its value, and with its coordinates where these are rational and the Hessian
// does not tell its kind.
type located struct {
	Stationary
	value      interval.I
	degenerate []*big.Rat
}

// inRegion reports whether x is between the bounds with room to spare.
func inRegion(m *model.Model, x []float64) bool {
	for i, v := range x {
		if d := 1e-9 * math.Max(1, math.Abs(v)); !(m.Inner[i].Lo < v-d && v+d < m.Inner[i].Hi) {
			return false
		}
	}
	return true
}

// differentiable reports whether f has its gradient wherever it has a value, and has values all round each such point: the
// conditions of its domain are strict, and those of the gradient no others.
func differentiable(f expr.Expr, gradient []expr.Expr, vars []string) bool {
	if form.HasKinks(f) {
		return false
	}
	domain := conditions.Open(f, vars, nil)
	for _, c := range domain {
		if !isStrict(c) {
			return false
		}
	}
	pool := expr.NewPool()
	all := pool.Import(f)
	for _, g := range gradient {
		all = pool.Make(expr.Add, all, pool.Import(g))
	}
	return format.All(domain, format.Options{}) == format.All(conditions.Open(all, vars, nil), format.Options{})
}

// isStrict reports whether the condition c holds all round a point at which it holds.
func isStrict(c expr.Expr) bool {
	switch c.Op() {
	case expr.Gt, expr.Lt, expr.Ne:
		return true
	case expr.And, expr.Or:
		return !slices.ContainsFunc(c.AppendArgs(nil), func(d expr.Expr) bool { return !isStrict(d) })
	}
	return false
}

// stationaryAmong returns the stationary points of f of which the coordinates are among values, and whether
// these are all.
func (s *session) stationaryAmong(values [][]exact.Spot) (list []located, complete bool) {
	complete = true
	n := s.m.N
	for _, v := range values {
		if len(v) == 0 {
			return nil, true
		}
	}
	p := s.m.Prober()
	for k := make([]int, n); ; {
		at := make([]exact.Spot, n)
		box := make([]interval.I, n)
		for i, j := range k {
			at[i] = values[i][j]
			box[i] = at[i].Hull
		}
		if s.mayBeStationary(p, box) {
			switch st, is, sure := s.settleStationary(p, at, box, values); {
			case !sure:
				complete = false
			case is:
				list = append(list, st)
			}
		}
		i := n - 1
		for ; i >= 0 && k[i] == len(values[i])-1; i-- {
			k[i] = 0
		}
		if i < 0 {
			return list, complete
		}
		k[i]++
	}
}

// mayBeStationary reports whether the gradient may vanish in the box.
func (s *session) mayBeStationary(p *model.Prober, box []interval.I) bool {
	p.MS.Interval(p.SOut, p.SDec, box)
	for _, v := range p.SOut[1:] {
		if !v.Has(0) {
			return false
		}
	}
	return !p.SOut[0].IsEmpty()
}

// settleStationary says whether the gradient vanishes at the point with the coordinates at, which no other stationary point
// in the box has, and of what kind it is; sure is false where that is not known.
func (s *session) settleStationary(p *model.Prober, at []exact.Spot, box []interval.I, values [][]exact.Spot) (st located, is, sure bool) {
	x := make([]float64, len(at))
	forms := make([]expr.Expr, len(at))
	rational := make([]*big.Rat, len(at))
	closed := true
	for i, v := range at {
		x[i], forms[i] = v.Float(), v.Exact
		if !v.Exact.Valid() {
			closed = false
		} else if v.Exact.Op() == expr.Num {
			rational[i] = v.Exact.Number().Rat()
		}
	}
	nature := kkt.NatureAt(p, nil, x)
	proved := nature.Proved && onlyNear(nature.Box, at, values)
	var e *exactPoint
	if closed {
		if e, sure = s.exactPoint(forms); !sure {
			return st, false, false
		}
		if !proved {
			if !s.definedRound(p, x) {
				return st, false, false
			}
			for i := range s.m.Grad {
				sign, ok := s.signAt(s.m.Grad[i], forms)
				if !ok {
					return st, false, false
				}
				if sign != 0 {
					return st, false, true
				}
			}
		}
	} else if !proved {
		return st, false, false
	}
	p.MV.Interval(p.VOut, p.VDec, box)
	st.value = p.VOut[0]
	st.Stationary = Stationary{X: x, Value: minimum.Shown(st.value), Kind: nature.Kind, Proved: proved}
	if closed {
		a := s.exactAnswer(e, s.valueAt(s.p.F, forms))
		st.Exact, st.Value, st.ExactValue = forms, a.Value, a.ExactValue
		st.value = st.value.Meet(a.Enclosure.Value)
	}
	if !proved && !slices.Contains(rational, nil) {
		st.degenerate = rational
	}
	return st, true, true
}

// definedRound reports whether f is proved to have a gradient all round the point x.
func (s *session) definedRound(p *model.Prober, x []float64) bool {
	box := make([]interval.I, len(x))
	for i, v := range x {
		d := 1e-12 * math.Max(1, math.Abs(v))
		box[i] = interval.New(v-d, v+d)
	}
	p.MS.Interval(p.SOut, p.SDec, box)
	return !slices.ContainsFunc(p.SDec, func(d interval.Dec) bool { return d < interval.Continuous })
}

// onlyNear reports whether the point in the box of which each coordinate is among values has those of at.
func onlyNear(box []interval.I, at []exact.Spot, values [][]exact.Spot) bool {
	for i, list := range values {
		for _, v := range list {
			if meets := v.Hull.Hi >= box[i].Lo && v.Hull.Lo <= box[i].Hi; meets != (v.Hull == at[i].Hull) {
				return false
			}
		}
	}
	return true
}

// signAt is the sign of f at the point x; ok is false where it is not known.
func (s *session) signAt(f expr.Expr, x []expr.Expr) (sign int, ok bool) {
	t := simplify.New()
	c := exact.NewConstants(t)
	v := c.Simplify(t.Tidy(s.valueAt(f, x)))
	return c.Sign(v)
}

// kindByTerms is the kind of the stationary point x of f, a quotient of polynomials, by its values on curves
// h_i = v_i t^k_i through the point, and the terms of f(x + h) - f(x) of the lowest order on them; "" where they do not tell.
// Values of both signs make a saddle, and lowest terms that are positive but at 0 a minimum.
func (s *session) kindByTerms(x []*big.Rat) string {
	num, den, ok := sos.Quotient(s.m.F, s.p.Vars)
	if !ok {
		return ""
	}
	q := den.At(x)
	if q.Sign() == 0 {
		return ""
	}
	value := new(big.Rat).Quo(num.At(x), q)
	g := num.Add(den.Scale(value.Neg(value))).Shifted(x)
	if q.Sign() < 0 {
		g = g.Neg()
	}
	if len(g) == 0 { // constant, or too large
		return ""
	}
	above, below := false, false
	kind := ""
	reach := int64(3) // y = 3/4 x² lies between x² and x²/2
	if len(x) > 2 {
		reach = 1
	}
	eachVector(len(x), 1, 2, func(k []int64) {
		if above && below {
			return
		}
		low, _ := g.Lowest(k)
		if definite(low, s.p.Vars) {
			kind = "local minimum"
		} else if definite(low.Neg(), s.p.Vars) {
			kind = "local maximum"
		}
		eachVector(len(x), -reach, reach, func(v []int64) {
			at := make([]*big.Rat, len(v))
			for i, c := range v {
				at[i] = big.NewRat(c, 1)
			}
			c, order := g.Along(at, k)
			above = above || c.Sign() > 0 || order%2 != 0 // of both signs for t of both signs
			below = below || c.Sign() < 0 || order%2 != 0
		})
	})
	if above && below {
		return "saddle"
	}
	return kind
}

// eachVector calls f with all vectors of n whole numbers from lo to hi.
func eachVector(n int, lo, hi int64, f func(v []int64)) {
	v := slices.Repeat([]int64{lo}, n)
	for {
		f(v)
		i := n - 1
		for ; i >= 0 && v[i] == hi; i-- {
			v[i] = lo
		}
		if i < 0 {
			return
		}
		v[i]++
	}
}

// definite reports whether p, of which all terms are of one order in t where x_i is a multiple of t^k_i, is
// seen to be positive but at 0.
func definite(p sos.Polynomial, vars []string) bool {
	n := len(vars)
	if n == 2 { // p has no zero with x = 1, x = -1 or x = 0
		t := simplify.New()
		e := exact.NewFormulas(t, vars[1])
		for x := int64(-1); x <= 1; x++ {
			for y := int64(-1); y <= 1; y++ {
				if (x != 0 || y != 0) && p.At([]*big.Rat{big.NewRat(x, 1), big.NewRat(y, 1)}).Sign() <= 0 {
					return false
				}
			}
			if x == 0 {
				continue
			}
			pool := expr.NewPool()
			line := pool.Substitute(pool.Import(p.Expr(simplify.New(), vars)), map[string]expr.Expr{vars[0]: pool.Num(number.Int(x))})
			if line = t.Tidy(line); line.IsConstant() {
				continue // the values above say of what sign
			}
			if zeros, ok := e.Solve(line, exact.Start, exact.End); !ok || len(zeros) > 0 {
				return false
			}
		}
		return true
	}
	powers := 0
	for m := range p {
		for i := range len(m) {
			if int(m[i]) == m.Degree() {
				powers++
			}
		}
	}
	return powers == n && p.PositiveTerms()
}

// differ reports whether the closed forms of the minimiser and the stationary point differ.
func differ(m Point, st located) bool {
	return len(m.Exact) > 0 && len(st.Exact) > 0 && !slices.EqualFunc(m.Exact, st.Exact, equalConstants)
}

// isProved reports whether the value of a is proved to be the minimum.
func isProved(a *Answer) bool { return a.Status == Exact || a.Status == Certified }

// addStationary adds the stationary points to an answer and, where they are all, what follows from that.
func (p *Problem) addStationary(a *Answer, list []located, complete bool) {
	near := func(x []float64) (n int) {
		for _, st := range list {
			if model.Near(x, st.X) {
				n++
			}
		}
		return n
	}
	listed := func(x []float64) bool { return near(x) > 0 }
	// is reports whether the stationary point is the minimiser m: another may be near to it.
	is := func(m Point, st located) bool {
		if len(m.Exact) > 0 && len(st.Exact) > 0 {
			return !differ(m, st)
		}
		return complete && near(m.X) == 1
	}
	if !complete {
		list = slices.DeleteFunc(list, func(st located) bool {
			return slices.ContainsFunc(a.Minimisers, func(m Point) bool { return model.Near(m.X, st.X) && !is(m, st) })
		})
	}
	proved := isProved(a)
	for _, m := range a.Minimisers {
		if m.Family != "" || complete && proved && !listed(m.X) {
			return // there are infinitely many, or the two do not agree
		}
	}
	var all []Stationary
	for _, st := range a.Stationary {
		if !listed(st.X) {
			if complete {
				return
			}
			all = append(all, st)
		}
	}
	resolved := complete && proved && a.Attained && a.Enclosure != nil && len(a.Minimisers) > 0
	for _, st := range list {
		i := slices.IndexFunc(a.Minimisers, func(m Point) bool { return model.Near(m.X, st.X) })
		if i >= 0 && !is(a.Minimisers[i], st) {
			i, resolved = -1, false
		}
		if i < 0 && resolved && !st.value.Meet(a.Enclosure.Value).IsEmpty() {
			if st.ExactValue.Valid() && a.ExactValue.Valid() && sameConstant(st.ExactValue, a.ExactValue) {
				i = len(a.Minimisers)
				a.Minimisers = append(a.Minimisers, Point{X: st.X, Exact: st.Exact})
			} else {
				resolved = false
			}
		}
		if i >= 0 { // one point, written alike
			m := a.Minimisers[i]
			st.X = m.X
			if m.Exact != nil {
				st.Exact = m.Exact
			}
			if proved {
				st.Value, st.Kind, st.Proved = a.Value, "local "+p.extremum(), true
			}
		}
		all = append(all, st.Stationary)
	}
	slices.SortStableFunc(all, func(s, t Stationary) int { return slices.Compare(s.X, t.X) })
	a.Stationary, a.StationaryComplete = all, complete
	solved := false
	if resolved {
		a.MinimisersComplete = true
		solved = inClosedForm(a)
	}
	const sentences = 5 // that a proof has at most
	if n := len(all); complete && len(a.Proof) > 0 && (solved || n > len(a.Minimisers) && len(a.Proof) < sentences) {
		text := fmt.Sprintf("the gradient vanishes at exactly %d points: its equations leave a polynomial in each variable alone, whose zeros are isolated", n)
		if n == 1 {
			text = "the gradient vanishes at this point only: its equations leave a polynomial in each variable alone, whose zeros are isolated"
		}
		if solved && n > len(a.Minimisers) {
			text += fmt.Sprintf("; the others are %s", map[bool]string{false: "higher", true: "lower"}[p.Max])
		}
		a.Proof = append(a.Proof, text)
	}
}

// inClosedForm makes a certified answer, all of whose minimisers are among its stationary points, exact where these
// have closed forms, and reports whether it is so.
func inClosedForm(a *Answer) bool {
	if a.Status != Certified {
		return false
	}
	var first *Stationary
	for i, m := range a.Minimisers {
		k := slices.IndexFunc(a.Stationary, func(st Stationary) bool { return model.Near(st.X, m.X) })
		if k < 0 || len(a.Stationary[k].Exact) == 0 || !a.Stationary[k].ExactValue.Valid() {
			return false
		}
		if first == nil {
			first = &a.Stationary[k]
		} else if !sameConstant(first.ExactValue, a.Stationary[k].ExactValue) {
			return false
		}
		a.Minimisers[i].Exact = a.Stationary[k].Exact
	}
	value, ok := tape.EncloseConstant(first.ExactValue)
	if value = value.Meet(a.Enclosure.Value); !ok || value.IsEmpty() {
		return false
	}
	a.Status, a.At, a.ExactAt, a.ExactValue = Exact, first.X, first.Exact, first.ExactValue
	a.Enclosure = &Enclosure{Value: value}
	for _, e := range a.ExactAt {
		v, _ := tape.EncloseConstant(e)
		a.Enclosure.At = append(a.Enclosure.At, v)
	}
	if c := a.Certificate; c != nil {
		c.Status, c.Untaken = a.Status, false
		claimPoints(c, a)
	}
	return true
}
