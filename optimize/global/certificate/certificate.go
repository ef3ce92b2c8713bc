// Package certificate holds the form in which the proof of a minimum is written
// down: the claim, and what is needed to check it again without searching.
// Package global writes certificates and package verify checks them; neither
// imports the other. What follows is meant to be enough to write another verifier.
//
// # The claim
//
// A certificate is one JSON object. Formula, variables, bounds, open and subject_to
// are the question: minimise (maximise: the negative is meant throughout) the formula where
// each variable lies between its bounds, formulas without variables, "" for none; open
// leaves ends out; and all conditions hold. Formulas are written in nabla's language with
// every * ("nabla help formulas"); numbers are exact rationals, and the domain of a formula
// is the real numbers at which all its parts are defined. Only points of the domain count.
// Where the question is read with a smaller domain, as x^x with x ≥ 0 in one variable, the
// conditions say so.
//
// The status is the claim, with value = [lo, hi], and m the infimum of the formula:
//
//   - exact: m = exact, which lies in [lo, hi], and exact_point has this value, as have the
//     minimisers, and with complete no other point. The closed forms are meant exactly; point has
//     the same in digits.
//   - certified: lo ≤ m ≤ hi, to within the tolerance of the check, and m is taken, which
//     untaken leaves open; at point or, under equations, near it the value is at most hi.
//   - constant: the formula is equal to exact wherever it is defined.
//   - not-attained: m as above, and no point has this value. With exact, m = exact.
//   - unbounded: along path, the variables as formulas in t, the formula tends to -∞ as
//     t → ∞ or as t runs through the whole numbers, and the path satisfies the conditions in the end. Without
//     a path it falls next to a pole, which a verifier has to find.
//   - empty: no point of the domain satisfies the conditions.
//
// Any other status claims nothing. Method, proof and approached are for the
// reader, and so is stationary where it is not said to be complete.
//
// # The argument
//
// What shows that nothing is below lo is the first of these that is there: reduction,
// sum_of_squares, tree, and else what a verifier finds itself, for which there are hints.
//
// Tree is the division of the region in preorder. The walk begins with the box of the
// bounds (with outside, cut to a cube round the origin that the identity gives). A step
// with box narrows the box at hand to it, and each slab that is cut off, side by side, must be
// settled like a leaf, unless the formula falls in it towards the rest; a step with split halves the box at the value at of the variable with
// that number, counted from 1, and the steps of the lower half follow, then those of the
// upper; any other step is a leaf: nothing in the box is a point of the question with a
// value below lo. Why says how the search saw that, which need not be the way of the check:
// a leaf may be divided further. The steps must be used up exactly.
//
// Breaks and period are hints for one variable: where to cut the line, and a period of the
// formula. Path leads to an infimum that no point has, or stands still where the formula is near it. Multipliers make a Lagrangian that
// is not above the formula where the conditions hold, and supports bound it in boxes in which it is convex: both are to be used on leaves.
//
// A reduction says that the claim follows from other claims, its parts, which are
// certificates themselves: see the constants below, one for each kind. The parts are about a
// region that holds that of the whole, and about formulas that are defined wherever the
// formula that they stand for is.
//
// All lists have as many entries as there are variables, or are left out. Numbers are
// float64; "inf" and "-inf" are infinite ends.
package certificate

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"

	"nabla/expr/interval"
)

// Schema is the name of the form.
const Schema = "nabla-certificate/1"

// A Status says how much is known of a minimum. The values are those of the JSON
// output.
type Status string

const (
	Exact       Status = "exact"        // closed form, proved to be the global minimum
	Certified   Status = "certified"    // proved to be global, enclosed in an interval
	Unbounded   Status = "unbounded"    // no lower bound
	NotAttained Status = "not-attained" // the value is the infimum and no point has it
	Local       Status = "local"        // the best found, not proved to be global
	Constant    Status = "constant"     // the same value everywhere on the domain
	Empty       Status = "empty"        // proved: no point of the domain satisfies the constraints
	Failed      Status = "failed"       // nothing was found
)

// A Certificate is the proof of an answer in a form that can be checked again
// without searching: the claim, and how the region is divided into boxes on each
// of which nothing lower is left.
type Certificate struct {
	Schema    string   `json:"schema"` // Schema
	Formula   string   `json:"formula"`
	Maximise  bool     `json:"maximise,omitempty"`
	Variables []string `json:"variables"`
	// Bounds are pairs of formulas, "" for no bound, with "open" ends listed apart.
	Bounds    [][2]string `json:"bounds,omitempty"`
	Open      [][2]bool   `json:"open,omitempty"`
	SubjectTo []string    `json:"subject_to,omitempty"`

	Status Status `json:"status"`
	// Point and ExactPoint are where the value is taken; Value encloses the extreme
	// value, Exact is its closed form.
	Point      []float64 `json:"point,omitempty"`
	ExactPoint []string  `json:"exact_point,omitempty"`
	// Minimisers are further points, in closed form, at which an exact value is taken, and Complete says that it
	// is taken at no others.
	Minimisers [][]string `json:"minimisers,omitempty"`
	Complete   bool       `json:"complete,omitempty"`
	Value      [2]End     `json:"value"`
	Untaken    bool       `json:"untaken,omitempty"` // of a certified value: whether some point has it is left open
	Exact      string     `json:"exact,omitempty"`
	Path       []string   `json:"path,omitempty"` // of an unbounded function or to an infimum: the variables as formulas in t
	Method     string     `json:"method"`
	Proof      []string   `json:"proof"`
	// Tree is how the region was divided, in preorder.
	Tree []Step `json:"tree,omitempty"`
	// For one variable, where the line is to be cut: Breaks are the places between
	// and at the ends of smooth pieces that have a closed form; Period is the
	// period of the formula; Stationary lists the points at which the formula of the derivative is 0, as intervals
	// in which they lie or near which they are, and StationaryComplete says that there are no others but ends, of the
	// region or the domain, and places at which the function has no derivative.
	Breaks             []string `json:"breaks,omitempty"`
	Period             string   `json:"period,omitempty"`
	Stationary         [][2]End `json:"stationary,omitempty"`
	StationaryComplete bool     `json:"stationary_complete,omitempty"`
	// For several variables StationaryPoints are the points at which the formula of the gradient is 0, and Eliminants, one for
	// each variable, or one that is nowhere 0, show with StationaryComplete that there are no others.
	StationaryPoints []Point     `json:"stationary_points,omitempty"`
	Eliminants       []Eliminant `json:"eliminants,omitempty"`
	Approached       string      `json:"approached,omitempty"` // for an infimum that no point has
	// Multipliers, where there are any, make a Lagrangian that bounds the formula from
	// below where the constraints hold.
	Multipliers []Multiplier `json:"multipliers,omitempty"`
	// Others make further ones.
	Others [][]Multiplier `json:"other_multipliers,omitempty"`
	// Supports bound the formula from below on boxes on which it is convex.
	Supports []Support `json:"supports,omitempty"`
	// Reduction is nil unless the claim follows from those on other formulas.
	Reduction *Reduction `json:"reduction,omitempty"`
	// SumOfSquares is nil unless an identity bounds the formula.
	SumOfSquares *SumOfSquares `json:"sum_of_squares,omitempty"`
	// Outside is nil unless an identity with a factor |x|² - r² shows that the formula is
	// not lower than its value where |x| ≥ r; then the tree divides the cube |x_i| ≤ r.
	Outside *SumOfSquares `json:"outside,omitempty"`
}

// A Point is a point in digits, and where it has one in closed form.
type Point struct {
	At    []float64 `json:"at"`
	Exact []string  `json:"exact,omitempty"`
}

// An Eliminant is a Polynomial, not 0, in one variable: the sum of the derivatives of the formula by the variables, in
// their order, times Cofactors. So it is 0 wherever the gradient is.
type Eliminant struct {
	Polynomial string   `json:"polynomial"`
	Cofactors  []string `json:"cofactors"`
}

// A Support is the mean, with weights, of tangents of the formula, which is convex on the part of the
// region in Box, at points round which it is smooth: nowhere above the formula there.
type Support struct {
	Box      [][2]End  `json:"box"`
	Tangents []Tangent `json:"tangents"`
}

// A Tangent is that at a point, with a weight > 0.
type Tangent struct {
	At     []float64 `json:"at"`
	Weight float64   `json:"weight"`
}

// A SumOfSquares is an identity of polynomials with rational coefficients
//
//	Multiplier·(f - Bound) = Σ over Terms + Σ over Equations
//
// that shows f ≥ Bound, f being the formula, or its negative where that is maximised.
type SumOfSquares struct {
	Bound      string     `json:"bound"`                // a rational number
	Multiplier string     `json:"multiplier,omitempty"` // ≥ 0; "" for 1
	Terms      []Gram     `json:"terms"`
	Equations  []Multiple `json:"equations,omitempty"`
	// Never, where no point has the value Bound, are polynomials: the entries of Qz of all
	// terms times these, one after the other, add up to 1.
	Never []string `json:"never,omitempty"`
}

// A Gram is the term Factor·zᵀQz, z the vector Basis of polynomials and Q a positive
// semidefinite matrix; Factor, "" for 1, is ≥ 0 in the region as it is the difference of
// the sides of a condition, or the distance from a bound or the product of the distances
// from both.
type Gram struct {
	Factor string     `json:"factor,omitempty"`
	Basis  []string   `json:"basis"`
	Matrix [][]string `json:"matrix"`
}

// A Multiple is the term Times·Of, where Of is 0 by an equation.
type Multiple struct {
	Of    string `json:"of"`
	Times string `json:"times"`
}

// The kinds of reductions.
const (
	// Sum: it is Constant, the formulas of the parts, with those of Of in the places of their variables, together divided by
	// Over, which is not negative, and terms that are not negative: those of Minorants, and, of Multipliers, the conditions times
	// these, which make the sum not larger where they hold. Lift gives a point of the region for each point of
	// the parts, at which it is the sum of theirs and Constant; without, and without Of and other terms, the variables are those of the parts.
	// Inner, if there, is an equation h = 1 of the question, by which the formula is meant with x h^(-1/e) for each variable x, e the degree of h.
	Sum    = "sum"
	Period = "period" // that of the first part is the same, in one period
	// Centre: it is that of the first part where the variable that this lacks is the constant Lift, up
	// to which it falls and after which it rises in that variable.
	Centre = "centre"
	// Product: it is Constant times the formula of the first two parts, which show its least and
	// greatest value, and that of the last two, which is one of other variables.
	Product = "product"
	// Contradiction says of an empty region that the conditions times Multipliers have a
	// sum that is positive everywhere, or 0 with a strict one among them; the first part
	// shows its least value, where it is no constant.
	Contradiction = "contradiction"
	// Cases: every point of the region belongs to a case, one for each part. Inner is a condition of which one
	// part must hold; or one in the formula, by which parts are about one branch and the other; or,
	// with a Lift for each case, an equation, or "" for bounds that leave one value: Lift is the value of the variable
	// that the part lacks, "" where the coefficient of its highest power is 0 and the rest of the equation too.
	Cases = "cases"
	// Steps: each part is it where Inner, a function with whole values in it, has the value Lift; where that has others, enclosures
	// show that nothing is lower.
	Steps = "steps"
	// Rays: it is homogeneous of the degree Constant, and all bounds are 0; each part is it where one variable is Lift, 1 or -1,
	// and the others are not larger.
	Rays = "rays"
	// Projected: that of the first part is it, or, where it is linear in the variable that this lacks, it with Lift for that, the
	// nearest value that conditions allow. The conditions of the part follow from those of the whole and of Ranges, or from
	// sums of two, scaled, in which the variable cancels.
	Projected = "projected"
	// Geometric: it is Constant and the sum of the first posynomial, or Constant less 1 divided by that, and is
	// bounded by the inequality of the weighted arithmetic and geometric means.
	Geometric = "geometric"
)

// A Reduction says how a claim follows from claims on other formulas.
type Reduction struct {
	Kind  string         `json:"kind"`
	Parts []*Certificate `json:"parts,omitempty"`
	// Of are formulas in the variables of the whole, for each part those in the places of its variables; without any these are the same.
	Of [][]string `json:"of,omitempty"`
	// Over divides the sum of the parts.
	Over string `json:"over,omitempty"`
	// Constant is a number: the rest of a sum, "" for none, the factor of a product, a degree.
	Constant string `json:"constant,omitempty"`
	// Inner is a condition or an equation. Lift are formulas in the variables of the parts: for each variable of the
	// whole, or for the one that a part lacks.
	Inner string   `json:"inner,omitempty"`
	Lift  []string `json:"lift,omitempty"`
	// Ranges show the least or greatest values of formulas, of which other steps make use.
	Ranges []*Certificate `json:"ranges,omitempty"`
	// Multipliers are those of conditions.
	Multipliers []Multiplier `json:"multipliers,omitempty"`
	Posynomials []Posynomial `json:"posynomials,omitempty"`
	Minorants   []Below      `json:"minorants,omitempty"`
}

// A Below says what Term, a term with the factor Times, which is not negative, is not lower than: the sum of
// Pieces times Weights, which are not negative and 1 together, Term being abs(u), max(…) or
// -min(…) and each piece one of those of which it is the greatest, u and -u of the first; or,
// Term being sqrt(q) for a quadratic q, or hypot, the only piece p, for which q - p^2 is nowhere
// negative; or the only piece, a number that an enclosure of Term shows to be a lower bound. With Mean there is no Term: the
// sum of Pieces times Weights, terms c Π x_i^a_i with c > 0 in variables that are not negative, is not lower than Mean, such a term, which
// is not above their weighted geometric mean.
type Below struct {
	Term    string   `json:"term,omitempty"`
	Times   string   `json:"times"`
	Pieces  []string `json:"pieces"`
	Weights []string `json:"weights,omitempty"`
	Mean    string   `json:"mean,omitempty"`
}

// A Posynomial is a sum of terms c Π x_i^a_i, c > 0, with weights: what is minimised, or
// that of a Condition, which says that Times (the sum - 1) is not positive, or 0.
type Posynomial struct {
	Condition string   `json:"condition,omitempty"`
	Times     string   `json:"times,omitempty"`
	Terms     []string `json:"terms"`
	Weights   []string `json:"weights"`
}

// A Multiplier is that of a condition, which it makes a term of the Lagrangian: a number, not
// negative for an inequality, or a formula for an equation.
type Multiplier struct {
	Condition string `json:"condition"`
	Value     string `json:"value"`
}

// A Step is a node of the division. With Box, the box at hand is narrowed to it;
// with Split, it is halved at At in that variable (counted from 1), and the two
// halves follow; otherwise it is a leaf, dropped for the reason Why.
type Step struct {
	Box   [][2]End `json:"box,omitempty"`
	Split int      `json:"split,omitempty"`
	At    float64  `json:"at,omitempty"`
	Why   string   `json:"why,omitempty"`
}

// An End is the end of an interval; infinities are "inf" and "-inf" in JSON.
type End float64

// MarshalJSON writes the shortest digits that read back.
func (e End) MarshalJSON() ([]byte, error) {
	switch x := float64(e); {
	case math.IsInf(x, 1):
		return []byte(`"inf"`), nil
	case math.IsInf(x, -1):
		return []byte(`"-inf"`), nil
	default:
		return json.Marshal(x)
	}
}

// UnmarshalJSON reads what MarshalJSON writes.
func (e *End) UnmarshalJSON(b []byte) error {
	switch string(b) {
	case `"inf"`:
		*e = End(math.Inf(1))
	case `"-inf"`:
		*e = End(math.Inf(-1))
	default:
		var x float64
		if err := json.Unmarshal(b, &x); err != nil {
			return err
		}
		*e = End(x)
	}
	return nil
}

// Ends returns the ends of a box.
func Ends(x []interval.I) [][2]End {
	b := make([][2]End, len(x))
	for i, v := range x {
		b[i] = [2]End{End(v.Lo), End(v.Hi)}
	}
	return b
}

// MaxSize is the size in bytes up to which Read reads a certificate.
const MaxSize = 256 << 20

// readable is the size in bytes up to which WriteTo puts every value on a line of its own.
const readable = 64 << 10

// WriteTo writes the certificate as JSON: on one line, or if it is short on many.
func (c *Certificate) WriteTo(w io.Writer) (int64, error) {
	b, err := json.Marshal(c)
	if err == nil && len(b) < readable {
		b, err = json.MarshalIndent(c, "", " ")
	}
	if err != nil {
		return 0, err
	}
	n, err := w.Write(append(b, '\n'))
	return int64(n), err
}

// Read reads what WriteTo writes. An error means that r holds no certificate, or one that is larger than MaxSize. What another
// reader may take for another claim is none: with a name twice in an object, or with capitals, which stand for small letters in Go,
// or something after the object.
func Read(r io.Reader) (*Certificate, error) {
	var c Certificate
	text, err := io.ReadAll(io.LimitReader(r, MaxSize+1))
	if len(text) > MaxSize {
		return nil, fmt.Errorf("the certificate is larger than %d MiB", MaxSize>>20)
	}
	if err == nil {
		err = json.Unmarshal(text, &c)
	}
	if err == nil {
		err = unambiguous(text)
	}
	if err != nil {
		return nil, fmt.Errorf("no certificate: %w", err)
	}
	if c.Schema != Schema {
		return nil, errors.New("no certificate: the schema is not " + Schema)
	}
	return &c, nil
}

// unambiguous returns an error if an object in the JSON text has a name twice, or one that is not of small letters and _.
func unambiguous(text []byte) error {
	var names []map[string]bool // of the objects and, nil, arrays that are open
	isName := false             // of the next string
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '{':
			names, isName = append(names, map[string]bool{}), true
		case '[':
			names, isName = append(names, nil), false
		case '}', ']':
			names = names[:len(names)-1]
		case ',':
			isName = len(names) > 0 && names[len(names)-1] != nil
		case '"':
			begin := i + 1
			for i++; text[i] != '"'; i++ {
				if text[i] == '\\' {
					i++
				}
			}
			if !isName {
				continue
			}
			name, seen := string(text[begin:i]), names[len(names)-1]
			if seen[name] || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz_") != "" {
				return fmt.Errorf("an object has the name %q, which it has already or which has other than small letters", name)
			}
			seen[name], isName = true, false
		}
	}
	return nil
}
