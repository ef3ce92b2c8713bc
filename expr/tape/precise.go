package tape

import (
	"math/big"

	"nabla/expr/interval"
	"nabla/expr/interval/precise"
)

// Precise encloses the outputs over the box x with prec bits, as Interval does
// with those of a float64. ok[k] reports whether such an enclosure of output k
// is available; where a function on the way to it has none, out[k] is the whole
// line. dec, unless it is nil, receives what is known of each output on the box.
// The slice returned is the machine's own.
func (m *Machine) Precise(out []precise.I, dec []interval.Dec, x []precise.I, prec uint) (ok []bool) {
	p := m.p
	if len(x) != len(p.vars) || len(out) != len(p.out) || dec != nil && len(dec) != len(out) {
		m.panicLength("Precise", len(out), len(x))
	}
	q := &m.precise
	if q.reg == nil {
		q.reg = make([]precise.I, len(p.Inst))
		q.dec = make([]interval.Dec, len(p.Inst))
		q.missing = make([]bool, len(p.Inst))
		q.ok = make([]bool, len(p.out))
	}
	for i, v := range x {
		q.reg[i], q.dec[i] = v, interval.Continuous
		if v.IsEmpty() {
			q.dec[i] = interval.None
		}
	}
	first := p.fixed
	if q.prec != prec {
		q.prec, first = prec, len(x)
	}
	for i := first; i < len(p.Inst); i++ {
		q.step(p, i)
	}
	for k, r := range p.out {
		out[k], q.ok[k] = q.reg[r], !q.missing[r]
		if dec != nil {
			dec[k] = q.dec[r]
		}
	}
	return q.ok
}

// A preciseRun is the state of a Machine that computes with precise intervals.
type preciseRun struct {
	prec    uint
	reg     []precise.I
	dec     []interval.Dec
	missing []bool // no enclosure is available
	ok      []bool // by output
	box     []precise.I
	coarse  []interval.I
}

// step computes instruction i.
func (q *preciseRun) step(p *Prog, i int) {
	in := &p.Inst[i]
	q.missing[i] = false
	switch in.Op {
	case Const:
		q.constant(p.Consts[in.N], i)
		return
	case And, Or, Not, If:
		q.condition(in, i)
		return
	}
	d := interval.Continuous
	q.box = q.box[:0]
	operand := func(a int32) {
		d = min(d, q.dec[a])
		q.missing[i] = q.missing[i] || q.missing[a]
		q.box = append(q.box, q.reg[a])
	}
	if in.Op == Call && p.Funcs[in.N].Variadic {
		for _, a := range p.lists[in.A : in.A+in.B] {
			operand(a)
		}
	} else {
		for _, a := range [...]int32{in.A, in.B, in.C} {
			if a >= 0 {
				operand(a)
			}
		}
	}
	v, own := q.enclose(p, in, i)
	if v.IsEmpty() || d == interval.None {
		v, own = precise.Nothing(), interval.None
	}
	q.reg[i], q.dec[i] = v, min(d, own)
	if in.Op == Lt || in.Op == Le || in.Op == Eq || in.Op == Ne {
		q.dec[i] = decorateTruth(q.truth(int32(i)), d)
	}
}

func (q *preciseRun) constant(c Constant, i int) {
	q.dec[i] = interval.Continuous
	if c.Func == nil {
		q.reg[i] = precise.FromRat(c.Value.Rat(), q.prec)
		return
	}
	q.reg[i], q.missing[i] = precise.Whole(), true
	q.dec[i] = c.Func.Decorate(nil)
	if c.Func.Precise != nil {
		if v, ok := c.Func.Precise(nil, q.prec); ok {
			q.reg[i], q.missing[i] = v, false
		}
	}
}

// enclose returns the value of an instruction whose operands are in q.box, and
// its decoration apart from theirs.
func (q *preciseRun) enclose(p *Prog, in *Inst, i int) (precise.I, interval.Dec) {
	x, prec := q.box, q.prec
	d := interval.Continuous
	switch in.Op {
	case Neg:
		return precise.Neg(x[0]), d
	case Add:
		return precise.Add(x[0], x[1], prec), d
	case Sub:
		return precise.Sub(x[0], x[1], prec), d
	case Mul:
		return precise.Mul(x[0], x[1], prec), d
	case Div:
		if hasZero(x[1]) {
			d = interval.Partial
		}
		return precise.Div(x[0], x[1], prec), d
	case Powi:
		return precise.PowInt(x[0], int(in.N), prec), d
	case Pow:
		if _, ok := p.exponent(in.B); ok {
			if x[0].IsEmpty() {
				return x[0], d
			}
			if x[0].Lo.Sign() < 0 || x[0].Lo.Sign() == 0 && x[1].Lo.Sign() < 0 {
				d = interval.Partial
			}
			return precise.Pow(x[0].Meet(halfLine), x[1], prec), d
		}
		return precisePower(x[0], x[1], prec)
	case Min:
		return precise.Min(x[0], x[1]), d
	case Max:
		return precise.Max(x[0], x[1]), d
	case Lt, Le, Eq, Ne:
		yes, no := comparePrecise(in.Op, x[0], x[1], in.A == in.B)
		return preciseTruth(truth{yes, no}), d
	}
	f := p.Funcs[in.N]
	q.coarse = q.coarse[:0]
	for _, a := range x {
		lo, hi := a.Floats()
		if lo > hi {
			q.coarse = append(q.coarse, interval.Empty)
		} else {
			q.coarse = append(q.coarse, interval.New(lo, hi))
		}
	}
	d = f.Decorate(q.coarse)
	if f.Precise != nil {
		if v, ok := f.Precise(x, prec); ok {
			return v, d
		}
	}
	q.missing[i] = true
	return precise.Whole(), d
}

// condition computes And, Or, Not and If, whose operands need not all count.
func (q *preciseRun) condition(in *Inst, i int) {
	a := q.truth(in.A)
	da := q.dec[in.A]
	q.missing[i] = q.missing[in.A]
	switch in.Op {
	case Not:
		q.reg[i], q.dec[i] = preciseTruth(a.not()), da
		return
	case If:
		v := precise.Nothing()
		if a.yes {
			v = v.Hull(q.reg[in.B])
			q.missing[i] = q.missing[i] || q.missing[in.B]
		}
		if a.no {
			v = v.Hull(q.reg[in.C])
			q.missing[i] = q.missing[i] || q.missing[in.C]
		}
		q.reg[i], q.dec[i] = v, decorateIf(a, da, q.dec[in.B], q.dec[in.C])
		return
	}
	b := q.truth(in.B)
	q.missing[i] = q.missing[i] || q.missing[in.B]
	if in.Op == Or {
		a, b = a.not(), b.not()
	}
	t := conjunction(a, b)
	q.dec[i] = decorateJoin(a, b, da, q.dec[in.B])
	if in.Op == Or {
		t = t.not()
	}
	q.reg[i] = preciseTruth(t)
}

var halfLine = precise.I{Lo: new(big.Float), Hi: new(big.Float).SetInf(false)}

func hasZero(x precise.I) bool { return !x.IsEmpty() && x.Lo.Sign() <= 0 && x.Hi.Sign() >= 0 }

func preciseTruth(t truth) precise.I {
	switch {
	case t.yes && t.no:
		return precise.FromFloats(0, 1)
	case t.yes:
		return precise.FromInt(1)
	case t.no:
		return precise.FromInt(0)
	}
	return precise.Nothing()
}

// truth is truthOf for a register.
func (q *preciseRun) truth(r int32) truth {
	x := q.reg[r]
	if x.IsEmpty() {
		return truth{}
	}
	return truth{x.Lo.Sign() != 0 || x.Hi.Sign() != 0, hasZero(x)}
}

func comparePrecise(op Op, a, b precise.I, same bool) (yes, no bool) {
	if a.IsEmpty() || b.IsEmpty() {
		return false, false
	}
	if same {
		yes = op == Le || op == Eq
		return yes, !yes
	}
	equal := a.IsPoint() && b.IsPoint() && a.Lo.Cmp(b.Lo) == 0
	switch op {
	case Lt:
		return a.Lo.Cmp(b.Hi) < 0, a.Hi.Cmp(b.Lo) >= 0
	case Le:
		return a.Lo.Cmp(b.Hi) <= 0, a.Hi.Cmp(b.Lo) > 0
	case Eq:
		return !a.Disjoint(b), !equal
	}
	return !equal, !a.Disjoint(b)
}

// precisePower encloses {a^b} as power does, with the decoration of the
// operation.
func precisePower(a, b precise.I, prec uint) (precise.I, interval.Dec) {
	if a.IsEmpty() || b.IsEmpty() {
		return precise.Nothing(), interval.None
	}
	if b.IsPoint() && b.Lo.IsInt() {
		if n, acc := b.Lo.Int64(); acc == big.Exact && -maxExponent <= n && n <= maxExponent {
			d := interval.Continuous
			if n < 0 && hasZero(a) {
				d = interval.Partial
			}
			return precise.PowInt(a, int(n), prec), d
		}
	}
	switch {
	case a.Lo.Sign() > 0:
		return precise.Pow(a, b, prec), interval.Continuous
	case a.Lo.Sign() < 0 && precise.Floor(b).Hi.Cmp(b.Lo) < 0: // no integer among the exponents
		if a.Hi.Sign() < 0 {
			return precise.Nothing(), interval.None
		}
		return precise.Pow(a.Meet(halfLine), b, prec), interval.Partial
	case a.Lo.Sign() < 0:
		// Integers among the exponents give values of either sign, of the size
		// of the powers of |a|.
		w := precise.Pow(precise.Abs(a), b, prec)
		v := w.Hull(precise.Neg(w))
		if hasZero(a) {
			v = v.Hull(precise.FromInt(1)).Hull(precise.FromInt(0))
		}
		return v, interval.Partial
	case b.Lo.Sign() > 0:
		return precise.Pow(a, b, prec), interval.Continuous
	case b.Lo.Sign() == 0:
		return precise.Pow(a, b, prec).Hull(precise.FromInt(1)), interval.Defined
	}
	v := precise.Nothing()
	if a.Hi.Sign() > 0 || b.Hi.Sign() > 0 {
		v = precise.Pow(a, b, prec)
	}
	if hasZero(b) {
		v = v.Hull(precise.FromInt(1))
	}
	return v, interval.Partial
}
