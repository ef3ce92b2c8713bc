package cli

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/optimize"
	"nabla/optimize/oracle"
)

// automatic is the value of --rate that asks the oracle for one.
const automatic = "auto"

// A forecast is what the oracle says of a walk, and beside it what the walk did.
type forecast struct {
	oracle.Prediction
	vars   []string
	swings bool // a velocity makes single steps longer and shorter
	// inside says that the walk stayed in the region of the prediction.
	inside bool
	// factor is the mean ratio of the lengths of the last steps; NaN when there
	// were too few.
	factor float64

	last    []float64 // the iterate before
	lengths [8]float64
	n       int
}

// sight returns the oracle for a formula in vars; where it is to be maximised, for
// its negative.
func sight(f *expr.Formula, vars []string, ascend bool) (*oracle.Oracle, error) {
	e := f.Expr
	if ascend {
		p := expr.NewPool()
		e = p.Make(expr.Neg, p.Import(e))
	}
	return oracle.New(e, vars)
}

func enclosures(bounds []optimize.Bound) []interval.I {
	var out []interval.I
	for _, b := range bounds {
		out = append(out, interval.New(b.Lo, b.Hi))
	}
	return out
}

// automaticRate returns q with the rate of the oracle in the place of auto.
func automaticRate(q *question, f *expr.Formula, vars []string, start []float64, bounds []optimize.Bound) (*question, error) {
	if string(q.opt.rate) != automatic {
		return q, nil
	}
	no := func(why string) error {
		return inFlag("rate", &failure{exit: exitNo, msg: "no rate can be derived: " + why, hint: "give one, as --rate 0.1"})
	}
	o, err := sight(f, vars, bool(q.opt.ascend))
	if err != nil {
		return nil, no("the formula has too many second derivatives")
	}
	rate, _, ok := o.Auto(start, enclosures(bounds))
	if !ok {
		return nil, no("the curvature of the formula has no upper bound near the start, or it bends upward nowhere")
	}
	opt := *q.opt
	opt.rate = word(strconv.FormatFloat(rate, 'g', -1, 64))
	one := *q
	one.opt = &opt
	return &one, nil
}

// foresee asks the oracle about a walk; nil where it has nothing to say.
func foresee(f *expr.Formula, vars []string, m optimize.Method, opt *optimize.Options) *forecast {
	q := oracle.Question{Start: opt.Start, Bounds: enclosures(opt.Bounds), Tolerance: opt.Stop.Grad, Relative: opt.Stop.Relative, Change: opt.Stop.Change, Limit: opt.Stop.Iterations}
	var rate optimize.Rate
	switch m := m.(type) {
	case optimize.GradientDescent:
		rate = m.Rate
	case optimize.Momentum:
		rate, q.Momentum = m.Rate, m.Momentum
	default:
		return nil
	}
	t, fixed := rate.(optimize.Constant)
	if !fixed {
		return nil
	}
	q.Rate = float64(t)
	o, err := sight(f, vars, opt.Maximise)
	if err != nil {
		return nil // the Hessian is too large
	}
	c := &forecast{Prediction: o.Predict(q), vars: vars, swings: q.Momentum > 0, inside: true, factor: math.NaN()}
	if opt.Maximise {
		// The oracle was asked about the negative.
		c.Why = uphill.Replace(c.Why)
	}
	return c
}

var uphill = strings.NewReplacer("minimiser", "maximiser", "minimum", "maximum", "falls", "rises", "convex", "concave", "f''", "-f''", "of curvature", "of curvature, turned over,")

// note takes an iterate of the walk.
func (c *forecast) note(it optimize.Iterate) {
	if c == nil {
		return
	}
	if c.Curvature != nil {
		for i, x := range it.X {
			c.inside = c.inside && (c.Curvature.Everywhere || c.Curvature.Region[i].Has(x))
		}
	}
	if c.last == nil {
		c.last = append([]float64(nil), it.X...)
		return
	}
	length := 0.0
	for i, x := range it.X {
		length = math.Hypot(length, x-c.last[i])
		c.last[i] = x
	}
	c.lengths[c.n%len(c.lengths)] = length
	c.n++
}

// settle measures the factor.
func (c *forecast) settle() {
	m := min(c.n, len(c.lengths))
	if m < 2 || c.swings {
		return
	}
	last, first := c.lengths[(c.n-1)%len(c.lengths)], c.lengths[(c.n-m)%len(c.lengths)]
	if r := math.Pow(last/first, 1/float64(m-1)); last > 0 && first > 0 && finite(r) {
		c.factor = r
	}
}

// held reports whether the fact is as predicted, and whether that can be said.
func (c *forecast) held(s optimize.Status) (held, known bool) {
	switch c.Verdict {
	case oracle.Converge:
		switch s {
		case optimize.Converged, optimize.StationaryStart, optimize.IterationLimit, optimize.Crawling, optimize.TimeLimit, optimize.Cancelled:
			return true, true
		}
		return false, true
	case oracle.Crawl:
		return s == optimize.Crawling || s == optimize.Bouncing && c.Alternating || s == optimize.IterationLimit || s == optimize.TimeLimit || s == optimize.Cancelled || s == optimize.Converged, true
	case oracle.Oscillate:
		return s == optimize.Bouncing || s == optimize.IterationLimit || s == optimize.TimeLimit || s == optimize.Cancelled, true
	case oracle.Diverge:
		return s != optimize.Converged && s != optimize.StationaryStart, true
	case oracle.Stationary:
		return s == optimize.StationaryStart, true
	}
	return false, false
}

// writeBefore writes what is known before the walk.
func (c *forecast) writeBefore(t *text) {
	if c == nil {
		return
	}
	if k := c.Curvature; k != nil && k.L() > 0 && !math.IsInf(k.L(), 1) {
		where := "everywhere"
		if !k.Everywhere {
			where = "for " + c.where(t)
		}
		s := fmt.Sprintf("curvature at most L = %s %s: rates up to 1/L = %s are safe, beyond 2/L = %s", t.num(k.L()), where, t.num(k.Safe()), t.num(k.Limit()))
		if k.Sharp {
			s += " steps grow"
		} else {
			s += " steps may grow"
		}
		if cond := k.Condition(); !math.IsInf(cond, 1) && len(c.vars) > 1 {
			s += "; condition number " + t.num(cond)
		}
		t.line(s)
	}
	s := "predicted: " + string(c.Verdict)
	if c.Prediction.Iterations > 0 {
		s += fmt.Sprintf(", at most %s to the tolerance", stepCount(c.Prediction.Iterations))
	}
	if c.Why != "" {
		s += " (" + c.Why + ")"
	}
	t.line(s)
}

// where describes the region.
func (c *forecast) where(t *text) string {
	s := ""
	for i, x := range c.Curvature.Region {
		if i == 4 {
			return s + " …"
		}
		if s != "" {
			s += ", "
		}
		s += fmt.Sprintf("%s from %s to %s", c.vars[i], t.num(x.Lo), t.num(x.Hi))
	}
	return s
}

// fact is a sentence that sets the fact beside the prediction, "" where there is
// nothing to compare.
func (c *forecast) fact(t *text, r *optimize.Result) string {
	if c == nil {
		return ""
	}
	held, known := c.held(r.Status)
	switch {
	case !known && !c.inside:
		return "fact: " + r.Status.String() + "; the walk left the region that was looked at"
	case !known:
		return ""
	}
	s := "fact: " + r.Status.String() + " after " + stepCount(r.Iterations)
	if !math.IsNaN(c.factor) {
		s += ", the last by a factor of " + t.num(c.factor)
	}
	if held {
		return s + ", as predicted"
	}
	return s + ", against the prediction"
}

func stepCount(n int) string {
	if n == 1 {
		return "1 step"
	}
	return strconv.Itoa(n) + " steps"
}

// A predictionRecord is a forecast in JSON.
type predictionRecord struct {
	Verdict    string          `json:"verdict"`
	Rate       jsonNumber      `json:"rate"`
	Factor     *jsonNumber     `json:"factor,omitempty"`
	Alternates bool            `json:"alternating"`
	Iterations int             `json:"iterations,omitempty"`
	Largest    *jsonNumber     `json:"largest_curvature,omitempty"`
	Smallest   *jsonNumber     `json:"smallest_curvature,omitempty"`
	Safe       *jsonNumber     `json:"safe_rate,omitempty"`
	Limit      *jsonNumber     `json:"diverges_beyond,omitempty"`
	Condition  *jsonNumber     `json:"condition,omitempty"`
	Region     *namedIntervals `json:"region,omitempty"`
	Everywhere bool            `json:"everywhere"`
	Why        string          `json:"why"`
	Observed   struct {
		Factor *jsonNumber `json:"factor,omitempty"`
		Inside bool        `json:"inside_region"`
		Agrees *bool       `json:"agrees,omitempty"`
	} `json:"observed"`
}

func (c *forecast) record(r *optimize.Result) *predictionRecord {
	if c == nil {
		return nil
	}
	number := func(v float64) *jsonNumber {
		if math.IsNaN(v) {
			return nil
		}
		n := jsonNumber(v)
		return &n
	}
	p := &predictionRecord{Verdict: string(c.Verdict), Rate: jsonNumber(c.Rate), Factor: number(c.Prediction.Factor), Alternates: c.Alternating, Iterations: c.Prediction.Iterations, Why: c.Why}
	if k := c.Curvature; k != nil {
		p.Largest, p.Smallest = number(k.High), number(k.Low)
		if k.L() > 0 {
			p.Safe, p.Limit, p.Condition = number(k.Safe()), number(k.Limit()), number(k.Condition())
		}
		p.Everywhere = k.Everywhere
		if !k.Everywhere {
			p.Region = &namedIntervals{names: c.vars}
			for _, x := range k.Region {
				p.Region.values = append(p.Region.values, [2]jsonNumber{jsonNumber(x.Lo), jsonNumber(x.Hi)})
			}
		}
	}
	p.Observed.Factor, p.Observed.Inside = number(c.factor), c.inside
	if held, known := c.held(r.Status); known {
		p.Observed.Agrees = &held
	}
	return p
}
