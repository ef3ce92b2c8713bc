package plot

import (
	"strings"
	"testing"
)

func TestTicks(t *testing.T) {
	for _, c := range []struct {
		a    Axis
		n    int
		want string
	}{
		{Axis{Min: -1, Max: 1}, 5, "−1 −0.5 0 0.5 1"},
		{Axis{Min: 0, Max: 10}, 5, "0 2 4 6 8 10"},
		{Axis{Min: 0, Max: 0.3}, 3, "0 0.1 0.2 0.3"},
		{Axis{Min: -1234, Max: 4321}, 6, "−1000 0 1000 2000 3000 4000"},
		{Axis{Min: 0, Max: 1e-28}, 2, "0 5×10⁻²⁹ 10⁻²⁸"},
		{Axis{Min: 0, Max: 3e6}, 3, "0 10⁶ 2×10⁶ 3×10⁶"},
		{Axis{Min: 99.99, Max: 100.01}, 4, "99.99 99.995 100 100.005 100.01"},
		{Axis{Min: 1e-3, Max: 1e3, Log: true}, 7, "0.001 0.01 0.1 1 10 100 1000"},
		{Axis{Min: 1e-30, Max: 1, Log: true}, 4, "10⁻³⁰ 10⁻²⁰ 10⁻¹⁰ 1"},
		{Axis{Min: 2, Max: 9, Log: true}, 4, "2 4 6 8"},
	} {
		var labels []string
		for _, k := range c.a.Ticks(c.n) {
			if k.Label != "" {
				labels = append(labels, k.Label)
			}
			if k.Value < c.a.Min*(1-1e-9)-1e-300 && c.a.Min > 0 || k.Value > c.a.Max*(1+1e-9) {
				t.Errorf("tick %g outside %v", k.Value, c.a)
			}
		}
		if got := strings.Join(labels, " "); got != c.want {
			t.Errorf("%v: %q, want %q", c.a, got, c.want)
		}
	}
}
