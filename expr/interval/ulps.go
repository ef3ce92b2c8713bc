package interval

import "math"

// The claims about package math: a value computed by the function named, for arguments in the range of its row in the
// table below, differs from the true one by at most so many ulps.
const (
	ulpsExp        = 3
	ulpsExpm1      = 3
	ulpsLog        = 3
	ulpsLog1p      = 3
	ulpsSin        = 3 // and cosine
	ulpsTan        = 4
	ulpsAsin       = 4
	ulpsAtan       = 3
	ulpsSinh       = 6
	ulpsCosh       = 6
	ulpsTanh       = 6
	ulpsAsinh      = 6
	ulpsAcosh      = 6
	ulpsAtanh      = 6
	ulpsErf        = 4
	ulpsErfc       = 8
	ulpsErfinv     = 12
	ulpsGamma      = 16
	ulpsGammaLarge = 200
	ulpsLgamma     = 8
	ulpsHypot      = 3
	ulpsAtan2      = 4
)

// A claim is one row: F errs by at most N ulps for arguments from Lo to Hi. Near are arguments about which the test
// samples more: zeros, poles, and where F changes its method. Why is the argument.
type claim struct {
	Name   string
	F      func(float64) float64
	N      int
	Lo, Hi float64
	Near   []float64
	Why    string
}

var ulps = [...]claim{
	{"exp", math.Exp, ulpsExp, -750, expLarge, []float64{0, 1, 708.9, -708.4, -745.1}, ""},
	{"expm1", math.Expm1, ulpsExpm1, -750, expLarge, []float64{0, math.Ln2, -math.Ln2, 708.9}, ""},
	{"log", math.Log, ulpsLog, 0x1p-1022, math.MaxFloat64, []float64{1, 2, .5, math.Sqrt2}, ""},
	{"log1p", math.Log1p, ulpsLog1p, -1 + 0x1p-53, math.MaxFloat64, []float64{0, -1, 1, .4142, -.2929}, ""},
	{"sin", math.Sin, ulpsSin, -kernelRange, kernelRange, []float64{0, .785, -.785}, ""},
	{"cos", math.Cos, ulpsSin, -kernelRange, kernelRange, []float64{0, .785, -.785}, ""},
	{"tan", math.Tan, ulpsTan, -kernelRange, -tanSmall, []float64{-.785}, ""},
	{"tan", math.Tan, ulpsTan, tanSmall, kernelRange, []float64{.785}, ""},
	{"asin", math.Asin, ulpsAsin, -.5, .5, []float64{0, .5, -.5}, ""},
	{"atan", math.Atan, ulpsAtan, -math.MaxFloat64, math.MaxFloat64, []float64{0, 1, -1, .66, 2.414}, ""},
	{"sinh", math.Sinh, ulpsSinh, -expLarge, expLarge, []float64{0, .5, 21, 709}, ""},
	{"cosh", math.Cosh, ulpsCosh, -expLarge, expLarge, []float64{0, .5, 21, 709}, ""},
	{"tanh", math.Tanh, ulpsTanh, -math.MaxFloat64, math.MaxFloat64, []float64{0, .625, 44}, ""},
	{"asinh", math.Asinh, ulpsAsinh, -math.MaxFloat64, math.MaxFloat64, []float64{0, 2, 1 << 28}, ""},
	{"acosh", math.Acosh, ulpsAcosh, 1, math.MaxFloat64, []float64{1, 2, 1 << 28}, ""},
	{"atanh", math.Atanh, ulpsAtanh, -1 + 0x1p-53, 1 - 0x1p-53, []float64{0, .5, 1, -1}, ""},
	{"erf", math.Erf, ulpsErf, -math.MaxFloat64, math.MaxFloat64, []float64{0, .84375, 1.25, 2.857, 6}, ""},
	{"erfc", math.Erfc, ulpsErfc, -30, 30, []float64{0, .84375, 1.25, 2.857, 6, 26.5, 27.2}, ""},
	{"erfinv", math.Erfinv, ulpsErfinv, -1 + 0x1p-53, 1 - 0x1p-53, []float64{0, .85, -.85, 1, -1}, ""},
	{"gamma", math.Gamma, ulpsGamma, tiny, 33, []float64{1, 2, 1.4616, 3, 33}, ""},
	{"gamma", math.Gamma, ulpsGammaLarge, 33, 171.6, []float64{33, 143, 171.6}, ""},
	{"lgamma", lgamma, ulpsLgamma, 0x1p-70, .18, []float64{.18}, ""},
	{"lgamma", lgamma, ulpsLgamma, .24, 1.18, []float64{.24, .75, .9, 1, 1.18}, ""},
	{"lgamma", lgamma, ulpsLgamma, 1.24, 2e305, []float64{1.24, 1.4616, 1.73, 2, 3, 8, 1 << 58, 1e305}, ""},
}

func lgamma(x float64) float64 {
	v, _ := math.Lgamma(x)
	return v
}
