package cli

import (
	"errors"
	"fmt"
	"strings"

	"nabla/expr/syntax"
)

// The exit codes. Of several questions the worst, the largest, counts.
const (
	exitOK          = 0   // answered: claim right, minimum found
	exitNo          = 1   // answered "no": claim wrong, unbounded, not attained, not converged, undefined there
	exitUsage       = 2   // the command line was wrong
	exitFormula     = 3   // a formula could not be understood
	exitData        = 4   // data or a file could not be read or written
	exitLimit       = 5   // cannot tell, or a limit was reached
	exitInterrupted = 130 // interrupted
)

// exitCodes is the table for the help, in the order of the codes.
var exitCodes = []struct {
	code    int
	name    string // in the error objects of JSON; "" for codes that are answers
	meaning string
}{
	{exitOK, "", "answered: claim right, minimum found"},
	{exitNo, "", `answered "no": claim wrong, unbounded, infimum not attained, not converged, value undefined there`},
	{exitUsage, "usage", "the command line was wrong (flag, command, missing argument)"},
	{exitFormula, "syntax", "a formula could not be understood"},
	{exitData, "data", "data or a file could not be read or written"},
	{exitLimit, "limit", "cannot tell, or a limit was reached (time, depth, memory): the best so far is printed, marked as such"},
	{exitInterrupted, "interrupted", "interrupted: the best so far is printed"},
}

// A failure is why a question has no answer.
type failure struct {
	exit  int
	where string // what was being read, as "--at"; "" for the formula itself
	msg   string
	hint  string
	place *syntax.Error // where in a text, if in one
}

func (f *failure) Error() string {
	if f.where != "" {
		return f.where + ": " + f.msg
	}
	return f.msg
}

// code returns the stable name of the kind of failure.
func (f *failure) code() string {
	for _, c := range exitCodes {
		if c.code == f.exit {
			return c.name
		}
	}
	return ""
}

// usage makes a failure of the command line. The hint may be "".
func usage(hint, format string, args ...any) *failure {
	return &failure{exit: exitUsage, hint: hint, msg: fmt.Sprintf(format, args...)}
}

// dataFailure makes a failure of a file or of data.
func dataFailure(err error) *failure {
	return &failure{exit: exitData, msg: err.Error()}
}

// limitFailure makes a failure by a limit.
func limitFailure(hint, format string, args ...any) *failure {
	return &failure{exit: exitLimit, hint: hint, msg: fmt.Sprintf(format, args...)}
}

// asFailure gives any error the form in which it is reported.
func asFailure(err error) *failure {
	if f := (*failure)(nil); errors.As(err, &f) {
		return f
	}
	if e := (*syntax.Error)(nil); errors.As(err, &e) {
		f := &failure{exit: exitFormula, msg: e.Msg, hint: e.Hint, place: e}
		if e.Limit {
			f.exit = exitLimit
		}
		return f
	}
	return &failure{exit: exitLimit, msg: err.Error()}
}

// position returns the line and column of f in the text it is about, 0 and 0
// when it is about none.
func (f *failure) position() (line, column int) {
	if f.place == nil || f.place.Source == nil {
		return 0, 0
	}
	return f.place.Source.Position(f.place.Span.Pos)
}

// report writes f for a person: the message with its place, the line with a
// caret under the place, and the hint. inputLine is the line of the input that
// the question stood on, 0 for an argument.
func (f *failure) report(inputLine int, paint painter) string {
	var b strings.Builder
	b.WriteString(paint.bad("nabla:") + " ")
	line, column := f.position()
	switch {
	case inputLine > 0 && line > 1:
		fmt.Fprintf(&b, "line %d: line %d, column %d: ", inputLine, line, column)
	case inputLine > 0 && line > 0:
		fmt.Fprintf(&b, "line %d, column %d: ", inputLine, column)
	case inputLine > 0:
		fmt.Fprintf(&b, "line %d: ", inputLine)
	case f.where != "" && line > 0:
	case line > 0:
		fmt.Fprintf(&b, "line %d, column %d: ", line, column)
	}
	if f.where != "" {
		b.WriteString(f.where + ": ")
	}
	b.WriteString(f.msg + "\n")
	if f.place != nil {
		for _, l := range strings.Split(f.place.Snippet(), "\n") {
			b.WriteString(strings.TrimRight("    "+l, " ") + "\n")
		}
	}
	if f.hint != "" {
		b.WriteString("  " + strings.ReplaceAll(f.hint, "\n", "\n  ") + "\n")
	}
	return b.String()
}
