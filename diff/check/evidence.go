package check

import (
	"fmt"
	"math"
	"math/big"
	"slices"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/interval/precise"
)

func sortNatural(names []string) { slices.SortFunc(names, expr.Natural) }

// decimals prints an enclosure in as many digits as tell it from a neighbour.
func decimals(x precise.I, bits uint) string {
	digits := int(float64(bits)*math.Log10(2)) + 1
	return fmt.Sprintf("[%s, %s]", decimal(x.Lo, digits), decimal(x.Hi, digits))
}

// maxDecimalExponent is the largest binary exponent of a number that is written
// in decimals: package big goes through all its digits, of which exp(exp(20))
// has a thousand million.
const maxDecimalExponent = 1 << 14

// decimal prints x in digits significant digits, or past maxDecimalExponent as a
// multiple of a power of 2.
func decimal(x *big.Float, digits int) string {
	if e := x.MantExp(nil); !x.IsInf() && (e > maxDecimalExponent || e < -maxDecimalExponent) {
		m := new(big.Float)
		x.MantExp(m)
		return fmt.Sprintf("%s*2^%d", m.Text('g', digits), e)
	}
	return x.Text('g', digits)
}

// floatDigits returns the decimal digits to which members of a and b surely
// agree.
func floatDigits(a, b interval.I) int {
	h := a.Hull(b)
	if !h.IsBounded() || h.IsEmpty() || h.Mig() == 0 && h.Mag() > 0 {
		return 0
	}
	if h.Mag() == 0 {
		return 15
	}
	return int(min(15, max(0, -math.Log10(h.Width()/h.Mig()))))
}

// agreement returns the decimal digits to which a and b surely agree, at most
// those of their precision. Two values that enclose 0 agree as far as they are
// small.
func agreement(a, b precise.I) int {
	if a.Empty || b.Empty {
		return 0
	}
	lo, hi := a.Lo, a.Hi
	if b.Lo.Cmp(lo) < 0 {
		lo = b.Lo
	}
	if b.Hi.Cmp(hi) > 0 {
		hi = b.Hi
	}
	if lo.IsInf() || hi.IsInf() {
		return 0
	}
	w := new(big.Float).SetPrec(64).Sub(hi, lo)
	if w.Sign() == 0 {
		return int(preciseStart * 3 / 10)
	}
	size := 0
	if lo.Sign() > 0 {
		size = lo.MantExp(nil)
	} else if hi.Sign() < 0 {
		size = hi.MantExp(nil)
	}
	return max(0, int(float64(size-w.MantExp(nil))*math.Log10(2)))
}

func (e *Evidence) words() string {
	if e.Points == 0 {
		return "no point was found at which both are defined"
	}
	return fmt.Sprintf("at %d points inside the domain both agree to %d digits; largest relative difference computed %s",
		e.Points, e.Digits, format.Number(e.MaxRelDiff, 2))
}

// domainNote says that one of the formulas is defined where the other is not.
func (s *sampler) domainNote() string {
	switch {
	case s.claimUndefined != nil:
		return fmt.Sprintf("at %s yours is undefined, the right one is not", s.place(s.claimUndefined.x))
	case s.truthUndefined != nil && s.q.base.Valid():
		return fmt.Sprintf("at %s yours has a value, the formula has none", s.place(s.truthUndefined.x))
	case s.truthUndefined != nil:
		return fmt.Sprintf("at %s only one of them is defined", s.place(s.truthUndefined.x))
	}
	return ""
}
