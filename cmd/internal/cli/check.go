package cli

import (
	"context"
	"slices"
	"strings"

	"nabla/diff"
	"nabla/diff/check"
	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/interval"
)

func checkCommand() *command {
	return &command{
		name: "check", args: "FORMULA [CLAIM…]",
		short: "is this derivative right?",
		about: `Judge a derivative derived by hand: RIGHT is said only with a proof, WRONG only with
a point at which the two values are proved to differ, and the mistake is named where
it can be found. Everything else is undecided, with the evidence.

A claim may say what it is: f'(x) = …, df/dy = …, y'' = …, or a gradient [ …, … ]. With
several variables there may be a claim for each, in their order; with one, further
claims are the lines of a derivation.

A derivation begins with the formula, or d/dx(…), or f(x) = …. Each line after it,
= …, f'(x) = …, dy/dx = … or a formula alone, is judged against the line before and
against the truth; the first wrong one is named, counted from 0. # begins a comment.
An equation such as x^2 + y^2 = 25 as the formula makes dy/dx an implicit derivative.

Without a claim nabla checks itself: its derivative against difference quotients.
--at with --values judges numbers that were computed elsewhere. nabla help mistakes
lists the kinds of mistakes.`,
		flags: []string{"wrt", "order", "derivation", "at", "values", "summary", "csv", "set", "seed", "timeout"},
		examples: []example{
			{"nabla check 'x^2 sin(x)' '2x sin(x) + x^2 cos(x)'", "a right derivative"},
			{"nabla check 'x^2 sin(x)' '2x sin(x) + x^2 sin(x)'", "a wrong one, and what is wrong"},
			{"nabla check 'x^2 y' 'df/dy = x^2'", "a partial derivative"},
			{"nabla check 'x^2 y' '[2x y, x^2]'", "a gradient"},
			{"nabla check --derivation homework.txt", "line by line"},
			{"nabla check 'x^2 + y^2 = 25' 'dy/dx = -x/y'", "an implicit derivative"},
			{"nabla check 'x^2 y' --at x=1,y=2 --values 4,1", "a gradient as numbers"},
			{"nabla check 'x^2 sin(x)'", "the derivative against difference quotients"},
			{"nabla check --csv --summary class.csv", "columns id, formula, claim; the mistakes of a class"},
		},
		claims: true,
		run: func(ctx context.Context, s *session) error {
			if name := string(s.opt.derivation.word); name != "" {
				return s.asksDerivation(ctx, name)
			}
			if !s.opt.summary {
				return s.ask(ctx, answerCheck)
			}
			return s.summarise(ctx)
		},
	}
}

// answerCheck answers a question about claims, about a derivation, about numbers,
// or about the formula alone.
func answerCheck(ctx context.Context, q *question) (answer, error) {
	switch {
	case q.derivation != nil:
		return checkDerivation(q)
	case len(q.opt.values) > 0:
		return checkValues(q)
	case len(q.claims) == 0:
		return checkItself(q)
	}
	return checkClaims(ctx, q)
}

// A checked is the answer of check to claims.
type checked struct {
	formula *expr.Formula
	list    []judged
}

// A judged is a claim with its verdict.
type judged struct {
	claim *expr.Formula
	wrt   []string // a variable for each differentiation
	check.Result
}

func checkClaims(ctx context.Context, q *question) (answer, error) {
	f, err := q.read()
	if err != nil {
		if a, derr := checkEquation(q); derr == nil {
			return a, nil
		}
		return nil, err
	}
	texts, err := gradientParts(q.claims)
	if err != nil {
		return nil, err
	}
	vars := f.Vars()
	if q.opt.wrt != nil {
		vars = q.opt.wrt
	}
	if len(texts) > 1 && len(vars) == 1 {
		q.derivation = append([]string{q.text}, texts...)
		return checkDerivation(q)
	}
	a := &checked{formula: f}
	for i, text := range texts {
		j, err := q.claim(f, text, i, len(texts))
		if err != nil {
			if strings.Count(text, "=") > 1 { // f'(x) = … = …
				if a, derr := checkEquation(q); derr == nil {
					return a, nil
				}
			}
			return nil, err
		}
		a.list = append(a.list, j)
	}
	o := check.Options{Seed: uint64(q.opt.seed)}
	if a.isGradient(vars) {
		claims := make([]expr.Expr, len(a.list))
		for i, j := range a.list {
			claims[i] = j.claim.Expr
		}
		results, err := check.GradientClaim(f.Expr, claims, vars, o)
		if err != nil {
			return nil, usage("", "%s", err)
		}
		for i, r := range results {
			a.list[i].Result = r
		}
		return a, nil
	}
	for i := range a.list {
		j := &a.list[i]
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		j.Result = check.ClaimOrder(f.Expr, j.claim.Expr, j.wrt, o)
	}
	return a, nil
}

// isGradient reports whether the claims are the first derivatives by vars, in
// their order.
func (a *checked) isGradient(vars []string) bool {
	if len(a.list) != len(vars) || len(vars) < 2 {
		return false
	}
	for i, j := range a.list {
		if len(j.wrt) != 1 || j.wrt[0] != vars[i] {
			return false
		}
	}
	return true
}

// checkEquation judges claims about a function that an equation, which is no
// formula, defines implicitly, and claims of several steps, as a derivation.
func checkEquation(q *question) (answer, error) {
	if !strings.Contains(q.text+strings.Join(q.claims, ""), "=") {
		return nil, usage("", "%s is no equation", quoted(q.text))
	}
	implicit := *q
	implicit.derivation = append([]string{q.text}, q.claims...)
	return checkDerivation(&implicit)
}

// gradientParts takes a gradient [a, b] apart.
func gradientParts(claims []string) ([]string, error) {
	if len(claims) != 1 {
		return claims, nil
	}
	parts, isList, err := check.SplitList(claims[0])
	switch {
	case err != nil:
		return nil, &failure{exit: exitFormula, where: "the claim", msg: err.Error()}
	case isList:
		return parts, nil
	}
	return claims, nil
}

// claim reads claim i of n about f, and finds out by which variables it says that
// f was differentiated: those that its left-hand side names, or those of --wrt and
// --order, or its place among the claims.
func (q *question) claim(f *expr.Formula, text string, i, n int) (judged, error) {
	c, err := expr.Reader{Set: q.opt.set.fixed(), Derivative: diff.D}.Read(text)
	if err != nil {
		g := asFailure(err)
		g.where = "the claim"
		return judged{}, g
	}
	j := judged{claim: c}
	vars := []string(q.opt.wrt)
	if vars == nil {
		vars = f.Vars()
	}
	order := q.opt.order
	var x string
	switch left := c.Left; {
	case left != nil && left.Wrt != "":
		x, order = left.Wrt, max(left.Primes, 1)
	case n == len(vars) && n > 0:
		x = vars[i]
	case len(vars) == 1:
		x = vars[0]
	case len(vars) == 0:
		x = "x"
	default:
		return j, usage("write --wrt "+vars[0]+", or df/d"+vars[0]+" = … in the claim", "by which variable? The formula has %s", strings.Join(vars, ", "))
	}
	if c.Left != nil && c.Left.Primes > 0 {
		order = c.Left.Primes
	}
	j.wrt = slices.Repeat([]string{x}, order)
	return j, nil
}

func (a *checked) exit() int {
	code := exitOK
	for _, j := range a.list {
		if c := verdictExit(j.Verdict); c == exitNo {
			return c // one wrong claim is wrong, whatever the others are
		} else if c > code {
			code = c
		}
	}
	return code
}

// verdictExit is the exit code of a verdict.
func verdictExit(v check.Verdict) int {
	switch v {
	case check.Same:
		return exitOK
	case check.Different:
		return exitNo
	}
	return exitLimit
}

func (a *checked) write(t *text) {
	t.like(a.formula)
	for _, j := range a.list {
		label := ""
		if len(a.list) > 1 {
			label = operator(j.wrt) + "  "
		}
		a.writeClaim(t, label, j)
	}
}

// verdictWords are the words for verdicts, all of one width.
var verdictWords = map[check.Verdict]string{check.Same: "RIGHT", check.Different: "WRONG", check.Undecided: "CANNOT TELL"}

// writeClaim writes the verdict on one claim, and below it what is known of it.
func (a *checked) writeClaim(t *text, label string, j judged) {
	paint := t.paint.bad
	if j.Verdict == check.Same {
		paint = t.paint.good
	}
	word := verdictWords[j.Verdict]
	const column = len("WRONG    ")
	gap := strings.Repeat(" ", max(2, column-len(word)))
	say := func(i int, s string) {
		if i == 0 {
			t.line(label + paint(word) + gap + s)
		} else {
			t.line(strings.Repeat(" ", columns(label)+len(word)+len(gap)) + s)
		}
	}
	lines := t.about(j.Result)
	if t.oneLine {
		lines = lines[:1]
	}
	for i, l := range lines {
		say(i, l)
	}
}

// about says what is known of a claim, a line each.
func (t *text) about(r check.Result) []string {
	var lines []string
	switch r.Verdict {
	case check.Same:
		s := "proved equal"
		if len(r.Conditions) > 0 {
			s += " for " + t.conditions(r.Conditions)
		}
		lines = append(lines, s)
	case check.Different:
		lines = append(lines, t.witness(r.Witness))
	default:
		s := "neither proved nor refuted"
		if r.Evidence != nil && r.Evidence.Text != "" {
			s += ": " + r.Evidence.Text
		}
		lines = append(lines, s)
		lines = append(lines, r.Why...)
	}
	if len(r.EqualWhere) > 0 {
		lines = append(lines, "yours is right for "+t.conditions(r.EqualWhere))
	}
	if r.DomainNote != "" {
		lines = append(lines, r.DomainNote)
	}
	lines = append(lines, t.mistakes(r.Mistakes, r.Indistinguishable)...)
	if r.Verdict == check.Different && len(r.Mistakes) == 0 && r.Expected.Valid() {
		lines = append(lines, "the derivative is "+t.formula(r.Expected))
	}
	return lines
}

// mistakes says what went wrong: the likeliest explanation, or all of those that
// cannot be told apart.
func (t *text) mistakes(list []check.Mistake, indistinguishable bool) []string {
	var lines []string
	if indistinguishable && len(list) > 1 {
		lines = append(lines, "one of these mistakes, and nothing tells which:")
	} else if len(list) > 1 {
		list = list[:1]
	}
	for _, m := range list {
		s := m.Says
		switch {
		case m.At.Valid():
			s = t.formula(m.At) + ": " + s
		case m.Where != "":
			s = m.Where + ": " + s
		}
		lines = append(lines, s)
	}
	return lines
}

// witness says where a claim and the truth differ.
func (t *text) witness(w *check.Witness) string { return t.differ(w, "yours is", "the derivative is") }

// differ says where two formulas differ, with words for their values.
func (t *text) differ(w *check.Witness, one, other string) string {
	claimed, truth := w.ClaimedText, w.TrueText
	if claimed == "" {
		claimed, truth = t.num(w.Claimed.Mid()), t.num(w.True.Mid())
		if claimed == truth { // the digits asked for do not show it
			claimed, truth = exactNumber(w.Claimed.Mid()), exactNumber(w.True.Mid())
		}
	}
	at := check.Place(w.At)
	if at != "" {
		at = "at " + at + " "
	}
	return at + one + " " + claimed + ", " + other + " " + truth
}

// A witnessPoint is a point of difference in JSON.
type witnessPoint struct {
	At      namedNumbers  `json:"at"`
	Exact   *namedTexts   `json:"exact,omitempty"` // where the numbers of at are rounded
	Claimed [2]jsonNumber `json:"claimed"`
	True    [2]jsonNumber `json:"true"`
}

type mistakeRecord struct {
	Kind  string     `json:"kind"`
	Where string     `json:"where"`
	Says  string     `json:"says"`
	Score jsonNumber `json:"score"`
}

type evidenceRecord struct {
	Points  int        `json:"points"`
	Digits  int        `json:"digits"`
	MaxDiff jsonNumber `json:"max_relative_difference"`
	Text    string     `json:"text"`
}

// A claimRecord is the verdict on one claim in JSON.
type claimRecord struct {
	Claim             string          `json:"claim"`
	Wrt               string          `json:"wrt"`
	Order             int             `json:"order,omitempty"` // when it is not 1
	Verdict           string          `json:"verdict"`
	Conditions        []string        `json:"conditions"`
	Witness           *witnessPoint   `json:"witness,omitempty"`
	Evidence          *evidenceRecord `json:"evidence,omitempty"`
	EqualWhere        []string        `json:"equal_where,omitempty"` // conditions under which the claim is right all the same
	DomainNote        string          `json:"domain_note,omitempty"`
	Mistakes          []mistakeRecord `json:"mistakes"`
	Indistinguishable bool            `json:"indistinguishable,omitempty"`
	Expected          string          `json:"expected"`
	Why               []string        `json:"why,omitempty"`
}

func (j judged) record(f *expr.Formula) claimRecord {
	r := claimRecord{
		Claim: plain(j.claim.Expr, j.claim), Verdict: string(j.Verdict),
		Conditions: plainAll(j.Conditions), Witness: witnessRecordOf(j.Witness), Evidence: evidenceRecordOf(j.Evidence), Mistakes: mistakeRecords(j.Mistakes),
		EqualWhere: plainAll(j.EqualWhere), DomainNote: j.DomainNote, Indistinguishable: j.Indistinguishable, Why: j.Why,
	}
	if len(j.wrt) > 0 {
		r.Wrt = j.wrt[0]
	}
	if len(j.wrt) != 1 {
		r.Order = len(j.wrt)
	}
	if j.Expected.Valid() {
		r.Expected = plain(j.Expected, f)
	}
	return r
}

func plainAll(conditions []expr.Expr) []string {
	out := make([]string, len(conditions))
	for i, c := range conditions {
		out[i] = format.Plain(c)
	}
	return out
}

func mistakeRecords(list []check.Mistake) []mistakeRecord {
	out := make([]mistakeRecord, len(list))
	for i, m := range list {
		out[i] = mistakeRecord{m.Kind, m.Where, m.Says, jsonNumber(m.Score)}
	}
	return out
}

func evidenceRecordOf(e *check.Evidence) *evidenceRecord {
	if e == nil {
		return nil
	}
	return &evidenceRecord{e.Points, e.Digits, jsonNumber(e.MaxRelDiff), e.Text}
}

func witnessRecordOf(w *check.Witness) *witnessPoint {
	if w == nil {
		return nil
	}
	p := &witnessPoint{Claimed: ends(w.Claimed), True: ends(w.True)}
	exact := &namedTexts{}
	rounded := false
	for _, c := range w.At {
		p.At.names, p.At.values = append(p.At.names, c.Var), append(p.At.values, c.Value.Float64())
		exact.names, exact.values = append(exact.names, c.Var), append(exact.values, c.Value.String())
		rounded = rounded || !c.Value.IsFloat64()
	}
	if rounded {
		p.Exact = exact
	}
	return p
}

func ends(x interval.I) [2]jsonNumber { return [2]jsonNumber{jsonNumber(x.Lo), jsonNumber(x.Hi)} }

func (a *checked) record(h head) any {
	if len(a.list) == 1 {
		return struct {
			head
			Formula string `json:"formula"`
			claimRecord
			Warnings []string `json:"warnings,omitempty"`
		}{h, plain(a.formula.Expr, a.formula), a.list[0].record(a.formula), h.Warnings}
	}
	r := struct {
		head
		Formula  string        `json:"formula"`
		Verdict  string        `json:"verdict"`
		Claims   []claimRecord `json:"claims"`
		Warnings []string      `json:"warnings,omitempty"`
	}{head: h, Formula: plain(a.formula.Expr, a.formula), Verdict: string(check.Same), Claims: []claimRecord{}, Warnings: h.Warnings}
	for _, j := range a.list {
		r.Claims = append(r.Claims, j.record(a.formula))
		switch {
		case j.Verdict == check.Different, r.Verdict == string(check.Same):
			r.Verdict = string(j.Verdict)
		}
	}
	return r
}
