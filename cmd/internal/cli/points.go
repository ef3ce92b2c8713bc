package cli

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"nabla/expr"
)

// An assignment is a name with its value, as x=1. The name is "" where the value
// stands alone, for the only variable of a formula.
type assignment struct {
	name  string
	value constant
}

// parseAssignment reads "x=1" or "1".
func parseAssignment(text string) (assignment, error) {
	var a assignment
	var err error
	left, right, ok := strings.Cut(text, "=")
	if !ok {
		right = left
	} else if a.name, err = parseName(left); err != nil {
		return a, err
	}
	if strings.TrimSpace(right) == "" {
		return a, usage("write x=1", "expected a value in %s", quoted(text))
	}
	if a.value, err = parseConstant(right); err != nil {
		return a, err
	}
	_, err = a.value.finite()
	return a, err
}

// A point is a value for each of some variables.
type point []assignment

func parsePoint(text string) (point, error) {
	var p point
	for _, part := range fields(text) {
		a, err := parseAssignment(part)
		if err != nil {
			return nil, err
		}
		if err := p.add(a); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func (p *point) add(a assignment) error {
	for _, b := range *p {
		if b.name == a.name {
			if a.name == "" {
				return usage("write x=1,y=2", "several values without names")
			}
			return usage("", "%s has two values", a.name)
		}
	}
	*p = append(*p, a)
	return nil
}

// point reads {"x": 3, "y": "pi/2"}, or a number alone.
func jsonPoint(raw json.RawMessage) (point, error) {
	if raw[0] != '{' {
		text, err := scalar(raw)
		if err != nil {
			return nil, err
		}
		return parsePoint(text)
	}
	list, err := members(raw)
	if err != nil {
		return nil, err
	}
	var p point
	for _, m := range list {
		var a assignment
		if a.name, err = parseName(m.key); err != nil {
			return nil, err
		}
		text, err := scalar(m.value)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", m.key, err)
		}
		if a.value, err = parseConstant(text); err != nil {
			return nil, err
		}
		if _, err := a.value.finite(); err != nil {
			return nil, err
		}
		if err := p.add(a); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// on returns the place with the coordinates of p in the order of vars; every one
// of them must have a value. Names that are none of vars are returned apart.
func (p point) on(vars []string) (at place, other []string, err error) {
	at = place{names: vars, x: make([]float64, len(vars)), exact: make([]expr.Expr, len(vars))}
	rounded := false
	for _, a := range p {
		i := slices.Index(vars, a.name)
		switch {
		case a.name == "" && len(vars) == 1:
			i = 0
		case a.name == "":
			return at, nil, usage(exampleAt(vars), "%s stands without the name of a variable", a.value.text)
		case i < 0:
			other = append(other, a.name)
			continue
		}
		if at.exact[i].Valid() {
			return at, nil, usage("", "%s has two values", vars[i])
		}
		at.x[i], at.exact[i] = a.value.float, a.value.exact
		rounded = rounded || !a.value.isFloat
	}
	for i, e := range at.exact {
		if !e.Valid() {
			return at, nil, usage(exampleAt(vars), "%s has no value", vars[i])
		}
	}
	if !rounded {
		at.exact = nil
	}
	return at, other, nil
}

// exampleAt shows how to give each of vars a value.
func exampleAt(vars []string) string {
	if len(vars) == 0 {
		return ""
	}
	const most = 4
	parts := make([]string, 0, most+1)
	for i, v := range vars {
		if i == most {
			parts = append(parts, "…")
			break
		}
		parts = append(parts, v+"="+strconv.Itoa(i+1))
	}
	return "write " + strings.Join(parts, ",")
}

// points is the value of --at: each use adds a point.
type points []point

func (v *points) Type() string   { return "POINT" }
func (v *points) String() string { return "" }

func (v *points) Set(text string) error {
	p, err := parsePoint(text)
	if err != nil {
		return err
	}
	*v = append(*v, p)
	return nil
}

func (v *points) SetJSON(raw json.RawMessage) error {
	list := []json.RawMessage{raw}
	if raw[0] == '[' {
		var err error
		if list, err = elements(raw); err != nil {
			return err
		}
	}
	*v = nil
	for _, r := range list {
		p, err := jsonPoint(r)
		if err != nil {
			return err
		}
		*v = append(*v, p)
	}
	return nil
}

// onePoint is the value of --start: each use adds coordinates.
type onePoint point

func (v *onePoint) Type() string   { return "POINT" }
func (v *onePoint) String() string { return "" }

func (v *onePoint) Set(text string) error {
	p, err := parsePoint(text)
	if err != nil {
		return err
	}
	for _, a := range p {
		if err := (*point)(v).add(a); err != nil {
			return err
		}
	}
	return nil
}

func (v *onePoint) SetJSON(raw json.RawMessage) error {
	p, err := jsonPoint(raw)
	*v = onePoint(p)
	return err
}

// A setting fixes a letter to a formula.
type setting struct {
	name string
	expr expr.Expr
}

// settings is the value of --set.
type settings []setting

func (v *settings) Type() string   { return "NAME=VALUE" }
func (v *settings) String() string { return "" }

func (v *settings) Set(text string) error {
	for _, part := range fields(text) {
		left, right, ok := strings.Cut(part, "=")
		if !ok {
			return usage("write a=3", "expected a name and its value in %s", quoted(part))
		}
		if err := v.add(left, right); err != nil {
			return err
		}
	}
	return nil
}

func (v *settings) add(left, right string) error {
	name, err := parseName(left)
	if err != nil {
		return err
	}
	e, err := expr.Parse(right)
	if err != nil {
		return err
	}
	for _, s := range *v {
		if s.name == name {
			return usage("", "%s has two values", name)
		}
	}
	*v = append(*v, setting{name, e})
	return nil
}

func (v *settings) SetJSON(raw json.RawMessage) error {
	if raw[0] == '"' {
		*v = nil
		return setText(v, raw)
	}
	list, err := members(raw)
	if err != nil {
		return err
	}
	*v = nil
	for _, m := range list {
		text, err := scalar(m.value)
		if err != nil {
			return fmt.Errorf("%s: %w", m.key, err)
		}
		if err := v.add(m.key, text); err != nil {
			return err
		}
	}
	return nil
}

// fixed returns the settings as a Reader takes them.
func (v settings) fixed() map[string]expr.Expr {
	if len(v) == 0 {
		return nil
	}
	m := make(map[string]expr.Expr, len(v))
	for _, s := range v {
		m[s.name] = s.expr
	}
	return m
}
