package global

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"nabla/expr"
	"nabla/optimize/global/internal/exact"
)

// A corpusQuestion is a question with its answer.
type corpusQuestion struct {
	formula, lo, hi string
	max             bool
	status          Status
	value, at       string
}

// univariateCorpus holds one-line questions with their answers: formula, lower
// and upper bound (an open one with its parenthesis), maximum, status, value,
// and minimisers or where the infimum is approached. The answers were reviewed
// by hand; the decimals of minima without closed form are this program's own, and
// guard against change.
var univariateCorpus = []corpusQuestion{
	{"-log(x)", "1", "1e12", false, "exact", "-12*log(10)", "1000000000000"},
	{"x^2 - 10*exp(-1e6*(x-3)^2)", "", "", false, "certified", "-1.0000009", "2.9999997"},
	{"1e8+(x-1)^2", "", "", false, "exact", "100000000", "1"},
	{"max(0,abs(x)-1)", "", "", false, "exact", "0", "-1 <= x <= 1"},
	{"sin(x)/x", "", "", false, "certified", "-0.217233628211", "-4.49340945791; 4.49340945791"},
	{"sinc(x)", "", "", false, "certified", "-0.217233628211", "-4.49340945791; 4.49340945791"},
	{"sin(1/x)", "", "", false, "exact", "-1", "x = 1/(-pi/2 - 2pi k), k >= 0; x = 1/(3pi/2 + 2pi k), k >= 0"},
	{"x*sin(1/x)", "", "", false, "certified", "-0.217233628211", "-0.222548158446; 0.222548158446"},
	{"x*exp(-x)", "(0", "", false, "not-attained", "0", "x → 0 from above and as x → ∞"},
	{"x*exp(-x)", "", "", false, "unbounded", "-inf", ""},
	{"log(1+exp(x))", "", "", false, "not-attained", "0", "x → -∞"},
	{"atan(x)", "", "", false, "not-attained", "-pi/2", "x → -∞"},
	{"x*sin(x)", "", "", false, "unbounded", "-inf", ""},
	{"x+sin(x)", "", "", false, "unbounded", "-inf", ""},
	{"x^2+sin(5*x)", "", "", false, "certified", "-0.908622439872", "-0.290839314995"},
	{"x*exp(x)", "", "", false, "exact", "-exp(-1)", "-1"},
	{"x*log(x)", "", "", false, "exact", "-exp(-1)", "exp(-1)"},
	{"(x-1)^2*(x-2)^2", "", "", false, "exact", "0", "1; 2"},
	{"log(x-3)+1/(x-3)", "", "", false, "exact", "1", "4"},
	{"log(log(x))", "", "", false, "unbounded", "-inf", ""},
	{"1/log(x)", "", "", false, "unbounded", "-inf", ""},
	{"1/log(x)", "2", "", false, "not-attained", "0", "x → ∞"},
	{"floor(x)", "-2", "5/2", false, "exact", "-2", "-2 <= x < -1"},
	{"x-floor(x)", "", "", false, "exact", "0", "x = k"},
	{"mod(x,3)", "", "", false, "exact", "0", "x = 3k"},
	{"ceil(x)+x^2", "-3", "3", false, "exact", "0", "-1; 0"},
	{"abs(sin(x))", "", "", false, "exact", "0", "x = pi k"},
	{"exp(-x^2)", "", "", false, "not-attained", "0", "x → -∞ and as x → ∞"},
	{"-exp(-x^2)", "", "", false, "exact", "-1", "0"},
	{"1/(1+x^2)", "", "", false, "not-attained", "0", "x → -∞ and as x → ∞"},
	{"-1/(1+x^2)", "", "", false, "exact", "-1", "0"},
	{"x^4-8*x^3+22*x^2-24*x+12", "", "", false, "exact", "3", "1; 3"},
	{"cosh(x)", "", "", false, "exact", "1", "0"},
	{"sinh(x)", "", "", false, "unbounded", "-inf", ""},
	{"gamma(x)", "(0", "", false, "certified", "0.885603194411", "1.46163214497"},
	{"lgamma(x)", "(0", "", false, "certified", "-0.121486290536", "1.46163214497"},
	{"x^3", "-1", "1", false, "exact", "-1", "-1"},
	{"exp(exp(x))", "", "", false, "not-attained", "1", "x → -∞"},
	{"exp(-exp(-x))", "", "", false, "not-attained", "0", "x → -∞"},
	{"exp(x)-100*x", "", "", false, "exact", "-200*log(10) + 100", "2*log(10)"},
	{"sqrt(x^2+1)-x", "", "", false, "not-attained", "0", "x → ∞"},
	{"sqrt(x^2+1)+abs(x-2)", "", "", false, "exact", "sqrt(5)", "2"},
	{"x/(x^2-1)", "", "", false, "unbounded", "-inf", ""},
	{"(x^2-1)/(x-1)", "", "", false, "unbounded", "-inf", ""},
	{"abs(x)/x", "", "", false, "exact", "-1", "x < 0"},
	{"x^(2/3)", "", "", false, "exact", "0", "0"},
	{"cbrt(x-1)^2+1", "", "", false, "exact", "1", "1"},
	{"asin(x)", "", "", false, "exact", "-pi/2", "-1"},
	{"acos(x)", "", "", false, "exact", "0", "1"},
	{"atan(x)^2", "", "", false, "exact", "0", "0"},
	{"tan(x)^2", "", "", false, "exact", "0", "x = pi k"},
	{"sin(x)*cos(x)", "", "", false, "exact", "-1/2", "x = -pi/4 + pi k"},
	{"sin(x)+cos(x)", "", "", false, "exact", "-sqrt(2)", "x = -3pi/4 + 2pi k"},
	{"3*sin(x)+4*cos(x)", "", "", false, "exact", "-5", "x = -pi + atan(3/4) + 2pi k"},
	{"sin(x)+sin(2*x)", "", "", false, "exact", "-(sqrt(66) + 3*sqrt(2))*sqrt(sqrt(33) + 15)/32", "x = -acos(sqrt(33)/8 - 1/8) + 2pi k"},
	{"cos(x)+x^2/100", "", "", false, "certified", "-0.903239773147", "-3.07995454036; 3.07995454036"},
	{"sin(x)^2", "", "", false, "exact", "0", "x = pi k"},
	{"exp(sin(x))", "", "", false, "exact", "exp(-1)", "x = -pi/2 + 2pi k"},
	{"log(sin(x)+2)", "", "", false, "exact", "0", "x = -pi/2 + 2pi k"},
	{"1/(2+cos(x))", "", "", false, "exact", "1/3", "x = 2pi k"},
	{"x-x^2+x^4/7", "", "", false, "certified", "-3.73246666569", "-2.08327254802"},
	{"1/x^2", "", "", false, "not-attained", "0", "x → -∞ and as x → ∞"},
	{"1/x^4-1/x^2", "", "", false, "exact", "-1/4", "-sqrt(2); sqrt(2)"},
	{"x^2+1/x", "", "", false, "unbounded", "-inf", ""},
	{"abs(x^2-4)", "", "", false, "exact", "0", "-2; 2"},
	{"abs(x-1)+abs(x-2)+abs(x-4)", "", "", false, "exact", "3", "2"},
	{"abs(x-1)+abs(x-2)", "", "", false, "exact", "1", "1 <= x <= 2"},
	{"min(x^2,(x-3)^2+1)", "", "", false, "exact", "0", "0"},
	{"min(x^2,(x-3)^2)", "", "", false, "exact", "0", "0; 3"},
	{"x^6-3*x^4+2*x", "", "", false, "certified", "-6.86754135137", "-1.45218654481"},
	{"x^5-x-1", "", "", false, "unbounded", "-inf", ""},
	{"1/(x^5-x-1)", "", "", false, "unbounded", "-inf", ""},
	{"erf(x)", "", "", false, "not-attained", "-1", "x → -∞"},
	{"x^2*log(x)", "", "", false, "exact", "-exp(-1)/2", "exp(-1/2)"},
	{"x*log(x)^2", "", "", false, "exact", "0", "1"},
	{"log(x)/x", "", "", false, "unbounded", "-inf", ""},
	{"log(x)^2", "", "", false, "exact", "0", "1"},
	{"exp(x)/x", "", "", false, "unbounded", "-inf", ""},
	{"exp(x)/x", "(0", "", false, "exact", "e", "1"},
	{"x^20", "", "", false, "exact", "0", "0"},
	{"(x-1e-9)^2", "", "", false, "exact", "0", "1/1000000000"},
	{"1e300*x^2", "", "", false, "exact", "0", "0"},
	{"1e-300*x^2+1", "", "", false, "exact", "1", "0"},
	{"x^2*exp(x)", "", "", false, "exact", "0", "0"},
	{"(x^2-2)^2", "", "", false, "exact", "0", "-sqrt(2); sqrt(2)"},
	{"(x^2-2)^2+x/1000", "", "", false, "certified", "-0.00141424481099", "-1.41427605823"},
	{"(x^3-3*x)^2", "", "", false, "exact", "0", "-sqrt(3); 0; sqrt(3)"},
	{"2^x-x", "", "", false, "exact", "log(log(2))/log(2) + 1/log(2)", "-log(log(2))/log(2)"},
	{"x^(1/x)", "(0", "", false, "not-attained", "0", "x → 0 from above"},
	{"-x^(1/x)", "(0", "", false, "exact", "-exp(exp(-1))", "e"},
	{"-log(x)/x", "", "", false, "exact", "-exp(-1)", "e"},
	{"W(x)", "", "", false, "exact", "-1", "-exp(-1)"},
	{"x*W(x)", "", "", false, "exact", "0", "0"},
	{"sqrt(x)-log(x)", "", "", false, "exact", "-2*log(2) + 2", "4"},
	{"x^x+(1-x)^(1-x)", "", "", false, "exact", "sqrt(2)", "1/2"},
	{"-x*log(x)-(1-x)*log(1-x)", "", "", false, "not-attained", "0", "x → 0 from above and as x → 1 from below"},
	{"sigmoid(x)", "", "", false, "not-attained", "0", "x → -∞"},
	{"softplus(x)-x/2", "", "", false, "exact", "log(2)", "0"},
	{"tanh(x)^2", "", "", false, "exact", "0", "0"},
	{"x*tanh(x)", "", "", false, "exact", "0", "0"},
	{"normpdf(x)", "", "", false, "not-attained", "0", "x → -∞ and as x → ∞"},
	{"-normpdf(x-2)", "", "", false, "exact", "-sqrt(2)/(2*sqrt(pi))", "2"},
	{"relu(x)-x", "", "", false, "exact", "0", "x >= 0"},
	{"heaviside(x)", "", "", false, "exact", "0", "x < 0"},
	{"clamp(x,-1,1)", "", "", false, "exact", "-1", "x <= -1"},
	{"if(x>0,x,x+5)", "", "", false, "unbounded", "-inf", ""},
	{"if(x<0,-x,if(x<2,x^2,4))", "", "", false, "exact", "0", "0"},
	{"round(x)+x", "-2", "2", false, "exact", "-4", "-2"},
	{"hypot(x,3)", "", "", false, "exact", "3", "0"},
	{"atan2(x,1)", "", "", false, "not-attained", "-pi/2", "x → -∞"},
	{"log(x)+log(10-x)", "", "", false, "unbounded", "-inf", ""},
	{"-log(x)-log(10-x)", "", "", false, "exact", "-2*log(5)", "5"},
	{"exp(1/x)", "", "", false, "not-attained", "0", "x → 0 from below"},
	{"exp(-1/x^2)", "", "", false, "not-attained", "0", "x → 0 from below and as x → 0 from above"},
	{"x^2+exp(-1/x^2)", "", "", false, "not-attained", "0", "x → 0 from below and as x → 0 from above"},
	{"log(abs(x))", "", "", false, "unbounded", "-inf", ""},
	{"x*abs(x)", "", "", false, "unbounded", "-inf", ""},
	{"abs(x)^(3/2)", "", "", false, "exact", "0", "0"},
	{"(1-cos(x))/x^2", "", "", false, "exact", "0", "-2*pi"},
	{"exp(-x)*sin(x)", "0", "", false, "certified", "-0.0139320350977", "3.92699081699"},
	{"x^100-x", "", "", false, "exact", "-99*10^(97/99)/1000", "10^(97/99)/10"},
	{"1e-30*x^4-x^2", "", "", false, "exact", "-2.5e29", "-500000000000000*sqrt(2); 500000000000000*sqrt(2)"},
	{"x^2", "-1", "2)", false, "exact", "0", "0"},
	{"sin(x)", "0", "1", false, "exact", "0", "0"},
	{"sin(x)", "(0", "1", false, "not-attained", "0", "x → 0 from above"},
	{"5", "", "", false, "constant", "5", "all real x"},
	{"x/x", "", "", false, "constant", "1", "x != 0"},
	{"x^2-x^2+1/x-1/x", "", "", false, "constant", "0", "x != 0"},
	{"x^3-3*x", "-2", "2", false, "exact", "-2", "-2; 1"},
	{"x^3-3*x", "-3", "3", false, "exact", "-18", "-3"},
	{"-x^2+3", "", "", true, "exact", "3", "0"},
	{"x*exp(-x)", "", "", true, "exact", "exp(-1)", "1"},
	{"sin(x)+cos(x)", "", "", true, "exact", "sqrt(2)", "x = pi/4 + 2pi k"},
	{"x", "", "", true, "unbounded", "inf", ""},
	{"1/(1+x^2)", "", "", true, "exact", "1", "0"},
	{"atan(x)", "", "", true, "not-attained", "pi/2", "x → ∞"},
	{"log(x)/x", "", "", true, "exact", "exp(-1)", "e"},
	{"sqrt(4-x^2)+x", "", "", true, "exact", "2*sqrt(2)", "sqrt(2)"},
	{"sin(x^2)", "", "", false, "exact", "-1", "x = -sqrt(3pi/2 + 2pi k), k >= 0; x = sqrt(3pi/2 + 2pi k), k >= 0"},
	{"sin(exp(x))", "", "", false, "exact", "-1", "x = log(3pi/2 + 2pi k), k >= 0"},
	{"sin(x)+sin(sqrt(2)*x)", "", "", false, "not-attained", "-2", "x → ∞ along a sequence"},
	{"cos(x)+cos(sqrt(2)*x)", "", "", true, "exact", "2", "0"},
	{"cos(x)+cos(pi*x)", "", "", false, "not-attained", "-2", "x → ∞ along a sequence"},
	{"sin(x)^2+sin(sqrt(2)*x)^2+sin(sqrt(3)*x)^2", "", "", false, "exact", "0", "0"},
	{"exp(sin(x)+sin(pi*x))", "", "", false, "not-attained", "exp(-2)", "x → ∞ along a sequence"},
	{"abs(sin(x)+sin(sqrt(2)*x))", "", "", false, "exact", "0", "0"},
	{"sin(x)+exp(x)", "", "", false, "not-attained", "-1", "x → -∞ along a sequence"},
	{"sin(x)+1/x", "1", "", false, "not-attained", "-1", "x → ∞ along a sequence"},
	{"sin(x)+atan(x)", "", "", false, "not-attained", "-1 - pi/2", "x → -∞ along a sequence"},
	{"x^2 + hypot(1, round(x)^(x/x))", "-3", "-1)", false, "not-attained", "1 + sqrt(2)", "x → -1 from below"},
	{"floor(sin(x))", "", "", false, "exact", "-1", "x = -pi/2 or pi < x < 2pi, repeated with period 2pi"},
	{"floor(atan(x))", "", "", false, "exact", "-2", "x < -tan(1)"},
	{"cos(x)+cos(2*x)", "", "", false, "exact", "-9/8", "x = -acos(-1/4) + 2pi k; x = acos(-1/4) + 2pi k"},
	{"x^2+sin(exp(x))", "", "", false, "certified", "0.764236097003", "-0.275366387977"},
	{"max(tan(x)+2*x,0)", "0", "", true, "unbounded", "inf", ""},
	{"mod(x,1)+sin(pi*x)", "", "", false, "certified", "-0.551101965822", "x = -0.603115 + 2k"},
	{"exp(x^2)*x^x", "0", "20", true, "exact", "20^20*exp(400)", "20"},
	{"x*sin(log(x))", "", "", false, "unbounded", "-inf", ""},
	{"atan(x)*sin(x)", "", "", false, "not-attained", "-pi/2", "x → -∞ along a sequence and as x → ∞ along a sequence"},
	{"cos(x)*cos(sqrt(2)*x)", "", "", true, "exact", "1", "0"},
	{"cos(x)*cos(sqrt(2)*x)", "", "", false, "not-attained", "-1", "x → ∞ along a sequence"},
	{"(x-sin(x))^2", "", "", false, "exact", "0", "0"},
	{"x^floor(x)", "-2", "-1", false, "exact", "-1", "-1"},
	{"floor(x)/x", "", "", false, "exact", "0", "0 < x < 1"},
	{"x^2+floor(x)", "", "", false, "not-attained", "-1", "x → -1 from below and as x → 0 from below"},
	{"abs(sin(x))+x^2", "", "", false, "exact", "0", "0"},
	{"x^2-floor(x^2)", "", "", false, "exact", "0", "x = -sqrt(k), k >= 0; x = sqrt(k), k >= 0"},
	{"max(sin(x),x^2-3)", "", "", false, "certified", "-0.988396484002", "-1.41831009162"},
	{"cos(x)*heaviside(x)+0^(x^3)", "", "", false, "exact", "-1", "x = pi + 2pi k, k >= 0"},
	{"x-round(x)", "", "", false, "exact", "-1/2", "x = 1/2 + k, k >= 0"},
	{"x-round(x)", "", "", true, "exact", "1/2", "x = -1/2 + k, k <= 0"},
	{"if(x<0,x^2,sin(x))", "", "", false, "exact", "-1", "x = 3pi/2 + 2pi k, k >= 0"},
	{"exp(sin(x^2))", "", "", true, "exact", "e", "x = -sqrt(pi/2 + 2pi k), k >= 0; x = sqrt(pi/2 + 2pi k), k >= 0"},
	{"sin(x^3)", "", "", false, "exact", "-1", "x = cbrt(-pi/2 - 2pi k), k >= 0; x = cbrt(3pi/2 + 2pi k), k >= 0"},
	{"cos(log(x))", "", "", false, "exact", "-1", "x = exp(pi + 2pi k)"},
	{"cos(x^x)", "", "", false, "exact", "-1", "x^x = pi + 2pi k, k >= 0"},
	{"tan(exp(x))", "", "", false, "unbounded", "-inf", ""},
	{"mod(exp(x),1)", "", "", false, "exact", "0", "x = log(1 + k), k >= 0"},
	{"sin(x)", "0", "", false, "exact", "-1", "x = 3pi/2 + 2pi k, k >= 0"},
	{"sin(x)", "", "0", true, "exact", "1", "x = -3pi/2 + 2pi k, k <= 0"},
	{"abs(sin(x))", "(0", "", false, "exact", "0", "x = pi + pi k, k >= 0"},
	{"cos(x)", "0", "100*pi", false, "exact", "-1", "x = pi + 2pi k, 0 <= k <= 49"},
	{"x^2*sin(1/x)", "", "", false, "unbounded", "-inf", ""},
	{"x^x-2", "", "", false, "exact", "exp(-exp(-1)) - 2", "exp(-1)"},
	{"exp(x^2-2*x)", "", "", false, "exact", "exp(-1)", "1"},
	{"log(x^2+1)", "", "", false, "exact", "0", "0"},
	{"(x^2+1)^(1/3)", "", "", false, "exact", "1", "0"},
	{"x+1/x", "(0", "", false, "exact", "2", "1"},
	{"x^3+3/x", "(0", "", false, "exact", "4", "1"},
	{"tan(x)-x", "", "", false, "unbounded", "-inf", ""},
	{"tan(x)+cot(x)", "", "", false, "unbounded", "-inf", ""},
	{"x-2*sin(x)", "0", "2*pi", false, "exact", "pi/3 - sqrt(3)", "pi/3"},
	{"x+2*cos(x)", "", "", false, "unbounded", "-inf", ""},
	{"sin(x)^2+cos(x)^2", "", "", false, "constant", "1", "all real x"},
	{"sin(x)^3", "", "", false, "exact", "-1", "x = -pi/2 + 2pi k"},
	{"cos(2*x)+2*cos(x)", "", "", false, "exact", "-3/2", "x = -2pi/3 + 2pi k; x = 2pi/3 + 2pi k"},
	{"cos(x)^2-sin(x)", "", "", false, "exact", "-1", "x = pi/2 + 2pi k"},
	{"sec(x)", "", "", false, "unbounded", "-inf", ""},
	{"x*cos(x)", "", "", false, "unbounded", "-inf", ""},
	{"exp(-x)*cos(x)", "", "", false, "unbounded", "-inf", ""},
	{"exp(x)*sin(x)", "", "", false, "unbounded", "-inf", ""},
	{"exp(-abs(x))", "", "", false, "not-attained", "0", "x → -∞ and as x → ∞"},
	{"-exp(-abs(x-1))", "", "", false, "exact", "-1", "1"},
	{"abs(x)+abs(x-1)+x", "", "", false, "exact", "1", "0"},
	{"sqrt(abs(x))", "", "", false, "exact", "0", "0"},
	{"sqrt(x^2-1)", "", "", false, "exact", "0", "-1; 1"},
	{"sqrt(x-1)+sqrt(3-x)", "", "", false, "exact", "sqrt(2)", "1; 3"},
	{"-(sqrt(x-1)+sqrt(3-x))", "", "", false, "exact", "-2", "2"},
	{"x*sqrt(1-x^2)", "", "", false, "exact", "-1/2", "-sqrt(2)/2"},
	{"log(x)-x", "", "", false, "unbounded", "-inf", ""},
	{"x-log(x)", "", "", false, "exact", "1", "1"},
	{"x-log(1+x)", "", "", false, "exact", "0", "0"},
	{"exp(x)-x", "", "", false, "exact", "1", "0"},
	{"x^2/(1+x^4)", "", "", false, "exact", "0", "0"},
	{"(x-1)/(x^2+3)", "", "", false, "exact", "-1/2", "-1"},
	{"(x^2-x+1)/(x^2+x+1)", "", "", false, "exact", "1/3", "1"},
	{"1/(1-x)", "", "", false, "unbounded", "-inf", ""},
	{"max(sin(x),cos(x))", "", "", false, "exact", "-sqrt(2)/2", "x = -3pi/4 + 2pi k"},
	{"min(sin(x),cos(x))", "", "", false, "exact", "-1", "x = -pi/2 + 2pi k; x = pi + 2pi k"},
	{"W(x)-x", "", "", false, "unbounded", "-inf", ""},
	{"x^4-x-1", "", "", false, "exact", "-3*2^(1/3)/8 - 1", "2^(1/3)/2"},
	{"atan(x)-x/2", "", "", false, "unbounded", "-inf", ""},
	{"x^4+x^3+x^2+x+1", "", "", false, "certified", "0.673553223476", "-0.605829586188"},
	{"tanh(x)-x/2", "", "", false, "unbounded", "-inf", ""},
	{"log(cosh(x))", "", "", false, "exact", "0", "0"},
	{"gamma(x)", "", "", false, "unbounded", "-inf", ""},
	{"x!", "", "", false, "unbounded", "-inf", ""},
	{"digamma(x)", "1", "5", false, "exact", "digamma(1)", "1"},
	{"(x-1)*(x-2)*(x-3)*(x-4)", "", "", false, "exact", "-1", "-sqrt(5)/2 + 5/2; sqrt(5)/2 + 5/2"},
	{"abs((x-1)*(x-2))", "", "", false, "exact", "0", "1; 2"},
	{"abs(x^3-x)", "", "", false, "exact", "0", "-1; 0; 1"},
	{"x^2*(x-1)^2*(x+1)^2", "", "", false, "exact", "0", "-1; 0; 1"},
	{"if(x<0, x^2, exp(-x))", "", "", false, "not-attained", "0", "x → 0 from below and as x → ∞"},
	{"if(x<=0, 1, x)", "", "", false, "not-attained", "0", "x → 0 from above"},
	{"ceil(x)", "", "", false, "unbounded", "-inf", ""},
	{"sin(pi*x)", "", "", false, "exact", "-1", "x = -1/2 + 2k"},
	{"sin(x/3)+cos(x/2)", "", "", false, "certified", "-1.90596111872", "x = -5.80406 + 12pi k"},
	{"asinh(x)^2", "", "", false, "exact", "0", "0"},
	{"acosh(x)", "", "", false, "exact", "0", "1"},
	{"atanh(x)^2", "", "", false, "exact", "0", "0"},
	{"hypot(x,x-1)", "", "", false, "exact", "sqrt(2)/2", "1/2"},
	{"2^x+3^(-x)", "", "", false, "certified", "1.94900594638", "0.257043847742"},
	{"log2(x)+1/x", "", "", false, "exact", "log(log(2))/log(2) + 1/log(2)", "log(2)"},
	{"log10(x)^2", "", "", false, "exact", "0", "1"},
	{"x^pi", "", "", false, "exact", "0", "0"},
	{"x^e-x", "", "", false, "certified", "-0.353224356804", "0.558792704763"},
	{"x^(1/3)-x", "", "", false, "unbounded", "-inf", ""},
	{"logsumexp(x,-x)", "", "", false, "exact", "log(2)", "0"},
	{"logsumexp(x,2*x)", "", "", false, "unbounded", "-inf", ""},
	{"erf(x)^2", "", "", false, "exact", "0", "0"},
	{"erfc(x)", "", "", false, "not-attained", "0", "x → ∞"},
	{"normcdf(x)", "", "", false, "not-attained", "0", "x → -∞"},
	{"x+normpdf(x)", "", "", false, "unbounded", "-inf", ""},
	{"sqrt(2)*x^2-pi*x", "", "", false, "exact", "-pi^2*sqrt(2)/8", "pi*sqrt(2)/4"},
	{"x^2-pi*x", "", "", false, "exact", "-pi^2/4", "pi/2"},
	{"exp(1)^x", "", "", false, "not-attained", "0", "x → -∞"},
	{"x*exp(-x^2)", "", "", false, "exact", "-sqrt(2)*exp(-1/2)/2", "-sqrt(2)/2"},
	{"x^2*exp(-x^2)", "", "", false, "exact", "0", "0"},
	{"(x^2-1)*exp(-x^2/2)", "", "", false, "exact", "-1", "0"},
	{"1/x-1/x^2", "", "", false, "unbounded", "-inf", ""},
	{"x^3/(x-1)", "", "", false, "unbounded", "-inf", ""},
	{"x/(x-1)^2", "", "", false, "exact", "-1/4", "-1"},
	{"sin(x)+x^2/10", "", "", false, "certified", "-0.794582337562", "-1.30644000837"},
	{"100*sin(x)+x^2", "", "", false, "certified", "-97.5809830641", "-1.53999162266"},
	{"sin(10*x)/x^2", "", "", false, "unbounded", "-inf", ""},
	{"x^4-2*x^2+x/1000000", "", "", false, "certified", "-1.000001", "-1.000000125"},
	{"1e-9*x^2+x", "", "", false, "exact", "-250000000", "-500000000"},
	{"1e10*(x-1)^2+1e-10*x", "", "", false, "exact", "399999999999999999999/4e30", "199999999999999999999/200000000000000000000"},
	{"(x-1)^2+1e-12*x", "", "", false, "exact", "3999999999999/4e24", "1999999999999/2000000000000"},
	{"exp(1000*x)+exp(-1000*x)", "", "", false, "exact", "2", "0"},
	{"log(exp(x)+1)-x", "", "", false, "not-attained", "0", "x → ∞"},
	{"x-x", "", "", false, "constant", "0", "all real x"},
	{"0*x", "", "", false, "constant", "0", "all real x"},
	{"sqrt(x)*log(x)", "", "", false, "exact", "-2*exp(-1)", "exp(-2)"},
	{"x*tan(x)", "", "", false, "unbounded", "-inf", ""},
	{"gamma(x)", "-5/2", "-3/2", false, "unbounded", "-inf", ""},
	{"lgamma(x)", "-5/2", "3", false, "certified", "-0.121486290536", "1.46163214497"},
	{"(erf(x) + normpdf(x))^(-1)", "", "", true, "unbounded", "inf", ""},
	{"cos(2*x)+2*cos(x)+x/1000", "", "", false, "unbounded", "-inf", ""},
	{"floor(exp(x) - x/2)", "3", "4", false, "exact", "18", "3 <= x < 3.02094"},
	{"x-floor(x)+sin(2*pi*x)", "", "", false, "certified", "-0.26269208777", "x = -0.275438 + k"},
}

// univariateFarther holds more of them, of which no certificates are asked for.
var univariateFarther = []corpusQuestion{
	{"x^pi", "", "", true, "unbounded", "inf", ""},
	{"x^e - e^x", "", "", true, "exact", "0", "e"},
	{"x^sqrt(2) - x^1.4", "", "", true, "unbounded", "inf", ""},
	{"exp(x)/x^e", "(0", "", false, "exact", "1", "e"},
	{"x^sin(x)", "", "", false, "not-attained", "0", "x → ∞ along x = 3pi/2 + 2pi t, t = 1, 2, 3, …"},
	{"x^cos(x)", "", "", false, "exact", "0", "0"},
	{"atan(digamma(x))", "", "", false, "not-attained", "-pi/2", "x → 0 from above"},
	{"erfc(floor(x))", "", "", false, "not-attained", "0", "x → ∞"},
	{"erfc(floor(x))", "", "", true, "not-attained", "2", "x → -∞"},
	{"exp(gamma(x))", "", "", false, "not-attained", "0", "x → 0 from below"},
	{"atan(gamma(x))", "", "", true, "not-attained", "pi/2", "x → ∞"},
	{"trigamma(x)", "", "", false, "not-attained", "0", "x → ∞"},
	{"lgamma(x)", "", "", false, "unbounded", "-inf", ""},
	{"1/gamma(x)", "", "", true, "unbounded", "inf", ""},
	{"beta(x,2)", "", "", false, "unbounded", "-inf", ""},
	{"beta(x,e)^4", "-3", "-2.5", false, "exact", "0", "-e"},
	{"beta(x^2,2)", "", "", false, "not-attained", "0", "x → -∞ and as x → ∞"},
	{"tanh(x)+sin(x)", "", "", false, "not-attained", "-2", "x → -∞ along a sequence"},
	{"sin(x)*tanh(x)", "", "", true, "not-attained", "1", "x → -∞ along a sequence and as x → ∞ along a sequence"},
	{"x^6*(2+sin(1/x))", "", "", false, "not-attained", "0", "x → 0 from below and as x → 0 from above"},
	{"if(x==0,0,x^2*(2+sin(1/x)))", "", "", false, "exact", "0", "0"},
	{"exp(-1/x^2)*(1.5+cos(1/x))", "", "", false, "not-attained", "0", "x → 0 from below and as x → 0 from above"},
	{"x^2+2*cos(x)", "", "", false, "exact", "2", "0"},
	{"cosh(x)-1-x^2/2", "", "", false, "exact", "0", "0"},
	{"x*atan(x)-log(1+x^2)", "", "", false, "exact", "0", "0"},
	{"(x-pi)^2-2*cos(x)", "", "", false, "exact", "2", "pi"},
	{"sin(x)^2-x^2+x^4/3", "", "", false, "exact", "0", "0"},
	{"x^x^x", "", "", true, "unbounded", "inf", ""},
	{"exp(cosh(x))+x+1", "", "", false, "certified", "3.54163798121409", "-0.340370043822"},
	{"exp(-exp(exp(x)))", "", "", true, "not-attained", "exp(-1)", "x → -∞"},
	{"erfinv(x)", "", "", false, "unbounded", "-inf", ""},
	{"W(x)/x", "", "", true, "exact", "e", "-exp(-1)"},
	{"exp(x^2)*erfc(x)", "", "", false, "not-attained", "0", "x → ∞"},
	{"log(logsumexp(x,5*x))", "", "", false, "unbounded", "-inf", ""},
	{"acoth(x*cosh(cosh(x)))", "", "", true, "unbounded", "inf", ""},
	{"x*floor(1/x)", "", "", false, "exact", "0", "2"},
	{"exp(floor(1/x))", "", "", false, "not-attained", "0", "x → 0 from below"},
	{"sin(x)^2*cos(sqrt(2)*x)", "", "", false, "not-attained", "-1", "x → ∞ along a sequence"},
	{"cos(x)*cos(sqrt(2)*x)*cos(sqrt(3)*x)", "", "", true, "exact", "1", "0"},
	{"cos(x)*cos(sqrt(2)*x)*cos(sqrt(3)*x)", "(0", "", true, "not-attained", "1", "x → ∞ along a sequence"},
	{"sin(x)*sin(pi*x)", "", "", false, "not-attained", "-1", "x → ∞ along a sequence"},
	{"(2+sin(x))*(3+cos(sqrt(2)*x))", "", "", true, "not-attained", "12", "x → ∞ along a sequence"},
	{"sin(floor(x))", "", "", false, "not-attained", "-1", "x → ∞ along a sequence"},
	{"exp(cos(ceil(2*x)))", "", "", true, "exact", "e", "0"},
	{"cos(round(x)-1)", "", "-10", false, "not-attained", "-1", "x → -∞ along a sequence"},
	{"sin(x)^x", "", "", false, "exact", "0", "pi; 2*pi"},
	{"acosh(x)^(2*x)", "", "", true, "unbounded", "inf", ""},
	{"(x^pi)^acosh(x)", "", "", true, "unbounded", "inf", ""},
	{"tan(sinh(x))+x", "", "", false, "unbounded", "-inf", ""},
	{"tanh(x)*e-tan(1/x)", "", "", true, "unbounded", "inf", ""},
	{"x^floor(x^2)", "-3", "0", false, "exact", "-19683", "-3"},
	{"x*beta(x,1/2)^2", "(0", "", false, "not-attained", "pi", "x → ∞"},
}

func corpusProblem(formula, lo, hi string, maximum bool) *Problem {
	p := &Problem{F: expr.MustParse(formula), Vars: []string{"x"}, Max: maximum}
	if lo != "" || hi != "" {
		var b Bound
		if s, open := strings.CutPrefix(lo, "("); s != "" {
			b.Lo, b.LoOpen = expr.MustParse(s), open
		}
		if s, open := strings.CutSuffix(hi, ")"); s != "" {
			b.Hi, b.HiOpen = expr.MustParse(s), open
		}
		p.Bounds = []Bound{b}
	}
	return p
}

func TestUnivariateCorpus(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, q := range slices.Concat(univariateCorpus, univariateFarther) {
		p := corpusProblem(q.formula, q.lo, q.hi, q.max)
		name := q.formula + " on " + q.lo + ":" + q.hi
		a, err := univariate(context.Background(), p, Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if a.Status != q.status {
			t.Errorf("%s: %s %v at %v %v, want %s %s", name, a.Status, a.Value, a.At, a.Warnings, q.status, q.value)
			continue
		}
		if len(a.Proof) == 0 || len(a.Warnings) > 0 {
			t.Errorf("%s: proof %q, warnings %q", name, a.Proof, a.Warnings)
		}
		if why := refuteIfPlain(p, a, r); why != "" {
			t.Errorf("%s: %s", name, why)
		}
		c := exact.NewConstants(simplifier())
		want := c.Enclose(c.T.Tidy(expr.MustParse(q.value))).Mid()
		if q.status == Unbounded {
			if math.IsInf(a.Value, 1) != q.max || a.Witness == nil {
				t.Errorf("%s: value %v, witness %v", name, a.Value, a.Witness)
			}
			continue
		}
		if !(math.Abs(a.Value-want) <= 1e-11*(1e-9+math.Abs(want))+1e-12*math.Min(1, math.Abs(want)*1e12)) && !(a.Value == 0 && want == 0) {
			t.Errorf("%s: value %v, want %v", name, a.Value, want)
		}
		if a.Status == Exact {
			if !a.ExactValue.Valid() || len(a.ExactAt) != 1 || !a.ExactAt[0].Valid() {
				t.Errorf("%s: exact without closed forms", name)
				continue
			}
			h := c.Enclose(c.T.Pool().Import(a.ExactValue))
			if !h.Hull(h).Has(a.Value) && math.Abs(h.Mid()-a.Value) > 1e-14*math.Abs(a.Value) {
				t.Errorf("%s: the closed form is %v, the value %v", name, h, a.Value)
			}
		}
		if a.Status == NotAttained {
			if a.Approached != q.at || a.Attained {
				t.Errorf("%s: approached as %s, want %s", name, a.Approached, q.at)
			}
			continue
		}
		places := strings.Split(q.at, "; ")
		if len(places) != len(a.Minimisers) {
			t.Errorf("%s: %d minimisers %v, want %s", name, len(a.Minimisers), a.Minimisers, q.at)
			continue
		}
		for i, m := range a.Minimisers {
			if m.Family != "" {
				if m.Family != places[i] {
					t.Errorf("%s: minimisers %s, want %s", name, m.Family, places[i])
				}
				continue
			}
			x := c.Enclose(c.T.Tidy(expr.MustParse(places[i]))).Mid()
			if math.Abs(m.X[0]-x) > 2e-11*math.Max(1e-3, math.Abs(x)) {
				t.Errorf("%s: minimiser %v, want %v", name, m.X[0], x)
			}
		}
	}
}
