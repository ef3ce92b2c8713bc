package precise

import "math/big"

// maxExp bounds the exponents of the ends that are kept. Sums and products of kept ends then stay inside the
// exponents of big.Float, which overflows to infinity and underflows to zero whatever the rounding mode.
const maxExp = 1 << 29

var (
	huge  = new(big.Float).SetMantExp(one, maxExp-1)
	nhuge = new(big.Float).Neg(huge)
	tiny  = new(big.Float).SetMantExp(one, -maxExp)
	ntiny = new(big.Float).Neg(tiny)
)

func down(prec uint) *big.Float { return new(big.Float).SetPrec(prec).SetMode(big.ToNegativeInf) }
func up(prec uint) *big.Float   { return new(big.Float).SetPrec(prec).SetMode(big.ToPositiveInf) }

// tidy brings ends with exponents beyond maxExp back into range, outward.
func (x I) tidy() I {
	if x.Empty {
		return x
	}
	return I{Lo: tidyLo(x.Lo), Hi: tidyHi(x.Hi)}
}

func tidyLo(x *big.Float) *big.Float {
	if x.IsInf() {
		if x.Sign() > 0 {
			return huge
		}
		return x
	}
	switch e := x.MantExp(nil); {
	case e > maxExp:
		if x.Sign() > 0 {
			return huge
		}
		return ninf
	case e < -maxExp:
		if x.Sign() >= 0 {
			return zero
		}
		return ntiny
	}
	return x
}

func tidyHi(x *big.Float) *big.Float {
	if x.IsInf() {
		if x.Sign() < 0 {
			return nhuge
		}
		return x
	}
	switch e := x.MantExp(nil); {
	case e > maxExp:
		if x.Sign() < 0 {
			return nhuge
		}
		return inf
	case e < -maxExp:
		if x.Sign() <= 0 {
			return zero
		}
		return tiny
	}
	return x
}

// addDown returns x + y rounded down to prec bits; neither is +Inf.
func addDown(x, y *big.Float, prec uint) *big.Float {
	if x.IsInf() || y.IsInf() {
		return ninf
	}
	return down(prec).Add(near(x, y, prec))
}

// addUp returns x + y rounded up to prec bits; neither is -Inf.
func addUp(x, y *big.Float, prec uint) *big.Float {
	if x.IsInf() || y.IsInf() {
		return inf
	}
	return up(prec).Add(near(x, y, prec))
}

// near returns summands with the same directed roundings of their sum to prec bits as x and y, but with
// exponents so near that adding them costs no memory: a summand far below the last bits of the other only
// counts by its sign.
func near(x, y *big.Float, prec uint) (*big.Float, *big.Float) {
	if x.Sign() == 0 || y.Sign() == 0 {
		return x, y
	}
	if x.MantExp(nil) < y.MantExp(nil) {
		x, y = y, x
	}
	low := x.MantExp(nil) - int(max(prec, x.Prec())) - 8
	if y.MantExp(nil) >= low-int(y.Prec()) {
		return x, y
	}
	s := new(big.Float).SetMantExp(one, low-1)
	if y.Sign() < 0 {
		s.Neg(s)
	}
	return x, s
}

// mulEnd sets z to x*y, with 0 times an infinite end taken as 0.
func mulEnd(z, x, y *big.Float) *big.Float {
	if x.Sign() == 0 || y.Sign() == 0 {
		return zero
	}
	return z.Mul(x, y)
}

// quoEnd sets z to x/y, y ≠ 0, with a finite number over an infinite end taken as 0.
func quoEnd(z, x, y *big.Float) *big.Float {
	if x.Sign() == 0 || y.IsInf() {
		return zero
	}
	return z.Quo(x, y)
}
