package optimize

import (
	"context"
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"

	"nabla/expr"
)

func TestFromFormula(t *testing.T) {
	e := expr.MustParse("100*(y - x^2)^2 + (1 - x)^2")
	o, err := FromFormula(e, []string{"x", "y"})
	if err != nil {
		t.Fatal(err)
	}
	x, g, h := []float64{-1.2, 1}, make([]float64, 2), mat.NewSymDense(2, nil)
	for _, o := range []Objective{o, o.(Cloner).Clone()} {
		o.(Hessianer).Hess(h, x)
		if f := o.(FuncGrader).FuncGrad(g, x); math.Abs(f-24.2) > 1e-12 || math.Abs(g[0]+215.6) > 1e-11 || math.Abs(g[1]+88) > 1e-11 {
			t.Errorf("f = %v, gradient %v", f, g)
		}
		if f := o.Func(x); math.Abs(f-24.2) > 1e-12 {
			t.Errorf("f = %v", f)
		}
		if h.At(0, 0) != 1330 || h.At(0, 1) != 480 || h.At(1, 1) != 200 {
			t.Errorf("Hessian %v", mat.Formatted(h))
		}
	}
	r, err := Auto(context.Background(), o, AutoOptions{})
	if err != nil || math.Abs(r.X[0]-1) > 1e-8 || math.Abs(r.X[1]-1) > 1e-8 {
		t.Errorf("minimum at %v, %v", r, err)
	}
	if _, err := FromFormula(e, []string{"x"}); err == nil {
		t.Error("a letter that is no variable was accepted")
	}
	many := expr.MustParse("sum(x[i]^2, i, 1, 500)")
	if o, err := FromFormula(many, many.Vars()); err != nil {
		t.Error(err)
	} else if _, ok := o.(Hessianer); ok {
		t.Error("500 variables with a dense Hessian")
	}
}
