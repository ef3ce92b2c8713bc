package precise

import (
	"math/big"
	"sync"
)

// A constant is a positive number known to as many bits as have been asked for, kept in fixed point.
type constant struct {
	mu   sync.Mutex
	bits uint
	v    *big.Int
	// compute returns v with |value - v/2^f| ≤ 2^20/2^f.
	compute func(f uint) *big.Int
}

// fixed returns v with |value·2^f - v| < 2. The constant is computed with 32 bits more, which makes its error
// less than 2^-12 units, and cutting them off costs less than one.
func (c *constant) fixed(f uint) *big.Int {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.v == nil || c.bits < f+32 {
		c.bits = f + 32 + f/4
		c.v = c.compute(c.bits)
	}
	return new(big.Int).Rsh(c.v, c.bits-f)
}

// enclose returns an enclosure to prec bits of a constant between 1/2 and 8.
func (c *constant) enclose(prec uint) I {
	return fromFixed(c.fixed(prec+4), 2, prec+4, prec)
}

// Machin's formula for π, and its like for log 2 (X. Gourdon, P. Sebah, The logarithmic constant: log 2, 2010).
var (
	pi = constant{compute: func(f uint) *big.Int {
		return combine(f, arctan, 16, 5, -4, 239)
	}}
	ln2 = constant{compute: func(f uint) *big.Int {
		return combine(f, artanh, 18, 26, -2, 4801, 8, 8749)
	}}
)

// combine returns Σ c·s(1/n) over the pairs (c, n), where s is one of the two series below. Each series of at
// most f/4 terms errs by at most one unit a term, and f stays below 2^15, so the sum errs by less than 2^20 units.
func combine(f uint, series func(n int64, f uint) *big.Int, pairs ...int64) *big.Int {
	s := new(big.Int)
	for i := 0; i < len(pairs); i += 2 {
		t := series(pairs[i+1], f)
		s.Add(s, t.Mul(t, big.NewInt(pairs[i])))
	}
	return s
}

// arctan returns arctan(1/n) = 1/n - 1/3n³ + 1/5n⁵ - …, n ≥ 5, in units of 2^-f.
func arctan(n int64, f uint) *big.Int { return inverseSeries(n, f, true) }

// artanh returns artanh(1/n) = 1/n + 1/3n³ + 1/5n⁵ + ….
func artanh(n int64, f uint) *big.Int { return inverseSeries(n, f, false) }

func inverseSeries(n int64, f uint, alternate bool) *big.Int {
	p := new(big.Int).Lsh(big.NewInt(1), f)
	p.Quo(p, big.NewInt(n))
	s := new(big.Int).Set(p)
	t, d, sq := new(big.Int), new(big.Int), big.NewInt(n*n)
	for k := int64(1); p.Sign() != 0; k++ {
		p.Quo(p, sq)
		t.Quo(p, d.SetInt64(2*k+1))
		if alternate && k&1 == 1 {
			s.Sub(s, t)
		} else {
			s.Add(s, t)
		}
	}
	return s
}

// Pi returns an enclosure of π.
func Pi(prec uint) I { return pi.enclose(clamp(prec)) }

// Ln2 returns an enclosure of log 2.
func Ln2(prec uint) I { return ln2.enclose(clamp(prec)) }

// E returns an enclosure of Euler's number e.
func E(prec uint) I { return expEnd(one, clamp(prec)) }

// fromFixed returns the interval (v ± err)/2^f rounded outward to prec bits.
func fromFixed(v *big.Int, err int64, f, prec uint) I {
	e := big.NewInt(err)
	lo, hi := down(prec).SetInt(new(big.Int).Sub(v, e)), up(prec).SetInt(new(big.Int).Add(v, e))
	return scale(I{Lo: lo, Hi: hi}, -int(f))
}

// toFixed returns v with |x·2^f - v| < 1, rounded toward 0; x·2^f must be of moderate size.
func toFixed(x *big.Float, f uint) *big.Int {
	v := new(big.Int)
	if x.Sign() == 0 {
		return v
	}
	m := new(big.Float)
	e := x.MantExp(m)
	p := int(x.MinPrec())
	m.SetMantExp(m, p).Int(v) // the whole mantissa, exactly
	switch n := e - p + int(f); {
	case n >= 0:
		v.Lsh(v, uint(n))
	case -n > p:
		v.SetInt64(0)
	default:
		neg := v.Sign() < 0
		v.Rsh(v.Abs(v), uint(-n))
		if neg {
			v.Neg(v)
		}
	}
	return v
}
