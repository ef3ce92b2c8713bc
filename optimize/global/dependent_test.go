package global

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

// More linear forms than are independent, which can have values together at which all terms are least, or cannot.
func TestDependentForms(t *testing.T) {
	// t² + 4 cos t is least at ±t0.
	const t0, least = 1.8954942670339809, 2.3168084197882135
	sum := func(forms ...string) string {
		var terms []string
		for _, u := range forms {
			terms = append(terms, fmt.Sprintf("(%s)^2 + 4*cos(%[1]s)", u))
		}
		return strings.Join(terms, " + ")
	}
	for _, c := range []struct {
		f      string
		method bool
		value  float64
	}{
		{sum("x+y", "y+z", "z+w", "x+w"), true, 4 * least},                              // the sum of the first and the third is that of the others
		{sum("x", "y", "z", "x+y+z"), true, 4 * least},                                  // t0, t0, -t0 and t0
		{sum("x", "y", "z", "x+y+z") + " + 3", true, 4*least + 3},                       // and a constant
		{sum("x+y", "y+z", "z-x"), false, math.NaN()},                                   // two of them have a sum of 0 or ±2 t0, not ±t0
		{"((x-y)^2-1)^2 + (exp((y-z)^2)-exp(4))^2 + ((x-z)^2-9)^2", false, 0},           // 1 + 2 = 3
		{sum("x+y", "y+z", "z+w", "x+w") + " + (x+y-z-w)*(x+y+z+w)", false, math.NaN()}, // a term of two forms
	} {
		p := problemOf(t, c.f, "")
		a := solved(t, p, Options{})
		if got := strings.Contains(strings.Join(a.Proof, " "), "at which the forms have them"); got != c.method {
			t.Errorf("%s: %s, proof %q", c.f, a.Status, a.Proof)
		}
		if !math.IsNaN(c.value) && (a.Status != Certified && a.Status != Exact || !(math.Abs(a.Value-c.value) <= 1e-9*math.Max(1, c.value))) {
			t.Errorf("%s: %s %v, want %v", c.f, a.Status, a.Value, c.value)
		}
		consistent(t, c.f, p, a)
	}
}
