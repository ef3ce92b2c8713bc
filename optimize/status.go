package optimize

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// A Status says why a run ended. Its String is a stable name that scripts may
// rely on; Result.Explain is for people.
type Status uint8

// The reasons for which runs end.
const (
	Running           Status = iota // the run goes on
	Converged                       // a stopping rule on gradient, step or change was met, and rightly
	IterationLimit                  // Stop.Iterations reached while still getting somewhere
	EvaluationLimit                 // Stop.Evaluations reached
	TimeLimit                       // Stop.Time or the context's deadline passed
	Cancelled                       // the context was cancelled
	StationaryStart                 // the gradient is zero at the start: plain descent does not move
	NoProgress                      // no lower point could be found, though the gradient is not small
	Bouncing                        // steps go back and forth without getting lower: the rate is too large
	Crawling                        // steps are tiny beside the way still to go: the rate is too small
	Diverging                       // values or steps grow without end: the rate is far too large
	LeftDomain                      // a step led to a point where f is undefined
	GradientUndefined               // f is defined where a step led, its gradient is not
	Unbounded                       // f fell to -Inf, or so low that it looks unbounded
	Receding                        // f keeps falling as x moves off: there may be no minimum
)

var statusNames = [...]string{
	Running:           "running",
	Converged:         "converged",
	IterationLimit:    "iteration-limit",
	EvaluationLimit:   "evaluation-limit",
	TimeLimit:         "time-limit",
	Cancelled:         "cancelled",
	StationaryStart:   "stationary-start",
	NoProgress:        "no-progress",
	Bouncing:          "bouncing",
	Crawling:          "crawling",
	Diverging:         "diverging",
	LeftDomain:        "left-domain",
	GradientUndefined: "gradient-undefined",
	Unbounded:         "unbounded",
	Receding:          "receding",
}

// String returns the stable name, as in "iteration-limit".
func (s Status) String() string {
	if int(s) < len(statusNames) {
		return statusNames[s]
	}
	return fmt.Sprintf("status-%d", uint8(s))
}

// Limit reports whether the run was ended from outside, by a limit of iterations,
// evaluations or time or by cancellation, and might have got further.
func (s Status) Limit() bool {
	return s == IterationLimit || s == EvaluationLimit || s == TimeLimit || s == Cancelled
}

// A Reason says which rule made a run Converged (or, where the rule was met
// without good cause, Crawling).
type Reason uint8

// The rules by which runs converge.
const (
	NoReason       Reason = iota
	GradientSmall         // the (projected) gradient is at most Stop.Grad
	StepSmall             // the last step is at most Stop.Step
	ChangeSmall           // the last change of f is at most Stop.Change
	AtRounding            // what could still be gained is below the rounding errors of f
	AtKink                // a kink, around which a direct search found no lower point
	AtPole                // f falls ever more steeply towards the point (with NoProgress)
	MethodFinished        // the method's own rule: a simplex, bracket or population has shrunk to a point
)

// String names the rule.
func (r Reason) String() string {
	switch r {
	case GradientSmall:
		return "gradient"
	case StepSmall:
		return "step"
	case ChangeSmall:
		return "change"
	case AtRounding:
		return "rounding"
	case AtKink:
		return "kink"
	case AtPole:
		return "pole"
	case MethodFinished:
		return "method"
	}
	return ""
}

// Explain says in one to three sentences why the run ended, with its figures and,
// where something is amiss, what to try.
func (r *Result) Explain() string {
	var b strings.Builder
	say := func(format string, a ...any) {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		fmt.Fprintf(&b, format, a...)
	}
	down, lower, extremum := "down", "lower", "minimum"
	if r.Maximised {
		down, lower, extremum = "up", "higher", "maximum"
	}
	grad := r.slope()
	switch r.Status {
	case Converged:
		if r.Method == "auto" {
			say("The best of %s.", count(r.Searches, "local search", "local searches"))
		}
		switch r.Reason {
		case GradientSmall:
			say("Converged after %s: the gradient is %.2g, within the tolerance.", count(r.Iterations, "iteration"), grad)
		case StepSmall:
			say("Converged after %s: the last step, %.2g, is within the tolerance.", count(r.Iterations, "iteration"), r.watched.lastStep)
		case ChangeSmall:
			say("Converged after %s: f changed by %.2g, within the tolerance.", count(r.Iterations, "iteration"), r.watched.lastChange)
		case AtRounding:
			say("Converged after %s: what is left to gain is smaller than the rounding errors of f.", count(r.Iterations, "iteration"))
		case AtKink:
			say("Converged after %s to a kink of f, where derivatives say little: a direct search found no %s point around it.", count(r.Iterations, "iteration"), lower)
		default:
			say("Converged after %s by the method's own rule.", count(r.Iterations, "iteration"))
		}
		if r.Reason != GradientSmall && r.Reason != AtKink && grad > 1e-3*math.Max(1, math.Abs(r.F)) {
			say("The gradient there is still %.2g: the point may be a kink, an end of the domain, or no minimum.", grad)
		}
	case StationaryStart:
		say("The gradient is zero at the start, so plain descent does not move.")
		wanted := Minimum
		if r.Maximised {
			wanted = Maximum
		}
		switch kind := r.Stationary.Kind; {
		case kind == wanted:
			say("The start is a local %s already.", kind)
		case r.Stationary.Leave != nil:
			say("The start is a %s: start a little beside it, for example at %s, or use the method newton, which leaves such points by itself.", kind, point(r.Stationary.Leave))
		default:
			say("The second derivatives there do not tell what kind of point it is: try another start.")
		}
	case IterationLimit:
		say("Stopped at the limit of %s before converging.", count(r.Iterations, "iteration"))
		if w := r.watched.remaining; w > 0 && !math.IsInf(w, 0) {
			say("At the pace of the last steps about %.2g of way is left.", w)
		} else if !math.IsNaN(grad) {
			say("The gradient is still %.2g.", grad)
		}
		if r.watched.turning {
			say("The steps go back and forth: allow more iterations, or use a smaller rate or a faster method.")
		} else {
			say("Allow more iterations, or use a larger rate or a faster method.")
		}
	case EvaluationLimit:
		say("Stopped at the limit of %s before converging; the best point so far is given.", count(r.Evaluations.Func, "evaluation"))
	case TimeLimit:
		say("Stopped when the time was up, after %s; the best point so far is given.", count(r.Iterations, "iteration"))
	case Cancelled:
		say("Cancelled after %s; the best point so far is given.", count(r.Iterations, "iteration"))
	case NoProgress:
		if r.Reason == AtPole {
			say("f goes %s ever more steeply towards %s, like a logarithm at 0 or a pole: it has probably no %s there. Set bounds that keep away from it.", down, point(r.X), extremum)
			break
		}
		say("No %s point can be found along the directions of the method, though the gradient is %.2g.", lower, grad)
		say("The point may be a kink, a jump or an edge of the domain, or f may be computed with large rounding errors; a derivative-free method (pattern, nelder-mead) or another start may tell.")
	case Bouncing:
		say("The steps go back and forth by %.3g without getting %s: the rate is too large.", r.watched.lastStep, lower)
		say("Try a rate ten times smaller or a schedule that lets it fall.")
	case Crawling:
		if r.Reason != NoReason {
			say("The rule on the %s was met only because the steps are so short.", r.Reason)
		}
		if w := r.watched.remaining; w > 0 && !math.IsInf(w, 0) {
			say("After %s the steps, now %.2g, have covered %.2g of way and about %.2g is left: the rate is too small.", count(r.Iterations, "iteration"), r.watched.lastStep, r.watched.travelled, w)
		} else {
			say("The steps are too short to move x at all: the rate is too small.")
		}
		say("Try a rate ten or a hundred times larger.")
	case Diverging:
		say("The steps grow instead of shrinking (the last is %.3g): the rate is too large for the curvature of f, or f has no %s there.", r.watched.lastStep, extremum)
		say("Try a rate ten times smaller.")
	case LeftDomain:
		say("Step %d led to %s, where f is undefined.", r.Last.N, point(r.Last.X))
		say("Try a smaller rate, bounds that keep to the domain, or a method with a line search.")
	case GradientUndefined:
		say("Step %d led to %s, where f has a value but no gradient (a kink or an edge of the domain).", r.Last.N, point(r.Last.X))
		say("Try another start or a derivative-free method.")
	case Unbounded:
		say("f goes %s without end: it is %.6g at %s.", down, r.F, point(r.X))
		say("Set bounds to look inside a region.")
	case Receding:
		say("f keeps going %s as x moves off; the search went as far as %s.", down, point(r.X))
		say("There may be no %s: f may be unbounded, or approach a limit that it does not attain. Set bounds to look inside a region.", extremum)
	default:
		say("The run has not ended.")
	}
	if r.Status == Converged && math.Abs(r.Last.F-r.F) > 1e-9*math.Max(1, math.Abs(r.F)) {
		say("That was at %s with f = %.6g; on the way f was %s, %.6g at %s.", point(r.Last.X), r.Last.F, lower, r.F, point(r.X))
	}
	if r.Undefined > 0 && r.Status != LeftDomain {
		say("f was undefined at %s tried on the way.", count(r.Undefined, "point"))
	}
	return b.String()
}

// slope returns the projected gradient at the last iterate, of -f after maximising;
// NaN where the method knows none.
func (r *Result) slope() float64 {
	g := r.Last.Grad
	if g == nil {
		return math.NaN()
	}
	if r.Maximised {
		g = slices.Clone(g)
		negate(g)
	}
	return projectedGradient(r.bounds, r.Last.X, g)
}

func count(n int, what ...string) string {
	if n == 1 {
		return "1 " + what[0]
	}
	if len(what) > 1 {
		return fmt.Sprintf("%d %s", n, what[1])
	}
	return fmt.Sprintf("%d %ss", n, what[0])
}

// point shows at most the first few coordinates.
func point(x []float64) string {
	const most = 6
	if len(x) == 1 {
		return fmt.Sprintf("%.6g", x[0])
	}
	var b strings.Builder
	b.WriteByte('(')
	for i, v := range x {
		if i > 0 {
			b.WriteString(", ")
		}
		if i == most {
			fmt.Fprintf(&b, "… %d in all", len(x))
			break
		}
		fmt.Fprintf(&b, "%.6g", v)
	}
	b.WriteByte(')')
	return b.String()
}
