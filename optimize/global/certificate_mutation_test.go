package global

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"nabla/expr"
	"nabla/expr/tape"
	"nabla/optimize/global/certificate"
	"nabla/optimize/global/verify"
)

// mutationQuestions have proofs of every kind: formula, and bounds and conditions as
// problemOf reads them.
var mutationQuestions = []struct {
	formula, bounds string
	max             bool
}{
	// Exactly: rational functions, quadratic forms.
	{"x^4-3*x^2+x", "", false}, {"(x-1)^2*(x-2)^2", "", false}, {"2*x/(1+x^2)", "", true}, {"x^2-x*y+y^2-x", "", false}, {"x^3-3*x", "x=-2:2", false},
	// Boxes, ends and periods.
	{"x^2+sin(5*x)", "", false}, {"x*log(x)", "", false}, {"exp(x)-100*x", "", false}, {"abs(x-1)+abs(x-2)", "", false}, {"3*sin(x)+4*cos(x)", "", false},
	{"x-floor(x)", "", false}, {"x^x", "x=0:", false}, {"max(x,1/x)", "x=0:", false}, {"sin(x)/x", "", false},
	// Infima and falls.
	{"exp(x)", "", false}, {"atan(x)", "", false}, {"sqrt(x^2+1)-x", "", false}, {"1/(1+x^2)", "", false}, {"x^2+exp(y)", "", false},
	{"x^3", "", false}, {"x*sin(x)", "", false}, {"1/sin(x)", "", false}, {"log(log(x))", "", false}, {"x*y", "", false}, {"gamma(x)", "", false},
	// Several variables: boxes, growth, convexity, reductions.
	{"(1-x)^2+100*(y-x^2)^2", "", false}, {"(4-2.1*x^2+x^4/3)*x^2+x*y+(4*y^2-4)*y^2", "x=-3:3,y=-2:2", false}, {"x^4+y^4-4*x*y+sin(x*y)", "", false},
	{"exp(x+y)+exp(x-y)+exp(-x)", "", false}, {"x^2*y^2+(x*y-1)^2", "", false}, {"sin(x)*sin(y)", "", false}, {"x^4-x^2+y^4-y^2+3", "", false},
	{"exp(x)+y^2-2*x*y+x^2", "", false}, {"-x^2-cosh(y)", "", true}, {"(x*y-1)^2+x^2", "", false},
	// Sums of squares, means, quotients, directions.
	{"x^4*y^2+x^2*y^4-3*x^2*y^2+1", "", false}, {"x+y+1/(x*y)", "*=0:", false}, {"(x^2+y^2+2)/(x^2+1)", "", false}, {"exp(x+y)-x-y", "", false},
	{"x^4+y^4+x*y+z^2-z*x", "", false},
	// Conditions.
	{"x^2", "|x>1", false}, {"x^2", "|x^2>=4", false}, {"x", "|x^2<4", false}, {"x^2", "|x<-1 or x>2", false},
	{"(x-1)^2+(y-2)^2", "|x+y<=1", false}, {"x+y", "|x^2+y^2==2", false}, {"x^2*y", "*=0:|x+y==10", true}, {"x^2+y^2", "|x+y>=4;x^2+y^2<=1", false},
	{"x^2+y^2", "|x+y>1", false}, {"x+y", "*=0:|x*y==4", false},
	// Functions at their edges, and far out.
	{"asin(x-y)+x^2+y^2*x^2+y^4", "", false}, {"exp(-(y+1/2))/x+3*sqrt(x-2*y)+log(x)", "", false}, {"log1p(x^2)+x^2-W(x)", "", true}, {"atan(x)-erf(x)", "", true},
	// Nothing, and always the same.
	{"sqrt(x)+sqrt(-1-x)", "", false}, {"sin(x)^2+cos(x)^2", "", false},
}

// TestMutatedCertificates changes certificates at random: numbers, formulas, reasons,
// states, parts left out or exchanged. Those that are still confirmed must claim what is true,
// as far as the search knows the answer to the question that they then are about.
func TestMutatedCertificates(t *testing.T) {
	t.Parallel()
	rounds, seed := 6, uint64(1)
	if s := os.Getenv("NABLA_RANDOM"); s != "" {
		n, _ := strconv.Atoi(s)
		rounds, seed = n, uint64(n)
	}
	r := rand.New(rand.NewPCG(seed, 11))
	tried, confirmed, judged := 0, 0, 0
	answers := map[string]*Answer{}
	for _, q := range mutationQuestions {
		p := problemOf(t, q.formula, q.bounds)
		p.Max = q.max
		a, err := Solve(context.Background(), p, Options{Certificate: true})
		if err != nil || a.Certificate == nil {
			t.Errorf("%s %s: no certificate: %v %v", q.formula, q.bounds, a, err)
			continue
		}
		var b bytes.Buffer
		a.Certificate.WriteTo(&b)
		whole := b.Bytes()
		if report, err := verify.Check(context.Background(), bytes.NewReader(whole)); err != nil || !report.Valid {
			t.Errorf("%s %s: %v %+v", q.formula, q.bounds, err, report)
		}
		for range rounds {
			var tree any
			if err := json.Unmarshal(whole, &tree); err != nil {
				t.Fatal(err)
			}
			m := &mutator{r: r}
			for range 1 + r.IntN(2) {
				tree = m.mutate(tree)
			}
			text, _ := json.Marshal(tree)
			tried++
			report, err := verify.Check(context.Background(), bytes.NewReader(text))
			if err != nil || !report.Valid {
				continue
			}
			confirmed++
			c, err := certificate.Read(bytes.NewReader(text))
			if err != nil {
				t.Fatal(err)
			}
			why, known := refuteClaim(c, report.Tolerance, answers)
			if known {
				judged++
			}
			if why != "" {
				t.Errorf("%s %s: confirmed after %s, but %s\n%s\n%q", q.formula, q.bounds, strings.Join(m.done, "; "), why, text, report.Checked)
			}
		}
	}
	t.Logf("%d certificates, %d confirmed, %d of them judged", tried, confirmed, judged)
	if judged < tried/20 {
		t.Errorf("of %d certificates only %d were judged", tried, judged)
	}
}

// refuteClaim returns what is wrong with the claim of c, "" when it is right to within
// the tolerance or nothing is known; known says that the question was answered.
func refuteClaim(c *certificate.Certificate, tolerance float64, answers map[string]*Answer) (why string, known bool) {
	p, err := claimedProblem(c)
	if err != nil {
		return "", false
	}
	key := fmt.Sprint(c.Formula, c.Variables, c.Bounds, c.Open, c.SubjectTo, c.Maximise)
	a := answers[key]
	if a == nil {
		if a, err = Solve(context.Background(), p, Options{Timeout: 300 * time.Millisecond}); err != nil {
			return "", false
		}
		answers[key] = a
	}
	kind := map[Status]string{Exact: "least", Certified: "least", Constant: "least", NotAttained: "infimum", Unbounded: "none", EmptyDomain: "empty"}
	if kind[a.Status] == "" {
		return "", false
	}
	if kind[a.Status] != kind[c.Status] {
		return fmt.Sprintf("the answer is %s", a.Status), true
	}
	if a.Status == Unbounded || a.Status == EmptyDomain || a.Enclosure == nil {
		return "", true
	}
	if v := a.Enclosure.Value; float64(c.Value[0]) > v.Hi+2*tolerance || float64(c.Value[1]) < v.Lo-2*tolerance {
		return fmt.Sprintf("the value is %v", v), true
	}
	if c.Exact != "" {
		e, err := expr.Parse(c.Exact)
		if err != nil {
			return "the closed form cannot be read", true
		}
		if v, ok := tape.EncloseConstant(e); !ok || v.Disjoint(a.Enclosure.Value) {
			return fmt.Sprintf("the value is %v, and not %s", a.Enclosure.Value, c.Exact), true
		}
	}
	return "", true
}

// claimedProblem is the question that c claims to answer.
func claimedProblem(c *certificate.Certificate) (Problem, error) {
	f, err := expr.Reader{Conditions: true}.Expr(c.Formula)
	if err != nil {
		return Problem{}, err
	}
	p := Problem{F: f, Vars: c.Variables, Max: c.Maximise}
	for i, b := range c.Bounds {
		var ends [2]expr.Expr
		for side, text := range b {
			if text != "" {
				if ends[side], err = expr.Parse(text); err != nil {
					return p, err
				}
			}
		}
		open := [2]bool{}
		if i < len(c.Open) {
			open = c.Open[i]
		}
		p.Bounds = append(p.Bounds, Bound{Lo: ends[0], Hi: ends[1], LoOpen: open[0], HiOpen: open[1]})
	}
	for _, text := range c.SubjectTo {
		e, err := expr.Reader{Conditions: true}.Expr(text)
		if err != nil {
			return p, err
		}
		p.SubjectTo = append(p.SubjectTo, e)
	}
	return p, nil
}

// A mutator changes a JSON value in one place.
type mutator struct {
	r    *rand.Rand
	done []string // what was changed
}

// A place is a value inside of another, and how to put another in its place.
type place struct {
	path string
	v    any
	set  func(any)
	drop func() // nil where it cannot be left out
}

// places lists the values inside of v.
func places(path string, v any, set func(any)) []place {
	out := []place{{path: path, v: v, set: set}}
	switch v := v.(type) {
	case map[string]any:
		keys := []string{}
		for k := range v {
			if k != "schema" && k != "proof" && k != "method" && k != "stationary" && k != "approached" {
				keys = append(keys, k)
			}
		}
		slices.Sort(keys)
		for _, k := range keys {
			in := places(path+"."+k, v[k], func(x any) { v[k] = x })
			in[0].drop = func() { delete(v, k) }
			out = append(out, in...)
		}
	case []any:
		for i := range v {
			in := places(fmt.Sprintf("%s[%d]", path, i), v[i], func(x any) { v[i] = x })
			in[0].drop = func() { set(slices.Delete(slices.Clone(v), i, i+1)) }
			out = append(out, in...)
		}
	}
	return out
}

func (m *mutator) mutate(tree any) any {
	all := places("", tree, func(x any) { tree = x })
	p := all[1+m.r.IntN(len(all)-1)]
	for p.path == "" || strings.HasPrefix(p.path, ".tree") && m.r.IntN(4) > 0 {
		p = all[1+m.r.IntN(len(all)-1)]
	}
	note := func(x any) {
		m.done = append(m.done, fmt.Sprintf("%s: %.60v -> %.60v", p.path, p.v, x))
		p.set(x)
	}
	if p.drop != nil && m.r.IntN(6) == 0 {
		m.done = append(m.done, p.path+" left out")
		p.drop()
		return tree
	}
	if m.r.IntN(8) == 0 { // the value from another place, which may hold this one
		var other any
		text, _ := json.Marshal(all[m.r.IntN(len(all))].v)
		json.Unmarshal(text, &other)
		note(other)
		return tree
	}
	switch v := p.v.(type) {
	case float64:
		note([]float64{-v, 0, v + 1, v * 1.001, v + 1e-3, v - 1e-3, v + 1e-7, v / 2, 2 * v, math.Round(v)}[m.r.IntN(10)])
	case bool:
		note(!v)
	case string:
		note(m.text(p.path, v))
	case []any:
		if len(v) > 1 {
			w := slices.Clone(v)
			i, j := m.r.IntN(len(w)), m.r.IntN(len(w))
			w[i], w[j] = w[j], w[i]
			note(w)
		}
	}
	return tree
}

// text changes a word or formula.
func (m *mutator) text(path, s string) string {
	if strings.HasSuffix(path, "status") {
		all := []Status{Exact, Certified, Constant, NotAttained, Unbounded, EmptyDomain}
		return string(all[m.r.IntN(len(all))])
	}
	if strings.HasSuffix(path, "kind") {
		return []string{certificate.Sum, certificate.Cases, certificate.Projected, certificate.Period, certificate.Product, certificate.Centre}[m.r.IntN(6)]
	}
	if s == "inf" || s == "-inf" || s == "" {
		return []string{"inf", "-inf", "0", "1", ""}[m.r.IntN(5)]
	}
	switch m.r.IntN(6) {
	case 0:
		return "-(" + s + ")"
	case 1:
		return "(" + s + ") + " + []string{"1/1000", "1/10^11", "1", "pi"}[m.r.IntN(4)]
	case 2:
		return []string{"0", "1", "t", "-t", "1/t", "pi", "x", "y"}[m.r.IntN(8)]
	case 3:
		for _, to := range [][2]string{{"<=", ">="}, {">=", "<="}, {">", "<"}, {"==", "<="}, {"+", "-"}, {"-", "+"}, {"x", "y"}, {"sin", "cos"}, {"^2", "^3"}} {
			if i := strings.Index(s, to[0]); i >= 0 && m.r.IntN(2) == 0 {
				return s[:i] + to[1] + s[i+len(to[0]):]
			}
		}
	}
	// A digit becomes another.
	digits := []int{}
	for i, c := range s {
		if '0' <= c && c <= '9' {
			digits = append(digits, i)
		}
	}
	if len(digits) == 0 {
		return "2*(" + s + ")"
	}
	i := digits[m.r.IntN(len(digits))]
	return s[:i] + strconv.Itoa(m.r.IntN(10)) + s[i+1:]
}
