package cli

import (
	"math"

	"nabla/expr"
	"nabla/expr/format"
)

// An extremumRecord is a minimum in JSON.
type extremumRecord struct {
	At           namedNumbers     `json:"at"`
	Value        jsonNumber       `json:"value"`
	Exact        exactRecord      `json:"exact"`
	Enclosure    *enclosureRecord `json:"enclosure"`
	GradientNorm *jsonNumber      `json:"gradient_norm"`
	Attained     bool             `json:"attained"`
	Approached   string           `json:"approached,omitempty"`
}

type exactRecord struct {
	At    namedTexts `json:"at"`
	Value string     `json:"value"`
}

type enclosureRecord struct {
	At    namedIntervals `json:"at"`
	Value [2]jsonNumber  `json:"value"`
}

// A stationaryRecord is a stationary point in JSON.
type stationaryRecord struct {
	At     namedNumbers `json:"at"`
	Value  jsonNumber   `json:"value"`
	Kind   string       `json:"kind"`
	Exact  *namedTexts  `json:"exact,omitempty"`
	Closed string       `json:"exact_value,omitempty"` // the closed form of Value
	Proved bool         `json:"proved"`
	Family string       `json:"family,omitempty"`
	Drift  string       `json:"drift,omitempty"`  // added to the value for the k of the family
	Along  string       `json:"values,omitempty"` // or the value for the k of the family
}

// A witnessRecord shows in JSON that a formula is unbounded.
type witnessRecord struct {
	Path   namedTexts     `json:"path"`
	Points []namedNumbers `json:"points"`
	Values []jsonNumber   `json:"values"`
	Why    string         `json:"why"`
}

type evaluationsRecord struct {
	F        int `json:"f"`
	Gradient int `json:"gradient"`
	Hessian  int `json:"hessian,omitempty"`
	Boxes    int `json:"boxes,omitempty"`
}

type activeRecord struct {
	Constraint string      `json:"constraint"`
	Multiplier *jsonNumber `json:"multiplier"` // null where there is none
}

// A minimumRecord is everything of an answer of min and max but its head.
type minimumRecord struct {
	Status             string             `json:"status"`
	Minimum            *extremumRecord    `json:"minimum,omitempty"`
	Maximum            *extremumRecord    `json:"maximum,omitempty"`
	Minimisers         []namedNumbers     `json:"minimisers,omitempty"`
	Maximisers         []namedNumbers     `json:"maximisers,omitempty"`
	Families           []string           `json:"families,omitempty"`
	Complete           bool               `json:"minimisers_complete"`
	Stationary         []stationaryRecord `json:"stationary"`
	StationaryComplete bool               `json:"stationary_complete"`
	Domain             string             `json:"domain"`
	Proof              []string           `json:"proof"`
	Witness            *witnessRecord     `json:"witness,omitempty"`
	Active             []activeRecord     `json:"active,omitempty"`
	Method             string             `json:"method"`
	Evaluations        evaluationsRecord  `json:"evaluations"`
	Seconds            jsonNumber         `json:"seconds"`
	Warnings           []string           `json:"warnings"`
}

func (m *minimised) record(h head) any {
	return struct {
		head
		Formula   string   `json:"formula"`
		Variables []string `json:"variables"`
		minimumRecord
	}{h, plain(m.formula.Expr, m.formula), orEmpty(m.Vars), m.minimumRecord(h.Warnings)}
}

func (m *minimised) minimumRecord(warnings []string) minimumRecord {
	r := minimumRecord{
		Status: string(m.Status), Stationary: []stationaryRecord{},
		Complete: m.MinimisersComplete, StationaryComplete: m.StationaryComplete,
		Domain: m.Domain, Proof: orEmpty(m.Proof), Method: m.Method,
		Evaluations: evaluationsRecord{m.Evaluations.F, m.Evaluations.Gradient, m.Evaluations.Hessian, m.Evaluations.Boxes},
		Seconds:     jsonNumber(m.took.Seconds()),
		Warnings:    append(append([]string{}, warnings...), m.Warnings...),
	}
	points := []namedNumbers{}
	for _, p := range m.Minimisers {
		points = append(points, namedNumbers{m.Vars, p.X})
		if p.Family != "" {
			r.Families = append(r.Families, p.Family)
		}
	}
	if m.max {
		r.Maximum, r.Maximisers = m.extremumRecord(), points
	} else {
		r.Minimum, r.Minimisers = m.extremumRecord(), points
	}
	for _, s := range m.Stationary {
		sr := stationaryRecord{At: namedNumbers{m.Vars, s.X}, Value: jsonNumber(s.Value), Kind: s.Kind, Proved: s.Proved, Family: s.Family}
		if s.Exact != nil {
			sr.Exact = m.exactTexts(s.Exact)
		}
		if s.ExactValue.Valid() {
			sr.Closed = format.Plain(s.ExactValue)
		}
		if s.Drift.Valid() {
			sr.Drift = format.Plain(s.Drift)
		}
		if s.Along.Valid() {
			sr.Along = format.Plain(s.Along)
		}
		r.Stationary = append(r.Stationary, sr)
	}
	if w := m.Witness; w != nil {
		r.Witness = &witnessRecord{Path: *m.exactTexts(w.Path), Points: []namedNumbers{}, Values: orEmpty(jsonNumbers(w.Values)), Why: w.Why}
		for _, x := range w.Points {
			r.Witness.Points = append(r.Witness.Points, namedNumbers{m.Vars, x})
		}
	}
	for _, a := range m.Active {
		record := activeRecord{Constraint: a.Constraint}
		if y := jsonNumber(a.Multiplier); !math.IsNaN(a.Multiplier) {
			record.Multiplier = &y
		}
		r.Active = append(r.Active, record)
	}
	return r
}

func (m *minimised) exactTexts(es []expr.Expr) *namedTexts {
	t := &namedTexts{names: m.Vars, values: make([]string, len(es))}
	for i, e := range es {
		if e.Valid() {
			t.values[i] = format.Plain(e)
		}
	}
	return t
}

func (m *minimised) extremumRecord() *extremumRecord {
	e := &extremumRecord{Value: jsonNumber(m.Value), Attained: m.Attained, Approached: m.Approached}
	if len(m.At) == len(m.Vars) {
		e.At = namedNumbers{m.Vars, m.At}
		if g := m.GradientNorm; !math.IsNaN(g) {
			n := jsonNumber(g)
			e.GradientNorm = &n
		}
	}
	e.Exact.At = *m.exactTexts(m.ExactAt)
	if m.ExactValue.Valid() {
		e.Exact.Value = format.Plain(m.ExactValue)
	}
	if m.Enclosure != nil {
		e.Enclosure = &enclosureRecord{Value: ends(m.Enclosure.Value)}
		if len(m.Enclosure.At) == len(m.Vars) {
			e.Enclosure.At.names = m.Vars
			for _, x := range m.Enclosure.At {
				e.Enclosure.At.values = append(e.Enclosure.At.values, ends(x))
			}
		}
	}
	return e
}
