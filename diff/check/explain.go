package check

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/simplify"
)

// A Mistake is an explanation of a wrong answer. It reproduces the answer:
// exactly when Proved, and otherwise to as many digits as are told.
type Mistake struct {
	Kind  string  // one of Kinds
	Where string  // the term of the formula in which it was made, as text with every *
	Says  string  // one sentence: what belongs there, and what was written
	Score float64 // weight among the explanations; they add up to at most 1
	// At is the sub-formula, in the Pool of the formula or line in which it
	// stands; zero for a slip in the answer itself.
	At     expr.Expr
	Proved bool
	Digits int // to which the explained answer agrees, when not Proved
}

// maxMistakes is the most explanations that are given.
const maxMistakes = 6

// describe says what f is.
func (b *bench) describe(f *fault) Mistake {
	now := func(t *tree) (expr.Expr, expr.Expr) { return t.e, t.d }
	wrong := short(f.make(now))
	here := written(f.at.orig)
	term := f.at.term()
	m := Mistake{Kind: f.kind, Where: plain(term), At: term}
	switch {
	case f.value:
		m.Says = fmt.Sprintf("%s was taken for %s: %s", here, wrong, f.says)
	case wrong == here && strings.Contains(f.says, "kept"):
		m.Says = fmt.Sprintf("the derivative of %s is %s; yours kept %s", here, short(f.at.d), here)
	default:
		m.Says = fmt.Sprintf("the derivative of %s is %s; yours has %s: %s", here, short(f.at.d), wrong, f.says)
	}
	return m
}

// shortText is the most characters of a formula inside a sentence.
const shortText = 120

// short prints the tidy form of e, cut when it is long.
func short(e expr.Expr) string { return cut(format.Text(simplify.Tidy(e))) }

// written prints e as it was written.
func written(e expr.Expr) string { return cut(format.Text(e)) }

// plain prints e as it was written with every *, to be read by programs.
func plain(e expr.Expr) string { return format.Plain(e) }

func cut(s string) string {
	if r := []rune(s); len(r) > shortText {
		return string(r[:shortText]) + "…"
	}
	return s
}

// explain adds to r the mistakes that turn the derivative of f by wrt into claim.
func explain(r *Result, f, claim expr.Expr, wrt []string, s *sampler, o Options) {
	// What a person went wrong with, a person can have written.
	if s == nil || o.mutants() == 0 || treeSize(f, maxWritten) > maxWritten || treeSize(claim, maxWritten) > maxWritten {
		return
	}
	q, ok := newSearch(carryOut(claim), last(wrt), s, o)
	if !ok {
		return
	}
	q.truth = q.b.pool.Import(r.Expected)
	q.read(claim)
	q.whole(f, wrt)
	q.differentiate(f, wrt)
	if n := len(wrt); n > 1 {
		// A mistake in the last differentiation, all before it done right.
		q.differentiate(derivative(f, wrt[:n-1]), wrt[n-1:])
	}
	for i, root := range q.roots {
		q.single(root, q.faults[i])
	}
	q.answer()
	var other Result
	if len(wrt) > 1 && wrt[0] != last(wrt) {
		// One in the first differentiation, by another variable.
		if first, ok := newSearch(q.target, wrt[0], s, o); ok {
			first.truth = first.b.pool.Import(r.Expected)
			first.differentiate(f, wrt)
			for i, root := range first.roots {
				first.single(root, first.faults[i])
			}
			first.report(&other)
		}
	}
	if len(q.found) == 0 {
		for i, root := range q.roots {
			if q.pairs(root, q.faults[i]); len(q.found) > 0 {
				break
			}
		}
	}
	q.report(r)
	r.merge(other.Mistakes)
}

// merge adds the explanations of another search.
func (r *Result) merge(more []Mistake) {
	for _, m := range more {
		if !slices.ContainsFunc(r.Mistakes, func(k Mistake) bool { return k.Kind == m.Kind }) {
			r.Mistakes = append(r.Mistakes, m)
		}
	}
	if len(more) == 0 {
		return
	}
	slices.SortStableFunc(r.Mistakes, func(a, b Mistake) int { return cmp.Compare(b.Score, a.Score) })
	r.Mistakes = r.Mistakes[:min(len(r.Mistakes), maxMistakes)]
	rescale(r.Mistakes)
	r.Indistinguishable = len(r.Mistakes) > 1
}

// differentiate prepares the trees of the derivative of f by wrt, and what can
// go wrong in them.
func (q *search) differentiate(f expr.Expr, wrt []string) {
	if len(wrt) == 0 {
		return
	}
	for _, e := range readings(f) {
		p := expr.NewPool()
		d := p.Import(e.e)
		for _, x := range wrt {
			d = p.Make(expr.Diff, d, p.Var(x))
		}
		// The parts of d are those of e.
		from := map[expr.Expr]expr.Expr{}
		for n := range e.e.All() {
			if o, ok := e.from[n]; ok { // not the -a of (-a)*x, read for -(a*x)
				from[p.Import(n)] = o
			}
		}
		q.add(d, from, .2)
	}
}

// add prepares the tree of e, if it is small enough, and its faults.
func (q *search) add(e expr.Expr, from map[expr.Expr]expr.Expr, rewriting float64) {
	if treeSize(e, maxTree) > maxTree {
		return
	}
	root := q.b.grow(e, from)
	q.roots = append(q.roots, root)
	q.faults = append(q.faults, q.likely(q.b.faults(root, rewriting)))
}

// likely lowers the weight of faults of which the answer, as it was written, shows
// that they were hardly made.
func (q *search) likely(faults []*fault) []*fault {
	for _, f := range faults {
		switch {
		case !f.value && q.inOpen(f.at):
			f.prior *= openWeight
		case f.value && !f.at.diff && len(f.at.kids) > 0 && q.copied[f.at.e]:
			f.prior *= copiedWeight
		}
	}
	return faults
}

// The answer as it was written shows where nothing was done: openWeight is how
// likely, beside other places, a wrong derivative is in a formula of which the
// answer still has the derivative to be carried out, and copiedWeight a wrong
// rewriting of a formula that stands in the answer.
const (
	openWeight   = .02
	copiedWeight = .2
)

// read notes what the answer, as it was written, shows of how it was found.
func (q *search) read(answer expr.Expr) {
	q.open = q.b.openDerivatives(answer)
	q.copied = map[expr.Expr]bool{}
	for n := range q.b.pool.Import(answer).All() {
		q.copied[n] = true
	}
}

// inOpen reports that t is part of a formula of which the derivative is still to
// be carried out in the answer.
func (q *search) inOpen(t *tree) bool {
	for ; len(q.open) > 0 && t != nil && t.diff; t = t.parent {
		if slices.Contains(q.open, t.e) {
			return true
		}
	}
	return false
}

// openDerivatives returns the formulas of which the derivative is still to be
// carried out in e, as values of the bench.
func (b *bench) openDerivatives(e expr.Expr) []expr.Expr {
	var out []expr.Expr
	for n := range e.All() {
		if n.Op() == expr.Diff && len(out) < maxOpen {
			for _, r := range readings(n.Arg(0)) {
				if treeSize(r.e, maxTree) <= maxTree {
					out = append(out, b.grow(r.e, r.from).e)
				}
			}
		}
	}
	return out
}

// maxOpen is the most derivatives of an answer that are looked at.
const maxOpen = 8

// derivative returns the tidy derivative of f by wrt.
func derivative(f expr.Expr, wrt []string) expr.Expr { return diff.Derive(f, wrt...).Expr }

// A reading is a formula with its parts traced to where they come from.
type reading struct {
	e    expr.Expr
	from map[expr.Expr]expr.Expr
}

// readings returns e as it was written and, where that differs, with the signs
// in the factors.
func readings(e expr.Expr) []reading {
	same := map[expr.Expr]expr.Expr{}
	for n := range e.All() {
		same[n] = n
	}
	out := []reading{{e, same}}
	if t, from := signed(e); !expr.Equal(t, e) {
		out = append([]reading{{t, from}}, out...)
	}
	return out
}

// whole tries mistakes about the whole question.
func (q *search) whole(f expr.Expr, wrt []string) {
	b := q.b
	g := b.pool.Import(carryOut(f))
	try := func(e expr.Expr, kind, says string, weight float64) {
		if q.hits(e) {
			q.found = append(q.found, candidate{Mistake{Kind: kind, Where: plain(f), Says: says, At: f}, e, weight, false})
		}
	}
	if len(wrt) == 0 {
		return
	}
	try(g, "not-differentiated", "yours is the formula itself, not its derivative", .5)
	x := last(wrt)
	if len(wrt) == 1 {
		if alike(b.values(b.d(q.target, x)), b.values(g)) {
			q.found = append(q.found, candidate{Mistake{Kind: "integrated", Where: plain(f), At: f,
				Says: "yours is an integral: its derivative is the formula"}, q.target, .7, false})
		}
		try(b.d(b.d(g, x), x), "derivative-order", "yours is the second derivative", .3)
		for _, y := range f.Vars() {
			if y != x {
				try(b.d(g, y), "partial-other-variable", fmt.Sprintf("yours is the derivative by %s, not by %s", y, x), .7)
			}
		}
		if vars := f.Vars(); len(vars) > 1 {
			sum := make([]expr.Expr, len(vars))
			for i, y := range vars {
				sum[i] = b.d(g, y)
			}
			try(b.add(sum...), "partial-other-variable", "yours differentiates by all variables; all but "+x+" are held fixed", .5)
		}
		return
	}
	d := g
	for _, y := range wrt[:len(wrt)-1] {
		d = b.d(d, y)
	}
	first := b.d(g, wrt[0])
	try(b.pow(first, b.int(2)), "second-derivative-square", "yours is the square of the first derivative", .7)
	for i := range wrt {
		e := g
		for k, y := range wrt {
			if k != i {
				e = b.d(e, y)
			}
		}
		try(e, "derivative-order", "yours is a derivative of lower order: that by "+wrt[i]+" is missing", .7)
	}
	try(b.d(b.d(d, x), x), "derivative-order", "yours is a derivative of higher order", .3)
}

// report verifies the candidates, the likeliest first, and enters them in r.
func (q *search) report(r *Result) {
	slices.SortStableFunc(q.found, func(a, b candidate) int { return cmp.Compare(b.weight, a.weight) })
	total := 0.02 // for the explanations that nobody thought of
	verified := map[expr.Expr]*candidate{}
	var list []candidate
	at := map[string]int{}
	for _, c := range q.found {
		if i, ok := at[c.Kind]; ok {
			// Another way to make the same mistake makes it likelier.
			if d := &list[i]; !c.slip && (d.Where != c.Where || d.Says != c.Says) {
				d.weight += c.weight
				total += c.weight
			}
			continue
		}
		if len(list) == maxMistakes {
			continue
		}
		if i := slices.IndexFunc(list, func(d candidate) bool { return d.Where == c.Where && d.Says == c.Says }); i >= 0 {
			// The same words for two kinds of mistake: to keep sin(x) is to take
			// the wrong derivative of the sine and to copy the function.
			list[i].weight += c.weight
			total += c.weight
			at[c.Kind] = i
			continue
		}
		v := verified[c.e]
		if v == nil {
			v = &c
			v.Proved, v.Digits = q.verify(c.e)
			verified[c.e] = v
		}
		if c.Proved, c.Digits = v.Proved, v.Digits; !c.Proved && c.Digits < 25 {
			continue
		}
		at[c.Kind] = len(list)
		list = append(list, c)
		total += c.weight
	}
	slices.SortStableFunc(list, func(a, b candidate) int { return cmp.Compare(b.weight, a.weight) })
	kinds := map[string]bool{}
	for _, c := range list {
		c.Score = math.Round(1000*c.weight/max(total, .3)) / 1000
		kinds[c.Kind] = true
		r.Mistakes = append(r.Mistakes, c.Mistake)
	}
	r.Indistinguishable = len(kinds) > 1
}

// verify reports whether the mutant e is the answer: proved, or to how many
// digits at the points of its domain; none if they differ.
func (q *search) verify(e expr.Expr) (proved bool, digits int) {
	o := q.o
	o.Points = 6
	p := question{claim: q.target, truth: e, wrt: q.b.x, o: o}
	r, _ := judge(p)
	switch {
	case r.Verdict == Same:
		return true, 0
	case r.Verdict == Different || r.Evidence.Points < 4:
		return false, 0
	}
	return false, r.Evidence.Digits
}
