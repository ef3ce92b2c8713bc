package plot

import (
	"math"
	"slices"

	"nabla/expr"
	"nabla/expr/tape"
)

// Interval returns an interval over which a picture of the function e of the variable
// x shows the given points, with as much room beside them as the function allows: up
// to three fifths of their distance on either side, less where it would rise so far
// there that the rest looks flat. Where it is undefined up to an end, the interval
// ends soon after its domain. lo and hi are bounds, infinite where there are none; a
// finite one is an end of the interval.
func Interval(e expr.Expr, x string, points []float64, lo, hi float64) (from, to float64, err error) {
	prog, err := tape.Compile([]string{x}, e)
	if err != nil {
		return 0, 0, err
	}
	m, out := prog.NewMachine(), make([]float64, 1)
	value := func(at float64) float64 {
		m.Eval(out, []float64{at})
		return out[0]
	}
	from, to = interval(value, points, lo, hi)
	return from, to, nil
}

func interval(f func(float64) float64, points []float64, lo, hi float64) (from, to float64) {
	from, to = math.Inf(1), math.Inf(-1)
	for _, v := range points {
		if v-v == 0 && lo <= v && v <= hi {
			from, to = math.Min(from, v), math.Max(to, v)
		}
	}
	const usual = 10.0 // width where nothing is known
	openLo, openHi := math.IsInf(lo, -1), math.IsInf(hi, 1)
	switch {
	case from > to && openLo && openHi:
		from, to = -usual/2, usual/2
	case from > to && openHi:
		from, to = lo, lo+usual
	case from > to:
		from, to = hi-usual, hi
	case to-from < 1e-6*math.Max(1, math.Abs(from)):
		m := math.Max(3, math.Abs(from))
		from, to = from-m, to+m
	default:
		from, to = beside(f, from, to)
	}
	if openLo || openHi {
		a, b := inDomain(f, math.Max(from, lo), math.Min(to, hi))
		from, to = math.Max(from, a), math.Min(to, b)
	}
	if !openLo {
		from = lo
	}
	if !openHi {
		to = hi
	}
	if !(from < to) {
		from, to = from-1, to+1
	}
	return from, to
}

// beside widens an interval on both sides.
func beside(f func(float64) float64, from, to float64) (float64, float64) {
	low, high := math.Inf(1), math.Inf(-1)
	const steps = 100
	for i := range steps + 1 {
		if y := f(from + (to-from)*float64(i)/steps); y-y == 0 {
			low, high = math.Min(low, y), math.Max(high, y)
		}
	}
	w, reach := to-from, 1.5*(high-low)
	room := func(end, sign float64) float64 {
		if !(reach > 0) {
			return end + sign*0.25*w
		}
		for _, share := range []float64{0.6, 0.4, 0.25, 0.15} {
			at := end + sign*share*w
			if y := f(at); y != y || low-reach <= y && y <= high+reach {
				return at
			}
		}
		return end + sign*0.08*w
	}
	return room(from, -1), room(to, 1)
}

// inDomain cuts off the ends of an interval in which f is undefined, but for a little.
func inDomain(f func(float64) float64, from, to float64) (float64, float64) {
	const steps = 400
	at := func(i int) float64 { return from + (to-from)*float64(i)/steps }
	first, last := steps+1, -1
	for i := range steps + 1 {
		if y := f(at(i)); y-y == 0 {
			first, last = min(first, i), i
		}
	}
	if first > last {
		return from, to
	}
	a, b := at(first), at(last)
	m := 0.06 * (b - a)
	if first > 0 {
		from = a - m
	}
	if last < steps {
		to = b + m
	}
	return from, to
}

// An extent is what the values of a curve ask of the vertical axis.
type extent struct {
	low, high float64
	cut       bool // the values go farther: there is a pole, or they rise steeply to an end
	inner     bool // both are reached inside, by a wave or a hill, not at an end or at a gap
	empty     bool
}

// extentOf returns the extent of f over an interval, looked at in n steps. A pole does not
// flatten everything else: past ten times the spread of the middle four fifths of the
// values it is cut off, but the peaks of waves and of hills, however narrow, are not.
func extentOf(f func(float64) float64, from, to float64, n int) extent {
	xs, all := make([]float64, n+1), make([]float64, n+1)
	var v []float64
	for i := range xs {
		xs[i] = from + (to-from)*float64(i)/float64(n)
		if all[i] = f(xs[i]); all[i]-all[i] == 0 {
			v = append(v, all[i])
		}
	}
	if len(v) == 0 {
		return extent{empty: true}
	}
	slices.Sort(v)
	lo, hi := v[0], v[len(v)-1]
	inner := true
	for i, y := range all {
		if y == lo || y == hi {
			inner = inner && i > 0 && i < n && all[i-1]-all[i-1] == 0 && all[i+1]-all[i+1] == 0
		}
	}
	if len(v) < 20 {
		return extent{low: lo, high: hi}
	}
	a, b := v[len(v)/10], v[len(v)-1-len(v)/10]
	reach := 10 * (b - a)
	if !(reach > 0) || hi <= b+reach && lo >= a-reach {
		return extent{low: lo, high: hi, inner: inner}
	}
	e := extent{low: math.Max(lo, a-(b-a)), high: math.Min(hi, b+(b-a)), inner: inner}
	for i := 1; i < n; i++ {
		switch y := all[i]; {
		case y > e.high && !(all[i-1] > y) && !(all[i+1] > y): // beside a gap, too
			if top, ok := settled(f, xs[i-1], xs[i+1], y); ok {
				e.high = math.Max(e.high, top)
			}
		case y < e.low && !(all[i-1] < y) && !(all[i+1] < y):
			if bottom, ok := settled(func(x float64) float64 { return -f(x) }, xs[i-1], xs[i+1], -y); ok {
				e.low = math.Min(e.low, -bottom)
			}
		}
	}
	e.cut = e.low > lo || e.high < hi
	return e
}

// settled looks for the highest value of f between a and b, beginning with one of v, by
// golden section, and reports whether it has come to rest: towards a pole the values
// go on rising, by as much in the second half of the search as in the first.
func settled(f func(float64) float64, a, b, v float64) (peak float64, ok bool) {
	const golden = 0.6180339887498949
	at := func(x float64) float64 {
		if y := f(x); y == y {
			return y
		}
		return math.Inf(-1)
	}
	best := v
	search := func(n int) {
		c, d := b-golden*(b-a), a+golden*(b-a)
		fc, fd := at(c), at(d)
		for range n {
			best = math.Max(best, math.Max(fc, fd))
			if fc >= fd {
				b, d, fd = d, c, fc
				c = b - golden*(b-a)
				fc = at(c)
			} else {
				a, c, fc = c, d, fd
				d = a + golden*(b-a)
				fd = at(d)
			}
		}
	}
	search(20)
	first := best
	search(20)
	return best, best-first <= 0.1*(first-v)+1e-9*math.Abs(first)
}
