package cli

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"nabla/expr"
	"nabla/optimize"
)

// floatBounds returns the bounds in floats.
func floatBounds(o *options, vars []string) ([]optimize.Bound, error) {
	list, err := o.bounds.on(vars)
	if err != nil {
		return nil, inFlag("bounds", err)
	}
	var out []optimize.Bound
	for _, b := range list {
		lo, hi := b.ends()
		out = append(out, optimize.Bound{Lo: lo, Hi: hi})
	}
	return out, nil
}

// begin returns the start of the walk: the one given, or a random point of the
// bounds at which f has a value and a gradient.
func begin(q *question, o optimize.Objective, vars []string, bounds []optimize.Bound) ([]float64, error) {
	if len(q.opt.start) > 0 {
		at, other, err := point(q.opt.start).on(vars)
		if err != nil {
			return nil, inFlag("start", err)
		}
		for _, name := range other {
			q.warn("%s does not occur in the formula", name)
		}
		for i, b := range bounds {
			if !b.Has(at.x[i]) {
				return nil, inFlag("start", usage("", "%s = %s is outside its bounds", vars[i], formatNumber(at.x[i], q.opt.digits)))
			}
		}
		return at.x, nil
	}
	const tries = 1000
	r := rand.New(rand.NewPCG(uint64(q.opt.seed), 0))
	x, g := make([]float64, len(vars)), make([]float64, len(vars))
	for range tries {
		for i := range x {
			lo, hi := region(bounds, i)
			x[i] = lo + (hi-lo)*r.Float64()
		}
		if finite(o.Func(x)) {
			if o.Grad(g, x); !slices.ContainsFunc(g, func(v float64) bool { return !finite(v) }) {
				return x, nil
			}
		}
	}
	return nil, &failure{exit: exitNo, msg: "no point to start from was found: the formula is undefined at all that were tried", hint: "give one with --start"}
}

// region is where a random start lies in one variable: the bounds, or ten units
// beside a bound whose other side is open, or between -5 and 5.
func region(bounds []optimize.Bound, i int) (lo, hi float64) {
	const width = 10
	if bounds == nil {
		return -width / 2, width / 2
	}
	lo, hi = bounds[i].Lo, bounds[i].Hi
	switch openLo, openHi := math.IsInf(lo, -1), math.IsInf(hi, 1); {
	case openLo && openHi:
		return -width / 2, width / 2
	case openLo:
		return hi - width, hi
	case openHi:
		return lo, lo + width
	}
	return lo, hi
}

// startFailure explains why a walk cannot begin.
func startFailure(err error, f *expr.Formula, vars []string, q *question) error {
	if e := (*optimize.StartError)(nil); errors.As(err, &e) {
		msg := "the formula has no gradient at the start"
		if !e.Grad {
			msg = "the formula is undefined at the start"
			t := &text{opt: q.opt}
			t.like(f)
			x := &explainer{print: t.formula, digits: q.opt.digits}
			u := x.why(f.Expr, place{names: vars, x: e.X})
			msg += ": " + u.Where + ", because " + u.Because
		}
		return &failure{exit: exitNo, where: "--start", msg: msg, hint: "start where it is defined"}
	}
	if errors.Is(err, optimize.ErrBounds) {
		return inFlag("method", usage("", "%s", strings.TrimPrefix(err.Error(), "optimize: ")))
	}
	if f := (*failure)(nil); errors.As(err, &f) {
		return err
	}
	return usage("", "%s", strings.TrimPrefix(err.Error(), "optimize: "))
}
