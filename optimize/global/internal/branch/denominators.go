package branch

import (
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
	least := map[expr.Expr]number.Number{}
	var bases []expr.Expr
	terms := make([]map[expr.Expr]number.Number, g.Len())
	rest := make([][]expr.Expr, g.Len())
	for i, e := range g.Args() {
		factors := []expr.Expr{e}
		if e.Op() == expr.Mul {
			factors = e.AppendArgs(nil)
		}
		terms[i] = map[expr.Expr]number.Number{}
		for _, u := range factors {
			base, power := u, number.Int(1)
			if u.Op() == expr.Pow && u.Arg(1).Op() == expr.Num {
				base, power = u.Arg(0), u.Arg(1).Number()
			}
			if base.IsConstant() {
				rest[i] = append(rest[i], u)
				continue
			}
			terms[i][base] = terms[i][base].Add(power)
			if before, known := least[base]; power.Sign() < 0 && (!known || power.Cmp(before) < 0) {
				if !known {
					if !isPositive(base, vars, box) {
						return g, false
					}
					bases = append(bases, base)
				}
				least[base] = power
			}
		}
	}
	if len(bases) == 0 {
		return g, false
	}
	sum := make([]expr.Expr, len(terms))
	for i, powers := range terms {
		list := rest[i]
		for base, power := range powers {
			if m, is := least[base]; !is {
				list = append(list, t.Make(expr.Pow, base, t.Num(power)))
			} else if left := power.Sub(m); left.Sign() != 0 {
				list = append(list, t.Make(expr.Pow, base, t.Num(left)))
			}
		}
		for _, base := range bases {
			if _, has := powers[base]; !has {
				list = append(list, t.Make(expr.Pow, base, t.Num(least[base].Neg())))
			}
		}
		sum[i] = t.Mul(list...)
	}
	return t.Sum(sum...), true
}
