package syntax

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzParse reads anything. What is read obeys check, and reads the same when
// every operator and parenthesis is spelled out; what is not read has an error
// with a place inside the text.
func FuzzParse(f *testing.F) {
	for _, c := range readings {
		f.Add(c.text)
	}
	for _, c := range mistakes {
		f.Add(c.text)
	}
	f.Add("a = 3; g(t) = exp(-t^2)\ny = a*g'(x - 1)")
	f.Fuzz(func(t *testing.T, text string) {
		in, err := Parse("t", text, page)
		if err != nil {
			checkError(t, text, err)
			return
		}
		scope := ""
		for i, s := range in.Statements {
			if err := check(s.Body); err != nil {
				t.Fatalf("%q: %v", text, err)
			}
			if s.Span.Pos < 0 || s.Span.End > int32(len(text)) || in.Source.Slice(s.NameSpan) == "" && s.Name != "" {
				t.Fatalf("%q: %+v", text, s)
			}
			if len(text) > 1000 {
				continue
			}
			left := ""
			if s.Params != nil {
				left = s.Name + "(" + strings.Join(s.Params, ",") + ") = "
			} else if s.Name != "" {
				left = s.Name + " = "
			}
			if s.Primes > 0 {
				left = "= "
				if s.Params != nil {
					continue // its parameters hide names only there
				}
			}
			again, err := Parse("", scope+left+explicit(s.Body), page)
			if err != nil {
				t.Fatalf("%q: statement %d reads back as an error: %v", text, i, err)
			}
			if got, want := again.Formula().Body.String(), strings.ReplaceAll(s.Body.String(), "·", "*"); got != want {
				t.Fatalf("%q: statement %d\n got %s\nwant %s", text, i, got, want)
			}
			scope += left + explicit(s.Body) + ";"
		}
	})
}

func checkError(t *testing.T, text string, err error) {
	e, ok := errors.AsType[*Error](err)
	if !ok {
		t.Fatalf("%q: %T: %v", text, err, err)
	}
	if e.Span.Pos < 0 || e.Span.End < e.Span.Pos || int(e.Span.End) > len(text) || e.Msg == "" {
		t.Fatalf("%q: %+v", text, e)
	}
	if line := e.Error(); strings.ContainsAny(line, "\n\r\x00\x1b") || !utf8.ValidString(line) || len(line) > 1000 {
		t.Fatalf("%q: message %q", text, line)
	}
	if s := e.Snippet(); strings.Count(s, "\n") != 1 || !strings.Contains(s, "^") || strings.ContainsAny(s, "\r\x00\x1b") {
		t.Fatalf("%q: snippet %q", text, s)
	}
}
