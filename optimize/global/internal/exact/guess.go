package exact

import (
	"math"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/number"
	"nabla/expr/prove"
	"nabla/expr/simplify"
	"nabla/expr/tape"
)

// Guess returns a simple constant within tol of v, relative to max(1, |v|); not
// Valid if there is none.
func Guess(pool *expr.Pool, v, tol float64, denominator int64, pi bool) expr.Expr {
	if !(math.Abs(v) < 1e9) {
		return expr.Expr{}
	}
	tol *= math.Max(1, math.Abs(v))
	if p, q, ok := Convergent(v, tol, denominator); ok {
		return Fraction(pool, p, q)
	}
	if pi {
		if p, q, ok := Convergent(v/math.Pi, tol/math.Pi, min(denominator, 12)); ok && p != 0 {
			return simplify.In(pool).Mul(Fraction(pool, p, q), Pi(pool))
		}
		if p, q, ok := Convergent(v*v, tol*math.Max(1, math.Abs(v)), min(denominator, 64)); ok && p != 0 {
			t := simplify.In(pool)
			root := t.Pow(Fraction(pool, p, q), Fraction(pool, 1, 2))
			if v < 0 {
				root = t.Neg(root)
			}
			return pool.Import(ClosedForm(root))
		}
		if tol <= 1e-8*math.Max(1, math.Abs(v)) {
			if x := quadraticIrrational(pool, v); x.Valid() {
				return x
			}
			if x := quadraticIrrational(pool, v*v); x.Valid() {
				t := simplify.In(pool)
				root := t.Pow(x, Fraction(pool, 1, 2))
				if v < 0 {
					root = t.Neg(root)
				}
				return pool.Import(ClosedForm(root))
			}
			for n := int64(3); n <= 6; n++ {
				if x := rootOfFraction(pool, v, n); x.Valid() {
					return x
				}
			}
		}
	}
	return expr.Expr{}
}

// rootOfFraction returns ± the n-th root of a simple fraction that is v but for rounding, not Valid if there is none.
func rootOfFraction(pool *expr.Pool, v float64, n int64) expr.Expr {
	const denominator = 64
	u := math.Pow(math.Abs(v), float64(n))
	p, q, ok := Convergent(u, 1e-12*math.Max(1, u), denominator)
	if !ok || p == 0 {
		return expr.Expr{}
	}
	t := simplify.In(pool)
	root := t.Pow(Fraction(pool, p, q), Fraction(pool, 1, n))
	if v < 0 {
		root = t.Neg(root)
	}
	return pool.Import(ClosedForm(root))
}

// quadraticIrrational returns a zero of a quadratic polynomial with small integer
// coefficients that is v but for rounding, not Valid if there is none.
func quadraticIrrational(pool *expr.Pool, v float64) expr.Expr {
	const lead, linear = 12, 60
	for a := int64(1); a <= lead; a++ {
		for b := int64(-linear); b <= linear; b++ {
			u := float64(a)*v*v + float64(b)*v
			c := math.Round(-u)
			// What is left, over the derivative, is how far the zero is away.
			if !(math.Abs(u+c) <= 1e-13*math.Max(1, math.Abs(v))*math.Abs(2*float64(a)*v+float64(b))) || math.Abs(c) > 1e6 {
				continue
			}
			t := simplify.In(pool)
			root := t.Pow(t.Int(b*b-4*a*int64(c)), Fraction(pool, 1, 2))
			if 2*float64(a)*v+float64(b) < 0 {
				root = t.Neg(root)
			}
			return pool.Import(ClosedForm(t.Mul(Fraction(pool, 1, 2*a), t.Sub(root, t.Int(b)))))
		}
	}
	return expr.Expr{}
}

// Convergent returns the first convergent of the continued fraction of v that is
// within tol, if its denominator is at most most.
func Convergent(v, tol float64, most int64) (p, q int64, ok bool) {
	a := math.Floor(v)
	p0, q0, p1, q1 := 1.0, 0.0, a, 1.0
	r := v - a
	for range 40 {
		if q1 > float64(most) || math.Abs(p1) > 1e12 {
			return 0, 0, false
		}
		if math.Abs(v-p1/q1) <= tol {
			return int64(p1), int64(q1), true
		}
		if r == 0 {
			return 0, 0, false
		}
		r = 1 / r
		a = math.Floor(r)
		r -= a
		p0, q0, p1, q1 = p1, q1, a*p1+p0, a*q1+q0
	}
	return 0, 0, false
}

func Fraction(pool *expr.Pool, p, q int64) expr.Expr { return pool.Num(number.Frac(p, q)) }

func Pi(pool *expr.Pool) expr.Expr { return pool.Call(fn.Lookup("pi")) }

// Spelled is e with hypot and logsumexp of constants as roots and logarithms, for which there are rules.
func Spelled(e expr.Expr) expr.Expr {
	pool := expr.NewPool()
	each := func(args []expr.Expr, f func(expr.Expr) expr.Expr) expr.Expr {
		terms := []expr.Expr{pool.Int(0)}
		for _, a := range args {
			terms = append(terms, f(a))
		}
		return pool.Make(expr.Add, terms...)
	}
	return expr.Fold(e, func(n expr.Expr, args []expr.Expr) expr.Expr {
		switch {
		case !n.IsConstant():
		case n.IsCall("hypot"):
			return pool.Call(fn.Lookup("sqrt"), each(args, func(a expr.Expr) expr.Expr { return pool.Make(expr.Pow, a, pool.Int(2)) }))
		case n.IsCall("logsumexp"):
			return pool.Call(fn.Lookup("log"), each(args, func(a expr.Expr) expr.Expr { return pool.Call(fn.Lookup("exp"), a) }))
		}
		return expr.Remake(n, pool, args, nil)
	})
}

// ClosedForm returns the simplest form of a constant that is proved to be equal.
func ClosedForm(v expr.Expr) expr.Expr {
	const most = 200
	t := simplify.Tidy(v)
	switch {
	case t.Op() == expr.Num:
		return t
	case t.Size() > most && t.Op() == expr.Add: // the terms may be simple
		sum := simplify.New()
		var terms []expr.Expr
		for _, a := range t.Args() {
			if a.Size() > most {
				return t
			}
			terms = append(terms, sum.Tidy(ClosedForm(a)))
		}
		if t = sum.Add(terms...); t.Op() == expr.Num || t.Size() > most {
			return t
		}
	case t.Size() > most:
		return t
	}
	if prove.Zero(t, prove.Budget{}).Equal {
		return expr.NewPool().Int(0)
	}
	c := NewConstants(simplify.New())
	return c.Simplify(c.T.Tidy(t))
}

// Simplest returns the constant e, or one that is shorter and proved to be equal: a fraction, a multiple of π, a root or a zero of a quadratic
// polynomial with small coefficients.
func Simplest(e expr.Expr) expr.Expr {
	const (
		short = 2
		near  = 1e-14
	)
	if !e.Valid() || e.Size() <= short {
		return e
	}
	v, ok := tape.EncloseConstant(e)
	if !ok || !v.IsBounded() || v.Width() > near*math.Max(1, v.Mag()) {
		return e
	}
	g := Guess(expr.NewPool(), v.Mid(), near, 64, true)
	if !g.Valid() || g.Size() >= e.Size() || g.Op() != expr.Num && isRadical(e) || !prove.Equal(g, e, prove.Budget{}).Equal {
		return e
	}
	return g
}

// isRadical reports whether e is made of numbers and roots alone, which are written with small radicands.
func isRadical(e expr.Expr) bool {
	for n := range e.All() {
		if n.Op() == expr.Call && n.Func().Name != "sqrt" && n.Func().Name != "cbrt" {
			return false
		}
	}
	return true
}

// IsZero reports whether the constant e is proved to be 0.
func IsZero(c *Constants, e expr.Expr) bool {
	if e.Op() == expr.Num {
		return e.Number().Sign() == 0
	}
	if !c.Enclose(e).Has(0) {
		return false
	}
	if sign, ok := c.Sign(e); ok {
		return sign == 0
	}
	return prove.Zero(e, prove.Budget{}).Equal
}
