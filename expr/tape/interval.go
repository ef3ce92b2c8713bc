package tape

import (
	"math"
	"slices"

	"nabla/expr/interval"
	"nabla/expr/number"
)

// Interval encloses the outputs over a box: out[k] contains the value of output
// k at every point of the box x at which it is defined. It is Empty only when there
// is none. dec, unless it is nil, receives what is known of each output on the
// box; see interval.Dec. It never claims too much.
//
// Constants are enclosures of what they stand for, not the float64 nearest to
// it. A condition is the set of its truth values: [0, 0], [1, 1] or [0, 1]; a
// case distinction is the hull of the cases that may occur. A product u*u is a
// square. A power u^v with v not one number takes negative u into account where
// v may be an integer.
//
// After the call Registers holds the enclosure of every instruction.
func (m *Machine) Interval(out []interval.I, dec []interval.Dec, x []interval.I) {
	p := m.p
	if len(x) != len(p.vars) || len(out) != len(p.out) || dec != nil && len(dec) != len(out) {
		m.panicLength("Interval", len(out), len(x))
	}
	first := p.fixed
	if m.reg == nil {
		m.reg = make([]interval.I, len(p.Inst))
		m.dec = make([]interval.Dec, len(p.Inst))
		first = len(x)
	}
	copy(m.reg, x)
	m.work += p.cost
	for i := first; i < len(p.Inst); i++ {
		m.reg[i] = m.enclose(&p.Inst[i])
		if p.removable != nil && p.Inst[i].Op == Div && !m.reg[i].IsBounded() {
			m.reg[i] = m.boundedQuotient(int32(i), m.reg[i])
		}
	}
	for k, r := range p.out {
		out[k] = m.reg[r]
	}
	if dec == nil {
		return
	}
	if !m.decorated {
		m.decorated = true
		first = len(x)
	}
	for i, b := range x {
		m.dec[i] = interval.Continuous
		if b.IsEmpty() {
			m.dec[i] = interval.None
		}
	}
	for i := first; i < len(p.Inst); i++ {
		m.dec[i] = m.decorate(i)
	}
	for k, r := range p.out {
		dec[k] = m.dec[r]
	}
}

// Closed is Interval with decorations of another meaning: Continuous says that the points of the box
// at which the output is defined are a closed set, on which it is continuous. So sqrt(x) and asin(x) are on every
// box, and 1/x is not on one that contains 0. A program with conditions of cases has the decorations of Interval: where
// a part that is not defined does not count, no set need be closed.
func (m *Machine) Closed(out []interval.I, dec []interval.Dec, x []interval.I) {
	cases := slices.ContainsFunc(m.p.Inst, func(in Inst) bool { return in.Op == And || in.Op == Or || in.Op == Not || in.Op == If })
	m.closing, m.decorated = !cases, false
	m.Interval(out, dec, x)
	m.closing, m.decorated = false, false
}

// Work returns how much all calls of Interval so far have cost, in operations of the size of an
// addition; a call of a function counts as several.
func (m *Machine) Work() int { return m.work }

// costOf is about what an instruction costs in interval arithmetic, in additions.
func costOf(op Op) int {
	switch op {
	case Pow:
		return 20
	case Call:
		return 5
	case Powi:
		return 2
	}
	return 1
}

// Registers returns the enclosures of all instructions over the box of the last
// call of Interval. The slice is the machine's own; the next call changes it.
func (m *Machine) Registers() []interval.I { return m.reg }

// enclose returns the enclosure of one instruction from those of its operands.
func (m *Machine) enclose(in *Inst) interval.I {
	r := m.reg
	switch in.Op {
	case Const:
		return m.p.hulls[in.N]
	case Neg:
		return r[in.A].Neg()
	case Add:
		return r[in.A].Add(r[in.B])
	case Sub:
		return r[in.A].Sub(r[in.B])
	case Mul:
		v := r[in.A].Mul(r[in.B])
		if !v.IsBounded() {
			v = m.boundedProduct(in, v)
		}
		return v
	case Div:
		return r[in.A].Div(r[in.B])
	case Powi:
		return r[in.A].PowInt(int(in.N))
	case Pow:
		if c, ok := m.p.exponent(in.B); ok {
			return fractionalPower(r[in.A], r[in.B], c)
		}
		return power(r[in.A], r[in.B])
	case Min:
		return r[in.A].Min(r[in.B])
	case Max:
		return r[in.A].Max(r[in.B])
	case Lt, Le, Eq, Ne:
		return truthSet(compareBoxes(in.Op, r[in.A], r[in.B], in.A == in.B))
	case And:
		return conjunction(truthOf(r[in.A]), truthOf(r[in.B])).set()
	case Or:
		return conjunction(truthOf(r[in.A]).not(), truthOf(r[in.B]).not()).not().set()
	case Not:
		return truthOf(r[in.A]).not().set()
	case If:
		v := interval.Empty
		c := truthOf(r[in.A])
		if c.yes {
			v = v.Hull(r[in.B])
		}
		if c.no {
			v = v.Hull(r[in.C])
		}
		return v
	}
	return m.p.Funcs[in.N].Enclose(m.operands(in))
}

// boundedProduct encloses c u^a log(d u^b), which for a > 0 is bounded near 0 though the logarithm is not; other products have
// the enclosure v.
func (m *Machine) boundedProduct(in *Inst, v interval.I) interval.I {
	for _, k := range [2][2]int32{{in.A, in.B}, {in.B, in.A}} {
		f := &m.p.Inst[k[1]]
		if f.Op != Call || m.p.Funcs[f.N].Name != "log" {
			continue
		}
		for _, p := range m.powers(k[0]) {
			for _, q := range m.powers(f.A) {
				v = m.powerTimesLog(p, q, v)
			}
		}
	}
	return v
}

// powerTimesLog encloses p log(q) where both are powers of one formula; v is an enclosure too.
func (m *Machine) powerTimesLog(p, q constantPower, v interval.I) interval.I {
	if p.base != q.base || p.inverse || !(p.a > 0) || !(q.a != 0) || !(q.c.Lo > 0) {
		return v
	}
	// With w = |u|^a it is c w (b/a) log(w e) for e = d^(a/b), up to the sign of u^a.
	w, ratio := m.reg[p.at], interval.Point(q.a).Div(interval.Point(p.a))
	if q.at == q.base {
		w = w.Meet(nonNegative) // as u has a logarithm
	}
	signed := w.Lo < 0
	w = w.Abs()
	e := interval.Point(1)
	if q.c != e {
		e = interval.Exp(interval.Log(q.c).Div(ratio))
	}
	bounded := entropy(w.Mul(e)).Div(e).Mul(ratio).Mul(p.c)
	if signed {
		bounded = bounded.Hull(bounded.Neg())
	}
	return v.Meet(bounded)
}

// powers are the ways to read instruction i as a power: the first one of itself, and that of a part.
func (m *Machine) powers(i int32) [2]constantPower {
	return [2]constantPower{{base: i, at: i, a: 1, c: interval.Point(1)}, m.power(i)}
}

// A constantPower is the instruction c u^a, c a constant, for the values of u at which the power is defined; at is that of u^a itself, or of
// its inverse.
type constantPower struct {
	base, at int32
	inverse  bool
	a        float64 // exactly
	c        interval.I
}

// power reads instruction i; where it has no such form it is a first power itself.
func (m *Machine) power(i int32) constantPower {
	p := constantPower{base: i, at: i, a: 1, c: interval.Point(1)}
	in := &m.p.Inst[i]
	constant := func(k int32) bool { return m.p.Inst[k].Op == Const && !m.reg[k].Has(0) }
	switch {
	case in.Op == Neg:
		p.c, p.at = interval.Point(-1), in.A
	case in.Op == Mul && constant(in.A):
		p.c, p.at = m.reg[in.A], in.B
	case in.Op == Mul && constant(in.B):
		p.c, p.at = m.reg[in.B], in.A
	case in.Op == Div && constant(in.B):
		p.c, p.at = interval.Point(1).Div(m.reg[in.B]), in.A
	case in.Op == Div && constant(in.A):
		p.c, p.at, p.inverse = m.reg[in.A], in.B, true
	}
	p.base = p.at
	switch in = &m.p.Inst[p.at]; in.Op {
	case Powi:
		p.base, p.a = in.A, float64(in.N)
	case Pow:
		if c, ok := m.p.exponent(in.B); ok && exactly(c) {
			p.base, p.a = in.A, c.Float64()
		}
	case Call:
		switch m.p.Funcs[in.N].Name {
		case "sqrt":
			p.base, p.a = in.A, 0.5
		case "abs":
			p.base = in.A
		}
	}
	if p.inverse {
		p.a = -p.a
	}
	return p
}

// exactly reports whether c is the float64 next to it.
func exactly(c number.Number) bool {
	d, ok := number.FromFloat(c.Float64())
	return ok && d.Cmp(c) == 0
}

// turn is where u log(u) is least, with the value -turn.
var turn = interval.Exp(interval.Point(-1))

// entropy encloses u log(u) for the u > 0 in x, which falls up to u = 1/e and then rises.
func entropy(x interval.I) interval.I {
	if x = x.Meet(nonNegative); x.IsEmpty() {
		return x
	}
	at := func(u float64) interval.I {
		if u == 0 || math.IsInf(u, 1) {
			return interval.Point(u)
		}
		return interval.Point(u).Mul(interval.Log(interval.Point(u)))
	}
	a, b := at(x.Lo), at(x.Hi)
	v := a.Hull(b)
	if x.Lo <= turn.Hi && x.Hi >= turn.Lo {
		v.Lo = -turn.Hi
	}
	return v
}

// operands gathers the boxes of the operands of a call.
func (m *Machine) operands(in *Inst) []interval.I {
	m.box = m.box[:0]
	if m.p.Funcs[in.N].Variadic {
		for _, a := range m.p.lists[in.A : in.A+in.B] {
			m.box = append(m.box, m.reg[a])
		}
		return m.box
	}
	for _, a := range [...]int32{in.A, in.B, in.C} {
		if a >= 0 {
			m.box = append(m.box, m.reg[a])
		}
	}
	return m.box
}

var nonNegative = interval.I{Lo: 0, Hi: math.Inf(1)}

// exponent returns the value of register r if that is a rational constant. As
// the exponent of a Pow that is a fraction, and the base has to be ≥ 0, or an
// integer too large for a Powi, and the base has been made so.
func (p *Prog) exponent(r int32) (number.Number, bool) {
	in := &p.Inst[r]
	if in.Op != Const || p.Consts[in.N].Func != nil {
		return number.Number{}, false
	}
	return p.Consts[in.N].Value, true
}

// fractionalPower encloses {x^c : x ≥ 0} for a rational c, of which b is an
// enclosure. Square and cube roots are sharper than powers.
func fractionalPower(a, b interval.I, c number.Number) interval.I {
	a = a.Meet(nonNegative)
	if num, den, ok := c.Frac64(); ok && -maxChain <= num && num <= maxChain {
		switch den {
		case 2:
			return a.Sqrt().PowInt(int(num))
		case 3:
			return a.Cbrt().PowInt(int(num))
		case 4:
			return a.Sqrt().Sqrt().PowInt(int(num))
		}
	}
	return a.Pow(b)
}

// power encloses {a^b} by the rule of the formula language: a ≥ 0, or b an
// integer; 0^0 is 1.
func power(a, b interval.I) interval.I {
	if a.IsEmpty() || b.IsEmpty() {
		return interval.Empty
	}
	v := interval.Empty
	if a.Hi > 0 || a.Hi == 0 && b.Hi > 0 {
		v = a.Meet(nonNegative).Pow(b)
	}
	if a.Has(0) && b.Has(0) {
		v = v.Hull(interval.Point(1))
	}
	if n := (interval.I{Lo: math.Ceil(b.Lo), Hi: math.Floor(b.Hi)}); a.Lo < 0 && n.Lo <= n.Hi {
		neg := interval.I{Lo: a.Lo, Hi: min(a.Hi, 0)}
		if n.Lo == n.Hi && math.Abs(n.Lo) < 1<<31 {
			v = v.Hull(neg.PowInt(int(n.Lo)))
		} else {
			w := neg.Neg().Pow(n)
			v = v.Hull(w).Hull(w.Neg())
		}
	}
	return v
}

// decoratePower is the decoration of a^b on a box.
func decoratePower(a, b interval.I) interval.Dec {
	switch {
	case b.IsPoint() && b.Lo == math.Trunc(b.Lo) && math.Abs(b.Lo) <= math.MaxFloat64: // an integer
		if b.Lo >= 0 || !a.Has(0) {
			return interval.Continuous
		}
		if a.IsPoint() {
			return interval.None
		}
	case a.Lo > 0 || a.Lo >= 0 && b.Lo > 0:
		return interval.Continuous
	case a.Lo >= 0 && b.Lo >= 0: // jumps to 0^0
		return interval.Defined
	case a.Hi < 0 && math.Ceil(b.Lo) > b.Hi: // no integer
		return interval.None
	case a.Lo == 0 && a.Hi == 0 && b.Hi < 0:
		return interval.None
	}
	return interval.Partial
}

// A truth says which truth values a condition can have on a box.
type truth struct{ yes, no bool }

func (t truth) not() truth { return truth{t.no, t.yes} }

// set returns t as a set of the numbers 0 and 1.
func (t truth) set() interval.I { return truthSet(t.yes, t.no) }

func truthSet(yes, no bool) interval.I {
	switch {
	case yes && no:
		return interval.I{Lo: 0, Hi: 1}
	case yes:
		return interval.I{Lo: 1, Hi: 1}
	case no:
		return interval.I{Lo: 0, Hi: 0}
	}
	return interval.Empty
}

// truthOf is the inverse of set; numbers other than 0 hold.
func truthOf(x interval.I) truth {
	return truth{!x.IsEmpty() && (x.Lo != 0 || x.Hi != 0), x.Has(0)}
}

// conjunction is false where a side is false, even where the other is undefined.
func conjunction(a, b truth) truth { return truth{a.yes && b.yes, a.no || b.no} }

// compareBoxes says whether a op b holds somewhere on the box, and whether it
// fails somewhere. same says that a and b are one value.
func compareBoxes(op Op, a, b interval.I, same bool) (yes, no bool) {
	if a.IsEmpty() || b.IsEmpty() {
		return false, false
	}
	switch op {
	case Lt:
		yes, no = a.Lo < b.Hi, a.Hi >= b.Lo
	case Le:
		yes, no = a.Lo <= b.Hi, a.Hi > b.Lo
	case Eq:
		yes, no = !a.Disjoint(b), !(a.IsPoint() && a == b)
	case Ne:
		yes, no = !(a.IsPoint() && a == b), !a.Disjoint(b)
	}
	if same {
		yes = op == Le || op == Eq
		no = !yes
	}
	return yes, no
}

// decorate returns the decoration of instruction i from the registers and the
// decorations of its operands.
func (m *Machine) decorate(i int) interval.Dec {
	in := &m.p.Inst[i]
	r := m.reg
	d := interval.Continuous
	switch in.Op {
	case Const:
		if f := m.p.Consts[in.N].Func; f != nil {
			return f.Decorate(nil)
		}
		return d
	case Call:
		if m.p.Funcs[in.N].Variadic {
			for _, a := range m.p.lists[in.A : in.A+in.B] {
				d = min(d, m.dec[a])
			}
			break
		}
		fallthrough
	default:
		for _, a := range [...]int32{in.A, in.B, in.C} {
			if a >= 0 {
				d = min(d, m.dec[a])
			}
		}
	case And:
		return decorateJoin(truthOf(r[in.A]), truthOf(r[in.B]), m.dec[in.A], m.dec[in.B])
	case Or:
		return decorateJoin(truthOf(r[in.A]).not(), truthOf(r[in.B]).not(), m.dec[in.A], m.dec[in.B])
	case Not:
		return m.dec[in.A]
	case If:
		return decorateIf(truthOf(r[in.A]), m.dec[in.A], m.dec[in.B], m.dec[in.C])
	}
	if d == interval.None || r[i].IsEmpty() {
		return interval.None
	}
	switch in.Op {
	case Div:
		if r[in.B].Has(0) {
			return min(d, interval.Partial)
		}
	case Pow:
		a, b := r[in.A], r[in.B]
		if _, ok := m.p.exponent(in.B); !ok {
			return min(d, decoratePower(a, b))
		}
		if a.Lo < 0 && !m.closing || a.Lo <= 0 && b.Lo < 0 {
			return min(d, interval.Partial)
		}
	case Powi:
	case Call:
		f := m.p.Funcs[in.N]
		own := f.Decorate(m.operands(in))
		if m.closing && own == interval.Partial && f.ClosedDomain() {
			own = interval.Continuous
		}
		return min(d, own)
	case Lt, Le, Eq, Ne:
		return decorateTruth(truthOf(r[i]), d)
	}
	return d
}

// decorateTruth is the decoration of a condition of operands with decoration d:
// one that is defined and has one truth value on the whole box is constant.
func decorateTruth(t truth, d interval.Dec) interval.Dec {
	switch {
	case d < interval.Defined:
		return d
	case t.yes != t.no:
		return interval.Continuous
	}
	return interval.Defined
}

// decorateJoin is the decoration of a conjunction: a side that is false on the
// whole box settles it.
func decorateJoin(a, b truth, da, db interval.Dec) interval.Dec {
	falseA := da >= interval.Defined && !a.yes
	falseB := db >= interval.Defined && !b.yes
	switch {
	case falseA || falseB:
		return interval.Continuous
	case da == interval.None && db == interval.None:
		return interval.None
	case da == interval.None && !b.no || db == interval.None && !a.no:
		return interval.None // the other side is true wherever it is defined, and settles nothing
	case da == interval.None || db == interval.None:
		return interval.Partial
	}
	return decorateTruth(conjunction(a, b), min(da, db))
}

// decorateIf is the decoration of a case distinction.
func decorateIf(c truth, dc, da, db interval.Dec) interval.Dec {
	switch {
	case dc == interval.None:
		return interval.None
	case c.yes && c.no:
		if da == interval.None && db == interval.None {
			return interval.None
		}
		if da == interval.None || db == interval.None {
			return interval.Partial
		}
		return min(dc, interval.Defined, da, db)
	case c.no:
		da = db
	}
	if da == interval.None {
		return interval.None
	}
	return min(dc, da)
}
