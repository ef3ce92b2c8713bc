package asymptotic

import (
	"nabla/diff"
	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/tape"
	"nabla/optimize/global/internal/exact"
)

// derivatives returns f(y), f'(y), …, up to the derivative whose order is the number of terms kept.
func (a *Tail) derivatives(f *fn.Func) []expr.Expr {
	y := a.c.T.Call(f, a.c.T.Var("y"))
	out := []expr.Expr{y}
	for range a.kept {
		y = a.c.T.Tidy(diff.D(y, "y"))
		out = append(out, y)
	}
	return out
}

// taylor expands f(u) for u with a limit at which f is analytic.
func (a *Tail) taylor(f *fn.Func, u *series) *series {
	c := a.int(0)
	eps := u
	if len(u.terms) > 0 {
		if g, ok := a.growth(u.terms[0].m); ok && g == 0 {
			c = u.terms[0].c
			eps = &series{terms: u.terms[1:], rem: u.rem, rm: u.rm}
		}
	}
	size, ok := a.sizeOf(eps)
	if !ok {
		return nil
	}
	over := a.c.Rough(c).Add(size.Hull(interval.Point(0)))
	if f.Enclose == nil || len(f.Args) != 1 || f.Family == "pieces" || f.Name == "relu" {
		return nil
	}
	if len(eps.terms) == 0 && !eps.exact() {
		if g, ok := a.growth(eps.rm); ok && g == 0 { // bounded, and no more known
			if f.Decorate([]interval.I{over}) < interval.Defined {
				return nil
			}
			v := f.Enclose([]interval.I{over})
			return enclosed(v, scale{})
		}
	}
	ds := a.derivatives(f)
	h := make([]expr.Expr, a.kept)
	k := number.Int(1)
	for i := range h {
		v := a.c.T.Tidy(a.c.T.Pool().Substitute(ds[i], map[string]expr.Expr{"y": c}))
		if !a.c.Rough(v).IsBounded() {
			return nil
		}
		inv, _ := k.Inv()
		h[i] = a.c.Simplify(a.c.T.Mul(a.num(inv), v))
		k = k.Mul(number.Int(int64(i + 1)))
	}
	out, dec, ok := tape.EncloseOn([]string{"y"}, []interval.I{over}, ds[a.kept], ds[0])
	if !ok || dec[0] < interval.Defined || dec[1] < interval.Continuous || !out[0].IsBounded() {
		return nil
	}
	inv, _ := k.Inv()
	return a.compose(eps, h, out[0].Mul(exact.HullOf(inv)))
}
