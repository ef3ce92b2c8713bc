package cli

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
	"time"

	"nabla/expr"
	"nabla/optimize"
	"nabla/optimize/global"
	"nabla/optimize/plot"
)

// searchTime is how long a picture waits for the minimum to be proved.
const searchTime = 3 * time.Second

// extrema returns what is known of the minimum and the stationary points of f
// inside bounds, the flags' unless given; nil if nothing was found.
func extrema(ctx context.Context, q *question, f *expr.Formula, bounds []global.Bound) *global.Answer {
	p, err := problem(q, f)
	if err != nil || len(p.Vars) != len(f.Vars()) {
		return nil
	}
	if bounds != nil {
		p.Bounds = bounds
	}
	p.Max = bool(q.opt.ascend)
	limit := searchTime
	if q.opt.timeout > 0 {
		limit = min(limit, time.Duration(q.opt.timeout))
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	a, err := global.Solve(ctx, p, global.Options{Timeout: limit, Seed: uint64(q.opt.seed)})
	if err != nil {
		return nil
	}
	return a
}

// proved reports whether the minimum of a is one for sure.
func proved(a *global.Answer) bool {
	return a != nil && (a.Status == global.Exact || a.Status == global.Certified)
}

// tooMany is the number of stationary points from which on a picture of all of them
// shows none.
const tooMany = 40

// withOthers adds to a the other minimisers, and the local minima, that a search from
// many starts finds: of two variables the proof is about one minimiser, and a
// picture shows all.
func withOthers(ctx context.Context, q *question, f *expr.Formula, vars []string, bounds []optimize.Bound, a *global.Answer) *global.Answer {
	if !proved(a) || len(a.Minimisers) == 0 || hasFamily(a) || len(a.Stationary) > len(a.Minimisers) {
		return a
	}
	o, err := objective(f.Expr, vars, q.opt.gradient, bounds)
	if err != nil {
		return a
	}
	res, err := optimize.Auto(ctx, o, optimize.AutoOptions{
		Options: optimize.Options{Bounds: bounds, Maximise: bool(q.opt.ascend), Seed: uint64(q.opt.seed), Stop: optimize.Stop{Grad: 1e-9, Relative: true, Iterations: 500, Evaluations: 20000}},
		Kinks:   hasKinks(f.Expr),
	})
	if err != nil {
		return a
	}
	more := *a
	more.Minimisers = slices.Clone(a.Minimisers)
	more.Stationary = slices.Clone(a.Stationary)
	for _, m := range res.Minimisers {
		known := false
		for _, p := range more.Minimisers {
			d := 0.0
			for i, v := range p.X {
				d = math.Max(d, math.Abs(v-m.X[i])/math.Max(1, math.Abs(v)))
			}
			known = known || d < 1e-4
		}
		switch {
		case known || m.Stationary.Kind != optimize.Minimum && m.Stationary.Kind != optimize.Maximum:
		case math.Abs(m.F-a.Value) <= 1e-9*math.Max(1, math.Abs(a.Value)):
			more.Minimisers = append(more.Minimisers, global.Point{X: m.X})
		default:
			kind := "local minimum"
			if q.opt.ascend {
				kind = "local maximum"
			}
			more.Stationary = append(more.Stationary, global.Stationary{X: m.X, Value: m.F, Kind: kind})
		}
	}
	return &more
}

// families reports whether some point of a stands for many, or there are too many
// for one picture.
func families(a *global.Answer) bool { return len(a.Stationary) > tooMany || hasFamily(a) }

// hasFamily reports whether some point of a stands for many.
func hasFamily(a *global.Answer) bool {
	return slices.ContainsFunc(a.Minimisers, func(p global.Point) bool { return p.Family != "" }) ||
		slices.ContainsFunc(a.Stationary, func(p global.Stationary) bool { return p.Family != "" })
}

// prominent returns a, of one variable, without the stationary points that a picture
// does not show as such: of a wave that dies away, those in its tail.
func prominent(a *global.Answer) *global.Answer {
	if a == nil || hasFamily(a) || len(a.Stationary) < 4 {
		return a
	}
	points := slices.Clone(a.Stationary)
	slices.SortStableFunc(points, func(p, q global.Stationary) int { return cmp.Compare(p.X[0], q.X[0]) })
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, p := range points {
		if finite(p.Value) {
			lo, hi = math.Min(lo, p.Value), math.Max(hi, p.Value)
		}
	}
	// rise is how much higher or lower a point is than its neighbours; apart, how far.
	rise, apart := map[float64]float64{}, map[float64]float64{}
	for i, p := range points {
		apart[p.X[0]] = math.Inf(1)
		for _, k := range []int{i - 1, i + 1} {
			if k >= 0 && k < len(points) {
				rise[p.X[0]] = math.Max(rise[p.X[0]], math.Abs(p.Value-points[k].Value))
				apart[p.X[0]] = math.Min(apart[p.X[0]], math.Abs(p.X[0]-points[k].X[0]))
			}
		}
	}
	points = slices.DeleteFunc(points, func(p global.Stationary) bool { return rise[p.X[0]] < 2e-3*(hi-lo) })
	// Where not all can be marked, the boldest and the loneliest are.
	slices.SortStableFunc(points, func(p, q global.Stationary) int {
		if u, v := rise[p.X[0]], rise[q.X[0]]; math.Abs(u-v) > 1e-3*(hi-lo) {
			return cmp.Compare(v, u)
		}
		return cmp.Compare(apart[q.X[0]], apart[p.X[0]])
	})
	clear := *a
	clear.Stationary = points
	return &clear
}

// How many points of one kind are marked, and how many of them with a label: more
// would hide the picture.
const (
	mostMarks  = 12
	mostLabels = 6
)

// stationaryShapes are the marks of stationary points that are no minimisers, by their
// kind; what a kind that is not here has is a ring.
var stationaryShapes = map[string]plot.Shape{"saddle": plot.Cross, "local maximum": plot.Square}

// markPoints returns the marks for what was found, and notes it: on a curve with
// labels, on the plane with a name for each kind.
func (a *plotted) markPoints(q *question, found *global.Answer) []plot.Marks {
	if found == nil {
		return nil
	}
	list := []plot.Marks{a.markMinimisers(q, found)}
	const first = 1 // of the others in list
	marked := 0
	for _, p := range found.Stationary {
		if slices.ContainsFunc(found.Minimisers, func(m global.Point) bool { return samePoint(m.X, p.X) }) {
			continue
		}
		kind := p.Kind
		if kind == "" || kind == "undetermined" {
			kind = "stationary"
		}
		a.marks = append(a.marks, plotMark{p.X, p.Value, kind})
		if marked++; marked > mostMarks {
			continue
		}
		text, group := "", plot.Marks{Color: 6, Shape: plot.Ring}
		if len(p.X) > 1 {
			group.Name, group.Shape = kind, plot.Ring
			if shape, ok := stationaryShapes[kind]; ok {
				group.Shape = shape
			}
		} else if marked <= mostLabels {
			text = strings.NewReplacer("local maximum", "max", "local minimum", "min").Replace(kind) + " " + coordinates(p.X[0], p.Value)
		}
		k := first + slices.IndexFunc(list[first:], func(m plot.Marks) bool { return m.Name == group.Name })
		if k < first {
			k = len(list)
			list = append(list, group)
		}
		list[k].Points, list[k].Labels = append(list[k].Points, place2(p.X)), append(list[k].Labels, text)
	}
	return list
}

// markMinimisers returns the marks for the minimisers of found; after --ascend the
// maximisers.
func (a *plotted) markMinimisers(q *question, found *global.Answer) plot.Marks {
	marks := plot.Marks{Color: 2, Shape: plot.Dot}
	if found.Status == global.Constant || !found.Attained || math.IsInf(found.Value, 0) {
		return marks
	}
	row := 0
	if q.opt.ascend {
		row = 1
	}
	word := [2]string{"minimum", "maximum"}[row]
	switch {
	case a.local:
		word = [2]string{"lowest here", "highest here"}[row]
	case len(found.At) > 0 && !proved(found):
		word = [2]string{"lowest found", "highest found"}[row]
	}
	for i, p := range found.Minimisers {
		if i == mostMarks {
			break
		}
		text := ""
		switch {
		case i > 0:
		case len(p.X) == 1:
			text = word + " " + coordinates(p.X[0], found.Value)
		case len(found.Minimisers) == 1:
			text = word + " " + plot.Number(found.Value) + " at " + coordinates(p.X...)
		default:
			text = word + " " + plot.Number(found.Value)
		}
		marks.Points, marks.Labels = append(marks.Points, place2(p.X)), append(marks.Labels, text)
		kind := word
		if a.sure > 0 && i >= a.sure {
			kind += " (found, not proved)"
		}
		a.marks = append(a.marks, plotMark{p.X, found.Value, kind})
	}
	return marks
}

// samePoint reports whether two points are one but for rounding.
func samePoint(x, y []float64) bool {
	for i, v := range x {
		if math.Abs(v-y[i]) > 1e-7*math.Max(1, math.Abs(v)) {
			return false
		}
	}
	return true
}

// coordinates writes a point for a label, as in (1, 0.5).
func coordinates(x ...float64) string {
	parts := make([]string, len(x))
	for i, v := range x {
		parts[i] = plot.Number(v)
	}
	return "(" + strings.Join(parts, ", ") + ")"
}

func place2(x []float64) plot.Point {
	p := plot.Point{X: x[0]}
	if len(x) > 1 {
		p.Y = x[1]
	}
	return p
}
