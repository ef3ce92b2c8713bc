package optimize

import (
	"bufio"
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"

	"nabla/expr"
)

// outside is a problem of the collections outside the project, see tutorials_test.go.
type outside struct {
	ID      string
	Vars    []string
	Formula string
	Start   []float64
	Bounds  [][2]*float64
	Fopt    *float64
	Fmin    *float64
}

// Auto on the collections: it must reach the known minimum of nearly all, and whatever it
// claims must be inside the bounds and the value of the formula there.
func TestOutsideProblems(t *testing.T) {
	dir := os.Getenv("NABLA_CASES")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared", "testdata")
	}
	for _, c := range []struct {
		file string
		most int // that may be missed: rugged functions that need a proper global search
	}{{"problems/unconstrained.jsonl", 1}, {"globalmin/globalmin.jsonl", 4}} {
		f, err := os.Open(filepath.Join(dir, c.file))
		if os.IsNotExist(err) {
			t.Skip("no cases in ", dir)
		}
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		lines := bufio.NewScanner(f)
		lines.Buffer(nil, 1<<24)
		total, missed := 0, 0
		for lines.Scan() {
			var p outside
			if err := json.Unmarshal(lines.Bytes(), &p); err != nil {
				t.Fatal(err)
			}
			total++
			e, err := expr.Parse(p.Formula)
			if err != nil {
				t.Fatal(p.ID, err)
			}
			o, err := FromFormula(e, p.Vars)
			if err != nil {
				t.Fatal(p.ID, err)
			}
			bounds := make([]Bound, len(p.Vars))
			for i := range bounds {
				bounds[i] = NoBound
				if v := p.Bounds[i][0]; v != nil {
					bounds[i].Lo = *v
				}
				if v := p.Bounds[i][1]; v != nil {
					bounds[i].Hi = *v
				}
				if p.Start != nil {
					p.Start[i] = bounds[i].Clip(p.Start[i])
				}
			}
			r, err := Auto(context.Background(), watchOver(t, p.ID, o, bounds), AutoOptions{Options: Options{Start: p.Start, Bounds: bounds}})
			if err != nil {
				t.Errorf("%s: %v", p.ID, err)
				continue
			}
			if !inside(bounds, r.X) || r.F != o.Func(r.X) {
				t.Errorf("%s: reports %g at %v, where it is %g", p.ID, r.F, r.X, o.Func(r.X))
			}
			want := p.Fopt
			if want == nil {
				want = p.Fmin
			}
			if r.F > *want+1e-6*math.Max(1, math.Abs(*want)) {
				missed++
				t.Logf("%s: %v (%v) f = %.10g, known %.10g", p.ID, r.Status, r.Reason, r.F, *want)
			}
		}
		if err := lines.Err(); err != nil || total == 0 {
			t.Fatal(total, err)
		}
		if missed > c.most {
			t.Errorf("%s: missed %d of %d", c.file, missed, total)
		}
	}
}
