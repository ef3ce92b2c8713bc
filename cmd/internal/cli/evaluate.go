package cli

import (
	"math"
	"math/big"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/interval/precise"
	"nabla/expr/simplify"
	"nabla/expr/tape"
)

// evaluate returns the value of e, which has no variables, in floats.
func evaluate(e expr.Expr) float64 {
	v, err := newEvaluator(nil, []expr.Expr{e})
	if err != nil {
		return math.NaN()
	}
	return v.floats(nil)[0]
}

// A place is a point at which formulas are evaluated. Its coordinates are real
// numbers given exactly; the floats are those nearest to them.
type place struct {
	names []string
	x     []float64
	exact []expr.Expr // nil where the floats are the coordinates themselves
}

// An evaluator computes the values of formulas at points. Floats are believed
// where an interval evaluation shows that they are right to about nine digits
// and that the formula is defined; elsewhere exact and then high-precision
// arithmetic settle what the value is, or that there is none.
type evaluator struct {
	vars    []string
	es      []expr.Expr
	machine *tape.Machine
	out     []float64
	hull    []interval.I
	dec     []interval.Dec
}

// newEvaluator compiles es, formulas in vars.
func newEvaluator(vars []string, es []expr.Expr) (*evaluator, error) {
	p, err := tape.Compile(vars, es...)
	if err != nil {
		return nil, limitFailure("", "%s", err.Error())
	}
	n := len(es)
	return &evaluator{vars, es, p.NewMachine(), make([]float64, n), make([]interval.I, n), make([]interval.Dec, n)}, nil
}

// floats returns the values at x in floats, valid until the next call.
func (v *evaluator) floats(x []float64) []float64 {
	v.machine.Eval(v.out, x)
	return v.out
}

// An outcome is what an evaluation came to.
type outcome struct {
	value     float64
	undefined bool // there is no value, or none that a float64 can hold
	doubtful  bool // neither the digits nor that there is a value could be settled
}

// narrow is the relative width of an enclosure up to which its formula counts as
// known: nine digits, more than anybody asks to be shown.
const narrow = 1e-9

// precisions are the bits of the attempts to settle a value: beyond the last,
// what cannot be told from 0 will most likely be 0.
var precisions = [...]uint{128, 1024}

// at returns the values of all formulas at p.
func (v *evaluator) at(p place) []outcome {
	box := p.enclose()
	v.floats(p.x)
	v.machine.Interval(v.hull, v.dec, box)
	out := make([]outcome, len(v.es))
	var open []int
	for k, x := range v.out {
		out[k].value = x
		switch {
		case v.dec[k] == interval.None:
			out[k].undefined = true
			if finite(x) {
				out[k].value = math.NaN()
			}
		case v.dec[k] < interval.Defined || !finite(x) || !isNarrow(v.hull[k]):
			open = append(open, k)
		}
	}
	if len(open) > 0 {
		v.settle(p, open, out)
	}
	return out
}

func isNarrow(x interval.I) bool { return x.Width() <= narrow*x.Mag() }

// settle finds out about the formulas open at p.
func (v *evaluator) settle(p place, open []int, out []outcome) {
	var left []int
	for _, k := range open {
		if !v.exactly(p, k, &out[k]) {
			left = append(left, k)
		}
	}
	for _, prec := range precisions {
		if len(left) == 0 {
			return
		}
		left = v.precisely(p, prec, left, out)
	}
	for _, k := range left {
		out[k].undefined = !finite(out[k].value)
		out[k].doubtful = !out[k].undefined
	}
}

// exactLimit is the size of a formula up to which it is evaluated exactly.
const exactLimit = 2000

// exactly settles formula k by exact arithmetic, if it can: its value is a
// rational number, or a condition of its domain does not hold.
func (v *evaluator) exactly(p place, k int, to *outcome) bool {
	e := v.es[k]
	if e.Size() > exactLimit {
		return false
	}
	e = p.substitute(e)
	defined := true
	for _, c := range simplify.Domain(e) {
		switch truth, known := truthOf(c); {
		case known && !truth:
			to.undefined = true
			if finite(to.value) {
				to.value = math.NaN()
			}
			return true
		case !known:
			defined = false
		}
	}
	// Tidying may fill a gap, as in x/x, so a number counts only where the
	// formula is known to be defined.
	if e = simplify.Tidy(e); e.Op() != expr.Num || !defined && v.dec[k] < interval.Defined {
		return false
	}
	to.value = e.Number().Float64()
	to.undefined = !finite(to.value)
	return true
}

// truthOf is simplify.Truth, and knows as well that a formula equals itself.
func truthOf(c expr.Expr) (truth, known bool) {
	if truth, known = simplify.Truth(c); known || !c.Op().IsRelation() || c.Arg(0) != c.Arg(1) {
		return truth, known
	}
	return c.Op() == expr.Le || c.Op() == expr.Ge || c.Op() == expr.Eq, true
}

// substitute returns e with its variables replaced by the coordinates of p.
func (p place) substitute(e expr.Expr) expr.Expr {
	pool := expr.NewPool()
	with := make(map[string]expr.Expr, len(p.names))
	for i, c := range p.coordinates() {
		with[p.names[i]] = pool.Import(c)
	}
	return pool.Substitute(e, with)
}

// precisely settles what it can of the formulas open with some bits of precision,
// and returns the others.
func (v *evaluator) precisely(p place, prec uint, open []int, out []outcome) (left []int) {
	values := make([]precise.I, len(v.es))
	dec := make([]interval.Dec, len(v.es))
	ok := v.machine.Precise(values, dec, p.enclosePrecisely(prec), prec)
	for _, k := range open {
		if dec[k] == interval.None {
			out[k].undefined = true
			if finite(out[k].value) {
				out[k].value = math.NaN()
			}
			continue
		}
		x, sharp := middle(values[k])
		if !ok[k] || dec[k] < interval.Defined || !sharp {
			left = append(left, k)
			continue
		}
		out[k].value = x
		out[k].undefined = !finite(x)
	}
	return left
}

// middle returns the float64 nearest to the middle of x, and whether x is narrow
// or so near to 0 that its middle is.
func middle(x precise.I) (float64, bool) {
	if x.IsEmpty() || x.Lo.IsInf() || x.Hi.IsInf() {
		return 0, false
	}
	lo, _ := x.Lo.Float64()
	hi, _ := x.Hi.Float64()
	if lo == hi {
		return lo + 0, true
	}
	sum := new(big.Float).Add(x.Lo, x.Hi)
	mid, _ := sum.Quo(sum, big.NewFloat(2)).Float64()
	width, _ := new(big.Float).Sub(x.Hi, x.Lo).Float64()
	return mid, width <= 1e-15*math.Abs(mid)
}

// coordinates returns the coordinates of p as formulas.
func (p place) coordinates() []expr.Expr {
	if p.exact != nil {
		return p.exact
	}
	out := make([]expr.Expr, len(p.x))
	for i, x := range p.x {
		out[i] = floatFormula(x)
	}
	return out
}

// enclose returns intervals that hold the coordinates of p.
func (p place) enclose() []interval.I {
	box := make([]interval.I, len(p.x))
	if p.exact == nil || len(p.x) == 0 {
		for i, x := range p.x {
			box[i] = interval.Point(x)
		}
		return box
	}
	if c, err := tape.Compile(nil, p.exact...); err == nil {
		c.NewMachine().Interval(box, nil, nil)
	}
	return box
}

// enclosePrecisely is enclose with some bits of precision.
func (p place) enclosePrecisely(prec uint) []precise.I {
	box := make([]precise.I, len(p.x))
	if len(p.x) == 0 {
		return box
	}
	if c, err := tape.Compile(nil, p.coordinates()...); err == nil {
		c.NewMachine().Precise(box, nil, nil, prec)
	}
	return box
}
