package branch

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/tape"
	"nabla/optimize/global/internal/model"
)

// isStepwise reports whether f is constant but for steps, as a function of floors is: its
// derivatives are 0, and a walk downhill goes nowhere.
func (b *Search) isStepwise() bool {
	return len(b.Grad) > 0 && !slices.ContainsFunc(b.Grad, func(g expr.Expr) bool { return !g.IsNum(0) })
}

// hasFewValues reports whether f is proved to take finitely many values in the region, the
// least of which some point has: variables occur in the arguments of functions with steps
// only, such as floor, and these arguments are bounded.
func (b *Search) hasFewValues() bool {
	if !model.Bounded(b.Outer) {
		return false
	}
	var inside []expr.Expr
	few := expr.Fold(b.F, func(n expr.Expr, args []bool) bool {
		switch {
		case n.Op() == expr.Var:
			return false
		case n.Op() == expr.Call && n.Func().Steps():
			inside = append(inside, n.AppendArgs(nil)...)
			return true
		}
		return !slices.Contains(args, false)
	})
	if !few {
		return false
	}
	out, _, ok := tape.EncloseOn(b.Vars, b.Outer, inside...)
	return ok && model.Bounded(out)
}

// Work on a function with steps: moves without success until another start, and moves in all
// for each variable.
const (
	patience  = 1500
	stepMoves = 40_000
)

// searchSteps looks for better points of a function with steps: from many starts, moves of
// one or two variables by lengths of all orders of magnitude are kept where the value does
// not rise (an evolution strategy with one parent; Rudolph, Convergence Properties of
// Evolutionary Algorithms, 1997, moves on lattices so).
func (b *Search) searchSteps(ctx context.Context, o Options, box []interval.I) {
	r := rand.New(rand.NewPCG(o.Seed, 13))
	x, y := make([]float64, b.N), make([]float64, b.N)
	starts := model.Starts(box, 1+stepMoves*b.N/patience, o.Seed+2)
	at, idle := math.Inf(1), patience
	for k := 0; k < stepMoves*b.N && ctx.Err() == nil; k++ {
		if k%1000 == 0 {
			b.Charge(ctx)
		}
		if idle++; idle > patience {
			if len(starts) == 0 {
				return
			}
			copy(x, starts[0])
			starts = starts[1:]
			at, idle = b.At(x), 0
			b.Try(x)
			if math.IsNaN(at) {
				at = math.Inf(1)
			}
		}
		copy(y, x)
		for range 1 + r.IntN(2) {
			i := r.IntN(b.N)
			w := math.Min(box[i].Width(), 1e6)
			length := math.Max(1, w) * math.Exp2(-20*r.Float64())
			if r.IntN(2) == 0 { // most steps are one unit wide
				length = math.Max(1, math.Round(length))
			}
			if r.IntN(2) == 0 {
				length = -length
			}
			y[i] = model.ClipTo(y[i]+length, box[i])
		}
		f := b.At(y)
		if !(f <= at) {
			continue
		}
		if f < at {
			idle = 0
			if f < b.Best.Hi {
				b.Try(y)
			}
		}
		at = f
		copy(x, y)
	}
}
