package cli

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/tape"
	"nabla/optimize/global"
)

// extremum is the word for what is sought.
func (m *minimised) extremum() string {
	if m.max {
		return "maximum"
	}
	return "minimum"
}

func (m *minimised) write(t *text) {
	t.like(m.formula)
	m.writeDomain(t)
	m.writeAnswer(t)
}

// writeDomain says where the formula is defined, if that is not everywhere.
func (m *minimised) writeDomain(t *text) {
	switch {
	case t.oneLine, m.Domain == "", m.Domain == "everywhere", strings.HasPrefix(m.Domain, "all real"):
	default:
		t.line("defined " + whereDefined(m.Domain))
	}
}

// whereDefined puts a domain after the word "defined".
func whereDefined(domain string) string {
	if domain == "nowhere" {
		return domain
	}
	return "for " + domain
}

// writeAnswer writes the answer without the domain.
func (m *minimised) writeAnswer(t *text) {
	switch m.Status {
	case global.Unbounded:
		m.writeUnbounded(t)
	case global.NotAttained:
		m.writeNotAttained(t)
	case global.EmptyDomain:
		t.line("no " + m.extremum() + ": " + m.reason("no point satisfies all conditions"))
	case global.Failed:
		t.line("no " + m.extremum() + " found" + m.doubts())
	case global.Constant:
		t.line(fmt.Sprintf("%s is constant: %s = %s everywhere", m.name, m.name, m.value(t)))
	default:
		m.writeFound(t)
	}
}

// writeFound writes a minimum that there is.
func (m *minimised) writeFound(t *text) {
	t.line(fmt.Sprintf("%s  %s = %s  at  %s%s", t.paint.bold(m.extremum()), m.name, m.value(t), m.at(t), m.why(t)))
	if t.oneLine {
		return
	}
	indent := strings.Repeat(" ", len(m.extremum())+2)
	most := 10
	if m.Status == global.Local {
		most = 2 // as good as the first, and no more is known of them
	}
	for i, p := range m.Minimisers {
		if i == 0 {
			continue
		}
		if i > most {
			t.line(fmt.Sprintf("%sand at %d more points", indent, len(m.Minimisers)-i))
			break
		}
		t.line(indent + "and at  " + m.pointText(t, p.X, p.Exact, p.Family))
	}
	m.writeActive(t, indent)
	m.writeStationary(t)
	m.writeProof(t, indent)
	if m.Status != global.Local { // which has them behind its status
		for _, w := range m.Warnings {
			t.line(indent + t.paint.dim("but "+w))
		}
	}
	if m.Enclosure != nil && bool(t.opt.verbose) {
		t.line(fmt.Sprintf("%s in [%s, %s]", m.name, exactNumber(m.Enclosure.Value.Lo), exactNumber(m.Enclosure.Value.Hi)))
		for i, v := range m.Enclosure.At {
			t.line(fmt.Sprintf("%s in [%s, %s]", m.Vars[i], exactNumber(v.Lo), exactNumber(v.Hi)))
		}
	}
}

// exactNumber prints all digits of x.
func exactNumber(x float64) string { return string(appendNumber(nil, x)) }

func (m *minimised) writeActive(t *text, indent string) {
	for _, a := range m.Active {
		s := indent + "where " + a.Constraint + " holds with equality"
		if a.Multiplier != 0 && !math.IsNaN(a.Multiplier) {
			s += " (multiplier " + t.num(a.Multiplier) + ")"
		}
		t.line(s)
	}
}

// writeExtrema lists the local extrema of a formula without a global one, and the saddles.
func (m *minimised) writeExtrema(t *text) {
	if !t.oneLine && !bool(t.opt.quiet) {
		m.writeStationaryOf(t, func(s *global.Stationary) bool {
			return strings.HasPrefix(s.Kind, "local ") || s.Kind == "saddle" || s.Family != ""
		})
	}
}

// writeStationary lists the stationary points other than the minimisers.
func (m *minimised) writeStationary(t *text) {
	m.writeStationaryOf(t, func(*global.Stationary) bool { return true })
}

func (m *minimised) writeStationaryOf(t *text, shows func(*global.Stationary) bool) {
	const most = 10
	var list []global.Stationary
	for _, s := range m.Stationary {
		if (!m.isMinimiser(s.X) || s.Along.Valid()) && !m.isRepeated(&s) && s.Kind != "undetermined" && shows(&s) {
			list = append(list, s)
		}
	}
	more := len(list) > most
	if more {
		list = m.nearest(list, most)
	}
	for _, s := range list {
		value := t.withExact(s.ExactValue, s.Value)
		if s.Drift.Valid() {
			value = strings.TrimPrefix(value+" + "+t.formula(s.Drift), "0 + ")
			value = strings.Replace(value, "+ -", "- ", 1)
		}
		if s.Along.Valid() {
			value = t.formula(s.Along)
		}
		t.line(fmt.Sprintf("%s  %s = %s  at  %s", s.Kind, m.name, value, m.pointText(t, s.X, s.Exact, s.Family)))
	}
	if more {
		t.line("and more stationary points, all of them with --json")
	}
}

// nearest returns the n stationary points of list nearest to the minimum, or to
// the origin when there is none, in the order of list.
func (m *minimised) nearest(list []global.Stationary, n int) []global.Stationary {
	far := make([]float64, len(list))
	for i, s := range list {
		for k, x := range s.X {
			at := 0.0
			if k < len(m.At) {
				at = m.At[k]
			}
			far[i] = math.Max(far[i], math.Abs(x-at))
		}
	}
	limit := slices.Sorted(slices.Values(far))[n-1]
	var out []global.Stationary
	for i, s := range list {
		if far[i] <= limit && len(out) < n {
			out = append(out, s)
		}
	}
	return out
}

// isRepeated reports whether s is a family with the least value, of which all places are told.
func (m *minimised) isRepeated(s *global.Stationary) bool {
	return m.MinimisersComplete && s.Family != "" && !s.Drift.Valid() && !s.Along.Valid() && s.Value == m.Value && s.Kind == "local "+m.extremum()
}

// isMinimiser reports whether x is one of the minimisers told.
func (m *minimised) isMinimiser(x []float64) bool {
	same := func(y []float64) bool {
		for i := range x {
			if x[i] != y[i] {
				return false
			}
		}
		return true
	}
	if len(m.At) == len(x) && same(m.At) {
		return true
	}
	for _, p := range m.Minimisers {
		if same(p.X) {
			return true
		}
	}
	return false
}

// writeProof writes the steps of the proof that do not stand behind the answer.
func (m *minimised) writeProof(t *text, indent string) {
	if len(m.Proof) < 2 && m.Status != global.Local || bool(t.opt.quiet) {
		return
	}
	for _, p := range m.Proof {
		t.line(indent + t.paint.dim(p))
	}
}

// remarks says how the answer was found.
func (m *minimised) remarks() []string {
	e := m.Evaluations
	s := fmt.Sprintf("method %s, evaluated f %d times, its gradient %d, its Hessian %d", m.Method, e.F, e.Gradient, e.Hessian)
	if e.Boxes > 0 {
		s += fmt.Sprintf(", examined %d boxes", e.Boxes)
	}
	return []string{s}
}

// value prints the value, with its closed form if it has one.
func (m *minimised) value(t *text) string { return t.withExact(m.ExactValue, m.Value) }

// withExact prints a number: its closed form and, where that is not plain, the
// digits as well.
func (t *text) withExact(exact expr.Expr, x float64) string {
	digits := t.num(x)
	if !exact.Valid() {
		return digits
	}
	const line = 150
	if len(format.Text(exact)) > line { // digits say more
		return digits
	}
	s := t.formula(exact)
	if exact.Op() == expr.Num {
		if d, ok := exact.Number().Decimal(); ok && len(d) <= t.opt.digits+2 {
			return d
		}
	}
	if s == digits {
		return s
	}
	return s + " (" + digits + ")"
}

// at prints the point of the minimum.
func (m *minimised) at(t *text) string {
	family := ""
	if len(m.Minimisers) > 0 {
		family = m.Minimisers[0].Family
	}
	if m.Status == global.Local && family == "" {
		// Beside a jump a few digits may be a point with quite another value.
		const much = 1e-3
		return pointDigits(m.Vars, m.At, m.digitsFor(t, m.At, func(v float64) bool {
			return math.Abs(v-m.Value) <= much*math.Max(1, math.Abs(m.Value))
		}))
	}
	return m.pointText(t, m.At, m.ExactAt, family)
}

func (m *minimised) pointText(t *text, x []float64, exact []expr.Expr, family string) string {
	if family != "" {
		return family
	}
	parts := make([]string, len(x))
	for i, v := range x {
		var e expr.Expr
		if i < len(exact) {
			e = exact[i]
		}
		parts[i] = m.Vars[i] + " = " + t.withExact(e, v)
	}
	return strings.Join(parts, ", ")
}

// why is the status with, if it is short, its reason.
func (m *minimised) why(t *text) string {
	if t.opt.quiet {
		return ""
	}
	s := string(m.Status)
	if between := m.between(t); between != "" {
		s += " between " + between
	}
	if m.Status == global.Certified && !m.Attained {
		s += ", attained or not"
	}
	switch {
	case m.Status == global.Local:
		s += ": " + strings.Join(append([]string{"the best found, not proved to be global"}, m.Warnings...), "; ")
	case len(m.Proof) == 1:
		s += ": " + m.Proof[0]
	}
	return "      " + t.paint.dim(s)
}

// between returns the ends of the enclosure of a certified value, if they do not agree in the digits that
// are shown of it, as those of a value near 0 may.
func (m *minimised) between(t *text) string {
	if m.Status != global.Certified || m.Enclosure == nil {
		return ""
	}
	e, digits := m.Enclosure.Value, t.opt.digits
	if digits <= 0 {
		digits = 17 // all of them
	}
	if e.Width() <= math.Pow(10, float64(1-digits))*math.Abs(m.Value) {
		return ""
	}
	lo, hi := format.Ends(e.Lo, e.Hi, 3)
	return lo + " and " + hi
}

func (m *minimised) reason(otherwise string) string {
	if len(m.Proof) > 0 {
		return strings.Join(m.Proof, "; ")
	}
	return otherwise
}

func (m *minimised) doubts() string {
	if len(m.Warnings) == 0 {
		return ""
	}
	return ": " + strings.Join(m.Warnings, "; ")
}

func (m *minimised) writeUnbounded(t *text) {
	below := "below"
	if m.max {
		below = "above"
	}
	what := t.formula(m.formula.Expr)
	if columns(what) > 40 || strings.Contains(what, ";") {
		what = m.name
	}
	s := fmt.Sprintf("no %s: %s is unbounded %s", m.extremum(), what, below)
	var parts []string
	if w := m.Witness; w != nil {
		if n := len(w.Points); n > 0 {
			parts = append(parts, m.witnessed(t, w.Points[n-1], w.Values[n-1]))
		}
		if rest, ok := strings.CutPrefix(w.Why, "f →"); ok {
			parts = append(parts, what+" →"+rest)
		} else if w.Why != "" {
			parts = append(parts, w.Why)
		}
	}
	if len(parts) > 0 {
		s += "  (" + strings.Join(parts, ", and ") + ")"
	}
	t.line(s)
	m.writeExtrema(t)
	if t.oneLine || bool(t.opt.quiet) {
		return
	}
	if example := m.helpfulBounds(t.opt.bounds); example != "" {
		t.line("try --bounds " + example)
	}
}

// witnessed says what a point of the witness gives. Near a pole six digits are another
// point, with another value or none, so the coordinates get the digits that the value
// needs to come out as it is printed.
func (m *minimised) witnessed(t *text, x []float64, value float64) string {
	digits := m.digitsFor(t, x, func(v float64) bool { return t.num(v) == t.num(value) })
	return pointDigits(m.Vars, x, digits) + " gives " + t.num(value)
}

// digitsFor is the number of digits, those of t or more, with which the formula has a value that will do at x.
func (m *minimised) digitsFor(t *text, x []float64, will func(value float64) bool) int {
	digits := t.opt.digits
	if p, err := tape.Compile(m.Vars, m.formula.Expr); err == nil {
		machine, short, v := p.NewMachine(), make([]float64, len(x)), make([]float64, 1)
		for ; digits < 17; digits++ {
			for i := range x {
				short[i], _ = strconv.ParseFloat(formatNumber(x[i], digits), 64)
			}
			if machine.Eval(v, short); will(v[0]) {
				break
			}
		}
	}
	return digits
}

// helpfulBounds is an example of bounds between which f is defined and does not fall without end, "" where there is none.
func (m *minimised) helpfulBounds(given bounds) string {
	list, err := given.on(m.Vars)
	if err != nil || !m.runsOff() {
		return ""
	}
	if list == nil {
		list = make(bounds, len(m.Vars))
	}
	offered, parts := bounds{}, make([]string, len(m.Vars))
	for i, x := range m.Vars {
		parts[i] = x + "=" + list[i].bothEnds()
	}
	example, p := strings.Join(parts, ","), m.problem
	if offered.Set(example) != nil {
		return ""
	}
	p.Bounds = problemBounds(offered)
	if len(p.SubjectTo) > 0 || !m.bounded(offered) {
		a, err := global.Solve(context.Background(), p, global.Options{Timeout: time.Second})
		if err != nil || a.Status == global.Unbounded || a.Status == global.EmptyDomain || a.Status == global.Failed {
			return ""
		}
	}
	return example
}

// bounded reports whether enclosures show that f is defined between the bounds of its variables, and has an upper and a lower bound there.
func (m *minimised) bounded(b bounds) bool {
	p, err := tape.Compile(m.Vars, m.formula.Expr)
	if err != nil {
		return false
	}
	box := make([]interval.I, len(b))
	for i, v := range b {
		lo, hi := v.ends()
		box[i] = interval.New(lo, hi)
	}
	value, dec := make([]interval.I, 1), make([]interval.Dec, 1)
	p.NewMachine().Interval(value, dec, box)
	return dec[0] >= interval.Defined && value[0].Mag() < math.MaxFloat64
}

// runsOff reports whether a coordinate grows without end along the witness, so that
// bounds keep f from falling. Towards a pole the steps of the points get smaller.
func (m *minimised) runsOff() bool {
	w := m.Witness
	if w == nil || len(w.Points) < 3 {
		return true
	}
	last := w.Points[len(w.Points)-3:]
	for i := range m.Vars {
		if math.Abs(last[2][i]-last[1][i]) > math.Abs(last[1][i]-last[0][i]) {
			return true
		}
	}
	return false
}

func (m *minimised) writeNotAttained(t *text) {
	word := "infimum"
	if m.max {
		word = "supremum"
	}
	s := fmt.Sprintf("no %s: the %s %s is not attained", m.extremum(), word, m.value(t))
	if m.Approached != "" {
		s = fmt.Sprintf("no %s: the %s %s is approached as %s and not attained", m.extremum(), word, m.value(t), m.Approached)
	}
	t.line(s)
	m.writeExtrema(t)
	if !t.oneLine && !bool(t.opt.quiet) {
		for _, p := range m.Proof {
			t.line("            " + t.paint.dim(p))
		}
	}
}
