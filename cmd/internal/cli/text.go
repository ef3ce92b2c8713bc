package cli

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"

	"nabla/expr"
	"nabla/expr/format"
)

// A painter colours pieces of text, or leaves them as they are.
type painter bool

// newPainter returns the painter for the standard output of env when the flag
// --color has the given value.
func newPainter(env *Env, when string) painter {
	switch when {
	case "always":
		return true
	case "never":
		return false
	}
	return painter(env.Terminal && !env.NoColor)
}

func (p painter) good(s string) string { return p.with("32", s) }
func (p painter) bad(s string) string  { return p.with("31", s) }
func (p painter) bold(s string) string { return p.with("1", s) }
func (p painter) dim(s string) string  { return p.with("2", s) }

func (p painter) with(code, s string) string {
	if !p || s == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

// text is an answer being written for a person, line by line. Where one answer
// must be one line, as for formulas from a pipe, the lines are joined by
// semicolons.
type text struct {
	*session
	opt        *options
	oneLine    bool
	id         json.RawMessage // of the question
	decimals   bool            // the formula was typed with decimals
	factorials bool            // and with u!
	lines      []string
}

// line adds a line.
func (t *text) line(s string) { t.lines = append(t.lines, s) }

// table adds lines of two columns, the left ones padded to one width.
func (t *text) table(gap string, rows [][2]string) {
	width := 0
	for _, r := range rows {
		width = max(width, columns(r[0]))
	}
	for _, r := range rows {
		if t.oneLine {
			t.line(r[0] + " " + strings.TrimSpace(gap+r[1]))
			continue
		}
		t.line(r[0] + strings.Repeat(" ", width-columns(r[0])) + gap + r[1])
	}
}

// grid adds lines of several columns, two spaces apart: figures to the right, and the
// columns named in words, counted from 0, to the left.
func (t *text) grid(rows [][]string, words ...int) {
	width := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			width[i] = max(width[i], columns(cell))
		}
	}
	for _, row := range rows {
		var b strings.Builder
		for i, cell := range row {
			if i > 0 {
				b.WriteString("  ")
			}
			pad := strings.Repeat(" ", width[i]-columns(cell))
			if slices.Contains(words, i) {
				b.WriteString(cell + pad)
			} else {
				b.WriteString(pad + cell)
			}
		}
		t.line(strings.TrimRight(b.String(), " "))
	}
}

// An equation is a line left = right, with a remark behind it.
type equation struct {
	left   string
	right  expr.Expr
	remark string
}

// equations writes equations with their signs under each other. One whose right
// side is too large for a tree has the definitions of its parts before it.
func (t *text) equations(list []equation) {
	width := 0
	if !t.oneLine {
		for _, e := range list {
			width = max(width, columns(e.left))
		}
	}
	for _, e := range list {
		left := e.left + strings.Repeat(" ", max(0, width-columns(e.left)))
		t.line(format.Equation(left, e.right, t.style()) + e.remark)
	}
}

// flush hands the lines to the session.
func (t *text) flush() {
	sep := "\n"
	if t.oneLine {
		sep = "; "
		if len(t.lines) > 0 && t.id != nil {
			t.lines[0] = strings.Trim(string(t.id), `"`) + ": " + t.lines[0]
		}
	}
	t.out.WriteString(strings.Join(t.lines, sep))
	if len(t.lines) > 0 {
		t.out.WriteByte('\n')
	}
	t.lines = t.lines[:0]
}

// like prints formulas from here on as f was typed: with decimals, with factorials.
func (t *text) like(f *expr.Formula) { t.decimals, t.factorials = f.Decimals, f.Factorials }

// style is how formulas are printed.
func (t *text) style() format.Options {
	o := format.Options{Decimals: t.decimals, Factorials: t.factorials}
	switch t.opt.format {
	case formatPlain, formatJSON:
		o.Style = format.StylePlain
	case formatUnicode:
		o.Style = format.StyleUnicode
	case formatLaTeX:
		o.Style = format.StyleLaTeX
	}
	return o
}

// formula prints e.
func (t *text) formula(e expr.Expr) string { return format.String(e, t.style()) }

// conditions prints conditions that hold together.
func (t *text) conditions(c []expr.Expr) string { return format.All(c, t.style()) }

// num prints x to the digits asked for.
func (t *text) num(x float64) string { return formatNumber(x, t.opt.digits) }

// point prints "x = 1, y = 2".
func (t *text) point(names []string, x []float64) string {
	return pointDigits(names, x, t.opt.digits)
}

// pointDigits prints a point to some significant digits.
func pointDigits(names []string, x []float64, digits int) string {
	parts := make([]string, len(names))
	for i, name := range names {
		parts[i] = name + " = " + formatNumber(x[i], digits)
	}
	return strings.Join(parts, ", ")
}

// formatNumber prints x to some significant digits: plain digits between 1e-5 and
// 1e15, of an integer all of them, and never -0. A text like 1e6 is shorter
// than seven digits and as easily read, so integers with six zeros or more at
// the end have it.
func formatNumber(x float64, digits int) string {
	a := math.Abs(x)
	switch {
	case math.IsNaN(x):
		return "undefined"
	case math.IsInf(x, 1):
		return "inf"
	case math.IsInf(x, -1):
		return "-inf"
	case x == 0:
		return "0"
	case a < 1e-5 || a >= 1e15:
		return scientific(x, digits)
	}
	if a < math.Pow(10, float64(digits)) {
		x = roundedTo(x, digits)
	} else {
		x = math.RoundToEven(x)
	}
	if math.Mod(x, 1e6) == 0 && roundedTo(x, digits) == x {
		return scientific(x, digits)
	}
	return strconv.FormatFloat(x, 'f', -1, 64)
}

// roundedTo returns x rounded to some significant decimal digits.
func roundedTo(x float64, digits int) float64 {
	r, err := strconv.ParseFloat(strconv.FormatFloat(x, 'e', digits-1, 64), 64)
	if err != nil {
		return x
	}
	return r
}

// scientific prints x as 1.5e-7.
func scientific(x float64, digits int) string {
	s := strconv.FormatFloat(x, 'e', digits-1, 64)
	mantissa, exponent, _ := strings.Cut(s, "e")
	if strings.Contains(mantissa, ".") {
		mantissa = strings.TrimRight(strings.TrimRight(mantissa, "0"), ".")
	}
	n, _ := strconv.Atoi(exponent)
	return mantissa + "e" + strconv.Itoa(n)
}

// columns returns the width of s in columns, near enough for names and numbers.
func columns(s string) int {
	n := 0
	for _, r := range s {
		if r >= 0x20 && !(r >= 0x300 && r < 0x370) {
			n++
		}
	}
	return n
}
