package check

import (
	"fmt"
	"math"
	"math/big"
	"strings"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/interval/precise"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
)

// A Value is a number computed elsewhere, judged.
type Value struct {
	Wrt     string
	Claimed string // as given
	True    interval.I
	// Verdict is equal when the number is the derivative rounded to the digits
	// that were written, or off by no more than what float64 arithmetic loses
	// when it evaluates the derivative; else different. It is undecided where
	// the derivative is not known to exist.
	Verdict Verdict
	Digits  int // to which it agrees
	Note    string
}

// Values judges numbers computed elsewhere, which are to be the partial
// derivatives of f by vars at the point at. The numbers are literals or formulas
// without variables.
func Values(f expr.Expr, vars []string, at []Coordinate, values []string, o Options) ([]Value, error) {
	if len(values) != len(vars) {
		return nil, fmt.Errorf("%d values for the %d variables %s", len(values), len(vars), strings.Join(vars, ", "))
	}
	parts := diff.Partials(f, vars)
	out := make([]Value, len(vars))
	for i, text := range values {
		e, err := expr.Reader{Derivative: diff.D}.Expr(text)
		if err != nil {
			return nil, err
		}
		e = simplify.Tidy(e) // -0.5 is a number
		if out[i], err = value(carryOut(f), parts[i], e, text, at, o); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func value(f expr.Expr, d diff.Derivative, claimed expr.Expr, text string, at []Coordinate, o Options) (Value, error) {
	v := Value{Wrt: d.Wrt[0], Claimed: strings.TrimSpace(text), Verdict: Undecided}
	q := question{claim: claimed, truth: d.Expr, base: f, guards: d.Conditions, wrt: d.Wrt[0], o: o}
	s, err := newSampler(q)
	if err != nil {
		return v, err
	}
	p := point{x: make([]number.Number, len(s.vars))}
	for i, x := range s.vars {
		found := false
		for _, c := range at {
			if c.Var == x {
				p.x[i], found = c.Value, true
			}
		}
		if !found {
			return v, &tape.UnknownVariableError{Name: x}
		}
	}
	if !s.valid(&p) {
		v.True = p.truth
		v.Note = "the derivative is not known to exist at this point"
		return v, nil
	}
	v.True = p.truth
	c, t, ok := s.precisely(p.x, preciseStart)
	if !ok {
		c, t = precise.FromFloats(p.claim.Lo, p.claim.Hi), precise.FromFloats(p.truth.Lo, p.truth.Hi)
	}
	v.Digits = agreement(c, t)
	// What the last digit that was written leaves open, and what float64
	// arithmetic loses: the width of the interval evaluation in float64, which
	// bounds the rounding errors of evaluating the same formula.
	allowed := new(big.Float).SetPrec(64).SetFloat64(2 * p.truth.Width())
	if u, ok := lastDigit(v.Claimed); ok {
		if !truncated(c, t) {
			u.Quo(u, big.NewFloat(2))
		} else {
			u.Mul(u, big.NewFloat(1-1e-9)) // less than a unit
		}
		allowed.Add(allowed, u)
	} else if claimed.Op() != expr.Num && claimed.IsConstant() {
		allowed.SetFloat64(0) // an exact value: sqrt(2)/2
	}
	if gap(c, t).Cmp(allowed) <= 0 {
		v.Verdict = Same
		if claimed.Op() != expr.Num && !equality(claimed, at0(d.Expr, s.vars, p.x), o).equal {
			v.Verdict = Undecided
		}
		return v, nil
	}
	v.Verdict = Different
	return v, nil
}

// at0 returns e at the point x.
func at0(e expr.Expr, vars []string, x []number.Number) expr.Expr {
	p := expr.NewPool()
	with := map[string]expr.Expr{}
	for i, v := range vars {
		with[v] = p.Num(x[i])
	}
	return p.Substitute(p.Import(e), with)
}

// gap returns the distance of two intervals, 0 when they meet.
func gap(a, b precise.I) *big.Float {
	z := new(big.Float).SetPrec(preciseStart)
	switch {
	case a.Lo.Cmp(b.Hi) > 0:
		return z.Sub(a.Lo, b.Hi)
	case b.Lo.Cmp(a.Hi) > 0:
		return z.Sub(b.Lo, a.Hi)
	}
	return z
}

// truncated reports whether c lies between 0 and t, as it does when the digits of
// t were cut off and not rounded.
func truncated(c, t precise.I) bool {
	sign, _ := t.Sign()
	if sign > 0 {
		return c.Lo.Sign() >= 0 && c.Hi.Cmp(t.Lo) < 0
	}
	return sign < 0 && c.Hi.Sign() <= 0 && c.Lo.Cmp(t.Hi) > 0
}

// lastDigit returns a unit of the last digit of a decimal literal. Rounding
// leaves an error of half of it, truncating one of less than the whole.
func lastDigit(text string) (*big.Float, bool) {
	s := strings.TrimLeft(text, "+- ")
	exponent := 0
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		if _, err := fmt.Sscanf(s[i+1:], "%d", &exponent); err != nil {
			return nil, false
		}
		s = s[:i]
	}
	point := strings.IndexByte(s, '.')
	if strings.Trim(s, "0123456789.") != "" || s == "" || point < 0 && exponent == 0 {
		return nil, false // a whole number is exact
	}
	if point >= 0 {
		exponent -= len(s) - point - 1
	}
	if exponent < -300 || exponent > 300 {
		return nil, false
	}
	return new(big.Float).SetPrec(64).SetFloat64(math.Pow(10, float64(exponent))), true
}
