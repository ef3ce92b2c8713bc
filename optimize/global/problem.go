// Package global answers what the minimum of a formula is, with the proof
// status of the answer.
//
// Every claim beyond "best found" is proved: by exact arithmetic, or by
// enclosures in which every constant is an interval and every operation rounds
// outward. What cannot be settled is said to be local.
//
// In several variables, the quickest of these that settles a question answers it:
//   - quadratic functions by exact elimination (LDLᵀ; Golub and Van Loan, Matrix
//     Computations, 4th ed. 2013, section 4.2);
//   - linear and convex quadratic functions under linear conditions by complementary
//     pivoting (Cottle, Pang and Stone, The Linear Complementarity Problem, 1992), with
//     multipliers, a contradiction of the conditions (Farkas) or a ray as the proof;
//   - sums of products of powers of positive variables (posynomials) by the inequality of
//     the weighted arithmetic and geometric means (Duffin, Peterson and Zener, Geometric
//     Programming, 1967), and what is convex in the logarithms of positive variables;
//   - quotients of sums of such products with negative terms too by such means, each negative term
//     being one of positive ones (Chandrasekaran and Shah, SIAM J. Optim. 26, 2016);
//   - infima that terms fall to for ever in a direction in which the others do not change;
//   - an equation with several solutions, conditions of which one has to hold, a case
//     distinction, and the values of a function with steps by cases;
//   - sums and products of functions of different variables, or of linear forms, independent or
//     least together,
//     functions of one inner formula and periodic functions by smaller questions, a variable with a
//     curve added (y - x²) in the place of that variable, products with exponentials by their logarithms;
//   - functions of one formula of each variable, such as of exp(x) and 1 + y², by the question in the values of these;
//   - functions of linear forms and one quadratic by the question in these forms and what the quadratic
//     is above its least value for them;
//   - functions of one formula by the least and the greatest value of that;
//   - a variable less: one in which the formula is a parabola has its best value at the
//     vertex, one that an equation gives has no choice, a slack only says in which range the
//     rest of its condition lies, one that inequalities hold only that no lower bound is above
//     an upper one, or which of them is the nearest where the formula is linear in it, one in which
//     the formula falls and then rises is put where it turns, one that occurs in a part in which the
//     formula is monotone, perhaps up or down as the others are, at the ends of that, and of those that change in a direction in which the
//     formula does not one may be 0;
//   - homogeneous functions by their values on a cube, under homogeneous conditions too; regions with
//     poles or roots at linear edges in the distances from these, and with poles at curved ones by the domain of a
//     formula that is f inside; concave functions on polytopes at the vertices;
//   - quotients p/q by p - γ q (Dinkelbach, Management Science 13, 1967), by their terms of the
//     highest degree where these decide, and by their reciprocals where these are posynomials;
//   - sums with kinks of linear formulas as programs in epigraph form, others with kinks by a
//     formula without kinks that is nowhere above (Rockafellar, Convex
//     Analysis, 1970, section 27), or without terms that are nowhere lower than at the minimum;
//   - formulas whose parts all have their least value at one point, and sums of
//     squares that vanish together (Krawczyk's method, 1969);
//   - polynomials by sums of squares with rational Gram matrices, from a semidefinite
//     program that is rounded and checked exactly (Parrilo, Math. Program. 96, 2003;
//     Peyrl and Parrilo, 2008), times multipliers (Reznick, 1995) or conditions (Putinar,
//     1993) where that is needed;
//   - convexity, by the rules of disciplined convex programming (Grant, Boyd and Ye,
//     2006), relative entropies and other perspectives among them;
//   - interval branch and bound, in the region or in a box that contains all that
//     matters: by constraint propagation (HC4; Benhamou, Goualard, Granvilliers and
//     Puget, 1999) or because the highest powers outweigh the rest, what is no polynomial
//     being bounded by one, or polynomials times exponentials vanish, or in charts of the directions to infinity, or because data leave
//     bounds of the parameters of a model, one after the other. Boxes are bounded
//     by natural, mean value (Baumann 1988) and second-order forms, sums of squares by
//     their residuals taken together, convex functions with kinks by means of their tangents
//     that a bundle method finds (Lukšan and Vlček 1998), and dropped by
//     monotonicity, concavity, the vanishing of the gradient and convexity (Hansen and
//     Walster, Global Optimization Using Interval Analysis, 2nd ed. 2004; Kearfott,
//     Rigorous Global Search, 1996);
//   - constraints by the augmented Lagrangian method (Nocedal and Wright, Numerical
//     Optimization, 2nd ed. 2006, chapter 17), and by duality: a Lagrangian with the
//     multipliers found bounds f from below, in boxes with the squares of the equations, and
//     one with multipliers in closed form gives the minimum in closed form where it is convex, or a sum
//     of functions of different variables that are least there; a strict local
//     minimum of a convex program is the only one; boxes in which
//     nothing satisfies the conditions of Fritz John are dropped, and bounded and narrowed by
//     linear programs between which products and functions lie (McCormick 1976; Neumaier and
//     Shcherbina 2004);
//   - the least value without conditions, or of the parts of a sum, where points that satisfy them have it or curves
//     and values of a variable come as near as one likes;
//   - curves x_i = c_i + s_i t^k_i along which f falls without end or to its infimum,
//     settled as functions of t.
//
// Where the gradient vanishes at the real solutions of polynomial equations, of which there are finitely many complex
// ones, all stationary points are listed with their kinds, and a certified minimum among them is given in closed
// form where that point has one (Gröbner bases; Cox, Little and O'Shea, Ideals, Varieties, and Algorithms, 4th ed. 2015).
//
// Whatever is claimed is challenged before it is given, by a few hundred points and by the parts of the answer
// themselves: what they disprove in rigorous arithmetic is withdrawn.
//
// What none of them settles is searched from many starts and by basin hopping (Wales
// and Doye, 1997), and said to be local.
//
// Notation: f is the formula, x a point, X a box (an interval a variable), g the
// gradient and H the Hessian; [a, b] an enclosure of the minimum.
package global

import (
	"time"

	"nabla/expr"
)

// A Problem asks for the minimum (or maximum) of F.
type Problem struct {
	F    expr.Expr
	Vars []string // the variables in the order of points; nil means F.Vars()
	// Bounds is nil or holds a Bound for each variable. They are closed.
	Bounds []Bound
	// SubjectTo holds conditions (relations joined with and) that a point must
	// satisfy; equalities too. Strict inequalities make open ends.
	SubjectTo []expr.Expr
	Max       bool // maximise
}

// Options steer Solve. The zero value is ready to use.
type Options struct {
	Timeout time.Duration // 0 means 10 s; the best answer so far is given then
	RelGap  float64       // width of the certified value relative to its size; 0 means 1e-9
	Seed    uint64        // of the starts of local searches
	Workers int           // goroutines; 0 means one for each processor
	Start   []float64     // a point to begin with, or nil
	// Certificate asks for the steps of the proof in a form that verify.Check checks.
	Certificate bool
	// Progress is called about once a second, from one goroutine at a time.
	Progress func(Progress)

	part    bool // of a question in several variables
	checked bool // leave out what certificates cannot carry
	cases   int  // divisions into cases that led here
	relaxed int  // relaxations and restrictions that led here
	chain   bool // one equation after the other is to give a variable
	proof   bool // a part of another question: what is found when the time is up is of no use
	barrier bool // roots say the signs of divisors
	lifted  bool // an equation has given a variable, or comes from the distances from edges: neither is to undo the other
}

// Progress is the state of a search that is going on.
type Progress struct {
	Boxes        int     // still to be examined
	Done         int     // examined
	Lower, Upper float64 // the minimum lies between
}
