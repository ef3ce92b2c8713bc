package univariate

import (
	"bufio"
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"nabla/expr"
	"nabla/optimize/global/minimum"
)

// casesFolder returns the folder of cases from outside.
func casesFolder() string {
	if dir := os.Getenv("NABLA_CASES"); dir != "" {
		return dir
	}
	return filepath.Join("..", "..", "..", "..", "..", "shared", "testdata")
}

type outsideQuestion struct {
	ID, Formula, Kind string
	N                 int
	Vars              []string
	Domain            map[string]struct {
		Lo, Hi *string
		LoOpen bool `json:"lo_open"`
		HiOpen bool `json:"hi_open"`
	}
	Minimisers []map[string]float64
	Value      *float64
	Exact      *string           `json:"value_exact"`
	Period     map[string]string `json:"period"`
}

// TestOutsideQuestions asks the questions of one variable in the folder of
// cases and compares status, value and point with the answers there.
func TestOutsideQuestions(t *testing.T) {
	name := filepath.Join(casesFolder(), "questions", "questions.jsonl")
	file, err := os.Open(name)
	if os.IsNotExist(err) {
		t.Skip("no folder of cases from outside")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var asked, right, exact, known int
	var times []time.Duration
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var q outsideQuestion
		if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
			t.Fatal(err)
		}
		if q.N != 1 {
			continue
		}
		p := &Question{F: expr.MustParse(q.Formula), Var: q.Vars[0]}
		if d, ok := q.Domain[q.Vars[0]]; ok {
			b := minimum.Bound{LoOpen: d.LoOpen, HiOpen: d.HiOpen}
			if d.Lo != nil {
				b.Lo = expr.MustParse(*d.Lo)
			}
			if d.Hi != nil {
				b.Hi = expr.MustParse(*d.Hi)
			}
			p.Bound = b
		}
		start := time.Now()
		a := Solve(context.Background(), p)
		times = append(times, time.Since(start))
		if err != nil {
			t.Errorf("%s %s: %v", q.ID, q.Formula, err)
			continue
		}
		asked++
		good := false
		switch q.Kind {
		case "unbounded":
			good = a.Status == minimum.Unbounded && a.Witness != nil
		case "not_attained":
			good = a.Status == minimum.NotAttained && math.Abs(a.Value-*q.Value) <= 1e-9*(1+math.Abs(*q.Value))
		default:
			good = (a.Status == minimum.Exact || a.Status == minimum.Certified || a.Status == minimum.Constant) &&
				math.Abs(a.Value-*q.Value) <= 1e-9*(1+math.Abs(*q.Value))
			if q.Kind != "continuum" && q.Kind != "periodic" {
				for _, m := range q.Minimisers {
					good = good && slices.ContainsFunc(a.Minimisers, func(p minimum.Point) bool {
						return math.Abs(p.X[0]-m[q.Vars[0]]) <= 1e-6*(1+math.Abs(p.X[0]))
					})
				}
				good = good && len(a.Minimisers) == len(q.Minimisers)
			}
			if q.Kind == "periodic" {
				good = good && a.Minimisers[0].Family != ""
			}
		}
		if good {
			right++
		} else {
			t.Errorf("%s %s: %s %v at %v, want %s %v", q.ID, q.Formula, a.Status, a.Value, a.At, q.Kind, q.Minimisers)
		}
		if q.Exact != nil && *q.Exact != "-inf" {
			known++
			if a.ExactValue.Valid() {
				exact++
			}
		}
		if len(a.Proof) == 0 {
			t.Errorf("%s %s: no proof", q.ID, q.Formula)
		}
	}
	slices.Sort(times)
	t.Logf("%d of %d right; exact value given for %d of %d where one is known; median %v, worst %v",
		right, asked, exact, known, times[len(times)/2], times[len(times)-1])
}
