package fn

import (
	"math"
	"math/big"
	"sync"

	"nabla/expr/interval/precise"
)

// precisePolygamma encloses ψ⁽ⁿ⁾ for one order n over x > 0, where it is monotone, and at points x < 0. It answers
// false for other boxes, for orders above greatestOrder, and for more than 1200 bits, where the sums grow long.
func precisePolygamma(v []exact, prec uint) (exact, bool) {
	n, x := v[0], v[1]
	if n.IsEmpty() || x.IsEmpty() {
		return precise.Nothing(), true
	}
	if !n.IsPoint() {
		return precise.Whole(), false
	}
	k, _ := n.Lo.Float64()
	switch {
	case k < 0 || !n.Lo.IsInt():
		return precise.Nothing(), true
	case k == 0:
		return precise.Digamma(x, prec), true
	case k == 1:
		return precise.Trigamma(x, prec), true
	case x.IsPoint() && x.Lo.Sign() <= 0 && x.Lo.IsInt():
		return precise.Nothing(), true
	case k > greatestOrder || prec > 1200 || x.Lo.IsInf() || x.Hi.IsInf():
		return precise.Whole(), false
	}
	even := math.Mod(k, 2) == 0
	wp := prec + 2*extra
	fact := precise.FromBig(new(big.Int).MulRange(1, int64(k)), wp)
	s := int(k) + 1
	var z exact
	switch {
	case x.Lo.Sign() > 0:
		z = preciseZeta(s, precise.Point(x.Lo), wp).Hull(preciseZeta(s, precise.Point(x.Hi), wp))
		if even {
			z = precise.Neg(z)
		}
	case x.IsPoint():
		// As in polygamma; f is exact with the bits of x.
		one := precise.FromInt(1)
		y := precise.Neg(x)
		f := precise.Sub(y, precise.Floor(y), max(wp, x.Lo.Prec()))
		left := precise.Sub(preciseZeta(s, f, wp), preciseZeta(s, precise.Add(one, y, wp), wp), wp)
		right := preciseZeta(s, precise.Sub(one, f, wp), wp)
		if even {
			z = precise.Sub(left, right, wp)
		} else {
			z = precise.Add(left, right, wp)
		}
	default:
		return precise.Whole(), false
	}
	return precise.Mul(z, fact, prec), true
}

// bernoulliTerms is how many terms of the Euler–Maclaurin series preciseZeta uses.
const bernoulliTerms = 40

// bernoulliRatios returns B₂ⱼ/(2j)!, j = 1, …, bernoulliTerms, by Σ b(k)/(n+1-k)! = 0 over k = 0, …, n, b(k) = Bₖ/k!.
var bernoulliRatios = sync.OnceValue(func() []*big.Rat {
	inverse := []*big.Rat{big.NewRat(1, 1)} // 1/k!
	for k := int64(1); k <= 2*bernoulliTerms+1; k++ {
		inverse = append(inverse, new(big.Rat).Mul(inverse[k-1], big.NewRat(1, k)))
	}
	b := []*big.Rat{big.NewRat(1, 1), big.NewRat(-1, 2)}
	var even []*big.Rat
	for n := 2; n <= 2*bernoulliTerms; n++ {
		s := new(big.Rat)
		if n%2 == 0 {
			for k := range n {
				if b[k].Sign() != 0 {
					s.Sub(s, new(big.Rat).Mul(b[k], inverse[n+1-k]))
				}
			}
			even = append(even, s)
		}
		b = append(b, s)
	}
	return even
})

// preciseZeta encloses ζ(s, q) as zetaOf does.
func preciseZeta(s int, q exact, prec uint) exact {
	// The first term left out is about ((s+2J)/2πy)²ᴶ of the whole.
	enough := big.NewFloat(10 + float64(s) + float64(s+2*bernoulliTerms)/6*math.Exp2(float64(prec)/(2*bernoulliTerms)))
	one := precise.FromInt(1)
	sum, y := precise.FromInt(0), q
	for y.Lo.Cmp(enough) < 0 {
		sum = precise.Add(sum, precise.PowInt(y, -s, prec), prec)
		y = precise.Add(y, one, prec)
	}
	tail := precise.Add(precise.Div(y, precise.FromInt(int64(s-1)), prec), precise.FromFloat(0.5), prec)
	rising := precise.Div(precise.FromInt(int64(s)), y, prec)
	inv := precise.Div(one, precise.Sqr(y, prec), prec)
	for j, b := range bernoulliRatios() {
		t := precise.Mul(rising, precise.FromRat(b, prec), prec)
		if j == bernoulliTerms-1 {
			tail = precise.Add(tail, t.Hull(precise.FromInt(0)), prec)
			break
		}
		tail = precise.Add(tail, t, prec)
		m := int64(s + 2*j)
		rising = precise.Mul(precise.Mul(rising, precise.FromInt((m+1)*(m+2)), prec), inv, prec)
	}
	return precise.Add(sum, precise.Mul(precise.PowInt(y, -s, prec), tail, prec), prec)
}
