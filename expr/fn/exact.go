package fn

import "math/big"

// The functions of this file make the column Exact: values that are rational numbers, at arguments that are. They
// answer nil where the value is not rational, is not defined, or would be too long to write down, and do not change
// their arguments.

// exact1 takes apart the argument of a column Exact.
func exact1(f func(x *big.Rat) *big.Rat) func([]*big.Rat) *big.Rat {
	return func(x []*big.Rat) *big.Rat { return f(x[0]) }
}

func exactAbs(x *big.Rat) *big.Rat { return new(big.Rat).Abs(x) }

func exactSign(x *big.Rat) *big.Rat { return big.NewRat(int64(x.Sign()), 1) }

func exactHeaviside(x *big.Rat) *big.Rat { return big.NewRat(int64(x.Sign())+1, 2) }

func exactRelu(x *big.Rat) *big.Rat { return greatest([]*big.Rat{x, new(big.Rat)}, +1) }

func exactFloor(x *big.Rat) *big.Rat {
	return new(big.Rat).SetInt(new(big.Int).Div(x.Num(), x.Denom())) // Div rounds down, as denominators are positive
}

func exactCeil(x *big.Rat) *big.Rat {
	c := exactFloor(new(big.Rat).Neg(x))
	return c.Neg(c)
}

// exactRound returns the nearest integer, of two the one farther from 0.
func exactRound(x *big.Rat) *big.Rat {
	r := new(big.Rat).Abs(x)
	r = exactFloor(r.Add(r, big.NewRat(1, 2)))
	if x.Sign() < 0 {
		r.Neg(r)
	}
	return r
}

func exactMod(x []*big.Rat) *big.Rat {
	if x[1].Sign() == 0 {
		return nil
	}
	q := new(big.Rat).Quo(x[0], x[1])
	q.Mul(x[1], exactFloor(q))
	return q.Sub(x[0], q)
}

func exactMin(x []*big.Rat) *big.Rat { return greatest(x, -1) }

func exactMax(x []*big.Rat) *big.Rat { return greatest(x, +1) }

// greatest returns the greatest (sign +1) or the least (-1) of x.
func greatest(x []*big.Rat, sign int) *big.Rat {
	best := x[0]
	for _, y := range x[1:] {
		if y.Cmp(best) == sign {
			best = y
		}
	}
	return best
}

func exactClamp(x []*big.Rat) *big.Rat {
	return greatest([]*big.Rat{greatest(x[:2], +1), x[2]}, -1)
}

// longest is the greatest size, in bits, of a number of which a root is looked for.
const longest = 1 << 16

// exactRoot returns x^(1/n), n ≥ 1, where that is rational; a negative x has one when n is odd.
func exactRoot(x *big.Rat, n int) *big.Rat {
	if x.Sign() < 0 && n%2 == 0 || x.Num().BitLen()+x.Denom().BitLen() > longest {
		return nil
	}
	num, den := intRoot(x.Num(), n), intRoot(x.Denom(), n)
	if num == nil || den == nil {
		return nil
	}
	return new(big.Rat).SetFrac(num, den)
}

// intRoot returns the integer whose n-th power is a, nil when there is none, setting bits from the highest down.
func intRoot(a *big.Int, n int) *big.Int {
	m, e := new(big.Int).Abs(a), big.NewInt(int64(n))
	r, power := new(big.Int), new(big.Int)
	for i := m.BitLen() / n; i >= 0; i-- {
		r.SetBit(r, i, 1)
		if power.Exp(r, e, nil).Cmp(m) > 0 {
			r.SetBit(r, i, 0)
		}
	}
	if power.Exp(r, e, nil).Cmp(m) != 0 {
		return nil
	}
	if a.Sign() < 0 {
		r.Neg(r)
	}
	return r
}

func exactCbrt(x *big.Rat) *big.Rat { return exactRoot(x, 3) }

func exactHypot(x []*big.Rat) *big.Rat {
	sum := new(big.Rat)
	for _, v := range x {
		if v.Num().BitLen()+v.Denom().BitLen() > longest {
			return nil
		}
		sum.Add(sum, new(big.Rat).Mul(v, v))
	}
	return exactRoot(sum, 2)
}

// exactLog makes the logarithm to a base that is a whole number: at its powers.
func exactLog(base int64) func([]*big.Rat) *big.Rat {
	return func(x []*big.Rat) *big.Rat {
		n, sign := x[0].Num(), int64(1)
		if n.IsInt64() && n.Int64() == 1 {
			n, sign = x[0].Denom(), -1
		} else if !x[0].IsInt() {
			return nil
		}
		if n.Sign() <= 0 || n.BitLen() > longest {
			return nil
		}
		b, k := big.NewInt(base), int64(0)
		q, r := new(big.Int).Set(n), new(big.Int)
		for q.BitLen() > 1 {
			if q.QuoRem(q, b, r); r.Sign() != 0 {
				return nil
			}
			k++
		}
		if !q.IsInt64() || q.Int64() != 1 {
			return nil
		}
		return big.NewRat(sign*k, 1)
	}
}

// largestGamma is the greatest argument whose value the column Exact gives: 170! is the last factorial that a float64
// can hold, and has 307 digits.
const largestGamma = 171

// exactGamma returns (x - 1)! for a whole number x.
func exactGamma(x *big.Rat) *big.Rat {
	n, ok := whole(x, 1, largestGamma)
	if !ok {
		return nil
	}
	return new(big.Rat).SetInt(new(big.Int).MulRange(1, n-1))
}

// exactBeta returns (a - 1)! (b - 1)!/(a + b - 1)! for whole numbers.
func exactBeta(x []*big.Rat) *big.Rat {
	a, ok := whole(x[0], 1, largestGamma)
	b, ok2 := whole(x[1], 1, largestGamma)
	if !ok || !ok2 {
		return nil
	}
	lesser := min(a, b)
	return new(big.Rat).SetFrac(new(big.Int).MulRange(1, lesser-1), new(big.Int).MulRange(max(a, b), a+b-1))
}

// whole returns x as a whole number from lo to hi.
func whole(x *big.Rat, lo, hi int64) (int64, bool) {
	if !x.IsInt() || !x.Num().IsInt64() {
		return 0, false
	}
	n := x.Num().Int64()
	return n, lo <= n && n <= hi
}
