package global

import (
	"context"
	"testing"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/tape"
)

// A curve leads from a point of the edge into the region, or is not found where there is none.
func TestCurvesInto(t *testing.T) {
	for _, c := range []struct {
		region string
		at     []string // in the order of the names
		found  bool
	}{
		{"x^2+y^2+z^2==1;x>0;y>0;z>0", []string{"1", "0", "0"}, true},
		{"x^2+y^2==1;x<y", []string{"-sqrt(2)/2", "-sqrt(2)/2"}, true},
		{"x*y==1;x+y>2", []string{"1", "1"}, false},                     // the line touches the curve: it is all above, which slopes do not tell
		{"x*y==1;x+y<2;x>0", []string{"1", "1"}, false},                 // it is nowhere below
		{"x^2+y^2==1;x+y+z==2;z>1", []string{"1", "0", "1"}, true},      // two equations
		{"x^2+y^2==1;x^2+y^2+z==2;z>1", []string{"1", "0", "1"}, false}, // which leave z = 1
		{"(x-1)^2+y^2==0;x<1", []string{"1", "0"}, false},               // one point
		{"y^2==x^3;x>0", []string{"0", "0"}, false},                     // a cusp: no slope
	} {
		p := problemOf(t, "x+y+0*z", "*=-9:9|"+c.region)
		if len(c.at) == 2 {
			p = problemOf(t, "x+y", "*=-9:9|"+c.region)
		}
		q, ok := p.normal()
		if !ok {
			t.Fatal(c.region)
		}
		m, err := q.model()
		if err != nil {
			t.Fatal(err)
		}
		s := &session{ctx: context.Background(), p: q, m: m}
		var x []expr.Expr
		var at []interval.I
		for _, text := range c.at {
			e := expr.MustParse(text)
			v, _ := tape.EncloseConstant(e)
			x, at = append(x, e), append(at, v)
		}
		if got := s.curvesInto(x, at); got != c.found {
			t.Errorf("%s from %v: %v", c.region, c.at, got)
		}
	}
}
