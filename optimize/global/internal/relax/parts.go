package relax

import (
	"math"

	"nabla/expr/interval"
	"nabla/expr/tape"
)

// read returns the form of register i, that of a column of its own where it is not linear.
func (l *Relaxation) read(i int, r []interval.I) form {
	in := &l.p.Inst[i]
	switch in.Op {
	case tape.Var:
		return variable(i)
	case tape.Const:
		return constant(r[i])
	case tape.Neg:
		return l.forms[in.A].times(interval.Point(-1), l.cols)
	case tape.Add:
		return l.forms[in.A].plus(l.forms[in.B], l.cols)
	case tape.Sub:
		return l.forms[in.A].minus(l.forms[in.B], l.cols)
	case tape.Mul:
		a, b := l.forms[in.A], l.forms[in.B]
		switch {
		case a.ok && len(a.j) == 0:
			return b.times(a.e, l.cols)
		case b.ok && len(b.j) == 0:
			return a.times(b.e, l.cols)
		}
	case tape.Div:
		if b := l.forms[in.B]; b.ok && len(b.j) == 0 && !b.e.Has(0) {
			return l.forms[in.A].times(b.e.Inv(), l.cols)
		}
	}
	if r[i].IsEmpty() || !r[i].IsBounded() {
		return form{}
	}
	if r[i].IsPoint() {
		return constant(r[i])
	}
	w := variable(len(l.cols))
	l.cols = append(l.cols, r[i])
	l.parts = append(l.parts, part{i: i, col: len(l.cols) - 1})
	l.of = len(l.cols) - 1
	l.relate(in, w, r[i], r)
	if l.monomials[i] && r[i].Lo > 0 {
		l.monomial(i, w, r)
	}
	return w
}

// argument is the form of register a with what its values lie in; false where that is not known.
func (l *Relaxation) argument(a int32, r []interval.I) (form, interval.I, bool) {
	f := l.forms[a]
	if !f.ok {
		return f, interval.Empty, false
	}
	v := r[a].Meet(f.enclose(l.cols))
	return f, v, v.IsBounded() && !v.IsEmpty()
}

// relate adds what is linear and true of the value w of the instruction, which lies in v.
func (l *Relaxation) relate(in *tape.Inst, w form, v interval.I, r []interval.I) {
	if in.Op == tape.Call {
		if _, known := curves[l.p.Funcs[in.N].Name]; !known {
			return
		}
	}
	a, x, ok := l.argument(in.A, r)
	if !ok {
		return
	}
	switch in.Op {
	case tape.Mul:
		if in.A == in.B {
			l.curve(w, a, x, func(t interval.I) interval.I { return t.Sqr() }, func(t interval.I) interval.I { return t.Add(t) }, 1)
			return
		}
		if b, y, ok := l.argument(in.B, r); ok {
			l.product(w, a, b, x, y)
			l.entropy(in, w, r)
		}
	case tape.Div:
		if b, y, ok := l.argument(in.B, r); ok && !y.Has(0) {
			l.product(a, w, b, v, y) // w b = a
			if len(a.j) == 0 && !x.Has(0) {
				l.curve(w, b, y, func(t interval.I) interval.I { return x.Div(t) }, func(t interval.I) interval.I { return x.Div(t.Sqr()).Neg() }, sign(x)*sign(y))
			}
		}
	case tape.Powi:
		n := int(in.N)
		bend := 0.0
		switch {
		case n%2 == 0:
			bend = 1
		case !x.Has(0) || x.Lo == 0 || x.Hi == 0:
			bend = sign(x)
		}
		l.curve(w, a, x, func(t interval.I) interval.I { return t.PowInt(n) },
			func(t interval.I) interval.I { return interval.Point(float64(n)).Mul(t.PowInt(n - 1)) }, bend)
	case tape.Pow:
		if e := &l.p.Inst[in.B]; e.Op == tape.Const && x.Lo >= 0 {
			k := r[in.B]
			bend := 0.0
			switch {
			case k.Lo > 1 || k.Hi < 0:
				bend = 1
			case k.Lo > 0 && k.Hi < 1:
				bend = -1
			}
			less := k.Sub(interval.Point(1))
			l.curve(w, a, x, func(t interval.I) interval.I { return t.Pow(k) }, func(t interval.I) interval.I { return k.Mul(t.Pow(less)) }, bend)
		}
	case tape.Call:
		if c, known := curves[l.p.Funcs[in.N].Name]; known {
			l.curve(w, a, x, c.f, c.slope, float64(l.p.Funcs[in.N].Convex))
		}
	}
}

func sign(x interval.I) float64 {
	if x.Lo >= 0 {
		return 1
	}
	return -1
}

// curves are functions of one variable with their derivatives.
var curves = map[string]struct{ f, slope func(interval.I) interval.I }{
	"exp":  {interval.Exp, interval.Exp},
	"log":  {interval.Log, interval.I.Inv},
	"sqrt": {interval.I.Sqrt, func(t interval.I) interval.I { return interval.Point(0.5).Div(t.Sqrt()) }},
	"sin":  {interval.Sin, interval.Cos},
	"cos":  {interval.Cos, func(t interval.I) interval.I { return interval.Sin(t).Neg() }},
}

// product adds the rows of w = a b for a in x and b in y:
//
//	(a - x.Lo)(b - y.Lo) ≥ 0, (x.Hi - a)(y.Hi - b) ≥ 0, (x.Hi - a)(b - y.Lo) ≥ 0, (a - x.Lo)(y.Hi - b) ≥ 0.
func (l *Relaxation) product(w, a, b form, x, y interval.I) {
	for _, c := range [4]struct {
		x, y float64
		less bool // than the linear function
	}{{x.Lo, y.Lo, false}, {x.Hi, y.Hi, false}, {x.Hi, y.Lo, true}, {x.Lo, y.Hi, true}} {
		p, q := interval.Point(c.x), interval.Point(c.y)
		plane := a.times(q, l.cols).plus(b.times(p, l.cols), l.cols).minus(constant(p.Mul(q)), l.cols)
		if c.less {
			l.add(w.minus(plane, l.cols))
		} else {
			l.add(plane.minus(w, l.cols))
		}
	}
}

// curve adds the rows of w = f(a) for a in x: tangents and the secant of a function that is convex or concave
// there, otherwise lines with the steepest slopes through the ends.
func (l *Relaxation) curve(w, a form, x interval.I, f, slope func(interval.I) interval.I, convex float64) {
	c := bend{w: w, a: a, x: x, f: f, slope: slope, bend: convex, of: l.of}
	if convex == 0 {
		k := slope(x)
		if !k.IsBounded() || k.IsEmpty() {
			return
		}
		least, greatest := interval.Point(k.Lo), interval.Point(k.Hi)
		for _, side := range [2][3]interval.I{{interval.Point(x.Lo), least, greatest}, {interval.Point(x.Hi), greatest, least}} {
			l.add(l.line(&c, side[0].Lo, side[1]).minus(w, l.cols))
			l.add(w.minus(l.line(&c, side[0].Lo, side[2]), l.cols))
		}
		return
	}
	for _, part := range [3]float64{0, 0.5, 1} {
		t := x.Lo + part*(x.Hi-x.Lo)
		if part == 1 {
			t = x.Hi
		}
		l.tangent(&c, t)
	}
	secant := form{}
	if x.Width() > 0 {
		lo, hi := interval.Point(x.Lo), interval.Point(x.Hi)
		secant = l.line(&c, x.Lo, f(hi).Sub(f(lo)).Div(hi.Sub(lo)))
	}
	if convex > 0 {
		l.add(w.minus(secant, l.cols))
	} else {
		l.add(secant.minus(w, l.cols))
	}
	l.bends = append(l.bends, c)
}

// line is f(t) + k (a - t).
func (l *Relaxation) line(c *bend, t float64, k interval.I) form {
	at := interval.Point(t)
	v := c.f(at)
	if v.IsEmpty() {
		return form{}
	}
	return c.a.minus(constant(at), l.cols).times(k, l.cols).plus(constant(v), l.cols)
}

// tangent adds the row of the tangent at t, which is in x.
func (l *Relaxation) tangent(c *bend, t float64) {
	if !(math.Abs(t) <= math.MaxFloat64) {
		return
	}
	var f form
	if c.over.ok {
		if !(t > 0) {
			return
		}
		f = l.plane(c, t)
	} else {
		k := c.slope(interval.Point(t))
		if k.IsEmpty() || !k.IsBounded() {
			return
		}
		f = l.line(c, t, k)
	}
	if c.bend > 0 {
		l.add(f.minus(c.w, l.cols))
	} else {
		l.add(c.w.minus(f, l.cols))
	}
}

// cut adds the tangents beyond which the solution at hand lies, and reports whether there are some.
func (l *Relaxation) cut() bool {
	const off = 1e-3 // relative to what w may be
	before := len(l.rows)
	for i := range l.bends {
		c := &l.bends[i]
		t, v := l.touch(c)
		if d := (v - l.valueOf(c.w)) * c.bend; d > off*c.w.enclose(l.cols).Width() && d <= math.MaxFloat64 {
			l.of = c.of
			l.tangent(c, t)
		}
	}
	for _, r := range l.rows[before:] {
		l.write(r)
		l.lp.append(l.a[len(l.a)-1], l.b[len(l.b)-1])
	}
	l.isCut = len(l.rows) > before
	return l.isCut
}

// touch returns where a tangent touches what c says of w, and the value of that, at the solution.
func (l *Relaxation) touch(c *bend) (t, v float64) {
	a := l.valueOf(c.a)
	if c.over.ok {
		t = math.Max(c.x.Lo, math.Min(a/l.valueOf(c.over), c.x.Hi))
		return t, c.k.Mid() * a * math.Log(t)
	}
	t = math.Max(c.x.Lo, math.Min(a, c.x.Hi))
	return t, c.f(interval.Point(t)).Mid()
}

// valueOf is that of a form at the solution.
func (l *Relaxation) valueOf(f form) float64 {
	if !f.ok {
		return math.NaN()
	}
	v := f.e.Mid()
	for k, j := range f.j {
		v += f.c[k] * l.at[j]
	}
	return v
}
