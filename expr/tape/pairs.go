package tape

import (
	"slices"

	"nabla/expr"
)

// Products that have factors in common should multiply those first and share the
// result: the partial derivatives of one formula are such products. Which
// factors to take is decided by counting, for each pair, the products that hold
// both.

const (
	// maxExtract is the largest product whose pairs are counted; a product of n
	// factors has n²/2 of them.
	maxExtract = 12
	// maxPairs bounds the pairs counted in one compilation, which take some 50
	// bytes each. Past it products are multiplied in the order written.
	maxPairs = 1 << 19
)

// countPairs counts the pairs of factors of the products of w.
func (g *graph) countPairs(w *expr.Walk) {
	g.pairs = nil
	total := 0
	for _, n := range w.Each() {
		if n.Op() == expr.Mul && n.Len() <= maxExtract {
			if total += n.Len() * n.Len() / 2; total > maxPairs {
				return
			}
		}
	}
	if total == 0 {
		return
	}
	g.pairs = make(map[[2]int32]int32, total)
	var places []int32
	for _, n := range w.Each() {
		if n.Op() != expr.Mul || n.Len() > maxExtract {
			continue
		}
		places = places[:0]
		for _, a := range n.Args() {
			if a.Op() != expr.Num {
				places = append(places, int32(w.Place(a)))
			}
		}
		for i, a := range places {
			for _, b := range places[:i] {
				g.pairs[pair(a, b)]++
			}
		}
	}
}

func pair(a, b int32) [2]int32 { return [2]int32{min(a, b), max(a, b)} }

// together returns how many products hold the factors a and b.
func (g *graph) together(a, b factor) int32 {
	if a.node < 0 || b.node < 0 || a.node == b.node {
		return 0
	}
	return g.pairs[pair(a.node, b.node)]
}

// extract replaces the factors of num and den that other products hold too by
// one factor, their product, which comes first.
func (g *graph) extract(num, den []factor) (n, d []factor) {
	if len(num)+len(den) < 3 || len(num)+len(den) > maxExtract || g.pairs == nil {
		return num, den
	}
	all := slices.Concat(num, den)
	a, b, most := 0, 0, int32(1)
	for i := range all {
		for j := range i {
			if k := g.together(all[i], all[j]); k > most {
				a, b, most = j, i, k
			}
		}
	}
	if most < 2 {
		return num, den
	}
	// The core grows by what is with all of it as often as can be.
	in := make([]bool, len(all))
	in[a], in[b] = true, true
	core := []int{a, b}
	for {
		next, most := -1, int32(1)
		for i := range all {
			if in[i] {
				continue
			}
			least := g.together(all[i], all[a])
			for _, j := range core {
				least = min(least, g.together(all[i], all[j]))
			}
			if least > most {
				next, most = i, least
			}
		}
		if next < 0 {
			break
		}
		in[next] = true
		core = append(core, next)
	}
	var coreNum, coreDen []factor
	for _, i := range core {
		if i < len(num) {
			coreNum = append(coreNum, all[i])
		} else {
			coreDen = append(coreDen, all[i])
		}
	}
	for i, f := range all {
		switch {
		case in[i]:
		case i < len(num):
			n = append(n, f)
		default:
			d = append(d, f)
		}
	}
	switch {
	case len(coreNum) == 0:
		return n, append([]factor{{g.chain(coreDen), 1, -1}}, d...)
	case len(coreDen) == 0:
		return append([]factor{{g.chain(coreNum), 1, -1}}, n...), d
	}
	return append([]factor{{g.div(g.chain(coreNum), g.chain(coreDen)), 1, -1}}, n...), d
}
