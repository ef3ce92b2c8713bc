package prove

import (
	"slices"

	"nabla/expr"
)

// maxNamed is how many kernels a proof names.
const maxNamed = 8

// explain notes what the two sums that proved equal are rational expressions
// in: variables, roots and functions.
func (p *proof) explain(r *ring, u, v sum) {
	if p.special {
		p.kernels = nil
		p.because("shown case by case")
		return
	}
	p.because("both are the same rational expression")
	p.kernels = nil
	put := func(e expr.Expr, ok bool) {
		if ok && len(p.kernels) < maxNamed && !slices.Contains(p.kernels, e) {
			p.kernels = append(p.kernels, e)
		}
	}
	// Kernels wait on a stack, bases to be opened.
	var stack []kernel
	seen := map[kernel]bool{}
	visit := func(s sum) {
		for _, a := range s {
			for _, q := range a.m {
				info := &r.kernels[q.k]
				if !q.e.isInt() && info.real && info.kind != kindNumber && info.kind != kindExp {
					e, ok := r.formula(q.k, p.tidier)
					if ok {
						e = p.tidier.Pow(e, p.tidier.Num(ratio{1, q.e.d1}.number()))
					}
					put(e, ok)
				}
				if !seen[q.k] && len(seen) < 100 {
					seen[q.k] = true
					stack = append(stack, q.k)
				}
			}
		}
	}
	visit(u)
	visit(v)
	for len(stack) > 0 && len(p.kernels) < maxNamed {
		k := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		switch info := r.kernels[k]; info.kind {
		case kindBase:
			visit(info.def)
		case kindTurn:
			w := wording{r, p.tidier, maxWording}
			if m, ok := w.monomial(one, info.m); ok {
				put(p.tidier.Call(lookup("sin"), m), true)
				put(p.tidier.Call(lookup("cos"), m), true)
			}
		case kindNumber, kindBranch:
		default:
			put(r.formula(k, p.tidier))
		}
	}
}
