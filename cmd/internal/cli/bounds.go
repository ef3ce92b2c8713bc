package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
)

// A bound is the closed interval in which a variable stays. A nil end is open.
type bound struct {
	name   string // "" for the only variable
	lo, hi *constant
}

func parseBound(text string) (bound, error) {
	var b bound
	var err error
	left, right, ok := strings.Cut(text, "=")
	if !ok {
		right = left
	} else if b.name, err = parseName(left); err != nil {
		return b, err
	}
	ends := splitOutside(right, ':')
	if len(ends) != 2 {
		return b, usage("write x=-5:5, or x=0: with one side open", "expected two ends with a colon between them in %s", quoted(text))
	}
	if b.lo, err = parseEnd(ends[0], -1); err != nil {
		return b, err
	}
	if b.hi, err = parseEnd(ends[1], +1); err != nil {
		return b, err
	}
	return b, b.check()
}

// parseEnd reads an end of a bound; outward is the sign of the infinity that
// leaves it open.
func parseEnd(text string, outward int) (*constant, error) {
	if text == "" {
		return nil, nil
	}
	c, err := parseConstant(text)
	if err != nil {
		return nil, err
	}
	if c.isInf() {
		if math.IsInf(c.float, outward) {
			return nil, nil
		}
		return nil, usage("", "%s is the wrong end", c.text)
	}
	return &c, nil
}

func (b bound) check() error {
	if b.lo != nil && b.hi != nil && b.lo.float > b.hi.float {
		return usage(fmt.Sprintf("write %s:%s", b.hi.text, b.lo.text), "the bounds %s:%s are empty: the lower end is above the upper", b.lo.text, b.hi.text)
	}
	return nil
}

// ends returns the bound in floats, infinite where it is open.
func (b bound) ends() (lo, hi float64) {
	lo, hi = math.Inf(-1), math.Inf(1)
	if b.lo != nil {
		lo = b.lo.float
	}
	if b.hi != nil {
		hi = b.hi.float
	}
	return lo, hi
}

// bothEnds is an example of a bound with two ends: those of b, and -5 and 5 for those that are
// open, or 10 further on where the other end is beyond these.
func (b bound) bothEnds() string {
	lo, hi := "-5", "5"
	if b.lo != nil {
		lo = b.lo.text
		if b.hi == nil && b.lo.float >= 5 {
			hi = formatNumber(b.lo.float+10, 3)
		}
	}
	if b.hi != nil {
		hi = b.hi.text
		if b.lo == nil && b.hi.float <= -5 {
			lo = formatNumber(b.hi.float-10, 3)
		}
	}
	return lo + ":" + hi
}

// bounds is the value of --bounds.
type bounds []bound

func (v *bounds) Type() string   { return "BOUNDS" }
func (v *bounds) String() string { return "" }

func (v *bounds) Set(text string) error {
	for _, part := range fields(text) {
		b, err := parseBound(part)
		if err != nil {
			return err
		}
		if err := v.add(b); err != nil {
			return err
		}
	}
	return nil
}

func (v *bounds) add(b bound) error {
	for _, o := range *v {
		if o.name == b.name {
			if b.name == "" {
				return usage("write x=-5:5,y=0:1", "several bounds without names")
			}
			return usage("", "%s has two bounds", b.name)
		}
	}
	*v = append(*v, b)
	return nil
}

// SetJSON reads {"x": [-5, null]}, {"x": "-2pi:2pi"} or [-5, 5].
func (v *bounds) SetJSON(raw json.RawMessage) error {
	*v = nil
	switch raw[0] {
	case '"':
		return setText(v, raw)
	case '[':
		b, err := jsonBound("", raw)
		if err != nil {
			return err
		}
		return v.add(b)
	}
	list, err := members(raw)
	if err != nil {
		return err
	}
	for _, m := range list {
		name, err := parseName(m.key)
		if err != nil {
			return err
		}
		b, err := jsonBound(name, m.value)
		if err != nil {
			return fmt.Errorf("%s: %w", m.key, err)
		}
		if err := v.add(b); err != nil {
			return err
		}
	}
	return nil
}

func jsonBound(name string, raw json.RawMessage) (bound, error) {
	if raw[0] == '"' {
		text, err := scalar(raw)
		if err != nil {
			return bound{}, err
		}
		b, err := parseBound(text)
		if err == nil && b.name != "" {
			err = errors.New("expected two ends with a colon between them")
		}
		b.name = name
		return b, err
	}
	b := bound{name: name}
	ends, err := elements(raw)
	if err != nil || len(ends) != 2 {
		return b, errors.New("expected a list of two ends; null is an open end")
	}
	for i, to := range []**constant{&b.lo, &b.hi} {
		if string(ends[i]) == "null" {
			continue
		}
		text, err := scalar(ends[i])
		if err != nil {
			return b, err
		}
		if *to, err = parseEnd(strings.TrimSpace(text), 2*i-1); err != nil {
			return b, err
		}
	}
	return b, b.check()
}

// on returns the bounds in the order of vars, nil when there are none.
func (v bounds) on(vars []string) ([]bound, error) {
	if len(v) == 0 {
		return nil, nil
	}
	out := make([]bound, len(vars))
	for i, x := range vars {
		out[i].name = x
	}
	for _, b := range v {
		i := slices.Index(vars, b.name)
		switch {
		case b.name == "" && len(vars) == 1:
			i = 0
		case b.name == "":
			return nil, usage("write x=-5:5", "the bounds stand without the name of a variable, and there are %d", len(vars))
		case i < 0:
			return nil, usage("", "%s has bounds, but is no variable of the formula", b.name)
		}
		out[i].lo, out[i].hi = b.lo, b.hi
	}
	return out, nil
}
