package number

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
)

// Parse returns the exact value of a decimal literal: digits with at most one
// point, and an optional exponent ("12", "3.5", ".5", "5.", "1e-3", "2.5E+10").
// An exponent so large that the value would pass MaxBits is an error.
func Parse(lit string) (Number, error) {
	mant, exp := lit, 0
	if i := strings.IndexAny(lit, "eE"); i >= 0 {
		e, err := strconv.Atoi(lit[i+1:])
		if err != nil {
			return Number{}, fmt.Errorf("number %q: exponent out of range", lit)
		}
		mant, exp = lit[:i], e
	}
	whole, frac, _ := strings.Cut(mant, ".")
	frac = strings.TrimRight(frac, "0")
	digits := whole + frac
	exp -= len(frac)
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return Number{}, fmt.Errorf("number %q: not a decimal literal", lit)
	}
	digits = strings.TrimLeft(digits, "0")
	if digits == "" {
		return Number{}, nil
	}
	// 10/3 bits a digit.
	if size := len(digits) + max(exp, -exp); size < 0 || size > MaxBits*3/10 {
		return Number{}, fmt.Errorf("number %q: more than %d digits", shorten(lit), MaxBits*3/10)
	}
	n, _ := new(big.Int).SetString(digits, 10)
	if exp == 0 && n.IsInt64() {
		return Int(n.Int64()), nil
	}
	p := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(exp, -exp))), nil)
	r := new(big.Rat)
	if exp < 0 {
		r.SetFrac(n, p)
	} else {
		r.SetInt(n.Mul(n, p))
	}
	return FromRat(r), nil
}

func shorten(s string) string {
	if len(s) > 24 {
		return s[:12] + "…" + s[len(s)-8:]
	}
	return s
}

// Decimal returns x in plain decimal digits when it has finitely many, at most
// 40 of them, and false otherwise: 1/8 is "0.125", 1/3 is not a decimal.
func (x Number) Decimal() (string, bool) {
	r := x.Rat()
	twos := int(r.Denom().TrailingZeroBits())
	odd := new(big.Int).Rsh(r.Denom(), uint(twos))
	fives := 0
	five, m := big.NewInt(5), new(big.Int)
	for odd.BitLen() > 1 {
		q, rem := new(big.Int).QuoRem(odd, five, m)
		if rem.Sign() != 0 || fives > 40 {
			return "", false
		}
		odd, fives = q, fives+1
	}
	places := max(twos, fives)
	if s := r.FloatString(places); len(s) <= 42 {
		return s, true
	}
	return "", false
}
