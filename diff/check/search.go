package check

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"nabla/expr"
)

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
	open   []expr.Expr        // of these the answer still has the derivative to be carried out
	copied map[expr.Expr]bool // formulas that stand in the answer
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
	var chosen []int
	choose := func(limit float64, outputs ...int) {
		below := func(row int) bool {
			return !slices.ContainsFunc(outputs, func(k int) bool { return !(math.Abs(out[k][row]) < limit) })
		}
		for r := 0; r < rows && len(chosen) < width; r++ {
			if below(r) && !slices.Contains(chosen, r) {
				chosen = append(chosen, r)
			}
		}
	}
	// Values of ordinary size if there are enough, since larger ones overflow in
	// mutants. Where the truth has none, the claim may have some.
	const ordinary, large = 1e12, 1e280
	enough := func() bool { return len(chosen) >= width*3/4 }
	if choose(ordinary, outClaim, outTruth, outBase); !enough() {
		choose(large, outClaim, outTruth, outBase)
	}
	if !enough() {
		choose(ordinary, outClaim, outBase)
	}
	if !enough() {
		choose(ordinary, outClaim)
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
