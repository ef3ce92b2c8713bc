package syntax

import "fmt"

// operandError says what is wrong when t stands where an operand should.
func (r *reader) operandError(t token) error {
	var before token // the one that wants the operand, tokEnd at the beginning
	if r.at > r.first {
		before = r.tokens[r.at-1]
	}
	switch t.kind {
	case tokEnd:
		if before.kind == tokEnd {
			return r.errorf(t.span(), "write one, as in y = x^2 + 2", "expected a formula after =")
		}
		return r.errorf(t.span(), "complete it, or remove "+r.show(before), "expected an operand after %s, found the end", r.show(before))
	case tokClose, tokEndSquare:
		if r.open < 0 {
			return r.unopened(t)
		}
	case tokSquare:
		return r.errorf(t.span(), "group with ( )", "unexpected [: an index needs a name before it, as in x[1]")
	case tokBang:
		return r.errorf(t.span(), "write not for a condition, and x! for a factorial", "unexpected ! before an operand")
	case tokAssign:
		if before.kind == tokAssign || before.kind == tokEnd {
			return r.errorf(t.span(), "write == to compare", "unexpected =")
		}
	case tokPrime:
		return r.errorf(t.span(), "write f'(x) for a derivative, and the formula without quotes", "unexpected '")
	}
	if before.kind == tokEnd {
		return r.errorf(t.span(), "write one before it", "expected an operand before %s", r.show(t))
	}
	hint := "write one between them"
	if before.kind == t.kind && infix[t.kind] != 0 {
		hint = "write " + r.show(t) + " once"
	}
	return r.errorf(t.span(), hint, "expected an operand after %s, found %s", r.show(before), r.show(t))
}

// operatorError says what is wrong when t, which can follow no operand, does,
// and no bracket is open.
func (r *reader) operatorError(t token) error {
	switch t.kind {
	case tokNot:
		return r.errorf(t.span(), "write and not, or or not", "expected and or or before not")
	case tokAssign:
		return r.errorf(t.span(), "write == to compare, and ; between statements", "unexpected =")
	case tokSquare:
		return r.errorf(t.span(), "write one list, x[i, j], and group with ( )", "unexpected [: an index follows a name")
	case tokPrime:
		return r.errorf(t.span(), "write d/dx( … )", "unexpected ': a prime follows the name of a function, as in f'(x)")
	}
	return r.errorf(t.span(), "", "unexpected %s", r.show(t))
}

// unclosed says that t stands where the innermost bracket should be closed.
func (r *reader) unclosed(t token) error {
	switch t.kind {
	case tokSquare, tokPrime, tokNot:
		return r.operatorError(t)
	}
	f := r.stack[r.open]
	_, closer := f.form.closer()
	here, _ := r.src.Position(t.pos)
	line, col := r.src.Position(f.mark)
	place := fmt.Sprintf("column %d", col)
	if line != here {
		place = fmt.Sprintf("line %d, column %d", line, col)
	}
	msg := fmt.Sprintf("expected %s to close the %s at %s", closer, f.form.opened(), place)
	hint := "add " + closer
	if f.form == barForm && f.mark > 0 && r.src.Text[f.mark-1] == '|' {
		hint += ", or join conditions with or"
	}
	if t.kind != tokEnd {
		msg += ", found " + r.show(t)
		switch {
		case t.kind == tokAssign:
			hint += ", or write == to compare"
		case t.kind == tokComma && closer == ")":
			hint += "; a comma stands only between the operands of a function"
		}
	}
	return r.errorf(t.span(), hint, "%s", msg)
}

// unopened says that t closes nothing.
func (r *reader) unopened(t token) error {
	open := "("
	if t.kind == tokEndSquare {
		open = "["
	}
	return r.errorf(t.span(), "remove it, or add "+open+" before", "there is no %s for this %s", open, r.show(t))
}
