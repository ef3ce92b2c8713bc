package exact

import (
	"testing"

	"nabla/expr"
	"nabla/expr/simplify"
)

func constantsOf(t *testing.T, r *Ring, list ...string) []expr.Expr {
	t.Helper()
	var out []expr.Expr
	for _, s := range list {
		out = append(out, r.T.Tidy(expr.MustParse(s)))
	}
	return out
}

func TestRank(t *testing.T) {
	for _, c := range []struct {
		list []string
		rank int // -1: not of the form that is known
	}{
		{[]string{"1", "sqrt(2)"}, 2}, {[]string{"1", "3/7"}, 1}, {[]string{"sqrt(2)", "sqrt(8)"}, 1},
		{[]string{"1", "sqrt(2)", "1+sqrt(2)"}, 2}, {[]string{"1", "sqrt(2)", "sqrt(3)", "sqrt(6)"}, 4},
		{[]string{"1", "pi"}, 2}, {[]string{"pi", "sqrt(2)*pi", "1/pi"}, 3}, {[]string{"2^(1/3)", "16^(1/3)"}, 1},
		{[]string{"1", "e"}, 2}, {[]string{"e", "exp(2)", "sqrt(e)", "sqrt(2)*e", "exp(sqrt(2))"}, 5}, {[]string{"pi", "e*pi"}, 2},
		{[]string{"1", "log(2)", "log(3)", "sqrt(2)*log(3)"}, 4}, {[]string{"log(2)", "3*log(2)"}, 1}, {[]string{"1", "log(2)*log(3)"}, -1}, {[]string{"1", "log(2)^2"}, -1},
		{[]string{"pi", "e"}, -1}, {[]string{"1", "e", "log(2)"}, -1}, {[]string{"1", "pi*e"}, -1}, {[]string{"1", "exp(pi)"}, -1}, {[]string{"1", "exp(e)"}, -1}, {[]string{"log(2)", "log(4)"}, 1}, {[]string{"log(2)", "log(3)", "log(6)"}, 2},
		{[]string{"1", "sin(1)"}, -1}, {[]string{"sqrt(pi)"}, -1},
	} {
		r := NewRing(simplify.New(), "")
		rows, ok := r.Coordinates(constantsOf(t, r, c.list...))
		if ok != (c.rank >= 0) || ok && Rank(rows) != c.rank {
			t.Errorf("%v: %v %v, want %d", c.list, rows, ok, c.rank)
		}
	}
}

func TestIntegers(t *testing.T) {
	for _, c := range []struct {
		a, b, c string
		k1, k2  int64
		ok      bool
	}{
		{"1", "sqrt(2)", "3 - 2*sqrt(2)", 3, 2, true}, {"1", "sqrt(2)", "1/2", 0, 0, false},
		{"2*pi", "sqrt(2)*pi", "0", 0, 0, true}, {"2*pi", "sqrt(2)*pi", "pi/2 - sqrt(2)*pi/4", 0, 0, false},
		{"1", "sqrt(2)", "sqrt(3)", 0, 0, false}, {"pi", "1", "7*pi - 5", 7, 5, true},
	} {
		r := NewRing(simplify.New(), "")
		rows, ok := r.Coordinates(constantsOf(t, r, c.a, c.b, c.c))
		if !ok {
			t.Fatal(c)
		}
		k1, k2, ok := Integers(rows[0], rows[1], rows[2])
		if ok != c.ok || ok && (k1 != c.k1 || k2 != c.k2) {
			t.Errorf("%v: %d %d %v", c, k1, k2, ok)
		}
	}
}
