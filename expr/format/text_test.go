package format

import (
	"strings"
	"testing"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/simplify"
)

// How a formula of the table goes to the printer.
const (
	written  = 0
	tidy     = 1 << iota // made tidy first
	decimals             // with the option Decimals
)

// The formulas in the four styles, from the examples of the command on.
var golden = []struct {
	how                         int
	in                          string
	text, plain, unicode, latex string
}{
	{written, `x^2 + 2`,
		`x^2 + 2`, `x^2 + 2`, `x² + 2`,
		`x^{2} + 2`},
	{written, `2x`,
		`2x`, `2*x`, `2x`,
		`2 x`},
	{written, `-2(1 - x) - 400x(y - x^2)`,
		`-2(1 - x) - 400x(y - x^2)`, `-2*(1 - x) - 400*x*(y - x^2)`, `−2(1 − x) − 400x(y − x²)`,
		`-2 \left(1 - x\right) - 400 x \left(y - x^{2}\right)`},
	{written, `200(y - x^2)`,
		`200(y - x^2)`, `200*(y - x^2)`, `200(y − x²)`,
		`200 \left(y - x^{2}\right)`},
	{written, `(1-x)^2 + 100(y-x^2)^2`,
		`(1 - x)^2 + 100(y - x^2)^2`, `(1 - x)^2 + 100*(y - x^2)^2`, `(1 − x)² + 100(y − x²)²`,
		`\left(1 - x\right)^{2} + 100 \left(y - x^{2}\right)^{2}`},
	{written, `2x*sin(x) + x^2*cos(x)`,
		`2x sin(x) + x^2 cos(x)`, `2*x*sin(x) + x^2*cos(x)`, `2x sin(x) + x² cos(x)`,
		`2 x \sin\left(x\right) + x^{2} \cos\left(x\right)`},
	{written, `x^2 sin(x)`,
		`x^2 sin(x)`, `x^2*sin(x)`, `x² sin(x)`,
		`x^{2} \sin\left(x\right)`},
	{written, `x^2*sin(x)*exp(-x)/(1+x^2)`,
		`x^2 sin(x) exp(-x)/(1 + x^2)`, `x^2*sin(x)*exp(-x)/(1 + x^2)`, `x² sin(x) exp(−x)/(1 + x²)`,
		`\frac{x^{2} \sin\left(x\right) e^{-x}}{1 + x^{2}}`},
	{written, `3x^2 - 2x - 3`,
		`3x^2 - 2x - 3`, `3*x^2 - 2*x - 3`, `3x² − 2x − 3`,
		`3 x^{2} - 2 x - 3`},
	{written, `x1^2 + x2^3 + 7`,
		`x1^2 + x2^3 + 7`, `x1^2 + x2^3 + 7`, `x1² + x2³ + 7`,
		`x_{1}^{2} + x_{2}^{3} + 7`},
	{written, `x_1^2 + x_10`,
		`x_1^2 + x_10`, `x_1^2 + x_10`, `x₁² + x₁₀`,
		`x_{1}^{2} + x_{10}`},
	{written, `x[1] + 2x[3]^2 + 3x[1,2](y+1)`,
		`x[1] + 2x[3]^2 + 3x[1,2]*(y + 1)`, `x[1] + 2*x[3]^2 + 3*x[1,2]*(y + 1)`, `x[1] + 2x[3]² + 3x[1,2]·(y + 1)`,
		`x_{1} + 2 x_{3}^{2} + 3 x_{1,2} \left(y + 1\right)`},
	{written, `a - (b - c)`,
		`a - (b - c)`, `a - (b - c)`, `a − (b − c)`,
		`a - \left(b - c\right)`},
	{written, `a - b - c`,
		`a - b - c`, `a - b - c`, `a − b − c`,
		`a - b - c`},
	{written, `a + (b + c)`,
		`a + (b + c)`, `a + (b + c)`, `a + (b + c)`,
		`a + \left(b + c\right)`},
	{written, `(a + b) + c`,
		`a + b + c`, `a + b + c`, `a + b + c`,
		`a + b + c`},
	{written, `a - (b + c)`,
		`a - (b + c)`, `a - (b + c)`, `a − (b + c)`,
		`a - \left(b + c\right)`},
	{written, `a/(b*c)`,
		`a/(b c)`, `a/(b*c)`, `a/(b c)`,
		`\frac{a}{b c}`},
	{written, `a/b/c`,
		`a/b/c`, `a/b/c`, `a/b/c`,
		`\frac{\frac{a}{b}}{c}`},
	{written, `a/b*c`,
		`a/b*c`, `a/b*c`, `a/b·c`,
		`\frac{a}{b} c`},
	{written, `a*(b/c)`,
		`a*(b/c)`, `a*(b/c)`, `a·(b/c)`,
		`a \frac{b}{c}`},
	{written, `1/2x`,
		`1/2*x`, `1/2*x`, `1/2·x`,
		`\frac{1}{2} x`},
	{written, `-(x^2)`,
		`-x^2`, `-x^2`, `−x²`,
		`-x^{2}`},
	{written, `(-x)^2`,
		`(-x)^2`, `(-x)^2`, `(−x)²`,
		`\left(-x\right)^{2}`},
	{written, `-(-x)`,
		`-(-x)`, `-(-x)`, `−(−x)`,
		`-\left(-x\right)`},
	{written, `-x*y`,
		`-x y`, `-x*y`, `−x y`,
		`-x y`},
	{written, `-(x*y)`,
		`-(x y)`, `-(x*y)`, `−(x y)`,
		`-x y`},
	{written, `-x/y`,
		`-x/y`, `-x/y`, `−x/y`,
		`-\frac{x}{y}`},
	{written, `-(x/y)`,
		`-(x/y)`, `-(x/y)`, `−(x/y)`,
		`-\frac{x}{y}`},
	{written, `a + -x*y`,
		`a + (-x) y`, `a + (-x)*y`, `a + (−x) y`,
		`a + \left(-x\right) y`},
	{written, `a - -b`,
		`a - (-b)`, `a - (-b)`, `a − (−b)`,
		`a - \left(-b\right)`},
	{written, `a * -b`,
		`a*(-b)`, `a*(-b)`, `a·(−b)`,
		`a \left(-b\right)`},
	{written, `a / -b`,
		`a/(-b)`, `a/(-b)`, `a/(−b)`,
		`\frac{a}{-b}`},
	{written, `-2x/3`,
		`-2x/3`, `-2*x/3`, `−2x/3`,
		`-\frac{2 x}{3}`},
	{written, `2^-x`,
		`2^(-x)`, `2^(-x)`, `2^(−x)`,
		`2^{-x}`},
	{written, `x^2^3`,
		`x^(2^3)`, `x^(2^3)`, `x^(2³)`,
		`x^{2^{3}}`},
	{written, `(x^2)^3`,
		`(x^2)^3`, `(x^2)^3`, `(x²)³`,
		`\left(x^{2}\right)^{3}`},
	{written, `x^-1`,
		`x^(-1)`, `x^(-1)`, `x⁻¹`,
		`x^{-1}`},
	{written, `x^(-2) y`,
		`x^(-2) y`, `x^(-2)*y`, `x⁻² y`,
		`x^{-2} y`},
	{written, `x^(1/2)`,
		`x^(1/2)`, `x^(1/2)`, `x^(1/2)`,
		`x^{\frac{1}{2}}`},
	{written, `x^y z`,
		`x^y*z`, `x^y*z`, `x^y·z`,
		`x^{y} z`},
	{written, `x^n (y + 1)`,
		`x^n*(y + 1)`, `x^n*(y + 1)`, `x^n·(y + 1)`,
		`x^{n} \left(y + 1\right)`},
	{written, `x^2 (y + 1)`,
		`x^2 (y + 1)`, `x^2*(y + 1)`, `x² (y + 1)`,
		`x^{2} \left(y + 1\right)`},
	{written, `2*(3*x)`,
		`2*(3x)`, `2*(3*x)`, `2·(3x)`,
		`2 \left(3 x\right)`},
	{written, `x*2`,
		`x*2`, `x*2`, `x·2`,
		`x \cdot 2`},
	{written, `2*3`,
		`2*3`, `2*3`, `2·3`,
		`2 \cdot 3`},
	{written, `0*x + 1*y`,
		`0*x + 1*y`, `0*x + 1*y`, `0·x + 1·y`,
		`0 \cdot x + 1 \cdot y`},
	{written, `2*e3`,
		`2*e3`, `2*e3`, `2·e3`,
		`2 e_{3}`},
	{written, `2*e^x`,
		`2*e^x`, `2*e^x`, `2·e^x`,
		`2 e^{x}`},
	{written, `2 exp(x)`,
		`2 exp(x)`, `2*exp(x)`, `2 exp(x)`,
		`2 e^{x}`},
	{written, `2pi*r`,
		`2pi r`, `2*pi*r`, `2π r`,
		`2 \pi r`},
	{written, `pi*(r + 1)`,
		`pi(r + 1)`, `pi*(r + 1)`, `π(r + 1)`,
		`\pi \left(r + 1\right)`},
	{written, `e^(-x)`,
		`e^(-x)`, `e^(-x)`, `e^(−x)`,
		`e^{-x}`},
	{written, `x(y)`,
		`x y`, `x*y`, `x y`,
		`x y`},
	{written, `f*(x+1)`,
		`f*(x + 1)`, `f*(x + 1)`, `f·(x + 1)`,
		`f \left(x + 1\right)`},
	{written, `alpha*(x+1)`,
		`alpha*(x + 1)`, `alpha*(x + 1)`, `alpha·(x + 1)`,
		`\alpha \left(x + 1\right)`},
	{written, `alpha*x + beta`,
		`alpha x + beta`, `alpha*x + beta`, `alpha x + beta`,
		`\alpha x + \beta`},
	{written, `gamma*(x+1) + gamma(x+1)`,
		`gamma*(x + 1) + gamma(x + 1)`, `gamma*(x + 1) + gamma(x + 1)`, `gamma·(x + 1) + gamma(x + 1)`,
		`\gamma \left(x + 1\right) + \Gamma\left(x + 1\right)`},
	{written, `W*(x+1) + W(x)`,
		`W*(x + 1) + W(x)`, `W*(x + 1) + W(x)`, `W·(x + 1) + W(x)`,
		`W \left(x + 1\right) + W\left(x\right)`},
	{written, `x_1*(y+1)`,
		`x_1*(y + 1)`, `x_1*(y + 1)`, `x₁·(y + 1)`,
		`x_{1} \left(y + 1\right)`},
	{written, `λ*θ_1`,
		`λ θ_1`, `λ*θ_1`, `λ θ₁`,
		`\lambda \theta_{1}`},
	{written, `lambda*Omega_1*x_max`,
		`lambda Omega_1 x_max`, `lambda*Omega_1*x_max`, `lambda Omega₁ x_max`,
		`\lambda \Omega_{1} x_{\mathrm{max}}`},
	{written, `(x+1)(x-1)`,
		`(x + 1)(x - 1)`, `(x + 1)*(x - 1)`, `(x + 1)(x − 1)`,
		`\left(x + 1\right) \left(x - 1\right)`},
	{written, `(x+1)*y`,
		`(x + 1) y`, `(x + 1)*y`, `(x + 1) y`,
		`\left(x + 1\right) y`},
	{written, `sin 2x cos x`,
		`sin(2x) cos(x)`, `sin(2*x)*cos(x)`, `sin(2x) cos(x)`,
		`\sin\left(2 x\right) \cos\left(x\right)`},
	{written, `sin^2 x`,
		`sin(x)^2`, `sin(x)^2`, `sin(x)²`,
		`\sin^{2}\left(x\right)`},
	{written, `sin(x)*(x+1)`,
		`sin(x) (x + 1)`, `sin(x)*(x + 1)`, `sin(x) (x + 1)`,
		`\sin\left(x\right) \left(x + 1\right)`},
	{written, `sin(x)*2`,
		`sin(x)*2`, `sin(x)*2`, `sin(x)·2`,
		`\sin\left(x\right) \cdot 2`},
	{written, `sqrt(x)*y`,
		`sqrt(x) y`, `sqrt(x)*y`, `√x·y`,
		`\sqrt{x} y`},
	{written, `sqrt(x+1)^2`,
		`sqrt(x + 1)^2`, `sqrt(x + 1)^2`, `(√(x + 1))²`,
		`\sqrt{x + 1}^{2}`},
	{written, `2 sqrt(x) sqrt(2)`,
		`2 sqrt(x) sqrt(2)`, `2*sqrt(x)*sqrt(2)`, `2√x·√2`,
		`2 \sqrt{x} \sqrt{2}`},
	{written, `cbrt(x)/2`,
		`cbrt(x)/2`, `cbrt(x)/2`, `∛x/2`,
		`\frac{\sqrt[3]{x}}{2}`},
	{written, `|x|`,
		`abs(x)`, `abs(x)`, `|x|`,
		`\left|x\right|`},
	{written, `|x|*|y|^2`,
		`abs(x) abs(y)^2`, `abs(x)*abs(y)^2`, `|x| |y|²`,
		`\left|x\right| \left|y\right|^{2}`},
	{written, `|x + |y||`,
		`abs(x + abs(y))`, `abs(x + abs(y))`, `|x + abs(y)|`,
		`\left|x + \left|y\right|\right|`},
	{written, `log(x) + log(x, 2) + log2(x) + log10(x)`,
		`log(x) + log(x, 2) + log2(x) + log10(x)`, `log(x) + log(x, 2) + log2(x) + log10(x)`, `log(x) + log(x, 2) + log2(x) + log10(x)`,
		`\ln\left(x\right) + \log_{2}\left(x\right) + \log_{2}\left(x\right) + \log_{10}\left(x\right)`},
	{written, `asin(x)^2`,
		`asin(x)^2`, `asin(x)^2`, `asin(x)²`,
		`\arcsin^{2}\left(x\right)`},
	{written, `sin(x)^(-1)`,
		`sin(x)^(-1)`, `sin(x)^(-1)`, `sin(x)⁻¹`,
		`\left(\sin\left(x\right)\right)^{-1}`},
	{written, `exp(-x^2/2)`,
		`exp(-x^2/2)`, `exp(-x^2/2)`, `exp(−x²/2)`,
		`e^{-\frac{x^{2}}{2}}`},
	{written, `exp(x)^2`,
		`exp(x)^2`, `exp(x)^2`, `exp(x)²`,
		`\left(e^{x}\right)^{2}`},
	{written, `hypot(x, y)`,
		`hypot(x, y)`, `hypot(x, y)`, `hypot(x, y)`,
		`\operatorname{hypot}\left(x, y\right)`},
	{written, `root(x, 3)`,
		`root(x, 3)`, `root(x, 3)`, `root(x, 3)`,
		`\sqrt[3]{x}`},
	{written, `max(a, b, c) - min(a, b)`,
		`max(a, b, c) - min(a, b)`, `max(a, b, c) - min(a, b)`, `max(a, b, c) − min(a, b)`,
		`\max\left(a, b, c\right) - \min\left(a, b\right)`},
	{written, `floor(x)*ceil(y)`,
		`floor(x) ceil(y)`, `floor(x)*ceil(y)`, `floor(x) ceil(y)`,
		`\left\lfloor x\right\rfloor \left\lceil y\right\rceil`},
	{written, `mod(x, 3)`,
		`mod(x, 3)`, `mod(x, 3)`, `mod(x, 3)`,
		`\operatorname{mod}\left(x, 3\right)`},
	{written, `erf(x)*normpdf(x)`,
		`erf(x) normpdf(x)`, `erf(x)*normpdf(x)`, `erf(x) normpdf(x)`,
		`\operatorname{erf}\left(x\right) \varphi\left(x\right)`},
	{written, `if(x < 0, -x, x^2)`,
		`if(x < 0, -x, x^2)`, `if(x < 0, -x, x^2)`, `if(x < 0, −x, x²)`,
		`\begin{cases} -x & \text{if } x < 0 \\ x^{2} & \text{otherwise} \end{cases}`},
	{written, `if(x < 0, 1, if(x <= 1, 2, 3))`,
		`if(x < 0, 1, if(x <= 1, 2, 3))`, `if(x < 0, 1, if(x <= 1, 2, 3))`, `if(x < 0, 1, if(x ≤ 1, 2, 3))`,
		`\begin{cases} 1 & \text{if } x < 0 \\ 2 & \text{if } x \le 1 \\ 3 & \text{otherwise} \end{cases}`},
	{written, `2*if(x >= 0 and not y == 1 or z != 0, 1, 0)^2`,
		`2 if(x >= 0 and not (y == 1) or z != 0, 1, 0)^2`, `2*if(x >= 0 and not (y == 1) or z != 0, 1, 0)^2`, `2 if(x ≥ 0 and not (y == 1) or z ≠ 0, 1, 0)²`,
		`2 \left(\begin{cases} 1 & \text{if } x \ge 0 \land \lnot \left(y = 1\right) \lor z \ne 0 \\ 0 & \text{otherwise} \end{cases}\right)^{2}`},
	{written, `d/dx(x^2 + 1)`,
		`d/dx(x^2 + 1)`, `d/dx(x^2 + 1)`, `d/dx(x² + 1)`,
		`\frac{d}{dx}\left(x^{2} + 1\right)`},
	{written, `diff(x^3, x, 2)*y`,
		`d^2/dx^2(x^3)*y`, `d^2/dx^2(x^3)*y`, `d²/dx²(x³)·y`,
		`\frac{d^{2}}{dx^{2}}\left(x^{3}\right) \cdot y`},
	{written, `diff(x[1]^2, x[1])`,
		`diff(x[1]^2, x[1])`, `diff(x[1]^2, x[1])`, `diff(x[1]², x[1])`,
		`\frac{d}{dx_{1}}\left(x_{1}^{2}\right)`},
	{written, `1/d/dx(y)`,
		`1/(d/dx(y))`, `1/(d/dx(y))`, `1/(d/dx(y))`,
		`\frac{1}{\frac{d}{dx}\left(y\right)}`},
	{written, `d/dx`,
		`d/(dx)`, `d/(dx)`, `d/(dx)`,
		`\frac{d}{\mathrm{dx}}`},
	{written, `(x+1)/(x-1)`,
		`(x + 1)/(x - 1)`, `(x + 1)/(x - 1)`, `(x + 1)/(x − 1)`,
		`\frac{x + 1}{x - 1}`},
	{written, `x!`,
		`gamma(x + 1)`, `gamma(x + 1)`, `gamma(x + 1)`,
		`\Gamma\left(x + 1\right)`},
	{written, `inf`,
		`inf`, `inf`, `∞`,
		`\infty`},
	{written, `10^30 x + 1e30`,
		`10^30 x + 1e30`, `10^30*x + 1e30`, `10³⁰ x + 1e30`,
		`10^{30} x + 10^{30}`},
	{written, `123456789012345678901234567890`,
		`123456789012345678901234567890`, `123456789012345678901234567890`, `123456789012345678901234567890`,
		`123456789012345678901234567890`},
	{written | decimals, `0.1x + 2.50`,
		`0.1x + 2.5`, `0.1*x + 2.5`, `0.1x + 2.5`,
		`0.1 x + 2.5`},
	{written | decimals, `0.5*x^0.25/3`,
		`0.5x^0.25/3`, `0.5*x^0.25/3`, `0.5x^0.25/3`,
		`\frac{0.5 x^{0.25}}{3}`},
	{written | decimals, `1e-7x + 1e-3`,
		`1e-7*x + 0.001`, `1e-7*x + 0.001`, `1e-7·x + 0.001`,
		`10^{-7} \cdot x + 0.001`},
	{tidy, `-x + 1`,
		`-x + 1`, `-x + 1`, `−x + 1`,
		`-x + 1`},
	{tidy, `1 - x`,
		`1 - x`, `1 - x`, `1 − x`,
		`1 - x`},
	{tidy, `x - 3`,
		`x - 3`, `x - 3`, `x − 3`,
		`x - 3`},
	{tidy, `x - 2y`,
		`x - 2y`, `x - 2*y`, `x − 2y`,
		`x - 2 y`},
	{tidy, `1/x`,
		`1/x`, `1/x`, `1/x`,
		`\frac{1}{x}`},
	{tidy, `-1/x`,
		`-1/x`, `-1/x`, `−1/x`,
		`-\frac{1}{x}`},
	{tidy, `x/2`,
		`x/2`, `x/2`, `x/2`,
		`\frac{x}{2}`},
	{tidy, `2x/3`,
		`2x/3`, `2*x/3`, `2x/3`,
		`\frac{2 x}{3}`},
	{tidy, `-2x/3`,
		`-2x/3`, `-2*x/3`, `−2x/3`,
		`-\frac{2 x}{3}`},
	{tidy, `-x/3`,
		`-x/3`, `-x/3`, `−x/3`,
		`-\frac{x}{3}`},
	{tidy, `1/(2 sqrt(x))`,
		`1/(2 sqrt(x))`, `1/(2*sqrt(x))`, `1/(2√x)`,
		`\frac{1}{2 \sqrt{x}}`},
	{tidy, `x/(1+x^2)^2`,
		`x/(1 + x^2)^2`, `x/(1 + x^2)^2`, `x/(1 + x²)²`,
		`\frac{x}{\left(1 + x^{2}\right)^{2}}`},
	{tidy, `(x+1)/(x-1)`,
		`(x + 1)/(x - 1)`, `(x + 1)/(x - 1)`, `(x + 1)/(x − 1)`,
		`\frac{x + 1}{x - 1}`},
	{tidy, `3/(2x^2 y)`,
		`3/(2x^2 y)`, `3/(2*x^2*y)`, `3/(2x² y)`,
		`\frac{3}{2 x^{2} y}`},
	{tidy, `1/x^(1/2)`,
		`1/x^(1/2)`, `1/x^(1/2)`, `1/x^(1/2)`,
		`\frac{1}{x^{\frac{1}{2}}}`},
	{tidy, `-2/x^(3/2)`,
		`-2/x^(3/2)`, `-2/x^(3/2)`, `−2/x^(3/2)`,
		`-\frac{2}{x^{\frac{3}{2}}}`},
	{tidy, `exp(-x^2/2)/sqrt(2pi)`,
		`exp(-x^2/2)/sqrt(2pi)`, `exp(-x^2/2)/sqrt(2*pi)`, `exp(−x²/2)/√(2π)`,
		`\frac{e^{-\frac{x^{2}}{2}}}{\sqrt{2 \pi}}`},
	{tidy, `(x+1)/2`,
		`(x + 1)/2`, `(x + 1)/2`, `(x + 1)/2`,
		`\frac{x + 1}{2}`},
	{tidy, `-(x+1)`,
		`-(x + 1)`, `-(x + 1)`, `−(x + 1)`,
		`-\left(x + 1\right)`},
	{tidy, `-2(x+1)`,
		`-2(x + 1)`, `-2*(x + 1)`, `−2(x + 1)`,
		`-2 \left(x + 1\right)`},
	{tidy, `y/x + x/y`,
		`y/x + x/y`, `y/x + x/y`, `y/x + x/y`,
		`\frac{y}{x} + \frac{x}{y}`},
	{tidy, `a b/(c d)`,
		`a b/(c d)`, `a*b/(c*d)`, `a b/(c d)`,
		`\frac{a b}{c d}`},
	{tidy, `2^(-x)`,
		`2^(-x)`, `2^(-x)`, `2^(−x)`,
		`2^{-x}`},
	{tidy, `x^(-a)`,
		`x^(-a)`, `x^(-a)`, `x^(−a)`,
		`x^{-a}`},
	{tidy, `x^(2/3)`,
		`x^(2/3)`, `x^(2/3)`, `x^(2/3)`,
		`x^{\frac{2}{3}}`},
	{tidy, `(1/2)^x`,
		`(1/2)^x`, `(1/2)^x`, `(1/2)^x`,
		`\left(\frac{1}{2}\right)^{x}`},
	{tidy, `(-2)^x`,
		`(-2)^x`, `(-2)^x`, `(−2)^x`,
		`\left(-2\right)^{x}`},
	{tidy, `x*(-3)`,
		`-3x`, `-3*x`, `−3x`,
		`-3 x`},
	{tidy, `sin(x)/x`,
		`sin(x)/x`, `sin(x)/x`, `sin(x)/x`,
		`\frac{\sin\left(x\right)}{x}`},
	{tidy, `-x^2 y`,
		`-x^2 y`, `-x^2*y`, `−x² y`,
		`-x^{2} y`},
	{tidy, `-sin(x)^2`,
		`-sin(x)^2`, `-sin(x)^2`, `−sin(x)²`,
		`-\sin^{2}\left(x\right)`},
	{tidy, `1/3`,
		`1/3`, `1/3`, `1/3`,
		`\frac{1}{3}`},
	{tidy, `-1/3`,
		`-1/3`, `-1/3`, `−1/3`,
		`-\frac{1}{3}`},
	{tidy, `x + 1/3`,
		`x + 1/3`, `x + 1/3`, `x + 1/3`,
		`x + \frac{1}{3}`},
	{tidy, `x - 1/3`,
		`x - 1/3`, `x - 1/3`, `x − 1/3`,
		`x - \frac{1}{3}`},
	{tidy, `5/(x - 1) - 1/(x + 1)`,
		`5/(x - 1) - 1/(x + 1)`, `5/(x - 1) - 1/(x + 1)`, `5/(x − 1) − 1/(x + 1)`,
		`\frac{5}{x - 1} - \frac{1}{x + 1}`},
	{tidy, `x sin(x)/(2 cos(x)^2)`,
		`x sin(x)/(2 cos(x)^2)`, `x*sin(x)/(2*cos(x)^2)`, `x sin(x)/(2 cos(x)²)`,
		`\frac{x \sin\left(x\right)}{2 \cos^{2}\left(x\right)}`},
	{tidy, `-(x y)/(z (x + 1)^2)`,
		`-x y/(z(x + 1)^2)`, `-x*y/(z*(x + 1)^2)`, `−x y/(z(x + 1)²)`,
		`-\frac{x y}{z \left(x + 1\right)^{2}}`},
	{tidy, `tan(x)^2*x^-1*(x+1)^-2`,
		`tan(x)^2/(x(x + 1)^2)`, `tan(x)^2/(x*(x + 1)^2)`, `tan(x)²/(x(x + 1)²)`,
		`\frac{\tan^{2}\left(x\right)}{x \left(x + 1\right)^{2}}`},
	{tidy, `1/log(x)`,
		`1/log(x)`, `1/log(x)`, `1/log(x)`,
		`\frac{1}{\ln\left(x\right)}`},
	{tidy, `x^x/x^y`,
		`x^x/x^y`, `x^x/x^y`, `x^x/x^y`,
		`\frac{x^{x}}{x^{y}}`},
	{tidy, `-(a + b)/(a - b)`,
		`-(a + b)/(a - b)`, `-(a + b)/(a - b)`, `−(a + b)/(a − b)`,
		`-\frac{a + b}{a - b}`},
	{tidy | decimals, `0.2x + 0.25`,
		`0.2x + 0.25`, `0.2*x + 0.25`, `0.2x + 0.25`,
		`0.2 x + 0.25`},
	{tidy | decimals, `x/8`,
		`0.125x`, `0.125*x`, `0.125x`,
		`0.125 x`},
	{tidy | decimals, `2x/3 + 0.1/x`,
		`2x/3 + 0.1/x`, `2*x/3 + 0.1/x`, `2x/3 + 0.1/x`,
		`\frac{2 x}{3} + \frac{0.1}{x}`},
}

func TestGolden(t *testing.T) {
	for _, c := range golden {
		e, err := expr.Parse(c.in)
		if err != nil {
			t.Errorf("%s: %v", c.in, err)
			continue
		}
		if c.how&tidy != 0 {
			e = simplify.Tidy(e)
		}
		for s, want := range []string{c.text, c.plain, c.unicode, c.latex} {
			o := Options{Style: Style(s), Decimals: c.how&decimals != 0}
			if got := String(e, o); got != want {
				t.Errorf("%s in style %d:\n got %s\nwant %s", c.in, s, got, want)
			}
		}
	}
}

func TestShortForms(t *testing.T) {
	e := expr.MustParse("2 x^2")
	for i, got := range []string{Text(e), Plain(e), Unicode(e), LaTeX(e), string(Append([]byte("y = "), e, Options{}))} {
		if want := []string{"2x^2", "2*x^2", "2x²", "2 x^{2}", "y = 2x^2"}[i]; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// Every row of the table of functions is printed in every style, also inside
// itself, below a fraction bar and as a base.
func TestFunctions(t *testing.T) {
	for _, f := range fn.All() {
		p := expr.NewPool()
		call := func(u expr.Expr) expr.Expr {
			args := make([]expr.Expr, max(len(f.Args), 0))
			for i := range args {
				args[i] = u
			}
			return p.Call(f, args...)
		}
		u := call(p.Make(expr.Add, p.Var("x"), p.Int(1)))
		for _, e := range []expr.Expr{
			u, call(u), p.Make(expr.Pow, u, p.Int(2)), p.Make(expr.Pow, p.Int(2), u), p.Make(expr.Div, p.Int(1), u), p.Make(expr.Mul, u, u, p.Var("x")), p.Make(expr.Neg, u),
		} {
			for name, o := range readable {
				text := String(e, o)
				if back, err := expr.Parse(text); err != nil || !expr.Equal(e, back) {
					t.Errorf("%s %s: %s reads as %v, %v", f.Name, name, text, back, err)
				}
			}
			checkLaTeX(t, LaTeX(e))
		}
		// One mention of an argument doubles nothing; two would double at each
		// level of a nest.
		for i := range f.Args {
			arg := "$" + string(rune('1'+i))
			if n := strings.Count(f.LaTeX, arg); n > 1 || n == 0 && strings.Contains(f.LaTeX, "$") {
				t.Errorf("%s: the LaTeX template %s mentions %s %d times", f.Name, f.LaTeX, arg, n)
			}
		}
		if f.Variadic && strings.Contains(f.LaTeX, "$") {
			t.Errorf("%s: a template for any number of arguments", f.Name)
		}
	}
}

// In LaTeX an argument in the middle of a template is in parentheses unless the
// template has brackets round it.
func TestEnclosed(t *testing.T) {
	for _, c := range []struct {
		before, after string
		want          bool
	}{
		{`\sqrt{`, "}", true}, {`\left(`, `\right)`, true}, {`\left|`, `\right|`, true}, {`\left\lfloor `, ` \right\rfloor`, true},
		{`\sqrt{`, "^2}", false}, {`{a + `, "}", false}, {"", `\bmod `, false}, {`\sqrt[`, "]{", true}, {"2^{", "x}", false},
	} {
		if got := enclosed(c.before, c.after); got != c.want {
			t.Errorf("enclosed(%q, %q) = %v", c.before, c.after, got)
		}
	}
}

func TestLatexName(t *testing.T) {
	for name, want := range map[string]string{
		"x": "x", "x1": "x_{1}", "x_1": "x_{1}", "x[1]": "x_{1}", "x[1,-2]": "x_{1,-2}", "alpha": `\alpha`, "lambda_1": `\lambda_{1}`, "λ": `\lambda`,
		"Omega2": `\Omega_{2}`, "speed": `\mathrm{speed}`, "x_max": `x_{\mathrm{max}}`, "x_i": "x_{i}", "a_b_c": `a_{\mathrm{b\_c}}`, "_x": `\mathrm{\_x}`,
		"x_alpha": `x_{\alpha}`, "x_": `\mathrm{x\_}`, "é": "é",
	} {
		if got := latexName(name); got != want {
			t.Errorf("latexName(%s) = %s, want %s", name, got, want)
		}
	}
}

// Formulas typed with u! are printed so, in every style.
func TestFactorials(t *testing.T) {
	for _, c := range []struct{ in, text, unicode, latex string }{
		{"x!", "x!", "x!", "x!"},
		{"(x + 1)!", "(x + 1)!", "(x + 1)!", `\left(x + 1\right)!`},
		{"(x!)!", "(x!)!", "(x!)!", `\left(x!\right)!`},
		{"x!^2", "x!^2", "x!²", "x!^{2}"},
		{"x^y!", "x^y!", "x^y!", "x^{y!}"},
		{"-x!", "-x!", "−x!", "-x!"},
		{"2x!", "2x!", "2x!", "2 x!"},
		{"2! x", "2! x", "2! x", "2! x"},
		{"x! y!", "x! y!", "x! y!", "x! y!"},
		{"x!(y + 1)", "x! (y + 1)", "x! (y + 1)", `x! \left(y + 1\right)`},
		{"3*2!", "3*2!", "3·2!", `3 \cdot 2!`},
		{"x/2!", "x/2!", "x/2!", `\frac{x}{2!}`},
		{"sin(x!)", "sin(x!)", "sin(x!)", `\sin\left(x!\right)`},
		{"sqrt(x)!", "sqrt(x)!", "(√x)!", `\sqrt{x}!`},
		{"|x|!", "abs(x)!", "|x|!", `\left|x\right|!`},
		{"0.5!", "(1/2)!", "(1/2)!", `\left(\frac{1}{2}\right)!`},
	} {
		e := expr.MustParse(c.in)
		for style, want := range map[Style]string{StyleText: c.text, StyleUnicode: c.unicode, StyleLaTeX: c.latex} {
			if got := String(e, Options{Style: style, Factorials: true}); got != want {
				t.Errorf("%s: style %d is %s, want %s", c.in, style, got, want)
			}
		}
	}
}
