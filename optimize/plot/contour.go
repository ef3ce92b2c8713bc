package plot

import "math"

// An edge is a side of a cell of a grid: from node (i, j) to the right, or upwards.
type edge struct {
	i, j     int32
	vertical bool
}

// ends returns the nodes of e.
func (e edge) ends() (i0, j0, i1, j1 int) {
	i0, j0 = int(e.i), int(e.j)
	if e.vertical {
		return i0, j0, i0, j0 + 1
	}
	return i0, j0, i0 + 1, j0
}

// cross returns where l has the value level on e, by linear interpolation.
func (l Field) cross(e edge, level float64) Point {
	i0, j0, i1, j1 := e.ends()
	u := share(l.Values[j0][i0], l.Values[j1][i1], level)
	return Point{l.Xs[i0] + u*(l.Xs[i1]-l.Xs[i0]), l.Ys[j0] + u*(l.Ys[j1]-l.Ys[j0])}
}

// share returns where level lies between a and b; half way where one is -∞.
func share(a, b, level float64) float64 {
	if a == b || math.IsInf(a, -1) || math.IsInf(b, -1) {
		return 0.5
	}
	return min(max((level-a)/(b-a), 0), 1)
}

// crossings calls join with the two edges that the level crosses in each cell, twice
// where it crosses all four: marching squares (Lorensen and Cline 1987, in two
// dimensions), the ambiguous case by the mean of the corners. From the first edge to the
// second the higher ground lies to the left: round the cell, counterclockwise, the first
// one goes down and the second one up. Cells with an undefined corner are left out.
func (l Field) crossings(level float64, join func(from, to edge)) {
	for j := range len(l.Ys) - 1 {
		for i := range len(l.Xs) - 1 {
			a, b := l.Values[j][i], l.Values[j][i+1]
			d, c := l.Values[j+1][i], l.Values[j+1][i+1]
			if math.IsNaN(a + b + c + d) {
				continue
			}
			// The sides counterclockwise, and whether their first corners are high.
			sides := [4]edge{{int32(i), int32(j), false}, {int32(i + 1), int32(j), true}, {int32(i), int32(j + 1), false}, {int32(i), int32(j), true}}
			high := [4]bool{a > level, b > level, c > level, d > level}
			var down, up [2]edge
			n := 0
			for k, side := range sides {
				if high[k] && !high[(k+1)%4] {
					down[n] = side
					// The way up before it, or after it, ends the line.
					step := 1
					if center := (a+b+c+d)/4 > level; !center {
						step = 3
					}
					m := (k + step) % 4
					for high[m] || !high[(m+1)%4] {
						m = (m + step) % 4
					}
					up[n] = sides[m]
					n++
				}
			}
			for k := range n {
				join(down[k], up[k])
			}
		}
	}
}

// contour returns the lines on which l has the value level, joined end to end.
func contour(l Field, level float64) [][]Point {
	next := map[edge][]edge{} // each crossed edge joins at most two segments
	var order []edge
	l.crossings(level, func(a, b edge) {
		for _, e := range []edge{a, b} {
			if len(next[e]) == 0 {
				order = append(order, e)
			}
		}
		next[a], next[b] = append(next[a], b), append(next[b], a)
	})
	var lines [][]Point
	done := map[edge]bool{}
	walk := func(start edge) {
		line := []Point{l.cross(start, level)}
		done[start] = true
		for e := start; ; {
			moved := false
			for _, n := range next[e] {
				if !done[n] {
					done[n], moved, e = true, true, n
					line = append(line, l.cross(n, level))
					break
				}
			}
			if !moved {
				break
			}
		}
		last := line[len(line)-1]
		if len(next[start]) == 2 && len(line) > 2 && last != line[0] {
			line = append(line, line[0]) // closed
		}
		lines = append(lines, line)
	}
	for _, e := range order { // open lines from their ends first
		if !done[e] && len(next[e]) == 1 {
			walk(e)
		}
	}
	for _, e := range order {
		if !done[e] {
			walk(e)
		}
	}
	return lines
}

// above returns closed lines around the places where l is higher than level, which
// lie to the left of a line all along it, so that holes turn the other way round and
// all lines together can be filled. The level -∞ is for all places where l is defined.
func (l Field) above(level float64) [][]Point {
	p := l.padded()
	level = math.Max(level, -math.MaxFloat64)
	next := map[edge]edge{}
	var order []edge
	p.crossings(level, func(from, to edge) {
		next[from] = to
		order = append(order, from)
	})
	var lines [][]Point
	done := map[edge]bool{}
	for _, start := range order {
		var line []Point
		for e := start; !done[e]; e = next[e] {
			done[e] = true
			line = append(line, p.cross(e, level))
		}
		if len(line) > 2 {
			lines = append(lines, line)
		}
	}
	return lines
}

// padded returns l with -∞ around it, next to its edge, and where it is undefined.
func (l Field) padded() Field {
	pad := func(v []float64) []float64 {
		hair := 1e-7 * (v[len(v)-1] - v[0])
		return append(append([]float64{v[0] - hair}, v...), v[len(v)-1]+hair)
	}
	p := Field{Xs: pad(l.Xs), Ys: pad(l.Ys)}
	for j := range p.Ys {
		row := make([]float64, len(p.Xs))
		for i := range row {
			row[i] = math.Inf(-1)
			if inner := j > 0 && j <= len(l.Ys) && i > 0 && i <= len(l.Xs); inner {
				if v := l.Values[j-1][i-1]; !math.IsNaN(v) {
					row[i] = v
				}
			}
		}
		p.Values = append(p.Values, row)
	}
	return p
}

// field returns the cells of s as a Field, 1 where they are covered and 0 elsewhere.
func (s Shade) field() Field {
	middles := func(v []float64) []float64 {
		out := []float64{v[0]}
		for i := range len(v) - 1 {
			out = append(out, (v[i]+v[i+1])/2)
		}
		return append(out, v[len(v)-1])
	}
	f := Field{Xs: middles(s.Xs), Ys: middles(s.Ys)}
	for j := range f.Ys {
		row := make([]float64, len(f.Xs))
		for i := range row {
			if s.Inside[min(max(j-1, 0), len(s.Ys)-2)][min(max(i-1, 0), len(s.Xs)-2)] {
				row[i] = 1
			}
		}
		f.Values = append(f.Values, row)
	}
	return f
}
