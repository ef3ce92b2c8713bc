package plot

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/diff/fd"
)

// A Run is a descent as far as cost curves need it: the value at each iterate
// and how many evaluations it had taken by then.
type Run struct {
	Name        string
	Values      []float64
	Iterations  []int // the number of each, nil for 0, 1, 2, …
	Evaluations []int // nil, or as long as Values
	Color       int   // number in the palette; used if any Run of a picture has one
	Faint       bool
}

// Cost draws the value against the iteration, or against the evaluations. Where
// best is known and all values lie above it, it draws the distance to it on a
// logarithmic axis; likewise where all values are positive and span a factor of
// a hundred.
func Cost(runs []Run, best float64, byEvaluations bool) *Figure {
	f := &Figure{Title: "cost per iteration", X: Axis{Label: "iteration"}, Y: Axis{Label: "f"}}
	if byEvaluations {
		f.Title, f.X.Label = "cost per evaluation", "evaluations of f and its gradient"
	}
	lo, hi := math.Inf(1), math.Inf(-1)
	first := math.Inf(-1)
	for _, r := range runs {
		if len(r.Values) > 0 && !math.IsInf(r.Values[0], 0) {
			first = max(first, r.Values[0])
		}
		for _, v := range r.Values {
			if !math.IsNaN(v) && !math.IsInf(v, 0) {
				lo, hi = min(lo, v), max(hi, v)
			}
		}
	}
	base := 0.0
	switch {
	case lo >= best-1e-9*math.Max(1, math.Abs(best)) && hi > best:
		base = math.Min(best, lo) // a minimum has its rounding errors
		f.Y.Log, f.Y.Label = true, "f − minimum"
		if base == 0 {
			f.Y.Label = "f"
		}
	case lo > 0 && hi/lo > 100:
		f.Y.Log = true
	case lo < hi:
		// Nothing better is known than the lowest of all.
		base = lo
		f.Y.Log, f.Y.Label = true, "f − lowest found"
	}
	colored := slices.ContainsFunc(runs, func(r Run) bool { return r.Color != 0 })
	for k, r := range runs {
		var piece []Point
		for i, v := range r.Values {
			x := float64(i)
			if r.Iterations != nil {
				x = float64(r.Iterations[i])
			}
			if byEvaluations && r.Evaluations != nil {
				x = float64(r.Evaluations[i])
			}
			y := v - base
			if math.IsNaN(y) || math.IsInf(y, 0) || f.Y.Log && y <= 0 {
				continue
			}
			piece = append(piece, Point{x, y})
		}
		if !colored {
			r.Color = k
		}
		// Past the end of the palette colours repeat, dashed.
		dashed := r.Color/len(Light.Palette)%2 == 1
		f.Layers = append(f.Layers, Line{Name: r.Name, Pieces: [][]Point{piece}, Color: r.Color, Faint: r.Faint, Dashed: dashed})
	}
	// A run that diverges leaves the picture and does not flatten the others.
	x, y := f.Ends()
	if top := 1e4 * (first - base); f.Y.Log && y.Max > top && first > base {
		f.X, f.Y = x, y
		f.Y.Min, f.Y.Max = f.lowest()/2, top
	}
	return f
}

// lowest returns the lowest value of all lines.
func (f *Figure) lowest() float64 {
	lo := math.Inf(1)
	for _, l := range f.Layers {
		for _, piece := range l.(Line).Pieces {
			for _, p := range piece {
				lo = min(lo, p.Y)
			}
		}
	}
	return lo
}

// Differences draws the relative error of forward and central difference
// quotients of f at x, or the error itself where the derivative is 0, against the step: the V of truncation error, which falls
// with the step, and of rounding error, which grows as it falls. slope is the
// exact derivative.
func Differences(f func(float64) float64, slope, x float64) *Figure {
	fig := &Figure{
		Title: "difference quotients against the exact derivative",
		X:     Axis{Label: "step h", Log: true}, Y: Axis{Label: "relative error", Log: true},
	}
	if slope == 0 {
		fig.Y.Label = "error"
	}
	for k, formula := range []struct {
		name string
		fd   fd.Formula
	}{{"forward (f(x+h) − f(x))/h", fd.Forward}, {"central (f(x+h) − f(x−h))/2h", fd.Central}} {
		var piece []Point
		for e := -16.0; e <= 0; e += 0.1 {
			h := math.Pow(10, e)
			d := fd.Derivative(f, x, &fd.Settings{Formula: formula.fd, Step: h})
			err := math.Abs(d - slope)
			if slope != 0 {
				err /= math.Abs(slope)
			}
			if err > 0 && !math.IsInf(err, 0) {
				piece = append(piece, Point{h, err})
			}
		}
		if len(piece) == 0 {
			formula.name += ": no error"
		}
		fig.Layers = append(fig.Layers, Line{Name: formula.name, Pieces: [][]Point{piece}, Color: k})
	}
	return fig
}
