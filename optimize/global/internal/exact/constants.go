package exact

import (
	"math"
	"math/big"
	"slices"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/interval/precise"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
)

// A Constants settles questions about formulas without variables: enclosures,
// signs, and simplified forms.
type Constants struct {
	T      *simplify.Tidier
	Ring   *Ring
	hull   map[expr.Expr]interval.I
	rough  map[expr.Expr]interval.I
	simple map[expr.Expr]expr.Expr
	prog   map[expr.Expr]*tape.Machine
	// work counts what was done, in steps of programs: a measure of time that is the
	// same on every machine.
	work int
	// Effort, if it is not nil, counts it together with that of other questions.
	Effort *Effort
}

// nodeCost is how many steps of a program a node counts that is simplified or evaluated
// with many digits.
const nodeCost = 64

// simplifyCost and roughCost are what it counts to simplify a constant, and to enclose it,
// besides what is counted for its nodes.
const simplifyCost, roughCost = 8, 8

// workLimit is the work that a question is worth: about 50 ms.
const workLimit = 60000 * nodeCost

// specialCost is what a value of a special function counts with the fewest digits.
const specialCost = 250

// specialPrecision is the most bits with which special functions are evaluated: with
// more it takes seconds.
const specialPrecision = 400

// Tired reports whether so much has been done that what is left had better be
// left open.
func (c *Constants) Tired() bool {
	return c.work > workLimit*c.Effort.Patience() || c.Effort.tired()
}

// An Effort is what has been done for all the questions that one leads to.
type Effort struct {
	// Times is how many times as much as others the question is worth; 0 means 1.
	Times int
	// Done, if it is not nil, is closed when there is no time for more.
	Done  <-chan struct{}
	spent int
	until int // the most that may be spent in the attempt that is being made, 0 for no limit
}

// ended reports whether there is no time for more; e may be nil.
func (e *Effort) ended() bool {
	if e == nil {
		return false
	}
	select {
	case <-e.Done:
		return true
	default:
		return false
	}
}

// over reports whether the question has had its share, or there is no time for more; e may be nil.
func (e *Effort) over() bool { return e != nil && e.spent > effortLimit*e.Patience() || e.ended() }

// tired reports whether the question, or the attempt that is being made, has had its share.
func (e *Effort) tired() bool {
	return e.over() || e != nil && e.until > 0 && e.spent > e.until
}

// Attempt lets what follows spend no more than n, in the unit of Constants.Spend, and as many
// times that as the question is worth, until done is called. e may be nil.
func (e *Effort) Attempt(n int) (done func()) {
	if e == nil {
		return func() {}
	}
	before := e.until
	if until := e.spent + n*nodeCost*e.Patience(); before == 0 || until < before {
		e.until = until
	}
	return func() { e.until = before }
}

// Patience is Times with its default; e may be nil.
func (e *Effort) Patience() int {
	if e == nil {
		return 1
	}
	return max(e.Times, 1)
}

// Spent is how much was done, in the unit of Constants.Spend.
func (e *Effort) Spent() int { return e.spent / nodeCost }

// effortLimit is the effort that a question is worth with all that it leads to: what takes more
// is rarely settled.
const effortLimit = workLimit * 3 / 2

// Spend notes that n nodes were looked at.
func (c *Constants) Spend(n int) { c.charge(n * nodeCost) }

func (c *Constants) charge(steps int) {
	c.work += steps
	if c.Effort != nil {
		c.Effort.spent += steps
	}
}

// Renew begins another attempt at the question, with new work.
func (c *Constants) Renew() { c.work = 0 }

func NewConstants(t *simplify.Tidier) *Constants {
	c := &Constants{T: t, Ring: NewRing(t, ""), hull: map[expr.Expr]interval.I{}, rough: map[expr.Expr]interval.I{},
		simple: map[expr.Expr]expr.Expr{}, prog: map[expr.Expr]*tape.Machine{}}
	c.Ring.consts = c
	return c
}

// Precisions at which signs are decided, one after the other. A number that is
// smaller than 2^-900 of its parts is taken for one that cannot be told from 0.
var signPrecisions = [...]uint{128, 400, 1000}

// Enclose returns an interval that contains e; Whole when it may be undefined.
func (c *Constants) Enclose(e expr.Expr) interval.I {
	if e.Op() == expr.Num {
		return HullOf(e.Number())
	}
	if v, ok := c.hull[e]; ok {
		return v
	}
	v := c.Rough(e)
	if !v.IsBounded() || !(v.Width() <= 1e-13*v.Mag()) {
		if p, ok := c.precise(e, 128); ok {
			v = floatHull(p)
		}
	}
	c.hull[e] = v
	return v
}

// Rough returns an interval that contains e, as Enclose does, without more digits
// than float64 has: of special functions it may have few.
func (c *Constants) Rough(e expr.Expr) interval.I {
	if e.Op() == expr.Num {
		return HullOf(e.Number())
	}
	if v, ok := c.rough[e]; ok {
		return v
	}
	c.Spend(roughCost)
	v, ok := tape.EncloseConstant(e)
	if !ok {
		v = interval.Whole
	}
	c.rough[e] = v
	return v
}

func (c *Constants) machine(e expr.Expr) *tape.Machine {
	m, ok := c.prog[e]
	if !ok {
		if p, err := tape.Compile(nil, e); err == nil {
			m = p.NewMachine()
		}
		c.prog[e] = m
	}
	return m
}

// precise returns an enclosure of e with prec bits, if e is seen to be defined.
func (c *Constants) precise(e expr.Expr, prec uint) (precise.I, bool) {
	m := c.machine(e)
	if m == nil {
		return precise.I{}, false
	}
	c.Spend((4*e.Size() + specialCost*specials(e)) * int(1+prec/64))
	var out [1]precise.I
	var dec [1]interval.Dec
	ok := m.Precise(out[:], dec[:], nil, prec)
	if !ok[0] || dec[0] < interval.Defined || out[0].Empty {
		return precise.I{}, false
	}
	return out[0], true
}

// specials returns how many special functions e has.
func specials(e expr.Expr) int {
	n := 0
	for f := range e.All() {
		if f.Op() == expr.Call && f.Func().Family == "special" {
			n++
		}
	}
	return n
}

// floatHull returns the smallest interval of float64 around x.
func floatHull(x precise.I) interval.I {
	if x.Empty {
		return interval.Empty
	}
	lo, acc := x.Lo.Float64()
	if acc == big.Above {
		lo = math.Nextafter(lo, math.Inf(-1))
	}
	hi, acc := x.Hi.Float64()
	if acc == big.Below {
		hi = math.Nextafter(hi, math.Inf(1))
	}
	return interval.New(lo, hi)
}

// HullOf returns the smallest interval of float64 around n.
func HullOf(n number.Number) interval.I { return simplify.Hull(n) }

// Simplify returns e in a simpler form that is equal to it.
func (c *Constants) Simplify(e expr.Expr) expr.Expr {
	if e.Op() == expr.Num {
		return e
	}
	if v, ok := c.simple[e]; ok {
		return v
	}
	c.Spend(simplifyCost + 4*e.Size())
	v := c.Ring.Build(c.Ring.joinedRoots(c.Ring.cancelled(c.Ring.Expand(c.decided(e)))))
	most := e.Size() + 2
	if circular(e) && !circular(v) {
		most *= 2
	}
	if v.Size() > most || !c.Rough(v).IsBounded() && c.Enclose(e).IsBounded() {
		v = e
	}
	c.simple[e] = v
	return v
}

// circular reports whether e has a sine, cosine or tangent of a part with the inverse of one.
func circular(e expr.Expr) bool {
	arc := func(n expr.Expr) bool { return n.IsCall("asin") || n.IsCall("acos") || n.IsCall("atan") }
	for n := range e.All() {
		if !n.IsCall("sin") && !n.IsCall("cos") && !n.IsCall("tan") {
			continue
		}
		for m := range n.Arg(0).All() {
			if arc(m) {
				return true
			}
		}
	}
	return false
}

// decided returns e with what is known of the signs and the whole parts of constants: u or -u for its
// parts abs(u), a number for floor(u), ceil(u), round(u) and sign(u), and 0 for 0^u with u > 0.
func (c *Constants) decided(e expr.Expr) expr.Expr {
	depends := func(n expr.Expr) bool {
		return n.IsCall("abs") || n.IsCall("floor") || n.IsCall("ceil") || n.IsCall("round") || n.IsCall("sign") || n.Op() == expr.Pow && n.Arg(0).IsNum(0)
	}
	any := false
	for n := range e.All() {
		any = any || depends(n)
	}
	if !any {
		return e
	}
	return expr.Fold(e, func(n expr.Expr, args []expr.Expr) expr.Expr {
		if depends(n) {
			if v, ok := c.decide(n, args[len(args)-1]); ok {
				return v
			}
		}
		return expr.Remake(n, c.T, args, nil)
	})
}

// decide returns what n is, a node on which decided depends, by what is known of u, its last operand.
func (c *Constants) decide(n, u expr.Expr) (expr.Expr, bool) {
	if n.Op() == expr.Call && n.Func().Name != "abs" && n.Func().Name != "sign" {
		v := c.Enclose(u)
		whole := map[string]func(float64) float64{"floor": math.Floor, "ceil": math.Ceil, "round": math.Round}[n.Func().Name]
		if k, ok := number.FromFloat(whole(v.Lo) + 0); ok && whole(v.Lo) == whole(v.Hi) {
			return c.T.Num(k), true
		}
		return n, false
	}
	s, ok := c.Sign(u)
	switch {
	case !ok:
		return n, false
	case n.Op() == expr.Pow:
		return c.T.Int(0), s > 0
	case n.Func().Name == "sign":
		return c.T.Int(int64(s)), true
	case s >= 0:
		return u, true
	}
	return c.T.Neg(u), true
}

// Sign returns the sign of e and whether it is proved.
func (c *Constants) Sign(e expr.Expr) (int, bool) {
	if e.Op() == expr.Num {
		return e.Number().Sign(), true
	}
	i := c.Rough(e)
	if s := SignOf(i); s != 0 {
		return s, true
	}
	i = c.Enclose(e)
	if s := SignOf(i); s != 0 {
		return s, true
	}
	s := c.Ring.Expand(e)
	if n, ok := s.Number(); ok && i != interval.Whole {
		return n.Sign(), true
	}
	if n, strips, ok := c.Ring.Numerator(s); ok && len(strips) > 0 && len(n) == 0 && i != interval.Whole {
		return 0, true // over one denominator
	}
	if i != interval.Whole && c.vanishes(e) {
		return 0, true
	}
	for i, prec := range signPrecisions {
		if i > 0 && (c.Tired() || prec > specialPrecision && specials(e) > 0) {
			return 0, false
		}
		p, ok := c.precise(e, prec)
		if !ok {
			return 0, false
		}
		if p.Lo.Sign() > 0 {
			return 1, true
		}
		if p.Hi.Sign() < 0 {
			return -1, true
		}
		if p.Lo.Sign() == 0 && p.Hi.Sign() == 0 {
			return 0, true
		}
	}
	return 0, false
}

// vanishes reports whether e is a g(v) + w for a function g with an inverse that is seen to be
// -w/a at v: asinh((e - 1/e)/2) - 1 is 0, and sqrt(9 + 6 pi + pi^2) - pi - 3.
func (c *Constants) vanishes(e expr.Expr) bool {
	if e.Op() != expr.Add {
		return false
	}
	for k, g := range e.Args() {
		a := number.Int(-1)
		if g.Op() == expr.Mul && g.Len() == 2 && g.Arg(0).Op() == expr.Num {
			a, _ = g.Arg(0).Number().Neg().Inv()
			g = g.Arg(1)
		}
		if g.Op() != expr.Pow && g.Op() != expr.Call || g.Len() == 0 {
			continue
		}
		rest := slices.Delete(e.AppendArgs(nil), k, k+1)
		v, y, ok := c.undo(g, c.Simplify(c.T.Mul(c.T.Num(a), c.T.Add(rest...))))
		if ok && c.Simplify(c.T.Sub(v, y)).IsNum(0) {
			return true
		}
	}
	return false
}

// undo returns constants v and y that are equal if and only if g is w; false when none are
// known.
func (c *Constants) undo(g, w expr.Expr) (v, y expr.Expr, ok bool) {
	switch {
	case g.Op() == expr.Pow && g.Arg(1).Op() == expr.Num: // a root
		inv, ok := g.Arg(1).Number().Inv()
		s, sure := c.Sign(w)
		if !ok || !inv.IsInt() || inv.Sign() < 0 || inv.Cmp(number.Int(maxRoot)) > 0 || !sure || s < 0 {
			return v, y, false
		}
		return g.Arg(0), c.T.Pow(w, c.T.Num(inv)), true
	case g.Op() == expr.Call && g.Len() == 1 && g.Func().Monotone != 0 && g.Func().Inverse != "":
		f := g.Func()
		all, at := f.Enclose([]interval.I{interval.Whole}), c.Enclose(w)
		if !(all.Lo < at.Lo || math.IsInf(all.Lo, -1)) || !(at.Hi < all.Hi || math.IsInf(all.Hi, 1)) {
			return v, y, false // f may not have the value
		}
		inverse := c.T.Pool().Import(simplify.Template(f, f.Inverse))
		return g.Arg(0), c.Simplify(c.T.Tidy(c.T.Pool().Substitute(inverse, map[string]expr.Expr{f.Args[0]: w}))), true
	}
	return v, y, false
}

// maxRoot is the highest root that is undone.
const maxRoot = 6

// Compare returns the sign of a - b.
func (c *Constants) Compare(a, b expr.Expr) (int, bool) {
	if a == b {
		return 0, true
	}
	ia, ib := c.Enclose(a), c.Enclose(b)
	if ia.Hi < ib.Lo {
		return -1, true
	}
	if ia.Lo > ib.Hi {
		return 1, true
	}
	return c.Sign(c.T.Sub(a, b))
}
