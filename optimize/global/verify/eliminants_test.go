package verify

import (
	"context"
	"math"
	"math/big"
	"strings"
	"testing"
	"time"

	"nabla/optimize/global/certificate"
)

// A list of stationary points of several variables is confirmed where eliminants show that it is complete, and where each point is
// one.
func TestStationaryPoints(t *testing.T) {
	const folium = `"variables":["x","y"],"formula":"x^3+y^3-3*x*y"`
	good := `"eliminants":[{"polynomial":"x^4-x","cofactors":["x^2/3+y/3","1/3"]},{"polynomial":"y^4-y","cofactors":["1/3","y^2/3+x/3"]}]`
	both := `"stationary_points":[{"at":[0,0],"exact":["0","0"]},{"at":[1,1],"exact":["1","1"]}]`
	for _, c := range []struct {
		name, question, points, eliminants string
		want                               bool
	}{
		{"as it is", folium, both, good, true},
		{"in digits beside the zeros", `"variables":["x","y"],"formula":"x^3+y^3-6*x*y"`, `"stationary_points":[{"at":[1e-12,0]},{"at":[1.9999999999999,2]}]`,
			`"eliminants":[{"polynomial":"x^4-8*x","cofactors":["x^2/3+2*y/3","4/3"]},{"polynomial":"y^4-8*y","cofactors":["4/3","y^2/3+2*x/3"]}]`, true},
		{"in digits", folium, `"stationary_points":[{"at":[0,0]},{"at":[1,1]}]`, good, true},
		{"of the negative", folium + `,"maximise":true`, both, good, true},
		{"one point is left out", folium, `"stationary_points":[{"at":[1,1]}]`, good, false},
		{"one point is no stationary one", folium, `"stationary_points":[{"at":[0,0]},{"at":[1,0]},{"at":[1,1]}]`, good, false},
		{"one point is there twice", folium, `"stationary_points":[{"at":[0,0]},{"at":[0,1e-9]},{"at":[1,1]}]`, good, false},
		{"one point is there twice in place of another", folium, `"stationary_points":[{"at":[0,0]},{"at":[0,1e-9]}]`, good, false},
		{"a closed form that is only near", folium, `"stationary_points":[{"at":[0,0]},{"at":[1,1],"exact":["1","1+1/10^9"]}]`, good, false},
		{"a variable without an eliminant", folium, both, `"eliminants":[{"polynomial":"x^4-x","cofactors":["x^2/3+y/3","1/3"]}]`, false},
		{"a false cofactor", folium, both, strings.Replace(good, `"1/3","y^2/3`, `"1/3","y^2/2`, 1), false},
		{"an eliminant that is 0", folium, both, `"eliminants":[{"polynomial":"0","cofactors":["0","0"]},{"polynomial":"0","cofactors":["0","0"]}]`, false},
		{"a cofactor that is not defined everywhere", folium, `"stationary_points":[{"at":[1,1]}]`,
			`"eliminants":[{"polynomial":"x^3-1","cofactors":["(x^2/3+y/3)/x","1/(3*x)"]},{"polynomial":"y^4-y","cofactors":["1/3","y^2/3+x/3"]}]`, false},
		{"no points, as a cofactor says that is not defined at any", folium, `"stationary_points":[]`,
			`"eliminants":[{"polynomial":"1","cofactors":["1/(3*x^2-3*y)","0"]}]`, false},
		{"the gradient has no zeros", `"variables":["x","y"],"formula":"x*exp(y)"`, `"stationary_points":[]`, `"eliminants":[{"polynomial":"1","cofactors":["1/exp(y)","0"]}]`, true},
		{"at a step, where the formula of the gradient is 0 and the function has none", `"variables":["x","y"],"formula":"x^2+y^2+floor(x)"`, `"stationary_points":[{"at":[0,0]}]`,
			`"eliminants":[{"polynomial":"x","cofactors":["1/2","0"]},{"polynomial":"y","cofactors":["0","1/2"]}]`, false},
		{"in a box, of which the list says nothing", folium + `,"bounds":[["-2","2"],["-2","2"]]`, both, good, false},
	} {
		r, err := check(strings.NewReader(`{"schema":"nabla-certificate/1",`+c.question+`,"status":"unbounded","stationary_complete":true,`+c.points+`,`+c.eliminants+`}`),
			effort{ctx: context.Background(), boxes: 50_000, evals: 20_000, parts: 2, work: 50_000_000})
		if err != nil || r.Stationary != c.want {
			t.Errorf("%s: %+v %v", c.name, r, err)
		}
	}
}

// Each root is in one of the intervals, which are narrow.
func TestIsolated(t *testing.T) {
	for _, c := range []struct {
		p     []int64
		roots []float64
	}{
		{[]int64{-2, 0, 1}, []float64{-math.Sqrt2, math.Sqrt2}},
		{[]int64{0, 0, 0, 1}, []float64{0}},
		{[]int64{1, 0, 1}, nil},
		{[]int64{0, -1, 0, 0, 1}, []float64{0, 1}},
		{[]int64{-1, 1000001, -1000000}, []float64{1e-6, 1}},
		{[]int64{-1, 0, 1 << 60}, []float64{-1. / (1 << 30), 1. / (1 << 30)}},
	} {
		var p dense
		for _, a := range c.p {
			p = append(p, big.NewInt(a))
		}
		got, ok := p.isolated(func() bool { return false })
		if !ok || len(got) != len(c.roots) {
			t.Errorf("%v: %v %v", c.p, got, ok)
			continue
		}
		for i, x := range got {
			if x.Lo > c.roots[i] || x.Hi < c.roots[i] || x.Width() > 1e-15*x.Mag() {
				t.Errorf("%v: %v, want %g", c.p, x, c.roots[i])
			}
		}
	}
}

// The closed form of a value that boxes enclose is confirmed where the list of stationary points shows that no other has one so low.
func TestLowestStationary(t *testing.T) {
	// The derivative by x is 12 x (x + 1) (x - 1 - 1/10^11).
	const f = `"variables":["x","y"],"formula":"3*x^4-4/10^11*x^3-6*(1+1/10^11)*x^2+y^2","stationary_complete":true,
		"stationary_points":[{"at":[0,0],"exact":["0","0"]},{"at":[-1,0],"exact":["-1","0"]},{"at":[1,0],"exact":["1+1/10^11","0"]}],
		"eliminants":[{"polynomial":"12*x*(x+1)*(x-1-1/10^11)","cofactors":["1","0"]},{"polynomial":"2*y","cofactors":["0","1"]}]`
	for _, c := range []struct {
		name, claim string
		want        bool
	}{
		{"the least value", `"value":[-3,-3],"exact":"-(1+1/10^11)^3*(3+1/10^11)","exact_point":["1+1/10^11","0"]`, true},
		{"one that is greater by less than the tolerance", `"value":[-3,-3],"exact":"-3-2/10^11","exact_point":["-1","0"]`, false},
	} {
		v := checked(t, `{"schema":"nabla-certificate/1",`+f+`,"status":"exact",`+c.claim+`}`)
		if v.taken = v.point(v.high); !v.taken {
			t.Errorf("%s: %+v", c.name, v.report)
		}
		if got := v.lowestStationary(); got != c.want {
			t.Errorf("%s: %v, want %v: %+v", c.name, got, c.want, v.report)
		}
	}
}

// checked reads a certificate and its claim.
func checked(t *testing.T, text string) *verifier {
	c, err := certificate.Read(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	v := newVerifier(c, &effort{ctx: context.Background(), boxes: 50_000, evals: 20_000, parts: 2, work: 50_000_000})
	if err := v.read(); err != nil {
		t.Fatal(err)
	}
	v.claim()
	return v
}

// A long search for zeros of eliminants ends with the time.
func TestEliminantsInTime(t *testing.T) {
	p := strings.Repeat("(", 120) + "x"
	for range 120 {
		p += "*x-x/3+1/7)"
	}
	q := strings.ReplaceAll(p, "x", "y")
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	begun := time.Now()
	r, err := Check(ctx, strings.NewReader(`{"schema":"nabla-certificate/1","variables":["x","y"],"formula":"x^2+y^2","status":"unbounded","stationary_complete":true,
		"stationary_points":[{"at":[0,0]}],"eliminants":[{"polynomial":"x*`+p+`","cofactors":["`+p+`/2","0"]},{"polynomial":"y*`+q+`","cofactors":["0","`+q+`/2"]}]}`))
	if took := time.Since(begun); err != nil || took > 3*time.Second {
		t.Errorf("%v: %+v %v", took, r, err)
	}
}

// What a function grows with is its argument, not a factor that is one of its values.
func TestConfineWithConstantFactor(t *testing.T) {
	r, err := Check(context.Background(), strings.NewReader(`{"schema":"nabla-certificate/1","variables":["x","y"],"formula":"x*y+exp(-1)*exp((x^2+y^2)/2)",
		"status":"certified","value":[-1e-9,1e-9],"point":[1,-1]}`))
	if err != nil || !r.Valid {
		t.Errorf("%+v %v", r, err)
	}
}
