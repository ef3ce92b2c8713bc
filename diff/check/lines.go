package check

import (
	"errors"
	"fmt"
	"strings"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/syntax"
)

// A LineError says that a line of a derivation could not be read.
type LineError struct {
	Line int   // counted from 0
	Err  error // of the formula, a *syntax.Error where it points into the text
}

func (e *LineError) Error() string { return fmt.Sprintf("line %d: %v", e.Line+1, e.Err) }
func (e *LineError) Unwrap() error { return e.Err }

// An item is one formula of a derivation, a side of an equation. A line holds
// one or, as in y' = 2x*3 = 6x, several.
type item struct {
	line   int           // of those that count
	source int           // of all lines
	offset int32         // of its text in the line
	f      *expr.Formula // of a single formula; nil for a list
	es     []expr.Expr   // one, or the components of a gradient
	order  int           // of the derivative it is said to be; -1 when nothing says
	name   string        // of the function on the left, "" when nothing says
	wrt    string        // "" when nothing says
	params []string
}

// items reads a line. known are the names that the lines before declared.
func items(n int, text string, r expr.Reader) ([]item, error) {
	body := text
	if i := strings.IndexByte(body, '#'); i >= 0 {
		body = body[:i]
	}
	if strings.TrimSpace(body) == "" {
		return nil, nil
	}
	fail := func(err error) error { return &LineError{n, err} }
	order, name, wrt := -1, "", ""
	var params []string
	var out []item
	start := int32(0)
	sides := splitAt(body, '=')
	for i, side := range sides {
		offset := start
		start += int32(len(side)) + 1
		if strings.TrimSpace(side) == "" {
			if i == 0 && len(sides) > 1 {
				continue // "= …" goes on with the line before
			}
			return nil, fail(errors.New("expected a formula beside the ="))
		}
		if i == 0 && len(sides) > 1 {
			if left := leftSide(side, r); left != nil {
				order, name, wrt, params = left.Primes, left.Name, left.Wrt, left.Params
				continue
			}
		}
		it := item{line: n, offset: offset, order: order, name: name, wrt: wrt, params: params}
		list, isList, err := SplitList(side)
		if err != nil {
			return nil, fail(err)
		}
		if isList {
			for _, part := range list {
				e, err := r.Expr(part)
				if err != nil {
					return nil, fail(err)
				}
				it.es = append(it.es, e)
			}
			if it.order < 0 {
				it.order = 1
			}
		} else {
			if it.f, err = r.Read(side); err != nil {
				return nil, fail(err)
			}
			it.es = []expr.Expr{it.f.Expr}
		}
		out = append(out, it)
	}
	if len(out) == 0 {
		return nil, fail(errors.New("expected a formula after the ="))
	}
	return out, nil
}

// leftSide reads side as what may stand to the left of an = : f(x), f'(x),
// dy/dx. It is nil when it is a formula of its own.
func leftSide(side string, r expr.Reader) *syntax.Statement {
	f, err := r.Read(side + " = 0")
	if err != nil || f.Left == nil {
		return nil
	}
	return f.Left
}

// splitAt splits text at sep outside parentheses, brackets and bars; == and <=
// and the like are not =.
func splitAt(text string, sep byte) []string {
	var parts []string
	depth, start := 0, 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '(' || c == '[' || c == '{':
			depth++
		case c == ')' || c == ']' || c == '}':
			depth--
		case c == sep && depth == 0:
			if sep == '=' && (i > 0 && strings.IndexByte("<>!=", text[i-1]) >= 0 || i+1 < len(text) && text[i+1] == '=') {
				continue
			}
			parts = append(parts, text[start:i])
			start = i + 1
		}
	}
	return append(parts, text[start:])
}

// SplitList splits a list of formulas such as "[2x, 2y]" or "(2x, 2y)" into its
// parts. It reports whether text is a list; it is none without a comma at its
// top level, except in brackets.
func SplitList(text string) (parts []string, isList bool, err error) {
	s := strings.TrimSpace(text)
	if len(s) < 2 {
		return nil, false, nil
	}
	open, end := s[0], s[len(s)-1]
	if !(open == '[' && end == ']' || open == '(' && end == ')') {
		return nil, false, nil
	}
	// The first bracket must be closed by the last one: (x+1)*(x-1) is no list.
	depth := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '(', '[':
			depth++
		case ')', ']':
			if depth--; depth == 0 && i < len(s)-1 {
				return nil, false, nil
			}
		}
	}
	if depth != 0 {
		return nil, false, nil // unbalanced: the reader of formulas points at it
	}
	parts = splitAt(s[1:len(s)-1], ',')
	if open == '(' && len(parts) < 2 {
		return nil, false, nil
	}
	for i, p := range parts {
		if parts[i] = strings.TrimSpace(p); parts[i] == "" {
			return nil, true, fmt.Errorf("part %d of the list %s is empty", i+1, s)
		}
	}
	return parts, true, nil
}

// wantsDerivative reports whether a derivative that is still to be carried out
// stands in e.
func wantsDerivative(e expr.Expr) bool {
	for n := range e.All() {
		if n.Op() == expr.Diff {
			return true
		}
	}
	return false
}

// innermost returns what the derivatives at the top of e are of, and by what, the
// first differentiation first.
func innermost(e expr.Expr) (f expr.Expr, wrt []string) {
	for e.Op() == expr.Diff {
		wrt = append([]string{e.Arg(1).Name()}, wrt...)
		e = e.Arg(0)
	}
	return e, wrt
}

// conditionsOf returns the conditions under which the derivatives inside e hold.
func conditionsOf(e expr.Expr) []expr.Expr {
	var out []expr.Expr
	for n := range e.All() {
		if n.Op() == expr.Diff {
			f, wrt := innermost(n)
			out = appendConditions(out, diff.Derive(f, wrt...).Conditions)
		}
	}
	return out
}
