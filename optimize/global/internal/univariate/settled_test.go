package univariate

import (
	"context"
	"math"
	"testing"

	"nabla/expr"
	"nabla/optimize/global/minimum"
)

// settled are questions with their answers: the values are the closed forms in the comments, or those of a search by mpmath
// with 30 digits.
var settled = []struct {
	formula    string
	max        bool
	lo, hi     string // "" for none
	status     minimum.Status
	value      float64
	minimisers int  // how many are listed, 0 for no matter
	complete   bool // all stationary points are listed
}{
	// f(7 - x) = f(x): (7/2 ± sqrt(35 + 8 sqrt(7)) sqrt(3)/6) has the value -(112 sqrt(7) + 160)/27
	{"prod(x - k, k, 1, 6)", false, "", "", minimum.Exact, -16.900894327379598, 2, true},
	{"-sum(k*sin((k + 1) x + k), k, 1, 5)", false, "-10", "10", minimum.Certified, -12.031249442167146, 3, true},
	{"(x - 2)^4 - 3(x - 2)^2 + cos(pi*x)/3", false, "", "", minimum.Certified, -2.5199702207549294, 2, true},
	{"exp(-x^2) cos(20x)", true, "", "", minimum.Exact, 1, 1, false},

	// tails that underflow long before an enclosure has a sign
	{"x*normcdf(x)", false, "", "", minimum.Certified, -0.16997120747990369, 1, true},
	{"x*erfc(x)", true, "", "", minimum.Certified, 0.24037558683610117, 1, true},
	{"exp(-exp(-x)) - sigmoid(x)", false, "", "", minimum.Certified, -0.2036321887, 1, true},

	{"cos(erf(2x - pi))", false, "", "", minimum.NotAttained, math.Cos(1), 0, true},

	// W against logarithms
	{"W(exp(x)) - x", false, "", "", minimum.Unbounded, math.Inf(-1), 0, true},
	{"W(x) - log(x)", true, "", "", minimum.Unbounded, math.Inf(1), 0, true},
	{"W(x) log(x)", false, "0", "", minimum.Certified, -0.2851328588, 1, true},
	// sines of several phases, and those in which the cosine is no polynomial of
	{"sin(x) + sin(x + 1)", false, "", "", minimum.Exact, -2 * math.Cos(0.5), 1, true},
	{"cos(x) cos(x + 1)", false, "", "", minimum.Exact, (math.Cos(1) - 1) / 2, 1, true},
	{"sin(x) + cos(x + pi/5)", false, "", "", minimum.Exact, -2 * math.Sin(3*math.Pi/20), 1, true},
	{"sin(x) + 2sin(x + 1)", false, "", "", minimum.Exact, -math.Sqrt(5 + 4*math.Cos(1)), 1, true},
	{"sin(2x) + cos(x)", false, "", "", minimum.Exact, -1.76017259304609, 1, true},
	{"2^x - x^2", false, "0", "5", minimum.Exact, -1.05060177988698, 1, true},         // at -Wm1(-log(2)^2/2)/log(2)
	{"2^x/log(2) - x^3/3", false, "1", "", minimum.Exact, 1.749787320890082, 1, true}, // 16/log(2) - 64/3
	{"x*Wm1(x)", false, "", "", minimum.NotAttained, 0, 0, true},
	{"Wm1(x) + 2/x", true, "", "", minimum.Exact, -1 - 2*math.E, 1, true}, // at -1/e
	{"x*W(1/x)", true, "", "", minimum.Exact, math.E, 1, true},

	// a double zero of f' that is one of two of its factors
	{"x^2 sin(x) + x^4", false, "", "", minimum.Certified, -0.0773290598532152, 1, true},

	// roots of squares
	{"sqrt(x^4 - 3x^2 + 4) - sqrt(x^4 - 2x^2 + 1)", true, "", "", minimum.Exact, math.Sqrt2, 2, true},
	{"acos(2x/(1 + x^2)) + 2 atan(x)", false, "", "", minimum.NotAttained, -math.Pi / 2, 0, false},
	{"acos((1 - x^2)/(1 + x^2)) - 2 atan(x)", false, "", "", minimum.Exact, 0, 0, false},
	{"sqrt(x + 4 - 4 sqrt(x)) + sqrt(x + 9 - 6 sqrt(x))", false, "", "", minimum.Exact, 1, 0, false},
	{"sqrt(sin(x)^2 - 2 sin(x) + 1) + cos(x)", false, "", "", minimum.Exact, 1 - math.Sqrt2, 0, true},
	{"sqrt(x^2 - 2pi x + pi^2) - x", false, "", "", minimum.Exact, -math.Pi, 0, false},
	{"sqrt(2x^4 - 4 sqrt(2) x^2 + 4) + x^2/2", false, "", "", minimum.Exact, math.Sqrt2 / 2, 2, true},
	{"sqrt(-x^2 (x + 1)) + x", false, "", "", minimum.Exact, -1, 1, false},

	// waves of independent phases under max and min
	{"max(sin(x), cos(x^2))", false, "", "", minimum.NotAttained, -1, 0, false},
	{"max(sin(x), cos(sqrt(2) x))", false, "", "", minimum.NotAttained, -1, 0, false},
	{"min(cos(x), cos(sqrt(2) x))", true, "", "", minimum.Exact, 1, 0, false},           // at 0
	{"max(sin(x), cos(x^2) - 1)", false, "", "", minimum.Exact, -1, 0, false},           // at -pi/2 the other part is less
	{"abs(sin(x)) + max(0, cos(sqrt(2) x))", false, "", "", minimum.Exact, 0, 0, false}, // at pi
	{"max(sin(x)^2, cos(sqrt(2) x)^2)", false, "", "", minimum.NotAttained, 0, 0, false},
	{"min(sin(x), 1/2) + cos(sqrt(2) x)", true, "", "", minimum.Exact, 1.5, 0, false},

	// waves of independent phases in a part of the formula
	{"sin(1/x) + cos(sqrt(2)/x)", false, "", "", minimum.NotAttained, -2, 0, false},
	{"cos(1/(x - 1)) cos(pi/(x - 1))", true, "", "", minimum.NotAttained, 1, 0, false},
	{"sin(log(x)) + sin(sqrt(2) log(x))", true, "", "", minimum.NotAttained, 2, 0, false},
	{"sin(1/x) + sin(2/x)", false, "", "", minimum.Exact, -(math.Sqrt(66) + 3*math.Sqrt2) * math.Sqrt(math.Sqrt(33)+15) / 32, 2, true},

	// angles that settle to linear ones
	{"sin(x + 1/x) + cos(x)", false, "", "", minimum.Certified, -1.5883444636, 1, false},
	{"sin(x + 1/x) + sin(x)", false, "", "", minimum.NotAttained, -2, 0, false},
	{"cos(x + exp(-x)) - sin(x)", true, "0", "", minimum.Certified, 1.4171156954, 1, false},
	{"sin(x + 1/(1 + x^2)) cos(x)", false, "", "", minimum.NotAttained, -0.5, 0, false},
	{"2 sin(x + 1/x^2) + 3 cos(x) + 1/x", false, "1", "", minimum.NotAttained, -math.Sqrt(13), 0, false},
	{"(1 + 1/x) sin(x + 1/x)", false, "1", "", minimum.Certified, -1.2238707753, 1, false},

	// waves with a common multiple of their speeds that is high: at 15 pi/4 both are greatest
	{"sin(2.8x)/2 + 9 cos(8x)", true, "", "", minimum.Exact, 9.5, 1, true},
	{"3 sin(1.3x) + 5.8 cos(2x)", true, "0", "10", minimum.Certified, 8.679072886213, 1, true},

	// steps that are many, and those of round
	{"x^2 - 100 floor(x)", false, "", "", minimum.Exact, -2500, 1, false},
	{"3.1x^2 - 10 floor(4x)", false, "", "", minimum.Exact, -129.025, 1, false},
	{"e*x^2 - 0.05 floor(100x)", false, "0.1", "3", minimum.Exact, 529*math.E/625 - 23.0/5, 1, true},
	{"1000/x + 0.5x + 20 ceil(x/50)", false, "0", "", minimum.Exact, 20*math.Sqrt(5) + 20, 1, false},
	{"round(x)^2 - x^2", false, "", "", minimum.Unbounded, math.Inf(-1), 0, false},
	{"abs(x - round(x)) x", true, "", "", minimum.Unbounded, math.Inf(1), 0, false},
	{"round(x) - x + 1/x", false, "1", "", minimum.NotAttained, -0.5, 0, false},
	{"round(x) - x", false, "0", "", minimum.NotAttained, -0.5, 0, false},
	{"round(x) - x", false, "", "0", minimum.Exact, -0.5, 1, false},

	// factors of f' that have no zeros, or none but an end of a piece
	{"gamma(x + 1)/x^x", true, "", "", minimum.Certified, 1.2882681554796613, 1, true},
	{"gamma(x + 1)/x^x", false, "", "", minimum.NotAttained, 0, 0, true},
	{"gamma(x) exp(x)/x^(x - 1/2)", false, "0", "", minimum.NotAttained, math.Sqrt(2 * math.Pi), 0, true},
	{"(cos(x) - x)^2 abs(cos(x) - x)", false, "", "", minimum.Certified, 0, 1, false},
	{"relu(x^3 - x - 1)^2", false, "", "", minimum.Certified, 0, 0, false},

	{"beta(x, x) 4^x", false, "0", "", minimum.NotAttained, 0, 0, true},
	{"abs(gamma(x))", false, "", "", minimum.NotAttained, 0, 0, false},
	{"gamma(x)^4 - 1", false, "", "", minimum.NotAttained, -1, 0, false},
	{"exp(-(x - 1.7)^2/2) + 0.22 exp(-(x - 4.97)^2/1.4)", true, "", "", minimum.Certified, 1.0001061396, 1, true},

	// a zero that is a half turn of the angle
	{"sech(1/x - 1/x)/cos(cos(7.5x))", true, "0", "2*pi", minimum.Exact, 1 / math.Cos(1), 15, true},

	// a function with a period of 1/x without a closed form
	{"exp(cos(1/x)) + cos(1/x)^4", false, "", "", minimum.Certified, 0.6675037513807414, 4, false},

	// waves in waves, of which each asks for the range of the next
	{"sin(sin(sin(sin(sin(sin(sin(sin(sin(sin(sin(sin(sin(sin(sin(sin(x))))))))))))))))", false, "", "", minimum.Exact, -0.395376546988835, 1, true},

	// what is 0 wherever its parts have a value, and exponentials of logarithms
	{"1/(sin(x)^2 + cos(x)^2 - 1)", false, "", "", minimum.EmptyDomain, 0, 0, false},
	{"exp(log((x - 1)^2)/2) - x", false, "", "", minimum.Exact, -1, 0, false},
	{"e^(log(x^2)*1/2) + x", false, "", "", minimum.Exact, 0, 0, false},
	{"exp(log(x - 1)/3) - x/3", true, "", "", minimum.Exact, 1. / 3, 1, true},
	{"exp(log(x))", false, "", "", minimum.NotAttained, 0, 0, true}, // not at 0
	{"abs(x) + exp(log(x))", false, "", "", minimum.NotAttained, 0, 0, true},
	{"0*abs(x) + exp(log(x^2)/2)", false, "", "", minimum.NotAttained, 0, 0, true},

	// edges at which a logarithm ends
	{"2x^2 - sin(log(x^2))", false, "-1", "2", minimum.NotAttained, -1, 0, false},
	{"x - sin(log(x^2))", false, "0", "", minimum.NotAttained, -1, 0, false},

	// waves of a root or a reciprocal with factors, in hypot, and with speeds that are independent by other theorems
	{"sin(sqrt(x)) + cos(sqrt(2x))", false, "", "", minimum.NotAttained, -2, 0, false},
	{"sin(1/x) + cos(sqrt(2)/x) + 0*x", false, "", "", minimum.NotAttained, -2, 0, false},
	{"hypot(sin(x), cos(sqrt(2) x))", false, "", "", minimum.NotAttained, 0, 0, false},
	{"cos(e*x)/2 - 2 cos(x)", false, "", "", minimum.NotAttained, -2.5, 0, false},
	{"cos(log(2) x) + cos(log(3) x)", true, "", "", minimum.Exact, 2, 1, false},
	// waves without a closed form, least at an algebraic exp(i*x), or all at 0
	{"sin(x) + cos(2x)/3 + sin(2x) + cos(sqrt(2) x)", false, "", "", minimum.NotAttained, -2.8993169445700557, 0, false},
	{"cos(x) + cos(2x)/7 + cos(sqrt(2) x) + cos(3 sqrt(2) x)/5", true, "", "", minimum.Exact, 82. / 35, 1, false},

	// bounded functions of what is not expanded far out, and branches that are taken there
	{"2 atan2(x (1 - x), floor(x^3)) + x/10", false, "", "", minimum.Unbounded, math.Inf(-1), 0, false},
	{"if(x > 0, x, -x^2) - atan(floor(x^2))", false, "", "", minimum.Unbounded, math.Inf(-1), 0, false},
	{"if(x < 0, -x^2, x) + 3 tanh(floor(x^2))", false, "0", "", minimum.Exact, 0, 0, false},
	{"atan2(atan(1/x), sin(x^2 + x))/10 - log(x/2)", false, "0", "", minimum.Unbounded, math.Inf(-1), 0, false},

	// waves of what has poles, beside these
	{"sin(tan(x)) + sin(x)", false, "", "", minimum.NotAttained, -2, 0, false},
	{"cos(x) + sin(1/sin(x))", true, "", "", minimum.NotAttained, 2, 0, false},
	{"cos(x) cos(1/sin(x))", false, "", "", minimum.NotAttained, -1, 0, false},
	{"sin(tan(x)) + cos(x)", false, "", "", minimum.Certified, -1.5737546369471325, 0, false},

	// more stationary points than a search lists, but where f is high
	{"x sin(1/x^2) + cos(1/x)", false, "", "", minimum.Certified, -1.30162842280617, 1, false},
	{"tan(sin(x)) - sin(tan(x)) + x^2", false, "", "", minimum.Certified, -0.6350695019247478, 1, false},

	// phases that meet a growing factor
	{"sin(log(x)) cos(x) x", false, "", "", minimum.Unbounded, math.Inf(-1), 0, false},
	{"x^2 + x^3 sin(x) sin(x^2)", false, "", "", minimum.Unbounded, math.Inf(-1), 0, false},
	{"exp(-x) sin(sqrt(x)^2) cos(x^2)", false, "", "", minimum.Certified, -0.17590594303935, 1, false}, // which has no values for x < 0
	{"x^4 + x^3 sin(x) sin(x^2)", false, "", "", minimum.Exact, 0, 1, false},
	{"x*(2 + sin(x) sin(x^2))", false, "0", "", minimum.Exact, 0, 1, false},

	// poles of lgamma towards -∞, between which it is at least log(π) - lgamma(1 - x)
	{"lgamma(x) + x^2", false, "", "", minimum.Certified, 0.747572242059857, 1, false},
	{"exp(-x) + lgamma(x)", false, "", "", minimum.Certified, 0.0865355140071871, 1, false},

	// holes, and the least of several
	{"3 - cos(x) + sqrt(sin(x) + x/x)", false, "", "", minimum.Exact, 2.8316250125742606, 0, false},
	{"exp(x) tan(x)/tan(x)", false, "", "", minimum.NotAttained, 0, 0, false},
	{"x^2 (x^3 - x)/(x^3 - x)", false, "", "", minimum.NotAttained, 0, 0, false},
	{"(x^2 - 2x) (x - 1)/(x - 1)", false, "", "", minimum.NotAttained, -1, 0, false},
	{"(x^2 - 2x) (x - 2)/(x - 2)", false, "", "", minimum.Exact, -1, 1, false},
	{"x + x/x + (x - 5)/(x - 5)", false, "0", "", minimum.NotAttained, 2, 0, false}, // a hole at the end
	{"min(x^2 - 1, sin(x^2))", false, "", "", minimum.Exact, -1, 0, false},
	{"max(sin(x), cos(x^2))", true, "", "", minimum.Exact, 1, 0, false},
	{"3 - 2 abs(x + sin(x^2))", true, "", "", minimum.Exact, 3, 0, false},

	// powers and exponentials on both sides of 0, by both branches of W
	{"exp(x) - 3x^3", false, "", "", minimum.Exact, -256.81953962578604, 1, true},
	{"exp(x) + x^4", false, "", "", minimum.Exact, 0.6675037513807414, 1, true},
	{"exp(x) - x^4/24", true, "", "1", minimum.Exact, math.E - 1./24, 1, true},
	// a partial sum of a Fourier series with more terms than are multiplied out: by Dirichlet's kernel at -2 pi/201
	{"sum(sin(k x)/k, k, 1, 200)", false, "", "", minimum.Exact, -1.84411566485117, 1, true},

	// a value and the limit there in other words
	{"W(x) (x + 1/2)/10 + normcdf(x/2)", false, "", "", minimum.Exact, 0.4138183160578416, 1, true},

	// irrational coefficients of sines: x = asin(1/e) and 2 atan(…)
	{"sin(x)^sin(x)", false, "", "", minimum.Exact, 0.6922006275553464, 2, true},
	{"(sin(x) + cos(x) - 1/pi)^2", false, "", "", minimum.Exact, 0, 2, true},
}

func TestSettled(t *testing.T) {
	for _, q := range settled {
		p := &Question{F: expr.MustParse(q.formula), Var: "x", Max: q.max}
		if q.lo != "" {
			p.Bound.Lo = expr.MustParse(q.lo)
		}
		if q.hi != "" {
			p.Bound.Hi = expr.MustParse(q.hi)
		}
		a := Solve(context.Background(), p)
		if a.Status != q.status || a.Value != q.value && !(math.Abs(a.Value-q.value) < 1e-9) || q.complete && !a.StationaryComplete ||
			q.minimisers > 0 && (len(a.Minimisers) != q.minimisers || !a.MinimisersComplete) {
			t.Errorf("%s: %s %v at %d (all: %v), stationary points complete: %v; want %+v %q", q.formula, a.Status, a.Value, len(a.Minimisers), a.MinimisersComplete,
				a.StationaryComplete, q, a.Warnings)
		}
	}
}
