package global

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"nabla/expr"
)

func TestMeasureGlobalMin(t *testing.T) {
	if os.Getenv("MEASURE") == "" {
		t.Skip()
	}
	f, err := os.Open("/work/shared/testdata/globalmin/globalmin.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	only := os.Getenv("ONLY")
	to, _ := time.ParseDuration(os.Getenv("TO"))
	if to == 0 {
		to = 10 * time.Second
	}
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<22)
	cert, total := 0, 0
	for sc.Scan() {
		var q struct {
			ID         string
			Vars       []string
			Formula    string
			Bounds     [][2]float64
			Fmin       float64
			Minimisers [][]float64
		}
		if err := json.Unmarshal(sc.Bytes(), &q); err != nil {
			t.Fatal(err)
		}
		if only != "" && !strings.Contains(only, q.ID) {
			continue
		}
		p := Problem{F: expr.MustParse(q.Formula), Vars: q.Vars}
		for _, b := range q.Bounds {
			p.Bounds = append(p.Bounds, Bound{Lo: expr.MustParse(fmt.Sprint(b[0])), Hi: expr.MustParse(fmt.Sprint(b[1]))})
		}
		t0 := time.Now()
		a, err := Solve(context.Background(), p, Options{Timeout: to})
		if err != nil {
			t.Error(err)
			continue
		}
		total++
		mark := ""
		if a.Status == Certified || a.Status == Exact {
			cert++
			if a.Enclosure.Value.Lo > q.Fmin+1e-7*math.Max(1, math.Abs(q.Fmin)) {
				mark = "WRONG"
			}
		}
		if a.Value > q.Fmin+1e-6*math.Max(1, math.Abs(q.Fmin)) {
			mark += " HIGH"
		}
		fmt.Printf("%-22s n=%d %-10s %9.1fms boxes=%-7d f=%.10g want %.10g %s %v\n", q.ID, len(q.Vars), a.Status, float64(time.Since(t0).Microseconds())/1000, a.Evaluations.Boxes, a.Value, q.Fmin, mark, a.Warnings)
	}
	fmt.Println("certified", cert, "of", total)
}
