package global

import (
	"fmt"
	"math"
	"slices"

	"nabla/expr/format"
	"nabla/optimize/global/internal/kkt"
	"nabla/optimize/global/internal/model"
)

// classify says of a local answer what kind of stationary point it has.
func (s *session) classify(a *Answer) {
	if a.Status != Local || len(a.At) != s.m.N || s.m.N == 0 {
		return
	}
	p := s.m.Prober()
	n := s.natureAt(p, a.At)
	a.Evaluations.Gradient += p.Count.Gradient
	a.Evaluations.Hessian += p.Count.Hessian
	kind, _ := s.kindOf(n)
	st := Stationary{X: slices.Clone(a.At), Value: a.Value, Kind: kind, Proved: n.Proved}
	i := slices.IndexFunc(a.Stationary, func(t Stationary) bool { return model.Near(t.X, a.At) })
	switch {
	case i >= 0 && a.Stationary[i].Proved:
		return // known already
	case i < 0 && a.StationaryComplete:
		return // it is none
	case i >= 0:
		a.Stationary[i] = st
	default:
		i, _ = slices.BinarySearchFunc(a.Stationary, st.X[0], func(t Stationary, x float64) int {
			switch {
			case t.X[0] < x:
				return -1
			case t.X[0] > x:
				return 1
			}
			return 0
		})
		a.Stationary = slices.Insert(a.Stationary, i, st)
	}
	if !n.Proved {
		a.Warnings = append(a.Warnings, fmt.Sprintf("whether it is a local %s is not settled: %s", s.p.extremum(), n.Why))
		return
	}
	a.Proof = append(a.Proof, s.strictly(n))
}

// strictly says what is proved of the stationary point near the point of an answer.
func (s *session) strictly(n kkt.Nature) string {
	kind, sign := s.kindOf(n)
	free := ""
	if n.Held > 0 {
		free = " in the variables that no bound holds"
	}
	where := "at the point"
	if n.Radius > 0 {
		where = "within " + format.Number(roundUp(n.Radius), 1) + " of the point"
	}
	switch {
	case n.Active > 0:
		return fmt.Sprintf("the point is a strict %s: %s one point satisfies the conditions of Karush, Kuhn and Tucker%s, and the Hessian of the Lagrangian is %s definite along the constraints that hold there", kind, where, n.Signs, sign)
	case n.Held == s.m.N:
		return fmt.Sprintf("the point is a strict %s: the bounds hold all variables, and f %s into the region", kind, rise(s.p.Max))
	case kind == "saddle":
		return fmt.Sprintf("the point is a saddle and no local %s: %s there is one stationary point%s, from which f falls in one direction and rises in another", s.p.extremum(), where, free)
	}
	return fmt.Sprintf("the point is a strict %s: %s there is one stationary point%s, and the Hessian is %s definite near it", kind, where, free, sign)
}

// kindOf is the kind of the point for the function that was asked about, and the sign of its
// Hessian where that is definite.
func (s *session) kindOf(n kkt.Nature) (kind, sign string) {
	switch {
	case n.Kind == "local maximum" && s.p.Max:
		return "local minimum", "positive"
	case n.Kind == "local minimum" && s.p.Max:
		return "local maximum", "negative"
	case n.Kind == "local maximum":
		return n.Kind, "negative"
	}
	return n.Kind, "positive"
}

// natureAt is what is proved of the stationary point nearest to x.
func (s *session) natureAt(p *model.Prober, x []float64) kkt.Nature {
	if s.lagrangian == nil && len(s.m.Cons) > 0 {
		s.lagrangian, _ = kkt.NewLagrangian(s.m) // nil where it has no derivatives
	}
	return kkt.NatureAt(p, s.lagrangian, x)
}

func rise(falls bool) string {
	if falls {
		return "falls"
	}
	return "rises"
}

// roundUp returns a number of one digit that is no less than r.
func roundUp(r float64) float64 {
	d := math.Pow(10, math.Floor(math.Log10(r)))
	if !model.Finite(d) || d < 1e-300 {
		return r
	}
	return math.Ceil(r/d*(1+1e-12)) * d
}
