package global

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/certificate"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/internal/model"
	"nabla/optimize/global/minimum"
)

// This file puts a variable that was eliminated back: the answer to what is left becomes that to the whole.

// calledAs is a sentence that introduces a function of that name, and what is said of it as f.
func calledAs(name, introduction string, sentences []string) []string {
	proof := []string{introduction}
	for _, line := range sentences {
		proof = append(proof, minimum.Called(line, name))
	}
	return proof
}

// liftRest makes an answer of that to what e leaves.
func (s *session) liftRest(e *elimination, sub *Answer) *Answer {
	name := s.p.Vars[e.at]
	a := &Answer{Status: sub.Status, Method: "elimination", GradientNorm: math.NaN(), Value: sub.Value, ExactValue: sub.ExactValue,
		Attained: sub.Attained, Evaluations: sub.Evaluations}
	if e.left == "" { // f stays as it is
		a.Proof = append([]string{e.proof}, sub.Proof...)
	} else {
		g := minimum.NameFor(sub.Proof, s.p.Vars)
		a.Proof = calledAs(g, fmt.Sprintf("%s %s = %s", e.proof, g, e.left), sub.Proof)
	}
	prog, err := tape.Compile(e.rest.Vars, e.v)
	if err != nil {
		return nil
	}
	l := &lift{elimination: e, m: prog.NewMachine(), t: simplify.New()}
	with := ", " + name + " = " + format.Text(l.t.Tidy(e.v))
	switch sub.Status {
	case EmptyDomain:
		if e.half.Valid() && !e.half.IsConstant() {
			return nil
		}
		return a
	case Exact, Certified, Constant:
		if a.Status == Constant { // only where the conditions hold
			a.Status = Exact
		}
		if len(sub.Minimisers) == 0 || sub.Enclosure == nil {
			return nil
		}
		for _, m := range sub.Minimisers {
			p, ok := l.point(m, with)
			if !ok {
				return nil
			}
			if e.along != nil {
				p.Family = e.family(s.p.Vars, m.Family, p)
			}
			a.Minimisers = append(a.Minimisers, p)
		}
		a.At, a.ExactAt = a.Minimisers[0].X, a.Minimisers[0].Exact
		a.MinimisersComplete = sub.MinimisersComplete && !e.loose
		a.Enclosure = &Enclosure{Value: sub.Enclosure.Value}
		if at := sub.Enclosure.At; at != nil {
			if a.Enclosure.At = l.box(at); a.Enclosure.At == nil {
				return nil
			}
		}
	case NotAttained:
		if e.half.Valid() && !e.half.IsConstant() {
			why, ok := s.higherWhereFlat(e, sub)
			if !ok {
				return nil // f may take the value where it is no parabola
			}
			a.Proof = append(a.Proof, why)
		}
		a.Approached = sub.Approached + with
		if sub.Enclosure != nil {
			a.Enclosure = &Enclosure{Value: sub.Enclosure.Value}
		}
		a.Argument.Path = l.exprs(sub.Argument.Path)
	case Unbounded:
		w := sub.Witness
		if w == nil || len(w.Path) != len(e.rest.Vars) {
			return nil
		}
		a.Witness = &Witness{Path: l.exprs(w.Path), Values: w.Values, Why: w.Why + with, Whole: w.Whole}
		for _, x := range w.Points {
			a.Witness.Points = append(a.Witness.Points, l.floats(x))
		}
	default:
		return nil
	}
	if e.kind == certificate.Projected {
		for _, m := range a.Minimisers {
			if !s.satisfies(m) {
				return nil
			}
		}
	}
	if e.equation.Valid() {
		s.active(a, nil)
	} else if s.p.Bounds == nil && e.half.Valid() && e.half.IsConstant() {
		l.stationary(a, sub, s.p.Max, with)
	}
	return a
}

// higherWhereFlat reports whether f is proved to be higher than the infimum of what e leaves
// where it is no parabola in the variable, but constant: its values for 0 there are all
// that it takes. It says so.
func (s *session) higherWhereFlat(e *elimination, sub *Answer) (why string, ok bool) {
	if sub.Enclosure == nil {
		return "", false
	}
	y := s.p.Vars[e.at]
	q := s.p.without(e.at)
	pool := expr.NewPool()
	zero := pool.Int(0)
	q.F = simplify.Tidy(pool.Substitute(pool.Import(s.p.F), map[string]expr.Expr{y: zero}))
	flat := pool.Make(expr.Eq, pool.Import(e.half), zero)
	for _, where := range [][]expr.Expr{nil, {flat}} {
		q.SubjectTo = where
		a, _, err := solveAny(s.ctx, q, Options{Seed: s.o.Seed, cases: s.o.cases + 1})
		if err != nil || a.Status != EmptyDomain && (a.Status == Local || a.Enclosure == nil || !(a.Enclosure.Value.Lo > sub.Enclosure.Value.Hi)) {
			continue
		}
		return fmt.Sprintf("where f is no parabola in %s, %s, it does not depend on %s, and is higher", y, format.Text(simplify.Tidy(flat)), y), true
	}
	return "", false
}

// A lift adds the variable that was eliminated.
type lift struct {
	*elimination
	m *tape.Machine
	t *simplify.Tidier
}

func (l *lift) floats(x []float64) []float64 {
	var out [1]float64
	l.m.Eval(out[:], x)
	return slices.Insert(slices.Clone(x), l.at, out[0]+0)
}

func (l *lift) box(x []interval.I) []interval.I {
	if len(x) != len(l.rest.Vars) {
		return nil
	}
	var out [1]interval.I
	var dec [1]interval.Dec
	l.m.Interval(out[:], dec[:], x)
	if out[0].IsEmpty() {
		return nil
	}
	return slices.Insert(slices.Clone(x), l.at, out[0])
}

// exprs adds the variable to a point or path of formulas; nil where one is missing.
func (l *lift) exprs(x []expr.Expr) []expr.Expr {
	if len(x) != len(l.rest.Vars) || slices.ContainsFunc(x, func(e expr.Expr) bool { return !e.Valid() }) {
		return nil
	}
	pool := l.t.Pool()
	with := make(map[string]expr.Expr, len(x))
	out := make([]expr.Expr, len(x))
	for i, e := range x {
		out[i] = pool.Import(e)
		with[l.rest.Vars[i]] = out[i]
	}
	v := pool.Substitute(pool.Import(l.v), with)
	if v.IsConstant() {
		v = exact.ClosedForm(v)
	} else {
		v = simplify.Tidy(v)
	}
	return slices.Insert(out, l.at, v)
}

// point adds the variable to a minimiser.
func (l *lift) point(m Point, with string) (Point, bool) {
	p := Point{X: l.floats(m.X), Exact: l.exprs(m.Exact)}
	if p.Exact != nil {
		b, ok := tape.EncloseConstant(p.Exact[l.at])
		if !ok {
			return p, false
		}
		p.X[l.at] = minimum.Shown(b) + 0
	}
	switch m.Family {
	case "":
	case everyPoint:
		p.Family = strings.TrimPrefix(with, ", ") + ", any " + list4(l.rest.Vars)
	default:
		p.Family = m.Family + with
	}
	return p, model.AllFinite(p.X)
}

// stationary adds the variable to stationary points: those of f are those of g, and
// a place where g is not least, or not greatest of a maximum, is a saddle of f.
func (l *lift) stationary(a, sub *Answer, maximum bool, with string) {
	same := "local minimum"
	if maximum {
		same = "local maximum"
	}
	a.StationaryComplete = sub.StationaryComplete
	for _, st := range sub.Stationary {
		out := Stationary{X: l.floats(st.X), Exact: l.exprs(st.Exact), Value: st.Value, ExactValue: st.ExactValue, Kind: st.Kind, Proved: st.Proved}
		if st.Family != "" {
			out.Family = st.Family + with
		}
		switch {
		case st.Kind == same:
		case st.Kind == "saddle", st.Kind == "inflection", strings.HasPrefix(st.Kind, "local "):
			out.Kind = "saddle"
		default:
			out.Kind, out.Proved = "undetermined", false
		}
		a.Stationary = append(a.Stationary, out)
	}
}
