package interval

import "math"

// safe is the magnitude from which the residual of a product, quotient or square root is itself a float64:
// the residual has 53 bits that end no lower than 2^-1074, so the result may start at 2^-1022+53. Below it
// the slow paths look again (Muller et al., Handbook, §4.4, §4.8).
const safe = 0x1p-969

const tiny = math.SmallestNonzeroFloat64

// nextDown returns the largest float64 below x, for x neither -Inf nor NaN. From +Inf it is MaxFloat64, and
// from either zero the smallest negative number.
func nextDown(x float64) float64 {
	if x == 0 {
		return -tiny
	}
	b := math.Float64bits(x)
	return math.Float64frombits(b - 1 - uint64(int64(b)>>63)<<1) // one less in magnitude, one more if negative
}

// nextUp returns the smallest float64 above x, for x neither +Inf nor NaN.
func nextUp(x float64) float64 {
	if x == 0 {
		return tiny
	}
	b := math.Float64bits(x)
	return math.Float64frombits(b + 1 + uint64(int64(b)>>63)<<1)
}

// grid returns the place of x on the grid of float64: grid is increasing, and neighbours differ by one.
func grid(x float64) int64 {
	b := int64(math.Float64bits(x))
	if b < 0 {
		b = math.MinInt64 - b
	}
	return b
}

// onGrid is the inverse of grid.
func onGrid(n int64) float64 {
	if n < 0 {
		n = math.MinInt64 - n
	}
	return math.Float64frombits(uint64(n))
}

const (
	gridInf = 0x7FF << 52 // grid(+Inf)
)

// lowered returns x moved n steps down the grid, at least -Inf. A NaN, which no function of package math
// gives inside its domain, is lowered to -Inf so that a surprise widens instead of lying.
func lowered(x float64, n int) float64 {
	if x != x {
		return math.Inf(-1)
	}
	return onGrid(max(grid(x)-int64(n), -gridInf))
}

// raised returns x moved n steps up the grid, at most +Inf.
func raised(x float64, n int) float64 {
	if x != x {
		return math.Inf(1)
	}
	return onGrid(min(grid(x)+int64(n), gridInf))
}

// around returns the interval n steps about v: what is known of a value that was computed as v by a
// function whose error is at most n ulps. The ends keep to the rule that infinities are not members.
func around(v float64, n int) I {
	return I{min(lowered(v, n), math.MaxFloat64), max(raised(v, n), -math.MaxFloat64)}
}

// twoSum returns s = fl(x + y) and the error e = x + y - s, exact unless something overflows, when e is
// infinite or NaN (Knuth, TAOCP 2, §4.2.2; Boldo, Graillat, Muller, On the robustness of the 2Sum and
// Fast2Sum algorithms, ACM TOMS 44, 2017).
func twoSum(x, y float64) (s, e float64) {
	s = x + y
	z := s - x
	e = (x - (s - z)) + (y - z)
	return s, e
}

// addDown returns the largest float64 known to be at most x + y, where neither is +Inf.
func addDown(x, y float64) float64 {
	s, e := twoSum(x, y)
	if s < -math.MaxFloat64 {
		return s
	}
	if e-e != 0 && s <= math.MaxFloat64 { // x or y is the largest float64: halves do the same without overflow
		_, e = twoSum(x/2, y/2)
		if e == 0 && math.Abs(x) < 0x1p-1022 { // a subnormal number is all error, but its half may be rounded to 0
			e = x
		} else if e == 0 && math.Abs(y) < 0x1p-1022 {
			e = y
		}
	}
	if e >= 0 {
		return s
	}
	return nextDown(s) // also +Inf, the overflow of finite numbers, to MaxFloat64
}

// addUp returns the smallest float64 known to be at least x + y, where neither is -Inf.
func addUp(x, y float64) float64 { return -addDown(-x, -y) }

// mulDown returns a lower bound of x*y that is exact where x*y is a float64 and one step away at most
// elsewhere; 0 times an infinite end is 0, since the infinity stands for arbitrarily large reals.
func mulDown(x, y float64) float64 {
	if x == 0 || y == 0 {
		return 0
	}
	p := float64(x * y)
	a := math.Abs(p)
	if a >= safe && a <= math.MaxFloat64 {
		if math.FMA(x, y, -p) < 0 {
			p = nextDown(p)
		}
		return p
	}
	switch {
	case p < 0 && a > math.MaxFloat64:
		return p
	case a > math.MaxFloat64:
		if math.Abs(x) > math.MaxFloat64 || math.Abs(y) > math.MaxFloat64 {
			return p
		}
		return math.MaxFloat64
	case p == 0:
		if (x < 0) != (y < 0) {
			return -tiny
		}
		return 0
	}
	// The product is tiny, so the smaller factor is below 2^-484 and can be scaled; the scaled product lies
	// in the safe range and its residual has the sign that counts.
	const scale = 0x1p500
	if math.Abs(x) > math.Abs(y) {
		x, y = y, x
	}
	if math.FMA(x*scale, y, -p*scale) < 0 {
		p = nextDown(p)
	}
	return p
}

// mulUp returns an upper bound of x*y, as mulDown does a lower one.
func mulUp(x, y float64) float64 { return -mulDown(-x, y) }

// divDown returns a lower bound of x/y, y ≠ 0, exact where x/y is a float64 and one step away at most
// elsewhere; a finite number over an infinite end is 0.
func divDown(x, y float64) float64 {
	if x == 0 || math.Abs(y) > math.MaxFloat64 {
		if math.Abs(x) > math.MaxFloat64 { // an unbounded numerator over an unbounded denominator: callers avoid it
			return math.Inf(-1)
		}
		return 0
	}
	q := x / y
	a := math.Abs(q)
	switch {
	case q < 0 && a > math.MaxFloat64:
		return q
	case a > math.MaxFloat64:
		if math.Abs(x) > math.MaxFloat64 {
			return q
		}
		return math.MaxFloat64
	case q == 0:
		if (x < 0) != (y < 0) {
			return -tiny
		}
		return 0
	}
	var r float64 // x - q*y, up to a positive factor
	if math.Abs(x) >= safe {
		r = math.FMA(-q, y, x)
	} else { // q*y is tiny: scale its smaller factor
		const scale = 0x1p500
		if math.Abs(q) > math.Abs(y) {
			r = math.FMA(-q, y*scale, x*scale)
		} else {
			r = math.FMA(-q*scale, y, x*scale)
		}
	}
	if y < 0 {
		r = -r
	}
	if r < 0 {
		q = nextDown(q)
	}
	return q
}

// divUp returns an upper bound of x/y, y ≠ 0.
func divUp(x, y float64) float64 { return -divDown(-x, y) }

// sqrtDown returns a lower bound of the square root of x ≥ 0, exact for squares.
func sqrtDown(x float64) float64 {
	if x > math.MaxFloat64 || x == 0 {
		return x
	}
	r := math.Sqrt(x)
	if x < safe {
		if math.FMA(-r*0x1p300, r*0x1p300, x*0x1p600) < 0 { // r ≥ 2^-537, so the scaled residual is exact
			r = nextDown(r)
		}
		return r
	}
	if math.FMA(-r, r, x) < 0 {
		r = nextDown(r)
	}
	return r
}

// sqrtUp returns an upper bound of the square root of x ≥ 0, exact for squares.
func sqrtUp(x float64) float64 {
	if x > math.MaxFloat64 || x == 0 {
		return x
	}
	r := math.Sqrt(x)
	if x < safe {
		if math.FMA(-r*0x1p300, r*0x1p300, x*0x1p600) > 0 {
			r = nextUp(r)
		}
		return r
	}
	if math.FMA(-r, r, x) > 0 {
		r = nextUp(r)
	}
	return r
}
