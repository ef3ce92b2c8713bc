package global

import (
	"math"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/optimize/global/certificate"
)

// certify makes the certificate of an answer to p.
func certify(p *Problem, a *Answer, tree []certificate.Step) *certificate.Certificate {
	c := &certificate.Certificate{Schema: certificate.Schema, Formula: format.Plain(p.F), Maximise: p.Max, Variables: p.Vars,
		Status: a.Status, Point: a.At, Method: a.Method, Proof: a.Proof}
	text := func(e expr.Expr) string {
		if !e.Valid() {
			return ""
		}
		return format.Plain(e)
	}
	for _, b := range p.Bounds {
		c.Bounds = append(c.Bounds, [2]string{text(b.Lo), text(b.Hi)})
		c.Open = append(c.Open, [2]bool{b.LoOpen, b.HiOpen})
	}
	for _, e := range p.SubjectTo {
		c.SubjectTo = append(c.SubjectTo, format.Plain(e))
	}
	for _, e := range a.ExactAt {
		c.ExactPoint = append(c.ExactPoint, text(e))
	}
	if a.Status != Certified { // what is enclosed is not proved to have a closed form
		c.Exact = text(a.ExactValue)
	}
	c.Value = [2]certificate.End{certificate.End(math.Inf(-1)), certificate.End(math.Inf(1))}
	if a.Enclosure != nil {
		c.Value = [2]certificate.End{certificate.End(a.Enclosure.Value.Lo), certificate.End(a.Enclosure.Value.Hi)}
	}
	if a.Witness != nil {
		for _, e := range a.Witness.Path {
			c.Path = append(c.Path, text(e))
		}
	}
	for _, e := range a.path {
		c.Path = append(c.Path, text(e))
	}
	c.Tree = tree
	c.Approached = a.Approached
	c.Reduction, c.Multipliers, c.SumOfSquares, c.Outside = a.reduction, a.multipliers, a.squares, a.outside
	if o := a.outline; o != nil {
		for _, e := range o.breaks {
			c.Breaks = append(c.Breaks, text(e))
		}
		c.Period = text(o.period)
		c.Stationary = certificate.Ends(o.stationary)
	}
	return c
}

// An outline is what is written into the certificate of an answer for one
// variable.
type outline struct {
	breaks     []expr.Expr
	period     expr.Expr
	stationary []interval.I
}

// outline returns where the line was cut and where f' = 0.
func (s *study) outline() *outline {
	o := &outline{period: s.l.period}
	for _, z := range s.spots {
		if z.Inf == 0 && z.Exact.Valid() {
			o.breaks = append(o.breaks, z.Exact)
		}
	}
	for i := range s.lists {
		for _, z := range s.lists[i].zeros {
			if z.Inf == 0 {
				o.stationary = append(o.stationary, z.Hull)
			}
		}
	}
	return o
}
