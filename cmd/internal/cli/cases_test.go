package cli

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"nabla/expr"
)

// The cases of these tests come from outside and stand in the folder that
// NABLA_CASES names, by default ../shared/testdata beside the module. Each set is
// asked of the command in one streaming process, and the score is printed by
// category.

// casesDir returns the folder of a set, and skips the test where there is none.
func casesDir(t *testing.T, set string) string {
	t.Helper()
	dir := os.Getenv("NABLA_CASES")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "..", "shared", "testdata")
	}
	dir = filepath.Join(dir, set)
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no cases: %v", err)
	}
	return dir
}

// readCases reads a file of JSON Lines.
func readCases[T any](t *testing.T, path string) []T {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var out []T
	for line := range bytes.Lines(b) {
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		var c T
		if err := json.Unmarshal(line, &c); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		out = append(out, c)
	}
	return out
}

// stream asks the command all questions in one process and returns the answers,
// one for each, and the time taken for each.
func stream[A any](t *testing.T, command string, questions []any) ([]A, []time.Duration) {
	t.Helper()
	var in bytes.Buffer
	e := json.NewEncoder(&in)
	for _, q := range questions {
		if err := e.Encode(q); err != nil {
			t.Fatal(err)
		}
	}
	out := &clocked{last: time.Now()}
	code := Main(context.Background(), &Env{Stdin: &in, Stdout: out, Stderr: os.Stderr, Piped: true}, []string{command, "--json", "-"})
	var answers []A
	s := bufio.NewScanner(&out.b)
	s.Buffer(nil, 1<<28)
	for s.Scan() {
		var a A
		if err := json.Unmarshal(s.Bytes(), &a); err != nil {
			t.Fatalf("%v in %s", err, s.Text())
		}
		answers = append(answers, a)
	}
	if len(answers) != len(questions) {
		t.Fatalf("%d answers to %d questions (exit code %d)", len(answers), len(questions), code)
	}
	return answers, out.times
}

// clocked keeps what is written and when each line was.
type clocked struct {
	b     bytes.Buffer
	last  time.Time
	times []time.Duration
}

func (c *clocked) Write(p []byte) (int, error) {
	now := time.Now()
	for range bytes.Count(p, []byte{'\n'}) {
		c.times = append(c.times, now.Sub(c.last))
		c.last = now
	}
	return c.b.Write(p)
}

// A score counts cases by category and outcome.
type score struct {
	rows, cols []string
	n          map[[2]string]int
}

func (s *score) add(row, col string) {
	if s.n == nil {
		s.n = map[[2]string]int{}
	}
	if !slices.Contains(s.rows, row) {
		s.rows = append(s.rows, row)
	}
	if !slices.Contains(s.cols, col) {
		s.cols = append(s.cols, col)
	}
	s.n[[2]string{row, col}]++
}

// print logs the table, with a line for all rows together.
func (s *score) print(t *testing.T, title string, times []time.Duration) {
	var b strings.Builder
	slices.Sort(s.rows)
	fmt.Fprintf(&b, "%s\n%-28s", title, "")
	for _, c := range s.cols {
		fmt.Fprintf(&b, "%14s", c)
	}
	b.WriteByte('\n')
	for _, r := range s.rows {
		fmt.Fprintf(&b, "%-28s", r)
		for _, c := range s.cols {
			fmt.Fprintf(&b, "%14d", s.n[[2]string{r, c}])
		}
		b.WriteByte('\n')
	}
	fmt.Fprintf(&b, "%-28s", "all")
	for _, c := range s.cols {
		sum := 0
		for _, r := range s.rows {
			sum += s.n[[2]string{r, c}]
		}
		fmt.Fprintf(&b, "%14d", sum)
	}
	if len(times) > 0 {
		sorted := slices.Sorted(slices.Values(times))
		fmt.Fprintf(&b, "\ntime: median %v, worst %v", sorted[len(sorted)/2].Round(time.Microsecond), sorted[len(sorted)-1].Round(time.Microsecond))
	}
	t.Log(b.String())
}

// An answerError is the error of a JSON answer.
type answerError struct {
	Code, Message string
}

// looseNumber reads a number that may be "nan", "inf" or "-inf".
type looseNumber float64

func (x *looseNumber) UnmarshalJSON(b []byte) error {
	v, err := strconv.ParseFloat(strings.Trim(string(b), `"`), 64)
	*x = looseNumber(v)
	return err
}

// TestPairs asks for the derivative of each F of the pairs and compares its values
// at the recorded points with those of f: within 1e-8, or 100 times the error
// that plain automatic differentiation makes where F is ill-conditioned.
func TestPairs(t *testing.T) {
	type pair struct {
		ID, Source, Var string
		F               string `json:"F"`
		Derivative      string `json:"f"`
		Points          []map[string]string
		Values          []string
		Float64RelErr   []float64 `json:"float64_relerr"`
	}
	type answer struct {
		Derivatives []struct {
			Formula string
			At      []struct{ Value looseNumber }
		}
		Error *answerError
	}
	cases := readCases[pair](t, filepath.Join(casesDir(t, "rubi"), "pairs.jsonl"))
	questions := make([]any, len(cases))
	for i, c := range cases {
		questions[i] = map[string]any{"id": c.ID, "formula": c.F, "wrt": c.Var, "at": c.Points}
	}
	answers, times := stream[answer](t, "diff", questions)
	var s score
	for i, c := range cases {
		a := answers[i]
		switch {
		case a.Error != nil:
			s.add(c.Source, "error")
			t.Errorf("%s: %s: d/d%s %s", c.ID, a.Error.Message, c.Var, c.F)
			continue
		case len(a.Derivatives) != 1 || len(a.Derivatives[0].At) != len(c.Points):
			t.Fatalf("%s: answer is not complete", c.ID)
		}
		outcome := "agree"
		for k, v := range a.Derivatives[0].At {
			want, err := strconv.ParseFloat(c.Values[k], 64)
			if err != nil {
				t.Fatal(err)
			}
			limit := math.Max(1e-8, 100*c.Float64RelErr[k])
			if got := float64(v.Value); !(math.Abs(got-want) <= limit*math.Abs(want)) {
				outcome = "disagree"
				t.Errorf("%s: at %v the derivative is %v, want %v (d/d%s %s)", c.ID, c.Points[k], got, want, c.Var, c.F)
				break
			}
		}
		s.add(c.Source, outcome)
	}
	s.print(t, "derivative pairs", times)
}

// A claimAnswer is an answer of check.
type claimAnswer struct {
	Verdict  string
	Mistakes []struct{ Kind string }
	Error    *answerError
}

// askClaims has the command judge claims.
func askClaims(t *testing.T, cases []claimCase) ([]claimAnswer, []time.Duration) {
	questions := make([]any, len(cases))
	for i, c := range cases {
		questions[i] = map[string]any{"id": c.ID, "formula": c.Formula, "claim": c.Answer, "wrt": c.Var}
	}
	return stream[claimAnswer](t, "check", questions)
}

type claimCase struct{ ID, Formula, Var, Answer, Kind string }

// TestRightClaims has right answers judged: none may be called different.
func TestRightClaims(t *testing.T) {
	cases := readCases[claimCase](t, filepath.Join(casesDir(t, "claims"), "right.jsonl"))
	answers, times := askClaims(t, cases)
	var s score
	for i, c := range cases {
		a := answers[i]
		switch {
		case a.Error != nil:
			t.Errorf("%s: %s: %s", c.ID, a.Error.Message, c.Answer)
			s.add(c.Kind, "error")
			continue
		case a.Verdict == "different":
			t.Errorf("%s: the right answer %s to %s is called wrong", c.ID, c.Answer, c.Formula)
		}
		s.add(c.Kind, a.Verdict)
	}
	s.print(t, "right claims", times)
}

// TestWrongClaims has wrong answers judged: none may be called equal.
func TestWrongClaims(t *testing.T) {
	cases := readCases[claimCase](t, filepath.Join(casesDir(t, "claims"), "wrong.jsonl"))
	answers, times := askClaims(t, cases)
	var s score
	for i, c := range cases {
		a := answers[i]
		at := slices.IndexFunc(a.Mistakes, func(m struct{ Kind string }) bool {
			return strings.ReplaceAll(m.Kind, "-", "_") == c.Kind
		})
		switch {
		case a.Error != nil:
			t.Errorf("%s: %s: %s", c.ID, a.Error.Message, c.Answer)
			s.add(c.Kind, "error")
		case a.Verdict == "equal":
			t.Errorf("%s: the wrong answer %s to %s is called right", c.ID, c.Answer, c.Formula)
			s.add(c.Kind, "equal")
		case a.Verdict != "different":
			s.add(c.Kind, a.Verdict)
		case at == 0:
			s.add(c.Kind, "named first")
		case at > 0 && at < 3:
			s.add(c.Kind, "named later")
		case len(a.Mistakes) > 0:
			s.add(c.Kind, "otherwise")
		default:
			s.add(c.Kind, "not named")
		}
	}
	s.print(t, "wrong claims", times)
}

// TestDerivations has derivations judged line by line: the first wrong line must
// be the one that is wrong.
func TestDerivations(t *testing.T) {
	type derivation struct {
		ID, Var, Kind string
		Lines         []string
		WrongLine     *int `json:"wrong_line"`
	}
	type answer struct {
		Verdict    string
		FirstWrong *int `json:"first_wrong"`
		Mistakes   []struct{ Kind string }
		Error      *answerError
	}
	cases := readCases[derivation](t, filepath.Join(casesDir(t, "claims"), "derivations.jsonl"))
	questions := make([]any, len(cases))
	for i, c := range cases {
		questions[i] = map[string]any{"id": c.ID, "derivation": c.Lines, "wrt": c.Var}
	}
	answers, times := stream[answer](t, "check", questions)
	var s score
	for i, c := range cases {
		a := answers[i]
		row := "wrong"
		if c.WrongLine == nil {
			row = "right"
		}
		switch {
		case a.Error != nil:
			t.Errorf("%s: %s: %q", c.ID, a.Error.Message, c.Lines)
			s.add(row, "error")
			continue
		case a.FirstWrong == nil && c.WrongLine == nil:
			s.add(row, a.Verdict)
		case a.FirstWrong == nil:
			s.add(row, "not found")
			if a.Verdict == "equal" {
				t.Errorf("%s: a derivation that is wrong in line %d is called right: %q", c.ID, *c.WrongLine, c.Lines)
			}
		case c.WrongLine == nil || *a.FirstWrong != *c.WrongLine:
			t.Errorf("%s: line %d is called the first wrong one: %q", c.ID, *a.FirstWrong, c.Lines)
			s.add(row, "WRONG")
		default:
			s.add(row, "line found")
			named := "not named"
			if at := slices.IndexFunc(a.Mistakes, func(m struct{ Kind string }) bool {
				return strings.ReplaceAll(m.Kind, "-", "_") == c.Kind
			}); at == 0 {
				named = "named first"
			} else if at > 0 {
				named = "named later"
			}
			s.add(row, named)
		}
	}
	s.print(t, "derivations", times)
}

// TestTutorials walks as the tutorials do and compares with the figures that they
// print, to the digits they print.
func TestTutorials(t *testing.T) {
	type tutorial struct {
		ID, Formula, Behaviour string
		Set                    map[string]any
		Bounds                 map[string][2]float64
		Start                  map[string]any
		Rate                   float64
		Iterations             int
		Stop                   *struct {
			Change float64 `json:"change_below"`
			Most   int     `json:"max_iterations"`
		}
		Printed    map[string][2]float64 `json:"iterates_printed_by_the_tutorial"`
		Final      map[string]float64
		After      map[string]float64 `json:"after_500_iterations"`
		Derivative string
		Partials   map[string]string
	}
	b, err := os.ReadFile(filepath.Join(casesDir(t, "tutorials"), "tutorials.json"))
	if err != nil {
		t.Fatal(err)
	}
	var cases []tutorial
	if err := json.Unmarshal(b, &cases); err != nil {
		t.Fatal(err)
	}
	var s score
	for _, c := range cases {
		var walked bool
		if c.Rate > 0 || len(c.Start) > 0 && c.Derivative == "" {
			walked = true
			q := map[string]any{"formula": c.Formula, "start": c.Start}
			if c.Set != nil {
				q["set"] = c.Set
			}
			if c.Bounds != nil {
				q["bounds"] = c.Bounds
			}
			if c.Rate > 0 {
				q["rate"] = c.Rate
			}
			if c.Iterations > 0 {
				q["iterations"] = c.Iterations
			}
			if c.Stop != nil {
				q["tol-change"], q["iterations"] = c.Stop.Change, c.Stop.Most
			}
			answers, _ := stream[struct {
				Status      string
				Explanation string
				Iterates    []struct {
					K  int
					At map[string]float64
					F  float64
				}
				Final struct {
					At map[string]float64
					F  float64
				}
			}](t, "descend", []any{q})
			a := answers[0]
			for line, want := range c.Printed {
				k, err := strconv.Atoi(line)
				if err != nil {
					t.Fatal(err)
				}
				// The tutorial counts its lines from 0 after the first step.
				it := a.Iterates[k+1]
				if math.Abs(it.At["x"]-want[0]) > 0.51e-8 || math.Abs(it.F-want[1]) > 0.51e-5 {
					t.Errorf("%s: iterate %d is %v with %v, the tutorial prints %v", c.ID, it.K, it.At["x"], it.F, want)
				}
			}
			for name, want := range c.After {
				got := a.Final.F
				if name != "f" {
					got = a.Final.At[name]
				}
				if math.Abs(got-want) > 1e-12*math.Abs(want) {
					t.Errorf("%s: %s is %v after 500 iterations, the tutorial has %v", c.ID, name, got, want)
				}
			}
			for word, status := range map[string]string{"bounces": "bouncing", "crawls": "crawling", "stops at the iteration limit": "iteration-limit", "the gradient is zero": "stationary-start"} {
				if strings.HasPrefix(c.Behaviour, word) && a.Status != status {
					t.Errorf("%s: status %s, want %s", c.ID, a.Status, status)
				}
			}
			if c.ID == "start-on-a-maximum" && !strings.Contains(a.Explanation, "maximum") {
				t.Errorf("%s: that it is a maximum is not said: %s", c.ID, a.Explanation)
			}
		}
		want := c.Partials
		if c.Derivative != "" {
			want = map[string]string{"x": c.Derivative}
		}
		for x, claim := range want {
			answers, _ := stream[claimAnswer](t, "check", []any{map[string]any{"formula": c.Formula, "claim": claim, "wrt": x}})
			if answers[0].Verdict != "equal" {
				t.Errorf("%s: the derivative %s by %s is judged %q", c.ID, claim, x, answers[0].Verdict)
			}
		}
		switch {
		case walked:
			s.add(c.ID, "walked")
		case want != nil:
			s.add(c.ID, "derived")
		default:
			s.add(c.ID, "no question")
		}
	}
	s.print(t, "tutorials", nil)
}

// A minAnswer is an answer of min.
type minAnswer struct {
	Status  string
	Minimum struct {
		At    map[string]looseNumber
		Value looseNumber
		Exact struct {
			At    map[string]string
			Value string
		}
		Enclosure *struct{ Value [2]looseNumber }
	}
	Witness struct{ Values []looseNumber }
	Error   *answerError
}

// proved reports whether the value is claimed to be the minimum.
func (a *minAnswer) proved() bool {
	return a.Status == "exact" || a.Status == "certified" || a.Status == "constant"
}

// valueNear reports whether the value is want, to a relative 1e-6 of max(1, |want|).
func (a *minAnswer) valueNear(want float64) bool {
	return math.Abs(float64(a.Minimum.Value)-want) <= 1e-6*math.Max(1, math.Abs(want))
}

// near reports whether the point is at, to a relative 1e-4 of max(1, |x|).
func (a *minAnswer) near(at map[string]float64) bool {
	for x, want := range at {
		if !(math.Abs(float64(a.Minimum.At[x])-want) <= 1e-4*math.Max(1, math.Abs(want))) {
			return false
		}
	}
	return len(a.Minimum.At) > 0
}

// below reports whether the answer claims a value under want, which is the least
// there is.
func (a *minAnswer) below(want float64) bool {
	v := float64(a.Minimum.Value)
	if a.Minimum.Enclosure != nil {
		v = float64(a.Minimum.Enclosure.Value[1])
	}
	return v < want-1e-6*math.Max(1, math.Abs(want))
}

// TestQuestions asks the one-line questions: no answer may claim what is not so.
func TestQuestions(t *testing.T) {
	type end struct {
		Lo, Hi *string
		LoOpen bool `json:"lo_open"`
		HiOpen bool `json:"hi_open"`
	}
	type question struct {
		ID, Formula, Kind string
		Vars              []string
		Domain            map[string]end
		Minimisers        []map[string]float64
		Value             *float64
		ValueExact        string `json:"value_exact"`
	}
	cases := readCases[question](t, filepath.Join(casesDir(t, "questions"), "questions.jsonl"))
	questions := make([]any, len(cases))
	for i, c := range cases {
		q := map[string]any{"id": c.ID, "formula": c.Formula, "timeout": "10s"}
		bounds, conditions := map[string][2]any{}, []string{}
		for _, x := range c.Vars {
			d, ok := c.Domain[x]
			if !ok {
				continue
			}
			var b [2]any
			for k, s := range []struct {
				at   *string
				open bool
				sign string
			}{{d.Lo, d.LoOpen, " > "}, {d.Hi, d.HiOpen, " < "}} {
				switch {
				case s.at != nil && s.open:
					conditions = append(conditions, x+s.sign+*s.at)
				case s.at != nil:
					b[k] = *s.at
				}
			}
			bounds[x] = b
		}
		if len(bounds) > 0 {
			q["bounds"] = bounds
		}
		if len(conditions) > 0 {
			q["subject-to"] = conditions
		}
		questions[i] = q
	}
	answers, times := stream[minAnswer](t, "min", questions)
	var s score
	for i, c := range cases {
		a := &answers[i]
		outcome := a.Status
		wrong := func(why string) {
			outcome = "WRONG"
			t.Errorf("%s: %s over %v: %s, %v at %v: %s", c.ID, c.Formula, c.Domain, a.Status, a.Minimum.Value, a.Minimum.At, why)
		}
		switch hasMinimum := c.Kind != "unbounded" && c.Kind != "not_attained"; {
		case a.Error != nil:
			outcome = "error"
			t.Logf("%s: %s: %s", c.ID, c.Formula, a.Error.Message)
		case a.proved() && (!hasMinimum || !a.valueNear(*c.Value)):
			wrong("it has no such minimum")
		case a.proved() && c.Kind == "unique" && !a.near(c.Minimisers[0]):
			wrong("the minimiser is another")
		case a.Status == "unbounded" && c.Kind != "unbounded",
			a.Status == "not-attained" && (c.Kind != "not_attained" || !a.valueNear(*c.Value)),
			a.Status == "empty":
			wrong("it is " + c.Kind)
		case a.Status == "local" && c.Value != nil && a.below(*c.Value):
			wrong("nothing is so low")
		case a.Status == "local" && hasMinimum && a.valueNear(*c.Value):
			outcome = "local, right"
		case a.Status == "local":
			outcome = "local, missed"
		}
		s.add(c.Kind, outcome)
		if outcome != "error" && c.ValueExact != "" && hasValue(a) {
			exact := "value not exact"
			if a.Minimum.Exact.Value != "" {
				exact = "value exact"
			}
			s.add(c.Kind, exact)
		}
	}
	s.print(t, "questions", times)
}

func hasValue(a *minAnswer) bool { return a.proved() || a.Status == "not-attained" }

// A boxed is a problem of optimisation with bounds and constraints.
type boxed struct {
	ID, Formula, Status string
	Vars                []string
	Bounds              [][2]*float64
	Start               []float64
	Fmin, Fopt          *float64
	Constraints         []struct {
		Expr   string
		Lo, Hi *float64
	}
}

func (c *boxed) question(timeout string) map[string]any {
	q := map[string]any{"id": c.ID, "formula": c.Formula, "timeout": timeout}
	bounds, start, conditions := map[string][2]*float64{}, map[string]float64{}, []string{}
	bound := false
	for i, x := range c.Vars {
		if i < len(c.Bounds) {
			bounds[x] = c.Bounds[i]
			bound = bound || c.Bounds[i][0] != nil || c.Bounds[i][1] != nil
		}
		if i < len(c.Start) {
			start[x] = c.Start[i]
		}
	}
	for _, k := range c.Constraints {
		number := func(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }
		switch {
		case k.Lo != nil && k.Hi != nil && *k.Lo == *k.Hi:
			conditions = append(conditions, k.Expr+" == "+number(*k.Lo))
		default:
			if k.Lo != nil {
				conditions = append(conditions, k.Expr+" >= "+number(*k.Lo))
			}
			if k.Hi != nil {
				conditions = append(conditions, k.Expr+" <= "+number(*k.Hi))
			}
		}
	}
	if bound {
		q["bounds"] = bounds
	}
	if len(start) > 0 {
		q["start"] = start
	}
	if len(conditions) > 0 {
		q["subject-to"] = conditions
	}
	return q
}

// at returns the value of a formula at the point of an answer.
func (c *boxed) at(t *testing.T, formula string, a *minAnswer) float64 {
	e, err := expr.Parse(formula)
	if err != nil {
		t.Fatal(err)
	}
	v, err := newEvaluator(c.Vars, []expr.Expr{e})
	if err != nil {
		t.Fatal(err)
	}
	x := make([]float64, len(c.Vars))
	for i, name := range c.Vars {
		x[i] = float64(a.Minimum.At[name])
	}
	return v.floats(x)[0]
}

// value returns the value of the formula at the point of an answer, NaN if there is
// none.
func (c *boxed) value(t *testing.T, a *minAnswer) float64 {
	if len(a.Minimum.At) == 0 {
		return math.NaN()
	}
	return c.at(t, c.Formula, a)
}

// violated returns by how much the point of an answer misses a constraint, relative
// to the size of its sides.
func (c *boxed) violated(t *testing.T, a *minAnswer) float64 {
	worst := 0.0
	if len(a.Minimum.At) == 0 {
		return 0
	}
	for _, k := range c.Constraints {
		y := c.at(t, k.Expr, a)
		if k.Lo != nil {
			worst = math.Max(worst, (*k.Lo-y)/math.Max(1, math.Abs(y)))
		}
		if k.Hi != nil {
			worst = math.Max(worst, (y-*k.Hi)/math.Max(1, math.Abs(y)))
		}
	}
	return worst
}

// testBoxed asks for the minima of a set of problems: no answer may claim what is
// not so. The budget of a problem is NABLA_BUDGET, by default 1s.
func testBoxed(t *testing.T, set, file string) {
	cases := readCases[boxed](t, filepath.Join(casesDir(t, set), file))
	budget := os.Getenv("NABLA_BUDGET")
	if budget == "" {
		budget = "1s"
	}
	questions := make([]any, len(cases))
	for i := range cases {
		questions[i] = cases[i].question(budget)
	}
	answers, times := stream[minAnswer](t, "min", questions)
	var s score
	for i := range cases {
		c, a := &cases[i], &answers[i]
		want := c.Fmin
		if want == nil {
			want = c.Fopt
		}
		outcome := a.Status
		wrong := func(why string) {
			outcome = "WRONG"
			t.Errorf("%s: %s, %v at %v, want %v: %s", c.ID, a.Status, a.Minimum.Value, a.Minimum.At, *want, why)
		}
		value, got := c.value(t, a), float64(a.Minimum.Value)
		switch higher := got > *want+1e-6*math.Max(1, math.Abs(*want)); {
		case a.Error != nil:
			outcome = "error"
			t.Logf("%s: %s", c.ID, a.Error.Message)
		case a.Status == "empty":
			wrong("there is a point that satisfies everything")
		case a.Status == "unbounded":
			// The recorded minimum may be local; the witness must show that there is less.
			if n := len(a.Witness.Values); n == 0 || !(float64(a.Witness.Values[n-1]) < *want-1) {
				wrong("the witness shows nothing")
			}
		case (a.proved() || a.Status == "not-attained") && higher:
			wrong("there is less")
		case len(a.Minimum.At) > 0 && !(math.Abs(value-got) <= 1e-6*math.Max(1, math.Abs(got))):
			wrong(fmt.Sprintf("the formula is %v there", value))
		case c.violated(t, a) > 1e-6:
			wrong(fmt.Sprintf("a constraint is missed by %g", c.violated(t, a)))
		case a.Status == "local" && a.valueNear(*want):
			outcome = "local, right"
		case a.Status == "local" && !higher:
			outcome = "local, lower" // the recorded value is that of a local search too
			t.Logf("%s: %v, lower than the recorded %v", c.ID, got, *want)
		case a.Status == "local" || a.Status == "failed":
			outcome = a.Status + ", missed"
			t.Logf("%s: %v, want %v", c.ID, got, *want)
		}
		row := fmt.Sprintf("%d variables", len(c.Vars))
		if len(c.Vars) > 5 {
			row = "more variables"
		}
		s.add(row, outcome)
	}
	s.print(t, file, times)
}

func TestGlobalMinima(t *testing.T) { testBoxed(t, "globalmin", "globalmin.jsonl") }

func TestUnconstrained(t *testing.T) { testBoxed(t, "problems", "unconstrained.jsonl") }

func TestConstrained(t *testing.T) { testBoxed(t, "problems", "constrained.jsonl") }
