package global

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize"
	"nabla/optimize/global/certificate"
	"nabla/optimize/global/internal/effort"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/internal/model"
	"nabla/optimize/global/internal/quadprog"
	"nabla/optimize/global/internal/quadratic"
	"nabla/optimize/global/minimum"
)

// This file proves minima by a simpler formula that is nowhere above f and has its minimum at the
// same point. A term of a sum that is nowhere lower than at the point may be left out. A kink that f adds, such as |u| = max(u, -u), is not
// lower than the weighted means of its pieces, and the length of a vector not lower than the
// part of it in one direction; with the weights of a subgradient that is zero, the formula
// without kinks has its minimum there too (Rockafellar, Convex Analysis, 1970,
// section 27).

// A kink is a term times·max(pieces) of f, or times·√q for a quadratic q, times > 0; or any term,
// if least says that it has its least value at the point.
type kink struct {
	least  bool
	times  number.Number
	term   expr.Expr // as it is written, a maximum being that of the negatives for a minimum
	pieces []expr.Expr
	square expr.Expr // q, not Valid for a maximum

	active  []expr.Expr // the pieces that are the greatest at the point
	weights []number.Number
	below   expr.Expr // what takes its place
}

// kinks divides f, which is tidy, into terms with kinks and the sum of the others.
func kinks(t *simplify.Tidier, f expr.Expr) (list []*kink, rest []expr.Expr) {
	for _, e := range form.TermsOf(t, f) {
		times, term := number.Int(1), e
		if e.Op() == expr.Mul && e.Len() == 2 && e.Arg(0).Op() == expr.Num {
			times, term = e.Arg(0).Number(), e.Arg(1)
		}
		if k := kinkOf(t, term, times); k != nil {
			list = append(list, k)
		} else {
			rest = append(rest, e)
		}
	}
	return list, rest
}

// kinkOf reads times·term as a kink, nil where it is none.
func kinkOf(t *simplify.Tidier, term expr.Expr, times number.Number) *kink {
	k := &kink{times: times, term: term}
	switch {
	case times.Sign() < 0 && term.IsCall("min"):
		k.times, k.term = times.Neg(), t.Neg(term)
		for _, a := range term.AppendArgs(nil) {
			k.pieces = appendPieces(t, k.pieces, t.Neg(a))
		}
	case times.Sign() > 0 && (term.IsCall("max") || term.IsCall("abs") || term.IsCall("relu")):
		k.pieces = appendPieces(t, nil, term)
	case times.Sign() > 0 && term.IsCall("sqrt"):
		k.square = term.Arg(0)
	case times.Sign() > 0 && term.IsCall("hypot"):
		k.square = t.Add(t.Pow(term.Arg(0), t.Int(2)), t.Pow(term.Arg(1), t.Int(2)))
	default:
		return nil
	}
	return k
}

// appendPieces appends formulas of which e is the greatest.
func appendPieces(t *simplify.Tidier, list []expr.Expr, e expr.Expr) []expr.Expr {
	switch {
	case e.IsCall("abs"):
		return append(list, e.Arg(0), t.Neg(e.Arg(0)))
	case e.IsCall("relu"):
		return appendPieces(t, append(list, t.Int(0)), e.Arg(0))
	case e.IsCall("max"):
		for _, a := range e.AppendArgs(nil) {
			list = appendPieces(t, list, a)
		}
		return list
	}
	return append(list, e)
}

// byMinorant answers for sums with kinks, nil where no formula without kinks is found that is
// nowhere above f and has its minimum at a simple point at which it is equal to f.
func (s *session) byMinorant() *Answer {
	if s.b.BestX == nil || s.m.F.Size() > form.MaxSize || len(s.m.Cons) > 0 {
		return nil
	}
	t := simplify.New()
	list, rest := kinks(t, t.Tidy(s.m.F))
	if len(list) == 0 {
		if len(rest) < 2 {
			return nil
		}
		// One point is enough: what is left is simple, and has its minimum there or not.
		points := s.p.snaps(s.b.BestX)
		if len(points) == 0 {
			return nil
		}
		if e, ok := s.exactPoint(points[0]); ok && s.asGood(e) {
			if a := s.minorantAt(e, true); a != nil {
				return s.flip(a)
			}
		}
		return nil
	}
	if a, ok := s.p.solveAsProgram(s.ctx, s.o); ok {
		return a
	}
	points := slices.Concat(s.candidates(s.simplest(s.b.BestX, 1)), s.candidates(s.simplest(s.b.BestX, 2)), s.candidates(s.b.BestX))
	for _, x := range points {
		e, ok := s.exactPoint(x)
		if !ok || !s.asGood(e) {
			continue
		}
		for _, leave := range [...]bool{false, true} {
			if a := s.minorantAt(e, leave); a != nil {
				return s.flip(a)
			}
		}
	}
	return nil
}

// trySmoothPart looks at the minimum of the terms of f that have no kinks, which may be the least of the others too: descents on f
// itself end at kinks short of it. It answers nothing.
func (s *session) trySmoothPart() *Answer {
	t := simplify.New()
	terms := form.TermsOf(t, t.Tidy(s.m.F))
	smooth := slices.DeleteFunc(slices.Clone(terms), form.HasKinks)
	if len(smooth) == len(terms) || len(smooth) == 0 {
		return nil
	}
	opt := optimize.AutoOptions{Starts: 2}
	if s.b.BestX != nil {
		opt.Start = slices.Clone(s.b.BestX)
	}
	if res, err := s.auto(s.ctx, t.Add(smooth...), opt, 20*time.Millisecond); err == nil && len(res.X) == s.m.N {
		s.b.Try(res.X)
	}
	return nil
}

// simplest returns a point as good as x, as far as is seen, with multiples of 1/unit for as many of
// its coordinates as can be, at last with the others walking downhill after each: where there is a
// continuum of minimisers, x is any of them.
func (s *session) simplest(x []float64, unit float64) []float64 {
	x = slices.Clone(x)
	best := s.b.At(x)
	box := slices.Clone(s.m.Inner)
	const rounds, steps = 3, 20
	for round := range rounds {
		for i, free := range s.m.Inner {
			if box[i] != free {
				continue // is settled
			}
			y := slices.Clone(x)
			y[i] = model.ClipTo(math.Round(x[i]*unit)/unit+0, free) // no -0
			f := s.b.At(y)
			box[i] = interval.Point(y[i])
			if round == rounds-1 {
				f = s.b.Polish(y, box, steps)
			}
			if f <= best+1e-12*math.Max(1, math.Abs(best)) {
				x = y
			} else {
				box[i] = free
			}
		}
	}
	return x
}

// value encloses f at the point.
func (e *exactPoint) value(s *session) interval.I {
	out := make([]interval.I, s.m.Value.NumOut())
	s.m.Value.NewMachine().Interval(out, nil, e.box)
	return out[0]
}

// asGood reports whether the value at the point e may be that at the best one.
func (s *session) asGood(e *exactPoint) bool { return !(e.value(s).Lo > s.b.Best.Hi+s.b.Gap()) }

// minorantAt is byMinorant for the point e; leave says that terms that have their least values
// there are left out.
func (s *session) minorantAt(e *exactPoint, leave bool) *Answer {
	t := simplify.New()
	list, rest := kinks(t, t.Tidy(s.m.F))
	c := exact.NewConstants(t)
	at := func(f expr.Expr) expr.Expr { return t.Tidy(s.valueAt(f, e.x)) }
	var left []*kink
	if leave {
		if left = s.leastTerms(t, rest, e); len(left) == 0 || len(left) == len(rest) {
			return nil
		}
	}
	for _, k := range left {
		rest = slices.DeleteFunc(rest, func(u expr.Expr) bool { return u == k.term })
		rest = append(rest, k.below)
	}
	var several []*kink // with more than one piece that is the greatest
	var norm *kink      // a length that is 0
	for _, k := range list {
		if k.square.Valid() {
			k.below = k.term
			if exact.IsZero(c, at(k.square)) {
				if norm != nil {
					return nil
				}
				norm = k
				continue
			}
		} else if !k.greatest(c, at) {
			return nil
		} else if len(k.active) > 1 {
			several = append(several, k)
			continue
		} else {
			k.below, k.weights = k.active[0], []number.Number{number.Int(1)}
		}
		rest = append(rest, t.Mul(t.Num(k.times), k.below))
	}
	slope := diff.Gradient(t.Sum(rest...), s.p.Vars)
	for i, g := range slope {
		slope[i] = at(g)
	}
	switch {
	case norm != nil && (len(several) > 0 || !norm.along(c, s.p.Vars, e.x, slope)):
		return nil
	case norm != nil:
		several = []*kink{norm}
	case len(several) > 0 && !s.weigh(t, several, slope, e, at):
		return nil
	}
	for _, k := range several {
		rest = append(rest, t.Mul(t.Num(k.times), k.below))
	}
	list = append(list, left...)
	if !slices.ContainsFunc(list, func(k *kink) bool { return k.below != k.term }) {
		return nil // nothing takes the place of anything
	}
	q := &Problem{F: t.Sum(rest...), Vars: s.p.Vars, Bounds: s.p.Bounds}
	// It is defined wherever f is.
	ctx, cancel := effort.Within(s.ctx, 100*time.Millisecond)
	defer cancel()
	o := s.o
	o.Start, o.Progress = e.at, nil
	sub, steps, err := solveNormal(ctx, q, o)
	if err != nil || sub == nil || sub.Status != Exact && sub.Status != Constant {
		return nil
	}
	v := s.valueAt(s.m.F, e.x)
	if !exact.IsZero(c, t.Sub(t.Tidy(v), t.Tidy(sub.ExactValue))) {
		return nil
	}
	a := s.exactAnswer(e, v)
	a.Method = "minorant"
	a.MinimisersComplete = sub.MinimisersComplete && len(sub.Minimisers) == 1 && sub.Minimisers[0].Family == ""
	var reasons []string
	if len(list) > len(left) && norm == nil {
		reasons = append(reasons, "the greatest of several is not lower than their weighted mean")
	}
	if norm != nil {
		reasons = append(reasons, "the length of a vector is not lower than its part in a direction")
	}
	if len(left) > 0 {
		reasons = append(reasons, fmt.Sprintf("the terms left out, such as %s, are nowhere %s than here", format.Text(s.signed(left[0].term)), s.p.lower()))
	}
	why := strings.Join(reasons, ", and ")
	if sub.Status == Constant {
		a.Proof = []string{fmt.Sprintf("f is nowhere %s than %s, which it is at this point: %s", s.p.lower(), format.Text(s.signed(v)), why)}
	} else {
		g := minimum.NameFor(sub.Proof, s.p.Vars)
		a.Proof = calledAs(g, fmt.Sprintf("f is nowhere %s than %s = %s, with which it agrees at this point: %s", s.p.lower(), g, format.Text(s.signed(q.F)), why), sub.Proof)
	}
	if s.o.Certificate {
		q.F = cancelled(q.F)
		a.Argument.Reduction = minorantReduction(t, certify(q, sub, steps), list)
	}
	return a
}

// leastTerms returns those of the terms, quadratic ones excepted, that enclosures show to be nowhere
// lower than at the point e.
func (s *session) leastTerms(t *simplify.Tidier, terms []expr.Expr, e *exactPoint) (list []*kink) {
	for _, u := range terms {
		if _, ok := quadratic.Of(u, s.p.Vars); ok || u.Op() == expr.Num {
			continue
		}
		v := t.Tidy(s.valueAt(u, e.x))
		if v.Op() != expr.Num {
			continue
		}
		out, _, ok := tape.EncloseOn(s.p.Vars, s.m.Outer, u)
		if !ok {
			return nil
		}
		if exact.HullOf(v.Number()).Hi <= out[0].Lo {
			list = append(list, &kink{least: true, times: number.Int(1), term: u, below: v})
		}
	}
	return list
}

// signed is f as the question has it: the negative where that asks for a maximum.
func (s *session) signed(f expr.Expr) expr.Expr {
	if s.p.Max {
		t := simplify.New()
		return t.Neg(t.Tidy(f))
	}
	return f
}

// greatest finds the pieces that are the greatest at the point; false where it is not known.
func (k *kink) greatest(c *exact.Constants, at func(expr.Expr) expr.Expr) bool {
	var most expr.Expr
	k.active = nil
	for _, p := range k.pieces {
		v := at(p)
		order := 1
		if most.Valid() {
			var ok bool
			if order, ok = c.Compare(v, most); !ok {
				return false
			}
		}
		switch {
		case order > 0:
			most, k.active = v, []expr.Expr{p}
		case order == 0:
			k.active = append(k.active, p)
		}
	}
	return true
}

// along sets below to the part of the length √q in the direction that makes the slope zero:
// times·below has the gradient -slope, and q - below² is nowhere negative. Where the slope has
// numbers that are not rational, q is the square of the distance from x, so that below, by Cauchy
// and Schwarz, may have a slope of length one.
func (k *kink) along(c *exact.Constants, vars []string, x, slope []expr.Expr) bool {
	t := c.T
	scale, _ := number.Int(-1).Quo(k.times)
	rational := true
	var sum, norm, distance []expr.Expr
	for i, g := range slope {
		d, moved := t.Mul(t.Num(scale), g), t.Sub(t.Var(vars[i]), t.Tidy(x[i]))
		sum = append(sum, t.Mul(d, moved))
		norm = append(norm, t.Pow(d, t.Int(2)))
		if rational = rational && d.Op() == expr.Num; k.square.Has(vars[i]) {
			distance = append(distance, t.Pow(moved, t.Int(2)))
		} else if !exact.IsZero(c, d) {
			return false
		}
	}
	k.below = t.Sum(sum...)
	if !rational {
		apart, ok := quadratic.Of(t.Sub(k.square, t.Sum(distance...)), vars)
		if !ok || apart.Curved() || slices.ContainsFunc(append(apart.B, apart.C), func(v number.Number) bool { return v.Sign() != 0 }) {
			return false
		}
		sign, ok := c.Compare(t.Sum(norm...), t.Int(1))
		return ok && sign <= 0
	}
	left, ok := quadratic.Of(t.Sub(k.square, t.Pow(k.below, t.Int(2))), vars)
	if !ok {
		return false
	}
	least, ok := left.Least()
	return ok && least.Sign() >= 0
}

// weigh finds weights of the greatest pieces, not negative and 1 together, with which the
// gradient is zero in the variables that no bound holds: a linear program without an aim.
func (s *session) weigh(t *simplify.Tidier, list []*kink, slope []expr.Expr, e *exactPoint, at func(expr.Expr) expr.Expr) bool {
	total := 0
	for _, k := range list {
		total += len(k.active)
	}
	rows := make([]quadprog.Row, s.m.N)
	for i := range rows {
		if slope[i].Op() != expr.Num {
			return false
		}
		rows[i] = quadprog.Row{A: make([]number.Number, total), B: slope[i].Number().Neg(), Equal: true}
	}
	program := &quadprog.Program{C: make([]number.Number, total)}
	place := 0
	for _, k := range list {
		one := quadprog.Row{A: make([]number.Number, total), B: number.Int(1), Equal: true}
		for _, p := range k.active {
			one.A[place] = number.Int(1)
			sign := quadprog.Row{A: make([]number.Number, total)}
			sign.A[place] = number.Int(-1)
			program.Rows = append(program.Rows, sign)
			for i, g := range diff.Gradient(p, s.p.Vars) {
				v := at(g)
				if v.Op() != expr.Num {
					return false
				}
				rows[i].A[place] = k.times.Mul(v.Number())
			}
			place++
		}
		program.Rows = append(program.Rows, one)
	}
	for i, r := range rows {
		if i < len(s.p.Bounds) {
			lo, hi := s.p.Bounds[i].Lo, s.p.Bounds[i].Hi
			atLo, atHi := lo.Valid() && sameConstant(lo, e.x[i]), hi.Valid() && sameConstant(hi, e.x[i])
			if atLo && atHi {
				continue
			}
			if r.Equal = !atLo && !atHi; atLo { // the slope is not negative
				for j := range r.A {
					r.A[j] = r.A[j].Neg()
				}
				r.B = r.B.Neg()
			}
		}
		program.Rows = append(program.Rows, r)
	}
	w, _, ok := program.Solve(context.WithoutCancel(s.ctx))
	if !ok {
		return false
	}
	for _, k := range list {
		k.weights, w = w[:len(k.active)], w[len(k.active):]
		var sum []expr.Expr
		for j, p := range k.active {
			sum = append(sum, t.Mul(t.Num(k.weights[j]), p))
		}
		k.below = t.Sum(sum...)
	}
	return true
}

// minorantReduction writes down what takes the place of the kinks.
func minorantReduction(t *simplify.Tidier, part *certificate.Certificate, list []*kink) *certificate.Reduction {
	r := &certificate.Reduction{Kind: certificate.Sum, Parts: []*certificate.Certificate{part}}
	for _, k := range list {
		if k.below == k.term {
			continue // a length that stays
		}
		m := certificate.Below{Term: format.Plain(k.term), Times: format.Plain(t.Num(k.times))}
		if k.square.Valid() || k.least {
			m.Pieces = []string{format.Plain(k.below)}
		}
		for j, p := range k.active {
			m.Pieces = append(m.Pieces, format.Plain(p))
			m.Weights = append(m.Weights, format.Plain(t.Num(k.weights[j])))
		}
		r.Minorants = append(r.Minorants, m)
	}
	return r
}
