package check

import (
	"math"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
)

// A MeanValueResult is what two values of a function say about its derivative.
type MeanValueResult struct {
	Refuted  bool
	Quotient number.Number // (f(b) - f(a))/(b - a)
	Range    interval.I    // encloses the claim over [a, b]
	Defined  bool          // the claim is defined on all of [a, b]
}

// MeanValue refutes the claim that a function with the values fa at a and fb at
// b has the derivative claim by x on [a, b]: by the mean value theorem its
// difference quotient is a value of its derivative in between, so a quotient
// outside the range of the claim refutes it. The values must be exact. claim may
// have no other variable. A claim that is not defined on all of [a, b], which
// may be a pole of f, is never refuted.
func MeanValue(a, b, fa, fb number.Number, claim expr.Expr, x string) (MeanValueResult, error) {
	var r MeanValueResult
	prog, err := tape.Compile([]string{x}, carryOut(claim))
	if err != nil {
		return r, err
	}
	q, ok := fb.Sub(fa).Quo(b.Sub(a))
	if !ok {
		return r, nil
	}
	r.Quotient = q
	if a.Cmp(b) > 0 {
		a, b = b, a
	}
	whole := simplify.Hull(a).Hull(simplify.Hull(b))
	m := prog.NewMachine()
	// The range is the union over parts: bisection where the enclosure does not
	// clear the quotient, since only there a finer one can change the answer.
	r.Range, r.Defined = interval.Empty, true
	at := simplify.Hull(q)
	parts := []interval.I{whole}
	out, dec := make([]interval.I, 1), make([]interval.Dec, 1)
	for work := 0; len(parts) > 0; work++ {
		p := parts[len(parts)-1]
		parts = parts[:len(parts)-1]
		m.Interval(out, dec, []interval.I{p})
		mid := p.Mid()
		split := work < 4000 && mid > p.Lo && mid < p.Hi
		if (dec[0] < interval.Defined || !out[0].Disjoint(at)) && split {
			parts = append(parts, interval.New(p.Lo, mid), interval.New(mid, p.Hi))
			continue
		}
		r.Defined = r.Defined && dec[0] >= interval.Defined
		r.Range = r.Range.Hull(out[0])
		if !out[0].Disjoint(at) && !r.Defined {
			break
		}
	}
	// Disjoint from each part, but perhaps not from the hull: a continuous claim
	// takes all values in between, and a derivative does too (Darboux).
	r.Refuted = r.Defined && r.Range.Disjoint(at) && !math.IsNaN(r.Range.Lo)
	return r, nil
}
