package global

import (
	"testing"
	"time"

	"nabla/expr"
	"nabla/expr/format"
)

// Angles, with values by hand: at the cut, x < 0 and y = 0, an angle is pi, and near -pi below it.
func TestAngles(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		f     string
		conds []string
		max   bool
		stat  Status
		value string
		at    string
	}{
		{"atan2(y, x) + x^2 + y^2", nil, false, NotAttained, "-pi", ""}, // near 0 from below the cut
		{"x^2 + y^2 - atan2(y, x)", nil, false, NotAttained, "-pi", ""}, // near 0 on the cut
		{"(x^2 + y^2 - 1)^2 - atan2(y, x)", nil, false, Exact, "-pi", "-1, 0"},
		{"(x^2 + y^2 - 1)^2 + atan2(y, x)", nil, false, NotAttained, "-pi", ""},
		{"(x^2 + y^2 - 1)^2 + atan2(y, x)", nil, true, Unbounded, "", ""},
		{"x*atan2(y, x) + x^2 + y^2", nil, false, Exact, "-pi^2/4", "-pi/2, 0"},
		{"hypot(x, y)*cos(3*atan2(y, x)) + (x^2 + y^2)^2", nil, false, Exact, "-3*2^(1/3)/8", ""},
		{"sqrt(x^2 + y^2) - cos(5*atan2(y, x))", nil, false, NotAttained, "-1", ""},
		{"atan2(x, y) + (x^2 + y^2 - 4)^2", nil, true, Unbounded, "", ""},
		{"atan2(y, x)", []string{"x^2 + y^2 <= 1"}, false, NotAttained, "-pi", ""},
		{"atan2(y, x) + z^2/(x^2 + y^2)", nil, false, NotAttained, "-pi", ""},
		{"atan2(y, x)^2 + (2*x^2 + 2*y^2 - 1)^2*z^2 + (z - 1)^2", nil, false, Exact, "0", ""},
		{"sqrt(x^2 + y^2 - 1) + atan2(y, x)^2", nil, false, Exact, "0", "1, 0"}, // inside the circle there is nothing
	} {
		p := Problem{F: expr.MustParse(c.f), Max: c.max}
		for _, text := range c.conds {
			p.SubjectTo = append(p.SubjectTo, condition(t, text))
		}
		p.Vars = p.F.Vars()
		a := solved(t, p, Options{Timeout: 2 * time.Second})
		at := ""
		for i, e := range a.ExactAt {
			if at += format.Text(e); i < len(a.ExactAt)-1 {
				at += ", "
			}
		}
		if a.Status != c.stat || c.value != "" && !sameConstant(a.ExactValue, expr.MustParse(c.value)) || c.at != "" && at != c.at {
			t.Errorf("%s under %v: %s %v at %s %v %v, want %s %s at %s", c.f, c.conds, a.Status, a.Value, at, a.Proof, a.Warnings, c.stat, c.value, c.at)
		}
	}
}
