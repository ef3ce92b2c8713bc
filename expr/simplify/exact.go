package simplify

import "nabla/expr/number"

// exact holds the functions that map some rationals to rationals without being
// made of sums, products and powers, with their values there.
var exact = map[string]func(x []number.Number) (number.Number, bool){
	"abs":       func(x []number.Number) (number.Number, bool) { return x[0].Abs(), true },
	"sign":      func(x []number.Number) (number.Number, bool) { return number.Int(int64(x[0].Sign())), true },
	"floor":     func(x []number.Number) (number.Number, bool) { return x[0].Floor(), true },
	"ceil":      func(x []number.Number) (number.Number, bool) { return x[0].Neg().Floor().Neg(), true },
	"round":     func(x []number.Number) (number.Number, bool) { return round(x[0]), true },
	"heaviside": func(x []number.Number) (number.Number, bool) { return number.Frac(int64(x[0].Sign())+1, 2), true },
	"min":       func(x []number.Number) (number.Number, bool) { return pick(x, -1), true },
	"max":       func(x []number.Number) (number.Number, bool) { return pick(x, +1), true },
	"relu":      func(x []number.Number) (number.Number, bool) { return pick([]number.Number{x[0], {}}, +1), true },
	"cbrt":      func(x []number.Number) (number.Number, bool) { return x[0].Root(3) },
	"clamp": func(x []number.Number) (number.Number, bool) {
		return pick([]number.Number{pick(x[:2], +1), x[2]}, -1), x[1].Cmp(x[2]) <= 0
	},
	"mod": func(x []number.Number) (number.Number, bool) {
		q, ok := x[0].Quo(x[1])
		if !ok {
			return q, false
		}
		return x[0].Sub(x[1].Mul(q.Floor())), true
	},
}

// round returns the integer nearest to x, of two the one farther from 0.
func round(x number.Number) number.Number {
	if x.Sign() < 0 {
		return round(x.Neg()).Neg()
	}
	return x.Add(half).Floor()
}

// pick returns the greatest (sign +1) or the least (-1) of x.
func pick(x []number.Number, sign int) number.Number {
	best := x[0]
	for _, y := range x[1:] {
		if y.Cmp(best) == sign {
			best = y
		}
	}
	return best
}
