package format

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"nabla/expr"
	"nabla/expr/simplify"
)

// cases returns the formulas of the cases from outside: every text of a JSON
// value under one of a few keys.
func cases(t *testing.T) []string {
	dir := os.Getenv("NABLA_CASES")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "testdata")
	}
	if _, err := os.Stat(dir); os.IsNotExist(err) {
		t.Skip("no cases from outside in ", dir)
	}
	keys := map[string]bool{"formula": true, "F": true, "f": true, "answer": true, "correct": true, "plain": true, "lines": true, "expr": true, "value_exact": true}
	var texts []string
	var collect func(v any, wanted bool)
	collect = func(v any, wanted bool) {
		switch v := v.(type) {
		case string:
			if wanted {
				texts = append(texts, v)
			}
		case []any:
			for _, u := range v {
				collect(u, wanted)
			}
		case map[string]any:
			for _, k := range sortedKeys(v) {
				collect(v[k], keys[k])
			}
		}
	}
	files, err := filepath.Glob(filepath.Join(dir, "*", "*.jsonl"))
	if err != nil || len(files) == 0 {
		t.Fatal("no files in ", dir, err)
	}
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(f)
		lines.Buffer(nil, 1<<26)
		for lines.Scan() {
			var v any
			if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
				t.Fatal(name, err)
			}
			collect(v, false)
		}
		f.Close()
	}
	return texts
}

func sortedKeys(m map[string]any) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// Formulas from outside read back in every style, as written and tidy.
func TestCases(t *testing.T) {
	read := 0
	for _, text := range cases(t) {
		e, err := expr.Parse(text)
		if err != nil {
			continue // what the parser reads is tested elsewhere
		}
		read++
		tidier := simplify.New()
		d := tidier.Tidy(e)
		for name, o := range readable {
			o.Budget = 1 << 30
			got := String(e, o)
			if back, err := expr.Parse(got); err != nil || !expr.Equal(back, e) {
				t.Errorf("%s\n%s: %s\nreads as %v\nnot as %v %v", text, name, got, back, e, err)
			}
			for _, o.Decimals = range []bool{false, true} {
				got = String(d, o)
				back, err := expr.Parse(got)
				if err != nil || tidier.Tidy(back) != d && !agree(back, d) {
					t.Errorf("%s\ntidy %s: %s\nreads as %v\nnot as %v %v", text, name, got, back, d, err)
				}
				// With names for parts it is the same formula again.
				o.Budget = 1
				got = String(d, o)
				shared, err := expr.Parse(got)
				if err != nil || !expr.Equal(shared, back) && tidier.Tidy(shared) != tidier.Tidy(back) && !agree(shared, back) {
					t.Errorf("%s\nshared %s: %s\nreads as %v %v", text, name, got, shared, err)
				}
				o.Budget = 1 << 30
			}
		}
		for _, u := range []expr.Expr{e, d} {
			checkLaTeX(t, LaTeX(u))
		}
	}
	if read < 1000 {
		t.Errorf("only %d formulas were read", read)
	}
	t.Log(read, "formulas")
}

// checkLaTeX checks what TeX would stop at: braces, \left and \right, and
// environments must nest, a script must have a nucleus and not be double, and
// there must be nothing that only plain text has.
func checkLaTeX(t *testing.T, s string) {
	t.Helper()
	if msg := latexMistake(s); msg != "" {
		t.Errorf("%s in %s", msg, s)
	}
}

func latexMistake(s string) string {
	var stack []string
	scripted := map[byte]bool{} // what the nucleus before has already
	pop := func(want string) bool {
		if len(stack) == 0 || stack[len(stack)-1] != want {
			return false
		}
		stack = stack[:len(stack)-1]
		return true
	}
	var groups []map[byte]bool
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\':
			j := i + 1
			for j < len(s) && (s[j]|0x20 >= 'a' && s[j]|0x20 <= 'z') {
				j++
			}
			command := s[i:j]
			switch {
			case command == `\left`:
				stack = append(stack, "left")
				if rest := s[j:]; !strings.HasPrefix(rest, `\`) {
					j++ // the delimiter
				}
				groups = append(groups, nil)
			case command == `\right`:
				if !pop("left") {
					return `\right without \left`
				}
				if rest := s[j:]; !strings.HasPrefix(rest, `\`) {
					j++
				}
			case command == `\begin`:
				stack = append(stack, "cases")
				j += len("{cases}")
			case command == `\end`:
				if !pop("cases") {
					return `\end without \begin`
				}
				j += len("{cases}")
			case j == i+1:
				j++ // \\ and \_
			case latexCommands[command]:
			default:
				return "unknown " + command
			}
			i = j - 1
			scripted = map[byte]bool{}
		case c == '{':
			stack = append(stack, "{")
			groups = append(groups, scripted)
			scripted = map[byte]bool{}
		case c == '}':
			if !pop("{") {
				return "} without {"
			}
			scripted = groups[len(groups)-1]
			groups = groups[:len(groups)-1]
			if scripted == nil {
				scripted = map[byte]bool{}
			}
		case c == '^' || c == '_':
			if scripted[c] {
				return "double script"
			}
			if i+1 == len(s) || s[i+1] != '{' {
				return "script without braces"
			}
			scripted[c] = true
		case c == '*' || c == '/' || c == '$' || c == '#' || c == '%':
			return "stray " + string(c)
		default:
			scripted = map[byte]bool{}
		}
	}
	if len(stack) > 0 {
		return "unclosed " + stack[len(stack)-1]
	}
	return ""
}

var latexCommands = func() map[string]bool {
	m := map[string]bool{}
	for _, c := range strings.Fields(`\frac \sqrt \cdot \text \mathrm \operatorname \le \ge \ne \land \lor \lnot \quad \infty
		\sin \cos \tan \sec \csc \cot \arcsin \arccos \arctan \sinh \cosh \tanh \coth \exp \ln \log \max \min \Gamma
		\lfloor \rfloor \lceil \rceil \bmod \psi \Phi \varphi \mathrm`) {
		m[c] = true
	}
	for name := range greek {
		m[`\`+name] = true
	}
	return m
}()

// The check finds mistakes.
func TestLatexMistake(t *testing.T) {
	for _, s := range []string{"x^{2", "x}", `\left(x`, `x\right)`, "x^{2}^{3}", "x^2", "x*y", "x/y", `\sine x`, "x_{1}_{2}", `\begin{cases}x`} {
		if latexMistake(s) == "" {
			t.Errorf("no mistake found in %s", s)
		}
	}
	for _, s := range []string{`\frac{x^{2}_{1}}{\left(y\right)^{2}}`, `e^{x^{2}}`, `\left|x\right|^{2} \left\lfloor x\right\rfloor`, `\begin{cases} x & \text{if } x \le 1 \\ 2 & \text{otherwise} \end{cases}`} {
		if msg := latexMistake(s); msg != "" {
			t.Errorf("%s in %s", msg, s)
		}
	}
}
