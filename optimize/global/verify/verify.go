// Package verify checks the proof of a minimum again, from its certificate; package
// certificate says what is claimed, and Arguments how each kind of claim is proved.
//
// It shares no code with the search. What both trust, and what a confirmed claim rests on, is:
//
//   - the reader of formulas (expr, expr/syntax) and exact rationals (expr/number, math/big);
//   - enclosures of formulas on boxes with what they say of domain and continuity
//     (expr/tape, expr/interval, and the rows of expr/fn: values, derivatives, limits, monotony);
//   - the rules of differentiation (diff.D, diff.Gradient, diff.Hessian);
//   - the rules of algebra: that two formulas are equal (expr/prove), the tidy form, which is
//     defined wherever the formula is, and natural domains (expr/simplify).
//
// Everything else is here, and small: exact polynomials and the theorem of Sturm, boxes with
// mean value and second-order forms, expansions far out, sums of squares. The search may
// have found a proof in any way; the check follows the certificate where it leads and
// looks for the rest within an allowance of boxes. What it cannot confirm it says: it never
// takes a claim on trust, and a certificate that is changed is confirmed only if
// what it claims then is true. A value is checked to a tolerance, relative 1e-9, from
// below, and in closed form exactly at the point.
package verify

import (
	"errors"
	"fmt"
	"io"
	"math"
	"math/big"
	"slices"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/interval"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/certificate"
)

// A Report says what Check has checked of a certificate.
type Report struct {
	// Valid says that the whole claim follows from what was checked: that the point
	// has the value, and that nothing in the region is better by more than
	// Tolerance.
	Valid     bool     `json:"valid"`
	Tolerance float64  `json:"tolerance"`
	Checked   []string `json:"checked"`   // in words
	Unchecked []string `json:"unchecked"` // parts of the claim that could not be confirmed
	Boxes     int      `json:"boxes"`
}

// An effort is what a check may still spend, its parts together.
type effort struct {
	boxes int // to examine
	evals int // of formulas far out
	parts int // certificates within the certificate
}

// fullEffort is that of Check.
var fullEffort = effort{boxes: 3_000_000, evals: 200_000, parts: 2000}

// unguided is the number of boxes that are looked at where the certificate does not say
// how the region is divided.
const unguided = 30_000

// Limits of what is read: the text of a formula in bytes, and nodes of formulas times
// variables up to which second derivatives are taken.
const (
	maxText    = 1 << 20
	maxHessian = 2_000_000
)

// Check reads a certificate and checks its claim again: it walks through the
// division of the region and bounds the formula on every part by enclosures of
// its own. An error means that r holds no certificate.
func Check(r io.Reader) (Report, error) {
	return check(r, fullEffort)
}

func check(r io.Reader, left effort) (Report, error) {
	c, err := certificate.Read(r)
	if err != nil {
		return Report{}, err
	}
	boxes := left.boxes
	v := &verifier{c: c, left: &left}
	if err := v.read(); err != nil {
		return Report{}, fmt.Errorf("certificate: %w", err)
	}
	v.check()
	v.report.Boxes = boxes - max(left.boxes, 0)
	return v.report, nil
}

type verifier struct {
	c      *certificate.Certificate
	f      expr.Expr // to be minimised
	ends   [][2]end  // of the variables
	region []interval.I
	lower  []float64 // not below a lower bound, as region is not above it
	upper  []float64
	cons   []constraintCheck // those that the region does not express
	// conditions are all constraints, those too that the region expresses.
	conditions []constraintCheck
	prog       *tape.Prog // f, gradient
	second     *tape.Prog // Hessian
	rows       []diff.Entry
	fm, hm     *tape.Machine
	cm         *tape.Machine
	out        []interval.I
	dec        []interval.Dec
	report     Report
	low        float64 // claimed lower bound of f
	least      float64 // and with the tolerance
	at         int     // in the tree
	left       *effort
	// settled says that more boxes cannot help.
	settled bool
	depth   int  // of certificates within others
	taken   bool // the point is proved to be one of the region that has the value
	// precise says that nothing is proved to be below exact, without a tolerance.
	precise bool
	squares bool         // the sum of squares of the certificate has been checked
	strict  bool         // what is to be shown is that no point has the infimum
	exact   expr.Expr    // the closed form of the value to be minimised; not Valid for none
	near    []interval.I // where values come near an infimum
	outer   []interval.I // nothing outside this box is below the claim; nil for unknown
	empty   bool         // the claim is that nothing is in the region
	dual    *verifier    // of the Lagrangian, nil for none
}

// A constraintCheck is g ≤ 0, strict g < 0 or, equal, g = 0.
type constraintCheck struct {
	g             expr.Expr
	equal, strict bool
}

func (v *verifier) read() error {
	c := v.c
	if len(c.Formula) > maxText {
		return fmt.Errorf("the formula is longer than %d bytes", maxText)
	}
	f, err := expr.Parse(c.Formula)
	if err != nil {
		return err
	}
	for _, x := range f.Vars() {
		if !slices.Contains(c.Variables, x) {
			return fmt.Errorf("%s is not among the variables", x)
		}
	}
	pool := expr.NewPool()
	v.f = pool.Import(f)
	if c.Maximise {
		v.f = pool.Make(expr.Neg, v.f)
	}
	n := len(c.Variables)
	if len(c.Bounds) != 0 && len(c.Bounds) != n || len(c.Point) != 0 && len(c.Point) != n ||
		len(c.ExactPoint) != 0 && len(c.ExactPoint) != n {
		return errors.New("bounds or points of the wrong length")
	}
	if err := v.readBounds(); err != nil {
		return err
	}
	var outs []expr.Expr
	for _, text := range c.SubjectTo {
		e, err := expr.Reader{Conditions: true}.Expr(text)
		if err != nil {
			return err
		}
		k, err := readConstraint(e)
		if err != nil {
			return err
		}
		v.conditions = append(v.conditions, k...)
		for _, one := range k {
			if !v.tighten(one) {
				v.cons = append(v.cons, one)
			}
		}
	}
	for _, k := range v.cons {
		outs = append(outs, k.g)
	}
	if p, err := tape.Compile(c.Variables, outs...); err != nil {
		return err
	} else {
		v.cm = p.NewMachine()
	}
	return v.compile()
}

// compile makes the programs for f and its derivatives.
func (v *verifier) compile() error {
	vars := v.c.Variables
	var err error
	if v.prog, err = tape.Compile(vars, append([]expr.Expr{v.f}, diff.Gradient(v.f, vars)...)...); err != nil {
		return err
	}
	v.fm = v.prog.NewMachine()
	if n := len(vars); n > 40 || v.f.Size()*n*n > maxHessian {
		return nil
	}
	v.rows = diff.Hessian(v.f, vars)
	var h []expr.Expr
	for _, e := range v.rows {
		h = append(h, e.Expr)
	}
	if v.second, err = tape.Compile(vars, h...); err != nil {
		return err
	}
	v.hm = v.second.NewMachine()
	return nil
}

// readConstraint reads a relation, or several joined by and. Relations joined by or, or
// denied, become one inequality.
func readConstraint(e expr.Expr) ([]constraintCheck, error) {
	var out []constraintCheck
	todo := []expr.Expr{e}
	for len(todo) > 0 {
		e := todo[0]
		todo = todo[1:]
		if e.Op() == expr.And {
			todo = append(e.AppendArgs(nil), todo...)
			continue
		}
		if e.Op() == expr.Eq {
			p := expr.NewPool()
			out = append(out, constraintCheck{g: p.Make(expr.Add, p.Import(e.Arg(0)), p.Make(expr.Neg, p.Import(e.Arg(1)))), equal: true})
			continue
		}
		c, ok := asInequality(expr.NewPool(), e, true, 0)
		if !ok {
			return nil, errors.New("a constraint is no equation or inequality")
		}
		out = append(out, c)
	}
	return out, nil
}

// maxDenied is how deep conditions may be joined and denied.
const maxDenied = 50

// asInequality writes a condition, or its denial, as g ≤ 0 or g < 0: of conditions that
// are joined, one holds where the least of theirs is so, and all where the greatest is.
// Parts that are not defined everywhere, or of which some have their edges and others do
// not, are not told apart.
func asInequality(p *expr.Pool, e expr.Expr, holds bool, depth int) (c constraintCheck, ok bool) {
	if depth > maxDenied {
		return c, false
	}
	switch e.Op() {
	case expr.Not:
		return asInequality(p, e.Arg(0), !holds, depth+1)
	case expr.And, expr.Or:
		name := "max"
		if (e.Op() == expr.Or) == holds {
			name = "min"
		}
		var gs []expr.Expr
		for i, a := range e.AppendArgs(nil) {
			d, ok := asInequality(p, a, holds, depth+1)
			if !ok || i > 0 && d.strict != c.strict || len(simplify.Domain(d.g)) > 0 {
				return c, false
			}
			c.strict = d.strict
			gs = append(gs, d.g)
		}
		if c.g = gs[0]; len(gs) > 1 {
			c.g = p.Call(fn.Lookup(name), gs...)
		}
		return c, true
	}
	if !e.Op().IsRelation() {
		return c, false
	}
	a, b := p.Import(e.Arg(0)), p.Import(e.Arg(1))
	d := p.Make(expr.Add, a, p.Make(expr.Neg, b))
	op := e.Op()
	if op == expr.Gt || op == expr.Ge {
		d = p.Make(expr.Add, b, p.Make(expr.Neg, a))
		op = map[expr.Op]expr.Op{expr.Gt: expr.Lt, expr.Ge: expr.Le}[op]
	}
	switch {
	case (op == expr.Eq) == holds && (op == expr.Eq || op == expr.Ne):
		c = constraintCheck{g: p.Call(fn.Lookup("abs"), d)}
	case op == expr.Eq || op == expr.Ne:
		c = constraintCheck{g: p.Make(expr.Neg, p.Call(fn.Lookup("abs"), d)), strict: true}
	case holds:
		c = constraintCheck{g: d, strict: op == expr.Lt}
	default:
		c = constraintCheck{g: p.Make(expr.Neg, d), strict: op == expr.Le}
	}
	return c, true
}

func (v *verifier) yes(format string, args ...any) {
	v.report.Checked = append(v.report.Checked, fmt.Sprintf(format, args...))
}

func (v *verifier) no(format string, args ...any) {
	v.report.Unchecked = append(v.report.Unchecked, fmt.Sprintf(format, args...))
}

// miss is no, but for what may still be shown in another way.
func (v *verifier) miss(format string, args ...any) {
	if !v.strict {
		v.no(format, args...)
	}
}

// consistent reports whether the closed forms agree with the numbers beside them.
func (v *verifier) consistent() bool {
	agree := func(text string, lo, hi float64) bool {
		e, err := expr.Parse(text)
		if err != nil {
			return false
		}
		b, ok := tape.EncloseConstant(e)
		slack := 1e-9 * math.Max(1, math.Max(math.Abs(lo), math.Abs(hi)))
		return ok && b.Hi >= lo-slack && b.Lo <= hi+slack
	}
	if v.c.Exact != "" && !agree(v.c.Exact, float64(v.c.Value[0]), float64(v.c.Value[1])) {
		v.no("that the closed form of the value agrees with its enclosure")
		return false
	}
	for i, text := range v.c.ExactPoint {
		if text != "" && i < len(v.c.Point) && !agree(text, v.c.Point[i], v.c.Point[i]) {
			v.no("that the closed form of the point agrees with its digits")
			return false
		}
	}
	return true
}

func (v *verifier) check() {
	if v.c.Status != certificate.Unbounded && v.c.Status != certificate.Empty && !v.consistent() {
		return
	}
	switch v.c.Status {
	case certificate.Exact, certificate.Certified, certificate.Constant:
		v.minimum()
	case certificate.Unbounded:
		v.path()
	case certificate.NotAttained:
		v.infimum()
	case certificate.Empty:
		v.nothing()
	default:
		v.no("the status %s claims nothing that boxes can show", v.c.Status)
	}
}

// claim reads the value that is claimed, of the formula to be minimised, and sets
// what is to be shown; false says that there is none.
func (v *verifier) claim() (lo, hi float64, ok bool) {
	lo, hi = float64(v.c.Value[0]), float64(v.c.Value[1])
	if v.c.Maximise {
		lo, hi = -hi, -lo
	}
	if !(lo <= hi) || math.IsInf(lo, 0) || math.IsInf(hi, 0) {
		v.no("the value is not enclosed in an interval")
		return lo, hi, false
	}
	if v.c.Exact != "" {
		e, err := expr.Parse(v.c.Exact)
		if err == nil && v.c.Maximise {
			pool := expr.NewPool()
			e = pool.Make(expr.Neg, pool.Import(e))
		}
		// The closed form is the claim, and the enclosure beside it for the reader.
		b, known := interval.Whole, false
		if err == nil {
			b, known = tape.EncloseConstant(e)
		}
		if !known || !b.IsBounded() {
			v.no("the closed form of the value cannot be read")
			return lo, hi, false
		}
		v.exact, lo, hi = e, b.Lo, b.Hi
	}
	v.low, v.report.Tolerance = lo, 1e-9*math.Max(1, math.Abs(lo))
	v.least = lo - v.report.Tolerance
	return lo, hi, true
}

// minimum checks that the value is taken and that nothing is below it.
func (v *verifier) minimum() {
	_, hi, ok := v.claim()
	if !ok {
		return
	}
	if v.c.Status == certificate.Exact && v.c.Exact == "" {
		v.no("the exact value: there is none")
		return
	}
	v.taken = v.point(hi)
	if v.c.Status == certificate.Constant && len(v.f.Vars()) > 0 {
		same := v.constant()
		if !same {
			v.no("that the formula has the same value everywhere")
		}
		v.report.Valid = v.taken && same
		return
	}
	below := v.below()
	if !below {
		v.no("that nothing in the region is better (method: %s)", v.c.Method)
	}
	v.report.Valid = v.taken && below
}

// below reports whether nothing in the region is proved to be below the claim.
func (v *verifier) below() bool {
	if v.c.Reduction != nil {
		return v.reduce().below
	}
	if v.c.SumOfSquares != nil {
		return v.sumOfSquares(v.c.SumOfSquares)
	}
	if len(v.c.Tree) == 0 && len(v.region) == 1 {
		return v.line() || !v.settled && v.convexQuadratic()
	}
	if v.convexQuadratic() || v.convexAt() {
		return true
	}
	box := slices.Clone(v.region)
	bounded := true
	for _, x := range box {
		bounded = bounded && x.IsBounded()
	}
	if v.c.Outside != nil && !bounded {
		v.outsideBall(v.c.Outside)
	}
	if !bounded && v.outer == nil {
		v.confine()
	}
	if l, ok := v.lagrangian(v.c.Multipliers); ok && len(v.c.Multipliers) > 0 {
		v.dual = &verifier{c: v.c, f: l, left: v.left, ends: v.ends}
		if err := v.dual.compile(); err != nil {
			v.dual = nil
		} else if p, err := tape.Compile(v.c.Variables); err == nil {
			v.dual.cm = p.NewMachine()
		}
	}
	before := v.left.boxes
	var ok bool
	if len(v.c.Tree) > 0 {
		ok = v.walk(box) && v.at == len(v.c.Tree)
	} else {
		ok = v.bounded(box, unguided)
	}
	if ok {
		v.yes("nothing in the region is better than the value (%d boxes)", before-v.left.boxes)
	}
	return ok
}

// nothing checks that no point of the region satisfies the constraints and has a
// value.
func (v *verifier) nothing() {
	for i, x := range v.region {
		// What lies between the ends holds the region, and may be more by how these are rounded.
		point := x.IsPoint() && v.lower[i] == v.upper[i]
		if x.IsEmpty() || point && (v.isOpen(i, 0) || v.isOpen(i, 1)) {
			v.yes("the bounds of %s leave nothing", v.c.Variables[i])
			v.report.Valid = true
			return
		}
	}
	if r := v.c.Reduction; r != nil && r.Kind == certificate.Contradiction {
		if v.report.Valid = v.contradiction(r); !v.report.Valid {
			v.no("that the conditions contradict each other")
		}
		return
	}
	if v.c.Reduction != nil && v.reduce().empty {
		v.report.Valid = true
		return
	}
	v.empty, v.least = true, math.Inf(1)
	before := v.left.boxes
	if len(v.c.Tree) > 0 {
		v.report.Valid = v.walk(slices.Clone(v.region)) && v.at == len(v.c.Tree)
	} else {
		v.report.Valid = v.bounded(slices.Clone(v.region), unguided)
	}
	if v.report.Valid {
		v.yes("no part of the region satisfies the conditions (%d boxes)", before-v.left.boxes)
	} else {
		v.no("that no part of the region satisfies the conditions")
	}
}

func (v *verifier) eval(m *tape.Machine, p *tape.Prog, x []interval.I) {
	k := p.NumOut()
	if len(v.out) < k {
		v.out, v.dec = make([]interval.I, k), make([]interval.Dec, k)
	}
	m.Interval(v.out[:k], v.dec[:k], x)
}

// walk follows the division of the region from the present node of the tree.
func (v *verifier) walk(root []interval.I) bool {
	stack := [][]interval.I{root}
	for len(stack) > 0 {
		box := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if v.at >= len(v.c.Tree) {
			return false
		}
		s := &v.c.Tree[v.at]
		v.at++
		switch {
		case s.Box != nil:
			if len(s.Box) != len(box) {
				return false
			}
			// What the narrowing cuts off, one side after the other.
			inner := slices.Clone(box)
			for i, e := range s.Box {
				lo, hi := float64(e[0]), float64(e[1])
				if !(lo <= hi) {
					return false
				}
				if lo > inner[i].Lo {
					cut := slices.Clone(inner)
					cut[i].Hi = lo
					if !v.bounded(cut, 20_000) {
						return false
					}
					inner[i].Lo = lo
				}
				if hi < inner[i].Hi {
					cut := slices.Clone(inner)
					cut[i].Lo = hi
					if !v.bounded(cut, 20_000) {
						return false
					}
					inner[i].Hi = hi
				}
			}
			stack = append(stack, inner)
		case s.Split > 0:
			k := s.Split - 1
			if k >= len(box) || !(box[k].Lo <= s.At && s.At <= box[k].Hi) {
				return false
			}
			a, b := slices.Clone(box), slices.Clone(box)
			a[k].Hi, b[k].Lo = s.At, s.At
			stack = append(stack, b, a)
		default:
			if !v.bounded(box, 20_000) {
				return false
			}
		}
	}
	return true
}

// bounded reports whether f is proved to have no minimum below the claim in the
// box, dividing it further as needed.
func (v *verifier) bounded(box []interval.I, budget int) bool {
	stack := [][]interval.I{box}
	for len(stack) > 0 {
		x := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if v.left.boxes--; v.left.boxes < 0 {
			return false
		}
		if v.leaf(x) {
			continue
		}
		if budget--; budget < 0 {
			return false
		}
		k, w := -1, 0.0
		for i, b := range x {
			if m := cutPoint(b); m > b.Lo && m < b.Hi && (b.Width() > w) {
				k, w = i, b.Width()
			}
		}
		if k < 0 {
			return false
		}
		a, b := slices.Clone(x), x
		m := cutPoint(x[k])
		a[k].Hi, b[k].Lo = m, m
		stack = append(stack, b, a)
	}
	return true
}

// cutPoint is where an interval is halved.
func cutPoint(b interval.I) float64 {
	switch lo, hi := math.IsInf(b.Lo, -1), math.IsInf(b.Hi, 1); {
	case lo && hi:
		return 0
	case lo:
		return math.Min(-1, 4*b.Hi-1)
	case hi:
		return math.Max(1, 4*b.Lo+1)
	}
	return b.Lo/2 + b.Hi/2
}

// leaf reports whether the box is settled without dividing it.
func (v *verifier) leaf(x []interval.I) bool {
	if v.outer != nil {
		y := slices.Clone(x)
		for i := range y {
			if y[i] = y[i].Meet(v.outer[i]); y[i].IsEmpty() {
				return true
			}
		}
		x = y
	}
	if v.infeasible(x) {
		return true
	}
	v.eval(v.fm, v.prog, x)
	f := v.out[0]
	if v.dec[0] == interval.None || f.IsEmpty() || f.Lo >= v.least {
		return true
	}
	if v.empty || v.dec[0] != interval.Continuous {
		return false
	}
	for i := range x {
		if !x[i].IsBounded() {
			return false
		}
	}
	if v.byDerivatives(x) {
		return true
	}
	if v.dual == nil {
		return false
	}
	// The Lagrangian is not above f where the constraints hold; on the box, no
	// more than the box is to be looked at.
	v.dual.least = v.least
	return v.dual.alone(x, func() bool { return v.dual.leaf(x) })
}

// alone makes the box the region while it calls try: then slopes across it say nothing.
func (v *verifier) alone(box []interval.I, try func() bool) bool {
	region, lower, upper := v.region, v.lower, v.upper
	defer func() { v.region, v.lower, v.upper = region, lower, upper }()
	v.region, v.lower, v.upper = box, make([]float64, len(box)), make([]float64, len(box))
	for i, x := range box {
		v.lower[i], v.upper[i] = x.Lo, x.Hi
	}
	return try()
}

// infeasible reports whether a constraint holds nowhere on the box.
func (v *verifier) infeasible(x []interval.I) bool {
	if len(v.cons) == 0 {
		return false
	}
	out, dec := make([]interval.I, len(v.cons)), make([]interval.Dec, len(v.cons))
	v.cm.Interval(out, dec, x)
	for k, c := range v.cons {
		if dec[k] == interval.None || out[k].IsEmpty() || out[k].Lo > 0 || c.strict && out[k].Lo == 0 || c.equal && out[k].Hi < 0 {
			return true
		}
	}
	return false
}

// byDerivatives settles the bounded box x, on which f is continuous, by the mean
// value form, the slopes, the second-order form or convexity. v.out holds f and its
// gradient on x.
func (v *verifier) byDerivatives(x []interval.I) bool {
	n := len(x)
	g := slices.Clone(v.out[1 : n+1])
	smooth := true
	for i := range g {
		if v.dec[i+1] < interval.Defined || g[i].IsEmpty() {
			return false
		}
		smooth = smooth && v.dec[i+1] == interval.Continuous
	}
	// Mean value form at the middle.
	c := make([]interval.I, n)
	for i := range c {
		c[i] = interval.Point(x[i].Mid())
	}
	v.eval(v.fm, v.prog, c)
	if v.dec[0] < interval.Defined {
		return false
	}
	fc := v.out[0]
	gc := slices.Clone(v.out[1 : n+1])
	m := fc
	for i := range x {
		m = m.Add(g[i].Mul(x[i].Sub(c[i])))
	}
	if m.Lo >= v.least || len(v.cons) == 0 && v.slopes(x) {
		return true
	}
	if v.hm == nil || !smooth {
		return false
	}
	full, ok := v.hessian(x)
	if !ok {
		return false
	}
	q := fc
	for i := range x {
		d := x[i].Sub(c[i])
		q = q.Add(gc[i].Mul(d)).Add(full[i][i].Mul(d.Sqr()).Mul(interval.Point(0.5)))
		for j := range i {
			q = q.Add(full[i][j].Mul(d.Mul(x[j].Sub(c[j]))))
		}
	}
	return q.Lo >= v.least || v.dominant(full) && v.tangent(x, c, full, gc)
}

// hessian encloses the Hessian on the box; ok is false where it is not known.
func (v *verifier) hessian(x []interval.I) (full [][]interval.I, ok bool) {
	n, k := len(x), v.second.NumOut()
	h, dec := make([]interval.I, k), make([]interval.Dec, k)
	v.hm.Interval(h, dec, x)
	full = make([][]interval.I, n)
	for i := range full {
		full[i] = make([]interval.I, n)
	}
	for t, e := range v.rows {
		if dec[t] < interval.Defined || h[t].IsEmpty() {
			return nil, false
		}
		full[e.Row][e.Col], full[e.Col][e.Row] = h[t], h[t]
	}
	return full, true
}

// tangent bounds f on the box, on which it is strictly convex, by its tangent plane
// at a point near its minimum there. gc is the gradient at c.
func (v *verifier) tangent(x, c []interval.I, full [][]interval.I, gc []interval.I) bool {
	n := len(x)
	for range 30 {
		y := v.newton(x, c, full, gc)
		if y == nil {
			return false
		}
		v.eval(v.fm, v.prog, y)
		t := v.out[0]
		if v.dec[0] < interval.Defined {
			return false
		}
		for i := range x {
			t = t.Add(v.out[i+1].Mul(x[i].Sub(y[i])))
		}
		if t.Lo >= v.least {
			return true
		}
		if slices.Equal(y, c) {
			return false
		}
		copy(gc, v.out[1:n+1])
		c = y
	}
	return false
}

// slopes reports whether f rises or falls in a variable on the box and a
// little around it, away from the bound towards which it falls.
func (v *verifier) slopes(x []interval.I) bool {
	y := make([]interval.I, len(x))
	for i, b := range x {
		d := 1e-6*b.Width() + 1e-14*b.Mag() + 1e-300
		y[i] = interval.New(b.Lo-d, b.Hi+d).Meet(v.region[i])
	}
	v.eval(v.fm, v.prog, y)
	if v.dec[0] != interval.Continuous {
		return false
	}
	for i, b := range x {
		g := v.out[i+1]
		if v.dec[i+1] < interval.Defined || g.IsEmpty() {
			continue
		}
		// An end that is left out has no point, and whatever is nearer to it has a lower value.
		if g.Lo > 0 && (b.Lo > v.lower[i] || v.strict && v.isOpen(i, 0)) || g.Hi < 0 && (b.Hi < v.upper[i] || v.strict && v.isOpen(i, 1)) {
			return true
		}
	}
	return false
}

// dominant reports whether every matrix in h is positive definite, by the
// theorem of Sylvester for interval pivots.
func (v *verifier) dominant(h [][]interval.I) bool {
	n := len(h)
	a := make([][]interval.I, n)
	for i := range a {
		a[i] = slices.Clone(h[i])
	}
	for k := range n {
		if !(a[k][k].Lo > 0) {
			return false
		}
		for i := k + 1; i < n; i++ {
			t := a[i][k].Div(a[k][k])
			for j := k + 1; j < n; j++ {
				a[i][j] = a[i][j].Sub(t.Mul(a[k][j]))
			}
		}
	}
	return true
}

// newton returns a point of the box nearer to the minimum of f, by a step with
// the middle of the Hessian in one variable after the other.
func (v *verifier) newton(x, c []interval.I, h [][]interval.I, g []interval.I) []interval.I {
	n := len(x)
	y := make([]float64, n)
	for range 200 {
		for i := range n {
			s := g[i].Mid()
			for j := range n {
				if j != i {
					s += h[i][j].Mid() * y[j]
				}
			}
			y[i] = nearest(c[i].Lo-s/h[i][i].Mid(), x[i]) - c[i].Lo
		}
	}
	out := make([]interval.I, n)
	for i := range out {
		z := nearest(c[i].Lo+y[i], x[i])
		if math.IsNaN(z) || math.IsInf(z, 0) {
			return nil
		}
		out[i] = interval.Point(z)
	}
	return out
}

// nearest returns the point of the interval b nearest to x.
func nearest(x float64, b interval.I) float64 { return math.Max(b.Lo, math.Min(b.Hi, x)) }

// convexQuadratic reports whether f is a quadratic, as its gradient is continuous and its Hessian
// constant, which is positive semidefinite, and its gradient vanishes at the exact point, where
// the value is not below the claim.
func (v *verifier) convexQuadratic() bool {
	n := len(v.region)
	if !v.taken || len(v.c.ExactPoint) != n || v.hm == nil {
		return false
	}
	v.eval(v.fm, v.prog, v.region)
	if slices.ContainsFunc(v.dec[:n+1], func(d interval.Dec) bool { return d != interval.Continuous }) {
		return false
	}
	pool := expr.NewPool()
	with := map[string]expr.Expr{}
	for i, t := range v.c.ExactPoint {
		e, err := expr.Parse(t)
		if err != nil {
			return false
		}
		with[v.c.Variables[i]] = pool.Import(e)
	}
	value := simplify.Tidy(pool.Substitute(pool.Import(v.f), with))
	if least, ok := tape.EncloseConstant(value); !ok || !(least.Lo >= v.least) {
		return false
	}
	for _, g := range diff.Gradient(v.f, v.c.Variables) {
		if z := simplify.Tidy(pool.Substitute(pool.Import(g), with)); !z.IsNum(0) {
			return false
		}
	}
	h := make([][]*big.Rat, n)
	for i := range h {
		h[i] = slices.Repeat([]*big.Rat{new(big.Rat)}, n)
	}
	for _, e := range v.rows {
		if e.Expr.Op() != expr.Num {
			return false
		}
		h[e.Row][e.Col] = e.Expr.Number().Rat()
		h[e.Col][e.Row] = h[e.Row][e.Col]
	}
	if !semidefinite(h) {
		return false
	}
	v.precise = v.exact.Valid() && equal(value, v.exact)
	v.yes("the formula is quadratic, the Hessian is constant and positive semidefinite, and the gradient vanishes at the point: nothing is better")
	return true
}
