package cli

import (
	"encoding/json"
	"strings"
	"testing"
)

// FuzzInput streams arbitrary lines through commands: one JSON object for each
// line that is neither blank nor a comment, schema first, and an exit code.
func FuzzInput(f *testing.F) {
	for _, s := range []string{
		"x^2\n", "# c\n\n(x\n", `{"id":1,"formula":"x^2","at":{"x":3}}`, `{"formula":"x","at":[{"x":"pi/2"}],"order":2}`,
		`{"formula":"x^2","wrt":["x","y"]}` + "\n{", `{"formula":"a x","set":{"a":"1/0"},"at":1}`, `{"formula":1}`, `{"id":null,"formula":""}`,
		`{"formula":"x","at":{"x":1e400}}`, `{"formula":"x","at":{"x":"inf"}}`, "{}", "\ufeffx", `{"formula":"x","steps":true,"hessian":"true"}`,
		`{"formula":"x","digits":3,"grad":1}`, "x\r\ny\r\n", "\xff\n", `{"formula":"x","at":[[]]}`,
	} {
		f.Add(s, true)
		f.Add(s, false)
	}
	f.Fuzz(func(t *testing.T, input string, eval bool) {
		if len(input) > 300 {
			t.Skip("long formulas have tests of their own")
		}
		want := 0
		for i, l := range strings.Split(input, "\n") {
			if i == 0 {
				l = strings.TrimPrefix(l, "\ufeff")
			}
			if l = strings.TrimSpace(l); l != "" && l[0] != '#' {
				want++
			}
		}
		args := []string{"diff", "--json", "--timeout", "2s"}
		if eval {
			args[0] = "eval"
		}
		r := runWith(input, args...)
		got := 0
		for l := range strings.Lines(r.out) {
			got++
			if !json.Valid([]byte(l)) || !strings.HasPrefix(l, `{"schema":"nabla/1",`) {
				t.Errorf("no JSON object: %q", l)
			}
			if strings.Contains(l, "internal error") {
				t.Errorf("%q: %s", input, l)
			}
		}
		if got != want || r.err != "" {
			t.Errorf("%q: %d answers to %d questions, says %q", input, got, want, r.err)
		}
	})
}

func FuzzValues(f *testing.F) {
	for _, s := range []string{"x=1,y=-2", "x=max(1,2),y=3", "-5:5", "x=-2pi:2pi,y=0:", "x=:", "a=3,b=exp(1)", "x₁=1", "x[1]=2", "=", ",", "x=1=2", "1:2:3"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		o := newOptions()
		for _, v := range []value{&o.at, &o.wrt, &o.set, &o.bounds, &o.start, &o.subjectTo, positive{&o.tol}, count{&o.order, 0, 9}, &o.seed, &o.timeout} {
			if err := v.Set(text); err != nil && asFailure(err).msg == "" {
				t.Errorf("%T.Set(%q) fails without a word", v, text)
			}
		}
	})
}

func TestFields(t *testing.T) {
	for text, want := range map[string]string{
		"x=1,y=2": "x=1|y=2", "x=max(1,2), y=3": "x=max(1,2)|y=3", "x[1,2]=3,y=1": "x[1,2]=3|y=1", "": "", "a)b,c": "a)b|c",
	} {
		if got := strings.Join(fields(text), "|"); got != want {
			t.Errorf("fields(%q) = %q, want %q", text, got, want)
		}
	}
}
