package asymptotic

import (
	"fmt"
	"slices"
	"sync"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
)

// A behaviour is what a function of u does where u grows without bound.
type behaviour struct {
	// means: the formula of the row of the function is expanded, wherever u goes.
	means bool
	// far and below are formulas in u for u → ∞ and u → -∞, "" where nothing is
	// known. For an odd or an even function below comes from far.
	far, below string
	odd, even  bool
	// What far and below leave out is θ·scale with θ in rest. least is the u from
	// which on that holds.
	rest  interval.I
	scale string
	least float64
}

// both returns a behaviour that is the same for u → ∞ and u → -∞.
func both(formula string) behaviour { return behaviour{far: formula, below: formula} }

// between returns the behaviour of u + θ, or of θ, with θ in [lo, hi].
func between(formula string, lo, hi float64) behaviour {
	return behaviour{far: formula, below: formula, rest: interval.New(lo, hi), scale: "1"}
}

// polygamma expands the function of order n, a whole number, for u that goes to ∞: of the
// series of DLMF 5.15.9 the remainder is less than the first term left out, with its sign.
func (a *Tail) polygamma(n expr.Expr, u *series) *series {
	k, ok := int64(0), n.Op() == expr.Num
	if ok {
		k, ok = n.Number().Int64()
	}
	if !ok || k < 1 || k > 12 {
		return nil
	}
	m, v, ok := a.lead(u)
	if !ok || !(v.Lo > 0) {
		return nil
	}
	if g, ok := a.growth(m); !ok || g <= 0 {
		return nil
	}
	fact := func(n int64) (f int64) {
		for f = 1; n > 1; n-- {
			f *= n
		}
		return f
	}
	out := a.formula(fmt.Sprintf("%d/u^%d + %d/(2*u^%d) + %d/(12*u^%d)", fact(k-1), k, fact(k), k+1, fact(k+1), k+2), u)
	rest := interval.New(-float64(fact(k+3)), 0).Div(interval.Point(720))
	if out = a.withRest(out, fmt.Sprintf("1/u^%d", k+4), u, rest); k%2 == 0 {
		return a.negate(out)
	}
	return out
}

// behaviours has a row for each function that is expanded at infinity. The
// remainders are those of the NIST Digital Library of Mathematical Functions, 5.11
// (gamma and its kin: less than the first term left out, with its sign) and 7.12.1
// (erfc), and for W of A. Hoorfar, M. Hassani, Inequalities on the Lambert W
// function, 2008: (1 - 1/e) log u ≤ W(u) ≤ log u for u ≥ e.
var behaviours = map[string]behaviour{
	"log1p": {means: true}, "log2": {means: true}, "log10": {means: true}, "logb": {means: true},
	"tan": {means: true}, "sec": {means: true}, "csc": {means: true}, "cot": {means: true},
	"csch": {means: true}, "coth": {means: true}, "normpdf": {means: true}, "normcdf": {means: true},

	"sin": between("0", -1, 1), "cos": between("0", -1, 1), "sinc": both("sin(u)/u"),

	"expm1": both("exp(u) - 1"),
	"sinh":  {far: "(exp(u) - exp(-u))/2", odd: true},
	"cosh":  {far: "(exp(u) + exp(-u))/2", even: true},
	"tanh":  {far: "1 - 2/(1 + exp(2*u))", odd: true},
	"sech":  both("1/cosh(u)"),
	"asinh": {far: "log(u + sqrt(u^2 + 1))", odd: true},
	"acosh": {far: "log(u + sqrt(u^2 - 1))"},
	"atan":  {far: "pi/2 - atan(1/u)", odd: true},

	"sigmoid":  both("1/(1 + exp(-u))"),
	"softplus": {far: "u + log(1 + exp(-u))", below: "log(1 + exp(u))"},

	"erf": {far: "1 - erfc(u)", odd: true},
	"erfc": {far: "exp(-u^2)/(u*sqrt(pi))*(1 - 1/(2*u^2))", below: "2 - erfc(-u)", rest: interval.New(0, 0.75),
		scale: "exp(-u^2)/(u^5*sqrt(pi))"},
	"gamma":    {far: "exp(lgamma(u))"},
	"lgamma":   {far: "(u - 1/2)*log(u) - u + log(2*pi)/2 + 1/(12*u)", rest: interval.New(-0.00278, 0), scale: "1/u^3"},
	"digamma":  {far: "log(u) - 1/(2*u) - 1/(12*u^2)", rest: interval.New(0, 0.00834), scale: "1/u^4"},
	"trigamma": {far: "1/u + 1/(2*u^2) + 1/(6*u^3)", rest: interval.New(-0.0334, 0), scale: "1/u^5"},
	"W":        {far: "log(u) - log(log(u))", rest: interval.New(0.5, 1.582), scale: "log(log(u))/log(u)", least: 2.72},
}

// A singularity is what a function is near the end at, a constant, of its domain, or
// near a place where it has no derivative: formula, and θ·scale with θ in rest, for a
// scale of at least least and at most most, if these are not 0.
type singularity struct {
	name, at, formula string
	rest              interval.I
	scale             string
	least, most       float64
}

// Of sinc the series alternates. Of W = w, u = w exp(w): with s = w + 1 and p² = 2 (1 + e u) = Σ 2 s^k (k - 1)/k!,
// k ≥ 2, p - p²/3 ≤ s ≤ p for p ≤ √2. Of Wm1 = -1 - σ,
// p²/2 = ∫ t exp(-t) from 0 to σ, between σ²/2 - σ³/3 and σ²/2, so that p ≤ σ, and for p ≤ 1/2, where σ < 0.62, σ ≤ p + 0.81 p²;
// near 0, of y = -Wm1 and s = y - log y, s ≤ y ≤ 2 s as log y ≤ y/2, so that -y = -s - log y is -s - log s less at most log 2. Of erfinv = v, δ = 1 - u = erfc(v):
// exp(-2 v²) ≤ δ ≤ exp(-v²) for v ≥ 1.2.
var singularities = []singularity{
	{name: "acos", at: "1", formula: "2*asin(sqrt((1 - u)/2))"}, {name: "acos", at: "-1", formula: "pi - 2*asin(sqrt((1 + u)/2))"},
	{name: "asin", at: "1", formula: "pi/2 - 2*asin(sqrt((1 - u)/2))"}, {name: "asin", at: "-1", formula: "-pi/2 + 2*asin(sqrt((1 + u)/2))"},
	{name: "atanh", at: "1", formula: "(log(1 + u) - log(1 - u))/2"}, {name: "atanh", at: "-1", formula: "(log(1 + u) - log(1 - u))/2"},
	{name: "acosh", at: "1", formula: "log(u + sqrt(u^2 - 1))"},
	{name: "sinc", at: "0", formula: "1 - u^2/6", rest: interval.New(0, 0.00834), scale: "u^4"},
	{name: "W", at: "-1/e", formula: "-1 + sqrt(2*(1 + e*u))", rest: interval.New(-0.67, 0), scale: "1 + e*u", most: 1},
	{name: "Wm1", at: "-1/e", formula: "-1 - sqrt(2*(1 + e*u))", rest: interval.New(-1.62, 0), scale: "1 + e*u", most: 0.125},
	{name: "Wm1", at: "0", formula: "log(-u) - log(-log(-u))", rest: interval.New(-0.6932, 0), scale: "1"},
	{name: "erfinv", at: "1", formula: "0", rest: interval.New(0.7, 1), scale: "sqrt(-log(1 - u))", least: 1.56},
	{name: "erfinv", at: "-1", formula: "-erfinv(-u)"},
}

// atZero has what gamma and its kin are near 0, in terms of values near 1.
var atZero = map[string]string{
	"gamma": "gamma(u + 1)/u", "lgamma": "lgamma(u + 1) - log(abs(u))", "digamma": "digamma(u + 1) - 1/u", "trigamma": "trigamma(u + 1) + 1/u^2",
}

// Reflected has gamma and its kin in terms of what they are at 1 - u and of periodic
// functions: the reflection formulas (DLMF 5.5 and 5.15).
var Reflected = map[string]string{
	"gamma": "pi/(sin(pi*u)*gamma(1 - u))", "lgamma": "log(pi) - log(abs(sin(pi*u))) - lgamma(1 - u)",
	"digamma": "digamma(1 - u) - pi*cot(pi*u)", "trigamma": "pi^2/sin(pi*u)^2 - trigamma(1 - u)",
}

// formula expands a formula in u for the series u.
func (a *Tail) formula(text string, u *series) *series {
	e, ok := parsed.Load(text)
	if !ok {
		e, _ = parsed.LoadOrStore(text, expr.MustParse(text))
	}
	return a.written(e.(expr.Expr), u)
}

// parsed are the formulas of the tables here, by their texts.
var parsed sync.Map

// written expands a formula as it is written, its variable standing for u.
func (a *Tail) written(e expr.Expr, u *series) *series {
	return a.writtenOf(e, []expr.Expr{{}}, []*series{u})
}

// writtenOf expands a formula as it is written, its variables vars, or every one for an
// invalid one, standing for the series us.
func (a *Tail) writtenOf(e expr.Expr, vars []expr.Expr, us []*series) *series {
	if slices.Contains(us, nil) {
		return nil
	}
	failed := false
	return expr.Fold(e, func(n expr.Expr, args []*series) (s *series) {
		switch {
		case failed:
		case n.Op() == expr.Var:
			s = us[slices.IndexFunc(vars, func(v expr.Expr) bool { return !v.Valid() || v == n })]
		case n.IsConstant():
			s = a.constant(a.c.Simplify(a.c.T.Tidy(n)))
		default:
			s = a.operate(n, args)
		}
		failed = s == nil
		return s
	})
}

func (a *Tail) negate(x *series) *series { return a.times(x, a.int(-1), scale{}) }

// call expands f(u).
func (a *Tail) call(f *fn.Func, u *series) *series {
	if u == nil {
		return nil
	}
	switch f.Name {
	case "sqrt":
		return a.pow(u, number.Frac(1, 2))
	case "exp":
		return a.exp(u)
	case "log":
		return a.log(u)
	}
	if b := behaviours[f.Name]; b.means {
		pool := a.c.T.Pool()
		return a.written(simplify.Instance(f, f.Means, pool, []expr.Expr{pool.Var("u")}), u)
	}
	if len(u.terms) == 0 && u.exact() {
		return a.limited(f, u)
	}
	m, v, ok := a.lead(u)
	if !ok {
		return nil
	}
	sign := 0
	switch {
	case v.Lo > 0:
		sign = 1
	case v.Hi < 0:
		sign = -1
	}
	switch f.Name {
	case "abs":
		switch sign {
		case 1:
			return u
		case -1:
			return a.negate(u)
		}
		return enclosed(v.Abs(), m)
	case "cbrt": // which is real
		third := number.Frac(1, 3)
		if sign < 0 {
			return a.negate(a.pow(a.negate(u), third))
		}
		return a.pow(u, third)
	}
	g, ok := a.growth(m)
	switch {
	case !ok:
		return nil
	case g <= 0:
		return a.limited(f, u)
	}
	return a.unlimited(f, u, sign)
}

// unlimited expands f(u) for u that grows without bound, to ∞ or -∞ by its sign.
func (a *Tail) unlimited(f *fn.Func, u *series, sign int) *series {
	b, known := behaviours[f.Name]
	if near := f.Near; !known && near[0] < near[1] {
		b, known = between("u", near[0], near[1]), true
	}
	switch {
	case !known, sign == 0 && b.far != b.below:
		return nil
	case sign < 0 && (b.odd || b.even):
		w := a.unlimited(f, a.negate(u), 1)
		if b.even {
			return w
		}
		return a.negate(w)
	case sign < 0 && b.below != b.far:
		if b.below == "" {
			return nil
		}
		return a.formula(b.below, u)
	}
	out := a.formula(b.far, u)
	if out == nil || b.scale == "" {
		return out
	}
	if b.least > 0 && !a.exceeds(u, b.least) {
		return nil
	}
	return a.withRest(out, b.scale, u, b.rest)
}

// exceeds reports whether u, which grows without bound, is greater than c on all
// of [T, ∞).
func (a *Tail) exceeds(u *series, c float64) bool {
	m, v, ok := a.lead(u)
	if !ok {
		return false
	}
	b, ok := a.bound(a.powScale(m, number.Int(-1)))
	return ok && interval.Point(v.Lo).Div(interval.Point(b)).Lo > c
}

// limited expands f(u) for u with a limit, or bounded: where f is singular there by
// the formula that it has, and by Taylor's elsewhere.
func (a *Tail) limited(f *fn.Func, u *series) *series {
	if !u.exact() {
		if g, ok := a.growth(u.rm); !ok || g >= 0 {
			return a.taylor(f, u) // bounded, without a limit
		}
	}
	if !u.rem.IsBounded() {
		return nil
	}
	c := a.int(0)
	if len(u.terms) > 0 {
		if g, ok := a.growth(u.terms[0].m); ok && g == 0 {
			c = u.terms[0].c
		}
	}
	for i := range singularities {
		if s := &singularities[i]; s.name == f.Name {
			if k, ok := a.c.Compare(c, a.c.Simplify(a.c.T.Tidy(expr.MustParse(s.at)))); ok && k == 0 {
				return a.singular(s, u)
			}
		}
	}
	if c.Op() != expr.Num {
		return a.taylor(f, u)
	}
	at, ok := c.Number().Int64()
	if !ok {
		return a.taylor(f, u)
	}
	if at <= 0 && Reflected[f.Name] != "" {
		if at == 0 {
			return a.formula(atZero[f.Name], u)
		}
		return a.formula(Reflected[f.Name], u)
	}
	return a.taylor(f, u)
}

// singular expands a function for u near a place where it is singular.
func (a *Tail) singular(s *singularity, u *series) *series {
	out := a.formula(s.formula, u)
	if out == nil || s.scale == "" {
		return out
	}
	w := a.formula(s.scale, u)
	if s.most > 0 {
		if v, ok := a.sizeOf(w); !ok || v.Hi > s.most {
			return nil
		}
	}
	if s.least > 0 && !a.exceeds(w, s.least) {
		return nil
	}
	return a.plusPart(out, w, s.rest)
}

// withRest returns x + θ·w with θ in rest for the formula w of u.
func (a *Tail) withRest(x *series, w string, u *series, rest interval.I) *series {
	if x == nil {
		return nil
	}
	return a.plusPart(x, a.formula(w, u), rest)
}

// plusPart returns x + θ·w with θ in rest.
func (a *Tail) plusPart(x, w *series, rest interval.I) *series {
	m, v, ok := a.lead(w)
	if !ok {
		return nil
	}
	out := &series{terms: x.terms, rem: x.rem, rm: x.rm}
	return out.only(a.absorb(out, v.Mul(rest), m) && a.settle(out))
}
