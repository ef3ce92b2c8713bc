package cli

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"nabla/diff"
	"nabla/diff/check"
	"nabla/expr"
	"nabla/expr/number"
)

// coordinates64 returns the exact coordinates of p; what is no rational number is
// rounded to a float64 first.
func (p place) coordinates64() []check.Coordinate {
	out := make([]check.Coordinate, len(p.names))
	for i, name := range p.names {
		out[i].Var = name
		if p.exact != nil {
			if n, ok := rational(p.exact[i]); ok {
				out[i].Value = n
				continue
			}
		}
		out[i].Value, _ = number.FromFloat(p.x[i])
	}
	return out
}

// rational returns the number that e is, with or without a minus sign.
func rational(e expr.Expr) (number.Number, bool) {
	switch {
	case e.Op() == expr.Num:
		return e.Number(), true
	case e.Op() == expr.Neg && e.Arg(0).Op() == expr.Num:
		return e.Arg(0).Number().Neg(), true
	}
	return number.Number{}, false
}

// A selfCheck is the answer of check to a formula alone: the derivatives that
// nabla finds beside difference quotients.
type selfCheck struct {
	formula *expr.Formula
	vars    []string
	list    []derivedBy
	rows    []check.Row
}

func checkItself(q *question) (answer, error) {
	f, err := q.read()
	if err != nil {
		return nil, err
	}
	a := &selfCheck{formula: f, vars: f.Vars()}
	wrt := a.vars
	if q.opt.wrt != nil {
		wrt = q.opt.wrt
	}
	if len(wrt) == 0 {
		return nil, usage("", "the formula has no variable to differentiate by")
	}
	var points [][]check.Coordinate
	for _, pt := range q.opt.at {
		p, _, err := pt.on(freeLetters(f))
		if err != nil {
			return nil, inFlag("at", err)
		}
		points = append(points, p.coordinates64())
	}
	for _, d := range diff.Partials(f.Expr, wrt) {
		a.list = append(a.list, derivedBy{Derivative: d})
		rows, err := check.Finite(f.Expr, d.Expr, d.Wrt[0], points, check.Options{Seed: uint64(q.opt.seed)})
		if err != nil {
			return nil, limitFailure("", "%s", err)
		}
		a.rows = append(a.rows, rows...)
	}
	if len(a.rows) == 0 {
		return nil, &failure{exit: exitNo, msg: "no point was found with values of the formula on both sides", hint: "give some with --at"}
	}
	return a, nil
}

func (a *selfCheck) exit() int { return exitOK }

func (a *selfCheck) write(t *text) {
	t.like(a.formula)
	if t.oneLine {
		worst := 0.0
		for _, r := range a.rows {
			worst = max(worst, r.RelError)
		}
		t.line(fmt.Sprintf("%d difference quotients, largest relative error %.1e", len(a.rows), worst))
		return
	}
	for _, d := range a.list {
		t.line(operator(d.Wrt) + "  " + t.formula(d.Expr) + t.holds(d.Conditions))
	}
	rows := [][]string{{"at", "", "derivative", "difference quotient", "relative error", "step"}}
	for _, r := range a.rows {
		rows = append(rows, []string{
			check.Place(r.Point), operator([]string{r.Wrt}), formatNumber(r.Derivative, 10), formatNumber(r.Quotient, 10),
			strconv.FormatFloat(r.RelError, 'e', 1, 64), strconv.FormatFloat(r.Step, 'e', 1, 64),
		})
	}
	if len(a.list) == 1 {
		for i := range rows {
			rows[i] = slices.Delete(rows[i], 1, 2)
		}
	}
	t.columns(rows)
}

// columns adds rows as lines of a table, the first column flush left and the
// others flush right.
func (t *text) columns(rows [][]string) {
	var width []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(width) {
				width = append(width, 0)
			}
			width[i] = max(width[i], columns(cell))
		}
	}
	for _, row := range rows {
		var b strings.Builder
		for i, cell := range row {
			pad := strings.Repeat(" ", width[i]-columns(cell))
			switch i {
			case 0:
				b.WriteString(cell + pad)
			default:
				b.WriteString("  " + pad + cell)
			}
		}
		t.line(strings.TrimRight(b.String(), " "))
	}
}

func (a *selfCheck) record(h head) any {
	type row struct {
		At       namedNumbers `json:"at"`
		Wrt      string       `json:"wrt"`
		Value    jsonNumber   `json:"derivative"`
		Quotient jsonNumber   `json:"quotient"`
		RelError jsonNumber   `json:"relative_error"`
		Step     jsonNumber   `json:"step"`
	}
	r := struct {
		head
		Formula     string             `json:"formula"`
		Variables   []string           `json:"variables"`
		Derivatives []derivativeRecord `json:"derivatives"`
		Differences []row              `json:"differences"`
		Warnings    []string           `json:"warnings,omitempty"`
	}{head: h, Formula: plain(a.formula.Expr, a.formula), Variables: orEmpty(a.vars), Derivatives: derivativeRecords(a.list, a.formula), Warnings: h.Warnings}
	for _, f := range a.rows {
		x := row{Wrt: f.Wrt, Value: jsonNumber(f.Derivative), Quotient: jsonNumber(f.Quotient), RelError: jsonNumber(f.RelError), Step: jsonNumber(f.Step)}
		for _, c := range f.Point {
			x.At.names, x.At.values = append(x.At.names, c.Var), append(x.At.values, c.Value.Float64())
		}
		r.Differences = append(r.Differences, x)
	}
	return r
}

// A valuesCheck is the answer of check to numbers computed elsewhere.
type valuesCheck struct {
	formula *expr.Formula
	place   place
	list    []check.Value
}

func checkValues(q *question) (answer, error) {
	f, err := q.read()
	if err != nil {
		return nil, err
	}
	if len(q.opt.at) != 1 {
		return nil, inFlag("values", usage("write --at with a value for each variable", "the numbers belong to one point, and --at gives %d", len(q.opt.at)))
	}
	vars := f.Vars()
	if q.opt.wrt != nil {
		vars = q.opt.wrt
	}
	p, _, err := q.opt.at[0].on(freeLetters(f))
	if err != nil {
		return nil, inFlag("at", err)
	}
	a := &valuesCheck{formula: f, place: p}
	a.list, err = check.Values(f.Expr, vars, p.coordinates64(), q.opt.values, check.Options{Seed: uint64(q.opt.seed)})
	if err != nil {
		if g := asFailure(err); g.place != nil {
			return nil, inFlag("values", err)
		}
		return nil, inFlag("values", usage("", "%s", err))
	}
	return a, nil
}

func (a *valuesCheck) exit() int {
	code := exitOK
	for _, v := range a.list {
		if c := verdictExit(v.Verdict); c == exitNo {
			return c
		} else if c > code {
			code = c
		}
	}
	return code
}

func (a *valuesCheck) write(t *text) {
	t.like(a.formula)
	for _, v := range a.list {
		paint := t.paint.bad
		if v.Verdict == check.Same {
			paint = t.paint.good
		}
		word := verdictWords[v.Verdict]
		gap := strings.Repeat(" ", max(2, len("WRONG    ")-len(word)))
		s := "yours is " + v.Claimed + ", the derivative is " + formatNumber(v.True.Mid(), 15)
		if v.Note != "" {
			s += ": " + v.Note
		}
		t.line(operator([]string{v.Wrt}) + "  " + paint(word) + gap + s)
	}
}

func (a *valuesCheck) record(h head) any {
	type value struct {
		Wrt     string        `json:"wrt"`
		Claimed string        `json:"claimed"`
		True    [2]jsonNumber `json:"true"`
		Verdict string        `json:"verdict"`
		Digits  int           `json:"digits"`
		Note    string        `json:"note,omitempty"`
	}
	r := struct {
		head
		Formula  string       `json:"formula"`
		At       namedNumbers `json:"at"`
		Values   []value      `json:"values"`
		Warnings []string     `json:"warnings,omitempty"`
	}{head: h, Formula: plain(a.formula.Expr, a.formula), At: namedNumbers{a.place.names, a.place.x}, Warnings: h.Warnings}
	for _, v := range a.list {
		r.Values = append(r.Values, value{v.Wrt, v.Claimed, ends(v.True), string(v.Verdict), v.Digits, v.Note})
	}
	return r
}

// summarise answers all questions and counts the verdicts and the mistakes.
func (s *session) summarise(ctx context.Context) error {
	var sum check.Summary
	err := s.ask(ctx, func(ctx context.Context, q *question) (answer, error) {
		a, err := answerCheck(ctx, q)
		id := strings.Trim(string(q.id), `"`)
		switch a := a.(type) {
		case *checked:
			for _, j := range a.list {
				sum.Add(id, j.Result)
			}
		case *derivation:
			sum.AddDerivation(id, a.DerivationResult)
		}
		return a, err
	})
	if err != nil {
		return err
	}
	if s.opt.format != formatJSON {
		s.out.WriteString("\n" + sum.String())
		return nil
	}
	type count struct {
		Kind  string   `json:"kind"`
		Doc   string   `json:"says"`
		First int      `json:"first"`
		Among int      `json:"among"`
		IDs   []string `json:"ids"`
	}
	r := struct {
		head
		Summary struct {
			Answers     int     `json:"answers"`
			Right       int     `json:"right"`
			Wrong       int     `json:"wrong"`
			Undecided   int     `json:"undecided"`
			Unexplained int     `json:"unexplained"`
			Mistakes    []count `json:"mistakes"`
		} `json:"summary"`
	}{head: s.head(nil)}
	r.Summary.Answers, r.Summary.Right, r.Summary.Wrong = sum.Answers, sum.Right, sum.Wrong
	r.Summary.Undecided, r.Summary.Unexplained, r.Summary.Mistakes = sum.Undecided, sum.Unexplained, []count{}
	for _, c := range sum.Counts() {
		r.Summary.Mistakes = append(r.Summary.Mistakes, count{c.Kind, c.Doc, c.First, c.Among, orEmpty(c.IDs)})
	}
	s.writeJSON(r)
	return nil
}
