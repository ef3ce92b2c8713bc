package branch

import (
	"slices"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
)

// cleared returns the sum g times powers of positive numbers, so that none of its terms is divided by these: what the
// product is less than 0, or 0, for, g is too. ok is false where there is nothing to clear.
func cleared(g expr.Expr, vars []string, box []interval.I) (h expr.Expr, ok bool) {
	t := simplify.New()
	if g = t.Tidy(g); g.Op() != expr.Add {
		return g, false
	}
	type factor struct {
		base  expr.Expr
		power number.Number
	}
	least := map[expr.Expr]number.Number{}
	var bases []expr.Expr
	terms, rest := make([][]factor, g.Len()), make([][]expr.Expr, g.Len())
	for i, e := range g.Args() {
		factors := e.Factors()
		for _, u := range factors {
			var f factor
			f.base, f.power = u.BaseExp()
			if f.base.IsConstant() {
				rest[i] = append(rest[i], u)
				continue
			}
			if k := slices.IndexFunc(terms[i], func(o factor) bool { return o.base == f.base }); k >= 0 { // x/x, which is not 1 for x = 0
				terms[i][k].power = terms[i][k].power.Add(f.power)
			} else {
				terms[i] = append(terms[i], f)
			}
			if before, known := least[f.base]; f.power.Sign() < 0 && (!known || f.power.Cmp(before) < 0) {
				if !known {
					if !isPositive(f.base, vars, box) {
						return g, false
					}
					bases = append(bases, f.base)
				}
				least[f.base] = f.power
			}
		}
	}
	if len(bases) == 0 {
		return g, false
	}
	sum := make([]expr.Expr, len(terms))
	for i, factors := range terms {
		list, has := rest[i], map[expr.Expr]bool{}
		for _, f := range factors {
			has[f.base] = true
			if left := f.power.Sub(least[f.base]); left.Sign() != 0 {
				list = append(list, t.Make(expr.Pow, f.base, t.Num(left)))
			}
		}
		for _, base := range bases {
			if !has[base] {
				list = append(list, t.Make(expr.Pow, base, t.Num(least[base].Neg())))
			}
		}
		sum[i] = t.Mul(list...)
	}
	return t.Sum(sum...), true
}
