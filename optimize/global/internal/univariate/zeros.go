package univariate

import (
	"math"
	"slices"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/optimize/global/internal/asymptotic"
	"nabla/optimize/global/internal/exact"
)

// A zeroList is what is known of the zeros of a formula on a piece.
type zeroList struct {
	zeros []exact.Spot // in order
	// complete: there are no others on [from, to]; exact: all were found by
	// solving the equation.
	complete bool
	exact    bool
	// from and to bound the part that was searched; there are no zeros beyond
	// them on the piece when freeLo and freeHi.
	from, to       float64
	freeLo, freeHi bool
	low            bool    // there are no others at which f has its least value
	why            string  // when not complete
	near           float64 // where the search was when it gave up
	values         []candidate
}

// all reports whether the list is complete on the whole piece.
func (z zeroList) all() bool { return z.complete && z.freeLo && z.freeHi }

// zeros finds the zeros of the tidy formula g strictly between lo and hi, where
// g is defined and smooth.
func (l *line) zeros(g expr.Expr, lo, hi exact.Spot) zeroList {
	if z, ok := l.solved(g, lo, hi); ok {
		return z
	}
	return l.searched(g, lo, hi)
}

// allZeros is zeros where nothing but a complete list is of use, and reports whether it has found one: it does not search
// where the ends would stay open.
func (l *line) allZeros(g expr.Expr, lo, hi exact.Spot) (z zeroList, ok bool) {
	if z, ok := l.solved(g, lo, hi); ok {
		return z, true
	}
	if !l.freeEnds(g, lo, hi) {
		if h, _ := l.Stripped(g, lo, hi); h == g || !l.freeEnds(h, lo, hi) {
			return z, false
		}
	}
	z = l.searched(g, lo, hi)
	return z, z.all()
}

// solved finds the zeros by solving the equation.
func (l *line) solved(g expr.Expr, lo, hi exact.Spot) (z zeroList, ok bool) {
	list, ok := l.Solve(g, lo, hi)
	return zeroList{zeros: list, complete: true, exact: true, freeLo: true, freeHi: true, from: math.Inf(-1), to: math.Inf(1)}, ok
}

// searched finds the zeros by a search, and names some of them.
func (l *line) searched(g expr.Expr, lo, hi exact.Spot) zeroList {
	z := l.search(g, lo, hi)
	if lo.Inf != 0 || hi.Inf != 0 {
		l.named(g, &z)
	}
	return z
}

// freeEnds reports whether g has no zeros towards the ends of a piece.
func (l *line) freeEnds(g expr.Expr, lo, hi exact.Spot) bool {
	m := l.Program(g)
	if m == nil {
		return false
	}
	_, below := l.freeEnd(g, m, lo, hi, -1)
	if !below {
		return false
	}
	_, above := l.freeEnd(g, m, hi, lo, +1)
	return above
}

// named solves the equation between some of the zeros that a search has found, those next to the origin: on all of an
// unbounded piece there may be too many, as of waves that die down.
func (l *line) named(g expr.Expr, z *zeroList) {
	if len(z.zeros) == 0 || l.quick {
		return
	}
	const most = 16
	some := z.zeros
	for len(some) > most {
		if last := len(some) - 1; some[0].Hull.Mag() > some[last].Hull.Mag() {
			some = some[1:]
		} else {
			some = some[:last]
		}
	}
	first, last := some[0].Hull, some[len(some)-1].Hull
	a, ok1 := number.FromFloat(math.Nextafter(first.Lo, math.Inf(-1)))
	b, ok2 := number.FromFloat(math.Nextafter(last.Hi, math.Inf(1)))
	if !ok1 || !ok2 {
		return
	}
	if list, ok := l.Solve(g, exact.At(l.Consts, l.T.Num(a)), exact.At(l.Consts, l.T.Num(b))); ok && len(list) == len(some) {
		copy(some, list)
	}
}

// search finds zeros by interval methods.
func (l *line) search(g expr.Expr, lo, hi exact.Spot) zeroList {
	if l.quick {
		return l.searchIn(g, nil, lo, hi, newtonBoxes/40)
	}
	z := l.searchIn(g, nil, lo, hi, newtonBoxes/4)
	if z.complete && !z.wide() || z.crowded() {
		return z
	}
	h, extra := l.Stripped(g, lo, hi)
	if h != g {
		if y := l.searchIn(h, extra, lo, hi, newtonBoxes/4); y.complete && (y.all() || !z.all()) {
			if z = y; !y.wide() {
				return y
			}
		}
	}
	near := z.near
	if i := slices.IndexFunc(z.zeros, func(s exact.Spot) bool { return s.Wide }); z.complete && i >= 0 {
		near = z.zeros[i].Float()
	}
	if y := l.aroundMultiple(g, near, lo, hi); y.complete {
		return y
	}
	if z.complete {
		return z
	}
	return l.searchIn(g, nil, lo, hi, newtonBoxes)
}

// wide reports whether some of the enclosures may hold no zero, or several.
func (z zeroList) wide() bool {
	return slices.ContainsFunc(z.zeros, func(s exact.Spot) bool { return s.Wide })
}

// crowded reports whether a search has given up among zeros of which there are far too many for any search, as of a wave
// in a wide bowl.
func (z zeroList) crowded() bool {
	const many, part = 100, 4
	return !z.complete && len(z.zeros) >= many && (z.near-z.from)*part < z.to-z.from
}

// searchIn finds the zeros of g, to which those in extra are added.
func (l *line) searchIn(g expr.Expr, extra []exact.Spot, lo, hi exact.Spot, boxes int) zeroList {
	m := l.Program(g)
	z := zeroList{complete: true}
	if m == nil {
		return zeroList{why: "the formula could not be compiled"}
	}
	z.from, z.freeLo = l.freeEnd(g, m, lo, hi, -1)
	z.to, z.freeHi = l.freeEnd(g, m, hi, lo, +1)
	if z.from <= z.to {
		list, near, why := l.newton(m, interval.New(z.from, z.to), boxes)
		if why != "" {
			z.complete, z.why, z.near = false, why, near
		}
		for _, s := range list {
			a, ok1 := l.Consts.CompareSpots(s, lo)
			b, ok2 := l.Consts.CompareSpots(s, hi)
			switch {
			case ok1 && a <= 0 || ok2 && b >= 0:
				continue
			case !s.Wide && (!ok1 && l.vanishesAt(g, lo) || !ok2 && l.vanishesAt(g, hi)):
				continue // the end is the one zero in the enclosure
			case !ok1 || !ok2:
				// A zero at the end of the piece, or next to it: the end is a
				// candidate of its own, and the zero may not exist inside.
				s.Wide = true
			}
			z.zeros = append(z.zeros, s)
		}
	}
	z.zeros = append(z.zeros, extra...)
	ordered := true
	slices.SortStableFunc(z.zeros, func(a, b exact.Spot) int {
		if a.Hull.Lo < b.Hull.Lo {
			return -1
		}
		if a.Hull.Lo > b.Hull.Lo {
			return 1
		}
		return 0
	})
	for i := 0; i+1 < len(z.zeros); i++ {
		if _, ok := l.Consts.CompareSpots(z.zeros[i], z.zeros[i+1]); !ok {
			ordered = false
		}
	}
	if !ordered {
		z.zeros = mergeSpots(z.zeros)
	}
	return z
}

// vanishesAt reports whether g is proved to be 0 at the end of a piece.
func (l *line) vanishesAt(g expr.Expr, end exact.Spot) bool {
	if end.Inf != 0 || !end.Exact.Valid() {
		return false
	}
	s, ok := l.Consts.Sign(l.Consts.Simplify(l.Substitute(g, end.Exact)))
	return ok && s == 0
}

// mergeSpots joins spots that cannot be told apart.
func mergeSpots(list []exact.Spot) []exact.Spot {
	var out []exact.Spot
	for _, s := range list {
		if n := len(out); n > 0 && !out[n-1].Hull.Disjoint(s.Hull) {
			out[n-1] = exact.Spot{Hull: out[n-1].Hull.Hull(s.Hull), Wide: true}
			continue
		}
		out = append(out, s)
	}
	return out
}

// freeEnd returns up to where g has to be searched towards the end of a piece,
// and whether g has no zero between there and the end.
func (l *line) freeEnd(g expr.Expr, m *exact.Program, end, other exact.Spot, side int) (float64, bool) {
	s := float64(side)
	smooth := false
	if end.Inf == 0 {
		// An end at which g goes on smoothly is searched itself.
		v, dec := exact.Evaluate(m, end.Hull)
		smooth = dec == interval.Continuous && v[0].IsBounded() && v[1].IsBounded()
		if smooth && !(v[0].Has(0) && v[1].Has(0)) {
			if side < 0 {
				return end.Hull.Lo, true
			}
			return end.Hull.Hi, true
		}
	}
	inside := func(x float64) bool { // beyond the other end
		switch {
		case other.Inf != 0:
			return true
		case side > 0:
			return x > other.Hull.Hi
		}
		return x < other.Hull.Lo
	}
	if end.Inf != 0 {
		for _, T := range [...]float64{2, 8, 64, 1024, 1 << 20, 1 << 40} {
			far := interval.New(T, math.Inf(1))
			if side < 0 {
				far = far.Neg()
			}
			if !inside(s * T) {
				continue
			}
			v, dec := exact.Evaluate(m, far)
			if dec >= interval.Defined && exact.SignOf(v[0]) != 0 {
				return s * T, true
			}
		}
	} else if w := 1.0 / 64; true {
		for range 3 {
			near := interval.New(end.Hull.Lo, end.Hull.Hi+w)
			if side > 0 {
				near = interval.New(end.Hull.Lo-w, end.Hull.Hi)
			}
			v, _ := exact.Evaluate(m, near)
			if inside(near.Lo) && inside(near.Hi) && exact.SignOf(v[0]) != 0 {
				if side > 0 {
					return near.Lo, true
				}
				return near.Hi, true
			}
			w /= 64
		}
	}
	giveUp := func() (float64, bool) {
		if smooth {
			if side < 0 {
				return end.Hull.Lo, true
			}
			return end.Hull.Hi, true
		}
		return l.giveUpEnd(end, s), false
	}
	if end.Inf == 0 && !end.Exact.Valid() {
		return giveUp()
	}
	for _, T := range asymptotic.Starts {
		a := l.tail(end, side, T)
		x := l.tailStart(end, side, T)
		if !inside(x) {
			continue
		}
		if a.SignPast(g) == 0 {
			continue
		}
		if at, _ := exact.Evaluate(m, interval.Point(x)); a.Cancelled(g) || exact.SignOf(at[0]) == 0 { // or too small for a float
			for _, T := range asymptotic.Wide {
				wide := l.tailStart(end, side, T)
				if !inside(wide) || l.tail(end, side, T).SignPast(g) == 0 {
					break
				}
				x = wide
			}
		}
		return x, true
	}
	return giveUp()
}

// giveUpEnd returns how far to search when nothing is known of the end.
func (l *line) giveUpEnd(end exact.Spot, s float64) float64 {
	if end.Inf != 0 {
		return s * 64
	}
	if s < 0 {
		return end.Hull.Hi + 1.0/64
	}
	return end.Hull.Lo - 1.0/64
}

// tail returns the expansion at an end of a piece; side is +1 for its upper end.
func (l *line) tail(end exact.Spot, side int, T float64) *asymptotic.Tail {
	key := tailKey{end.Exact, end.Inf, side, T}
	if a, ok := l.tails[key]; ok {
		return a
	}
	var at expr.Expr
	dir := -side
	if end.Inf != 0 {
		dir = side
	} else {
		at = end.Exact
	}
	a := asymptotic.New(l.Consts, l.Name, at, dir, T)
	l.tails[key] = a
	return a
}

type tailKey struct {
	e    expr.Expr
	inf  int
	side int
	T    float64
}

// tailStart returns a float inside the part of the piece that t ≥ T covers, at
// its inner end.
func (l *line) tailStart(end exact.Spot, side int, T float64) float64 {
	if end.Inf != 0 {
		return float64(side) * T
	}
	d := interval.Point(T).Inv()
	if side > 0 {
		// the part is [end - 1/T, end): what lies below has to be searched
		return end.Hull.Sub(d).Hi
	}
	return end.Hull.Add(d).Lo
}

// newtonBoxes is the most boxes that a search for zeros of a short formula examines: about
// 10 ms.
const newtonBoxes = 12000

// newton encloses all zeros on X of the first output of m, the second one being
// its derivative: by the interval Newton method with bisection (R. E. Moore,
// R. B. Kearfott, M. J. Cloud, Introduction to Interval Analysis, §8.1). A spot
// that is not wide holds exactly one zero, at which the sign changes.
//
// When it gives up, it says why and near which place it was.
func (l *line) newton(m *exact.Program, X interval.I, boxes int) (list []exact.Spot, near float64, why string) {
	stack := []interval.I{X}
	n, patience := 0, l.Consts.Effort.Patience()
	for len(stack) > 0 {
		X := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		l.boxes += m.Weight()
		if n += m.Weight(); n > boxes*patience || l.boxes > newtonBoxes*patience || l.Consts.Tired() || n%256 < m.Weight() && l.ctx.Err() != nil {
			return list, splitPoint(X), "the search for stationary points took too long"
		}
		v, dec := exact.Evaluate(m, X)
		if v[0].IsEmpty() || v[0].Lo > 0 || v[0].Hi < 0 {
			continue
		}
		// Nearly a point: nothing more can be found out with float64.
		if w := X.Hi - X.Lo; w <= 8e-16*X.Mag() || X.Mag() < 1e-290 {
			list = append(list, exact.Spot{Hull: X, Wide: true})
			continue
		}
		d := v[1]
		if dec == interval.Continuous && X.IsBounded() && d.IsBounded() {
			if d.Lo > 0 || d.Hi < 0 {
				a, _ := exact.Evaluate(m, interval.Point(X.Lo))
				b, _ := exact.Evaluate(m, interval.Point(X.Hi))
				sa, sb := exact.SignOf(a[0]), exact.SignOf(b[0])
				if sa != 0 && sa == sb {
					continue
				}
				if sa*sb < 0 {
					list = append(list, l.polish(m, X, sa))
					continue
				}
				if sa == 0 && sb == 0 {
					// Rounding hides the sign all over X: a larger box will show it.
					list = append(list, exact.Spot{Hull: X, Wide: true})
					continue
				}
			}
			c := splitPoint(X)
			fc, _ := exact.Evaluate(m, interval.Point(c))
			// Where 0 is in both, every x is possible, which is not what a quotient
			// of sets says.
			if fc[0].IsBounded() && !fc[0].Has(0) {
				a, b := fc[0].Neg().DivExt(d)
				a, b = a.Add(interval.Point(c)).Meet(X), b.Add(interval.Point(c)).Meet(X)
				if a.IsEmpty() && b.IsEmpty() {
					continue
				}
				if b.IsEmpty() {
					a, b = b, a
				}
				if a.IsEmpty() {
					if b.Width() < 0.7*X.Width() {
						stack = append(stack, b)
						continue
					}
				} else if a.Width()+b.Width() < 0.9*X.Width() {
					stack = append(stack, b, a)
					continue
				}
			}
		}
		c := splitPoint(X)
		if !(X.Lo < c && c < X.Hi) {
			list = append(list, exact.Spot{Hull: X, Wide: true})
			continue
		}
		stack = append(stack, interval.New(c, X.Hi), interval.New(X.Lo, c))
	}
	slices.SortFunc(list, func(a, b exact.Spot) int {
		if a.Hull.Lo < b.Hull.Lo {
			return -1
		}
		return 1
	})
	// Neighbouring pieces of what could not be settled are one; a proved zero
	// beside one stays apart only when the enclosures are disjoint.
	var out []exact.Spot
	for _, s := range list {
		if k := len(out); k > 0 && !out[k-1].Hull.Disjoint(s.Hull) {
			p := &out[k-1]
			p.Hull = p.Hull.Hull(s.Hull)
			p.Wide = true
			continue
		}
		out = append(out, s)
	}
	return l.rescued(m, out, X), 0, ""
}

// rescued proves of wide spots in list that they hold one zero, where it can, and
// drops what was found of the same zero beside.
func (l *line) rescued(m *exact.Program, list []exact.Spot, X interval.I) []exact.Spot {
	for i := 0; i < len(list); i++ {
		if !list[i].Wide {
			continue
		}
		s, box := l.rescue(m, list[i])
		list[i] = s
		if s.Wide {
			continue
		}
		// The one zero in the box is that of s.
		var out []exact.Spot
		at := i
		for k, z := range list {
			switch {
			case k == i:
				at = len(out)
			case z.Hull.Lo >= box.Lo && z.Hull.Hi <= box.Hi:
				continue
			case !z.Hull.Disjoint(s.Hull):
				s.Hull, s.Wide = s.Hull.Hull(z.Hull), true
				continue
			}
			out = append(out, z)
		}
		list, i = out, at
		list[at] = s
	}
	return list
}

// rescue tries to prove that a wide spot holds exactly one zero, and returns the box
// in which that is the only one: a zero that is a float64, or the end of two boxes,
// is found in two pieces.
func (l *line) rescue(m *exact.Program, s exact.Spot) (exact.Spot, interval.I) {
	w := math.Max(s.Hull.Width(), 1e-15*s.Hull.Mag())
	for range 24 {
		w *= 8
		box := interval.New(s.Hull.Lo-w, s.Hull.Hi+w)
		if s.Hull.Mag() < 1e-290 {
			w = math.Max(w, 1e-200)
			box = interval.New(s.Hull.Lo-w, s.Hull.Hi+w)
			w *= 1e20
		}
		v, dec := exact.Evaluate(m, box)
		if dec != interval.Continuous || !v[1].IsBounded() {
			return s, s.Hull
		}
		if v[1].Lo > 0 || v[1].Hi < 0 {
			a, _ := exact.Evaluate(m, interval.Point(box.Lo))
			b, _ := exact.Evaluate(m, interval.Point(box.Hi))
			if sa, sb := exact.SignOf(a[0]), exact.SignOf(b[0]); sa*sb < 0 {
				return l.polish(m, box, sa), box
			}
			continue
		}
		return s, s.Hull
	}
	return s, s.Hull
}

// splitPoint returns where to halve X: geometrically over orders of magnitude.
func splitPoint(X interval.I) float64 {
	lo, hi := X.Lo, X.Hi
	switch {
	case lo < 0 && hi > 0:
		if math.IsInf(lo, 0) || math.IsInf(hi, 0) || lo < -4*hi || hi > -4*lo {
			return 0
		}
		c := lo/2 + hi/2
		if math.Abs(c) < 0.05*(hi-lo) { // not on a zero that sits in the middle
			c = lo + 0.4843*(hi-lo)
		}
		return c
	case hi <= 0:
		return -splitPoint(interval.New(-hi, -lo))
	case math.IsInf(hi, 1):
		return math.Min(math.Max(16, lo*lo), math.MaxFloat64)
	case lo == 0:
		if hi > 1e-8 {
			return hi / 8
		}
		return hi * hi
	case hi/lo > 8:
		return math.Sqrt(lo) * math.Sqrt(hi)
	}
	return lo + 0.4961*(hi-lo)
}

// polish encloses tightly the one zero in X, where the function goes from sign
// sa at the lower end to the other one.
func (l *line) polish(m *exact.Program, X interval.I, sa int) exact.Spot {
	for range 80 {
		w := X.Width()
		v, _ := exact.Evaluate(m, X)
		c := X.Mid()
		fc, _ := exact.Evaluate(m, interval.Point(c))
		switch s := exact.SignOf(fc[0]); {
		case s == sa:
			X.Lo = c
		case s == -sa:
			X.Hi = c
		}
		if v[1].Lo > 0 || v[1].Hi < 0 {
			if nx := fc[0].Neg().Div(v[1]).Add(interval.Point(c)).Meet(X); !nx.IsEmpty() {
				X = nx
			}
		}
		if !(X.Width() < w) {
			break
		}
	}
	return exact.Spot{Hull: X, Mult: 1}
}
