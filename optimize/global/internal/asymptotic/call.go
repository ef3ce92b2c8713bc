package asymptotic

import (
	"math"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/tape"
	"nabla/optimize/global/internal/exact"
)

// call expands f(u).
func (a *Tail) call(f *fn.Func, u *series) (*series, bool) {
	name := f.Name
	one := a.single(1, scale{})
	inv := func(x *series) (*series, bool) { return a.pow(x, number.Int(-1)) }
	neg := func(x *series) (*series, bool) { return a.times(x, a.int(-1), scale{}) }
	switch name {
	case "sqrt":
		return a.pow(u, number.Frac(1, 2))
	case "exp":
		return a.exp(u)
	case "log":
		return a.log(u)
	case "log1p":
		v, ok := a.add(u, one)
		if !ok {
			return nil, false
		}
		return a.log(v)
	case "log2", "log10":
		l, ok := a.log(u)
		if !ok {
			return nil, false
		}
		b := int64(2)
		if name == "log10" {
			b = 10
		}
		return a.times(l, a.c.T.Pow(a.c.T.Call(fn.Lookup("log"), a.int(b)), a.int(-1)), scale{})
	case "tan", "sec", "csc", "cot":
		s, ok1 := a.call(fn.Lookup("sin"), u)
		c, ok2 := a.call(fn.Lookup("cos"), u)
		if !ok1 || !ok2 {
			return nil, false
		}
		if name == "tan" || name == "sec" {
			c, ok1 = inv(c)
		}
		if name == "cot" || name == "csc" {
			s, ok1 = inv(s)
		}
		switch {
		case !ok1:
			return nil, false
		case name == "sec":
			return c, true
		case name == "csc":
			return s, true
		}
		return a.mul(s, c)
	}
	if len(u.terms) == 0 && u.exact() {
		return a.taylor(f, u)
	}
	m, v, ok := a.lead(u)
	if !ok {
		return nil, false
	}
	g, ok := a.growth(m)
	if !ok {
		return nil, false
	}
	sign := 0
	switch {
	case v.Lo > 0:
		sign = 1
	case v.Hi < 0:
		sign = -1
	}
	switch name {
	case "abs":
		switch sign {
		case 1:
			return u, true
		case -1:
			return neg(u)
		}
		return &series{rem: v.Abs(), rm: m}, v.IsBounded()
	case "cbrt":
		if sign < 0 {
			w, ok := neg(u)
			if !ok {
				return nil, false
			}
			if w, ok = a.pow(w, number.Frac(1, 3)); !ok {
				return nil, false
			}
			return neg(w)
		}
		return a.pow(u, number.Frac(1, 3))
	}
	if g <= 0 {
		if s, ok := a.singular(name, u); ok {
			return s, true
		}
		return a.taylor(f, u)
	}
	// u is unbounded
	switch name {
	case "sin", "cos":
		return &series{rem: interval.New(-1, 1)}, true
	case "floor":
		return a.add(u, &series{rem: interval.New(-1, 0)})
	case "ceil":
		return a.add(u, &series{rem: interval.New(0, 1)})
	case "round":
		return a.add(u, &series{rem: interval.New(-0.5, 0.5)})
	case "erf", "tanh", "atan", "asinh", "sinh": // odd
		if sign < 0 {
			w, ok := neg(u)
			if !ok {
				return nil, false
			}
			if w, ok = a.call(f, w); !ok {
				return nil, false
			}
			return neg(w)
		}
	case "cosh":
		if sign < 0 {
			if u, ok = neg(u); !ok {
				return nil, false
			}
			sign = 1
		}
	}
	if sign == 0 {
		return nil, false
	}
	toExp := func(k int64) (*series, bool) { // e^(k u)
		w, ok := a.times(u, a.int(k), scale{})
		if !ok {
			return nil, false
		}
		return a.exp(w)
	}
	switch name {
	case "expm1":
		p, ok := a.exp(u)
		if !ok {
			return nil, false
		}
		return a.add(p, a.single(-1, scale{}))
	case "sinh", "cosh":
		p, ok1 := toExp(1)
		q, ok2 := toExp(-1)
		if !ok1 || !ok2 {
			return nil, false
		}
		if name == "sinh" {
			if q, ok = neg(q); !ok {
				return nil, false
			}
		}
		s, ok := a.add(p, q)
		if !ok {
			return nil, false
		}
		return a.times(s, a.num(number.Frac(1, 2)), scale{})
	case "tanh": // 1 - 2/(1 + e^(2u))
		p, ok := toExp(2)
		if !ok {
			return nil, false
		}
		if p, ok = a.add(p, one); !ok {
			return nil, false
		}
		if p, ok = inv(p); !ok {
			return nil, false
		}
		if p, ok = a.times(p, a.int(-2), scale{}); !ok {
			return nil, false
		}
		return a.add(p, one)
	case "sech", "csch", "coth":
		p, ok1 := a.call(fn.Lookup("sinh"), u)
		q, ok2 := a.call(fn.Lookup("cosh"), u)
		if !ok1 || !ok2 {
			return nil, false
		}
		switch name {
		case "sech":
			return inv(q)
		case "csch":
			return inv(p)
		}
		if p, ok = inv(p); !ok {
			return nil, false
		}
		return a.mul(p, q)
	case "sigmoid":
		p, ok := toExp(-1)
		if !ok {
			return nil, false
		}
		if p, ok = a.add(p, one); !ok {
			return nil, false
		}
		return inv(p)
	case "softplus":
		p, ok := toExp(1)
		if !ok {
			return nil, false
		}
		if p, ok = a.add(p, one); !ok {
			return nil, false
		}
		return a.log(p)
	case "asinh", "acosh": // log(u + sqrt(u² ± 1))
		c := int64(1)
		if name == "acosh" {
			c = -1
		}
		q, ok := a.mul(u, u)
		if !ok {
			return nil, false
		}
		if q, ok = a.add(q, a.single(c, scale{})); !ok {
			return nil, false
		}
		if q, ok = a.pow(q, number.Frac(1, 2)); !ok {
			return nil, false
		}
		if q, ok = a.add(q, u); !ok {
			return nil, false
		}
		return a.log(q)
	case "atan": // pi/2 - atan(1/u), u > 0
		w, ok := inv(u)
		if !ok {
			return nil, false
		}
		if w, ok = a.taylor(f, w); !ok {
			return nil, false
		}
		if w, ok = neg(w); !ok {
			return nil, false
		}
		p, ok := a.constant(a.c.T.Mul(a.num(number.Frac(1, 2)), a.c.T.Call(fn.Lookup("pi"))))
		if !ok {
			return nil, false
		}
		return a.add(p, w)
	case "erfc":
		if sign < 0 {
			w, ok := neg(u)
			if !ok {
				return nil, false
			}
			if w, ok = a.call(f, w); !ok {
				return nil, false
			}
			if w, ok = neg(w); !ok {
				return nil, false
			}
			return a.add(w, a.single(2, scale{}))
		}
		// e^(-u²)/(u sqrt(pi))·(1 - θ/(2u²)), 0 ≤ θ ≤ 1 (DLMF 7.12.1)
		q, ok := a.mul(u, u)
		if !ok {
			return nil, false
		}
		p, ok := neg(q)
		if !ok {
			return nil, false
		}
		if p, ok = a.exp(p); !ok {
			return nil, false
		}
		w, ok := inv(u)
		if !ok {
			return nil, false
		}
		if p, ok = a.mul(p, w); !ok {
			return nil, false
		}
		if q, ok = inv(q); !ok {
			return nil, false
		}
		mq, vq, ok := a.lead(q)
		if !ok {
			return nil, false
		}
		factor := a.single(1, scale{})
		if !a.absorb(factor, vq.Mul(interval.New(-0.5, 0)), mq) || !a.settle(factor) {
			return nil, false
		}
		if p, ok = a.mul(p, factor); !ok {
			return nil, false
		}
		return a.times(p, a.c.T.Pow(a.c.T.Call(fn.Lookup("pi")), a.num(number.Frac(-1, 2))), scale{})
	case "erf": // 1 - erfc(u)
		w, ok := a.call(fn.Lookup("erfc"), u)
		if !ok {
			return nil, false
		}
		if w, ok = neg(w); !ok {
			return nil, false
		}
		return a.add(w, one)
	case "normcdf": // erfc(-u/sqrt(2))/2
		w, ok := a.times(u, a.c.Simplify(a.c.T.Mul(a.int(-1), a.c.T.Pow(a.int(2), a.num(number.Frac(-1, 2))))), scale{})
		if !ok {
			return nil, false
		}
		if w, ok = a.call(fn.Lookup("erfc"), w); !ok {
			return nil, false
		}
		return a.times(w, a.num(number.Frac(1, 2)), scale{})
	case "normpdf":
		q, ok := a.mul(u, u)
		if !ok {
			return nil, false
		}
		if q, ok = a.times(q, a.num(number.Frac(-1, 2)), scale{}); !ok {
			return nil, false
		}
		if q, ok = a.exp(q); !ok {
			return nil, false
		}
		two := a.c.T.Mul(a.int(2), a.c.T.Call(fn.Lookup("pi")))
		return a.times(q, a.c.T.Pow(two, a.num(number.Frac(-1, 2))), scale{})
	case "sinc":
		w, ok := inv(u)
		if !ok {
			return nil, false
		}
		return a.mul(&series{rem: interval.New(-1, 1)}, w)
	case "W":
		// (1 - 1/e) log u ≤ W(u) ≤ log u for u ≥ e (Hoorfar, Hassani 2008)
		mm, vv, ok := a.lead(u)
		if !ok || sign < 0 {
			return nil, false
		}
		low, ok := a.divScale(scale{}, mm)
		if !ok {
			return nil, false
		}
		b, ok := a.bound(low)
		if !ok || !(interval.Point(vv.Lo).Div(interval.New(b, b)).Lo > 2.72) {
			return nil, false
		}
		l, ok := a.log(u)
		if !ok {
			return nil, false
		}
		lm, lv, ok := a.lead(l)
		if !ok {
			return nil, false
		}
		return &series{rem: lv.Mul(interval.New(0.63, 1)), rm: lm}, true
	case "lgamma", "gamma":
		if sign < 0 {
			return nil, false
		}
		// log Γ(u) = (u - 1/2) log u - u + log(2 pi)/2 + θ/(12u), 0 ≤ θ ≤ 1
		l, ok := a.log(u)
		if !ok {
			return nil, false
		}
		w, ok := a.add(u, &series{terms: []seriesTerm{{a.num(number.Frac(-1, 2)), scale{}}}})
		if !ok {
			return nil, false
		}
		if w, ok = a.mul(w, l); !ok {
			return nil, false
		}
		mu, ok := neg(u)
		if !ok {
			return nil, false
		}
		if w, ok = a.add(w, mu); !ok {
			return nil, false
		}
		two := a.c.T.Mul(a.int(2), a.c.T.Call(fn.Lookup("pi")))
		c, ok := a.constant(a.c.Simplify(a.c.T.Mul(a.num(number.Frac(1, 2)), a.c.T.Call(fn.Lookup("log"), two))))
		if !ok {
			return nil, false
		}
		if w, ok = a.add(w, c); !ok {
			return nil, false
		}
		q, ok := inv(u)
		if !ok {
			return nil, false
		}
		mq, vq, ok := a.lead(q)
		if !ok || !a.absorb(w, vq.Mul(interval.New(0, 0.0834)), mq) || !a.settle(w) {
			return nil, false
		}
		if name == "lgamma" {
			return w, true
		}
		return a.exp(w)
	}
	return nil, false
}

// singular expands functions at the ends of their domain, u having a limit.
func (a *Tail) singular(name string, u *series) (*series, bool) {
	var at int64
	switch name {
	case "asin", "acos", "atanh", "acosh", "gamma", "digamma":
	default:
		return nil, false
	}
	if len(u.terms) > 0 {
		if g, ok := a.growth(u.terms[0].m); ok && g == 0 {
			c := u.terms[0].c
			if c.Op() != expr.Num {
				return nil, false
			}
			k, ok := c.Number().Int64()
			if !ok {
				return nil, false
			}
			at = k
		}
	}
	half := number.Frac(1, 2)
	switch name {
	case "asin", "acos":
		// acos(u) = 2 asin(sqrt((1-u)/2)); acos(-u) = pi - acos(u)
		if at != 1 && at != -1 {
			return nil, false
		}
		w, ok := a.times(u, a.num(number.Int(-at).Mul(half)), scale{})
		if !ok {
			return nil, false
		}
		if w, ok = a.add(w, &series{terms: []seriesTerm{{a.num(half), scale{}}}}); !ok {
			return nil, false
		}
		if w, ok = a.pow(w, half); !ok {
			return nil, false
		}
		if w, ok = a.taylor(fn.Lookup("asin"), w); !ok {
			return nil, false
		}
		if w, ok = a.times(w, a.int(2), scale{}); !ok { // acos(|u|)
			return nil, false
		}
		pi := a.c.T.Call(fn.Lookup("pi"))
		var add expr.Expr
		sign := int64(1)
		switch {
		case name == "acos" && at == 1:
			return w, true
		case name == "acos":
			add, sign = pi, -1
		case at == 1:
			add, sign = a.c.T.Mul(a.num(half), pi), -1
		default:
			add = a.c.T.Mul(a.num(half.Neg()), pi)
		}
		if w, ok = a.times(w, a.int(sign), scale{}); !ok {
			return nil, false
		}
		c, ok := a.constant(add)
		if !ok {
			return nil, false
		}
		return a.add(c, w)
	case "atanh":
		if at != 1 && at != -1 {
			return nil, false
		}
		p, ok1 := a.add(a.single(1, scale{}), u)
		m, ok2 := a.times(u, a.int(-1), scale{})
		if !ok1 || !ok2 {
			return nil, false
		}
		m, ok := a.add(m, a.single(1, scale{}))
		if !ok {
			return nil, false
		}
		p, ok1 = a.log(p)
		m, ok2 = a.log(m)
		if !ok1 || !ok2 {
			return nil, false
		}
		if m, ok = a.times(m, a.int(-1), scale{}); !ok {
			return nil, false
		}
		if p, ok = a.add(p, m); !ok {
			return nil, false
		}
		return a.times(p, a.num(half), scale{})
	case "gamma", "digamma":
		// Γ(u) = Γ(u+n+1)/(u (u+1) … (u+n)) and
		// ψ(u) = ψ(u+n+1) - 1/u - … - 1/(u+n) at -n
		if at > 0 || at < -40 {
			return nil, false
		}
		p, ok := a.add(u, a.single(1-at, scale{}))
		if !ok {
			return nil, false
		}
		if p, ok = a.taylor(fn.Lookup(name), p); !ok {
			return nil, false
		}
		for j := int64(0); j <= -at; j++ {
			q, ok := u, true
			if j > 0 {
				if q, ok = a.add(u, a.single(j, scale{})); !ok {
					return nil, false
				}
			}
			if q, ok = a.pow(q, number.Int(-1)); !ok {
				return nil, false
			}
			if name == "gamma" {
				p, ok = a.mul(p, q)
			} else {
				if q, ok = a.times(q, a.int(-1), scale{}); ok {
					p, ok = a.add(p, q)
				}
			}
			if !ok {
				return nil, false
			}
		}
		return p, true
	}
	return nil, false
}

const taylorOrder = 4

// derivatives returns f(y), f'(y), …, f^(taylorOrder)(y).
func (a *Tail) derivatives(f *fn.Func) []expr.Expr {
	y := a.c.T.Call(f, a.c.T.Var("y"))
	out := []expr.Expr{y}
	for range taylorOrder {
		y = a.c.T.Tidy(diff.D(y, "y"))
		out = append(out, y)
	}
	return out
}

// taylor expands f(u) for u with a limit at which f is analytic.
func (a *Tail) taylor(f *fn.Func, u *series) (*series, bool) {
	c := a.int(0)
	eps := u
	if len(u.terms) > 0 {
		if g, ok := a.growth(u.terms[0].m); ok && g == 0 {
			c = u.terms[0].c
			eps = &series{terms: u.terms[1:], rem: u.rem, rm: u.rm}
		}
	}
	size, ok := a.sizeOf(eps)
	if !ok {
		return nil, false
	}
	over := a.c.Enclose(c).Add(size.Hull(interval.Point(0)))
	if f.Enclose == nil || len(f.Args) != 1 || f.Family == "pieces" || f.Name == "relu" {
		return nil, false
	}
	if len(eps.terms) == 0 && !eps.exact() {
		if g, ok := a.growth(eps.rm); ok && g == 0 { // bounded, and no more known
			if f.Decorate([]interval.I{over}) < interval.Defined {
				return nil, false
			}
			v := f.Enclose([]interval.I{over})
			return &series{rem: v}, v.IsBounded()
		}
	}
	ds := a.derivatives(f)
	h := make([]expr.Expr, taylorOrder)
	k := number.Int(1)
	for i := range h {
		v := a.c.T.Tidy(a.c.T.Pool().Substitute(ds[i], map[string]expr.Expr{"y": c}))
		if !a.c.Enclose(v).IsBounded() {
			return nil, false
		}
		inv, _ := k.Inv()
		h[i] = a.c.Simplify(a.c.T.Mul(a.num(inv), v))
		k = k.Mul(number.Int(int64(i + 1)))
	}
	p, err := tape.Compile([]string{"y"}, ds[taylorOrder], ds[0])
	if err != nil {
		return nil, false
	}
	var out [2]interval.I
	var dec [2]interval.Dec
	p.NewMachine().Interval(out[:], dec[:], []interval.I{over})
	if dec[0] < interval.Defined || dec[1] < interval.Continuous || !out[0].IsBounded() {
		return nil, false
	}
	inv, _ := k.Inv()
	return a.compose(eps, h, out[0].Mul(exact.HullOf(inv)))
}

// A Limit is what a formula does at an end of a piece.
type Limit struct {
	Kind  Kind
	Value expr.Expr  // of a finite limit
	Bound interval.I // of values past T for limitBounded, and for finite ones
	side  int        // sign of the formula minus its limit past T, 0 if not known
	T     float64
}

// Low returns a lower bound for the formula past T, and whether one is known.
func (l Limit) Low() (float64, bool) {
	switch l.Kind {
	case Plus, Bounded, Above:
		return l.Bound.Lo, !math.IsInf(l.Bound.Lo, 0)
	case Finite:
		if l.Bound == (interval.I{}) { // exactly the limit, which is 0
			return 0, true
		}
		return l.Bound.Lo, !math.IsInf(l.Bound.Lo, 0)
	}
	return 0, false
}

type Kind uint8

const (
	Unknown Kind = iota
	Finite
	Plus    // → ∞
	Minus   // → -∞
	Bounded // stays within bound
	Above   // unknown, but bounded below by bound.Lo
)

// Starts are the T that are tried. Later ones make remainders small, earlier
// ones leave less of the line to be searched.
var Starts = [...]float64{64, 4096, 1 << 24, 1 << 45, math.Ldexp(1, 90)}

// LimitAt returns the limit of the tidy formula e as t → ∞ in a.
func (a *Tail) LimitAt(e expr.Expr) Limit {
	s, ok := a.expand(e)
	if !ok {
		return Limit{}
	}
	if len(s.terms) == 0 && s.exact() {
		return Limit{Kind: Finite, Value: a.int(0), T: a.T}
	}
	m, v, ok := a.lead(s)
	if !ok {
		return Limit{}
	}
	g, ok := a.growth(m)
	if !ok {
		return Limit{}
	}
	sign := exact.SignOf(v)
	switch {
	case g > 0 && sign > 0:
		// f = v m with 1/m falling to 0: f is at least its value with both least
		lim := Limit{Kind: Plus, T: a.T, Bound: interval.New(0, math.Inf(1))}
		if b, ok := a.bound(a.powScale(m, number.Int(-1))); ok && b > 0 {
			lim.Bound.Lo = interval.Point(v.Lo).Div(interval.Point(b)).Lo
		}
		return lim
	case g > 0 && sign < 0:
		return Limit{Kind: Minus, T: a.T}
	case g > 0 && v.Lo >= 0:
		return Limit{Kind: Above, Bound: interval.New(0, math.Inf(1)), T: a.T}
	case g > 0:
		return Limit{}
	}
	all, ok := a.sizeOf(s)
	if !ok {
		return Limit{}
	}
	switch {
	case g < 0:
		return Limit{Kind: Finite, Value: a.int(0), Bound: all, side: sign, T: a.T}
	case len(s.terms) == 0:
		return Limit{Kind: Bounded, Bound: all, T: a.T}
	}
	rest := &series{terms: s.terms[1:], rem: s.rem, rm: s.rm}
	l := Limit{Kind: Finite, Value: s.terms[0].c, Bound: all, T: a.T}
	if len(rest.terms) > 0 || !rest.exact() {
		if _, w, ok := a.lead(rest); ok {
			l.side = exact.SignOf(w)
		}
	}
	return l
}

// SignPast returns the sign of e for all t ≥ T, 0 when it is not known.
func (a *Tail) SignPast(e expr.Expr) int {
	s, ok := a.expand(e)
	if !ok {
		return 0
	}
	_, v, ok := a.lead(s)
	if !ok {
		return 0
	}
	return exact.SignOf(v)
}
