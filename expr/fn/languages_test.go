package fn

import (
	"fmt"
	"go/token"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// expand writes a call of a template or name; a variadic row is called with two arguments.
func expand(template string, args []string) string {
	if !strings.Contains(template, "$") {
		if args == nil {
			return template
		}
		return template + "(" + strings.Join(args, ", ") + ")"
	}
	return regexp.MustCompile(`\$[0-9]`).ReplaceAllStringFunc(template, func(s string) string { return args[s[1]-'1'] })
}

// A sampleCall is a call of a row in another language with its value here.
type sampleCall struct {
	row  *Func
	text string
	want float64
}

// sampleCalls takes three points of each row's sample, and one at a negative place where there is one.
func sampleCalls(template func(f *Func) string) []sampleCall {
	var all []sampleCall
	for _, f := range All() {
		s := template(f)
		if s == "" {
			continue
		}
		if f.Class == Constant {
			all = append(all, sampleCall{f, expand(s, nil), f.F0})
			continue
		}
		for _, t := range []float64{0.125, 0.5, 0.8125} {
			var p []float64
			var args []string
			for i := range f.Args {
				r := f.Sample[min(i, len(f.Sample)-1)]
				v := math.Round(64*(r.Lo+t*(r.Hi-r.Lo)))/64 + 1.0/128
				p = append(p, v)
				a := strconv.FormatFloat(v, 'f', -1, 64)
				if v < 0 {
					a = "(" + a + ")"
				}
				args = append(args, a)
			}
			if f.Name == "polygamma" {
				p[0], args[0] = 2, "2"
			}
			// A template must be an operand as it stands: 1 - c is where missing parentheses show.
			all = append(all, sampleCall{f, "1 - " + expand(s, args), 1 - f.Value(p)})
		}
	}
	return all
}

// compare runs a command that prints one number a line for each call.
func compare(t *testing.T, calls []sampleCall, cmd *exec.Cmd) {
	var problem strings.Builder
	cmd.Stderr = &problem
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %v\n%s", cmd, err, problem.String())
	}
	lines := strings.Fields(string(out))
	if len(lines) != len(calls) {
		t.Fatalf("%d calls, %d answers", len(calls), len(lines))
	}
	for i, c := range calls {
		got, err := strconv.ParseFloat(strings.TrimPrefix(lines[i], "+"), 64)
		if err != nil || !(math.Abs(got-c.want) <= 1e-12*(1+math.Abs(c.want)) || got == c.want) {
			t.Errorf("%s: %s = %s, want %v", c.row.Name, c.text, lines[i], c.want)
		}
	}
}

func TestGo(t *testing.T) {
	calls := sampleCalls(func(f *Func) string { return f.Go })
	var b strings.Builder
	b.WriteString("package main\n\nimport (\n\t\"fmt\"\n\t\"math\"\n\n\t\"gonum.org/v1/gonum/mathext\"\n)\n\nfunc main() {\n")
	b.WriteString("\t_, _ = math.Pi, mathext.Beta\n")
	for _, c := range calls {
		fmt.Fprintf(&b, "\tfmt.Println(float64(%s))\n", c.text)
	}
	b.WriteString("}\n")
	file := filepath.Join(t.TempDir(), "main.go")
	if err := os.WriteFile(file, []byte(b.String()), 0o666); err != nil {
		t.Fatal(err)
	}
	compare(t, calls, exec.Command("go", "run", file))
	for _, f := range All() {
		if !strings.Contains(f.Go, "$") && f.Go != "" && f.Class != Constant {
			if _, name, ok := strings.Cut(f.Go, "."); ok && !token.IsExported(name) {
				t.Errorf("%s: Go name %s", f.Name, f.Go)
			}
		}
	}
}

func TestC(t *testing.T) {
	gcc, err := exec.LookPath("gcc")
	if err != nil {
		t.Skip("no C compiler on this machine")
	}
	calls := sampleCalls(func(f *Func) string { return f.C })
	var b strings.Builder
	b.WriteString("#define _GNU_SOURCE\n#include <math.h>\n#include <stdio.h>\nint main(void) {\n")
	for _, c := range calls {
		fmt.Fprintf(&b, "\tprintf(\"%%.17g\\n\", (double)(%s));\n", c.text)
	}
	b.WriteString("\treturn 0;\n}\n")
	dir := t.TempDir()
	file, program := filepath.Join(dir, "main.c"), filepath.Join(dir, "main")
	if err := os.WriteFile(file, []byte(b.String()), 0o666); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(gcc, "-Wall", "-Wno-parentheses", "-o", program, file, "-lm").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	compare(t, calls, exec.Command(program))
}

// numpyNames stand in for NumPy and SciPy, so that the templates run wherever there is a Python: the test is of
// parentheses, argument order and spelling against this list, which holds names of NumPy 2 and SciPy 1.14.
const numpyNames = `
import math
class Names: pass
np, special = Names(), Names()
np.pi, np.e, np.inf = math.pi, math.e, math.inf
for n in "sqrt exp expm1 log1p log log2 log10 hypot sin cos tan sinh cosh tanh floor ceil copysign".split(): setattr(np, n, getattr(math, n))
for a, b in dict(arcsin="asin", arccos="acos", arctan="atan", arctan2="atan2", arcsinh="asinh", arccosh="acosh", arctanh="atanh", abs="fabs").items(): setattr(np, a, getattr(math, b))
np.cbrt = lambda x: math.copysign(abs(x)**(1/3), x)
np.sign = lambda x: (x > 0) - (x < 0)
np.minimum, np.maximum = lambda x, y: min(x, y), lambda x, y: max(x, y)
np.mod = lambda x, y: x - y*math.floor(x/y)
np.heaviside = lambda x, h: h if x == 0 else float(x > 0)
np.sinc = lambda x: 1.0 if x == 0 else math.sin(math.pi*x)/(math.pi*x)
np.logaddexp = lambda x, y: max(x, y) + math.log1p(math.exp(-abs(x - y)))
special.erf, special.gamma = math.erf, math.gamma
special.erfc = math.erfc
special.gammaln = math.lgamma
special.expit = lambda x: 1/(1 + math.exp(-x))
special.logit = lambda p: math.log(p/(1 - p))
special.ndtr = lambda x: math.erfc(-x/math.sqrt(2))/2
special.beta = lambda a, b: math.exp(math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b))
`

func TestPython(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("no Python on this machine")
	}
	names := numpyNames
	if exec.Command(python, "-c", "import numpy, scipy.special").Run() == nil {
		names = "import numpy as np\nfrom scipy import special\n"
	}
	calls := sampleCalls(func(f *Func) string {
		switch f.Name {
		case "erfinv", "digamma", "trigamma", "polygamma", "W", "Wm1":
			if strings.HasPrefix(names, "\n") {
				return "" // only SciPy has them
			}
		}
		return f.Python
	})
	var b strings.Builder
	b.WriteString(names)
	for _, c := range calls {
		fmt.Fprintf(&b, "print(repr(float(%s)))\n", c.text)
	}
	compare(t, calls, exec.Command(python, "-c", b.String()))
}
