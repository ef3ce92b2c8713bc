package global

import (
	"encoding/json"
	"io"
	"math"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/interval"
)

// A Certificate is the proof of an Answer in a form that can be checked again
// without searching: the claim, and how the region is divided into boxes on each
// of which nothing lower is left. Verify checks it.
type Certificate struct {
	Schema    string   `json:"schema"` // "nabla-certificate/1"
	Formula   string   `json:"formula"`
	Maximise  bool     `json:"maximise,omitempty"`
	Variables []string `json:"variables"`
	// Bounds are pairs of formulas, "" for no bound, with "open" ends listed apart.
	Bounds    [][2]string `json:"bounds,omitempty"`
	Open      [][2]bool   `json:"open,omitempty"`
	SubjectTo []string    `json:"subject_to,omitempty"`

	Status Status `json:"status"`
	// Point and ExactPoint are where the value is taken; Value encloses the extreme
	// value, Exact is its closed form.
	Point      []float64  `json:"point,omitempty"`
	ExactPoint []string   `json:"exact_point,omitempty"`
	Value      [2]jsonEnd `json:"value"`
	Exact      string     `json:"exact,omitempty"`
	Path       []string   `json:"path,omitempty"` // for an unbounded function: the variables as formulas in t
	Method     string     `json:"method"`
	Proof      []string   `json:"proof"`
	// Tree is how the region was divided, in preorder.
	Tree []Step `json:"tree,omitempty"`
	// For one variable, where the line is to be cut: Breaks are the places between
	// and at the ends of smooth pieces that have a closed form; Period is the
	// period of the formula; Stationary lists the points with f' = 0, as intervals
	// in which they lie, for the reader: the check does not build on them.
	Breaks     []string     `json:"breaks,omitempty"`
	Period     string       `json:"period,omitempty"`
	Stationary [][2]jsonEnd `json:"stationary,omitempty"`
	Approached string       `json:"approached,omitempty"` // for an infimum that no point has
}

// A Step is a node of the division. With Box, the box at hand is narrowed to it;
// with Split, it is halved at At in that variable (counted from 1), and the two
// halves follow; otherwise it is a leaf, dropped for the reason Why.
type Step struct {
	Box   [][2]jsonEnd `json:"box,omitempty"`
	Split int          `json:"split,omitempty"`
	At    float64      `json:"at,omitempty"`
	Why   string       `json:"why,omitempty"`
}

// A jsonEnd is the end of an interval; infinities are "inf" and "-inf".
type jsonEnd float64

// MarshalJSON writes the shortest digits that read back.
func (e jsonEnd) MarshalJSON() ([]byte, error) {
	switch x := float64(e); {
	case math.IsInf(x, 1):
		return []byte(`"inf"`), nil
	case math.IsInf(x, -1):
		return []byte(`"-inf"`), nil
	default:
		return json.Marshal(x)
	}
}

// UnmarshalJSON reads what MarshalJSON writes.
func (e *jsonEnd) UnmarshalJSON(b []byte) error {
	switch string(b) {
	case `"inf"`:
		*e = jsonEnd(math.Inf(1))
	case `"-inf"`:
		*e = jsonEnd(math.Inf(-1))
	default:
		var x float64
		if err := json.Unmarshal(b, &x); err != nil {
			return err
		}
		*e = jsonEnd(x)
	}
	return nil
}

// WriteTo writes the certificate as JSON.
func (c *Certificate) WriteTo(w io.Writer) (int64, error) {
	b, err := json.MarshalIndent(c, "", " ")
	if err != nil {
		return 0, err
	}
	n, err := w.Write(append(b, '\n'))
	return int64(n), err
}

// certify makes the certificate of an answer to p.
func certify(p *Problem, a *Answer, tree []Step) *Certificate {
	c := &Certificate{Schema: "nabla-certificate/1", Formula: format.Plain(p.F), Maximise: p.Max, Variables: p.Vars,
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
	c.Exact = text(a.ExactValue)
	c.Value = [2]jsonEnd{jsonEnd(math.Inf(-1)), jsonEnd(math.Inf(1))}
	if a.Enclosure != nil {
		c.Value = [2]jsonEnd{jsonEnd(a.Enclosure.Value.Lo), jsonEnd(a.Enclosure.Value.Hi)}
	}
	if a.Witness != nil {
		for _, e := range a.Witness.Path {
			c.Path = append(c.Path, text(e))
		}
	}
	c.Tree = tree
	c.Approached = a.Approached
	if o := a.outline; o != nil {
		for _, e := range o.breaks {
			c.Breaks = append(c.Breaks, text(e))
		}
		c.Period = text(o.period)
		c.Stationary = ends(o.stationary)
	}
	return c
}

func ends(x []interval.I) [][2]jsonEnd {
	b := make([][2]jsonEnd, len(x))
	for i, v := range x {
		b[i] = [2]jsonEnd{jsonEnd(v.Lo), jsonEnd(v.Hi)}
	}
	return b
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
		if z.inf == 0 && z.e.Valid() {
			o.breaks = append(o.breaks, z.e)
		}
	}
	for i := range s.lists {
		for _, z := range s.lists[i].zeros {
			if z.inf == 0 {
				o.stationary = append(o.stationary, z.i)
			}
		}
	}
	return o
}
