package prove_test

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/prove"
)

// suspects are pairs of formulas in U and V that are equal everywhere, or under
// some condition only, or not at all. Whatever U and V are, a pair that is
// proved must not be refuted at any point.
var suspects = [][2]string{
	{"sqrt((U)^2)", "U"},
	{"sqrt((U)^2)", "abs(U)"},
	{"sqrt(U)*sqrt(V)", "sqrt((U)*(V))"},
	{"sqrt(U)/sqrt(V)", "sqrt((U)/(V))"},
	{"log((U)*(V))", "log(U)+log(V)"},
	{"log((U)^2)", "2*log(U)"},
	{"log((U)^2)", "2*log(abs(U))"},
	{"log((U)/(V))", "log(U)-log(V)"},
	{"(U)/(U)", "1"},
	{"((U)^2)^(1/2)", "U"},
	{"((U)^(1/2))^2", "U"},
	{"((U)^3)^(1/3)", "U"},
	{"cbrt((U)^3)", "U"},
	{"((U)^2)^(1/4)", "sqrt(U)"},
	{"((U)^2)^(1/4)", "sqrt(abs(U))"},
	{"(U)^(1/3)", "cbrt(U)"},
	{"((U)^2)^n", "(U)^(2*n)"},
	{"((U)^n)^2", "(U)^(2*n)"},
	{"((U)^n)^(1/2)", "(U)^(n/2)"},
	{"(U)^n*(V)^n", "((U)*(V))^n"},
	{"(U)^(n+1)", "(U)^n*(U)"},
	{"(U)^(n-1)", "(U)^n/(U)"},
	{"exp(log(U))", "U"},
	{"log(exp(U))", "U"},
	{"atan(U)+atan(1/(U))", "pi/2"},
	{"atan(tan(U))", "U"},
	{"tan(atan(U))", "U"},
	{"asin(sin(U))", "U"},
	{"sin(asin(U))", "U"},
	{"acos(cos(U))", "U"},
	{"cos(asin(U))", "sqrt(1-(U)^2)"},
	{"asin(U)+acos(U)", "pi/2"},
	{"2*atan(U)", "atan(2*(U)/(1-(U)^2))"},
	{"atan(U)+atan(V)", "atan(((U)+(V))/(1-(U)*(V)))"},
	{"abs((U)*(V))", "abs(U)*abs(V)"},
	{"abs((U)+(V))", "abs(U)+abs(V)"},
	{"abs(U)", "U"},
	{"abs(U)", "sign(U)*(U)"},
	{"sign(U)", "abs(U)/(U)"},
	{"sign(U)^2", "1"},
	{"sign((U)*(V))", "sign(U)*sign(V)"},
	{"sign(U)^3", "sign(U)"},
	{"max(U,V)", "(U+V+abs((U)-(V)))/2"},
	{"max(U,V)", "-min(-(U),-(V))"},
	{"min(U,V)*max(U,V)", "(U)*(V)"},
	{"max(U,V)", "if((U)<(V),V,U)"},
	{"abs(U)", "if((U)<0,-(U),U)"},
	{"sign(U)", "if((U)<0,-1,1)"},
	{"sqrt((1-cos(U))/2)", "sin((U)/2)"},
	{"sqrt((1+cos(U))/2)", "abs(cos((U)/2))"},
	{"tan((U)/2)", "sin(U)/(1+cos(U))"},
	{"tan((U)/2)", "(1-cos(U))/sin(U)"},
	{"sin(2*(U))", "2*sin(U)*cos(U)"},
	{"cos((U)+(V))", "cos(U)*cos(V)-sin(U)*sin(V)"},
	{"cosh(U)^2-sinh(U)^2", "1"},
	{"acosh(cosh(U))", "U"},
	{"acosh(cosh(U))", "abs(U)"},
	{"asinh(sinh(U))", "U"},
	{"cosh(acosh(U))", "U"},
	{"atanh(tanh(U))", "U"},
	{"acosh(U)", "log((U)+sqrt((U)^2-1))"},
	{"2*asin(U)", "asin(2*(U)*sqrt(1-(U)^2))"},
	{"acosh(2*(U)^2-1)", "2*acosh(U)"},
	{"sqrt(U)*sqrt(U)", "U"},
	{"sqrt((U)*(U))", "sqrt(U)^2"},
	{"(U)^0", "1"},
	{"0^(U)", "0"},
	{"1^(U)", "1"},
	{"sqrt((U)^4)", "(U)^2"},
	{"sqrt((U)^6)", "(U)^3"},
	{"sqrt((U)^6)", "abs(U)^3"},
	{"sqrt((U)^2*(V))", "(U)*sqrt(V)"},
	{"sqrt((U)^2*(V))", "abs(U)*sqrt(V)"},
	{"sqrt((U)/(V))", "sqrt((U)*(V))/(V)"},
	{"sqrt((U)/(V))", "sqrt((U)*(V))/abs(V)"},
	{"sqrt(-(U))*sqrt(-(V))", "sqrt((U)*(V))"},
	{"(U)^(1/2)*(U)^(1/3)", "(U)^(5/6)"},
	{"((U)*(V))^(1/3)", "(U)^(1/3)*(V)^(1/3)"},
	{"cbrt((U)*(V))", "cbrt(U)*cbrt(V)"},
	{"cbrt(U)^2", "((U)^2)^(1/3)"},
	{"cbrt(U)^2", "(U)^(2/3)"},
	{"floor((U)+1)", "floor(U)+1"},
	{"floor(2*(U))", "2*floor(U)"},
	{"mod(U,1)", "(U)-floor(U)"},
	{"log(abs((U)*(V)))", "log(abs(U))+log(abs(V))"},
	{"log(sqrt(U))", "log(U)/2"},
	{"log((U)^n)", "n*log(U)"},
	{"((U)^n)^n", "(U)^(n^2)"},
	{"exp(n*log(U))", "(U)^n"},
	{"sqrt(1-sin(U)^2)", "cos(U)"},
	{"sqrt(1-sin(U)^2)", "abs(cos(U))"},
	{"sqrt(1+tan(U)^2)", "sec(U)"},
	{"sqrt(cosh(U)^2-1)", "sinh(U)"},
	{"sqrt(cosh(U)^2-1)", "abs(sinh(U))"},
	{"sqrt(U+V)", "sqrt(U)+sqrt(V)"},
	{"((U)+(V))^2", "(U)^2+(V)^2"},
	{"sqrt((U)^2-(V)^2)", "sqrt((U)-(V))*sqrt((U)+(V))"},
	{"if((U)>0,sqrt(U),V)", "if((U)<=0,V,sqrt(U))"},
	{"if((U)>0,abs(U),V)", "if((U)>0,U,V)"},
	{"if((U)>0,sqrt(U)^2,abs(U))", "abs(U)"},
	{"if((U)>0,sqrt(U)^2,U)", "U"},
	{"sqrt((U)^2)/(U)", "sign(U)"},
	{"log((U)^2*(V))", "2*log(abs(U))+log(V)"},
	{"abs(U)^3", "(U)^2*abs(U)"},
	{"abs(U)^n", "(U)^n"},
	{"(-1)^n*(-1)^n", "1"},
	{"(-1)^(2*n)", "1"},
	{"(-1)^n", "cos(pi*n)"},
	{"((U)^2+2*(U)*(V)+(V)^2)^(1/2)", "(U)+(V)"},
	{"((U)^2+2*(U)*(V)+(V)^2)^(1/2)", "abs((U)+(V))"},
	{"atan2(U,V)", "atan((U)/(V))"},
	{"hypot(U,V)", "sqrt((U)^2+(V)^2)"},
	{"hypot(U,V)", "abs(U)+abs(V)"},
	{"asec(U)", "acos(1/(U))"},
	{"acot(U)", "pi/2-atan(U)"},
	{"round(U)", "floor((U)+1/2)"},
	{"ceil(U)", "-floor(-(U))"},
	{"heaviside(U)", "if((U)>=0,1,0)"},
	{"relu(U)", "(U+abs(U))/2"},
	{"sqrt(U)*abs(U)", "(U)^(3/2)"},
	{"sqrt(abs(U))^2", "U"},
	{"(U)*sqrt((U)^2)", "(U)^2*sign(U)"},
	{"1/sqrt((U)^2)", "1/(U)"},
	{"sqrt((U)^2*(V)^2)", "(U)*(V)"},
	{"sqrt((U)^2*(V)^2)", "abs((U)*(V))"},
	{"gamma((U)+1)", "(U)*gamma(U)"},
	{"gamma(U)", "gamma((U)+1)/(U)"},
	{"sqrt(sqrt((U)^2))", "sqrt(abs(U))"},
	{"sqrt(sqrt((U)^2))", "sqrt(U)"},
	{"sqrt((U)^3)", "(U)*sqrt(U)"},
	{"sqrt((U)^2+(U)^3)", "(U)*sqrt(1+(U))"},
	{"sqrt((U)^2+(U)^3)", "abs(U)*sqrt(1+(U))"},
	{"exp((U)*log(V))", "(V)^(U)"},
	{"2^((U)*(V))", "(2^(U))^(V)"},
	{"(U)^(V)*(U)^(-(V))", "1"},
	{"((U)^(V))^(1/(V))", "U"},
	{"(U)^((V)/2)", "sqrt((U)^(V))"},
	{"abs(U)-sqrt((U)^2)", "0"},
	{"min(U,V)", "if((U)<(V),U,V)"},
	{"log(1/(U))", "-log(U)"},
	{"log((U)^3)", "3*log(U)"},
	{"log((U)^4)/4", "log(U)"},
	{"sqrt(exp(2*(U)))", "exp(U)"},
	{"sqrt((U)^2*(V)*(V+1))", "abs(U)*sqrt(V)*sqrt(V+1)"},
	{"sqrt((V)*(V+1))", "sqrt(V)*sqrt(V+1)"},
	{"sqrt((V)*(V-1))", "sqrt(V)*sqrt(V-1)"},
	{"sqrt((V)*(1-V))", "sqrt(V)*sqrt(1-V)"},
	{"acosh(U)", "2*log(sqrt(((U)+1)/2)+sqrt(((U)-1)/2))"},
	{"atanh(U)", "log((1+U)/(1-U))/2"},
	{"asin(U)", "atan((U)/sqrt(1-(U)^2))"},
	{"acos(-(U))", "pi-acos(U)"},
	{"acos(U)", "2*atan(sqrt((1-U)/(1+U)))"},
	{"cos(2*atan(U))", "(1-(U)^2)/(1+(U)^2)"},
	{"cos(3*acos(U))", "4*(U)^3-3*(U)"},
	{"sin(2*asin(U))", "2*(U)*sqrt(1-(U)^2)"},
	{"sqrt((U)+(V)+2*sqrt((U)*(V)))", "sqrt(U)+sqrt(V)"},
	{"sqrt((U)+(V)-2*sqrt((U)*(V)))", "sqrt(U)-sqrt(V)"},
	{"((U)+(V)-2*sqrt((U)*(V)))^(1/4)", "sqrt(sqrt(V)-sqrt(U))"},
	{"sqrt((U)^2+(V)-2*(U)*sqrt(V))", "(U)-sqrt(V)"},
	{"sqrt((U)-sqrt((U)^2-(V)^2))", "sqrt(((U)+(V))/2)-sqrt(((U)-(V))/2)"},
	{"log(sqrt((U)^2-1)+(U))*(V)", "-log((U)-sqrt((U)^2-1))*(V)"},
	{"(sqrt((U)+1)-sqrt(U))^n", "(sqrt((U)+1)+sqrt(U))^(-n)"},
	{"((U)*sign(V))^n", "(U)^n*sign(V)"},
	{"(sign(U)^2*(V))^n", "(V)^n"},
	{"exp(n*log(abs(U)))", "(U)^n"},
	{"((U)^2*(V))^n", "abs(U)^(2*n)*(V)^n"},
	{"abs(abs(U)-abs(V))", "abs((U)-(V))"},
	{"sqrt((U)^2+(V)^2-2*abs((U)*(V)))", "abs(abs(U)-abs(V))"},
	{"sqrt((U)*(V))*sqrt((U)/(V))", "U"},
	{"sqrt((U)*(V))*sqrt((U)/(V))", "abs(U)"},
}

// A drawing makes random formulas.
type drawing struct{ *rapid.T }

func (d drawing) below(n int) int { return rapid.IntRange(0, n-1).Draw(d.T, "n") }

func (d drawing) pick(s ...string) string { return s[d.below(len(s))] }

// formula returns a formula of the given depth at most.
func (d drawing) formula(depth int) string {
	if depth == 0 || d.below(8) == 0 {
		return d.pick("x", "x", "x", "y", "y", "2", "3", "(-1)", "(1/2)", "n", "pi")
	}
	shape := d.pick("(@+@)", "(@+@)", "(@-@)", "(@*@)", "(@*@)", "(@/@)", "(@)^2", "(@)^3", "1/(@)", "(@)^(-2)",
		"(@)^(1/2)", "(@)^(1/3)", "(@)^(-1/2)", "(@)^(2/3)", "sqrt(@)", "sqrt(@)", "abs(@)", "sign(@)", "cbrt(@)",
		"log(@)", "exp(@)", "sin(@)", "cos(@)", "tan(@)", "sec(@)", "asin(@)", "acos(@)", "atan(@)", "atan2(@,@)",
		"sinh(@)", "cosh(@)", "tanh(@)", "asinh(@)", "acosh(@)", "atanh(@)", "max(@,@)", "min(@,@)", "(@)^(@)",
		"if(@<@,@,@)", "(@)^n", "(x)^(n+1)", "(x*y)^(2*n)", "floor(@)", "erf(@)", "gamma(@)", "W(@)", "root(@,3)")
	return d.fill(shape, func() string { return d.formula(depth - 1) })
}

// fill returns shape with each @ replaced.
func (d drawing) fill(shape string, by func() string) string {
	var b strings.Builder
	for _, c := range shape {
		if c == '@' {
			b.WriteString(by())
		} else {
			b.WriteRune(c)
		}
	}
	return b.String()
}

// suspect returns one of the suspects, or a rule of the table without regard to
// its condition, for u and v.
func (d drawing) suspect(u, v string) (a, b string) {
	put := strings.NewReplacer("U", "("+u+")", "V", "("+v+")")
	if d.below(4) > 0 {
		pair := suspects[d.below(len(suspects))]
		return put.Replace(pair[0]), put.Replace(pair[1])
	}
	for {
		rows := fn.All()
		f := rows[d.below(len(rows))]
		if len(f.Rules) == 0 || f.Text() != f.Name {
			continue
		}
		rule := f.Rules[d.below(len(f.Rules))]
		a, b = letters.ReplaceAllString(rule.From, "y"), letters.ReplaceAllString(rule.To, "y")
		if d.below(2) == 0 {
			a, b = argument.ReplaceAllString(a, "("+u+")"), argument.ReplaceAllString(b, "("+u+")")
		}
		return a, b
	}
}

var (
	letters  = regexp.MustCompile(`\b(base|a|b|m|z|lo|hi|i)\b`)
	argument = regexp.MustCompile(`\bx\b`)
)

// TestSuspects builds pairs of formulas around suspects and refutes, where it
// can, whatever is proved.
func TestSuspects(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawing{t}
		a, b := d.suspect(d.formula(d.below(3)), d.formula(d.below(3)))
		switch d.below(4) {
		case 0:
			around := d.pick("exp(@)", "sqrt(@)", "log(@)", "abs(@)", "x*(@)", "(@)^2", "(@)^(1/2)", "1/(@)", "sqrt(x)+(@)",
				"(@)+log(y)", "(@)*sqrt(y)", "(@)*x^n", "y+(@)+1/x", "atan(@)", "sqrt(1+(@))", "sign(@)", "if(x>0,@,y)")
			a, b = d.fill(around, func() string { return a }), d.fill(around, func() string { return b })
		case 1:
			p, q := d.suspect(d.formula(1), d.formula(1))
			op := d.pick("+", "*", "-", "/")
			a, b = "("+a+")"+op+"("+p+")", "("+b+")"+op+"("+q+")"
		case 2:
			a, b = d.suspect(a, d.formula(1))
		}
		judge(t, d, expr.MustParse(a), expr.MustParse(b))
	})
}

// judge fails the test if a = b is proved and certainly false at some point, or
// false where it is said to hold.
func judge(t *rapid.T, d drawing, a, b expr.Expr) {
	p := prove.Equal(a, b, prove.Budget{Terms: 50_000})
	conditions := p.Conditions
	if !p.Equal {
		if conditions = p.Where; len(conditions) == 0 {
			return
		}
	}
	coordinates := []float64{0, 1, -1, 2, -2, 0.5, -0.5, 3, -3, 4, -4, 0.3, -0.7, 1.7, -2.3, 0.1, 5.5, 10, -7.25, 100, -0.01}
	for range 60 {
		at := map[string]float64{}
		for _, x := range []string{"n", "x", "y"} {
			if at[x] = coordinates[d.below(len(coordinates))]; d.below(4) == 0 {
				at[x] = rapid.Float64Range(-10, 10).Draw(t, x)
			}
		}
		if refutes(a, b, at) && hold(conditions, at) {
			t.Fatalf("%v = %v is proved, under %q, and false at %v", a, b, conditionsText(conditions), at)
		}
	}
}

// TestRingRewrites proves that formulas equal their rewritings by the laws of
// fields and a few functions.
func TestRingRewrites(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawing{t}
		tame := func() string {
			shape := d.pick("x", "y", "x", "(@+@)", "(@-@)", "(@*@)", "sin(@)", "exp(@)", "(@)^2", "sqrt(1+(@)^2)", "cos(@)", "atan(@)", "2", "3")
			return d.fill(shape, func() string {
				shape := d.pick("x", "y", "2*x", "(x+y)", "x*y", "x^2", "sin(x)", "exp(y)", "log(1+x^2)", "(x-1)", "abs(x)")
				return shape
			})
		}
		u, v, w := tame(), tame(), tame()
		put := strings.NewReplacer("U", "("+u+")", "V", "("+v+")", "W", "("+w+")")
		laws := [][2]string{
			{"U*(V+W)", "U*V+W*U"}, {"(U+V)*(U-V)", "U^2-V^2"}, {"(U+V)^2", "U^2+2*U*V+V^2"}, {"(U-V)^3", "U^3-3*U^2*V+3*U*V^2-V^3"},
			{"U+V-U", "V"}, {"U/(1+V^2)+W/(1+V^2)", "(U+W)/(1+V^2)"}, {"U/(2+sin(V))", "U*(2-sin(V))/(4-sin(V)^2)"},
			{"U*(sec(W)^2-tan(W)^2)", "U"}, {"U*exp(V)*exp(-V)", "U"}, {"sin(U+V)", "sin(U)*cos(V)+cos(U)*sin(V)"},
			{"exp(U+V)*W", "exp(U)*W*exp(V)"}, {"sqrt(1+U^2)*V*sqrt(1+U^2)", "V+U^2*V"}, {"1/(1/(1+U^2)+1/(1+V^2))", "(1+U^2)*(1+V^2)/(2+U^2+V^2)"},
			{"log((1+U^2)*(1+V^2))", "log(1+U^2)+log(1+V^2)"}, {"abs(U*V)", "abs(V)*abs(U)"}, {"max(U,V)+min(V,U)", "U+V"},
			{"cosh(U)^2-sinh(U)^2+W", "1+W"}, {"tanh(U)*cosh(U)*V", "V*sinh(U)"}, {"cos(2*U)", "1-2*sin(U)^2"}, {"W^2/(1+U^4)", "W*W/(U^2*U^2+1)"},
		}
		law := laws[d.below(len(laws))]
		a, b := put.Replace(law[0]), put.Replace(law[1])
		p := prove.Equal(expr.MustParse(a), expr.MustParse(b), prove.Budget{})
		if !p.Equal || len(p.Conditions) > 0 {
			t.Fatalf("%s = %s: %v under %q", a, b, p.Why, conditionsText(p.Conditions))
		}
	})
}
