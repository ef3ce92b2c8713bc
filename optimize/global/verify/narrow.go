package verify

import (
	"math"
	"slices"
	"strconv"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/tape"
)

// This file narrows boxes to what may hold points of interest: those at which the conditions hold, f is defined and its value is below
// the claim. What is asked of a part of the formula or of a condition is asked of its operands (hull consistency: Benhamou,
// Goualard, Granvilliers and Puget, Revising hull and box consistency, 1999): an end of the range of an operand goes where an
// enclosure shows that the part has none of its values there.

// A web is f and the conditions with all their parts, which are known by their places, operands first.
type web struct {
	walk  *expr.Walk
	m     *tape.Machine // of all parts
	parts []node
	f     int
	cons  []int
	r     []interval.I // ranges of the parts on the box at hand
	dec   []interval.Dec
	asked []bool // parts that have values at all points of interest

	narrowed, programs trial   // of boxes: narrowed, those that became smaller; linear programs, those that left nothing
	begun, solving     int     // the work that was left at first, and what linear programs did
	under              [][]int // by part: the places of the variables in it
	loosest            int     // the place of the variable with which a linear program is loosest, -1 for none that is known
	turn               bool    // it was that which was halved
}

// A trial counts attempts and those that were of use.
type trial struct{ tries, gains int }

// pays reports whether more attempts are worth their while: there were few, or more than one in so many was of use.
func (t *trial) pays() bool {
	const few, share = 100, 8
	return t.tries < few || t.gains*share >= t.tries
}

// made counts an attempt.
func (t *trial) made(gain bool) bool {
	if t.tries++; gain {
		t.gains++
	}
	return gain
}

// A node is a part as a function of its operands.
type node struct {
	e        expr.Expr
	operands []int         // distinct places
	m        *tape.Machine // the node as a function of those; nil for one without any, or with such as need no value
	in       []interval.I
	bends    *tape.Machine // of one operand: the function and its first two derivatives
}

// maxWeb is the number of parts up to which there is a web.
const maxWeb = 3000

// newWeb returns the web of the formula and the conditions, nil for none.
func (v *verifier) newWeb() *web {
	pool := expr.NewPool()
	roots := []expr.Expr{pool.Import(v.f)}
	for _, c := range v.cons {
		roots = append(roots, pool.Import(c.g))
	}
	w := &web{walk: expr.Order(roots...), loosest: -1}
	if w.walk.Len() > maxWeb {
		return nil
	}
	var nodes []expr.Expr
	for _, e := range w.walk.Each() {
		nodes = append(nodes, e)
	}
	p, err := tape.Compile(v.c.Variables, nodes...)
	if err != nil {
		return nil
	}
	w.m = p.NewMachine()
	w.f = w.walk.Place(roots[0])
	for _, g := range roots[1:] {
		w.cons = append(w.cons, w.walk.Place(g))
	}
	w.r, w.dec, w.asked = make([]interval.I, len(nodes)), make([]interval.Dec, len(nodes)), make([]bool, len(nodes))
	for i, e := range nodes {
		w.parts = append(w.parts, w.newNode(e, i))
		var vars []int
		if e.Op() == expr.Var {
			vars = []int{i}
		}
		for _, a := range w.walk.AppendPlaces(nil, i) {
			vars = append(vars, w.under[a]...)
		}
		slices.Sort(vars)
		w.under = append(w.under, slices.Compact(vars))
	}
	return w
}

// hasWeb makes the web where there is none yet, and reports whether there is one.
func (v *verifier) hasWeb() bool {
	if v.web == nil && !v.unwebbed {
		if v.web = v.newWeb(); v.web != nil {
			v.web.begun = v.left.work
		}
		v.unwebbed = v.web == nil
	}
	return v.web != nil
}

// newNode makes the function of the node at place i. A case distinction and conditions ask nothing of their operands.
func (w *web) newNode(e expr.Expr, i int) node {
	out := node{e: e}
	if e.IsConstant() || e.Op() == expr.Var || e.Op() == expr.If || e.Op().IsCondition() {
		return out
	}
	pool := expr.NewPool()
	var args []expr.Expr
	var names []string
	for _, a := range w.walk.AppendPlaces(nil, i) {
		u := w.walk.At(int(a))
		if !u.IsConstant() {
			k := slices.Index(out.operands, int(a))
			if k < 0 {
				k = len(out.operands)
				out.operands, names = append(out.operands, int(a)), append(names, "u"+strconv.Itoa(k))
			}
			u = pool.Var(names[k])
		}
		args = append(args, pool.Import(u))
	}
	alone := expr.Remake(e, pool, args, nil)
	if p, err := tape.Compile(names, alone); err == nil {
		out.m, out.in = p.NewMachine(), make([]interval.I, len(names))
	}
	if len(names) == 1 {
		out.bends = bending(alone, names[0])
	}
	return out
}

// narrow narrows the box x in place to what may hold points of interest; false where that is nothing.
func (v *verifier) narrow(x []interval.I) bool {
	const rounds, cutting = 3, 10 // and what the second half of a round costs for a part, about
	w := v.web
	for range rounds {
		v.left.work -= cutting * len(w.parts)
		if !v.encloseParts(x) || !w.narrowParts() {
			return false
		}
		gain := false
		for i, e := range w.parts {
			if e.e.Op() != expr.Var || !w.asked[i] {
				continue
			}
			k := slices.Index(v.c.Variables, e.e.Name())
			y := x[k].Meet(w.r[i])
			if y.IsEmpty() {
				return false
			}
			gain = gain || shorter(y, x[k])
			x[k] = y
		}
		if !gain {
			break
		}
	}
	return true
}

// shorter reports whether y, a part of x, is much so.
func shorter(y, x interval.I) bool {
	return y.Width() < 0.9*x.Width() || !x.IsBounded() && (y.Lo > x.Lo || y.Hi < x.Hi)
}

// encloseParts encloses all parts on the box and meets f and the conditions with what is asked of them; false where that
// leaves nothing.
func (v *verifier) encloseParts(x []interval.I) bool {
	w := v.web
	v.interval(w.m, w.r, w.dec, x)
	clear(w.asked)
	ask := func(i int, of interval.I) bool {
		w.asked[i] = true
		w.r[i] = w.r[i].Meet(of)
		return !w.r[i].IsEmpty() && w.dec[i] != interval.None
	}
	ok := ask(w.f, interval.New(math.Inf(-1), v.least))
	for k, c := range v.cons {
		of := interval.New(math.Inf(-1), 0)
		if c.equal {
			of = interval.Point(0)
		}
		ok = ok && ask(w.cons[k], of)
	}
	return ok
}

// narrowParts narrows the ranges of operands, users first; false where one is empty.
func (w *web) narrowParts() bool {
	for i := len(w.parts) - 1; i >= 0; i-- {
		p := &w.parts[i]
		if !w.asked[i] || p.m == nil {
			continue
		}
		if w.r[i].IsEmpty() || w.dec[i] == interval.None {
			return false
		}
		for _, a := range p.operands {
			w.asked[a] = true
		}
		if p.e.Op() == expr.Add {
			w.narrowTerms(i)
			continue
		}
		for k, a := range p.operands {
			for side := range 2 {
				if w.r[a] = w.cutEnd(p, k, side, w.r[i]); w.r[a].IsEmpty() {
					return false
				}
			}
		}
	}
	for i, asked := range w.asked {
		if asked && w.r[i].IsEmpty() {
			return false
		}
	}
	return true
}

// narrowTerms narrows those of the sum at place i: each is the sum less the others.
func (w *web) narrowTerms(i int) {
	places := w.walk.AppendPlaces(nil, i)
	after := make([]interval.I, len(places)+1) // sums of the last ones
	after[len(places)] = interval.Point(0)
	for k := len(places) - 1; k > 0; k-- {
		after[k] = after[k+1].Add(w.r[places[k]])
	}
	before := w.r[i]
	for k, a := range places {
		own := w.r[a]
		if w.asked[a] {
			w.r[a] = own.Meet(before.Sub(after[k+1]))
		}
		before = before.Sub(own)
	}
}

// cutExactly returns the range of operand k of p within what is known of it without halving, which leaves a little more.
func (p *node) cutExactly(k int, r interval.I) interval.I {
	positive, negative := interval.I{Lo: 0, Hi: math.Inf(1)}, interval.I{Lo: math.Inf(-1), Hi: 0}
	switch x := p.in[k]; {
	case p.e.Op() == expr.Neg:
		return x.Meet(r.Neg())
	case p.e.IsCall("max"):
		return x.Meet(interval.I{Lo: math.Inf(-1), Hi: r.Hi})
	case p.e.IsCall("min"):
		return x.Meet(interval.I{Lo: r.Lo, Hi: math.Inf(1)})
	case p.e.IsCall("abs"):
		return x.Meet(interval.I{Lo: -r.Hi, Hi: r.Hi})
	case p.e.IsCall("sqrt"), p.e.IsCall("log"):
		return x.Meet(positive)
	case p.e.Op() == expr.Mul && p.e.Len() == 2 && len(p.in) == 2 && !r.Has(0):
		if other := p.in[1-k]; other.Lo >= 0 && r.Lo > 0 || other.Hi <= 0 && r.Hi < 0 {
			return x.Meet(positive)
		} else if other.Hi <= 0 && r.Lo > 0 || other.Lo >= 0 && r.Hi < 0 {
			return x.Meet(negative)
		}
	}
	return p.in[k]
}

// cutEnd returns the range of operand k of p without what is seen, at its lower (0) or upper (1) side, to give p no value in r.
func (w *web) cutEnd(p *node, k, side int, r interval.I) interval.I {
	const steps = 24
	for j, a := range p.operands {
		p.in[j] = w.r[a]
	}
	x := p.cutExactly(k, r)
	if p.in[k] = x; x.IsEmpty() {
		return interval.Empty
	}
	end, far := &x.Lo, x.Hi // what is cut, and where nothing more can be
	if side == 1 {
		end, far = &x.Hi, x.Lo
	}
	between := func(a, b float64) interval.I { return interval.New(math.Min(a, b), math.Max(a, b)) }
	none := func(b interval.I) bool {
		p.in[k] = b
		var out [1]interval.I
		var dec [1]interval.Dec
		p.m.Interval(out[:], dec[:], p.in)
		return dec[0] == interval.None || out[0].Meet(r).IsEmpty()
	}
	if near := math.Max(-math.MaxFloat64, math.Min(math.MaxFloat64, *end)); !none(between(*end, near)) {
		return x
	}
	if none(x) {
		return interval.Empty
	}
	for range steps {
		at := cutPoint(between(*end, far))
		if !(math.Min(*end, far) < at && at < math.Max(*end, far)) {
			break
		}
		if none(between(*end, at)) {
			*end = at
		} else {
			far = at
		}
	}
	return x
}
