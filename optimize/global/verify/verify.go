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
// Everything else is here. All arguments rest on a few primitives:
//
//   - value: f is enclosed at a point, or equal to a closed form there; under equations, an interval Newton
//     method proves that a point is near (point, feasible);
//   - sign on a box: nothing is below a number in a box, which is narrowed and divided (boxes, bounded; narrow, linear);
//   - sign far out: a formula in t has one sign for all t from some on, as one product in it outweighs the others or its
//     derivative has one sign (tail, expand); a limit is such a claim, on what bounds the distance from it;
//   - sign of a rational function of one variable, and the number of its zeros, exactly (sturm);
//   - semidefiniteness of a matrix of rational numbers, exactly, or of intervals (squares, boxes);
//   - identity: two formulas are equal and one is defined wherever the other is (equals, definedWith);
//   - implication: a condition is one of those known, or holds wherever a formula is defined (follows, always, implies).
//
// The kinds of arguments, which Arguments lists with sources, make use of them; by files they are:
//
//   - site: the value is taken at points in closed form, with nothing lower at all round them, and at no others; attained: the
//     least value, of which an enclosure is known, is taken somewhere;
//   - line: nothing is lower on a line: a rational function, one period, or what lies between breaks, beside them and far out;
//   - convex, support: nothing is lower as f is convex; confine: outside a box, as f grows; squares: f is a sum of squares;
//     geometric: of positive terms; lagrange: conditions with multipliers contradict each other;
//   - stationary: the zeros of a derivative, all of them;
//   - limit: f falls without end, or comes near an infimum that no point has; phases (with torus): as it oscillates with phases that come near to any
//     values together; poles: beside a place without a closed form;
//   - reduce, and the ways in which a claim follows from claims on other formulas: sum (with minorant), product, eliminate
//     (a variable is left out), cases.
//
// Region, conditions and domain hold what is known of the question; polynomial multiplies out.
//
// The search may have found a proof in any way; the check follows the certificate where it leads and
// looks for the rest within an allowance of boxes. Some proofs have no part here: those by variable projection,
// and along curves on which no two terms are equal. What it cannot confirm it says: it never
// takes a claim on trust, and a certificate that is changed is confirmed only if
// what it claims then is true. A value is checked to a tolerance, relative 1e-9, from
// below, and in closed form exactly at the point; where it can be shown that nothing is below a
// closed form at all, as mostly it can, Report.Exact says so.
package verify

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/certificate"
)

// A Report says what Check has checked of a certificate.
type Report struct {
	// Valid says that the claim follows from what was checked: that the points
	// have the value, and that nothing in the region is better by more than
	// Tolerance. What the certificate says beyond this, in Exact and Complete, is checked apart.
	Valid     bool    `json:"valid"`
	Tolerance float64 `json:"tolerance"`
	// Exact says that nothing in the region is better than the closed form of the value, without any
	// tolerance: Tolerance is 0 then.
	Exact    bool `json:"exact"`
	Complete bool `json:"complete"` // no points but those of the certificate have the value
	// Stationary says that the formula of the derivative is 0 at the stationary points of the certificate and nowhere else.
	Stationary bool     `json:"stationary"`
	Checked    []string `json:"checked"`   // in words
	Unchecked  []string `json:"unchecked"` // parts of the claim that could not be confirmed
	Boxes      int      `json:"boxes"`
}

// An effort is what a check may still spend, its parts together; nothing where ctx is done.
type effort struct {
	ctx   context.Context
	boxes int // to examine
	evals int // of formulas far out
	parts int // certificates within the certificate
	work  int // on boxes, in operations on intervals: so large formulas have few boxes
}

// over reports whether there is no time left.
func (e *effort) over() bool {
	if e.ctx != nil && e.ctx.Err() != nil {
		*e = effort{ctx: e.ctx}
		return true
	}
	return false
}

// fullEffort is that of Check.
var fullEffort = effort{boxes: 3_000_000, evals: 200_000, parts: 2000, work: 250_000_000}

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
// its own. What is not confirmed when ctx is done is not confirmed. An error means that r holds no certificate.
func Check(ctx context.Context, r io.Reader) (Report, error) {
	left := fullEffort
	left.ctx = ctx
	return check(r, left)
}

func check(r io.Reader, left effort) (Report, error) {
	c, err := certificate.Read(r)
	if err != nil {
		return Report{}, err
	}
	boxes := left.boxes
	v := newVerifier(c, &left)
	if err := v.read(); err != nil {
		return Report{}, fmt.Errorf("certificate: %w", err)
	}
	v.check()
	v.report.Boxes = boxes - max(left.boxes, 0)
	if !v.report.Valid && left.over() {
		v.no("what was left when the time was up")
	}
	return v.report, nil
}

func newVerifier(c *certificate.Certificate, left *effort) *verifier {
	return &verifier{c: c, left: left, bound: math.Inf(-1), top: math.Inf(1)}
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
	low, high  float64 // claimed bounds of the infimum of f
	least      float64 // and with the tolerance
	at         int     // in the tree
	left       *effort
	// settled says that more boxes cannot help.
	settled bool
	depth   int  // of certificates within others
	taken   bool // the point is proved to be one of the region that has the value
	// precise says that nothing is proved to be below exact, without a tolerance.
	precise  bool
	squares  bool                 // the sum of squares of the certificate has been checked
	strict   bool                 // what is to be shown is that no point has the infimum
	slope    bool                 // f is the absolute value of a derivative, of which it is to be shown that it is not 0
	exact    expr.Expr            // the closed form of the value to be minimised; not Valid for none
	outer    []interval.I         // nothing outside this box is below the claim; nil for unknown
	empty    bool                 // the claim is that nothing is in the region
	bent     bool                 // f is proved to be convex on the region
	supports []*support           // from below, in boxes in which f is convex
	duals    []*verifier          // of the Lagrangian, nil for none
	lifted   [][]expr.Expr        // paths that come from those of a part
	sites    []*site              // at which the value is taken
	summands []*verifier          // parts that have their least values wherever f has the value
	spanned  bool                 // their variables are all, but for one perhaps, or determine the others there
	loose    string               // the variable that they lack, and do not give, or none
	through  map[string]expr.Expr // f has the value only where these formulas have those of the variables of inner at which it has its own
	inner    *verifier
	unique   bool        // what is to be shown is that it is taken at no other point
	origin   []*verifier // parts of which it follows that the least value is taken if theirs are, nil for none
	// f is not lower than this formula plus the number, on the whole region.
	minor      *verifier
	minorShift float64
	minorIs    bool                 // and f is that
	held       bool                 // low values are taken in a compact set on which f is continuous, as a reduction shows
	single     bool                 // the least value is taken at one point at most, as a reduction shows
	bound      float64              // below which nothing is proved to be, by a reduction
	top        float64              // which the value at the point, one of the region, is proved not to be above
	spot       []interval.I         // which holds that point
	image      map[string]expr.Expr // of the points of the only one of origin: the variables that it lacks, or all, as formulas
	imageShift float64              // which f is not above the value of the part there
	wasted     int                  // how often few boxes were not enough, more or less
	web        *web                 // the parts of f and the conditions, nil for none that is known
	unwebbed   bool                 // there is none
	compact    *tape.Machine        // of f, where what is to be shown is that low values are in compact sets
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
	if err := v.compileConditions(); err != nil {
		return err
	}
	return v.compile()
}

// compileConditions makes the program for the conditions.
func (v *verifier) compileConditions() error {
	v.web, v.unwebbed = nil, false
	var outs []expr.Expr
	for _, k := range v.cons {
		outs = append(outs, k.g)
	}
	p, err := tape.Compile(v.c.Variables, outs...)
	if err == nil {
		v.cm = p.NewMachine()
	}
	return err
}

// compile makes the programs for f and its derivatives.
func (v *verifier) compile() error {
	v.web, v.unwebbed = nil, false
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
	if v.depth == 0 && v.c.StationaryComplete {
		if n := len(v.c.Stationary) + len(v.c.StationaryPoints); v.stationary() {
			v.report.Stationary = true
			v.yes("the list of stationary points is complete: the formula of the derivative is 0 there (%d) and nowhere else%s", n, map[bool]string{true: ", ends left out"}[len(v.region) == 1])
		} else {
			v.no("that the list of stationary points is complete")
		}
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
	v.low, v.high, v.report.Tolerance = lo, hi, 1e-9*math.Max(1, math.Abs(lo))
	if v.exact.Valid() && hi-lo > v.report.Tolerance {
		v.no("the closed form of the value: its terms cancel, and its digits are not known")
		return lo, hi, false
	}
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
	known := len(v.report.Unchecked)
	v.taken = v.point(hi)
	doubts := slices.Clone(v.report.Unchecked[known:])
	v.report.Unchecked = v.report.Unchecked[:known]
	defer func() {
		if !v.taken {
			v.report.Unchecked = append(v.report.Unchecked, doubts...)
		}
	}()
	if v.c.Status == certificate.Constant && !v.f.IsConstant() {
		same := v.constant()
		if v.precise = same; !same {
			v.no("that the formula has the same value everywhere")
		}
		v.report.Valid = v.taken && same
		return
	}
	below := v.below()
	v.taken = v.taken || below && v.comesFromPart(hi)
	if !below {
		v.no("that nothing in the region is better (method: %s)", v.c.Method)
	}
	v.report.Valid = v.taken && below
	if v.report.Valid && v.depth == 0 {
		v.report.Valid = v.minimisers()
	}
	if v.report.Valid && v.c.Status == certificate.Certified && !v.c.Untaken && v.depth == 0 {
		if v.report.Valid = v.attains(); v.report.Valid {
			v.yes("some point has the least value")
		} else {
			v.no("that some point has the least value, which may be approached only")
		}
	}
	if v.report.Valid && v.c.Status == certificate.Exact && v.depth == 0 && !v.precise {
		v.no("that nothing is better by less than %.3g", v.report.Tolerance)
	}
}

// below reports whether nothing in the region is proved to be below the claim: first to
// within the tolerance, and then, where that is less work, exactly.
func (v *verifier) below() bool {
	before := v.left.boxes
	if v.exact.Valid() && len(v.region) == 1 && v.c.Reduction == nil {
		v.findSites()
		v.findSitesLeftOut()
	}
	if !v.bounds() {
		return false
	}
	switch {
	case v.precise || v.c.Reduction != nil:
	case !v.exact.Valid():
		// Large values of parts may cancel, and their tolerances add up.
		if tolerance := 1e-12 * math.Max(1, math.Abs(v.low)); v.depth > 0 && math.Abs(v.low) > 1 && v.trial(v.low-tolerance, 2*(before-v.left.boxes)+1000, (*verifier).bounds) {
			v.report.Tolerance, v.least = tolerance, v.low-tolerance
		}
	case v.f.IsConstant() && equal(v.f, v.exact):
		v.precise = true
	default:
		v.sharpen(2*(before-v.left.boxes) + 6000)
	}
	if v.exact.Valid() && !v.precise && v.depth == 0 {
		v.precise = v.lowestStationary()
	}
	if v.precise {
		v.report.Tolerance, v.report.Exact = 0, true
	}
	return true
}

// sharpen tries to show, looking at no more than so many boxes, that nothing is below the closed form of the value.
func (v *verifier) sharpen(boxes int) {
	b, _ := tape.EncloseConstant(v.exact)
	if v.sites == nil {
		v.findSites()
	}
	v.precise = v.trial(b.Hi, boxes, (*verifier).bounds)
	if v.precise {
		v.yes("nothing is better by less than the tolerance either")
	}
}

// trial tries to show something with least in the place of what is to be shown, looking at no
// more than so many boxes.
func (v *verifier) trial(least float64, boxes int, show func(*verifier) bool) bool {
	w := *v
	w.report, w.least, w.at, w.outer, w.duals = Report{}, least, 0, nil, nil
	left := effort{ctx: v.left.ctx, boxes: min(v.left.boxes, boxes), evals: min(v.left.evals, tailEvals), work: v.left.work}
	had := left
	w.left = &left
	ok := show(&w)
	v.left.boxes -= had.boxes - max(left.boxes, 0)
	v.left.evals -= had.evals - max(left.evals, 0)
	v.left.work -= had.work - left.work
	v.left.over()
	return ok
}

// bounds reports whether nothing in the region is proved to be below least.
func (v *verifier) bounds() bool {
	if v.c.Reduction != nil {
		return v.reduce().below
	}
	if v.c.SumOfSquares != nil {
		return v.sumOfSquares(v.c.SumOfSquares)
	}
	if len(v.c.Tree) == 0 && len(v.region) == 1 {
		return v.line() || !v.settled && v.convexAt()
	}
	if v.convexAt() {
		return true
	}
	before := v.left.boxes
	ok := v.byBoxes()
	if ok {
		v.yes("nothing in the region is better than the value (%d boxes)", before-v.left.boxes)
	}
	return ok
}

// byBoxes settles the region in several variables box by box, as the certificate divides it.
func (v *verifier) byBoxes() bool {
	box := slices.Clone(v.region)
	if v.outer == nil && v.c.Outside != nil {
		v.outsideBall(v.c.Outside)
	}
	if v.outer == nil && slices.ContainsFunc(box, func(x interval.I) bool { return !x.IsBounded() }) {
		v.confine()
	}
	for _, u := range v.c.Supports {
		v.addSupport(u)
	}
	for _, m := range append([][]certificate.Multiplier{v.c.Multipliers}, v.c.Others...) {
		v.addDual(m)
	}
	if len(v.c.Tree) > 0 {
		return v.walk(box) && v.at == len(v.c.Tree)
	}
	return !slices.ContainsFunc(v.atEnds(box), func(b []interval.I) bool { return !v.bounded(b, unguided) })
}

// nothing checks that no point of the region satisfies the constraints and has a
// value.
func (v *verifier) nothing() {
	if slices.ContainsFunc(v.conditions, v.never) {
		v.yes("a condition holds nowhere, as its parts show")
		v.report.Valid = true
		return
	}
	if slices.ContainsFunc(simplify.Needed(v.f), v.neverHolds) {
		v.yes("a condition that holds wherever the formula is defined holds nowhere")
		v.report.Valid = true
		return
	}
	for i, x := range v.region {
		// What lies between the ends holds the region, and may be more by how these are rounded.
		point := x.IsPoint() && v.lower[i] == v.upper[i]
		lo, hi := v.ends[i][0], v.ends[i][1]
		point = point || lo.e.Valid() && hi.e.Valid() && equal(lo.e, hi.e)
		if x.IsEmpty() || point && (lo.open || hi.open) {
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
