package form

import (
	"slices"

	"nabla/expr"
	"nabla/expr/number"
)

// Linear is what a tidy formula depends on its variables through: Forms holds the coefficients of
// linear forms, none a multiple of another. A formula that is linear itself has the one that it is,
// up to a constant, or none if it is a constant; Degree is then 1 or 0, and 2 otherwise.
type Linear struct {
	Forms  [][]number.Number
	Degree int
}

// LinearIn returns the linear forms in the variables with rational coefficients through which
// the formula depends on these: those of its largest linear parts.
func LinearIn(e expr.Expr, vars []string) Linear {
	return expr.Fold(e, func(n expr.Expr, args []Linear) Linear {
		switch n.Op() {
		case expr.Var:
			a := make([]number.Number, len(vars))
			a[slices.Index(vars, n.Name())] = number.Int(1)
			return Linear{[][]number.Number{a}, 1}
		case expr.Add:
			sum := make([]number.Number, len(vars))
			var others []Linear
			for _, a := range args {
				if a.Degree > 1 {
					others = append(others, a)
				} else if a.Degree == 1 {
					for i, v := range a.Forms[0] {
						sum[i] = sum[i].Add(v)
					}
				}
			}
			return union(append(others, linear(sum)), len(others) > 0)
		case expr.Mul:
			if len(args) == 2 && n.Arg(0).Op() == expr.Num && args[1].Degree == 1 {
				a := slices.Clone(args[1].Forms[0])
				for i := range a {
					a[i] = a[i].Mul(n.Arg(0).Number())
				}
				return linear(a)
			}
		}
		return union(args, true)
	})
}

// linear is what a linear formula with these coefficients depends on.
func linear(a []number.Number) Linear {
	if !slices.ContainsFunc(a, func(v number.Number) bool { return v.Sign() != 0 }) {
		return Linear{}
	}
	return Linear{[][]number.Number{a}, 1}
}

// union joins what parts depend on; bent says that the whole is not linear in them.
func union(parts []Linear, bent bool) Linear {
	var out Linear
	for _, p := range parts {
		for _, a := range p.Forms {
			if bent {
				a = unit(a)
			}
			if !slices.ContainsFunc(out.Forms, func(b []number.Number) bool { return slices.Equal(a, b) }) {
				out.Forms = append(out.Forms, a)
			}
		}
	}
	if out.Degree = min(len(out.Forms), 1); bent && out.Degree > 0 {
		out.Degree = 2
	}
	return out
}

// unit is the multiple of the form whose first coefficient is 1.
func unit(a []number.Number) []number.Number {
	k := slices.IndexFunc(a, func(v number.Number) bool { return v.Sign() != 0 })
	out := make([]number.Number, len(a))
	for i := range a {
		out[i], _ = a[i].Quo(a[k])
	}
	return out
}
