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

func TestMeasureProblems(t *testing.T) {
	file := os.Getenv("PROBLEMS")
	if file == "" {
		t.Skip()
	}
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	to, _ := time.ParseDuration(os.Getenv("TO"))
	if to == 0 {
		to = 2 * time.Second
	}
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<24)
	proved, good, total := 0, 0, 0
	for sc.Scan() {
		var q struct {
			ID          string
			Vars        []string
			Formula     string
			Constraints []struct {
				Expr   string
				Lo, Hi *float64
			}
			Start  []float64
			Bounds [][2]*float64
			Fopt   float64
			Status string
		}
		if err := json.Unmarshal(sc.Bytes(), &q); err != nil {
			t.Fatal(err)
		}
		if o := os.Getenv("ONLY"); o != "" && !strings.Contains(" "+o+" ", " "+q.ID+" ") {
			continue
		}
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
			text := func(op string, v float64) {
				e, err := expr.Reader{Conditions: true}.Expr(fmt.Sprintf("%s %s %v", c.Expr, op, v))
				if err != nil {
					t.Fatal(err)
				}
				p.SubjectTo = append(p.SubjectTo, e)
			}
			switch {
			case c.Lo != nil && c.Hi != nil && *c.Lo == *c.Hi:
				text("==", *c.Lo)
			default:
				if c.Lo != nil {
					text(">=", *c.Lo)
				}
				if c.Hi != nil {
					text("<=", *c.Hi)
				}
			}
		}
		t0 := time.Now()
		a, err := Solve(context.Background(), p, Options{Timeout: to, Start: q.Start})
		if err != nil {
			t.Error(q.ID, err)
			continue
		}
		total++
		mark := ""
		if a.Status == Certified || a.Status == Exact {
			proved++
			if a.Enclosure.Value.Lo > q.Fopt+1e-7*math.Max(1, math.Abs(q.Fopt)) {
				mark = "WRONG"
			}
		}
		if a.Value > q.Fopt+1e-6*math.Max(1, math.Abs(q.Fopt)) {
			mark += " HIGH"
		} else {
			good++
		}
		if a.Value < q.Fopt-1e-5*math.Max(1, math.Abs(q.Fopt)) {
			mark += " LOW"
		}
		fmt.Printf("%-12s n=%d m=%d %-12s %-24s %9.1fms boxes=%-7d f=%.10g want %.10g (%s) %s %.200v\n", q.ID, len(q.Vars), len(p.SubjectTo), a.Status, a.Method, float64(time.Since(t0).Microseconds())/1000, a.Evaluations.Boxes, a.Value, q.Fopt, q.Status, mark, a.Warnings)
	}
	fmt.Println("proved", proved, "good", good, "of", total)
}
