package trace

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"

	"nabla/expr"
	"nabla/optimize"
)

func walk(t *testing.T, method string, r *Recorder, iterations int) *Trace {
	t.Helper()
	e := expr.MustParse("(1-x)^2 + 100(y-x^2)^2")
	o, err := optimize.FromFormula(e, []string{"x", "y"})
	if err != nil {
		t.Fatal(err)
	}
	row, _ := optimize.Lookup(method)
	r.Trace = Trace{Formula: e.String(), Variables: []string{"x", "y"}, Method: method}
	res, err := optimize.Minimize(context.Background(), r.Objective(o), row.New(), optimize.Options{
		Start: []float64{-1, 1}, Stop: optimize.Stop{Grad: 1e-8, Iterations: iterations}, Trace: r.Note,
	})
	if err != nil {
		t.Fatal(err)
	}
	got := r.Done()
	if got.Last().K != res.Iterations || got.Last().F != res.Last.F {
		t.Errorf("%s: the last iterate is %+v, the result has %d iterations", method, got.Last(), res.Iterations)
	}
	return got
}

// What is written is read back, in both forms, digit by digit.
func TestRoundTrip(t *testing.T) {
	traces := []*Trace{
		walk(t, "bfgs", new(Recorder), 100), walk(t, "nelder-mead", new(Recorder), 20), walk(t, "newton", new(Recorder), 100),
		{Formula: `x[1,2] "q"`, Variables: []string{"x[1,2]", "α"}, Method: "gd", Iterates: []Iterate{
			{K: 0, X: []float64{0.1, -1e-300}, F: math.Inf(1), Gradient: []float64{1e300, math.Inf(-1)}, Step: 0.1},
			{K: 7, X: []float64{math.MaxFloat64, 5e-324}, F: -3, Step: 1e-5, Evaluations: 9},
		}},
	}
	for _, want := range traces {
		for _, format := range []Format{CSV, JSONLines} {
			var buf bytes.Buffer
			if err := want.Write(&buf, format); err != nil {
				t.Fatal(err)
			}
			got, err := Read(&buf, format)
			if err != nil {
				t.Fatalf("%s: %v", want.Method, err)
			}
			w := *want
			if format == CSV {
				w.Formula, w.Method = "", ""
			}
			if !reflect.DeepEqual(got, &w) {
				t.Errorf("%s: read back as\n%+v, want\n%+v", want.Method, got, &w)
			}
		}
	}
}

func TestNaN(t *testing.T) {
	tr := &Trace{Variables: []string{"x"}, Iterates: []Iterate{{X: []float64{1}, F: math.NaN(), Gradient: []float64{2}}}}
	for _, format := range []Format{CSV, JSONLines} {
		var buf bytes.Buffer
		if err := tr.Write(&buf, format); err != nil {
			t.Fatal(err)
		}
		got, err := Read(&buf, format)
		if err != nil || !math.IsNaN(got.Iterates[0].F) || got.Iterates[0].Gradient[0] != 2 {
			t.Errorf("format %d: %+v, %v", format, got, err)
		}
	}
}

// What no writer has written is an error that names the line.
func TestReadErrors(t *testing.T) {
	for _, c := range []struct {
		format     Format
		text, want string
	}{
		{CSV, "", "empty"},
		{CSV, "a,b\n", "line 1"},
		{CSV, "k,x,f,df/dx,step,evaluations\n0,1,2,3,4,5\n1,z,2,3,4,5\n", `line 3, column 3: "z" is no number`},
		{CSV, "k,x,f,df/dx,step,evaluations\n0,1\n", "line 2"},
		{JSONLines, "", "line 1"},
		{JSONLines, `{"k":0,"at":{"x":1}}`, "variables"},
		{JSONLines, `{"variables":["x"]}` + "\n" + `{"k":0,"at":{"y":1}}`, "line 2: x has no value"},
		{JSONLines, `{"variables":["x"]}` + "\n" + `{"k":0,"at":{"x":"one"}}`, "line 2"},
	} {
		if _, err := Read(strings.NewReader(c.text), c.format); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v, want %q in it", c.text, err, c.want)
		}
	}
}

// Thinned walks keep their start and their end, and no more than asked for.
func TestThin(t *testing.T) {
	all := walk(t, "adam", &Recorder{}, 1000)
	for _, n := range []int{2, 3, 10, 40, 333, 5000} {
		thin := all.Thin(n)
		if len(thin.Iterates) > n || len(thin.Iterates) < 2 && len(all.Iterates) > 1 {
			t.Errorf("%d of %d iterates, want at most %d", len(thin.Iterates), len(all.Iterates), n)
		}
		if !reflect.DeepEqual(thin.Last(), all.Last()) {
			t.Errorf("Thin(%d) ends at k = %d", n, thin.Last().K)
		}
	}
	few := walk(t, "adam", &Recorder{Most: 40}, 1000)
	if n := len(few.Iterates); n > 41 || n < 15 || few.Iterates[0].K != 0 {
		t.Errorf("%d iterates from %d to %d", n, few.Iterates[0].K, few.Last().K)
	}
}

// Evaluations are counted, grow, and are what the result of the run says.
func TestEvaluations(t *testing.T) {
	for _, method := range []string{"gd", "bfgs", "lbfgsb", "nelder-mead", "newton"} {
		r := new(Recorder)
		tr := walk(t, method, r, 60)
		for i := 1; i < len(tr.Iterates); i++ {
			if tr.Iterates[i].Evaluations < tr.Iterates[i-1].Evaluations {
				t.Errorf("%s: evaluations fall at iterate %d", method, i)
			}
		}
		if n := tr.Last().Evaluations; n < len(tr.Iterates)/2 || n > r.Evaluations() {
			t.Errorf("%s: %d evaluations for %d iterates", method, n, len(tr.Iterates))
		}
	}
}

// The wrapped objective can do what the objective can, and no more.
func TestObjectiveKinds(t *testing.T) {
	f := func(x []float64) float64 { return x[0] * x[0] }
	o, err := optimize.FromFormula(expr.MustParse("x^2"), []string{"x"})
	if err != nil {
		t.Fatal(err)
	}
	for name, o := range map[string]optimize.Objective{"difference": optimize.New(1, f, nil, nil), "formula": o} {
		c := new(Recorder).Objective(o)
		_, a := o.(optimize.FuncGrader)
		_, b := c.(optimize.FuncGrader)
		_, p := o.(optimize.Hessianer)
		_, q := c.(optimize.Hessianer)
		if a != b || p != q || c.Dim() != 1 {
			t.Errorf("%s: value with gradient %v and %v, Hessian %v and %v", name, a, b, p, q)
		}
	}
}

func ExampleRecorder() {
	o, _ := optimize.FromFormula(expr.MustParse("x^2"), []string{"x"})
	r := &Recorder{Trace: Trace{Formula: "x^2", Variables: []string{"x"}, Method: "gd"}}
	optimize.Minimize(context.Background(), r.Objective(o), optimize.GradientDescent{Rate: optimize.Constant(0.25)},
		optimize.Options{Start: []float64{1}, Stop: optimize.Stop{Iterations: 2}, Trace: r.Note})
	var b strings.Builder
	r.Done().Write(&b, CSV)
	fmt.Print(b.String())
	// Output:
	// k,x,f,df/dx,step,evaluations
	// 0,1,1,2,0.25,1
	// 1,0.5,0.25,1,0.25,2
	// 2,0.25,0.0625,0.5,0.25,3
}

// An objective of rows keeps its rows when it is counted, and all rows together count
// as one gradient.
func TestCountedRows(t *testing.T) {
	o, err := optimize.FromSum(expr.MustParse("sum((x - i)^2, i, 1, 10)"), []string{"x"})
	if err != nil {
		t.Fatal(err)
	}
	var rec Recorder
	res, err := optimize.Minimize(context.Background(), rec.Objective(o), optimize.SGD{Rate: optimize.Constant(0.01), Batch: 3}, optimize.Options{Start: []float64{0}, Stop: optimize.Stop{Iterations: 5}})
	if err != nil || res.Iterations != 5 {
		t.Fatalf("%+v, %v", res, err)
	}
	// A value with its gradient an epoch and at the start, and the rows once an epoch.
	if n := rec.Evaluations(); n != 11 {
		t.Errorf("%d evaluations, want 11", n)
	}
}
