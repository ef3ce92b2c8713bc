package verify

import (
	"math"
	"math/big"
	"slices"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/simplify"
	"nabla/expr/tape"
)

// A shape is what is known of how a part of the formula bends on the region.
type shape struct {
	convex, concave bool
	log             bool // positive, and its logarithm is convex
	u               interval.I
	total           bool // continuous on the whole region
}

// isConvex reports whether f is proved to be convex on the region, and continuous
// there, by the rules for sums and compositions (Boyd and Vandenberghe, Convex
// Optimization, 2004, section 3.2).
func (v *verifier) isConvex() bool {
	f := simplify.Tidy(v.f)
	if f.Size() > 4000 {
		return false
	}
	w, ranges, dec, ok := v.ranges(f)
	if !ok {
		return false
	}
	r := expr.Fold(f, func(e expr.Expr, args []shape) shape {
		k := w.Place(e)
		s := shape{u: ranges[k], total: dec[k] == interval.Continuous}
		if len(e.Vars()) == 0 {
			s.convex, s.concave, s.log = true, true, s.u.Lo > 0
			return s
		}
		s.bend(e, args)
		s.convex = s.convex || s.log
		return s
	})
	return r.convex
}

// bend applies the rule for the node e.
func (s *shape) bend(e expr.Expr, args []shape) {
	switch e.Op() {
	case expr.Var:
		s.convex, s.concave = true, true
	case expr.Add:
		s.convex, s.concave, s.log = true, true, true
		for _, a := range args {
			s.convex, s.concave, s.log = s.convex && a.convex, s.concave && a.concave, s.log && a.log
		}
	case expr.Mul:
		s.scale(e, args)
	case expr.Pow:
		s.power(e, args)
	case expr.Call:
		s.call(e, args)
	}
}

// scale handles a constant times one part, and products of log-convex ones.
func (s *shape) scale(e expr.Expr, args []shape) {
	c := interval.Point(1)
	varying := -1
	s.log = true
	for i, a := range args {
		s.log = s.log && a.log
		if len(e.Arg(i).Vars()) == 0 {
			c = c.Mul(a.u)
			continue
		}
		if varying >= 0 {
			varying = len(args)
			continue
		}
		varying = i
	}
	if varying < 0 || varying >= len(args) {
		return
	}
	switch a := args[varying]; {
	case c.Lo >= 0:
		s.convex, s.concave = a.convex, a.concave
	case c.Hi <= 0:
		s.convex, s.concave = a.concave, a.convex
	}
}

func (s *shape) power(e expr.Expr, args []shape) {
	u := args[0]
	if k, ok := wholePower(e); ok {
		affine := u.convex && u.concave
		switch {
		case k > 0 && k%2 == 0:
			s.convex = affine || u.total && (u.convex && u.u.Lo >= 0 || u.concave && u.u.Hi <= 0)
			s.log = u.log
		case k > 0:
			s.convex = u.total && u.convex && u.u.Lo >= 0
			s.log = u.log
		case k < 0:
			s.log = u.concave && u.u.Lo >= 0
		}
		return
	}
	if len(e.Arg(0).Vars()) == 0 && u.u.Lo >= 1 && args[1].convex {
		s.log = true // c^v with c ≥ 1
	}
}

func (s *shape) call(e expr.Expr, args []shape) {
	all := func(of func(a shape) bool) bool {
		return !slices.ContainsFunc(args, func(a shape) bool { return !of(a) })
	}
	affine := all(func(a shape) bool { return a.convex && a.concave })
	convex := all(func(a shape) bool { return a.convex && a.total })
	switch e.Func().Name {
	case "exp":
		s.log = args[0].convex
	case "max":
		s.convex = all(func(a shape) bool { return a.convex })
	case "log":
		s.concave = args[0].concave
		s.convex = args[0].log
	case "sqrt":
		s.concave = args[0].concave
		s.log = args[0].log
	case "abs", "cosh":
		s.convex = affine || convex && args[0].u.Lo >= 0
	case "softplus", "logsumexp", "relu":
		s.convex = convex
	case "hypot":
		s.convex = affine
	}
}

// convexAt reports whether f is convex on the region and its gradient vanishes at
// the exact point, where its value is not below the claim.
func (v *verifier) convexAt() bool {
	n := len(v.region)
	if len(v.cons) > 0 || n == 0 || !v.isConvex() {
		return false
	}
	if v.taken && len(v.c.ExactPoint) == n {
		pool := expr.NewPool()
		with := map[string]expr.Expr{}
		at := make([]interval.I, n)
		for i, t := range v.c.ExactPoint {
			e, err := expr.Parse(t)
			if err != nil {
				return false
			}
			with[v.c.Variables[i]] = pool.Import(e)
			if at[i], _ = tape.EncloseConstant(e); at[i].IsEmpty() {
				return false
			}
		}
		v.eval(v.fm, v.prog, at)
		ok := v.out[0].Lo >= v.least
		for i := range n {
			ok = ok && v.dec[i+1] == interval.Continuous
		}
		for _, g := range diff.Gradient(v.f, v.c.Variables) {
			ok = ok && equal(pool.Substitute(pool.Import(g), with), pool.Int(0))
		}
		if ok {
			v.yes("the formula is convex, by the rules for sums and compositions, and its gradient vanishes at the point")
			return true
		}
	}
	return v.higherAround()
}

// higherAround reports whether f, which is convex, is above its value at the point
// on the faces of a box round the point; then it is so outside. The box is kept.
func (v *verifier) higherAround() bool {
	n := len(v.region)
	if len(v.c.Point) != n {
		return false
	}
	at := v.where()
	for i, x := range at {
		if !x.In(v.region[i]) {
			return false
		}
	}
	v.eval(v.fm, v.prog, at)
	if v.dec[0] < interval.Defined {
		return false
	}
	least := v.least
	defer func() { v.least = least }()
	v.least = math.Max(least, math.Nextafter(v.out[0].Hi, math.Inf(1)))
	for _, r := range []float64{0.1, 1, 10, 1e3, 1e5} {
		box := make([]interval.I, n)
		for i, c := range v.c.Point {
			d := r * math.Max(1, math.Abs(c))
			box[i] = interval.New(c-d, c+d).Meet(v.region[i])
		}
		higher := true
		for i := range box {
			for side, end := range [2]float64{box[i].Lo, box[i].Hi} {
				if region := v.region[i]; side == 0 && end == region.Lo || side == 1 && end == region.Hi {
					continue
				}
				face := slices.Clone(box)
				face[i] = interval.Point(end)
				if higher = higher && v.onFace(face); !higher {
					break
				}
			}
		}
		if higher {
			v.outer = box
			v.yes("the formula is convex, by the rules for sums and compositions, and higher on the border of a box round the point than at it: nothing outside is better")
			return false // the box itself is still to be looked at
		}
	}
	return false
}

// onFace reports whether f is proved to be at least v.least on the box, a face.
func (v *verifier) onFace(box []interval.I) bool {
	return v.alone(box, func() bool { return v.bounded(slices.Clone(box), 3000) })
}

// convexQuadratic reports whether f is a quadratic, as its gradient is continuous and its Hessian
// constant, which is positive semidefinite, and its gradient vanishes at the exact point, where
// the value is not below the claim.
func (v *verifier) convexQuadratic() bool {
	n := len(v.region)
	if !v.taken || len(v.c.ExactPoint) != n || v.hm == nil {
		return false
	}
	v.eval(v.fm, v.prog, v.region)
	if slices.ContainsFunc(v.dec[:n+1], func(d interval.Dec) bool { return d != interval.Continuous }) {
		return false
	}
	pool := expr.NewPool()
	with := map[string]expr.Expr{}
	for i, t := range v.c.ExactPoint {
		e, err := expr.Parse(t)
		if err != nil {
			return false
		}
		with[v.c.Variables[i]] = pool.Import(e)
	}
	value := simplify.Tidy(pool.Substitute(pool.Import(v.f), with))
	if least, ok := tape.EncloseConstant(value); !ok || !(least.Lo >= v.least) {
		return false
	}
	for _, g := range diff.Gradient(v.f, v.c.Variables) {
		if z := simplify.Tidy(pool.Substitute(pool.Import(g), with)); !z.IsNum(0) {
			return false
		}
	}
	h := make([][]*big.Rat, n)
	for i := range h {
		h[i] = slices.Repeat([]*big.Rat{new(big.Rat)}, n)
	}
	for _, e := range v.rows {
		if e.Expr.Op() != expr.Num {
			return false
		}
		h[e.Row][e.Col] = e.Expr.Number().Rat()
		h[e.Col][e.Row] = h[e.Row][e.Col]
	}
	if !semidefinite(h) {
		return false
	}
	v.precise = v.exact.Valid() && equal(value, v.exact)
	v.yes("the formula is quadratic, the Hessian is constant and positive semidefinite, and the gradient vanishes at the point: nothing is better")
	return true
}
