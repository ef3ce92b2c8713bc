// Package minimum says what is known about the least value of a formula: the types that the
// questions of one variable, those of several, and their certificates have in common.
package minimum

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/optimize/global/certificate"
)

// A Bound limits a variable to [Lo, Hi]. The ends are constant formulas, such
// as -2*pi, and exact; an end that is not Valid is no limit. LoOpen and HiOpen
// leave the end itself out: Lo < x.
type Bound struct {
	Lo, Hi         expr.Expr
	LoOpen, HiOpen bool
}

// A Status says how much is known.
type Status = certificate.Status

const (
	Exact       = certificate.Exact       // closed form, proved to be the global minimum
	Certified   = certificate.Certified   // proved to be global, enclosed in an interval
	Unbounded   = certificate.Unbounded   // no lower bound: see Witness
	NotAttained = certificate.NotAttained // Value is the infimum and no point has it: see Approached
	Local       = certificate.Local       // the best found, not proved to be global: Warnings say why
	Constant    = certificate.Constant    // the same value everywhere on the domain
	EmptyDomain = certificate.Empty       // proved: no point of the domain satisfies the constraints
	Failed      = certificate.Failed      // nothing was found
)

// An Answer is what is known about the minimum of a formula. For a maximum all
// values are those of the formula as it was given, and "least" reads "greatest".
type Answer struct {
	Status Status
	Vars   []string

	// The minimum: a point, the value there, and whether the value is attained.
	At       []float64
	Value    float64
	Attained bool
	// ExactAt and ExactValue are closed forms, where there are some: proved by
	// substitution, not recognised from digits. ExactAt is nil or as long as
	// Vars; an entry that is not Valid has no closed form.
	ExactAt    []expr.Expr
	ExactValue expr.Expr
	// Enclosure holds intervals in which the minimiser (one of them, if there
	// are several) and the minimum are proved to lie; nil where not proved.
	Enclosure *Enclosure
	// GradientNorm is the largest |∂f/∂x_i| at At, over the variables that are
	// not held by a bound.
	GradientNorm float64

	Minimisers []Point // all that are known, At being the first
	// MinimisersComplete says that the list of minimisers is proved to be all
	// of them (families count as all their members).
	MinimisersComplete bool
	Stationary         []Stationary // all stationary points found, in the order of the first variable
	StationaryComplete bool         // proved to be all of them

	Domain  string   // "all real x", "x > 3"
	Proof   []string // one sentence a step, for a student
	Witness *Witness // for Unbounded
	// Approached says where the infimum is approached: "x → -∞", "x → 0+".
	Approached string

	Active      []Active // constraints that hold with equality at At
	Method      string
	Evaluations Evaluations
	Warnings    []string
	Limited     bool                     // the time, or the work that it allows, ended the search
	Certificate *certificate.Certificate // when asked for

	// Argument holds the parts of the proof that are not sentences: Certificate is made of it.
	Argument Argument
}

// An Argument is what the steps of a proof rest on. Most answers have few of the fields.
type Argument struct {
	Outline     *Outline                   // of a function of one variable
	Path        []expr.Expr                // along which an infimum is approached
	Multipliers [][]certificate.Multiplier // of the constraints, at one solution or several
	Supports    []certificate.Support      // where the function is convex
	Reduction   *certificate.Reduction     // to other claims
	Squares     *certificate.SumOfSquares  // a bound by a sum of squares
	Outside     *certificate.SumOfSquares  // a bound outside a ball
	// BesideInfimum says that the lower end of the enclosure is the infimum, such as the minimum on the closure of the region, and that it is open whether a
	// point has it.
	BesideInfimum bool
}

// An Outline is the division of the line by which a function of one variable was studied.
type Outline struct {
	Breaks     []expr.Expr  // where the line was cut
	Period     expr.Expr    // of the function, not Valid for none
	Stationary []interval.I // where f' = 0
}

// An Enclosure is a box and an interval.
type Enclosure struct {
	At    []interval.I
	Value interval.I
}

// A Point is a minimiser.
type Point struct {
	X     []float64
	Exact []expr.Expr // nil, or as long as X
	// Family is empty for a single point. For a periodic function it describes
	// all minimisers that X stands for: "x = -pi/2 + 2*pi*k"; for a continuum,
	// the set: "x = y".
	Family string

	Hull    interval.I // of a function of one variable: where it lies
	Repeats Repeats    // the members of the family
}

// A Stationary is a point where the gradient vanishes, or where f has a kink or
// an end that is a local extremum.
type Stationary struct {
	X     []float64
	Exact []expr.Expr
	Value float64
	// ExactValue is the closed form of Value, where there is one; without Drift.
	ExactValue expr.Expr
	// Kind is "local minimum", "local maximum", "saddle", "inflection", "flat"
	// or "undetermined".
	Kind   string
	Proved bool // the kind is proved and not only what the Hessian suggests
	Family string

	Hull    interval.I
	Repeats Repeats
	Drift   expr.Expr // what is added to Value after k steps of Repeats, a formula in k; not Valid for nothing
	Along   expr.Expr // the value after k steps, a formula in k, where it is no such sum; not Valid for a value that is repeated
}

// Repeats says for which k a place X of one variable stands for X + Step k.
type Repeats struct {
	Step   expr.Expr // not Valid for a single place
	Width  float64   // Step to float64
	Lo, Hi *int64    // the least and the greatest k, nil where there is none
}

// A Witness shows that f is unbounded below: the values fall without end along
// the points.
type Witness struct {
	Path   []expr.Expr // the variables as formulas in t, for t → ∞: x = -t, y = t
	Points [][]float64
	Values []float64
	Why    string // "x^3 → -∞ as x → -∞"
	// Whole says that t goes through the whole numbers only: between them, f may rise.
	Whole bool
}

// Runs says how t goes along the path.
func (w *Witness) Runs() string {
	if w.Whole {
		return ", t = 1, 2, 3, …"
	}
	return " as t → ∞"
}

// Show adds a point to the witness, unless rounding has left no value there: far out,
// terms overflow or underflow.
func (w *Witness) Show(x []float64, f float64) {
	if !math.IsNaN(f) && !math.IsInf(f, 0) || len(w.Points) == 0 {
		w.Points, w.Values = append(w.Points, x), append(w.Values, f)
	}
}

// An Active constraint holds with equality at the minimum. The gradient of f is minus the sum of
// the multipliers times the gradients of the constraints, written as g ≤ 0 and g = 0, but in
// variables that a bound holds. NaN stands for none: there need not be any at a kink, or where the
// gradients of the constraints vanish or depend on each other, as at a cusp of the region.
type Active struct {
	Constraint string
	Multiplier float64
}

// Evaluations counts the work.
type Evaluations struct{ F, Gradient, Hessian, Boxes int }

// Shown returns the float64 to show for an enclosure: 0 if that is in it, its
// midpoint otherwise, and ±Inf for a value that is past the range of float64.
func Shown(v interval.I) float64 {
	const huge = math.MaxFloat64 / 2 // less than this may be left of what overflows
	switch {
	case v.Lo >= huge && math.IsInf(v.Hi, 1):
		return math.Inf(1)
	case v.Hi <= -huge && math.IsInf(v.Lo, -1):
		return math.Inf(-1)
	case v.Has(0):
		return 0
	}
	return v.Mid()
}

// NotTight is why an answer with a wide enclosure is none.
const NotTight = "the value could not be enclosed tightly"

// Tight reports whether v is an enclosure that tells a value.
func Tight(v interval.I) bool { return v.IsBounded() && v.Width() <= 1e-6*math.Max(1, v.Mag()) }

var nameOfF = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\bf\b`) })

// Called returns a sentence of a proof about f as one about the function of that name.
func Called(sentence, name string) string { return nameOfF().ReplaceAllString(sentence, name) }

// NameFor returns a name for the function that sentences of a proof call f: g, or the next of g2,
// g3, … that neither they nor the variables have.
func NameFor(sentences, vars []string) string {
	all := strings.Join(sentences, "\n")
	for k := 1; ; k++ {
		name := "g"
		if k > 1 {
			name += strconv.Itoa(k)
		}
		taken := strings.Contains(all, name) && regexp.MustCompile(`\b`+name+`\b`).MatchString(all)
		if !taken && !slices.Contains(vars, name) {
			return name
		}
	}
}
