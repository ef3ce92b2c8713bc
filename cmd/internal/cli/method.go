package cli

import (
	"errors"
	"strconv"
	"strings"

	"nabla/optimize"
)

// methodName returns the name of the method that o asks for: the textbook loop, with a
// velocity where --momentum gives one, unless another is named.
func methodName(o *options) string {
	switch name := string(o.method); {
	case name != "" && name != "auto":
		return name
	case o.momentum != nil:
		return "momentum"
	}
	return "gd"
}

// chooseMethod returns the row of the method and the method with the parameters
// that o has for it.
func chooseMethod(name string, o *options) (*optimize.Info, optimize.Method, error) {
	row, ok := optimize.Lookup(name)
	if !ok {
		return nil, nil, inFlag("method", usage(orHint(didYouMean(name, methodNames()), "nabla help methods lists them"), "there is no method %s", quoted(name)))
	}
	values := map[string]string{}
	number := func(flag, param, text string) error {
		if _, has := row.Param(param); !has {
			return inFlag(flag, usage("it has "+paramNames(row), "the method %s has no %s", row.Name, param))
		}
		c, err := parseConstant(text)
		if err != nil {
			return inFlag(flag, err)
		}
		values[param] = strconv.FormatFloat(c.float, 'g', -1, 64)
		return nil
	}
	if o.rate != "" {
		if err := number("rate", "rate", string(o.rate)); err != nil {
			return nil, nil, err
		}
	}
	if o.momentum != nil {
		if err := number("momentum", "momentum", o.momentum.text); err != nil {
			return nil, nil, err
		}
	}
	if o.schedule != "" {
		values["schedule"] = string(o.schedule)
	}
	for _, p := range o.params {
		name, value, ok := strings.Cut(p, "=")
		if !ok {
			return nil, nil, inFlag("param", usage("write name=value", "expected a name and its value in %s", quoted(p)))
		}
		name, value = strings.TrimSpace(name), strings.TrimSpace(value)
		if c, err := parseConstant(value); err == nil {
			value = strconv.FormatFloat(c.float, 'g', -1, 64)
		}
		values[name] = value
	}
	m, err := row.Make(values)
	if e := (*optimize.ParamError)(nil); errors.As(err, &e) {
		flag := "param"
		if e.Param == "rate" || e.Param == "schedule" || e.Param == "momentum" {
			flag = e.Param
		}
		return nil, nil, inFlag(flag, usage("", "%s", e.Error()))
	}
	return row, m, err
}

func paramNames(row *optimize.Info) string {
	if len(row.Params) == 0 {
		return "no parameters"
	}
	names := make([]string, len(row.Params))
	for i, p := range row.Params {
		names[i] = p.Name
	}
	return strings.Join(names, ", ")
}

func orHint(hint, otherwise string) string {
	if hint != "" {
		return hint
	}
	return otherwise
}

// stops returns the rules that end a walk.
func stops(o *options) optimize.Stop {
	s := optimize.Stop{Grad: defaultGradient, Relative: true, Iterations: defaultIterations}
	if o.tol != nil {
		s.Grad = o.tol.float
	}
	if o.tolChange != nil {
		// The change of f is asked for as such, as the tutorials do.
		s.Change, s.Relative = o.tolChange.float, false
	}
	if o.iterations > 0 {
		s.Iterations = o.iterations
	}
	return s
}
