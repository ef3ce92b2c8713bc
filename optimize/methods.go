package optimize

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// An Info is one row of the table of methods: all that a command, its help and a
// comparison need to know of a method.
type Info struct {
	Name    string
	Aliases []string
	Doc     string // one line, without a full stop
	Source  string // where the method comes from: "gonum", or authors and year

	Gradient    bool // uses the gradient
	Hessian     bool // uses the Hessian (by differences of the gradient where there is none)
	Bounds      bool // keeps inside bounds
	Rows        bool // needs an objective that is a Summed
	OneVariable bool // for one variable only
	// Most is the number of variables past which the method would take its matrices
	// out of all proportion, in memory or in time; 0 means any number.
	Most   int
	Random bool // draws random numbers from the seed
	Walk   bool // a walk with a learning rate, of the kind that may bounce, crawl or diverge

	Params []Param

	make func(a *arguments) Method
	zero Method
}

// A Param is a parameter of a method.
type Param struct {
	Name    string
	Doc     string
	Default string   // as text: a number or one of Choices
	Choices []string // nil for numbers
	// A number must lie in [Lo, Hi], without the ends that are open.
	Lo, Hi         float64
	LoOpen, HiOpen bool
	Integer        bool
}

// rates are the parameters of a learning rate and its schedule.
func rates(def string) []Param {
	return []Param{
		{Name: "rate", Doc: "learning rate t", Default: def, Hi: math.Inf(1), LoOpen: true, HiOpen: true},
		{Name: "schedule", Doc: "how the rate changes: constant; inverse: t/(1 + decay·k); step: times factor every so many steps; cosine: down to last over half a period",
			Default: "constant", Choices: []string{"constant", "inverse", "step", "cosine"}},
		{Name: "decay", Doc: "decay of the inverse schedule", Default: "0.01", Hi: math.Inf(1), HiOpen: true},
		{Name: "factor", Doc: "factor of the step schedule", Default: "0.5", Hi: 1, LoOpen: true},
		{Name: "every", Doc: "steps between two reductions of the step schedule", Default: "100", Lo: 1, Hi: math.MaxInt32, Integer: true},
		{Name: "last", Doc: "last rate of the cosine schedule", Default: "0", Hi: math.Inf(1), HiOpen: true},
		{Name: "steps", Doc: "length of the cosine schedule; 0: the limit of iterations", Default: "0", Hi: math.MaxInt32, Integer: true},
	}
}

func unit(name, doc, def string) Param {
	return Param{Name: name, Doc: doc, Default: def, Hi: 1, HiOpen: true}
}

func positive(name, doc, def string) Param {
	return Param{Name: name, Doc: doc, Default: def, Hi: math.Inf(1), LoOpen: true, HiOpen: true}
}

func whole(name, doc, def string) Param {
	return Param{Name: name, Doc: doc, Default: def, Hi: math.MaxInt32, Integer: true}
}

// Methods is the table, in the order in which help lists it.
var Methods = []*Info{
	{
		Name: "gd", Aliases: []string{"gradient-descent", "fixed-step", "steepest-descent"},
		Doc:      "gradient descent with a fixed rate, as in the textbooks",
		Source:   "Cauchy 1847",
		Gradient: true, Bounds: true, Walk: true,
		Params: rates("0.1"),
		make:   func(a *arguments) Method { return GradientDescent{Rate: a.rate()} },
		zero:   GradientDescent{},
	},
	{
		Name: "armijo", Aliases: []string{"backtracking"},
		Doc:      "gradient descent that finds its rate by backtracking",
		Source:   "Armijo 1966; projection arc: Bertsekas 1976",
		Gradient: true, Bounds: true,
		Params: []Param{
			positive("step", "first rate tried", "1"),
			{Name: "decrease", Doc: "fraction c of the predicted decrease that must be reached", Default: "1e-4", Hi: 1, LoOpen: true, HiOpen: true},
			{Name: "shrink", Doc: "factor of a backtracking step", Default: "0.5", Hi: 1, LoOpen: true, HiOpen: true},
		},
		make: func(a *arguments) Method {
			return Armijo{a.number("step"), a.number("decrease"), a.number("shrink")}
		},
		zero: Armijo{},
	},
	{
		Name: "momentum", Aliases: []string{"heavy-ball"},
		Doc:      "gradient descent with a velocity that remembers",
		Source:   "Polyak 1964",
		Gradient: true, Bounds: true, Walk: true,
		Params: append(rates("0.01"), unit("momentum", "share μ of the velocity that is kept", "0.9")),
		make:   func(a *arguments) Method { return Momentum{a.rate(), a.number("momentum")} },
		zero:   Momentum{},
	},
	{
		Name: "nesterov", Aliases: []string{"nag", "accelerated"},
		Doc:      "accelerated gradient: looks ahead before it measures the slope",
		Source:   "Nesterov 1983",
		Gradient: true, Bounds: true, Walk: true,
		Params: append(rates("0.01"), unit("momentum", "share μ of the last move that is repeated; 0: the sequence k/(k+3)", "0")),
		make:   func(a *arguments) Method { return Nesterov{a.rate(), a.number("momentum")} },
		zero:   Nesterov{},
	},
	{
		Name:     "adagrad",
		Doc:      "a rate for each variable, falling with its past gradients",
		Source:   "Duchi, Hazan and Singer 2011",
		Gradient: true, Bounds: true, Walk: true,
		Params: append(rates("0.5"), positive("epsilon", "added to the root, against division by zero", "1e-8")),
		make:   func(a *arguments) Method { return AdaGrad{a.rate(), a.number("epsilon")} },
		zero:   AdaGrad{},
	},
	{
		Name:     "rmsprop",
		Doc:      "gradients divided by a moving average of their magnitude",
		Source:   "Tieleman and Hinton 2012",
		Gradient: true, Bounds: true, Walk: true,
		Params: append(rates("0.01"),
			Param{Name: "rho", Doc: "memory of the moving average", Default: "0.9", Hi: 1, LoOpen: true, HiOpen: true},
			positive("epsilon", "added to the root, against division by zero", "1e-8")),
		make: func(a *arguments) Method { return RMSProp{a.rate(), a.number("rho"), a.number("epsilon")} },
		zero: RMSProp{},
	},
	{
		Name:     "adam",
		Doc:      "moving averages of gradient and magnitude together",
		Source:   "Kingma and Ba 2015",
		Gradient: true, Bounds: true, Walk: true,
		Params: append(rates("0.01"),
			Param{Name: "beta1", Doc: "memory of the average gradient", Default: "0.9", Hi: 1, LoOpen: true, HiOpen: true},
			Param{Name: "beta2", Doc: "memory of the average magnitude", Default: "0.999", Hi: 1, LoOpen: true, HiOpen: true},
			positive("epsilon", "added to the root, against division by zero", "1e-8")),
		make: func(a *arguments) Method {
			return Adam{a.rate(), a.number("beta1"), a.number("beta2"), a.number("epsilon")}
		},
		zero: Adam{},
	},
	{
		Name: "sgd", Aliases: []string{"stochastic", "mini-batch"},
		Doc:      "stochastic descent on a sum over rows of data, in batches; an iterate is an epoch",
		Source:   "Robbins and Monro 1951",
		Gradient: true, Bounds: true, Rows: true, Random: true, Walk: true,
		Params: append(rates("0.01"),
			whole("batch", "rows a step; 0: 32", "32"),
			Param{Name: "rule", Doc: "how a gradient becomes a step", Default: "plain", Choices: stochasticRules}),
		make: func(a *arguments) Method { return SGD{a.rate(), int(a.number("batch")), a.text("rule")} },
		zero: SGD{},
	},
	{
		Name: "newton", Aliases: []string{"trust-region"},
		Doc:      "Newton's method within a trust region; leaves maxima and saddle points",
		Source:   "Moré and Sorensen 1983; bounds: Lin and Moré 1999",
		Gradient: true, Hessian: true, Bounds: true, Most: 1000,
		Params: []Param{{Name: "radius", Doc: "first radius of trust; 0: max(1, largest |x|)", Default: "0", Hi: math.Inf(1), HiOpen: true}},
		make:   func(a *arguments) Method { return Newton{a.number("radius")} },
		zero:   Newton{},
	},
	{
		Name: "projected-gradient", Aliases: []string{"spg", "barzilai-borwein"},
		Doc:      "spectral projected gradient, for many variables inside bounds",
		Source:   "Birgin, Martínez and Raydan 2000",
		Gradient: true, Bounds: true,
		Params: []Param{whole("memory", "values of f looked back on; 0: 10, 1: f falls at every step", "10")},
		make:   func(a *arguments) Method { return ProjectedGradient{int(a.number("memory"))} },
		zero:   ProjectedGradient{},
	},
	{
		Name: "lbfgsb", Aliases: []string{"l-bfgs-b"},
		Doc:      "limited-memory quasi-Newton with bounds",
		Source:   "Byrd, Lu, Nocedal and Zhu 1995",
		Gradient: true, Bounds: true,
		Params: []Param{whole("memory", "steps remembered; 0: 10", "10")},
		make:   func(a *arguments) Method { return LBFGSB{int(a.number("memory"))} },
		zero:   LBFGSB{},
	},
	{
		Name:     "bfgs",
		Doc:      "quasi-Newton with a dense matrix",
		Source:   "gonum; Broyden, Fletcher, Goldfarb and Shanno 1970",
		Gradient: true, Most: 5000,
		make: func(*arguments) Method { return BFGS{} },
		zero: BFGS{},
	},
	{
		Name: "lbfgs", Aliases: []string{"l-bfgs"},
		Doc:      "limited-memory quasi-Newton",
		Source:   "gonum; Nocedal 1980",
		Gradient: true,
		Params:   []Param{whole("memory", "steps remembered; 0: 15", "15")},
		make:     func(a *arguments) Method { return LBFGS{int(a.number("memory"))} },
		zero:     LBFGS{},
	},
	{
		Name: "cg", Aliases: []string{"conjugate-gradient"},
		Doc:      "nonlinear conjugate gradients",
		Source:   "gonum; Hestenes and Stiefel 1952",
		Gradient: true,
		make:     func(*arguments) Method { return CG{} },
		zero:     CG{},
	},
	{
		Name: "nelder-mead", Aliases: []string{"simplex"},
		Doc:    "simplex search by values only, for a few variables",
		Source: "gonum; Nelder and Mead 1965",
		Params: []Param{positive("size", "edge of the first simplex relative to max(1, largest |x|)", "0.05")},
		make:   func(a *arguments) Method { return NelderMead{a.number("size")} },
		zero:   NelderMead{},
	},
	{
		Name: "cma-es", Aliases: []string{"cma", "evolution"},
		Doc:    "evolution strategy by values only, for rugged functions",
		Source: "gonum; Hansen and Ostermeier 2001",
		Random: true, Most: 1000,
		Params: []Param{
			positive("sigma", "first standard deviation relative to max(1, largest |x|)", "0.3"),
			whole("population", "points a generation; 0: 4 + 3·log n", "0"),
		},
		make: func(a *arguments) Method { return CMAES{a.number("sigma"), int(a.number("population"))} },
		zero: CMAES{},
	},
	{
		Name: "pattern", Aliases: []string{"direct-search", "mads"},
		Doc:    "direct search by values only: stands kinks, jumps, noise and bounds",
		Source: "Audet and Dennis 2006; Abramson et al. 2009",
		Bounds: true, Random: true,
		Params: []Param{
			positive("radius", "first radius relative to the size of x or the width of the bounds", "0.1"),
			positive("tolerance", "relative radius at which the search ends", "1e-12"),
		},
		make: func(a *arguments) Method { return Pattern{a.number("radius"), a.number("tolerance")} },
		zero: Pattern{},
	},
	{
		Name:   "brent",
		Doc:    "one variable by values only: golden section and parabolas",
		Source: "Brent 1973",
		Bounds: true, OneVariable: true,
		Params: []Param{
			positive("tolerance", "relative accuracy of x", "1e-11"),
			positive("step", "first step of the search for a bracket, relative to max(1, |x|)", "0.1"),
		},
		make: func(a *arguments) Method { return BrentMethod{a.number("tolerance"), a.number("step")} },
		zero: BrentMethod{},
	},
}

// Lookup returns the row of the method with this name or alias.
func Lookup(name string) (*Info, bool) {
	for _, m := range Methods {
		if m.Name == name || slices.Contains(m.Aliases, name) {
			return m, true
		}
	}
	return nil, false
}

// infoOf returns the row of a method value, nil for a method of the caller's.
func infoOf(m Method) *Info {
	t := reflect.TypeOf(m)
	for _, i := range Methods {
		if reflect.TypeOf(i.zero) == t {
			return i
		}
	}
	return nil
}

// Param returns the parameter with this name.
func (m *Info) Param(name string) (*Param, bool) {
	for i := range m.Params {
		if m.Params[i].Name == name {
			return &m.Params[i], true
		}
	}
	return nil, false
}

// A ParamError says what is wrong with a value given for a parameter.
type ParamError struct {
	Method, Param, Value string
	Want                 string // what would be right, as in "a number > 0"
}

func (e *ParamError) Error() string {
	if e.Value == "" {
		return fmt.Sprintf("method %s has no parameter %q; it has %s", e.Method, e.Param, e.Want)
	}
	return fmt.Sprintf("%s=%s: method %s wants %s", e.Param, e.Value, e.Method, e.Want)
}

// Make builds the method with the given values of its parameters, by name, numbers
// in the form that strconv.ParseFloat reads; the others keep their defaults. The
// error is a *ParamError.
func (m *Info) Make(values map[string]string) (Method, error) {
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		p, ok := m.Param(name)
		if !ok {
			return nil, &ParamError{Method: m.Name, Param: name, Want: m.paramNames()}
		}
		if want, ok := p.check(values[name]); !ok {
			return nil, &ParamError{Method: m.Name, Param: name, Value: strconv.Quote(values[name]), Want: want}
		}
	}
	return m.make(&arguments{m, values}), nil
}

// New builds the method with all defaults.
func (m *Info) New() Method { return m.make(&arguments{m, nil}) }

func (m *Info) paramNames() string {
	if len(m.Params) == 0 {
		return "none"
	}
	names := make([]string, len(m.Params))
	for i, p := range m.Params {
		names[i] = p.Name
	}
	return strings.Join(names, ", ")
}

// Want says which values are right, as in "a number > 0" or "one of a, b".
func (p *Param) Want() string {
	if p.Choices != nil {
		return "one of " + strings.Join(p.Choices, ", ")
	}
	what := "a number"
	if p.Integer {
		what = "a whole number"
	}
	lo, hi := "≥", "≤"
	if p.LoOpen {
		lo = ">"
	}
	if p.HiOpen {
		hi = "<"
	}
	what += fmt.Sprintf(" %s %g", lo, p.Lo)
	if p.Hi < math.MaxInt32 {
		what += fmt.Sprintf(" and %s %g", hi, p.Hi)
	}
	return what
}

func (p *Param) check(value string) (want string, ok bool) {
	if p.Choices != nil {
		return p.Want(), slices.Contains(p.Choices, value)
	}
	v, err := strconv.ParseFloat(value, 64)
	ok = err == nil && (v > p.Lo || v == p.Lo && !p.LoOpen) && (v < p.Hi || v == p.Hi && !p.HiOpen) &&
		(!p.Integer || v == math.Trunc(v))
	return p.Want(), ok
}

// arguments are the checked values of the parameters of one method.
type arguments struct {
	info   *Info
	values map[string]string
}

func (a *arguments) text(name string) string {
	if v, ok := a.values[name]; ok {
		return v
	}
	p, ok := a.info.Param(name)
	if !ok {
		panic("optimize: method " + a.info.Name + " has no parameter " + name)
	}
	return p.Default
}

func (a *arguments) number(name string) float64 {
	v, err := strconv.ParseFloat(a.text(name), 64)
	if err != nil {
		panic("optimize: default of " + a.info.Name + " " + name + ": " + err.Error())
	}
	return v
}

func (a *arguments) rate() Rate {
	t := a.number("rate")
	switch a.text("schedule") {
	case "inverse":
		return Inverse{t, a.number("decay")}
	case "step":
		return StepDown{t, a.number("factor"), int(a.number("every"))}
	case "cosine":
		return Cosine{t, a.number("last"), int(a.number("steps"))}
	}
	return Constant(t)
}
