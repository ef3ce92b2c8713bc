package check

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
)

// Implicit judges a claim about dy/dx where y is defined as a function of x by
// the equation f = 0: by the theorem on implicit functions it is -f_x/f_y. Both
// need to agree on the curve only, so a proof of difference is a point of the
// curve.
func Implicit(f, claim expr.Expr, y, x string, o Options) Result {
	d := &derivation{o: DerivationOptions{Options: o, Wrt: x}, curve: carryOut(f), y: y}
	truth := slope(d.curve, x, y)
	r := d.onCurve(carryOut(claim), truth)
	r.Expected = simplify.Tidy(truth)
	return r
}

// slope returns -f_x/f_y.
func slope(f expr.Expr, x, y string) expr.Expr {
	p := expr.NewPool()
	return p.Make(expr.Neg, p.Make(expr.Div, p.Import(diff.D(f, x)), p.Import(diff.D(f, y))))
}

// onCurve judges whether a and b are equal where the curve is 0.
func (d *derivation) onCurve(a, b expr.Expr) Result {
	if p := equality(a, b, d.o.Options); p.equal {
		return Result{Verdict: Same, Conditions: p.conditions, Why: p.why}
	}
	c, err := newCurve(d, a, b)
	if err != nil {
		return Result{Verdict: Undecided, Evidence: &Evidence{Text: err.Error()}}
	}
	e := &Evidence{Digits: 15}
	points := c.points(d.o.points())
	// Points that are met exactly come first, such as (3, 4) of a circle.
	width := func(p []interval.I) float64 { return p[c.y].Width() }
	slices.SortStableFunc(points, func(p, q []interval.I) int { return cmp.Compare(width(p), width(q)) })
	for _, p := range points {
		u, v, ok := c.values(p)
		if !ok {
			continue
		}
		if u.Disjoint(v) && u.IsBounded() && v.IsBounded() {
			w := &Witness{Claimed: u, True: v, Bits: 53}
			for i, x := range c.vars {
				at := simplest(p[i].Lo, p[i].Hi)
				w.At = append(w.At, Coordinate{x, at})
				if !p[i].IsPoint() && i == c.y {
					w.Curve = fmt.Sprintf("%s is the solution of the equation in %s", x, p[i])
				}
			}
			return Result{Verdict: Different, Witness: w}
		}
		e.Points++
		e.Digits = min(e.Digits, floatDigits(u, v))
		if s := max(u.Mag(), v.Mag()); s > 0 {
			e.MaxRelDiff = max(e.MaxRelDiff, math.Abs(u.Mid()-v.Mid())/s)
		}
	}
	e.Text = e.words()
	if e.Points > 0 {
		e.Text = fmt.Sprintf("at %d points of the curve both agree to %d digits", e.Points, e.Digits)
	}
	return Result{Verdict: Undecided, Evidence: e}
}

// A curve finds points of the curve f(x, y) = 0.
type curve struct {
	vars []string
	y    int
	m    *tape.Machine
	rng  *rand.Rand
	out  []interval.I
	dec  []interval.Dec
}

func newCurve(d *derivation, a, b expr.Expr) (*curve, error) {
	c := &curve{vars: unionVars([]expr.Expr{a, b, d.curve}), y: -1, rng: rand.New(rand.NewPCG(d.o.seed(), 0x6375727665))}
	for i, v := range c.vars {
		if v == d.y {
			c.y = i
		}
	}
	if c.y < 0 {
		return nil, fmt.Errorf("%s does not occur", d.y)
	}
	prog, err := tape.Compile(c.vars, a, b, d.curve)
	if err != nil {
		return nil, err
	}
	c.m = prog.NewMachine()
	c.out, c.dec = make([]interval.I, 3), make([]interval.Dec, 3)
	return c, nil
}

// f returns the enclosure of the curve's function over a box.
func (c *curve) f(box []interval.I) (interval.I, interval.Dec) {
	c.m.Interval(c.out, c.dec, box)
	return c.out[2], c.dec[2]
}

// values returns enclosures of both formulas over a box, if they are defined.
func (c *curve) values(box []interval.I) (a, b interval.I, ok bool) {
	c.m.Interval(c.out, c.dec, box)
	return c.out[0], c.out[1], c.dec[0] >= interval.Defined && c.dec[1] >= interval.Defined
}

// points returns up to want thin boxes, each of which is proved to hold a point
// of the curve: the other variables are fixed, and the function, continuous
// along y, changes its sign from one end to the other.
func (c *curve) points(want int) [][]interval.I {
	var out [][]interval.I
	for round := 0; len(out) < want && round < 6*want; round++ {
		box := make([]interval.I, len(c.vars))
		for i := range box {
			v := nice[(round+2*i)%len(nice)]
			if round >= len(nice) {
				v = number.Frac(int64(c.rng.IntN(161)-80), 16)
			}
			box[i] = simplify.Hull(v)
		}
		sign := func(y float64) int {
			box[c.y] = interval.Point(y)
			switch v, dec := c.f(box); {
			case dec < interval.Defined:
				return 2
			case v.Lo == 0 && v.Hi == 0:
				return 0
			case v.Lo > 0:
				return 1
			case v.Hi < 0:
				return -1
			}
			return 2
		}
		// The grid has the small whole and half numbers, so that a point such
		// as (3, 4) of a circle is met exactly.
		last, at := 2, 0.0
		for k := -64; k <= 64 && len(out) < want; k++ {
			y := float64(k) / 4
			s := sign(y)
			if s == 0 {
				b := append([]interval.I(nil), box...)
				b[c.y] = interval.Point(y)
				out = append(out, b)
			} else if last*s == -1 {
				lo, hi, from := at, y, last
				for range 60 {
					m := lo + (hi-lo)/2
					t := sign(m)
					if t == 2 || t == 0 || m <= lo || m >= hi {
						break
					}
					if t == from {
						lo = m
					} else {
						hi = m
					}
				}
				box[c.y] = interval.New(lo, hi)
				if _, dec := c.f(box); dec == interval.Continuous {
					out = append(out, append([]interval.I(nil), box...))
				}
			}
			last, at = s, y
		}
	}
	return out
}
