package relax

import (
	"slices"

	"nabla/expr/interval"
)

// A form is Σ c_k x_j_k + e, the columns in order and e a number in an interval, wherever the columns
// lie in the box. Rounding is part of e.
type form struct {
	ok bool
	j  []int
	c  []float64
	e  interval.I
}

func constant(v interval.I) form { return form{ok: true, e: v}.checked() }

func variable(j int) form {
	return form{ok: true, j: []int{j}, c: []float64{1}, e: interval.Point(0)}
}

// put appends the coefficient c of column j.
func (f *form) put(j int, c interval.I, cols []interval.I) {
	m := c.Mid()
	if d := c.Sub(interval.Point(m)); d != interval.Point(0) {
		f.e = f.e.Add(d.Mul(cols[j]))
	}
	if m != 0 {
		f.j, f.c = append(f.j, j), append(f.c, m)
	}
}

// times is k f.
func (f form) times(k interval.I, cols []interval.I) form {
	out := form{ok: f.ok && k.IsBounded(), j: make([]int, 0, len(f.j)), c: make([]float64, 0, len(f.j)), e: f.e.Mul(k)}
	for i, j := range f.j {
		out.put(j, interval.Point(f.c[i]).Mul(k), cols)
	}
	return out.checked()
}

// plus is f + g.
func (f form) plus(g form, cols []interval.I) form {
	n := len(f.j) + len(g.j)
	out := form{ok: f.ok && g.ok, j: make([]int, 0, n), c: make([]float64, 0, n), e: f.e.Add(g.e)}
	i, k := 0, 0
	for i < len(f.j) || k < len(g.j) {
		switch {
		case k == len(g.j) || i < len(f.j) && f.j[i] < g.j[k]:
			out.j, out.c = append(out.j, f.j[i]), append(out.c, f.c[i])
			i++
		case i == len(f.j) || g.j[k] < f.j[i]:
			out.j, out.c = append(out.j, g.j[k]), append(out.c, g.c[k])
			k++
		default:
			out.put(f.j[i], interval.Point(f.c[i]).Add(interval.Point(g.c[k])), cols)
			i, k = i+1, k+1
		}
	}
	return out.checked()
}

// minus is f - g.
func (f form) minus(g form, cols []interval.I) form {
	return f.plus(g.times(interval.Point(-1), cols), cols)
}

// checked is f, not ok past the range of floats, or with a part that has no value.
func (f form) checked() form {
	f.ok = f.ok && f.e.IsBounded() && !f.e.IsEmpty() && !slices.ContainsFunc(f.c, func(c float64) bool { return c-c != 0 })
	return f
}

// enclose encloses the values of f on the box.
func (f form) enclose(cols []interval.I) interval.I {
	v := f.e
	for k, j := range f.j {
		v = v.Add(interval.Point(f.c[k]).Mul(cols[j]))
	}
	return v
}
