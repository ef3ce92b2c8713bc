package branch

import (
	"math"

	"nabla/expr/interval"
	"nabla/expr/tape"
)

// A contractor narrows boxes by conditions on the outputs of a program:
// intervals are computed forward through the instructions, the outputs are met
// with what is demanded of them, and each instruction backward narrows its
// operands (HC4-revise; Benhamou, Goualard, Granvilliers, Puget, Revising hull
// and box consistency, ICLP 1999). No point of the box at which the outputs are
// defined and lie in their demands is lost. The natural domain is narrowed by
// the same pass: sqrt leaves nothing below 0.
type contractor struct {
	m    *tape.Machine
	p    *tape.Prog
	out  []interval.I
	r    []interval.I
	need []bool
	ops  []int32
}

func newContractor(p *tape.Prog) *contractor {
	return &contractor{m: p.NewMachine(), p: p, out: make([]interval.I, p.NumOut()),
		r: make([]interval.I, p.Len()), need: make([]bool, p.Len())}
}

// contract narrows the box x in place by the demands on the outputs; a demand of
// Whole still asks that the output be defined. need says which outputs count
// (nil: all). It returns false when no point of x can satisfy them. It repeats
// the pass while that gains more than a tenth of a side, at most rounds times.
func (c *contractor) contract(x, demand []interval.I, rounds int) bool {
	n := len(x)
	for range rounds {
		c.m.Interval(c.out, nil, x)
		copy(c.r, c.m.Registers())
		clear(c.need)
		for k, d := range demand {
			if d.IsEmpty() {
				continue // does not count
			}
			o := c.p.Out(k)
			c.r[o] = c.r[o].Meet(d)
			c.need[o] = true
			if c.r[o].IsEmpty() {
				return false
			}
		}
		for i := len(c.p.Inst) - 1; i >= n; i-- {
			if c.need[i] {
				if c.r[i].IsEmpty() || !c.back(i) {
					return false
				}
			}
		}
		gain := false
		for i := range n {
			if !c.need[i] {
				continue
			}
			v := c.r[i].Meet(x[i])
			if v.IsEmpty() {
				return false
			}
			w, v1 := x[i].Width(), v.Width()
			gain = gain || v1 < 0.9*w || math.IsInf(w, 1) && v != x[i]
			x[i] = v
		}
		if !gain {
			break
		}
	}
	return true
}

// meet narrows register a.
func (c *contractor) meet(a int32, v interval.I) bool {
	c.need[a] = true
	c.r[a] = c.r[a].Meet(v)
	return !c.r[a].IsEmpty()
}

// meetEither narrows register a by the union of u and v.
func (c *contractor) meetEither(a int32, u, v interval.I) bool {
	c.need[a] = true
	c.r[a] = c.r[a].Meet(u).Hull(c.r[a].Meet(v))
	return !c.r[a].IsEmpty()
}

// quotient narrows a by {x/y}, y ≠ 0 where y holds 0 only as a possibility: the
// solutions q of q*y = x.
func (c *contractor) quotient(a int32, x, y interval.I) bool {
	if y.Has(0) && x.Has(0) {
		c.need[a] = true
		return true
	}
	u, v := x.DivExt(y)
	return c.meetEither(a, u, v)
}

// back narrows the operands of instruction i by its value.
func (c *contractor) back(i int) bool {
	in := &c.p.Inst[i]
	r, v := c.r, c.r[i]
	a, b := in.A, in.B
	switch in.Op {
	case tape.Neg:
		return c.meet(a, v.Neg())
	case tape.Add:
		return c.meet(a, v.Sub(r[b])) && c.meet(b, v.Sub(r[a]))
	case tape.Sub:
		return c.meet(a, v.Add(r[b])) && c.meet(b, r[a].Sub(v))
	case tape.Mul:
		return c.quotient(a, v, r[b]) && c.quotient(b, v, r[a])
	case tape.Div:
		return c.meet(a, v.Mul(r[b])) && c.quotient(b, r[a], v)
	case tape.Powi:
		return c.root(a, v, int(in.N))
	case tape.Pow:
		return c.power(in, v)
	case tape.Min:
		return c.lesser(a, b, v) && c.lesser(b, a, v)
	case tape.Max:
		return c.greater(a, b, v) && c.greater(b, a, v)
	case tape.If:
		t := r[a]
		c.need[a] = true
		switch {
		case t.IsEmpty():
			return false
		case !t.Has(0):
			return c.meet(b, v)
		case t.Lo == 0 && t.Hi == 0:
			return c.meet(in.C, v)
		}
		// A case whose values are out of the question does not occur, but nothing
		// is demanded of either.
		return true
	case tape.Lt, tape.Le, tape.Eq, tape.Ne:
		c.need[a], c.need[b] = true, true
		return true
	case tape.Call:
		return c.call(i, in, v)
	}
	// Conditions joined: a side that is undefined may not matter.
	return true
}

// root narrows a by a^n in v.
func (c *contractor) root(a int32, v interval.I, n int) bool {
	if n <= 0 {
		c.need[a] = true
		return true
	}
	if n%2 == 1 {
		return c.meet(a, v.Root(n))
	}
	s := v.Meet(interval.I{Lo: 0, Hi: math.Inf(1)}).Root(n)
	if s.IsEmpty() {
		return false
	}
	return c.meetEither(a, s.Neg(), s)
}

// power narrows the operands of a^b.
func (c *contractor) power(in *tape.Inst, v interval.I) bool {
	a, b := in.A, in.B
	base := c.r[a]
	e := &c.p.Inst[b]
	positive := interval.I{Lo: 0, Hi: math.Inf(1)}
	if e.Op == tape.Const && c.p.Consts[e.N].Func == nil {
		// A rational exponent of a Pow has a base ≥ 0 and a value ≥ 0.
		v = v.Meet(positive)
		k := c.r[b]
		if v.IsEmpty() || k.IsEmpty() || k.Has(0) {
			return !v.IsEmpty()
		}
		if k.Hi < 0 && v.Hi == 0 {
			return false
		}
		return c.meet(a, v.Pow(k.Inv()).Hull(zeroIf(v.Has(0) && k.Lo > 0)).Meet(positive))
	}
	c.need[a], c.need[b] = true, true
	if base.Lo > 0 {
		l := interval.Log(v.Meet(positive))
		if l.IsEmpty() {
			return false
		}
		if k := c.r[b]; !k.Has(0) && !c.meet(a, interval.Exp(l.Div(k))) {
			return false
		}
		return c.quotient(b, l, interval.Log(base))
	}
	return true
}

func zeroIf(t bool) interval.I {
	if t {
		return interval.Point(0)
	}
	return interval.Empty
}

// lesser narrows a by min(a, b) in v.
func (c *contractor) lesser(a, b int32, v interval.I) bool {
	d := interval.I{Lo: v.Lo, Hi: math.Inf(1)}
	if c.r[b].Lo > v.Hi {
		d.Hi = v.Hi
	}
	return c.meet(a, d)
}

// greater narrows a by max(a, b) in v.
func (c *contractor) greater(a, b int32, v interval.I) bool {
	d := interval.I{Lo: math.Inf(-1), Hi: v.Hi}
	if c.r[b].Hi < v.Lo {
		d.Lo = v.Lo
	}
	return c.meet(a, d)
}

// An inverse returns the hull of the solutions of f(x) in v, for a strictly
// monotone f.
var inverses = map[string]func(v interval.I) interval.I{
	"exp":    interval.Log,
	"expm1":  interval.Log1p,
	"log":    interval.Exp,
	"log1p":  interval.Expm1,
	"log2":   func(v interval.I) interval.I { return interval.Exp(v.Mul(interval.Ln2)) },
	"log10":  func(v interval.I) interval.I { return interval.Exp(v.Mul(interval.Ln10)) },
	"sqrt":   func(v interval.I) interval.I { return v.Meet(interval.I{Lo: 0, Hi: math.Inf(1)}).Sqr() },
	"cbrt":   func(v interval.I) interval.I { return v.PowInt(3) },
	"sinh":   interval.Asinh,
	"asinh":  interval.Sinh,
	"tanh":   interval.Atanh,
	"atanh":  interval.Tanh,
	"atan":   func(v interval.I) interval.I { return tanWithin(v) },
	"erf":    interval.Erfinv,
	"asin":   func(v interval.I) interval.I { return interval.New(-1, 1) },
	"acos":   func(v interval.I) interval.I { return interval.New(-1, 1) },
	"acosh":  func(v interval.I) interval.I { return interval.Cosh(v.Meet(interval.I{Lo: 0, Hi: math.Inf(1)})) },
	"lgamma": func(v interval.I) interval.I { return interval.Whole },
	"softplus": func(v interval.I) interval.I {
		return interval.Log(interval.Expm1(v.Meet(interval.I{Lo: 0, Hi: math.Inf(1)})))
	},
	"sigmoid": func(v interval.I) interval.I {
		v = v.Meet(interval.New(0, 1))
		return interval.Log(v.Div(interval.Point(1).Sub(v)))
	},
}

// tanWithin is {tan y : y in v, |y| < π/2}.
func tanWithin(v interval.I) interval.I {
	half := interval.Pi.Mul(interval.Point(0.5)).Lo // below π/2
	lo, hi := math.Inf(-1), math.Inf(1)
	if v.Lo > -half {
		if v.Lo > half {
			return interval.I{Lo: interval.Tan(interval.Point(half)).Lo, Hi: hi}
		}
		lo = interval.Tan(interval.Point(v.Lo)).Lo
	}
	if v.Hi < half {
		if v.Hi < -half {
			return interval.I{Lo: math.Inf(-1), Hi: interval.Tan(interval.Point(-half)).Hi}
		}
		hi = interval.Tan(interval.Point(v.Hi)).Hi
	}
	return interval.New(lo, hi)
}

// call narrows the operands of a function.
func (c *contractor) call(i int, in *tape.Inst, v interval.I) bool {
	c.ops = c.p.Operands(c.ops[:0], i)
	for _, a := range c.ops {
		c.need[a] = true
	}
	f := c.p.Funcs[in.N]
	if len(c.ops) == 1 {
		a := c.ops[0]
		switch f.Name {
		case "abs":
			v = v.Meet(interval.I{Lo: 0, Hi: math.Inf(1)})
			return !v.IsEmpty() && c.meetEither(a, v.Neg(), v)
		case "cosh":
			s := interval.Acosh(v)
			return !s.IsEmpty() && c.meetEither(a, s.Neg(), s)
		case "sin", "cos":
			return c.wave(a, v, f.Name == "cos")
		case "floor":
			return c.meet(a, interval.New(v.Lo, math.Nextafter(math.Floor(v.Hi)+1, math.Inf(1))))
		}
		if inverse := inverses[f.Name]; inverse != nil {
			return c.meet(a, inverse(v))
		}
	}
	if f.Name == "hypot" {
		for _, a := range c.ops {
			if !c.meet(a, interval.New(-v.Hi, v.Hi)) {
				return false
			}
		}
	}
	return true
}

// wave narrows a by sin a or cos a in v: the ends of a are moved to where the
// curve enters v, for an a of at most a few hundred periods.
func (c *contractor) wave(a int32, v interval.I, cosine bool) bool {
	v = v.Meet(interval.New(-1, 1))
	if v.IsEmpty() {
		return false
	}
	x := c.r[a]
	if v.Lo <= -1 && v.Hi >= 1 || !x.IsBounded() || x.Mag() > 1e4 {
		return true
	}
	// cos a in v: a = ±s + 2πk with s = acos v; sin a = cos(a - π/2).
	s := interval.Acos(v)
	if s.IsEmpty() {
		return false
	}
	shift := interval.Point(0)
	if !cosine {
		shift = interval.Pi.Mul(interval.Point(0.5))
	}
	turn := interval.Pi.Mul(interval.Point(2))
	lo, hi := interval.Empty, interval.Empty
	first := math.Floor((x.Lo-4)/(2*math.Pi)) - 1
	for k := first; k < first+5 && lo.IsEmpty(); k++ {
		base := turn.Mul(interval.Point(k)).Add(shift)
		lo = x.Meet(base.Sub(s))
		if lo.IsEmpty() {
			lo = x.Meet(base.Add(s))
		}
	}
	last := math.Ceil((x.Hi+4)/(2*math.Pi)) + 1
	for k := last; k > last-5 && hi.IsEmpty(); k-- {
		base := turn.Mul(interval.Point(k)).Add(shift)
		hi = x.Meet(base.Add(s))
		if hi.IsEmpty() {
			hi = x.Meet(base.Sub(s))
		}
	}
	if lo.IsEmpty() && hi.IsEmpty() {
		// Every solution within a turn of the ends was looked at; a solution
		// further inside would be more than a turn from both.
		return x.Width() > 25
	}
	if lo.IsEmpty() || hi.IsEmpty() {
		return true
	}
	return c.meet(a, interval.New(lo.Lo, hi.Hi))
}
