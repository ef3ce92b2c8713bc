package verify

import "nabla/optimize/global/certificate"

// An Argument is a way in which a claim is proved, and checked again.
type Argument struct {
	Kind   string // of a reduction of certificate; otherwise the field that holds the argument
	Says   string // what is checked
	Source string // where the argument is explained

	reduce func(*verifier, *certificate.Reduction) reduced // nil for what is no reduction
}

// arguments is set below: the checks of reductions ask for those of their parts.
var arguments []Argument

func init() {
	arguments = []Argument{
		{Kind: "point", Says: "the value is taken at the point, which satisfies all conditions: by enclosures, and in closed form by algebra; under equations, at a point near it that an interval Newton method proves to be there, or in simple numbers; or at one near it that a point of a part gives",
			Source: "Moore, Kearfott and Cloud, Introduction to Interval Analysis, 2009, section 8.1"},
		{Kind: "tree", Says: "nothing is lower in any of the boxes: each has no point of the region or none that is lower, as its parts or a linear program show, a lower bound by the natural, mean value or second-order form or by a tangent plane of a convex function, or f rises or falls through it or is nowhere stationary; in place of a box on which f is concave in a variable its two ends do; what is cut off has such a bound, or f falls through it towards the rest",
			Source: "Hansen and Walster, Global Optimization Using Interval Analysis, 2nd ed. 2004; Neumaier and Shcherbina, Safe bounds in linear and mixed-integer linear programming, 2004"},
		{Kind: "exact_point", Says: "without any tolerance nothing is lower in the boxes round the point: there f rises from bounds, and is convex in the other variables together with derivatives that are 0 at the point by algebra", Source: ""},
		{Kind: "attained", Says: "an enclosed least value is taken: low values lie in compact sets on which f is continuous, a part takes its own, f has finitely many values, or all squares and waves of a sum have their least values together at a zero that an interval Newton method proves", Source: "Weierstrass"},
		{Kind: "stationary", Says: "the formula of the derivative of a function of one variable has the zeros listed and no others: counted, or round each it is monotone and changes its sign, or is 0 with some of its derivatives in closed form and the next is not, and elsewhere it is not 0, or, at a kink, bounded away from 0 on one side", Source: "Moore, Kearfott and Cloud, section 8.1"},
		{Kind: "eliminants", Says: "the gradient of a function of several variables is 0 at the points listed and no others: multiples of its components add up to polynomials in one variable each, the zeros of which are isolated, and enclosures tell which have a gradient that is not 0; a least value that is taken is that of one of them", Source: "Cox, Little and O'Shea, Ideals, Varieties, and Algorithms, 4th ed. 2015, section 3.1"},
		{Kind: "complete", Says: "the value is taken at no points but those in closed form: they are the only zeros of a rational function, or round them f rises and is convex strictly, and elsewhere it is greater or has lower values beside; or they are all that formulas take to the points of a part, or at which weighted means are equal", Source: ""},
		{Kind: "sturm", Says: "a rational function of one variable less its value changes its sign nowhere",
			Source: "Basu, Pollack and Roy, Algorithms in Real Algebraic Geometry, 2nd ed. 2006, section 2.2"},
		{Kind: "breaks", Says: "one variable far out and beside the breaks, as a sum of products in t = |x| or t = 1/|x - b|: the one that outweighs the others bounds f; functions such as W and gamma are bounded there by elementary ones; f tends to ∞ as it is above a part of log(log(t)) less a constant, and to a limit as it is as near as a multiple of 1/log(log(t))",
			Source: "Gruntz, On Computing Limits in a Symbolic Manipulation System, 1996"},
		{Kind: "period", Says: "nothing is lower in one period, and no point there has an infimum: with x + P for x every part of f grows by a constant, and f by 0", Source: ""},
		{Kind: "convex", Says: "f is convex by the rules for sums and compositions, and its gradient vanishes at the point or f is higher round it",
			Source: "Boyd and Vandenberghe, Convex Optimization, 2004, section 3.2"},
		{Kind: "supports", Says: "f is convex in a box, by the rules for sums and compositions and case distinctions, and nowhere below its tangents there, nor below their weighted mean",
			Source: "Rockafellar, Convex Analysis, 1970, section 23"},
		{Kind: "growth", Says: "the highest powers outweigh the rest, and nothing is lower outside a box", Source: ""},
		{Kind: "path", Says: "f falls without end, or tends to the infimum, along formulas in t that satisfy all conditions for large t or large whole t; or a rational function has a pole of odd order in the region, or a denominator, or what has a logarithm, changes its sign in an interval", Source: ""},
		{Kind: "phases", Says: "f oscillates with phases of which no combination with whole numbers stays bounded, so that they come near to any values together: it has the least value of f as a function of them as its infimum, or falls without end where another factor grows; no point has the value where two phases are nowhere rational multiples of π together", Source: "Kuipers and Niederreiter, Uniform Distribution of Sequences, 1974, chapter 1; Nesterenko, Modular functions and transcendence questions, 1996"},
		{Kind: "sum_of_squares", Says: "multiplied out with rational numbers, f less its bound is a sum of squares and multiples of conditions",
			Source: "Parrilo, Semidefinite programming relaxations for semialgebraic problems, 2003"},
		{certificate.Sum, "by rules of algebra f is the sum of the parts, each settled on its own in formulas of the variables (Of), together over one that is not negative (Over), and of terms that are not: conditions with multipliers, and what terms are above others (Minorants), such as weighted geometric means, perhaps with variables scaled by an equation h = 1 (Inner); with a point of the region for each one of the parts (Lift) the infimum is theirs", "Boyd and Vandenberghe, section 5.1; Rockafellar, Convex Analysis, 1970, section 27; Dinkelbach, On nonlinear fractional programming, 1967; Chandrasekaran and Shah, Relative entropy relaxations for signomial optimization, 2016", (*verifier).reduceSum},
		{certificate.Period, "the first part is f on one period", "", (*verifier).reducePeriod},
		{certificate.Centre, "f falls in a variable up to Lift and rises after it, on all lines on which it has low values; the first part is f there", "", (*verifier).reduceCentre},
		{certificate.Product, "f is Constant times two formulas, each between its least and its greatest value", "", (*verifier).reduceProduct},
		{certificate.Cases, "every point has one of several values for a variable, which its bounds or an equation leave, or satisfies a condition of which one must hold, or a condition in f or its contrary; a part settles each case", "", (*verifier).reduceCases},
		{certificate.Steps, "every point has one of finitely many values of a function with steps, such as floor; a part settles some of them, each with its conditions, and enclosures show that nothing is lower where it has the others", "", (*verifier).reduceCases},
		{certificate.Rays, "f is homogeneous, f(t x) = t^d f(x) for t > 0, in a region of whole rays, each of which meets a face of a cube; a part settles each face", "", (*verifier).reduceCases},
		{certificate.Projected, "a variable occurs in conditions alone, or f is linear in it besides; the first part is f, with the nearest formula that holds it in its place (Lift), and its conditions are others, or sums of two in which the variable cancels", "Schrijver, Theory of Linear and Integer Programming, 1986, section 12.2", (*verifier).reduceProjected},
		{certificate.Geometric, "weighted arithmetic and geometric means bound a posynomial", "Duffin, Peterson and Zener, Geometric Programming, 1967", (*verifier).reduceGeometric},
		{Kind: certificate.Contradiction, Says: "conditions of an empty region times multipliers have a sum that is positive everywhere", Source: "Farkas, 1902"},
	}
}

// Arguments returns the ways in which claims are proved, and checked again.
func Arguments() []Argument { return append([]Argument(nil), arguments...) }
