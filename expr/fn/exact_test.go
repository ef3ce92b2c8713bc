package fn

import (
	"math/big"
	"math/rand/v2"
	"testing"

	"nabla/expr/interval/precise"
)

// exactFault returns what is wrong with the column Exact of f: at a rational argument it must lie in the enclosure at
// high precision, which is undefined where the function is, and the argument must stay as it was.
func exactFault(r *rand.Rand, f *Func) string {
	answers := 0
	for range 3000 {
		n := len(f.Args)
		if f.Variadic {
			n = 2 + r.IntN(3)
		}
		x, before, box := make([]*big.Rat, n), "", make([]precise.I, n)
		for i := range x {
			q := rationals[r.IntN(len(rationals))]
			switch r.IntN(3) {
			case 0:
				q = big.NewRat(int64(r.IntN(200)-60), 1)
			case 1:
				q = big.NewRat(int64(r.IntN(2001)-1000), 1<<r.IntN(6))
			}
			x[i] = new(big.Rat).Set(q)
			before += q.String() + " "
			box[i] = precise.FromRat(q, 400)
		}
		got := f.Exact(x)
		if got == nil {
			continue
		}
		answers++
		after := ""
		for _, q := range x {
			after += q.String() + " "
		}
		if after != before {
			return "changes its argument " + before
		}
		hull, known := f.Precise(box, 400)
		if at := precise.FromRat(got, 400); known && !(hull.Lo.Cmp(at.Hi) <= 0 && at.Lo.Cmp(hull.Hi) <= 0) {
			return "at " + before + "it is not " + got.String()
		}
	}
	if answers < 20 { // sides and diagonals with rational lengths are rare
		return "hardly ever answers"
	}
	return ""
}

// rationals are arguments at which functions have rational values.
var rationals = func() (list []*big.Rat) {
	for _, s := range []string{"0", "1", "-1", "1/2", "-1/2", "3/2", "-5/2", "8", "-27", "1/8", "1000", "1/1000", "64/27", "1024", "1e30", "1e-30", "2/3", "171", "172"} {
		q, ok := new(big.Rat).SetString(s)
		if !ok {
			panic(s)
		}
		list = append(list, q)
	}
	for k := range 40 {
		q := new(big.Rat).SetInt(new(big.Int).Lsh(big.NewInt(1), uint(k)))
		list = append(list, q, new(big.Rat).Inv(q))
	}
	for p, k := big.NewInt(1), 0; k < 25; k++ {
		p = new(big.Int).Mul(p, big.NewInt(10))
		list = append(list, new(big.Rat).SetInt(p), new(big.Rat).SetFrac(big.NewInt(1), p))
	}
	return list
}()

func TestExact(t *testing.T) {
	for _, f := range All() {
		if f.Exact != nil {
			if what := exactFault(rand.New(rand.NewPCG(3, 4)), f); what != "" {
				t.Errorf("%s: Exact %s", f.Name, what)
			}
		}
	}
}

// The test above notices a wrong value.
func TestExactFaultFindsFaults(t *testing.T) {
	for _, f := range All() {
		if f.Exact == nil {
			continue
		}
		g := *f
		g.Exact = func(x []*big.Rat) *big.Rat {
			v := f.Exact(x)
			if v == nil {
				return nil
			}
			return new(big.Rat).Add(v, big.NewRat(1, 1000000))
		}
		if exactFault(rand.New(rand.NewPCG(3, 4)), &g) == "" {
			t.Errorf("%s: a wrong Exact is not found", f.Name)
		}
	}
}

// Values that are known, and that are not to be answered.
func TestExactValues(t *testing.T) {
	for _, c := range []struct{ name, x, want string }{
		{"gamma", "1", "1"}, {"gamma", "5", "24"}, {"gamma", "0", ""}, {"gamma", "-1", ""}, {"gamma", "1/2", ""}, {"gamma", "172", ""},
		{"cbrt", "-8/27", "-2/3"}, {"cbrt", "2", ""}, {"log2", "1/8", "-3"}, {"log2", "1", "0"}, {"log2", "6", ""}, {"log2", "0", ""},
		{"log2", "-2", ""}, {"log10", "1000", "3"}, {"log10", "1/100", "-2"}, {"log10", "2/20", "-1"}, {"log10", "20", ""}, {"log10", "3/10", ""},
		{"round", "5/2", "3"}, {"round", "-5/2", "-3"}, {"ceil", "-1/2", "0"}, {"floor", "-1/2", "-1"}, {"relu", "-3", "0"},
	} {
		x, _ := new(big.Rat).SetString(c.x)
		got := ""
		if v := Lookup(c.name).Exact([]*big.Rat{x}); v != nil {
			got = v.RatString()
		}
		if got != c.want {
			t.Errorf("%s(%s) is %q, want %q", c.name, c.x, got, c.want)
		}
	}
	if v := Lookup("beta").Exact([]*big.Rat{big.NewRat(2, 1), big.NewRat(3, 1)}); v == nil || v.RatString() != "1/12" {
		t.Errorf("beta(2, 3) is %v", v)
	}
	if v := Lookup("hypot").Exact([]*big.Rat{big.NewRat(-3, 2), big.NewRat(2, 1)}); v == nil || v.RatString() != "5/2" {
		t.Errorf("hypot(-3/2, 2) is %v", v)
	}
	if v := Lookup("hypot").Exact([]*big.Rat{big.NewRat(1, 1), big.NewRat(1, 1)}); v != nil {
		t.Errorf("hypot(1, 1) is %v", v)
	}
	if v := Lookup("mod").Exact([]*big.Rat{big.NewRat(2, 1), new(big.Rat)}); v != nil {
		t.Errorf("mod(2, 0) is %v", v)
	}
}
