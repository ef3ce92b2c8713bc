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
	ulpsErfinv     = 12
	ulpsGamma      = 16
	ulpsGammaLarge = 200
	ulpsLgamma     = 8
	ulpsHypot      = 4 // worst seen 1.89, in TestUlpsOfTwo as the next
	ulpsAtan2      = 4 // worst seen 1.31
)

// The bounds are about twice the worst error seen in 30,000 to 200,000 arguments of each row on amd64, which the rows give.
// They are to hold on every machine, for this reason. Where package math has no assembly, every machine runs the same
// algorithm, and the only freedom of a compiler is to fuse a product with a sum, which leaves out one rounding. The error of
// each algorithm is bounded by its analysis, which counts every rounding at its largest, so that leaving some out keeps
// within the bound; what depends on a rounding, as the two-part reductions by log 2 and π/2 do, multiplies by numbers with
// so many trailing zeros that the products are exact. Where package math has assembly (amd64, arm64 and riscv64 for a few
// functions, s390x for most), it is another algorithm, and the test of this table is the evidence: run on emulators of
// arm64, ppc64le, riscv64 and s390x it confirms all rows but erfc on s390x, which has a bound of its own. On a machine that
// is none of these, run it before you rely on proofs: go test -run TestUlps ./expr/interval -long.
//
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
	{"exp", math.Exp, ulpsExp, -750, expLarge, []float64{0, 1, 708.9, -708.4, -745.1}, "argument reduced by two-part log 2 and a polynomial (FDLIBM; on amd64 and arm64 assembly of its own): worst seen 1.57"},
	{"expm1", math.Expm1, ulpsExpm1, -750, expLarge, []float64{0, math.Ln2, -math.Ln2, 708.9}, "FDLIBM, below 1 by its own analysis: worst seen 0.79"},
	{"log", math.Log, ulpsLog, 0x1p-1022, math.MaxFloat64, []float64{1, 2, .5, math.Sqrt2}, "FDLIBM, below 1 by its own analysis: worst seen 0.78; subnormal arguments are left out, which amd64 gets wrong"},
	{"log1p", math.Log1p, ulpsLog1p, -1 + 0x1p-53, math.MaxFloat64, []float64{0, -1, 1, .4142, -.2929}, "FDLIBM, below 1 by its own analysis: worst seen 0.80"},
	{"sin", math.Sin, ulpsSin, -kernelRange, kernelRange, []float64{0, .785, -.785}, "Cephes polynomial without reduction: worst seen 1.47, just above π/4"},
	{"cos", math.Cos, ulpsSin, -kernelRange, kernelRange, []float64{0, .785, -.785}, "Cephes polynomial without reduction: worst seen 1.23"},
	{"tan", math.Tan, ulpsTan, -kernelRange, -tanSmall, []float64{-.785}, "Cephes rational function: worst seen 1.52; smaller arguments are left out, where math.Tan is x"},
	{"tan", math.Tan, ulpsTan, tanSmall, kernelRange, []float64{.785}, "Cephes rational function: worst seen 1.52; smaller arguments are left out, where math.Tan is x"},
	{"asin", math.Asin, ulpsAsin, -.5, .5, []float64{0, .5, -.5}, "arctan of x/√(1-x²), whose rounding errors are damped up to 1/2: worst seen 1.95"},
	{"atan", math.Atan, ulpsAtan, -math.MaxFloat64, math.MaxFloat64, []float64{0, 1, -1, .66, 2.414}, "Cephes rational function: worst seen 1.12"},
	{"sinh", math.Sinh, ulpsSinh, -expLarge, expLarge, []float64{0, .5, 21, 709}, "rational function below 1/2, (e^x - 1/e^x)/2 above: worst seen 2.50"},
	{"cosh", math.Cosh, ulpsCosh, -expLarge, expLarge, []float64{0, .5, 21, 709}, "(e^x + 1/e^x)/2: worst seen 1.94"},
	{"tanh", math.Tanh, ulpsTanh, -math.MaxFloat64, math.MaxFloat64, []float64{0, .625, 44}, "Cephes rational function below 0.625, 1 - 2/(e^2x + 1) above: worst seen 1.37"},
	{"asinh", math.Asinh, ulpsAsinh, -math.MaxFloat64, math.MaxFloat64, []float64{0, 2, 1 << 28}, "FDLIBM by log and log1p: worst seen 1.48"},
	{"acosh", math.Acosh, ulpsAcosh, 1, math.MaxFloat64, []float64{1, 2, 1 << 28}, "FDLIBM by log and log1p: worst seen 1.71"},
	{"atanh", math.Atanh, ulpsAtanh, -1 + 0x1p-53, 1 - 0x1p-53, []float64{0, .5, 1, -1}, "FDLIBM by log1p: worst seen 1.44"},
	{"erf", math.Erf, ulpsErf, -math.MaxFloat64, math.MaxFloat64, []float64{0, .84375, 1.25, 2.857, 6}, "FDLIBM, below 1 by its own analysis: worst seen 1.00, in subnormal results"},
	{"erfc", math.Erfc, ulpsErfc, -30, 30, []float64{0, .84375, 1.25, 2.857, 6, 26.5, 27.2}, "FDLIBM by two exponentials: worst seen 3.66; 124 in the assembly of s390x"},
	{"erfinv", math.Erfinv, ulpsErfinv, -1 + 0x1p-53, 1 - 0x1p-53, []float64{0, .85, -.85, 1, -1}, "Wichura's AS241, relative error 1e-16 of its coefficients and rounding: worst seen 5.63"},
	{"gamma", math.Gamma, ulpsGamma, tiny, 33, []float64{1, 2, 1.4616, 3, 33}, "Cephes: recurrence to [2, 3] by up to 30 products, then a rational function: worst seen 7.47"},
	{"gamma", math.Gamma, ulpsGammaLarge, 33, 171.6, []float64{33, 143, 171.6}, "Stirling's series with math.Pow, whose exponent is rounded: worst seen 98.6"},
	{"lgamma", lgamma, ulpsLgamma, 0x1p-70, .18, []float64{.18}, "FDLIBM away from where its polynomials are stretched (lgammaWeak): worst seen 2.39"},
	{"lgamma", lgamma, ulpsLgamma, .24, 1.18, []float64{.24, .75, .9, 1, 1.18}, "FDLIBM away from where its polynomials are stretched (lgammaWeak): worst seen 2.39"},
	{"lgamma", lgamma, ulpsLgamma, 1.24, 2e305, []float64{1.24, 1.4616, 1.73, 2, 3, 8, 1 << 58, 1e305}, "FDLIBM away from where its polynomials are stretched (lgammaWeak): worst seen 2.39"},
}

func lgamma(x float64) float64 {
	v, _ := math.Lgamma(x)
	return v
}
