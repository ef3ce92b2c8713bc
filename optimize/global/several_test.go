package global

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"nabla/expr"
	"nabla/optimize/global/certificate"
	"nabla/optimize/global/internal/model"
	"nabla/optimize/global/verify"
)

// eachLine calls f for the lines of a file of the outside cases.
func eachLine(t *testing.T, name string, f func(line []byte)) {
	t.Helper()
	dir := os.Getenv("NABLA_CASES")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "testdata")
	}
	file, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		if _, gone := os.Stat(dir); gone != nil {
			t.Skip("the outside cases are not here")
		}
		t.Fatal(err)
	}
	defer file.Close()
	sc := bufio.NewScanner(file)
	sc.Buffer(nil, 1<<24)
	for sc.Scan() {
		f(sc.Bytes())
	}
	if err := sc.Err(); err != nil {
		t.Fatal(err)
	}
}

func condition(t testing.TB, text string) expr.Expr {
	t.Helper()
	e, err := expr.Reader{Conditions: true}.Expr(text)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// solved answers p, which is well formed.
func solved(t testing.TB, p Problem, o Options) *Answer {
	t.Helper()
	a, err := Solve(context.Background(), p, o)
	if err != nil {
		t.Fatalf("%v: %v", p.F, err)
	}
	return a
}

// problemOf reads a formula with bounds such as "x=-5:5,y=0:" and conditions
// after "|".
func problemOf(t testing.TB, formula, bounds string) Problem {
	t.Helper()
	p := Problem{F: expr.MustParse(formula)}
	p.Vars = p.F.Vars()
	bounds, conditions, some := strings.Cut(bounds, "|")
	if some {
		for _, c := range strings.Split(conditions, ";") {
			e := condition(t, c)
			p.SubjectTo = append(p.SubjectTo, e)
			for _, x := range e.Vars() {
				if !slices.Contains(p.Vars, x) {
					p.Vars = append(p.Vars, x)
				}
			}
		}
	}
	if bounds = strings.TrimSpace(bounds); bounds != "" {
		p.Bounds = make([]Bound, len(p.Vars))
		for _, b := range strings.Split(bounds, ",") {
			name, ends, _ := strings.Cut(b, "=")
			lo, hi, _ := strings.Cut(ends, ":")
			for i, v := range p.Vars {
				if v != name && name != "*" {
					continue
				}
				if lo != "" {
					p.Bounds[i].Lo = expr.MustParse(lo)
				}
				if hi != "" {
					p.Bounds[i].Hi = expr.MustParse(hi)
				}
			}
		}
	}
	return p
}

// Traps: formulas at which something goes wrong easily. value is checked to 1e-6;
// statuses lists those that are right, best first.
var traps = []struct {
	formula, bounds string
	max             bool
	statuses        string
	value           float64
}{
	// Needles, plateaus, steep and flat.
	{"x^2 + y^2 - 10*exp(-1e6*((x-3)^2 + y^2))", "*=-10:10", false, "certified exact", -1.0000},
	{"(x^2 + y^2)^4", "", false, "exact", 0},
	{"1e8 + (x-1)^2 + (y-2)^2", "", false, "exact", 1e8},
	{"max(0, x^2 + y^2 - 1)", "*=-5:5", false, "exact certified", 0},
	{"abs(x) + abs(y)", "", false, "exact", 0},
	{"abs(x - 1) + max(x, y) + y^2", "*=-5:5", false, "certified exact local", 1},
	{"(x^2 + y - 11)^2 + (x*y - 7)^2 + 3", "", false, "certified exact", 3},
	{"1e-12*(x-1)^2 + 1e12*(y-x)^2", "", false, "exact", 0},
	// What is below the greatest of several is not so in terms that fall with it.
	{"max(x^2+y^2, 3x^2+2y^2-1) + 0.5(x^2+y^2)^2 - 0.1*max(x^2+y^2, 3x^2+2y^2-1)^2*exp(-(x-300)^2-y^2)", "", false, "local certified", -3.2399e9},
	// The boundary and corners.
	{"-x*y", "*=0:1", false, "certified exact", -1},
	{"x*y", "*=-1:1", false, "certified exact", -1},
	{"x + y", "x=1:2,y=3:pi", false, "certified exact", 4},
	{"x^2 + y^2", "x=1:", false, "exact certified", 1},
	{"-log(x) - log(y)", "*=1:1e12", false, "certified exact", -2 * 12 * math.Ln10},
	{"x^3 + y^3", "*=-2:2", false, "certified exact", -16},
	// Not bounded below.
	{"x^3 + y^2", "", false, "unbounded", 0},
	{"x*y*z", "", false, "unbounded", 0},
	{"-3*x - 2*y + 2 + x^3 + y^2", "", false, "unbounded", 0},
	{"x^2 - 3*x*y^2 + 2*y^4", "", false, "unbounded", 0},
	{"log(x^2 + y^2)", "", false, "unbounded", 0},
	{"x^2 + y^2 + 1/(x*y)", "", false, "unbounded", 0},
	{"x^4 + y^4 - 100*x^3*y^3", "", false, "unbounded", 0},
	// Bounded below, the infimum not attained.
	{"(x*y - 1)^2 + x^2", "", false, "not-attained local", 0},
	{"exp(x) + y^2", "", false, "not-attained local", 0},
	{"1/x + y^2", "*=-1:1", false, "unbounded", 0},
	{"log(x) + y^2", "*=0:1", false, "unbounded", 0},
	{"x^2 + exp(y) - y + abs(z - 1/3)", "", false, "exact", 1},
	{"x^2*(1 - x) + y^2*(1 - y)", "*=-1:1", false, "exact certified", 0},
	{"1/(1 + x^2 + y^2)", "", false, "not-attained local", 0},
	{"floor(x) - x + y^2", "*=-1.5:1.5", false, "local not-attained", 0},
	{"x + y", "*=-1:1| x > 0; y > 0", false, "local not-attained", 0},
	{"x^2 + y", "*=-1:1| x + y > 0.5", false, "local not-attained", 0},
	{"x + y + 1e-300*log(x)^2", "x=0:1,y=0:1", false, "exact certified", 0},
	// Convex, coercive, periodic.
	{"log(exp(x) + exp(y)) - (x + y)/2", "", false, "exact certified", math.Ln2},
	{"exp(x + y) + exp(x - y) + exp(-x)", "", false, "certified exact", 2 * math.Sqrt2},
	{"x^4 + y^4 - x*y + x - y", "", false, "certified exact", -0.625},
	{"x^2 + y^2 - cos(18*x) - cos(18*y)", "", false, "exact certified", -2},
	{"x^6 - 4*x^2*y^2 + y^6", "", false, "certified exact", -64.0 / 27},
	// Domain gaps.
	{"sqrt(x^2 + y^2 - 1)", "", false, "exact certified local", 0},
	{"x*log(x) + y*log(y)", "", false, "certified exact local", -2 / math.E},
	{"x + y + z + 1/(x*y*z)", "*=0.001:", false, "exact certified", 4},
	// Maxima.
	{"-(x-1)^2 - (y+2)^2", "", true, "exact", 0},
	{"x*y*exp(-x^2 - y^2)", "*=-2:2", true, "certified exact", 1 / (2 * math.E)},
	{"x + y", "", true, "unbounded", 0},
	// Constraints.
	{"x + y", "| x^2 + y^2 <= 1", false, "certified exact", -math.Sqrt2},
	{"x^2 + y^2", "| x + y == 1", false, "certified exact", 0.5},
	{"x*y", "*=0:10| x + y <= 5", true, "certified exact", 6.25},
	{"50*x*y*z*w + x + y + z + w", "*=0:| 0.001*x*y*z*w >= 2", false, "exact", 100026.74961219916},
	{"(x - 10)^3 + (y - 20)^3", "x=13:100,y=0:100| (x - 5)^2 + (y - 5)^2 - 100 >= 0; 82.81 - (x - 6)^2 - (y - 5)^2 >= 0", false, "exact", -6961.813875580},
	{"x^2 + y^2", "| x + y > 3; x + y < 1", false, "empty failed", 0},
	{"x^2 + y^2", "*=-1:1| x^2 + y^2 >= 3", false, "empty", 0},
	{"x + y", "x=2:1", false, "empty", 0},
	{"log(-1 - x^2 - y^2)", "", false, "empty", 0},
}

func TestTraps(t *testing.T) {
	for _, c := range traps {
		p := problemOf(t, c.formula, c.bounds)
		p.Max = c.max
		a := solved(t, p, Options{Timeout: 3 * time.Second})
		name := fmt.Sprintf("%s (%s)", c.formula, c.bounds)
		if !strings.Contains(" "+c.statuses+" ", " "+string(a.Status)+" ") {
			t.Errorf("%s: %s %v, want %s; %v %v", name, a.Status, a.Value, c.statuses, a.Proof, a.Warnings)
			continue
		}
		t.Logf("%s: %s %v by %s", name, a.Status, a.Value, a.Method)
		switch a.Status {
		case Exact, Certified:
			if c.value != -1.0000 && !(math.Abs(a.Value-c.value) <= 1e-4*math.Max(1, math.Abs(c.value))) {
				t.Errorf("%s: %v, want %v at %v", name, a.Value, c.value, a.At)
			}
			consistent(t, name, p, a)
		case Unbounded:
			w := a.Witness
			last := w.Values[len(w.Values)-1]
			if first := w.Values[0]; p.Max && !(last > first) || !p.Max && !(last < first) {
				t.Errorf("%s: the witness shows %v", name, w.Values)
			}
		}
	}
}

// consistent checks an answer against values at random points: nothing may be
// better than a value that is certified.
func consistent(t *testing.T, name string, p Problem, a *Answer) {
	t.Helper()
	q, ok := p.normal()
	if !ok {
		return
	}
	m, err := q.model()
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	b := m.Prober()
	if !a.Enclosure.Value.Has(a.Value) {
		t.Errorf("%s: the value %v is not in %v", name, a.Value, a.Enclosure.Value)
	}
	least := a.Enclosure.Value.Lo
	if p.Max {
		least = -a.Enclosure.Value.Hi
	}
	r := rand.New(rand.NewPCG(1, 2))
	x := make([]float64, m.N)
	for k := range 3000 {
		for i := range x {
			switch {
			case k%3 == 0 && len(a.At) == m.N:
				x[i] = a.At[i] + r.NormFloat64()*math.Pow(10, -8*r.Float64())
			default:
				x[i] = model.Stretch(r.Float64(), m.Inner[i])
			}
			x[i] = model.ClipTo(x[i], m.Inner[i])
		}
		v, ok := b.AtPoint(x)
		if ok && b.Feasible(x) && v.Hi < least {
			t.Errorf("%s: f%v = %v < %v (%s, %s)", name, x, v, least, a.Status, a.Method)
			return
		}
	}
}

// Random formulas: whatever is claimed holds at random points.
func TestRandomFormulas(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(7, 7))
	atoms := []string{"x", "y", "x*y", "x^2", "y^2", "(x-1)^2", "sin(3*x)", "cos(2*y)", "exp(-x)", "abs(x-y)", "x^4", "y^4", "sqrt(x+3)",
		"log(y+4)", "max(x,y)", "1/(x^2+1)", "x^3", "floor(y)", "exp(x*y)", "(x*y-1)^2", "tanh(x)", "atan(x-y)"}
	for k := range 120 {
		var terms []string
		for range 2 + r.IntN(4) {
			terms = append(terms, fmt.Sprintf("%d*%s", r.IntN(9)-3, atoms[r.IntN(len(atoms))]))
			if r.IntN(4) == 0 {
				terms[len(terms)-1] += "*" + atoms[r.IntN(len(atoms))]
			}
		}
		f := "x - x + y - y + " + strings.Join(terms, " + ")
		bounds := ""
		if k%3 != 0 {
			bounds = "*=-2:2"
		}
		p := problemOf(t, f, bounds)
		p.Max = k%5 == 0
		if k%7 == 0 {
			p.SubjectTo = append(p.SubjectTo, condition(t, "x + y^2 <= 1.5"))
		}
		a := solved(t, p, Options{Timeout: 150 * time.Millisecond})
		if a.Enclosure != nil && (a.Status == Exact || a.Status == Certified || a.Status == Local || a.Status == NotAttained) {
			if a.Status == NotAttained {
				a.Value = a.Enclosure.Value.Mid()
			}
			consistent(t, f+" "+bounds, p, a)
		}
		if a.Status == EmptyDomain {
			t.Errorf("%s: empty", f)
		}
	}
}

// A convex Lagrangian is bounded in boxes of many variables by its tangent planes: the
// chemical equilibrium of Hock and Schittkowski (1981), problem 112.
func TestChemicalEquilibrium(t *testing.T) {
	c := []string{"6.089", "17.164", "34.054", "5.914", "24.721", "14.986", "24.1", "10.708", "26.662", "22.179"}
	vars := []string{"a", "b", "c", "d", "p", "f", "g", "h", "i", "j"}
	sum := "(" + strings.Join(vars, "+") + ")"
	terms := make([]string, len(vars))
	for k, x := range vars {
		terms[k] = fmt.Sprintf("%s*(-%s+log(%s/%s))", x, c[k], x, sum)
	}
	p := problemOf(t, strings.Join(terms, "+"), "*=1e-6:|a+2*b+2*c+f+j==2;d+2*p+f+g==1;c+g+h+2*i+j==1")
	a, err := Solve(context.Background(), p, Options{})
	if err != nil || a.Status != Certified || math.Abs(a.Value+47.76109085936587) > 1e-7 {
		t.Errorf("%v %+v", err, a)
	}
}

func TestDeterministic(t *testing.T) {
	p := problemOf(t, "x^2 + y^2 - cos(5*x)*sin(7*y)*3 + x*y/3", "*=-4:5")
	var last *Answer
	for range 2 {
		a := solved(t, p, Options{})
		if last != nil && !reflect.DeepEqual(last.At, a.At) || last != nil && last.Evaluations != a.Evaluations {
			t.Errorf("%v %v, then %v %v", last.At, last.Evaluations, a.At, a.Evaluations)
		}
		last = a
	}
}

// A hard problem ends in time, with the best so far and honest bounds; so does one
// that is cancelled.
func TestTimeAndCancellation(t *testing.T) {
	p := problemOf(t, "sin(x*y*50)*cos(z*41*x) + abs(sin(37*y*z)) + sqrt(abs(x - y*z)) + floor(9*x*y)", "*=-9:10")
	begun := time.Now()
	a, err := Solve(context.Background(), p, Options{Timeout: 200 * time.Millisecond})
	if err != nil || time.Since(begun) > 2*time.Second {
		t.Errorf("%v after %v", err, time.Since(begun))
	}
	if a.Status == Local && len(a.Warnings) == 0 {
		t.Error("a local answer without a reason")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	begun = time.Now()
	if a, err = Solve(ctx, p, Options{}); err != nil || a == nil || time.Since(begun) > 2*time.Second {
		t.Errorf("cancelled: %v %v after %v", a, err, time.Since(begun))
	}
}

func TestMalformed(t *testing.T) {
	x := expr.MustParse("x^2 + y^2")
	for name, p := range map[string]Problem{
		"unknown variable": {F: x, Vars: []string{"x"}},
		"twice":            {F: x, Vars: []string{"x", "y", "x"}},
		"bounds":           {F: x, Vars: []string{"x", "y"}, Bounds: make([]Bound, 1)},
		"no condition":     {F: x, Vars: []string{"x", "y"}, SubjectTo: []expr.Expr{x}},
		"variable bound":   {F: x, Vars: []string{"x", "y"}, Bounds: []Bound{{Lo: expr.MustParse("y")}, {}}},
	} {
		if a, err := Solve(context.Background(), p, Options{}); err == nil {
			t.Errorf("%s: no error but %v", name, a.Status)
		}
	}
}

// Certificates are confirmed, and false ones are not.
func TestCertificates(t *testing.T) {
	for _, c := range []struct{ f, bounds string }{
		{"x^2 + y^2 - cos(5*x)*sin(7*y)*3 + x*y/3", "*=-4:5"},
		{"4*x^2 - 2.1*x^4 + x^6/3 + x*y - 4*y^2 + 4*y^4", "*=-5:5"},
		{"x^2 + y^2 - x*y + 3*x", ""},
		{"(1-x)^2 + 100*(y-x^2)^2", "*=-5:10"},
		{"x*y*exp(-x^2 - y^2)", "*=-2:2"},
		{"(x^2 + y - 11)^2 + (x + y^2 - 7)^2 + x/10", "*=-6:6"},
	} {
		p := problemOf(t, c.f, c.bounds)
		a, err := Solve(context.Background(), p, Options{Certificate: true})
		if err != nil || a.Certificate == nil {
			t.Errorf("%s: %v %v", c.f, err, a)
			continue
		}
		var buf bytes.Buffer
		if _, err := a.Certificate.WriteTo(&buf); err != nil {
			t.Fatal(err)
		}
		text := buf.Bytes()
		r, err := verify.Check(context.Background(), bytes.NewReader(text))
		if err != nil || !r.Valid {
			t.Errorf("%s: %v %+v", c.f, err, r)
		}
		// A value that is too good, or too bad, is found out.
		for _, d := range []float64{-1e-3, 1e-3} {
			var k certificate.Certificate
			if err := json.Unmarshal(text, &k); err != nil {
				t.Fatal(err)
			}
			k.Value[0] += certificate.End(d)
			k.Value[1] += certificate.End(d)
			var b bytes.Buffer
			k.WriteTo(&b)
			// Quadratics are confirmed by convexity, whatever the tree says; the point is
			// then what tells.
			if r, err := verify.Check(context.Background(), &b); err == nil && r.Valid && !(d > 0 && strings.Contains(k.Method, "elimination")) {
				t.Errorf("%s: a value %g off was confirmed", c.f, d)
			}
		}
	}
	for _, text := range []string{"", "{}", `{"schema":"nabla-certificate/1","formula":"x+","variables":["x"]}`, `{"schema":"nabla-certificate/1","formula":"x","variables":[],"status":"exact"}`} {
		if r, err := verify.Check(context.Background(), strings.NewReader(text)); err == nil && r.Valid {
			t.Errorf("%q was confirmed", text)
		}
	}
}

// A outsideProblem is a line of globalmin or problems.
type outsideProblem struct {
	ID          string
	Vars        []string
	Formula     string
	Constraints []struct {
		Expr   string
		Lo, Hi *float64
	}
	Start      []float64
	Bounds     [][2]*float64
	Fmin, Fopt float64
	Status     string
}

func (q *outsideProblem) problem(t *testing.T) Problem {
	p := Problem{F: expr.MustParse(q.Formula), Vars: q.Vars}
	for _, b := range q.Bounds {
		var c Bound
		if b[0] != nil {
			c.Lo = expr.MustParse(fmt.Sprint(*b[0]))
		}
		if b[1] != nil {
			c.Hi = expr.MustParse(fmt.Sprint(*b[1]))
		}
		p.Bounds = append(p.Bounds, c)
	}
	for _, c := range q.Constraints {
		add := func(op string, v float64) {
			p.SubjectTo = append(p.SubjectTo, condition(t, fmt.Sprintf("%s %s %v", c.Expr, op, v)))
		}
		if c.Lo != nil && c.Hi != nil && *c.Lo == *c.Hi {
			add("==", *c.Lo)
			continue
		}
		if c.Lo != nil {
			add(">=", *c.Lo)
		}
		if c.Hi != nil {
			add("<=", *c.Hi)
		}
	}
	return p
}

// outside runs a set with a time limit for each problem (NABLA_BUDGET, a
// duration, or what is given) and checks that no claim is wrong.
func outside(t *testing.T, name string, budget time.Duration, want func(q *outsideProblem) float64, share float64) {
	if text := os.Getenv("NABLA_BUDGET"); text != "" {
		d, err := time.ParseDuration(text)
		if err != nil {
			t.Fatal(err)
		}
		budget = d
	}
	proved, right, total := 0, 0, 0
	eachLine(t, name, func(line []byte) {
		var q outsideProblem
		if err := json.Unmarshal(line, &q); err != nil {
			t.Fatal(err)
		}
		p := q.problem(t)
		begun := time.Now()
		a, err := Solve(context.Background(), p, Options{Timeout: budget, Start: q.Start})
		if err != nil {
			t.Errorf("%s: %v", q.ID, err)
			return
		}
		total++
		f := want(&q)
		tol := 1e-6 * math.Max(1, math.Abs(f))
		switch a.Status {
		case Exact, Certified:
			proved++
			if a.Enclosure.Value.Lo > f+tol {
				t.Errorf("WRONG CLAIM %s: %v, but the value %v is known", q.ID, a.Enclosure.Value, f)
			}
			consistent(t, q.ID, p, a)
		case EmptyDomain, Constant:
			t.Errorf("WRONG CLAIM %s: %s", q.ID, a.Status)
		case Unbounded:
			proved++
		}
		if a.Value <= f+tol {
			right++
		}
		t.Logf("%-25s n=%-3d %-12s %-24s %8.1fms boxes %-7d %.10g known %.10g", q.ID, len(q.Vars), a.Status, a.Method,
			float64(time.Since(begun).Microseconds())/1000, a.Evaluations.Boxes, a.Value, f)
	})
	t.Logf("%s: %d of %d proved, %d with the known value or better", name, proved, total, right)
	if float64(proved) < share*float64(total) {
		t.Errorf("%s: only %d of %d proved", name, proved, total)
	}
}

func TestGlobalMinSet(t *testing.T) {
	outside(t, "globalmin/globalmin.jsonl", 250*time.Millisecond, func(q *outsideProblem) float64 { return q.Fmin }, 0.75)
}

func TestUnconstrainedSet(t *testing.T) {
	outside(t, "problems/unconstrained.jsonl", 250*time.Millisecond, func(q *outsideProblem) float64 { return q.Fopt }, 0.5)
}

func TestConstrainedSet(t *testing.T) {
	outside(t, "problems/constrained.jsonl", 400*time.Millisecond, func(q *outsideProblem) float64 { return q.Fopt }, 0.6)
}

// The one-line questions of several variables have the right status and value.
func TestQuestionsOfSeveralVariables(t *testing.T) {
	eachLine(t, "questions/questions.jsonl", func(line []byte) {
		var q struct {
			ID, Formula, Kind string
			Vars              []string
			Domain            map[string]struct {
				Lo, Hi *string
				LoOpen bool `json:"lo_open"`
				HiOpen bool `json:"hi_open"`
			}
			Value *float64
		}
		if err := json.Unmarshal(line, &q); err != nil {
			t.Fatal(err)
		}
		if len(q.Vars) < 2 {
			return
		}
		p := Problem{F: expr.MustParse(q.Formula), Vars: q.Vars}
		for _, v := range q.Vars {
			d := q.Domain[v]
			b := Bound{LoOpen: d.LoOpen, HiOpen: d.HiOpen}
			if d.Lo != nil {
				b.Lo = expr.MustParse(*d.Lo)
			}
			if d.Hi != nil {
				b.Hi = expr.MustParse(*d.Hi)
			}
			p.Bounds = append(p.Bounds, b)
		}
		a, err := Solve(context.Background(), p, Options{Timeout: 3 * time.Second})
		if err != nil {
			t.Errorf("%s: %v", q.ID, err)
			return
		}
		right := a.Status == Exact || a.Status == Certified
		switch q.Kind {
		case "unbounded":
			right = a.Status == Unbounded
		case "not_attained":
			right = a.Status == NotAttained
		}
		if !right || q.Value != nil && math.Abs(a.Value-*q.Value) > 1e-9 {
			t.Errorf("%s %s: %s %v, want %s %v", q.ID, q.Formula, a.Status, a.Value, q.Kind, q.Value)
		}
	})
}

// A search that is interrupted before it has walked anywhere still has a best so
// far.
func TestInterruptedHasABest(t *testing.T) {
	e := expr.MustParse("sum((x[i]-x[i+1])^4 + sin(x[i]*x[i+1]), i, 1, 12)")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	a, err := Solve(ctx, Problem{F: e}, Options{})
	if err != nil || a.Status != Local || !(a.Value < 0) || len(a.At) != 13 {
		t.Errorf("%+v, %v", a, err)
	}
}
