package global

import (
	"math"
	"slices"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/optimize/global/certificate"
	"nabla/optimize/global/internal/conditions"
)

// certify makes the certificate of an answer to p.
func certify(p *Problem, a *Answer, tree []certificate.Step) *certificate.Certificate {
	c := &certificate.Certificate{Schema: certificate.Schema, Formula: format.Plain(p.F), Maximise: p.Max, Variables: p.Vars,
		Status: a.Status, Method: a.Method, Proof: a.Proof}
	for _, b := range p.Bounds {
		c.Bounds = append(c.Bounds, [2]string(plainly([]expr.Expr{b.Lo, b.Hi})))
		c.Open = append(c.Open, [2]bool{b.LoOpen, b.HiOpen})
	}
	given := p.SubjectTo
	if a.Argument.Outline != nil { // in several variables, the conditions have been added before
		given = append(slices.Clip(given), conditions.RealPowers(p.F, p.Vars, []interval.I{interval.Whole})...)
	}
	for _, e := range asRead(given) {
		c.SubjectTo = append(c.SubjectTo, format.Plain(e))
	}
	c.Untaken = a.Status == Certified && !a.Attained
	claimPoints(c, a)
	if a.Witness != nil {
		c.Path = plainly(a.Witness.Path)
	}
	c.Path = append(c.Path, plainly(a.Argument.Path)...)
	c.Tree = tree
	c.Approached = a.Approached
	c.Supports = a.Argument.Supports
	c.Reduction, c.SumOfSquares, c.Outside = a.Argument.Reduction, a.Argument.Squares, a.Argument.Outside
	if m := a.Argument.Multipliers; len(m) > 0 {
		c.Multipliers, c.Others = m[0], m[1:]
	}
	if o := a.Argument.Outline; o != nil {
		c.Breaks = plainly(o.Breaks)
		c.Period = plainly([]expr.Expr{o.Period})[0]
		c.Stationary = certificate.Ends(o.Stationary)
		c.StationaryComplete = a.StationaryComplete && !o.Period.Valid() &&
			!slices.ContainsFunc(a.Stationary, func(st Stationary) bool { return st.Repeats.Step.Valid() })
	}
	return c
}

// claimPoints puts the value and the points of the answer into the certificate.
func claimPoints(c *certificate.Certificate, a *Answer) {
	c.Point, c.ExactPoint = a.At, plainly(a.ExactAt)
	if a.Status == Exact {
		c.Minimisers, c.Complete = furtherMinimisers(a)
	}
	if a.Status != Certified { // what is enclosed is not proved to have a closed form
		c.Exact = plainly([]expr.Expr{a.ExactValue})[0]
	}
	c.Value = [2]certificate.End{certificate.End(math.Inf(-1)), certificate.End(math.Inf(1))}
	if a.Enclosure != nil {
		c.Value = certificate.Ends([]interval.I{a.Enclosure.Value})[0]
	}
}

// furtherMinimisers returns the minimisers in closed form besides the first, one for each family, and whether there are no others.
func furtherMinimisers(a *Answer) (list [][]string, complete bool) {
	complete = a.MinimisersComplete && len(a.ExactAt) > 0
	for i, m := range a.Minimisers {
		closed := len(m.Exact) > 0 && allValid(m.Exact)
		complete = complete && closed && m.Family == ""
		if i == 0 || !closed {
			continue
		}
		list = append(list, plainly(m.Exact))
	}
	return list, complete
}
