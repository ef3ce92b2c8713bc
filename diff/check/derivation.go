package check

import (
	"fmt"
	"slices"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/simplify"
	"nabla/expr/syntax"
)

// DerivationOptions are the options of Derivation.
type DerivationOptions struct {
	Options
	// Wrt is the variable; "" is the one that the lines name, or the only one,
	// or x.
	Wrt string
	// Set fixes letters, as in expr.Reader.
	Set map[string]expr.Expr
}

// A Line is one line of a derivation, judged.
type Line struct {
	Text string
	// VsPrevious and VsTruth are the verdicts against the line before and
	// against what the line should be; "" where there is nothing to compare
	// with, as in the first line.
	VsPrevious, VsTruth Verdict
	Witness             *Witness  // where VsPrevious, or else VsTruth, is different
	Evidence            *Evidence // where one of them is undecided
	// Note says how the line stands to a wrong one: "consistent with line 2",
	// counted from 0, or "repairs the error".
	Note string
}

// A DerivationResult is a derivation, judged.
type DerivationResult struct {
	Verdict Verdict // of the whole: different when a line is wrong, equal when all are proved right
	Wrt     string
	Lines   []Line // blank lines and comments are left out
	// FirstWrong is the first line that does not follow, counted from 0, where
	// line 0 is the formula; -1 if there is none.
	FirstWrong int
	// Span is the place of the error inside the text of that line, and Where the
	// sub-formula there, as text.
	Span  syntax.Span
	Where string
	// Expected is what that line should be equal to, tidy.
	Expected          expr.Expr
	Mistakes          []Mistake
	Indistinguishable bool
	Conditions        []expr.Expr // what the proofs needed
}

// A derivation is one being judged.
type derivation struct {
	o      DerivationOptions
	items  []item
	texts  []string
	f      expr.Expr   // the formula, with derivatives in it carried out
	curve  expr.Expr   // of an implicit function: it is 0 on the curve
	y      string      // the implicit function
	guards []expr.Expr // conditions under which the derivatives in line 0 hold
	truths map[string][]expr.Expr
	vars   []string // of a gradient
}

// Derivation judges a derivation as people write it: first the formula, or
// d/dx(…), or f(x) = …; then lines such as "= …", "f'(x) = …", "dy/dx = …" or
// a formula alone, each against the line before and against the truth. Lines
// may be lists "[…, …]", which are gradients. A first line F(x, y) = G(x, y)
// defines y implicitly; the lines after it are about dy/dx. Blank lines and
// comments after # are skipped. The error, if any, is a *LineError.
func Derivation(lines []string, o DerivationOptions) (DerivationResult, error) {
	d := &derivation{o: o, truths: map[string][]expr.Expr{}}
	r := expr.Reader{Set: o.Set}
	for i, text := range lines {
		its, err := items(i, text, r)
		if err != nil {
			return DerivationResult{}, err
		}
		for k := range its {
			its[k].line, its[k].source = len(d.texts), i
		}
		if len(its) > 0 {
			d.texts = append(d.texts, text)
			d.items = append(d.items, its...)
		}
	}
	if len(d.items) == 0 {
		return DerivationResult{}, &LineError{0, fmt.Errorf("expected a formula, found nothing")}
	}
	d.start()
	if err := d.shapes(); err != nil {
		return DerivationResult{}, err
	}
	return d.judge(), nil
}

// start finds out what the derivation is about.
func (d *derivation) start() {
	first := d.items[0]
	d.f = carryOut(first.es[0])
	d.guards = conditionsOf(first.es[0])
	inner, wrt := innermost(first.es[0])
	named := d.o.Wrt
	for _, it := range d.items {
		if named == "" {
			named = it.wrt
		}
	}
	if named == "" && len(wrt) > 0 {
		named = last(wrt)
	}
	for _, it := range d.items {
		if named != "" {
			break
		}
		for n := range it.es[0].All() {
			if n.Op() == expr.Diff {
				named = n.Arg(1).Name()
			}
		}
	}
	if named == "" && len(first.params) > 0 {
		named = first.params[0]
	}
	if vars := inner.Vars(); named == "" && len(vars) > 0 {
		named = vars[0]
		if slices.Contains(vars, "x") {
			named = "x"
		}
	}
	if named == "" {
		named = "x"
	}
	d.o.Wrt = named
	d.vars = first.params
	if len(d.vars) == 0 {
		d.vars = d.f.Vars()
	}
	// Two sides of an equation without a name on the left.
	if len(d.items) > 1 && d.items[1].line == 0 && first.order < 0 && len(wrt) == 0 && !wantsDerivative(d.items[1].es[0]) {
		says := !d.near(first.es[0], d.items[1].es[0])
		for _, it := range d.items[2:] {
			says = says || it.order > 0
		}
		if says {
			d.implicit(first, d.items[1])
		}
	}
}

// shapes reports a list of the wrong length.
func (d *derivation) shapes() error {
	want := len(d.vars)
	if d.items[0].f == nil {
		want = len(d.items[0].es)
	}
	for _, it := range d.items {
		if it.f == nil && len(it.es) != want {
			return &LineError{it.source, fmt.Errorf("a list of %d, where %d are expected", len(it.es), want)}
		}
		if it.f == nil && d.curve.Valid() {
			return &LineError{it.source, fmt.Errorf("a list about an implicit function")}
		}
		if it.f != nil && d.items[0].f == nil {
			return &LineError{it.source, fmt.Errorf("a single formula, where a list of %d is expected", want)}
		}
	}
	return nil
}

// implicit takes the equation of the first line for the definition of the other
// variable as a function of the variable.
func (d *derivation) implicit(left, right item) {
	p := expr.NewPool()
	f := p.Make(expr.Add, p.Import(left.es[0]), p.Make(expr.Neg, p.Import(right.es[0])))
	names := []string{"y"}
	for _, it := range d.items[2:] {
		names = append(names, it.name)
	}
	for _, v := range f.Vars() {
		if v != d.o.Wrt && (d.y == "" || slices.Contains(names, v)) {
			d.y = v
		}
	}
	if d.y == "" {
		return
	}
	d.curve, d.f = f, f
	d.items = slices.Delete(d.items, 1, 2)
	d.truths[key(1, d.o.Wrt)] = []expr.Expr{slope(f, d.o.Wrt, d.y)}
}

func key(order int, wrt string) string { return fmt.Sprint(order, " ", wrt) }

// truth returns what a line about the derivative of that order is to equal.
func (d *derivation) truth(order int, wrt string) []expr.Expr {
	if wrt == "[]" {
		k := "[]"
		if d.truths[k] == nil {
			for _, v := range d.vars {
				d.truths[k] = append(d.truths[k], diff.D(d.f, v))
			}
		}
		return d.truths[k]
	}
	if order <= 0 {
		return []expr.Expr{d.f}
	}
	k := key(order, wrt)
	if d.truths[k] == nil {
		vars := make([]string, order)
		for i := range vars {
			vars[i] = wrt
		}
		derived := diff.Derive(d.f, vars...)
		d.truths[k] = []expr.Expr{derived.Expr}
		d.guards = appendConditions(d.guards, derived.Conditions)
	}
	return d.truths[k]
}

// A state is where a derivation stands: which derivative its lines are about.
type state struct {
	order int
	wrt   string
}

func (d *derivation) judge() DerivationResult {
	out := DerivationResult{Wrt: d.o.Wrt, FirstWrong: -1, Verdict: Same, Lines: make([]Line, len(d.texts))}
	for i, t := range d.texts {
		out.Lines[i].Text = t
	}
	now := state{0, d.o.Wrt}
	// The first formula may say that it is a derivative without saying of what:
	// then what follows is compared with it.
	if o := d.items[0].order; o > 0 && d.curve == (expr.Expr{}) {
		d.items[0].order = 0
		for i := range d.items {
			if d.items[i].order >= o {
				d.items[i].order -= o
			}
		}
	}
	at := make([]state, len(d.items))
	at[0] = now
	if d.items[0].f == nil {
		// A gradient, to begin with: there is no formula to compare with.
		at[0] = state{1, "[]"}
		now = at[0]
		d.truths["[]"] = d.items[0].es
	}
	verdicts := make([]Verdict, len(d.items)) // against the truth
	verdicts[0] = Same
	for i := 1; i < len(d.items); i++ {
		it := d.items[i]
		now = d.next(now, i)
		at[i] = now
		truth := d.truth(now.order, now.wrt)
		prev := -1
		for j := i - 1; j >= 0; j-- {
			if at[j] == now && len(d.items[j].es) == len(it.es) {
				prev = j
				break
			}
		}
		before := truth
		if prev >= 0 {
			before = d.items[prev].es
		}
		l := &out.Lines[it.line]
		vsTruth := d.compare(it.es, truth)
		vsPrevious := vsTruth
		if prev >= 0 {
			if verdicts[prev] == Same && prev == 0 && now.order == 0 {
				// the first line is the truth
			} else {
				vsPrevious = d.compare(it.es, before)
			}
		}
		verdicts[i] = vsTruth.Verdict
		l.VsPrevious, l.VsTruth = worse(l.VsPrevious, vsPrevious.Verdict), worse(l.VsTruth, vsTruth.Verdict)
		if l.Witness == nil {
			if l.Witness = vsPrevious.Witness; l.Witness == nil {
				l.Witness = vsTruth.Witness
			}
		}
		if l.Evidence == nil {
			if l.Evidence = vsPrevious.Evidence; l.Evidence == nil {
				l.Evidence = vsTruth.Evidence
			}
		}
		out.Conditions = appendConditions(out.Conditions, vsPrevious.Conditions)
		out.Verdict = worse(out.Verdict, vsTruth.Verdict)
		d.note(l, at, verdicts, i, prev, vsPrevious.Verdict)
		if out.FirstWrong < 0 && (vsTruth.Verdict == Different || vsPrevious.Verdict == Different) {
			out.FirstWrong = it.line
			d.blame(&out, i, prev, now, truth)
		}
	}
	if out.FirstWrong >= 0 {
		out.Verdict = Different
	}
	return out
}

// worse combines the verdicts of the parts of a line.
func worse(a, b Verdict) Verdict {
	for _, v := range []Verdict{Different, Undecided} {
		if a == v || b == v {
			return v
		}
	}
	return Same
}

// next tells which derivative item i is about.
func (d *derivation) next(now state, i int) state {
	it := d.items[i]
	if it.f == nil {
		return state{1, "[]"}
	}
	if it.wrt != "" {
		now.wrt = it.wrt
	}
	if it.order >= 0 {
		now.order = it.order
		return now
	}
	if now.order > 0 || now.wrt == "[]" {
		return now
	}
	if d.curve.Valid() {
		return state{1, d.o.Wrt}
	}
	if wantsDerivative(d.items[0].es[0]) {
		return now // line 0 is the derivative
	}
	// A bare line after the formula: the formula rewritten, or its derivative?
	if wantsDerivative(it.es[0]) {
		return state{1, now.wrt}
	}
	same := func(k int) bool { return d.items[k].f != nil && d.near(d.items[k].es[0], d.f) }
	derived := func(k int) bool {
		return d.items[k].f != nil && d.near(d.items[k].es[0], d.truth(1, now.wrt)[0])
	}
	switch {
	case same(i):
		return now
	case derived(i):
		return state{1, now.wrt}
	}
	// It is wrong. What the lines after it are about tells.
	for k := i + 1; k < len(d.items); k++ {
		switch {
		case d.items[k].f == nil:
		case same(k):
			return now
		case derived(k), wantsDerivative(d.items[k].es[0]), d.items[k].order == 1:
			return state{1, now.wrt}
		}
	}
	// Nothing tells. The reading under which a mistake explains it is the better.
	if q := d.explain(d.wrapped(d.items[0].es[0], now.wrt), it.es[0], d.truth(1, now.wrt)[0], now.wrt); len(q.Mistakes) > 0 {
		if p := d.explain(d.items[0].es[0], it.es[0], d.f, now.wrt); len(p.Mistakes) == 0 || d.o.Wrt == "" {
			return state{1, now.wrt}
		}
	}
	return now
}

// wrapped returns the derivative of e by x, to be carried out, with the parts of
// e traced.
func (d *derivation) wrapped(e expr.Expr, x string) expr.Expr {
	p := expr.NewPool()
	return p.Make(expr.Diff, p.Import(e), p.Var(x))
}

// near reports whether a and b are proved equal or cannot be told apart.
func (d *derivation) near(a, b expr.Expr) bool {
	o := d.o.Options
	o.Points = 6
	r, _ := judge(question{claim: carryOut(a), truth: carryOut(b), wrt: d.o.Wrt, o: o})
	return r.Verdict == Same || r.Verdict == Undecided && r.Evidence.Points > 3 && r.Evidence.Digits >= 20
}

// compare judges the formulas of a line against others, component by component.
func (d *derivation) compare(a, b []expr.Expr) Result {
	if len(a) != len(b) {
		return Result{Verdict: Different}
	}
	out := Result{Verdict: Same}
	for i := range a {
		if d.curve.Valid() {
			r := d.onCurve(carryOut(a[i]), carryOut(b[i]))
			return r
		}
		r, _ := judge(question{claim: carryOut(a[i]), truth: carryOut(b[i]), base: d.base(), guards: d.allGuards(), wrt: d.o.Wrt, o: d.o.Options})
		out.Conditions = appendConditions(out.Conditions, r.Conditions)
		if v := worse(out.Verdict, r.Verdict); v != out.Verdict {
			out.Verdict, out.Witness, out.Evidence, out.Why = v, r.Witness, r.Evidence, r.Why
		}
	}
	return out
}

// base returns what must be defined where lines are compared: what is
// differentiated.
func (d *derivation) base() expr.Expr {
	f, wrt := innermost(d.items[0].es[0])
	if len(wrt) == 0 {
		return d.f
	}
	return carryOut(f)
}

func (d *derivation) allGuards() []expr.Expr {
	return append(d.guards[:len(d.guards):len(d.guards)], d.o.Conditions...)
}

// note says how item i stands to the wrong lines before it.
func (d *derivation) note(l *Line, at []state, verdicts []Verdict, i, prev int, vsPrevious Verdict) {
	wrong := -1 // the first wrong item of the chain that i continues
	for j := prev; j >= 0; j-- {
		if at[j] == at[i] && verdicts[j] == Different {
			wrong = j
		}
	}
	if wrong < 0 {
		return
	}
	switch {
	case verdicts[i] == Same && verdicts[prev] == Different:
		l.Note = "repairs the error"
	case verdicts[i] == Different && vsPrevious == Same:
		from := d.items[prev].line
		for j := prev; j > 0 && at[j] == at[i] && verdicts[j] == Different; j-- {
			if d.items[j].line == d.items[prev].line || d.near(d.items[j].es[0], d.items[i].es[0]) {
				from = d.items[j].line
			} else {
				break
			}
		}
		l.Note = fmt.Sprintf("consistent with line %d", from)
	case verdicts[i] == Different:
		for j := prev - 1; j >= 0; j-- {
			if at[j] == at[i] && len(d.items[j].es) == len(d.items[i].es) && d.compare(d.items[i].es, d.items[j].es).Verdict == Same {
				l.Note = fmt.Sprintf("consistent with line %d", d.items[j].line)
				return
			}
		}
		l.Note = "another error"
	}
}

// blame finds what went wrong in item i.
func (d *derivation) blame(out *DerivationResult, i, prev int, now state, truth []expr.Expr) {
	it := d.items[i]
	part := 0
	for k := range it.es {
		if k < len(truth) && len(it.es) > 1 {
			if r := d.compare(it.es[k:k+1], truth[k:k+1]); r.Verdict == Different {
				part = k
				break
			}
		}
	}
	if part >= len(truth) {
		return
	}
	x := now.wrt
	if x == "[]" {
		x = d.o.Wrt
		if part < len(d.vars) {
			x = d.vars[part]
		}
	}
	before := truth[part]
	from := before
	switch {
	case prev >= 0:
		from = d.items[prev].es[part]
		before = carryOut(from)
	case d.curve.Valid():
	case now.order > 0:
		from = d.f
		if !wantsDerivative(d.items[0].es[0]) {
			from = d.items[0].es[0]
			// The latest form of the formula before it was differentiated.
			for j := i - 1; j > 0; j-- {
				if len(d.items[j].es) == 1 && d.items[j].order <= 0 && d.near(d.items[j].es[0], d.f) {
					from = d.items[j].es[0]
					break
				}
			}
		}
		times := max(1, now.order)
		for j := i - 1; j > 0 && now.order > 1; j-- {
			// A second derivative is found from the first.
			if p := d.items[j]; len(p.es) == 1 && p.order == now.order-1 {
				from, times = p.es[0], 1
				break
			}
		}
		for range times {
			from = d.wrapped(from, x)
		}
	}
	out.Expected = simplify.Tidy(before)
	r := d.explain(from, it.es[part], before, x)
	out.Mistakes, out.Indistinguishable = r.Mistakes, r.Indistinguishable
	out.Where = plain(it.es[part])
	out.Span = syntax.Span{Pos: it.offset, End: int32(len(d.texts[it.line]))}
	if it.f != nil {
		out.Span = syntax.Span{End: int32(len(it.f.Source.Text))}
		if place, ok := d.locate(from, it.es[part], x); ok {
			out.Where = plain(place)
			if span, ok := it.f.Place(place); ok {
				out.Span = span
			}
		}
		out.Span.Pos += it.offset
		out.Span.End += it.offset
	}
}

// explain looks for the mistake that leads from one line to the next.
func (d *derivation) explain(from, to, truth expr.Expr, x string) Result {
	var r Result
	if d.o.mutants() == 0 || treeSize(from, maxWritten) > maxWritten || treeSize(to, maxWritten) > maxWritten {
		return r
	}
	s, err := newSampler(question{claim: carryOut(to), truth: carryOut(truth), base: d.base(), guards: d.allGuards(), wrt: x, o: d.o.Options})
	if err != nil {
		return r
	}
	s.draw(6)
	q, ok := newSearch(carryOut(to), x, s, d.o.Options)
	if !ok {
		return r
	}
	q.truth = q.b.pool.Import(simplify.Tidy(carryOut(truth)))
	q.read(to)
	rewriting := 1.0
	algebra := !wantsDerivative(from)
	if !algebra {
		rewriting = .4
	}
	if f, wrt := innermost(from); len(wrt) > 0 {
		q.whole(f, wrt)
	}
	for _, e := range readings(from) {
		q.add(e.e, e.from, rewriting)
	}
	for k, root := range q.roots {
		q.single(root, q.faults[k])
	}
	n := len(q.found)
	q.answer()
	if algebra {
		for k := n; k < len(q.found); k++ {
			if c := &q.found[k]; c.Kind == "arithmetic-slip" {
				c.Kind = "coefficient-slip"
			}
		}
	}
	if len(q.found) == 0 {
		for k, root := range q.roots {
			q.pairs(root, q.faults[k])
		}
	}
	q.report(&r)
	return r
}

// locate returns the smallest part of the formula to that holds all of its
// difference from the formula from.
func (d *derivation) locate(from, to expr.Expr, x string) (expr.Expr, bool) {
	s, err := newSampler(question{claim: carryOut(to), truth: carryOut(from), wrt: x, o: d.o.Options})
	if err != nil || treeSize(to, maxTree) > maxTree || treeSize(from, maxTree) > maxTree {
		return expr.Expr{}, false
	}
	s.draw(6)
	b := newBench(x)
	if !b.place(s) {
		return expr.Expr{}, false
	}
	own := map[expr.Expr]expr.Expr{}
	u, v := b.grow(from, own), b.grow(to, own)
	for {
		if u.op == expr.Diff && v.op != expr.Diff {
			// Where a derivative was carried out, it is compared term by term.
			u = b.grow(simplify.Tidy(u.e), own)
		}
		if u.op != v.op || u.f != v.f {
			break
		}
		us, vs := parts(u), parts(v)
		us, vs = b.unmatched(us, vs, v.op == expr.Add || v.op == expr.Mul)
		if len(vs) == 1 && vs[0].op == expr.Diff && (len(us) != 1 || us[0].op != expr.Diff) {
			break // a derivative still to be carried out is not wrong: what stands beside it is
		}
		if len(us) != 1 || len(vs) != 1 {
			if len(vs) == 1 {
				v = vs[0]
			}
			break
		}
		u, v = us[0], vs[0]
	}
	return v.orig, true
}

// parts returns the operands of t, all factors of a product.
func parts(t *tree) []*tree {
	if t.op != expr.Mul {
		return t.kids
	}
	var out []*tree
	for t.op == expr.Mul && len(t.kids) == 2 {
		out = append(out, t.kids[1])
		if left := t.kids[0]; left.op == expr.Mul && left.orig == t.orig {
			t = left
			continue
		}
		out = append(out, t.kids[0])
		break
	}
	slices.Reverse(out)
	return out
}

// unmatched removes from both lists what has the same value, in any order when
// the operation is commutative and else place by place.
func (b *bench) unmatched(us, vs []*tree, commutative bool) (u, v []*tree) {
	if !commutative {
		if len(us) != len(vs) {
			return us, vs
		}
		for i := range us {
			if !alike(b.values(us[i].e), b.values(vs[i].e)) {
				u, v = append(u, us[i]), append(v, vs[i])
			}
		}
		return u, v
	}
	u = slices.Clone(us)
	for _, t := range vs {
		w := *b.values(t.e)
		if i := slices.IndexFunc(u, func(k *tree) bool { return alike(b.values(k.e), &w) }); i >= 0 {
			u = slices.Delete(u, i, i+1)
		} else {
			v = append(v, t)
		}
	}
	return u, v
}
