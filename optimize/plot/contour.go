package plot

import "math"

// contour returns the lines on which l has the value level, by marching squares
// with linear interpolation (Lorensen and Cline 1987, in two dimensions; the
// ambiguous case by the mean of the corners), joined end to end.
func contour(l Field, level float64) [][]Point {
	type edge struct {
		i, j     int32
		vertical bool
	}
	at := func(e edge) Point {
		i, j := int(e.i), int(e.j)
		if e.vertical {
			u := share(l.Values[j][i], l.Values[j+1][i], level)
			return Point{l.Xs[i], l.Ys[j] + u*(l.Ys[j+1]-l.Ys[j])}
		}
		u := share(l.Values[j][i], l.Values[j][i+1], level)
		return Point{l.Xs[i] + u*(l.Xs[i+1]-l.Xs[i]), l.Ys[j]}
	}
	next := map[edge][]edge{} // each crossed edge joins at most two segments
	var order []edge
	join := func(a, b edge) {
		for _, e := range []edge{a, b} {
			if len(next[e]) == 0 {
				order = append(order, e)
			}
		}
		next[a], next[b] = append(next[a], b), append(next[b], a)
	}
	for j := range len(l.Ys) - 1 {
		for i := range len(l.Xs) - 1 {
			a, b := l.Values[j][i], l.Values[j][i+1]
			d, c := l.Values[j+1][i], l.Values[j+1][i+1]
			if math.IsNaN(a + b + c + d) {
				continue
			}
			bottom, top := edge{int32(i), int32(j), false}, edge{int32(i), int32(j + 1), false}
			left, right := edge{int32(i), int32(j), true}, edge{int32(i + 1), int32(j), true}
			var crossed []edge
			if (a > level) != (b > level) {
				crossed = append(crossed, bottom)
			}
			if (b > level) != (c > level) {
				crossed = append(crossed, right)
			}
			if (d > level) != (c > level) {
				crossed = append(crossed, top)
			}
			if (a > level) != (d > level) {
				crossed = append(crossed, left)
			}
			switch {
			case len(crossed) == 2:
				join(crossed[0], crossed[1])
			case len(crossed) == 4 && ((a+b+c+d)/4 > level) == (a > level):
				join(bottom, right)
				join(top, left)
			case len(crossed) == 4:
				join(bottom, left)
				join(top, right)
			}
		}
	}
	var lines [][]Point
	done := map[edge]bool{}
	walk := func(start edge) {
		line := []Point{at(start)}
		done[start] = true
		for e := start; ; {
			moved := false
			for _, n := range next[e] {
				if !done[n] {
					done[n], moved, e = true, true, n
					line = append(line, at(n))
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

// share returns where level lies between a and b.
func share(a, b, level float64) float64 {
	if a == b {
		return 0.5
	}
	return min(max((level-a)/(b-a), 0), 1)
}
