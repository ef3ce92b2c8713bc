package fn

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// language is the list of functions of the formula language by family, with aliases.
var language = []struct {
	family string
	class  Class
	names  string
}{
	{"powers", Textbook, "sqrt cbrt root exp log ln log10 log2 expm1 log1p hypot"},
	{"trigonometric", Textbook, "sin cos tan sec csc cot asin acos atan asec acsc acot arcsin arccos arctan arcsec arccsc arccot atan2 sinc"},
	{"hyperbolic", Textbook, "sinh cosh tanh sech csch coth asinh acosh atanh asech acsch acoth " +
		"arsinh arcosh artanh arsech arcsch arcoth arcsinh arccosh arctanh arcsech arccsch arccoth"},
	{"pieces", Textbook, "abs"},
	{"pieces", CallOnly, "sign min max floor ceil round mod heaviside clamp"},
	{"special", CallOnly, "erf erfc erfinv gamma lgamma digamma trigamma beta W"},
	{"statistics", CallOnly, "normpdf normcdf sigmoid logistic softplus relu logit logsumexp"},
	{"constants", Constant, "pi π e inf"},
}

func TestLanguage(t *testing.T) {
	listed := map[string]bool{}
	for _, l := range language {
		for _, name := range strings.Fields(l.names) {
			listed[name] = true
			f := Lookup(name)
			if f == nil {
				t.Errorf("%s is missing", name)
				continue
			}
			if f.Family != l.family || f.Class != l.class || ClassOf(name) != l.class {
				t.Errorf("%s is %v of family %s, want %v of family %s", name, f.Class, f.Family, l.class, l.family)
			}
		}
	}
	// What the page does not list stays few: every name taken is a variable less.
	for _, f := range All() {
		for _, name := range append([]string{f.Name}, f.Alias...) {
			if !listed[name] && name != "logb" && name != "polygamma" && name != "Wm1" && name != "arctan2" {
				t.Errorf("%s is not a name of the formula language", name)
			}
		}
	}
	for _, name := range []string{"", "x", "tau", "i", "sine", "SIN", "Pi"} {
		if Lookup(name) != nil || ClassOf(name) != NotFunction || Overload(name, 1) != nil || Usages(name) != nil {
			t.Errorf("%q is a free name, but the table knows it", name)
		}
	}
	for _, f := range Forms {
		if Lookup(f.Name) != nil || ClassOf(f.Name) != CallOnly || f.Doc == "" || len(f.Usage) == 0 || Usages(f.Name) == nil {
			t.Errorf("form %s", f.Name)
		}
	}
}

func TestNames(t *testing.T) {
	taken := map[string]string{}
	take := func(name, by string) {
		if other, ok := taken[name]; ok {
			t.Errorf("%s belongs to %s and %s", name, other, by)
		}
		taken[name] = by
		for i, c := range name {
			if !unicode.IsLetter(c) && !(i > 0 && unicode.IsDigit(c)) {
				t.Errorf("%s is no name", name)
			}
		}
	}
	for _, f := range All() {
		take(f.Name, f.Name)
		for _, a := range f.Alias {
			take(a, f.Name)
			if Lookup(a) != f {
				t.Errorf("Lookup(%q) is not %s", a, f.Name)
			}
		}
		if Lookup(f.Name) != f {
			t.Errorf("Lookup(%q) is not the row", f.Name)
		}
		for i, a := range f.Args {
			if ClassOf(a) != NotFunction || slices.Index(f.Args, a) != i {
				t.Errorf("%s: argument %s is taken", f.Name, a)
			}
		}
		if n := len(f.Args); Overload(f.Text(), max(n, 2*b2i(f.Variadic))) != f {
			t.Errorf("a call of %s with %d arguments is not the row %s", f.Text(), n, f.Name)
		}
	}
	for _, f := range Forms {
		take(f.Name, "the forms")
	}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

func TestOverload(t *testing.T) {
	for _, c := range []struct {
		name string
		n    int
		want string
	}{
		{"log", 1, "log"}, {"log", 2, "logb"}, {"ln", 1, "log"}, {"ln", 2, "logb"}, {"logb", 2, "logb"}, {"log", 3, ""}, {"log", 0, ""},
		{"max", 2, "max"}, {"max", 50, "max"}, {"max", 1, ""}, {"sin", 2, ""}, {"clamp", 3, "clamp"}, {"pi", 0, "pi"}, {"pi", 1, ""}, {"f", 1, ""},
	} {
		got := ""
		if f := Overload(c.name, c.n); f != nil {
			got = f.Name
		}
		if got != c.want {
			t.Errorf("Overload(%q, %d) = %q, want %q", c.name, c.n, got, c.want)
		}
	}
	for name, want := range map[string]string{
		"log": "log(x); log(x, base)", "sin": "sin(x)", "max": "max(a, b, …)", "pi": "pi", "diff": "diff(expr, x); diff(expr, x, n)", "zz": "",
	} {
		if got := strings.Join(Usages(name), "; "); got != want {
			t.Errorf("Usages(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestNear(t *testing.T) {
	for _, c := range [][2]string{
		{"sine", "sin"}, {"sqr", "sqrt"}, {"squrt", "sqrt"}, {"arctg", "atan"}, {"tang", "tan"}, {"cosin", "cos"}, {"Sin", "sin"}, {"lnn", "ln"},
		{"sgin", "sign"}, {"heavyside", "heaviside"}, {"gama", "gamma"}, {"logg", "log"}, {"arcsine", "arcsin"}, {"sigmiod", "sigmoid"},
		{"exq", "exp"}, {"sinhh", "sinh"}, {"summ", "sum"}, {"x", ""}, {"", ""}, {"velocity", ""}, {"w", "W"}, {"PI", "pi"},
		{"sgn", "sign"}, {"tg", "tan"}, {"Ctg", "cot"}, {"lg", "log10"}, {"pow", "x^y"}, {"LambertW", "W"}, {"fabs", "abs"},
		{strings.Repeat("sin", 1000), ""}, {"λλλ", ""},
	} {
		if got := Near(c[0]); got != c[1] {
			t.Errorf("Near(%q) = %q, want %q", c[0], got, c[1])
		}
	}
	for _, f := range All() {
		if got := Near(f.Name); got != f.Name {
			t.Errorf("Near(%q) = %q", f.Name, got)
		}
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"a", "", 1}, {"", "abc", 3}, {"sin", "sin", 0}, {"sin", "SIN", 0}, {"sni", "sin", 1}, {"sine", "sin", 1},
		{"kitten", "sitting", 3}, {"ca", "abc", 3},
	} {
		if got := distance(c.a, c.b); got != c.want {
			t.Errorf("distance(%q, %q) = %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

// words returns the names of a formula, and for each whether "(" follows it, with the number of arguments.
func words(t *testing.T, where, s string) map[string][]int {
	out := map[string][]int{}
	depth := 0
	for i := 0; i < len(s); {
		c, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case unicode.IsLetter(c):
			j := i
			for j < len(s) {
				d, m := utf8.DecodeRuneInString(s[j:])
				if !unicode.IsLetter(d) && !unicode.IsDigit(d) {
					break
				}
				j += m
			}
			args := -1
			if j < len(s) && s[j] == '(' {
				args = countArgs(s[j:])
			}
			out[s[i:j]] = append(out[s[i:j]], args)
			i = j
			continue
		case c == '(':
			depth++
		case c == ')':
			depth--
		case !strings.ContainsRune("0123456789.+-*/^,<>=! ", c):
			t.Errorf("%s: %q has a strange %q", where, s, c)
		}
		if depth < 0 {
			break
		}
		i += n
	}
	if depth != 0 {
		t.Errorf("%s: %q has unbalanced parentheses", where, s)
	}
	return out
}

// countArgs counts the arguments in the parentheses that s starts with.
func countArgs(s string) int {
	depth, n := 0, 1
	for _, c := range s {
		switch c {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return n
			}
		case ',':
			if depth == 1 {
				n++
			}
		}
	}
	return n
}

// checkText holds a text to names that mean something: functions called as they take their arguments, constants, the
// given variables, and, in a condition, its connectives.
func checkText(t *testing.T, where, s string, vars []string, condition bool) {
	for name, uses := range words(t, where, s) {
		for _, n := range uses {
			switch {
			case n >= 0 && name == "if" && n == 3:
			case n >= 0 && Overload(name, n) != nil && Overload(name, n).Class != Constant:
			case n < 0 && slices.Contains(vars, name):
			case n < 0 && ClassOf(name) == Constant:
			case condition && (name == "and" || name == "or" || name == "not"):
			case strings.Contains(s, "if(") && name == "and":
			default:
				t.Errorf("%s: %q: what is %s with %d arguments?", where, s, name, n)
			}
		}
	}
}

// The texts name nothing that does not exist; what they say is checked where formulas can be read.
func TestTexts(t *testing.T) {
	for _, f := range All() {
		if f.Doc == "" || strings.HasSuffix(f.Doc, ".") || len(f.Doc) > 100 {
			t.Errorf("%s: Doc is one line for a list: %q", f.Name, f.Doc)
		}
		if f.LaTeX == "" || strings.Count(f.LaTeX, "{") != strings.Count(f.LaTeX, "}") ||
			strings.Count(f.LaTeX, `\left`) != strings.Count(f.LaTeX, `\right`) {
			t.Errorf("%s: LaTeX %q", f.Name, f.LaTeX)
		}
		if f.Class == Constant {
			continue
		}
		if f.Variadic {
			if len(f.D) != 1 || !slices.Contains([]string{ArgMax, ArgMin, SoftMax}, f.D[0]) ||
				f.DWhere != nil && (len(f.DWhere) != 1 || f.DWhere[0] != Untied) {
				t.Errorf("%s: D %q, DWhere %q", f.Name, f.D, f.DWhere)
			}
		} else {
			if len(f.D) != len(f.Args) || f.DWhere != nil && len(f.DWhere) != len(f.D) {
				t.Errorf("%s: %d arguments, %d derivatives, %d conditions", f.Name, len(f.Args), len(f.D), len(f.DWhere))
			}
			for i := range f.D {
				if f.D[i] == "" && f.Name != "polygamma" {
					t.Errorf("%s has no derivative %d", f.Name, i)
				}
				checkText(t, f.Name+".D", f.D[i], f.Args, false)
			}
			for _, w := range f.DWhere {
				checkText(t, f.Name+".DWhere", w, f.Args, true)
			}
		}
		checkText(t, f.Name+".Domain", f.Domain, f.Args, true)
		checkText(t, f.Name+".Means", f.Means, f.Args, false)
		if (f.Domain == "") != (f.Dec == nil) && f.Weakly == 0 {
			t.Errorf("%s: a domain %q wants a column Dec, and the other way round", f.Name, f.Domain)
		}
		if len(f.Rules) == 0 {
			t.Errorf("%s has no rules", f.Name)
		}
		seen := map[Rule]bool{}
		for _, r := range f.Rules {
			if r.From == r.To || seen[r] {
				t.Errorf("%s: rule %v says nothing new", f.Name, r)
			}
			seen[r] = true
			var vars []string
			for name := range words(t, f.Name, r.From) {
				if ClassOf(name) == NotFunction {
					vars = append(vars, name)
				}
			}
			checkText(t, f.Name+".From", r.From, vars, false)
			checkText(t, f.Name+".To", r.To, vars, false)
			checkText(t, f.Name+".When", r.When, vars, true)
			back := Rule{r.To, r.From, r.When}
			for _, g := range All() {
				if slices.Contains(g.Rules, back) {
					t.Errorf("%s: rule %v and the reverse one in %s go round in a circle", f.Name, r, g.Name)
				}
			}
		}
	}
}

func BenchmarkLookup(b *testing.B) {
	for b.Loop() {
		if Lookup("sigmoid") == nil {
			b.Fatal("sigmoid is missing")
		}
	}
}

// BenchmarkIndex is what the first Lookup costs.
func BenchmarkIndex(b *testing.B) {
	for b.Loop() {
		if buildIndex().named["sin"] == nil {
			b.Fatal("sin is missing")
		}
	}
}
