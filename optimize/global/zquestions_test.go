package global

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"testing"
	"time"

	"nabla/expr"
	"nabla/expr/format"
)

func TestMeasureQuestions(t *testing.T) {
	if os.Getenv("MEASURE") == "" {
		t.Skip()
	}
	f, err := os.Open("/work/shared/testdata/questions/questions.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<22)
	for sc.Scan() {
		var q struct {
			ID      string
			Vars    []string
			Formula string
			Kind    string
			Domain  map[string]struct {
				Lo, Hi         *string
				LoOpen, HiOpen bool `json:"-"`
				A              bool `json:"lo_open"`
				B              bool `json:"hi_open"`
			}
			Value_exact string
		}
		if err := json.Unmarshal(sc.Bytes(), &q); err != nil {
			t.Fatal(err)
		}
		if len(q.Vars) < 2 {
			continue
		}
		p := Problem{F: expr.MustParse(q.Formula), Vars: q.Vars}
		for _, v := range q.Vars {
			var b Bound
			d := q.Domain[v]
			if d.Lo != nil {
				b.Lo, b.LoOpen = expr.MustParse(*d.Lo), d.A
			}
			if d.Hi != nil {
				b.Hi, b.HiOpen = expr.MustParse(*d.Hi), d.B
			}
			p.Bounds = append(p.Bounds, b)
		}
		t0 := time.Now()
		a, err := Solve(context.Background(), p, Options{Timeout: 5 * time.Second})
		if err != nil {
			t.Error(err)
			continue
		}
		ex := ""
		if a.ExactValue.Valid() {
			ex = format.Text(a.ExactValue)
		}
		fmt.Printf("%-5s %-45s %-12s got %-12s %8.1fms f=%.10g (%s) want %s at %v %v %v\n", q.ID, q.Formula, q.Kind, a.Status, float64(time.Since(t0).Microseconds())/1000, a.Value, ex, q.Value_exact, a.At, a.Proof, a.Warnings)
	}
}
