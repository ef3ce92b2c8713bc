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
