package exact

import (
	"math"

	"nabla/expr/interval"
	"nabla/expr/number"
)

// This file expands sines and cosines of sums, multiples and constants.

// innerAngle returns what atan(tan a), asin(±sin a) and acos(±cos a), or asin and acos of the other, are for a constant a:
// a or -a and a multiple of π, in the range of the inverse function.
func (r *Ring) innerAngle(name string, u Combo) (Combo, bool) {
	if len(u) != 1 || u[0].C.Abs() != number.Int(1) || len(u[0].M) == 0 || len(u[0].M) > 2 {
		return nil, false
	}
	of := &r.Kernels[u[0].M[0].K]
	if of.kind != kernelTrig || of.HasX || name == "atan" && len(u[0].M) != 2 || name != "atan" && len(u[0].M) != 1 {
		return nil, false
	}
	for _, p := range u[0].M {
		k := &r.Kernels[p.K]
		want := number.Int(1)
		if name == "atan" && k.name == "cos" {
			want = number.Int(-1)
		}
		if k.kind != kernelTrig || p.N != want || len(Add(k.arg, of.arg.Neg())) > 0 {
			return nil, false
		}
	}
	other := name == "asin" && of.name == "cos" || name == "acos" && of.name == "sin"
	if other { // asin v is π/2 - acos v
		name = map[string]string{"asin": "acos", "acos": "asin"}[name]
	}
	v, ok := r.turnedInto(name, of.arg)
	if !ok {
		return nil, false
	}
	pi := func(c number.Number) Combo { return r.Expand(r.T.Mul(r.T.Num(c), Pi(r.T.Pool()))) }
	if u[0].C.Sign() < 0 {
		v = v.Neg()
		if name == "acos" { // acos(-v) is π - acos v
			v = Add(pi(number.Int(1)), v)
		}
	}
	if other {
		v = Add(pi(number.Frac(1, 2)), v.Neg())
	}
	return v, true
}

// turnedInto returns the number in the range of the inverse function of that name, of sin, cos or tan, at which that function is as at a.
func (r *Ring) turnedInto(name string, a Combo) (Combo, bool) {
	v, ok := r.enclose(r.Build(a))
	if !ok || !v.IsBounded() || v.Mag() > 1e6 {
		return nil, false
	}
	pi := interval.Pi
	turns := func(n int64) Combo { return r.Expand(r.T.Mul(r.T.Int(-n), Pi(r.T.Pool()))) }
	moved := func(n int64) interval.I { return v.Sub(pi.Mul(interval.Point(float64(n)))) }
	if name == "acos" {
		n := 2 * int64(math.Round(v.Mid()/(2*math.Pi)))
		w := moved(n)
		b := Add(a, turns(n))
		if w.Hi <= 0 {
			w, b = w.Neg(), b.Neg()
		}
		return b, w.Lo >= 0 && w.Hi <= pi.Lo
	}
	n := int64(math.Round(v.Mid() / math.Pi))
	half := pi.Lo / 2
	w, b := moved(n), Add(a, turns(n))
	if name == "asin" && n%2 != 0 {
		b = b.Neg()
	}
	return b, w.Lo >= -half && w.Hi <= half
}

// trig returns sin a or cos a.
func (r *Ring) trig(sine bool, a Combo) (Combo, bool) {
	// a = u + c·pi
	var c number.Number
	u := make(Combo, 0, len(a))
	for _, t := range a {
		if len(t.M) == 1 && t.M[0].N == number.Int(1) && r.Kernels[t.M[0].K].E.IsCall("pi") && t.C.Rat().Denom().IsInt64() && 12%t.C.Rat().Denom().Int64() == 0 {
			c = t.C
			continue
		}
		u = append(u, t)
	}
	if c.Sign() != 0 {
		cs, cc := r.specialAngle(c)
		if len(u) == 0 {
			if sine {
				return cs, true
			}
			return cc, true
		}
		s, ok := r.trig(true, u)
		if !ok {
			return nil, false
		}
		k, ok := r.trig(false, u)
		if !ok {
			return nil, false
		}
		if sine { // sin u cos c + cos u sin c
			return r.sumOfProducts(s, cc, k, cs)
		}
		return r.sumOfProducts(k, cc, s.Neg(), cs)
	}
	if len(u) == 0 {
		if sine {
			return nil, true
		}
		return comboOf(number.Int(1)), true
	}
	if u[0].C.Sign() < 0 {
		v, ok := r.trig(sine, u.Neg())
		if sine {
			v = v.Neg()
		}
		return v, ok
	}
	if len(u) == 1 && len(u[0].M) == 1 && u[0].M[0].N == number.Int(1) {
		info := r.Kernels[u[0].M[0].K]
		if c, of, sign := octant(u[0].C, sine); c != u[0].C && info.E.IsCall("pi") {
			v, ok := r.trig(of, r.one(u[0].M[0].K).scale(c))
			return v.scale(sign), ok
		}
		n, whole := u[0].C.Int64()
		if whole && n >= 1 && n <= 8 {
			var s, k Combo
			ok := true
			switch info.name {
			case "atan":
				// (1 + i v)/sqrt(1 + v²)
				var q Combo
				if q, ok = r.mul(info.arg, info.arg); !ok {
					return nil, false
				}
				if k, ok = r.pow(Add(comboOf(number.Int(1)), q), number.Frac(-1, 2)); !ok {
					return nil, false
				}
				s, ok = r.mul(info.arg, k)
			case "asin", "acos":
				var q Combo
				if q, ok = r.mul(info.arg, info.arg); !ok {
					return nil, false
				}
				if k, ok = r.pow(Add(comboOf(number.Int(1)), q.Neg()), number.Frac(1, 2)); !ok {
					return nil, false
				}
				s = info.arg
				if info.name == "acos" {
					s, k = k, s
				}
			}
			if s != nil && ok {
				return r.multipleAngle(sine, s, k, int(n))
			}
		}
	}
	name := "cos"
	if sine {
		name = "sin"
	}
	return r.one(r.enter(r.lookup(name, r.Build(u)), Kernel{kind: kernelTrig, name: name, arg: u})), true
}

// octant writes the sine or cosine of cπ, c > 0, as sign times that of an angle from 0 to π/4.
func octant(c number.Number, sine bool) (of number.Number, ofSine bool, sign number.Number) {
	half, one, two := number.Frac(1, 2), number.Int(1), number.Int(2)
	sign = one
	c = c.Sub(c.Mul(half).Floor().Mul(two))
	if c.Cmp(one) > 0 { // cos(2π - u) = cos(u)
		if c = two.Sub(c); sine {
			sign = sign.Neg()
		}
	}
	if c.Cmp(half) > 0 { // sin(π - u) = sin(u)
		if c = one.Sub(c); !sine {
			sign = sign.Neg()
		}
	}
	if c.Cmp(number.Frac(1, 4)) > 0 { // sin(π/2 - u) = cos(u)
		c, sine = half.Sub(c), !sine
	}
	return c, sine, sign
}

func (r *Ring) sumOfProducts(a, b, c, d Combo) (Combo, bool) {
	p, ok := r.mul(a, b)
	if !ok {
		return nil, false
	}
	q, ok := r.mul(c, d)
	return Add(p, q), ok
}

// multipleAngle returns sin(n·t) or cos(n·t) from s = sin t and c = cos t.
func (r *Ring) multipleAngle(sine bool, s, c Combo, n int) (Combo, bool) {
	a, b := comboOf(number.Int(1)), Combo(nil) // cos(k t), sin(k t)
	for range n {
		x, ok := r.sumOfProducts(a, c, b.Neg(), s)
		if !ok {
			return nil, false
		}
		y, ok := r.sumOfProducts(a, s, b, c)
		if !ok {
			return nil, false
		}
		a, b = x, y
	}
	if sine {
		return b, true
	}
	return a, true
}

// specialAngle returns sin(c·pi) and cos(c·pi) where 12 c is an integer.
func (r *Ring) specialAngle(c number.Number) (sin, cos Combo) {
	n12, _ := c.Mul(number.Int(12)).Int64()
	n := int(((n12 % 24) + 24) % 24)
	root := func(v int64) Combo {
		f, _ := r.numberRoot(number.Int(v), number.Frac(1, 2))
		return f
	}
	at := func(k int) Combo { // sin(k·pi/12)
		k = ((k % 24) + 24) % 24
		sign := number.Int(1)
		if k >= 12 {
			k, sign = k-12, number.Int(-1)
		}
		if k > 6 {
			k = 12 - k
		}
		var v Combo
		switch k {
		case 1:
			v = Add(root(6), root(2).Neg()).scale(number.Frac(1, 4))
		case 2:
			v = comboOf(number.Frac(1, 2))
		case 3:
			v = root(2).scale(number.Frac(1, 2))
		case 4:
			v = root(3).scale(number.Frac(1, 2))
		case 5:
			v = Add(root(6), root(2)).scale(number.Frac(1, 4))
		case 6:
			v = comboOf(number.Int(1))
		}
		return v.scale(sign)
	}
	return at(n), at(n + 6)
}
