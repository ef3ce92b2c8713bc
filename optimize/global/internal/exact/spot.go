package exact

import (
	"math"

	"nabla/expr"
	"nabla/expr/interval"
)

// A Spot is a place on the line, or one of its ends.
type Spot struct {
	Inf   int        // -1 or +1 for an end of the line
	Exact expr.Expr  // the place in closed form, if there is one
	Hull  interval.I // contains the place
	// wide: the place is not proved to exist; i contains all that there may be.
	Wide bool
	Mult int // of a zero, when known
	// Of is a formula of which the place is a zero, if that is how it was found.
	Of expr.Expr
}

func At(c *Constants, e expr.Expr) Spot {
	e = c.Simplify(e)
	return Spot{Exact: e, Hull: c.Enclose(e)}
}

var Start, End = Spot{Inf: -1, Hull: interval.Empty}, Spot{Inf: 1, Hull: interval.Empty}

// Float returns a float near the spot.
func (s Spot) Float() float64 {
	switch {
	case s.Inf != 0:
		return math.Inf(s.Inf)
	case s.Exact.Valid() && s.Exact.Op() == expr.Num:
		return s.Exact.Number().Float64()
	}
	if s.Hull.Has(0) {
		return 0
	}
	return s.Hull.Mid()
}

// CompareSpots returns the order of a and b, and whether it is proved.
func (c *Constants) CompareSpots(a, b Spot) (int, bool) {
	switch {
	case a.Inf != b.Inf:
		return a.Inf - b.Inf, true
	case a.Inf != 0:
		return 0, true
	case a.Hull.Hi < b.Hull.Lo:
		return -1, true
	case a.Hull.Lo > b.Hull.Hi:
		return 1, true
	case a.Exact.Valid() && b.Exact.Valid():
		return c.Compare(a.Exact, b.Exact)
	case a.Of.Valid() && a.Of == b.Of && a.Hull == b.Hull && !a.Wide && !b.Wide:
		return 0, true // one spot twice
	}
	return 0, false
}
