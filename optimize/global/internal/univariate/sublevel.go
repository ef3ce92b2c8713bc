package univariate

import (
	"math"
	"slices"

	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/optimize/global/internal/exact"
)

// This file is about pieces with more stationary points than a search finds, or with one that it does not come to an end with: of the infimum,
// those in the sublevel set tell where f is not above a value that it has, and outside of it there are no others that do.

// sublevelZeros returns the zeros of f' in the part of a piece that was searched at which f is not above a value of the formula; false when these
// are not all found.
func (s *study) sublevelZeros(p *piece, z zeroList) (zeroList, bool) {
	l := s.l
	if l.Consts.Tired() || l.quick {
		return z, false
	}
	_, best, ok := s.sample()
	m, g := l.Program(p.f), l.withoutSigned(p)
	if !ok || m == nil || !(z.from < z.to) {
		return z, false
	}
	l.boxes = 0 // the search has used them up
	parts, ok := l.sublevel(m, interval.New(z.from, z.to), best)
	if !ok {
		return z, false
	}
	out := zeroList{from: z.from, to: z.to, freeLo: z.freeLo, freeHi: z.freeHi, why: z.why, near: z.near, low: true}
	for _, x := range parts {
		ends := [2]exact.Spot{p.lo, p.hi}
		for i, v := range [2]float64{x.Lo - x.Width()/16, x.Hi + x.Width()/16} {
			n, ok := number.FromFloat(v)
			if !ok {
				return z, false
			}
			end := exact.At(l.Consts, l.T.Num(n))
			c, ok := l.Consts.CompareSpots(ends[i], end)
			if !ok {
				return z, false
			}
			if i == 0 && c < 0 || i == 1 && c > 0 {
				ends[i] = end
			}
		}
		y := l.searchIn(g, nil, ends[0], ends[1], newtonBoxes/4)
		if !y.all() {
			return z, false
		}
		for i, at := range y.zeros {
			if e, ok := l.simpleZero(p, p.g, &y, i); ok && !at.Wide && !at.Exact.Valid() {
				y.zeros[i] = exact.Spot{Exact: e, Hull: l.Consts.Enclose(e)}
			}
		}
		out.zeros = append(out.zeros, y.zeros...)
	}
	for i := 0; i+1 < len(out.zeros); i++ { // the parts overlap no more than by a little
		if c, ok := l.Consts.CompareSpots(out.zeros[i], out.zeros[i+1]); !ok || c >= 0 {
			return z, false
		}
	}
	return out, true
}

// sublevel returns intervals of X, in order and apart, outside of which f, compiled, is above best or f' is not 0; false when these stay too many.
func (l *line) sublevel(m *exact.Program, X interval.I, best float64) (parts []interval.I, ok bool) {
	const (
		fine = 1.0 / (1 << 12) // of X, at which an interval is kept
		most = 64
	)
	stack := []interval.I{X}
	for n := 0; len(stack) > 0; {
		x := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if n += m.Weight(); n > newtonBoxes/2*l.Consts.Effort.Patience() || l.Consts.Tired() || n%256 < m.Weight() && l.ctx.Err() != nil {
			return nil, false
		}
		v, dec := exact.Evaluate(m, x)
		if v[0].Lo > best || dec == interval.Continuous && (v[1].Lo > 0 || v[1].Hi < 0) {
			continue
		}
		c := splitPoint(x)
		if dec == interval.Continuous && v[1].IsBounded() { // the mean value form
			fc, _ := exact.Evaluate(m, interval.Point(c))
			if fc[0].Add(v[1].Mul(x.Sub(interval.Point(c)))).Lo > best {
				continue
			}
		}
		if x.Width() <= fine*X.Width() || !(x.Lo < c && c < x.Hi) {
			if k := len(parts) - 1; k >= 0 && parts[k].Hi >= x.Lo {
				parts[k].Hi = x.Hi
			} else if parts = append(parts, x); len(parts) > most {
				return nil, false
			}
			continue
		}
		stack = append(stack, interval.New(c, x.Hi), interval.New(x.Lo, c))
	}
	return slices.Clip(parts), !math.IsInf(best, 0)
}
