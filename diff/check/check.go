// Package check answers whether a derivative derived by hand is right.
//
// There are three verdicts. Equal is said only with a proof (package simplify),
// different only with a point of exact rational coordinates at which rigorous
// enclosures of the two values have no common member, and undecided in every
// other case, with the numerical evidence. No tolerance enters a verdict.
//
// For a wrong answer the package looks for the mistake: it differentiates with
// one wrong rule at one place and everything after done right, with two, and
// follows the right answer through one slip at the end. A mistake is named only
// when it reproduces the answer.
//
// Notation: f is a formula, x the variable, c a claim about f'. A site is a
// place in the tree of f; a fault is a wrong rule at a site; a mutant is the
// derivative with faults.
package check

import (
	"nabla/diff"
	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/prove"
	"nabla/expr/simplify"
)

// A Verdict says what is known of a claim.
type Verdict string

const (
	Same      Verdict = "equal"     // proved
	Different Verdict = "different" // proved by a witness
	Undecided Verdict = "undecided" // neither; there is evidence
)

// Options of the checks. The zero Options are the default. Nothing depends on
// a clock, so the same question has the same answer on every machine.
type Options struct {
	// Seed of the random points; 0 is 1.
	Seed uint64
	// Points is how many points of the domain support an undecided verdict and
	// the search for mistakes; 0 is 12.
	Points int
	// Precision is the most bits with which values are enclosed in order to
	// tell them apart; 0 is 1024.
	Precision uint
	// Mutants is the most derivatives with a mistake that are tried; 0 is
	// 6000, some 30 ms. Below 0 no mistakes are looked for.
	Mutants int
	// Budget of the proof of equality; the zero Budget is the default of
	// package simplify.
	Budget prove.Budget
	// Conditions are relations that hold by assumption, such as y > 0: points
	// are taken where they do.
	Conditions []expr.Expr
}

func (o Options) seed() uint64 {
	if o.Seed == 0 {
		return 1
	}
	return o.Seed
}

func (o Options) points() int {
	if o.Points <= 0 {
		return 12
	}
	return o.Points
}

func (o Options) precision() uint {
	if o.Precision == 0 {
		return 1024
	}
	return o.Precision
}

func (o Options) mutants() int {
	switch {
	case o.Mutants == 0:
		return 6000
	case o.Mutants < 0:
		return 0
	}
	return o.Mutants
}

// A Coordinate is the exact value of one variable.
type Coordinate struct {
	Var   string
	Value number.Number
}

// A Witness is a point at which two formulas differ.
type Witness struct {
	At            []Coordinate // in the order of the variables
	Claimed, True interval.I   // enclosures of the values; see Exact
	// Bits is the precision at which the values came apart: 53 when Claimed
	// and True show it, more when they needed ClaimedText and TrueText.
	Bits                  uint
	ClaimedText, TrueText string // decimal enclosures at that precision, "" at 53 bits
	// Undefined says that the claim has no value at the point and round it, nor
	// anywhere else where the truth was seen to have one; Claimed is empty.
	Undefined bool
	// Curve, of an implicit function, says where its value lies when that is
	// no short fraction; the coordinate At is then a number nearby.
	Curve string
}

// Evidence is what is known where nothing is proved.
type Evidence struct {
	Points     int     // points of the common domain at which both were evaluated
	Digits     int     // decimal digits to which they agree at all of these
	MaxRelDiff float64 // largest relative difference, as computed
	Text       string  // the same in words
}

// A Result is the answer to one question.
type Result struct {
	Verdict  Verdict
	Witness  *Witness  // of a difference
	Evidence *Evidence // of an undecided verdict
	// Conditions are what the proof of equality needed beside both formulas
	// being defined, and where the derivative exists.
	Conditions []expr.Expr
	// DomainNote says, where it is so, that the formulas are not defined at
	// the same points.
	DomainNote string
	// Mistakes explain a different answer, the likeliest first.
	Mistakes []Mistake
	// Indistinguishable reports that the Mistakes all give the answer, so that
	// nothing in it tells which was made.
	Indistinguishable bool
	// Expected is the right answer, tidy.
	Expected expr.Expr
	// EqualWhere are relations under which claim and truth are proved equal
	// though they are not everywhere: sqrt(x^2) is x where x >= 0.
	EqualWhere []expr.Expr
	// Why says what a proof rests on, or what an undecided verdict lacked.
	Why []string
}

// A question is a pair of formulas that may be equal, with what is assumed.
type question struct {
	claim, truth expr.Expr
	base         expr.Expr   // must be defined around a witness; zero for nothing
	guards       []expr.Expr // conditions that must hold around a witness
	wrt          string
	o            Options
}

// Claim judges the claim that the derivative of f by wrt is claim. f and claim
// may be in any form, and may hold derivatives still to be carried out.
func Claim(f, claim expr.Expr, wrt string, o Options) Result {
	return ClaimOrder(f, claim, []string{wrt}, o)
}

// ClaimOrder judges a claim about the derivative of f by the variables wrt, one
// after the other. Without variables it judges claim against f itself.
func ClaimOrder(f, claim expr.Expr, wrt []string, o Options) Result {
	d := diff.Derive(f, wrt...)
	r, s := judge(question{
		claim: carryOut(claim), truth: d.Expr, base: carryOut(f),
		guards: append(d.Conditions[:len(d.Conditions):len(d.Conditions)], o.Conditions...), wrt: last(wrt), o: o,
	})
	r.Expected = d.Expr
	if r.Verdict == Same {
		r.Conditions = appendConditions(r.Conditions, d.Conditions)
	}
	if r.Verdict == Different {
		explain(&r, f, claim, wrt, s, o)
	}
	return r
}

// Equal judges whether a and b are equal wherever both are defined. Of the two,
// b is taken for the true one.
func Equal(a, b expr.Expr, o Options) Result {
	r, _ := judge(question{claim: carryOut(a), truth: carryOut(b), guards: o.Conditions, o: o})
	r.Expected = simplify.Tidy(carryOut(b))
	return r
}

func last(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return names[len(names)-1]
}

// carryOut returns e with the derivatives in it carried out, and otherwise as
// it was written.
func carryOut(e expr.Expr) expr.Expr {
	found := false
	for n := range e.All() {
		found = found || n.Op() == expr.Diff
	}
	if !found {
		return e
	}
	p := expr.NewPool()
	return expr.Fold(e, func(n expr.Expr, args []expr.Expr) expr.Expr {
		if n.Op() == expr.Diff {
			return p.Import(diff.D(args[0], args[1].Name()))
		}
		return expr.Remake(n, p, args, nil)
	})
}

// appendConditions returns list and those of more that it lacks, relations that
// exclude points as people write them.
func appendConditions(list, more []expr.Expr) []expr.Expr {
next:
	for _, c := range more {
		if c.Op() == expr.Ne {
			t := simplify.New()
			c = t.Relation(expr.Ne, t.Tidy(c.Arg(0)), t.Tidy(c.Arg(1)))
		}
		for _, d := range list {
			if expr.Equal(c, d) {
				continue next
			}
		}
		list = append(list, c)
	}
	return list
}

// sameTidy reports whether a and b have one tidy form.
func sameTidy(a, b expr.Expr) bool {
	t := simplify.New()
	return t.Tidy(a) == t.Tidy(b)
}

// judge answers a question: first it looks for a point of difference, then for
// a proof of equality, then again for a difference with more digits.
func judge(q question) (Result, *sampler) {
	s, err := newSampler(q)
	if err != nil {
		return Result{Verdict: Undecided, Why: []string{err.Error()}, Evidence: &Evidence{Text: "nothing could be evaluated"}}, nil
	}
	s.draw(q.o.points())
	w := s.separate()
	if w == nil && s.scan() {
		w = s.separate()
	}
	if w != nil {
		r := Result{Verdict: Different, Witness: w, DomainNote: s.domainNote()}
		if s.agreeSomewhere() {
			r.EqualWhere = equality(q.claim, q.truth, q.o).where
		}
		return r, s
	}
	p := equality(q.claim, q.truth, q.o)
	if !p.equal && q.base.Valid() {
		// A derivative is that of its formula where the formula is defined.
		if given := equality(q.claim, q.truth, q.o, q.base); given.equal {
			p = given
		}
	}
	if len(s.points) == 0 && q.base.Valid() && nowhere(q.base, q.o) {
		return Result{Verdict: Undecided, Evidence: s.evidence(), DomainNote: s.domainNote(), Why: []string{"the formula is defined nowhere"}}, s
	}
	if p.equal && (len(s.points) > 0 || s.hole == nil && sameTidy(q.claim, q.truth)) {
		return Result{Verdict: Same, Conditions: p.conditions, DomainNote: s.domainNote(), Why: p.why}, s
	}
	if len(s.points) == 0 && s.hole != nil {
		// Nowhere do both have values, and the claim has none round a point at
		// which the truth has: an identity that holds nowhere is no answer.
		w := &Witness{At: s.coordinates(s.hole.x), Claimed: interval.Empty, True: s.hole.truth, Bits: 53, Undefined: true}
		return Result{Verdict: Different, Witness: w, DomainNote: s.domainNote()}, s
	}
	if w := s.separatePrecisely(q.o.precision()); w != nil {
		return Result{Verdict: Different, Witness: w, DomainNote: s.domainNote()}, s
	}
	return Result{Verdict: Undecided, Evidence: s.evidence(), DomainNote: s.domainNote(), EqualWhere: p.where, Why: p.why}, s
}
