package verify

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"nabla/expr/interval"
	"nabla/optimize/global/certificate"
)

// A point at which all conditions hold and f is not above the claim, all of them just so, stays in a box that is narrowed, and no linear
// program says that it is not there.
func TestNarrowKeepsPoints(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	var formula func(depth int) string
	formula = func(depth int) string {
		if depth == 0 {
			return []string{"x", "y", "z", "2", "1/3", "x", "y"}[r.IntN(7)]
		}
		u, w := formula(depth-1), formula(r.IntN(depth))
		return fmt.Sprintf([]string{"(%s)+%s", "(%s)-(%s)", "(%s)*(%s)", "(%s)*(%s)", "(%s)/(2+(%s)^2)", "(%s)/(%s)", "(%s)^2+0*(%s)", "(%s)^3-(%s)",
			"exp(%s/4)+(%s)", "sin(%s)*(%s)", "sqrt(4+%s)*(%s)", "log(5+%s)-(%s)", "abs(%s)-(%s)", "max(%s,%s)", "if(%s>1,x*y,%s)", "floor(%s)+(%s)", "(4+(%s))^(1.5)+(%s)", "cosh(%s/3)*(%s)"}[r.IntN(18)], u, w)
	}
	tried, narrowed, more := 0, 0, 0
	for range 400 {
		vars := []string{"x", "y", "z"}
		box, at, bounds := make([]interval.I, 3), make([]interval.I, 3), make([][2]string, 3)
		for i := range box {
			lo, w := float64(r.IntN(7)-4), 0.5+2*r.Float64()
			box[i] = interval.New(lo, lo+w)
			at[i] = interval.Point(lo + w*[]float64{0, 1, r.Float64(), r.Float64()}[r.IntN(4)])
		}
		c := &certificate.Certificate{Variables: vars, Bounds: bounds, Formula: formula(3)}
		value := func(text string) (float64, bool) {
			v := newVerifier(&certificate.Certificate{Variables: vars, Formula: text}, &effort{})
			if v.read() != nil {
				return 0, false
			}
			v.eval(v.fm, v.prog, at)
			return v.out[0].Hi + 1e-9, v.dec[0] >= interval.Defined && v.out[0].Width() < 1e-9
		}
		least, ok := value(c.Formula)
		for range 2 {
			g := formula(3)
			top, known := value(g)
			ok = ok && known
			c.SubjectTo = append(c.SubjectTo, fmt.Sprintf("%s<=%g", g, top))
		}
		v := newVerifier(c, &effort{work: 1 << 40})
		if !ok || v.read() != nil {
			continue
		}
		v.least, v.web = least, v.newWeb()
		y := slices.Clone(box)
		if !v.narrow(y) || !at[0].In(y[0]) || !at[1].In(y[1]) || !at[2].In(y[2]) {
			t.Errorf("%s under %q in %v: %v leaves %v", c.Formula, c.SubjectTo, box, at, y)
		}
		before := slices.Clone(y)
		if v.noneByLines(y) || !at[0].In(y[0]) || !at[1].In(y[1]) || !at[2].In(y[2]) {
			t.Errorf("%s under %q in %v: there is %v, which a linear program denies", c.Formula, c.SubjectTo, box, at)
		}
		tried++
		if !slices.Equal(before, box) {
			narrowed++
		}
		if !slices.Equal(before, y) {
			more++
		}
	}
	if tried < 150 || narrowed < tried/2 || more < 10 {
		t.Errorf("%d boxes, %d of them narrowed, %d by linear programs", tried, narrowed, more)
	}
}

// What a check may spend is counted in operations, not in boxes: large formulas have few.
func TestWorkIsLimited(t *testing.T) {
	text := `{"schema":"nabla-certificate/1","variables":["x","y","z"],"formula":"(x-y^2)^2+(y-z^2)^2+sin(x*y*z)+cos(x-y)*z",
		"bounds":[["-5","5"],["-5","5"],["-5","5"]],"status":"certified","value":[50,50],"point":[0,0,0],"tree":[{}]}`
	few := fullEffort
	few.work = 10_000
	many, err1 := check(strings.NewReader(text), fullEffort)
	r, err2 := check(strings.NewReader(text), few)
	if err1 != nil || err2 != nil || r.Valid || many.Valid || r.Boxes*4 > many.Boxes {
		t.Errorf("%d boxes with little work, %d with much", r.Boxes, many.Boxes)
	}
}
