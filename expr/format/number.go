package format

import (
	"math"
	"math/big"
	"strconv"
	"strings"

	"nabla/expr/number"
)

// Number returns x in as few digits as are right to the given number of
// significant ones; 0 digits or less means as many as tell x from all other
// float64s. Numbers with 1e-5 ≤ |x| < 1e15 are in plain digits and show at least
// their whole part, others look like 1.5e-7 and 1e20. There is no -0 and no 1e+08.
// What is not finite is nan, inf or -inf.
func Number(x float64, digits int) string { return string(AppendNumber(nil, x, digits)) }

// Ends returns texts of lo and hi, as Number writes them, that are read as float64s no larger than lo and
// no smaller than hi.
func Ends(lo, hi float64, digits int) (string, string) {
	return outward(lo, digits, -1), outward(hi, digits, 1)
}

// outward is Number on the given side of x, which is -1 for below.
func outward(x float64, digits int, side float64) string {
	text := Number(x, digits)
	shown, err := strconv.ParseFloat(text, 64)
	if err != nil || (shown-x)*side >= 0 || digits <= 0 {
		return text
	}
	unit := math.Pow(10, math.Floor(math.Log10(math.Abs(x)))-float64(digits-1)) // of the last digit
	if math.Abs(x) < 1e15 {
		unit = math.Min(unit, 1)
	}
	return Number(shown+side*unit, digits)
}

// AppendNumber appends Number(x, digits) to dst.
func AppendNumber(dst []byte, x float64, digits int) []byte {
	switch {
	case x != x:
		return append(dst, "nan"...)
	case math.IsInf(x, 1):
		return append(dst, "inf"...)
	case math.IsInf(x, -1):
		return append(dst, "-inf"...)
	case x == 0:
		return append(dst, '0')
	}
	if x < 0 {
		dst, x = append(dst, '-'), -x
	}
	var room [32]byte
	// To strconv -1 digits after the first are as many as it takes.
	d, point := decimal(strconv.AppendFloat(room[:0], x, 'e', max(digits, 0)-1, 64))
	if digits > 0 && digits < point && point <= 15 {
		// Zeros in place of the last digits of a whole part would be false.
		return strconv.AppendFloat(dst, x, 'f', 0, 64)
	}
	return appendDecimal(dst, d, point, -4, 15)
}

// decimal takes a number apart that strconv wrote as d.ddde±dd: its digits
// without zeros at the end, and where the point stands, counted from the first
// digit. It uses the memory of text.
func decimal(text []byte) (digits []byte, point int) {
	mantissa, exponent, _ := strings.Cut(string(text), "e")
	point, _ = strconv.Atoi(exponent)
	digits = text[:0]
	for i := range len(mantissa) {
		if mantissa[i] != '.' {
			digits = append(digits, mantissa[i])
		}
	}
	for len(digits) > 1 && digits[len(digits)-1] == '0' {
		digits = digits[:len(digits)-1]
	}
	return digits, point + 1
}

// appendDecimal appends the number 0.digits * 10^point, in plain digits when
// point is from lo to hi.
func appendDecimal(dst, digits []byte, point, lo, hi int) []byte {
	switch {
	case point < lo || point > hi:
		dst = append(dst, digits[0])
		if len(digits) > 1 {
			dst = append(append(dst, '.'), digits[1:]...)
		}
		return strconv.AppendInt(append(dst, 'e'), int64(point-1), 10)
	case point <= 0:
		dst = append(dst, "0."...)
		for range -point {
			dst = append(dst, '0')
		}
		return append(dst, digits...)
	case point < len(digits):
		dst = append(append(dst, digits[:point]...), '.')
		return append(dst, digits[point:]...)
	}
	dst = append(dst, digits...)
	for range point - len(digits) {
		dst = append(dst, '0')
	}
	return dst
}

// plainDigits is the most digits of a whole number that are all written though
// most of them are zeros at the end.
const plainDigits = 21

// A constant is the absolute value of a Num as it is printed: top/bottom, or
// top alone when bottom is "".
type constant struct {
	neg         bool
	top, bottom string
}

// is reports whether the constant is the whole number digits, but for its sign.
func (c constant) is(digits string) bool { return c.top == digits && c.bottom == "" }

// scientific reports whether the constant is written with an exponent.
func (c constant) scientific() bool { return strings.IndexByte(c.top, 'e') >= 0 }

// constant returns how n is printed.
func (o Options) constant(n number.Number) constant {
	p, q, small := n.Frac64()
	c := constant{neg: n.Sign() < 0}
	if small && p != math.MinInt64 {
		if p < 0 {
			p = -p
		}
		short := o.Digits <= 0 || max(p, q) < 1_000_000 && len(strconv.FormatInt(max(p, q), 10)) <= o.Digits
		if short && (q == 1 || !o.Decimals || !decimalFraction(q)) {
			c.top = strconv.FormatInt(p, 10)
			if q > 1 {
				c.bottom = strconv.FormatInt(q, 10)
			}
			return c
		}
	}
	r := n.Rat()
	r.Abs(r)
	if o.Digits > 0 && (digitCount(r.Num()) > o.Digits || digitCount(r.Denom()) > o.Digits) {
		c.top = rounded(r, o.Digits)
		return c
	}
	if r.IsInt() {
		c.top = whole(r.Num())
		return c
	}
	if o.Decimals {
		if text, ok := terminating(r); ok {
			c.top = text
			return c
		}
	}
	c.top, c.bottom = whole(r.Num()), whole(r.Denom())
	return c
}

// decimalFraction reports whether 1/q terminates.
func decimalFraction(q int64) bool {
	for q%2 == 0 {
		q /= 2
	}
	for q%5 == 0 {
		q /= 5
	}
	return q == 1
}

// whole returns n ≥ 0, with an exponent when it is long and mostly zeros.
func whole(n *big.Int) string {
	text := n.String()
	if len(text) <= plainDigits {
		return text
	}
	digits := strings.TrimRight(text, "0")
	if 2*len(digits) > len(text) {
		return text
	}
	return string(appendDecimal(nil, []byte(digits), len(text), 0, 0))
}

// terminating returns r > 0 as a decimal when it is one.
func terminating(r *big.Rat) (string, bool) {
	q := r.Denom()
	twos := int(q.TrailingZeroBits())
	odd := new(big.Int).Rsh(q, uint(twos))
	// 5^k has at most 2.33 k bits, and more than 2.32 k.
	fives := odd.BitLen() * 100 / 233
	power := new(big.Int)
	five := big.NewInt(5)
	for ; ; fives++ {
		c := power.Exp(five, big.NewInt(int64(fives)), nil).Cmp(odd)
		if c == 0 {
			break
		}
		if c > 0 {
			return "", false
		}
	}
	places := max(twos, fives)
	// p/q = p 2^(places-twos) 5^(places-fives) / 10^places
	p := power.Exp(five, big.NewInt(int64(places-fives)), nil)
	p.Mul(p, r.Num()).Lsh(p, uint(places-twos))
	digits := []byte(p.String())
	point := len(digits) - places
	return string(appendDecimal(nil, digits, point, -4, math.MaxInt)), true
}

// rounded returns r > 0 to the given number of digits.
func rounded(r *big.Rat, digits int) string {
	f := new(big.Float).SetPrec(uint(4*digits) + 64).SetRat(r)
	d, point := decimal(f.Append(nil, 'e', digits-1))
	if digits < point && point <= 15 {
		return f.Text('f', 0)
	}
	return string(appendDecimal(nil, d, point, -4, 15))
}

// digitCount returns the number of decimal digits of n, or one more.
func digitCount(n *big.Int) int {
	if n.IsInt64() {
		return len(strconv.FormatInt(n.Int64(), 10))
	}
	return int(float64(n.BitLen())*math.Log10(2)) + 1
}
