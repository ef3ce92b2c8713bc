package verify

import (
	"slices"
	"strings"
	"testing"

	"nabla/expr"
	"nabla/expr/number"
	"nabla/optimize/global/certificate"
)

// ofOne reads a certificate of a formula in x, with bounds such as ",5".
func ofOne(t *testing.T, f, bounds, low string) *verifier {
	t.Helper()
	left := fullEffort
	c := &certificate.Certificate{Formula: f, Variables: []string{"x"}, Exact: low}
	if lo, hi, ok := strings.Cut(bounds, ","); ok {
		c.Bounds = [][2]string{{lo, hi}}
	}
	v := newVerifier(c, &left)
	if err := v.read(); err != nil {
		t.Fatal(f, err)
	}
	return v
}

// Formulas come near the least value of what they are as functions of phases, if these are independent and grow without bound, and the formula is defined there;
// and do not have it, if the phases are nowhere those at which that is taken.
func TestPhases(t *testing.T) {
	const none, near, strict = 0, 1, 2
	for _, c := range []struct {
		f, bounds, low string
		want           int
	}{
		{"sin(x^2) + cos(x^3)", "", "-2", strict},
		{"sin(x^2) + cos(x^3)", ",5", "-2", strict},
		{"sin(x^2) + cos(x^3)", "-5,5", "-2", none},
		{"sin(x^2) + cos(x^3)", "", "-2 + 1/10^9", none},
		{"sin(x^2) + cos(x^3) + 0*sqrt(9 - x^2)", "", "-2", none},
		{"sin(x^2) + cos(x^3)*sqrt(sin(x))/sqrt(sin(x))", "", "-2", none}, // half of all phases of sin(x)
		{"sin(1/x) + cos(1/x^2)", "", "-2", strict},
		{"sin(x)^2 + cos(log(abs(x)))", "", "-1", strict},
		{"cos(sqrt(2)*x) + cos(x) + sin(x^2)", "", "-3", strict},
		{"sin(x)*cos(2*x) + sin(x^2)", "", "-2", strict},
		{"sin(exp(x)) + cos(exp(x) + x)", "", "-2", strict},
		{"cos(exp(x)) + cos(x)", "", "-2", strict},
		{"cos(exp(x/2)) + cos(sqrt(x))", "", "-2", near},
		{"sin(x) + cos(x^2) + 1/(1 + x^2)", "", "-2", near},
		{"sin(x) + tanh(x)*cos(x^2)", "0,", "-2", near},
		{"sin(x) + x*cos(x^2)", "", "-2", none},
		// dependent phases
		{"cos(x) + cos(2*x)", "", "-2", none},
		{"cos(x^2) + cos(2*x^2)", "", "-2", none},
		{"cos(x) + cos(pi*x) + cos((1 + pi)*x)", "", "-3", none},
		{"cos(x) + cos(x^2) + cos(x + x^2)", "", "-3", none},
		{"cos(x) + cos(x^2) - cos(x + x^2)", "", "-3", strict},
		{"cos(log(x)) - cos(log(x + 1))", "", "-2", none},
		{"cos(x) - cos(sqrt(x^2 + 1))", "", "-2", none},
		{"cos(x) - cos(x + sin(1/x))", "", "-2", none},
		{"cos(x) - cos(x + 2*pi)", "", "-2", none},
		{"cos(x) + cos(sqrt(2)*x) + cos(sqrt(8)*x)", "", "-3", none},
		{"cos(x) - cos(x*sqrt(3 + 2*sqrt(2)) - x*sqrt(2))", "", "-2", none},
		{"cos(floor(x)) + cos(x^2)", "", "-2", none},
		// with points at which the phases are those of a minimiser
		{"-cos(x) - cos(x^2)", "", "-2", near},
		{"-cos(x) - cos(1/x)", "", "-2", strict},
		{"-cos(2*pi*x) - cos(log(x))", "", "-2", near},
		{"-cos(2*pi*x) + cos(log(x))", "", "-2", strict},
		{"cos(pi*x) + cos(pi*x^2)", "", "-2", near},
		{"cos(pi*x) + cos(x^2)", "", "-2", strict},
		{"cos(pi*x)^2 + sin(sqrt(2)*x)", "", "-1", strict},
		{"cos(x^2)^2 + cos(x^2 + x)", "", "-1", strict},
		{"-cos(x^2) - cos(x^2 + x)", "", "-2", near},
		{"-cos(pi*x) - cos(x^3 - x)", "", "-2", near},
		{"cos(x) + cos(x^3 - x)", "", "-2", strict},
		{"-cos(x) + cos(x^3 - x)", "", "-2", strict},
		{"cos(pi*exp(x)) - cos(x)", "", "-2", near},
		{"-cos(x) - cos(sqrt(2)*x) - cos(x^2)", "", "-3", near},
		{"-cos(x) - cos(1/x^2)*0 - cos(x^2)", "", "-2", near},
		{"-cos(x) - cos(sqrt(2)*x)*0 - cos(x^2)", "", "-2", near},
		{"2*cos(1/x^2) - cos(sqrt(x))", "", "-3", strict},
		{"abs(sin(x^2)) - sin(x^3)", "", "-1", strict},
		{"abs(sin(x^2)) - cos(x^3)", "", "-1", near},
		{"cos(sqrt(2)*x)^2 + sin(x^2 + x)", "", "-1", strict},
	} {
		v := ofOne(t, c.f, c.bounds, c.low)
		v.claim()
		got := none
		if r := v.byPhases(true); r.strict {
			got = strict
		} else if r.near {
			got = near
		}
		if got != c.want {
			t.Errorf("%s, above %s: %d, not %d", c.f, c.low, got, c.want)
		}
	}
}

// Formulas fall without end where the function that outgrows the others has a negative multiple for some phases.
func TestFallsWithPhases(t *testing.T) {
	for _, c := range []struct {
		f, bounds string
		ok        bool
	}{
		{"x*sin(x)*cos(x^2)", "", true}, {"x*sin(x)*cos(x^2)", "0,", true}, {"x*sin(x)*cos(x^2)", "-9,9", false},
		{"x*sin(x)^2*cos(x^2)^2", "0,", false}, {"x*sin(x)^2*cos(x^2)^2", "", true},
		{"x*(2 + sin(x)*cos(x^2))", "0,", false}, {"x*(2 + sin(x)*cos(x^2))", "", true}, {"log(x)*cos(x) + x^2", "", false},
		{"x*cos(x^2) + x^2", "", false}, {"x^2*cos(x)*cos(x^2) - x^3", "0,", true}, {"log(x)*sin(x)*cos(x^3) + 5", "", true},
		{"x*sqrt(sin(x))*sqrt(cos(x^2))", "0,", false}, {"-x*sqrt(sin(x))*sqrt(cos(x^2))", "0,", true},
		{"x*(cos(2*x) - 2*cos(x)^2 + 3/2)", "0,", false}, {"x*(cos(x) + cos(x + pi)) + sin(x^2)", "0,", false},
		{"x*sin(x)*sin(x^2)*sqrt(4 - x^2)", "", false}, {"sin(1/x)*cos(1/x^2)/x", "", true}, {"sin(1/x)*cos(1/x^2)*x", "-1,1", false},
		{"sin(2^x)*(sqrt(x) - 2*x)", "", true}, {"x*cos(x)*cos(x + sin(x))", "", false}, {"x/(2 + sin(x)*cos(x^2))", "0,", false},
		{"x/sin(x) + 0*cos(x^2)", "0,", true}, {"exp(x)*cos(x^2)*(cos(x)-1)^2", "", true}, {"x*abs(cos(x)*cos(x^2))", "0,", false},
	} {
		if v := ofOne(t, c.f, c.bounds, ""); v.fallsWithPhases() != c.ok {
			t.Errorf("%s between %s: %v", c.f, c.bounds, !c.ok)
		}
	}
}

// A row is the combination of the basis that is found, or of no combination.
func TestCombination(t *testing.T) {
	row := func(list ...int64) (out []number.Number) {
		for _, n := range list {
			out = append(out, number.Int(n))
		}
		return out
	}
	basis := [][]number.Number{row(0, 2, 1), row(3, 0, 1)}
	for _, c := range []struct{ row, part []number.Number }{
		{row(3, 4, 3), row(2, 1)}, {row(0, 0, 0), row(0, 0)}, {row(1, 0, 0), nil}, {row(3, 2, 1), nil},
	} {
		if got, ok := combination(basis, c.row); ok != (c.part != nil) || ok && !slices.Equal(got, c.part) {
			t.Errorf("%v: %v", c.row, got)
		}
	}
	if _, ok := combination(nil, row(0)); !ok {
		t.Error("0 is no combination of nothing")
	}
}

// Phases that are read are those of the formula: in their places, they give it back.
func TestPhasesGiveFormula(t *testing.T) {
	for _, f := range []string{"sin(2*x + 1)*cos(3*x)", "sin(x^2 + x) + cos(x^2)^2 - sin(x)", "cos(x/3)*sin(x/2 + 1)", "sin(exp(x) + x)/(2 + cos(exp(x)))", "x*sin(sqrt(2)*x + x) + cos(x)*exp(cos(sqrt(2)*x/3))"} {
		v := ofOne(t, f, "", "")
		o, ok := v.phasesAlong([]expr.Expr{expr.MustParse("t")})
		if !ok {
			t.Error(f)
			continue
		}
		with := map[string]expr.Expr{}
		for i, name := range o.names {
			pool := expr.NewPool()
			with[name] = pool.Make(expr.Div, pool.Import(o.angles[i]), pool.Num(o.turns[i]))
		}
		if !equal(substitute(o.onLine, with), v.f) {
			t.Errorf("%s is not %s with %v", f, o.onLine, with)
		}
	}
}

// Claims on formulas that oscillate are confirmed if they are true, and with another value, status or region they are not.
func TestPhasesOfCertificates(t *testing.T) {
	for _, c := range []struct {
		text string
		ok   bool
	}{
		{`"formula":"sin(x^2)+cos(x^3)","status":"not-attained","value":[-2,-2],"exact":"-2"`, true},
		{`"formula":"sin(x^2)+cos(x^3)","maximise":true,"status":"not-attained","value":[2,2],"exact":"2"`, true},
		{`"formula":"sin(x^2)-cos(x^3)","maximise":true,"status":"not-attained","value":[2,2],"exact":"2"`, true},
		{`"formula":"cos(x^2)+cos(x^3)","maximise":true,"status":"not-attained","value":[2,2],"exact":"2"`, false},
		{`"formula":"sin(x^2)+cos(x^3)","status":"not-attained","value":[-2.000000001,-2.000000001],"exact":"-2-1/10^9"`, false},
		{`"formula":"sin(x^2)+cos(x^3)","bounds":[["-9","9"]],"status":"not-attained","value":[-2,-2],"exact":"-2"`, false},
		{`"formula":"sin(x)^2*cos(2*x^2)^2-cos(x)","status":"not-attained","value":[-1,-1],"exact":"-1"`, false},
		{`"formula":"-cos(x)-cos(x^2)","status":"not-attained","value":[-2,-2],"exact":"-2"`, false},
		{`"formula":"-cos(2*pi*x)-cos(log(x))","status":"not-attained","value":[-2,-2],"exact":"-2","breaks":["1"]`, false},
		{`"formula":"x*sin(x)*cos(x^2)","status":"unbounded","value":["-inf","inf"]`, true},
		{`"formula":"x*sin(x)^2*cos(x^2)^2","bounds":[["0",""]],"status":"unbounded","value":["-inf","inf"]`, false},
		{`"formula":"cos(x^2)+sin(1/x^2)","status":"not-attained","value":[-1,-1],"exact":"-1"`, true},
		{`"formula":"abs(sin(x))-cos(1/x)","status":"not-attained","value":[-1,-1],"exact":"-1"`, true},
		{`"formula":"abs(sin(pi*x))+cos(pi/x)","status":"not-attained","value":[-1,-1],"exact":"-1"`, false},
		{`"formula":"sin(log(x))+x","status":"not-attained","value":[-1,-1],"exact":"-1","breaks":["0"]`, true},
		{`"formula":"exp(x^2/x)+exp(-x)","status":"not-attained","value":[2,2],"exact":"2"`, true},
		{`"formula":"x^2*(x-1)^2*exp(x/x)","status":"not-attained","value":[0,0],"exact":"0"`, false},
		{`"formula":"x^2*(x-1)^2*exp(x/x)","status":"not-attained","value":[0,0],"exact":"0","breaks":["1"]`, false},
		{`"formula":"log(x-x)","status":"empty"`, true},
		{`"formula":"sin(x)/(x-x)","status":"empty"`, true},
		{`"formula":"sqrt(-1-x^2)","status":"empty"`, true},
		{`"formula":"if(x>0,x,log(x-x))","status":"empty"`, false},
		{`"formula":"sqrt(-x^2)","status":"empty"`, false},
		{`"formula":"(x-x-2)^x","status":"empty"`, false},
	} {
		r, err := check(strings.NewReader(`{"schema":"nabla-certificate/1","variables":["x"],`+c.text+"}"), effort{boxes: 20_000, evals: 20_000, parts: 20, work: 5_000_000})
		if err != nil || r.Valid != c.ok {
			t.Errorf("%s: %v %v %q %q", c.text, err, r.Valid, r.Checked, r.Unchecked)
		}
	}
}
