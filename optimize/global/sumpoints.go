package global

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/simplify"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/internal/model"
)

// This file puts the points of the parts of a sum together.

// maxProduct is the number of points up to which those of the summands are
// combined.
const maxProduct = 256

// enclosedAt puts the enclosures of the minimisers together; nil if one is missing.
func enclosedAt(parts []*summand, n int) []interval.I {
	at := make([]interval.I, n)
	for _, p := range parts {
		if len(p.a.Enclosure.At) != len(p.at) || len(p.a.Minimisers) != 1 {
			return nil
		}
		for j, i := range p.at {
			at[i] = p.a.Enclosure.At[j]
		}
	}
	return at
}

// combine returns all combinations of the minimisers of the parts, nil for too many.
func combine(parts []*summand, n int) []Point {
	lists := make([][]Point, len(parts))
	for k, p := range parts {
		lists[k] = p.a.Minimisers
		if p.a.Status == Constant {
			anywhere := p.a.Minimisers[0]
			anywhere.Exact, anywhere.Family = nil, "any "+strings.Join(p.q.Vars, ", ")
			t := simplify.New()
			for _, x := range anywhere.X {
				anywhere.Exact = append(anywhere.Exact, model.ExactFloat(t, x))
			}
			lists[k] = []Point{anywhere}
		}
	}
	return productOf(parts, lists, n)
}

// productOf combines points of the parts in all ways; the last list changes
// fastest.
func productOf(parts []*summand, lists [][]Point, n int) []Point {
	vars := make([]string, n)
	for _, p := range parts {
		for j, i := range p.at {
			vars[i] = p.q.Vars[j]
		}
	}
	counter := counter(vars)
	out := []Point{{X: make([]float64, n), Exact: make([]expr.Expr, n)}}
	families := 0
	for _, list := range lists {
		if slices.ContainsFunc(list, func(p Point) bool { return p.Family != "" && counter.MatchString(p.Family) }) {
			families++
		}
	}
	number := 0
	texts := [][]string{nil}
	for k, list := range lists {
		if len(out)*len(list) > maxProduct || len(list) == 0 {
			return nil
		}
		if slices.ContainsFunc(list, func(p Point) bool { return p.Family != "" && counter.MatchString(p.Family) }) {
			number++
		}
		var next []Point
		var nextTexts [][]string
		for q, o := range out {
			for _, m := range list {
				p, said := Point{X: o.X, Exact: o.Exact, Family: o.Family}, texts[q]
				if len(list) > 1 { // o has several successors
					p.X, p.Exact, said = slices.Clone(p.X), slices.Clone(p.Exact), slices.Clone(said)
				}
				exact := o.Exact != nil && len(m.Exact) == len(m.X)
				for j, i := range parts[k].at {
					p.X[i] = m.X[j]
					if exact {
						p.Exact[i] = m.Exact[j]
						exact = m.Exact[j].Valid()
					}
				}
				if !exact {
					p.Exact = nil
				}
				text := m.Family
				if text == "" {
					text = pointText(parts[k].q.Vars, m)
				} else {
					p.Family = "some"
					if families > 1 {
						text = counter.ReplaceAllString(text, fmt.Sprintf("${1}%d", number))
					}
				}
				next = append(next, p)
				nextTexts = append(nextTexts, append(said, text))
			}
		}
		out, texts = next, nextTexts
	}
	for q := range out {
		if out[q].Family != "" {
			out[q].Family = strings.Join(texts[q], ", ")
		}
	}
	return out
}

// counter finds the whole number k or the real t of a family, unless a variable
// has the name.
func counter(vars []string) *regexp.Regexp {
	var names []string
	for _, x := range []string{"k", "t"} {
		if !slices.Contains(vars, x) {
			names = append(names, x)
		}
	}
	if names == nil {
		return regexp.MustCompile(`\z\A.`) // nothing
	}
	return regexp.MustCompile(`\b(` + strings.Join(names, "|") + `)\b`)
}

// pointText writes a point: "x = 1, y = pi".
func pointText(vars []string, p Point) string {
	parts := make([]string, len(vars))
	for i, v := range vars {
		parts[i] = v + " = " + format.Number(p.X[i], 6)
		if i < len(p.Exact) && p.Exact[i].Valid() {
			parts[i] = v + " = " + format.Text(p.Exact[i])
		}
	}
	return strings.Join(parts, ", ")
}

// stationaryOfSum lists the combinations of the stationary points of the parts:
// minima make a minimum, maxima a maximum, and all else is neither.
func (s *session) stationaryOfSum(a *Answer, parts []*summand, same bool) {
	lists := make([][]Point, len(parts))
	complete := same && !form.HasKinks(s.m.F) && s.p.Bounds == nil
	for k, p := range parts {
		complete = complete && p.a.StationaryComplete
		for _, st := range p.a.Stationary {
			if !st.Proved {
				complete = false
			}
			lists[k] = append(lists[k], Point{X: st.X, Exact: st.Exact, Family: st.Family})
		}
	}
	if !complete {
		return
	}
	points := productOf(parts, lists, s.m.N)
	if points == nil {
		return
	}
	m := s.m.Prober()
	kinds := make([]string, 0, len(points))
	for i := range points {
		kind, rest := "", i
		for k := len(parts) - 1; k >= 0; k-- {
			st := parts[k].a.Stationary[rest%len(lists[k])]
			rest /= len(lists[k])
			switch {
			case kind == "":
				kind = st.Kind
			case kind != st.Kind:
				kind = "saddle"
			}
		}
		if kind == "inflection" || kind == "flat" {
			kind = "saddle"
		}
		kinds = append(kinds, kind)
	}
	for i, p := range points {
		a.Stationary = append(a.Stationary, Stationary{X: p.X, Exact: p.Exact, Value: s.sign(m.At(p.X)), Kind: kinds[i], Proved: true, Family: p.Family})
	}
	a.StationaryComplete = true
}
