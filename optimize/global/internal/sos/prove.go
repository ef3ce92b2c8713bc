package sos

import (
	"context"
	"math"
	"math/big"
	"slices"

	"nabla/expr/number"

	"gonum.org/v1/gonum/mat"
)

// Limits of what is tried.
const (
	maxBlock    = 60   // order of a Gram matrix
	maxUnknowns = 1600 // entries of all of them
	maxRows     = 350  // coefficients to compare
	maxFaces    = 4    // reductions to a face
)

// A block of the problem in hand: g zᵀQz with unknown Q.
type block struct {
	factor int
	g      Polynomial
	z      []Polynomial
}

// Prove looks for a proof of f ≥ gamma. zeros are points at which f comes near to
// gamma. Where gamma is attained there, exactly, tight is to be set: the Gram matrices
// then have these points in their kernels, and kernels that show themselves are split
// off. It returns nil where it finds no proof, which says nothing.
func (p *Problem) Prove(ctx context.Context, gamma *big.Rat, zeros [][]float64, tight bool) *Proof {
	s := scales(p.N, zeros)
	q := p.stretched(s)
	near := make([][]float64, len(zeros))
	for k, x := range zeros {
		near[k] = make([]float64, len(x))
		for i := range x {
			f, _ := s[i].Float64()
			near[k][i] = x[i] / f
		}
	}
	w := &work{p: q, target: q.target(gamma)}
	if w.target == nil {
		return nil
	}
	// Coefficients near 1.
	w.size = largest(w.target)
	if w.size.Sign() == 0 {
		w.size.SetInt64(1)
	}
	w.target = w.target.Scale(new(big.Rat).Inv(w.size))
	proof := &Proof{}
	if len(w.target)+len(p.Zero) > 0 {
		if !w.begin() {
			return nil
		}
		if proof = w.run(ctx, near, tight); proof == nil {
			return nil
		}
	}
	back := make([]*big.Rat, p.N)
	for i := range back {
		back[i] = new(big.Rat).Inv(s[i])
	}
	for i := range proof.Blocks {
		for k, z := range proof.Blocks[i].Basis {
			proof.Blocks[i].Basis[k] = z.stretched(back)
		}
	}
	for j := range proof.Lambda {
		proof.Lambda[j] = proof.Lambda[j].stretched(back)
	}
	proof.Gamma, proof.Mult = gamma, p.Mult
	if !p.holds(proof) {
		return nil
	}
	return proof
}

// tiny is the size from which a point counts as 0.
const tiny = 1e-4

// scales returns powers of two: the size of each coordinate of the points that is greater
// than 1, and for the others that of the greatest one. A coordinate that is small while
// others are not says nothing of its scale.
func scales(n int, points [][]float64) []*big.Rat {
	size := make([]float64, n)
	most := 0.0
	for i := range size {
		for _, x := range points {
			size[i] = math.Max(size[i], math.Abs(x[i]))
		}
		most = math.Max(most, size[i])
	}
	s := make([]*big.Rat, n)
	for i := range s {
		v := math.Max(size[i], math.Min(1, most))
		s[i] = big.NewRat(1, 1)
		if v < tiny {
			continue
		}
		if e := int(math.Round(math.Log2(v))); e > 0 {
			s[i].SetInt(new(big.Int).Lsh(big.NewInt(1), uint(min(e, 30))))
		} else {
			s[i].SetFrac(big.NewInt(1), new(big.Int).Lsh(big.NewInt(1), uint(-e)))
		}
	}
	return s
}

func (p *Problem) stretched(s []*big.Rat) *Problem {
	q := &Problem{N: p.N, F: p.F.stretched(s), Degree: p.Degree}
	if p.Mult != nil {
		q.Mult = p.Mult.stretched(s)
	}
	if p.Den != nil {
		q.Den = p.Den.stretched(s)
	}
	for _, g := range p.Above {
		q.Above = append(q.Above, g.stretched(s))
	}
	for _, h := range p.Zero {
		q.Zero = append(q.Zero, h.stretched(s))
	}
	return q
}

func largest(p Polynomial) *big.Rat {
	most := new(big.Rat)
	for _, c := range p {
		if a := new(big.Rat).Abs(c); a.Cmp(most) > 0 {
			most = a
		}
	}
	return most
}

// work is the search for a proof.
type work struct {
	p      *Problem
	target Polynomial // divided by size
	size   *big.Rat
	blocks []block
	lambda [][]Monomial // of the multipliers of Zero
}

// begin chooses the monomials; false says that there are too many.
func (w *work) begin() bool {
	n := w.p.N
	support := map[Monomial]bool{}
	var space parities
	note := func(p Polynomial) {
		for _, m := range p.Monomials() {
			space = space.with(m.parity())
		}
	}
	for m := range w.target {
		support[m] = true
	}
	note(w.target)
	for _, g := range w.p.Above {
		note(g)
	}
	for _, h := range w.p.Zero {
		note(h)
	}
	degree := max(w.target.Degree(), w.p.Degree)
	if len(w.p.Above)+len(w.p.Zero) == 0 {
		if degree%2 != 0 || count(n, degree/2) > 10*maxBlock {
			return false
		}
		for _, c := range space.classes(half(n, support)) {
			w.blocks = append(w.blocks, block{-1, nil, polynomials(c)})
		}
		return w.fits()
	}
	degree += degree % 2
	if count(n, degree/2) > maxBlock {
		return false
	}
	for _, c := range space.classes(upTo(n, 0, degree/2)) {
		w.blocks = append(w.blocks, block{-1, nil, polynomials(c)})
	}
	for k, g := range w.p.Above {
		d := degree - g.Degree()
		if d < 0 {
			continue
		}
		for _, c := range space.classes(upTo(n, 0, d/2)) {
			w.blocks = append(w.blocks, block{k, g, polynomials(c)})
		}
	}
	for _, h := range w.p.Zero {
		var list []Monomial
		for _, m := range upTo(n, 0, degree-h.Degree()) {
			if space.reduce(m.parity()) == 0 {
				list = append(list, m)
			}
		}
		w.lambda = append(w.lambda, list)
	}
	return w.fits()
}

// count is the number of monomials in n variables up to degree d.
func count(n, d int) int {
	c := 1
	for i := 1; i <= n; i++ {
		c = c * (d + i) / i
	}
	return c
}

func (w *work) fits() bool {
	unknowns := 0
	for _, b := range w.blocks {
		if len(b.z) > maxBlock {
			return false
		}
		unknowns += len(b.z) * (len(b.z) + 1) / 2
	}
	for _, l := range w.lambda {
		unknowns += len(l)
	}
	return len(w.blocks) > 0 && unknowns <= maxUnknowns
}

func polynomials(list []Monomial) []Polynomial {
	out := make([]Polynomial, len(list))
	for i, m := range list {
		out[i] = Polynomial{m: big.NewRat(1, 1)}
	}
	return out
}

// equations compares the coefficients of the two sides of the identity. The unknowns
// are the entries of the Gram matrices, block after block by upper rows, and then the
// coefficients of the multipliers of Zero, from number first on.
func (w *work) equations() (rows []row, first int) {
	at := map[Monomial]map[int]number.Number{}
	put := func(p Polynomial, col int, factor int64) {
		for m, c := range p {
			r := at[m]
			if r == nil {
				r = map[int]number.Number{}
				at[m] = r
			}
			r[col] = number.FromRat(c).Mul(number.Int(factor))
		}
	}
	col := 0
	for _, b := range w.blocks {
		for i, u := range b.z {
			if b.g != nil {
				u = u.Mul(b.g)
			}
			for j := i; j < len(b.z); j++ {
				twice := int64(2)
				if i == j {
					twice = 1
				}
				put(u.Mul(b.z[j]), col, twice)
				col++
			}
		}
	}
	first = col
	for k, list := range w.lambda {
		for _, m := range list {
			put(w.p.Zero[k].Mul(Polynomial{m: big.NewRat(1, 1)}), col, 1)
			col++
		}
	}
	for m := range w.target {
		if at[m] == nil {
			at[m] = map[int]number.Number{}
		}
	}
	var order []Monomial
	for m := range at {
		order = append(order, m)
	}
	slices.SortFunc(order, Monomial.compare)
	for _, m := range order {
		r := row{a: at[m]}
		if c := w.target[m]; c != nil {
			r.b = number.FromRat(c)
		}
		rows = append(rows, r)
	}
	return rows, first
}

// run reduces to faces until the Gram matrices can be definite, and rounds them.
func (w *work) run(ctx context.Context, zeros [][]float64, tight bool) *Proof {
	if !tight {
		if proof := w.attempt(ctx, false); proof != nil || ctx.Err() != nil || !w.structure(ctx) {
			return proof
		}
		return w.attempt(ctx, false)
	}
	if len(zeros) > 0 {
		full := slices.Clone(w.blocks)
		w.vanishAt(zeros)
		if proof := w.attempt(ctx, tight); proof != nil || ctx.Err() != nil {
			return proof
		}
		w.blocks = full
	}
	return w.attempt(ctx, tight)
}

// structure reduces to the face that all bounds have in common, as the Gram matrices of a
// bound far below show it; false says that there is none but the whole.
func (w *work) structure(ctx context.Context) bool {
	unit := Constant(w.p.N, big.NewRat(1, 1))
	for _, p := range []Polynomial{w.p.Mult, w.p.Den} {
		if p != nil {
			unit = unit.Mul(p)
		}
	}
	if unit == nil {
		return false
	}
	near := w.target
	defer func() { w.target = near }()
	w.target = near.Add(unit.Scale(new(big.Rat).Inv(largest(unit))))
	for k := range maxFaces {
		rows, first := w.equations()
		if len(rows) > maxRows || ctx.Err() != nil {
			return false
		}
		s, ok := solve(rows, first)
		if !ok {
			return false
		}
		q, least := w.interior(ctx, s)
		if q == nil || least < -definite {
			return false
		}
		if least > definite {
			return k > 0
		}
		if !w.reduce(q) {
			return false
		}
	}
	return false
}

// definite is the least eigenvalue from which a matrix counts as definite.
const definite = 1e-5

func (w *work) attempt(ctx context.Context, tight bool) *Proof {
	for range maxFaces {
		rows, first := w.equations()
		if len(rows) > maxRows {
			return nil
		}
		s, ok := solve(rows, first)
		if !ok || ctx.Err() != nil {
			return nil
		}
		q, least := w.interior(ctx, s)
		if q == nil || least < -100*definite {
			return nil
		}
		if least > 0 {
			if proof := w.round(s, q, least, first); proof != nil {
				return proof
			}
		}
		if !tight || least > 10*definite || !w.reduce(q) {
			return nil
		}
	}
	return nil
}

// interior solves for Gram matrices whose least eigenvalue is as large as can be.
func (w *work) interior(ctx context.Context, s *system) ([]*mat.Dense, float64) {
	type place struct{ block, i, j int }
	var places []place
	prog := &program{}
	for b, x := range w.blocks {
		prog.sizes = append(prog.sizes, len(x.z))
		for i := range x.z {
			for j := i; j < len(x.z); j++ {
				places = append(places, place{b, i, j})
			}
		}
	}
	// With Q = X + t, t has this coefficient in an equation.
	traces := make([]float64, len(s.core))
	var most int
	for k, r := range s.core {
		var list []entry
		size := 0.0
		for _, v := range r.a {
			size = math.Max(size, math.Abs(v.Float64()))
		}
		for c := range places {
			v := r.a[c]
			if v.Sign() == 0 {
				continue
			}
			p := places[c]
			a := v.Float64() / size
			list = append(list, entry{p.block, p.i, p.j, a})
			if p.i == p.j {
				traces[k] += a
			}
		}
		prog.rows = append(prog.rows, list)
		prog.b = append(prog.b, r.b.Float64()/size)
		if math.Abs(traces[k]) > math.Abs(traces[most]) {
			most = k
		}
	}
	if len(traces) == 0 || traces[most] == 0 {
		return nil, 0
	}
	// t is given by equation number most, which the others lose.
	pivot, rest := prog.rows[most], prog.b[most]
	for k := range prog.rows {
		if k == most || traces[k] == 0 {
			continue
		}
		f := traces[k] / traces[most]
		prog.rows[k] = minus(prog.rows[k], pivot, f)
		prog.b[k] -= f * rest
	}
	for _, e := range pivot {
		prog.c = append(prog.c, entry{e.block, e.i, e.j, e.a / traces[most]})
	}
	prog.rows = slices.Delete(prog.rows, most, most+1)
	prog.b = slices.Delete(prog.b, most, most+1)
	x, _ := prog.solve(ctx)
	if x == nil {
		return nil, 0
	}
	t := rest/traces[most] - value(prog.c, x)
	if math.IsNaN(t) {
		return nil, 0
	}
	for b := range x {
		for i := range w.blocks[b].z {
			x[b].Set(i, i, x[b].At(i, i)+t)
		}
	}
	return x, t
}

// minus is a - f b.
func minus(a, b []entry, f float64) []entry {
	out := slices.Clone(a)
	for _, e := range b {
		k := slices.IndexFunc(out, func(o entry) bool { return o.block == e.block && o.i == e.i && o.j == e.j })
		if k >= 0 {
			out[k].a -= f * e.a
		} else {
			out = append(out, entry{e.block, e.i, e.j, -f * e.a})
		}
	}
	return out
}

// denominators are those to which Gram matrices are rounded, the simplest first.
var denominators = []int64{1, 2, 4, 12, 60, 1 << 10, 1 << 16, 1 << 24, 1 << 32, 1 << 40, 1 << 48}

// round looks for rational Gram matrices near q that satisfy the equations exactly and
// are positive semidefinite.
func (w *work) round(s *system, q []*mat.Dense, least float64, first int) *Proof {
	unknowns := first
	for _, l := range w.lambda {
		unknowns += len(l)
	}
	pivot := make([]bool, unknowns)
	for _, p := range s.pivots {
		pivot[p] = true
	}
	chosen := slices.Index(pivot[:first], false) >= 0
	for k, d := range denominators {
		if chosen && d > 60 && float64(d)*least < 0.01 {
			continue
		}
		u := make([]number.Number, unknowns)
		c := 0
		for b := range w.blocks {
			n := len(w.blocks[b].z)
			for i := range n {
				for j := i; j < n; j++ {
					if !pivot[c] {
						u[c] = number.FromRat(new(big.Rat).SetFrac(rounded(q[b].At(i, j)*float64(d)), big.NewInt(d)))
					}
					c++
				}
			}
		}
		s.complete(u)
		if proof := w.proof(u); proof != nil {
			return proof
		}
		if !chosen && k == 0 {
			break
		}
	}
	return nil
}

func rounded(x float64) *big.Int {
	i, _ := big.NewFloat(math.Round(x)).Int(nil)
	return i
}

// proof makes the proof of the unknowns, nil where a matrix is not positive
// semidefinite.
func (w *work) proof(u []number.Number) *Proof {
	proof := &Proof{}
	c := 0
	for _, b := range w.blocks {
		n := len(b.z)
		out := Block{Factor: b.factor, Basis: slices.Clone(b.z), Gram: make([][]*big.Rat, n)}
		for i := range n {
			out.Gram[i] = make([]*big.Rat, n)
		}
		for i := range n {
			for j := i; j < n; j++ {
				v := u[c].Rat()
				out.Gram[i][j] = v.Mul(v, w.size)
				out.Gram[j][i] = out.Gram[i][j]
				c++
			}
			if out.Gram[i][i].Sign() < 0 {
				return nil
			}
		}
		if _, ok := out.Squares(); !ok {
			return nil
		}
		proof.Blocks = append(proof.Blocks, out)
	}
	for _, list := range w.lambda {
		l := Polynomial{}
		for _, m := range list {
			v := u[c].Rat()
			l.plus(m, v.Mul(v, w.size))
			c++
		}
		proof.Lambda = append(proof.Lambda, l)
	}
	return proof
}
