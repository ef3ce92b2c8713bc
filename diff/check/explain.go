package check

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/number"
	"nabla/expr/simplify"
)

// A Mistake is an explanation of a wrong answer. It reproduces the answer:
// exactly when Proved, and otherwise to as many digits as are told.
type Mistake struct {
	Kind  string  // one of Kinds
	Where string  // the sub-formula at which it was made, as text with every *
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

// A candidate is a mutant that looks like the answer.
type candidate struct {
	Mistake
	e      expr.Expr // in the bench
	weight float64
	slip   bool // in the answer, not on the way
}

// A search looks for the mistakes that lead from the truth to an answer.
type search struct {
	b      *bench
	target expr.Expr // the answer, in the bench
	want   *fingerprint
	truth  expr.Expr // tidy
	found  []candidate
	left   int // mutants that may still be tried
	o      Options
	roots  []*tree
	faults [][]*fault // of each root
}

// newSearch prepares the search for target, given the points of s.
func newSearch(target expr.Expr, x string, s *sampler, o Options) (*search, bool) {
	b := newBench(x)
	if !b.place(s) {
		return nil, false
	}
	q := &search{b: b, left: o.mutants(), o: o}
	q.target = b.pool.Import(target)
	want := *b.values(q.target)
	q.want = &want
	return q, true
}

// place chooses the points of the bench: random ones, as the nice ones make
// formulas equal that are not, where the claim and the formula have values.
func (b *bench) place(s *sampler) bool {
	rng := rand.New(rand.NewPCG(s.q.o.seed(), 0x62656e6368))
	n := len(s.vars)
	const tries = 160
	cols := make([][]float64, n)
	for i := range cols {
		cols[i] = make([]float64, tries+2*width)
		for k := range cols[i] {
			switch {
			case k < tries/2:
				cols[i][k] = 0.2 + 2.3*rng.Float64()
			case k < tries*3/4:
				cols[i][k] = -3 + 6*rng.Float64()
			case k < tries:
				cols[i][k] = math.Exp(-3 + 8*rng.Float64())
			case len(s.points) > 0:
				// A thin domain: points near those that are known.
				v := s.points[rng.IntN(len(s.points))].x[i].Float64()
				cols[i][k] = v + 0x1p-12*(rng.Float64()-.5)*max(0x1p-10, math.Abs(v))
			}
		}
	}
	rows := tries + 2*width
	out := make([][]float64, s.prog.NumOut())
	for k := range out {
		out[k] = make([]float64, rows)
	}
	s.m.Columns(out, cols)
	finite := func(k, row int) bool { v := out[k][row]; return !math.IsNaN(v) && math.Abs(v) < 1e12 }
	var chosen []int
	for _, good := range []func(int) bool{
		func(r int) bool { return finite(outClaim, r) && finite(outTruth, r) && finite(outBase, r) },
		func(r int) bool { return finite(outClaim, r) && finite(outBase, r) },
		func(r int) bool { return finite(outClaim, r) },
	} {
		for r := 0; r < rows && len(chosen) < width; r++ {
			if good(r) && !slices.Contains(chosen, r) {
				chosen = append(chosen, r)
			}
		}
		if len(chosen) >= width*3/4 {
			break
		}
	}
	if len(chosen) < width/2 {
		return false
	}
	for i, x := range s.vars {
		var v fingerprint
		for k := range v {
			v[k] = cols[i][chosen[k%len(chosen)]]
		}
		b.at[x] = v
	}
	return true
}

// maxWritten is the size, as trees, of the largest formula and answer in which
// mistakes are looked for.
const maxWritten = 5 * maxTree

// maxBench is the most nodes that the mutants of one question may have together:
// some 50 ms. A formula that a student meets needs a few thousand.
const maxBench = 100_000

// hits reports whether e looks like the answer.
func (q *search) hits(e expr.Expr) bool {
	q.left--
	if q.b.pool.Len() > maxBench {
		q.left = 0
	}
	return alike(q.b.values(e), q.want)
}

// single tries each fault of root alone.
func (q *search) single(root *tree, faults []*fault) {
	for _, f := range faults {
		if q.left <= 0 {
			return
		}
		if e := q.b.mutant(root, f); q.hits(e) {
			q.found = append(q.found, candidate{q.b.describe(f), e, f.prior, false})
		}
	}
}

// pairWeight is how much rarer two mistakes are than one.
const pairWeight = 0.1

// pairs tries two faults of root at once, the likeliest first.
func (q *search) pairs(root *tree, faults []*fault) {
	sorted := slices.Clone(faults)
	slices.SortStableFunc(sorted, func(a, b *fault) int { return cmp.Compare(b.prior, a.prior) })
	sorted = sorted[:min(len(sorted), 120)]
	for sum := 1; sum < 2*len(sorted) && len(q.found) < 2; sum++ {
		for i := 0; i < sum && i < len(sorted); i++ {
			j := sum - i
			if j <= i || j >= len(sorted) {
				continue
			}
			f, g := sorted[i], sorted[j]
			if f.at == g.at {
				continue
			}
			if q.left <= 0 {
				return
			}
			if e := q.b.mutant(root, f, g); q.hits(e) {
				m := q.b.describe(f)
				n := q.b.describe(g)
				if f.at.depth < g.at.depth {
					m, n = n, m
				}
				m.Says += "; and " + n.Says
				if m.Kind == n.Kind {
					m.Says = "twice: " + m.Says
				}
				q.found = append(q.found, candidate{m, e, f.prior * g.prior * pairWeight, false})
			}
		}
	}
}

// describe says what f is.
func (b *bench) describe(f *fault) Mistake {
	now := func(t *tree) (expr.Expr, expr.Expr) { return t.e, t.d }
	wrong := short(f.make(now))
	here := short2(f.at.orig)
	m := Mistake{Kind: f.kind, Where: plain(f.at.orig), At: f.at.orig}
	switch {
	case f.value:
		m.Says = fmt.Sprintf("%s was taken for %s: %s", here, wrong, f.says)
	case wrong == here:
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

// short2 prints e as it was written.
func short2(e expr.Expr) string { return cut(format.Text(e)) }

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
			from[p.Import(n)] = e.from[n]
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
	q.faults = append(q.faults, q.b.faults(root, rewriting))
}

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

// answer tries slips in the right answer: one term with a wrong coefficient or
// sign or lost, a constant added, and a wrong rewriting.
func (q *search) answer() {
	b := q.b
	truth := b.values(q.truth)
	q.slips(*truth)
	var forms []expr.Expr
	for _, r := range q.roots {
		forms = append(forms, r.e)
	}
	forms = append(forms, q.truth)
	for _, e := range forms {
		if treeSize(e, maxTree/2) > maxTree/2 {
			continue
		}
		own := map[expr.Expr]expr.Expr{}
		root := b.grow(e, own)
		n := len(q.found)
		q.single(root, b.faults(root, .35))
		for i := n; i < len(q.found); i++ {
			q.found[i].At, q.found[i].slip = expr.Expr{}, true
			q.found[i].Says = "in the answer " + q.found[i].Says
		}
	}
}

// slips compares the answer with the truth term by term.
func (q *search) slips(truth fingerprint) {
	b := q.b
	terms := expanded(simplify.Tidy(q.truth))
	single := len(terms) == 1
	for _, t := range terms {
		e := b.pool.Import(t)
		v := b.values(e)
		var ratio fingerprint
		for k := range ratio {
			ratio[k] = (q.want[k] - truth[k]) / v[k]
		}
		r, ok := constant(ratio, q.want, v)
		if !ok || r.Sign() == 0 {
			continue
		}
		mutant := b.add(q.truth, b.mul(b.Num(r), e))
		if !q.hits(mutant) {
			continue
		}
		c := coefficient(t)
		now := c.Add(c.Mul(r))
		m := Mistake{Where: plain(t)}
		weight := .3
		switch {
		case now.Sign() == 0:
			m.Kind, m.Says = "term-lost", fmt.Sprintf("the term %s is missing", short(t))
		case now == c.Neg():
			m.Kind, m.Says = "sign-slip", fmt.Sprintf("the sign of the term %s is wrong", short(t))
			if c.Sign() < 0 {
				m.Kind = "dropped-minus"
			}
			weight = .25
		default:
			m.Kind, m.Says = "arithmetic-slip", fmt.Sprintf("the coefficient of the term %s is %s; yours has %s", short(t), c, now)
			weight = .28 * plausible(c, now)
			if single {
				m.Says = fmt.Sprintf("the factor of %s is %s; yours has %s", short(t), c, now)
			}
		}
		q.found = append(q.found, candidate{m, mutant, weight, true})
	}
	var difference, ones fingerprint
	for k := range difference {
		difference[k], ones[k] = q.want[k]-truth[k], 1
	}
	if r, ok := constant(difference, q.want, &ones); ok && r.Sign() != 0 {
		if e := b.add(q.truth, b.Num(r)); q.hits(e) {
			q.found = append(q.found, candidate{Mistake{Kind: "constant-of-integration", Where: plain(q.truth),
				Says: fmt.Sprintf("the constant %s was added", r)}, e, .1, true})
		}
	}
	if !single {
		var ratio fingerprint
		for k := range ratio {
			ratio[k] = q.want[k] / truth[k]
		}
		if r, ok := constant(ratio, q.want, &truth); ok && r != number.Int(1) && r.Sign() != 0 {
			if e := b.mul(b.Num(r), q.truth); q.hits(e) {
				m := Mistake{Kind: "arithmetic-slip", Where: plain(q.truth), Says: fmt.Sprintf("yours is %s times the right answer", r)}
				weight := .2 * plausible(number.Int(1), r)
				if r == number.Int(-1) {
					m.Kind, m.Says, weight = "sign-slip", "yours has the opposite sign", .25
				}
				q.found = append(q.found, candidate{m, e, weight, true})
			}
		}
	}
}

// plausible tells how near a wrong coefficient is to the right one: slips of a
// unit or two are common, others less.
func plausible(right, wrong number.Number) float64 {
	d := right.Sub(wrong).Abs()
	switch {
	case wrong.Bits() > 40:
		return .05
	case d.Cmp(number.Int(2)) <= 0 && d.IsInt():
		return 1
	case right.IsInt() && wrong.IsInt():
		return .6
	case right.Mul(wrong) == number.Int(1):
		return .6
	}
	return .3
}

// constant returns the rational that all of v are, as floats tell, given that
// they are quotients of differences of size with scale.
func constant(v fingerprint, size, scale *fingerprint) (number.Number, bool) {
	var c float64
	n := 0
	for k, x := range v {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			continue
		}
		if n == 0 {
			c = x
		} else if math.Abs(x-c) > 1e-7*(math.Abs(c)+1e-6*math.Abs(size[k]/scale[k])) {
			return number.Number{}, false
		}
		n++
	}
	if 2*n < width {
		return number.Number{}, false
	}
	e := 1e-7 * math.Abs(c)
	r := simplest(c-e, c+e)
	_, q, ok := r.Frac64()
	return r, ok && q <= 10000
}

// coefficient returns the numerical factor of a tidy term.
func coefficient(t expr.Expr) number.Number {
	switch {
	case t.Op() == expr.Num:
		return t.Number()
	case t.Op() == expr.Mul && t.Arg(0).Op() == expr.Num:
		return t.Arg(0).Number()
	}
	return number.Int(1)
}

// maxTerms is the most terms of an expanded answer.
const maxTerms = 64

// expanded returns the terms of the tidy formula e, products of sums multiplied
// out as far as that gives no more than maxTerms terms.
func expanded(e expr.Expr) []expr.Expr {
	t := simplify.New()
	e = t.Tidy(e)
	for range 4 {
		var terms []expr.Expr
		grown := false
		for _, a := range addends(e) {
			parts, ok := distribute(t, a, maxTerms-len(terms))
			grown = grown || ok
			terms = append(terms, parts...)
		}
		if !grown || len(terms) > maxTerms {
			break
		}
		e = t.Sum(terms...)
	}
	return addends(e)
}

func addends(e expr.Expr) []expr.Expr {
	if e.Op() == expr.Add {
		return e.AppendArgs(nil)
	}
	return []expr.Expr{e}
}

// distribute multiplies out the first factor of a that is a sum, or a small
// power of one.
func distribute(t *simplify.Tidier, a expr.Expr, room int) ([]expr.Expr, bool) {
	if a.Op() != expr.Mul && a.Op() != expr.Pow {
		return []expr.Expr{a}, false
	}
	factors := []expr.Expr{a}
	if a.Op() == expr.Mul {
		factors = a.AppendArgs(nil)
	}
	for i, f := range factors {
		sum, power := f, int64(1)
		if f.Op() == expr.Pow && f.Arg(1).Op() == expr.Num {
			n, ok := f.Arg(1).Number().Int64()
			if !ok || n < 2 || n > 6 {
				continue
			}
			sum, power = f.Arg(0), n
		}
		if sum.Op() != expr.Add || sum.Len() > room {
			continue
		}
		var out []expr.Expr
		for _, s := range sum.Args() {
			g := slices.Clone(factors)
			g[i] = s
			if power > 1 {
				g = append(g, t.Pow(sum, t.Int(power-1)))
			}
			out = append(out, t.Mul(g...))
		}
		return out, true
	}
	return []expr.Expr{a}, false
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
