package global

import (
	"nabla/expr"
	"nabla/expr/interval"
	"nabla/optimize/global/certificate"
	"nabla/optimize/global/internal/exact"
)

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
	Certificate *certificate.Certificate // when asked for

	outline     *outline                  // for the certificate of a function of one variable
	path        []expr.Expr               // for the certificate of an infimum, along which it is approached
	multipliers []certificate.Multiplier  // for the certificate under constraints
	reduction   *certificate.Reduction    // for the certificate of what follows from other claims
	squares     *certificate.SumOfSquares // for the certificate of a bound by a sum of squares
	outside     *certificate.SumOfSquares // for the certificate of a bound outside a ball
	// For substitutions in functions of one variable: where the infimum is
	// approached and from which side (+1 from below), whether f is defined
	// everywhere between the bounds, and what these are.
	approach     *exact.Spot
	approachSide int
	everywhere   bool
	between      string
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

	hull    interval.I // of a function of one variable: where it lies
	repeats repeats    // for which k it stands for X + P k
}

// A Stationary is a point where the gradient vanishes, or where f has a kink or
// an end that is a local extremum.
type Stationary struct {
	X     []float64
	Exact []expr.Expr
	Value float64
	// Kind is "local minimum", "local maximum", "saddle", "inflection", "flat"
	// or "undetermined".
	Kind   string
	Proved bool // the kind is proved and not only what the Hessian suggests
	Family string

	hull    interval.I
	repeats repeats
}

// A Witness shows that f is unbounded below: the values fall without end along
// the points.
type Witness struct {
	Path   []expr.Expr // the variables as formulas in t, for t → ∞: x = -t, y = t
	Points [][]float64
	Values []float64
	Why    string // "x^3 → -∞ as x → -∞"

	// For a function of one variable that falls without end however x goes there:
	// where, and from which side (+1 from below).
	end  *exact.Spot
	side int
}

// show adds a point to the witness, unless rounding has left no value there: far out,
// terms overflow or underflow.
func (w *Witness) show(x []float64, f float64) {
	if finite(f) || len(w.Points) == 0 {
		w.Points, w.Values = append(w.Points, x), append(w.Values, f)
	}
}

// An Active constraint holds with equality at the minimum.
type Active struct {
	Constraint string
	Multiplier float64
}

// Evaluations counts the work.
type Evaluations struct{ F, Gradient, Hessian, Boxes int }
