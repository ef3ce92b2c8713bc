package verify

import (
	"math"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
)

// This file is the part of the check that looks at the ends of the line: every end
// is brought to t → ∞ (x = t, -t, a + 1/t, a - 1/t), and the formula, as a sum of
// products, is bounded on [R, ∞] after division by one of its terms:
//
//	T₁ + … + Tₙ = Tₖ·(1 + Σ Tᵢ/Tₖ)
//
// where Tᵢ/Tₖ is enclosed on [R, ∞] by interval evaluation and, where that says
// nothing (t²·exp(-t)), by the sign of its derivative, found in the same way.

// A product is c·t^power·exp(arg)·Π base^exponent, for t ≥ R ≥ 1.
type product struct {
	c     number.Number
	power number.Number
	arg   expr.Expr // tidy; not Valid for 0
	bases []expr.Expr
	exps  []number.Number
}

// A tailCheck works with formulas in t on [from, ∞].
type tailCheck struct {
	t        *simplify.Tidier
	x        expr.Expr
	from     float64
	left     *int // evaluations that may be spent
	partial  bool // a formula was met in expand that may be undefined somewhere
	machines map[expr.Expr]*tape.Machine
}

const (
	tailTerms = 40 // most terms of a sum
	tailDepth = 4  // most derivatives taken one inside the other
)

func (k *tailCheck) over() interval.I { return interval.I{Lo: k.from, Hi: math.Inf(1)} }

// eval encloses e on an interval.
func (k *tailCheck) eval(e expr.Expr, x interval.I) (interval.I, interval.Dec) {
	if *k.left--; *k.left < 0 {
		return interval.Whole, interval.Partial
	}
	m, ok := k.machines[e]
	if !ok {
		if p, err := tape.Compile([]string{"t"}, e); err == nil {
			m = p.NewMachine()
		}
		k.machines[e] = m
	}
	if m == nil {
		return interval.Whole, interval.Partial
	}
	out, dec := make([]interval.I, 1), make([]interval.Dec, 1)
	m.Interval(out, dec, []interval.I{x})
	return out[0], dec[0]
}

// expand writes e, for t in [from, ∞], as a sum of products. Wherever e is
// defined, the sum is and has the same value.
func (k *tailCheck) expand(e expr.Expr) ([]product, bool) {
	type sum struct {
		p  []product
		ok bool
	}
	if e.Size() > 400 {
		return nil, false
	}
	t := k.t
	atom := func(n expr.Expr) sum {
		k.need(n)
		return sum{k.atom(n, number.Int(1)), true}
	}
	r := expr.Fold(e, func(n expr.Expr, args []sum) sum {
		if n.Op().IsCondition() {
			return sum{nil, true}
		}
		for _, a := range args {
			if !a.ok {
				return sum{}
			}
		}
		switch n.Op() {
		case expr.Num:
			if n.Number().Sign() == 0 {
				return sum{nil, true}
			}
			return sum{[]product{{c: n.Number()}}, true}
		case expr.Var:
			return sum{[]product{{c: number.Int(1), power: number.Int(1)}}, true}
		case expr.Add:
			var out []product
			for _, a := range args {
				out = append(out, a.p...)
			}
			out = k.collect(out)
			return sum{out, len(out) <= tailTerms}
		case expr.Mul:
			out := []product{{c: number.Int(1)}}
			for _, a := range args {
				if len(out)*len(a.p) > 4*tailTerms {
					return sum{}
				}
				var next []product
				for _, p := range out {
					for _, q := range a.p {
						next = append(next, k.mul(p, q, 1))
					}
				}
				out = k.collect(next)
			}
			return sum{out, len(out) <= tailTerms}
		case expr.Neg:
			return sum{k.scale(args[0].p, number.Int(-1)), true}
		case expr.Div:
			q, ok := k.raise(args[1].p, number.Int(-1))
			if !ok || len(args[0].p)*len(q) > 4*tailTerms {
				return sum{}
			}
			var out []product
			for _, a := range args[0].p {
				for _, b := range q {
					out = append(out, k.mul(a, b, 1))
				}
			}
			out = k.collect(out)
			return sum{out, len(out) <= tailTerms}
		case expr.Pow:
			if w := t.Tidy(n.Arg(1)); w.Op() == expr.Num {
				p, ok := k.raise(args[0].p, w.Number())
				return sum{p, ok && len(p) <= tailTerms}
			}
			// b^w = exp(w·log b), for one term b > 0.
			if log, ok := k.log(args[0].p); ok {
				return sum{[]product{{c: number.Int(1), arg: t.Mul(k.build(args[1].p), k.build(log))}}, true}
			}
			return atom(t.Make(expr.Pow, k.build(args[0].p), k.build(args[1].p)))
		case expr.If:
			switch k.truth(n.Arg(0)) {
			case 1:
				return args[1]
			case -1:
				return args[2]
			}
			return atom(t.Tidy(n))
		case expr.Call:
			var u []product
			if len(args) > 0 {
				u = args[0].p
			}
			switch n.Func().Name {
			case "exp":
				return sum{[]product{{c: number.Int(1), arg: k.build(u)}}, true}
			case "sqrt":
				if p, ok := k.pow(u, number.Frac(1, 2)); ok {
					return sum{p, true}
				}
			case "log":
				if p, ok := k.log(u); ok && len(args) == 1 {
					return sum{p, true}
				}
			case "log2", "log10":
				if p, ok := k.log(u); ok {
					base := t.Int(2)
					if n.Func().Name == "log10" {
						base = t.Int(10)
					}
					out := append([]product(nil), p...)
					by := product{c: number.Int(1), bases: []expr.Expr{t.Call(fn.Lookup("log"), base)}, exps: []number.Number{number.Int(-1)}}
					for i := range out {
						out[i] = k.mul(out[i], by, 1)
					}
					return sum{out, true}
				}
			case "abs":
				switch k.sign(u, tailDepth-1) {
				case 1:
					return sum{u, true}
				case -1:
					return sum{k.scale(u, number.Int(-1)), true}
				}
			case "cosh", "sinh":
				a := k.build(u)
				half := number.Frac(1, 2)
				p, q := product{c: half, arg: a}, product{c: half, arg: t.Neg(a)}
				if n.Func().Name == "sinh" {
					q.c = half.Neg()
				}
				return sum{[]product{p, q}, true}
			case "max", "min":
				if len(args) != 2 {
					break
				}
				s := k.sign(k.collect(append(append([]product(nil), u...), k.scale(args[1].p, number.Int(-1))...)), tailDepth-1)
				if n.Func().Name == "min" {
					s = -s
				}
				switch s {
				case 1:
					return args[0]
				case -1:
					return args[1]
				}
			}
			if len(args) == 0 {
				return atom(n)
			}
			in := make([]expr.Expr, len(args))
			for i := range args {
				in[i] = k.build(args[i].p)
			}
			return atom(t.Call(n.Func(), in...))
		}
		return sum{}
	})
	return r.p, r.ok
}

// need notes when e may be undefined somewhere on [from, ∞].
func (k *tailCheck) need(e expr.Expr) {
	if _, dec := k.eval(e, k.over()); dec < interval.Defined {
		k.partial = true
	}
}

// raise returns the power w of a sum, as a whole if need be.
func (k *tailCheck) raise(u []product, w number.Number) ([]product, bool) {
	if w.Sign() < 0 && (len(u) != 1 || k.strictSign(u[0]) == 0) {
		k.need(k.t.Pow(k.build(u), k.t.Num(w)))
	}
	if p, ok := k.pow(u, w); ok {
		return p, true
	}
	b := k.build(u)
	if b.Op() == expr.Num && b.Number().Sign() == 0 && w.Sign() <= 0 {
		return nil, false
	}
	k.need(k.t.Pow(b, k.t.Num(w)))
	return k.atom(b, w), true
}

// atom is the formula e to a power, taken as a whole.
func (k *tailCheck) atom(e expr.Expr, w number.Number) []product {
	if e.Op() == expr.Num {
		if e.Number().Sign() == 0 && w.Sign() > 0 {
			return nil
		}
		if n, whole := w.Int64(); whole && w.IsInt() && n > -1000 && n < 1000 {
			if c, ok := e.Number().Pow(int(n)); ok {
				return []product{{c: c}}
			}
		}
	}
	return []product{{c: number.Int(1), bases: []expr.Expr{e}, exps: []number.Number{w}}}
}

// truth decides a condition on the whole of [from, ∞]: 1, -1, or 0 for unknown.
func (k *tailCheck) truth(c expr.Expr) int {
	if !c.Op().IsRelation() || c.Op() == expr.Eq || c.Op() == expr.Ne {
		return 0
	}
	v, dec := k.eval(k.t.Sub(k.t.Tidy(c.Arg(0)), k.t.Tidy(c.Arg(1))), k.over())
	if dec < interval.Defined {
		return 0
	}
	if c.Op() == expr.Gt || c.Op() == expr.Ge {
		v = v.Neg()
	}
	switch {
	case v.Hi < 0:
		return 1
	case v.Lo > 0:
		return -1
	}
	return 0
}

func (k *tailCheck) scale(p []product, c number.Number) []product {
	out := append([]product(nil), p...)
	for i := range out {
		out[i].c = out[i].c.Mul(c)
	}
	return out
}

// mul returns p·q^s for s = 1 or -1; for -1, q has no zero on [from, ∞].
func (k *tailCheck) mul(p, q product, s int64) product {
	c := q.c
	if s < 0 {
		c, _ = c.Inv()
	}
	sg := number.Int(s)
	out := product{c: p.c.Mul(c), power: p.power.Add(q.power.Mul(sg)), arg: p.arg,
		bases: append([]expr.Expr(nil), p.bases...), exps: append([]number.Number(nil), p.exps...)}
	if q.arg.Valid() {
		a := q.arg
		if s < 0 {
			a = k.t.Neg(a)
		}
		if out.arg.Valid() {
			a = k.t.Add(out.arg, a)
		}
		out.arg = a
	}
	for i, b := range q.bases {
		w := q.exps[i].Mul(sg)
		at := -1
		for j := range out.bases {
			if out.bases[j] == b {
				at = j
			}
		}
		if at < 0 {
			out.bases, out.exps = append(out.bases, b), append(out.exps, w)
			continue
		}
		if out.exps[at] = out.exps[at].Add(w); out.exps[at].Sign() == 0 {
			out.bases = append(out.bases[:at], out.bases[at+1:]...)
			out.exps = append(out.exps[:at], out.exps[at+1:]...)
		}
	}
	if out.arg.Valid() && out.arg.Op() == expr.Num && out.arg.Number().Sign() == 0 {
		out.arg = expr.Expr{}
	}
	return out
}

// pow returns the power w of a sum: of one term, or a small whole power.
func (k *tailCheck) pow(p []product, w number.Number) ([]product, bool) {
	n, whole := w.Int64()
	whole = whole && w.IsInt()
	if len(p) != 1 {
		if !whole || n < 1 || n > 6 || len(p) == 0 {
			return nil, false
		}
		out := []product{{c: number.Int(1)}}
		for range n {
			var next []product
			for _, a := range out {
				for _, b := range p {
					next = append(next, k.mul(a, b, 1))
				}
			}
			if len(next) > 8*tailTerms {
				return nil, false
			}
			out = k.collect(next)
		}
		return out, true
	}
	q := p[0]
	out := product{power: q.power.Mul(w)}
	if whole {
		if n < -200 || n > 200 {
			return nil, false
		}
		c, ok := q.c.Pow(int(n))
		if !ok {
			return nil, false
		}
		out.c = c
	} else {
		// The rules of powers hold for positive factors.
		if q.c.Sign() <= 0 {
			return nil, false
		}
		for i := range q.bases {
			if k.baseSign(q.bases[i], number.Int(1)) <= 0 {
				return nil, false
			}
		}
		out.c = number.Int(1)
		if q.c != number.Int(1) {
			out.bases, out.exps = []expr.Expr{k.t.Num(q.c)}, []number.Number{w}
		}
	}
	if q.arg.Valid() {
		out.arg = k.t.Mul(k.t.Num(w), q.arg)
	}
	for i := range q.bases {
		out.bases, out.exps = append(out.bases, q.bases[i]), append(out.exps, q.exps[i].Mul(w))
	}
	return []product{out}, true
}

// log returns the logarithm of one positive term as a sum.
func (k *tailCheck) log(p []product) ([]product, bool) {
	if len(p) != 1 || p[0].c.Sign() <= 0 {
		return nil, false
	}
	q, t := p[0], k.t
	for i := range q.bases {
		if k.baseSign(q.bases[i], number.Int(1)) <= 0 {
			return nil, false
		}
	}
	var out []product
	log := func(e expr.Expr, c number.Number) {
		out = append(out, product{c: c, bases: []expr.Expr{t.Call(fn.Lookup("log"), e)}, exps: []number.Number{number.Int(1)}})
	}
	if q.c != number.Int(1) {
		log(t.Num(q.c), number.Int(1))
	}
	if q.power.Sign() != 0 {
		log(k.x, q.power)
	}
	if q.arg.Valid() {
		e, ok := k.expand(q.arg)
		if !ok {
			return nil, false
		}
		out = append(out, e...)
	}
	for i := range q.bases {
		log(q.bases[i], q.exps[i])
	}
	return k.collect(out), true
}

// collect adds up equal terms.
func (k *tailCheck) collect(p []product) []product {
	var out []product
next:
	for _, q := range p {
		if q.c.Sign() == 0 {
			continue
		}
		for i := range out {
			if sameProduct(out[i], q) {
				out[i].c = out[i].c.Add(q.c)
				continue next
			}
		}
		out = append(out, q)
	}
	kept := out[:0]
	for _, q := range out {
		if q.c.Sign() != 0 {
			kept = append(kept, q)
		}
	}
	return kept
}

func sameProduct(a, b product) bool {
	if a.power != b.power || a.arg != b.arg || len(a.bases) != len(b.bases) {
		return false
	}
	for i := range a.bases {
		found := false
		for j := range b.bases {
			found = found || a.bases[i] == b.bases[j] && a.exps[i] == b.exps[j]
		}
		if !found {
			return false
		}
	}
	return true
}

// build returns a sum as a tidy formula.
func (k *tailCheck) build(p []product) expr.Expr {
	terms := make([]expr.Expr, len(p))
	for i := range p {
		terms[i] = k.buildOne(p[i])
	}
	switch len(terms) {
	case 0:
		return k.t.Int(0)
	case 1:
		return terms[0]
	}
	return k.t.Add(terms...)
}

func (k *tailCheck) buildOne(p product) expr.Expr {
	t := k.t
	f := []expr.Expr{t.Num(p.c)}
	if p.power.Sign() != 0 {
		f = append(f, t.Pow(k.x, t.Num(p.power)))
	}
	if p.arg.Valid() {
		f = append(f, t.Call(fn.Lookup("exp"), p.arg))
	}
	for i, b := range p.bases {
		f = append(f, t.Pow(b, t.Num(p.exps[i])))
	}
	if len(f) == 1 {
		return f[0]
	}
	return t.Mul(f...)
}

// baseSign returns the sign of b^w if it is the same and not zero on the whole of
// [from, ∞], where b^w is defined.
func (k *tailCheck) baseSign(b expr.Expr, w number.Number) int {
	v, _ := k.eval(b, k.over())
	switch {
	case v.IsEmpty():
		return 0
	case v.Lo > 0:
		return 1
	case v.Hi < 0:
		n, ok := w.Int64()
		if !ok || !w.IsInt() {
			return 0
		}
		if n%2 == 0 {
			return 1
		}
		return -1
	}
	return 0
}

// strictSign returns the sign of a product that has no zero on [from, ∞], and 0
// when that is not known. t^w and exp(u) are positive.
func (k *tailCheck) strictSign(p product) int {
	s := p.c.Sign()
	for i, b := range p.bases {
		s *= k.baseSign(b, p.exps[i])
	}
	return s
}

// enclose encloses a product on [from, ∞].
func (k *tailCheck) enclose(p product, depth int) interval.I {
	e := k.buildOne(p)
	v, dec := k.eval(e, k.over())
	if depth <= 0 || v.IsEmpty() || dec != interval.Continuous || v.IsBounded() && v.Mag() < 1e-3 {
		return v
	}
	s := k.slope(e, depth-1)
	if s == 0 {
		return v
	}
	at, _ := k.eval(e, interval.Point(k.from))
	if s > 0 {
		v.Lo = math.Max(v.Lo, at.Lo)
	} else {
		v.Hi = math.Min(v.Hi, at.Hi)
	}
	return v
}

// slope returns the sign of the derivative of e if e is differentiable with a
// derivative of one sign on [from, ∞].
func (k *tailCheck) slope(e expr.Expr, depth int) int {
	d := k.t.Tidy(diff.D(e, "t"))
	v, dec := k.eval(d, k.over())
	switch {
	case dec < interval.Defined || v.IsEmpty():
		return 0
	case v.Lo >= 0:
		return 1
	case v.Hi <= 0:
		return -1
	}
	p, ok := k.expand(d)
	if !ok {
		return 0
	}
	return k.sign(p, depth)
}

// sign returns 1 if the sum is ≥ 0 on [from, ∞] wherever it is defined, -1 if
// it is ≤ 0, and 0 when neither is known.
func (k *tailCheck) sign(p []product, depth int) int {
	if len(p) == 0 {
		return 1
	}
	v, _ := k.eval(k.build(p), k.over())
	switch {
	case v.IsEmpty() || v.Lo >= 0:
		return 1
	case v.Hi <= 0:
		return -1
	}
	if len(p) == 1 {
		return k.strictSign(p[0])
	}
	for i := range p {
		s := k.strictSign(p[i])
		if s == 0 {
			continue
		}
		total := interval.Point(1)
		for j := range p {
			if j != i {
				if total = total.Add(k.enclose(k.mul(p[j], p[i], -1), depth)); !(total.Lo > -math.MaxFloat64) {
					break
				}
			}
		}
		if !total.IsEmpty() && total.Lo >= 0 {
			return s
		}
		if *k.left < 0 {
			return 0
		}
	}
	return 0
}

// falls reports whether the sum tends to -∞ as t → ∞: one of its terms does, and
// the others are small beside it.
func (k *tailCheck) falls(p []product, depth int) bool {
	for i := range p {
		if p[i].c.Sign() >= 0 || !k.grows(p[i]) {
			continue
		}
		total := interval.Point(1)
		for j := range p {
			if j != i {
				total = total.Add(k.enclose(k.mul(p[j], p[i], -1), depth))
			}
		}
		if total.Lo > 1e-6 {
			return true
		}
	}
	return false
}

// grows reports whether a product with positive factor tends to ∞: all its
// factors are t^w, w ≥ 0, log(t)^w, w ≥ 0, or exp(c·t^w), c, w > 0, or constants.
func (k *tailCheck) grows(p product) bool {
	some := p.power.Sign() > 0
	if p.power.Sign() < 0 {
		return false
	}
	if p.arg.Valid() {
		a, ok := k.expand(p.arg)
		if !ok || len(a) != 1 || a[0].c.Sign() <= 0 || a[0].power.Sign() <= 0 || a[0].arg.Valid() || len(a[0].bases) > 0 {
			return false
		}
		some = true
	}
	for i, b := range p.bases {
		switch {
		case b.IsCall("log") && b.Arg(0) == k.x && p.exps[i].Sign() > 0:
			some = true
		case len(b.Vars()) == 0 && k.baseSign(b, p.exps[i]) > 0:
		default:
			return false
		}
	}
	return some
}

// newTail prepares to look at the formulas in t on [from, ∞].
func newTail(from float64, left *int) *tailCheck {
	t := simplify.New()
	return &tailCheck{t: t, x: t.Var("t"), from: from, left: left, machines: map[expr.Expr]*tape.Machine{}}
}

// atLeast reports whether f, a formula in t, is at least low wherever it is
// defined on [from, ∞].
func (k *tailCheck) atLeast(f expr.Expr, low float64) bool {
	raw := k.t.Pool().Import(f)
	if v, dec := k.eval(raw, k.over()); dec == interval.None || v.IsEmpty() || v.Lo >= low {
		return true
	}
	sum, ok := k.expand(k.t.Tidy(raw))
	if !ok {
		return false
	}
	n, ok := number.FromFloat(low)
	if !ok {
		return false
	}
	e := k.build(sum)
	v, dec := k.eval(e, k.over())
	if v.IsEmpty() || v.Lo >= low {
		return true
	}
	above := func(k *tailCheck) bool {
		p := k.collect(append(append([]product(nil), sum...), product{c: n.Neg()}))
		return k.sign(p, tailDepth) > 0
	}
	if above(k) {
		return true
	}
	if dec != interval.Continuous {
		return false
	}
	switch k.slope(e, tailDepth) {
	case 1:
		at, _ := k.eval(e, interval.Point(k.from))
		return at.Lo >= low
	case -1:
		// f falls all the way: what it does far out is the least.
		for _, far := range []float64{1e3, 1e6, 1e12, 1e100} {
			if far <= k.from {
				continue
			}
			there := *k
			there.from = far
			if v, _ := there.eval(e, there.over()); v.Lo >= low || above(&there) {
				return true
			}
		}
	}
	return false
}
