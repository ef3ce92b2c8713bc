package exact

import (
	"math/big"
	"slices"

	"nabla/expr"
	"nabla/expr/number"
	"nabla/optimize/global/internal/rational"
)

// Coordinates returns the constants list as rational combinations of numbers that
// are linearly independent over the rationals. Row i belongs to list[i]. It returns
// false when a constant is not seen to be of that form: a product of roots of primes
// (A. S. Besicovitch, On the linear independence of fractional powers of
// integers, 1940), and of one number of a family that is independent over the algebraic
// numbers: powers of π, which is transcendental; exponentials of different algebraic numbers
// (F. Lindemann and K. Weierstrass); 1 and logarithms of primes (A. Baker). A power of π that all have
// is no matter.
func (r *Ring) Coordinates(list []expr.Expr) ([][]number.Number, bool) {
	var basis [][]kernelPower
	var combos []Combo
	for _, e := range list {
		c := r.Expand(e)
		combos = append(combos, c)
		for _, t := range c {
			if !r.independent(t.M) {
				return nil, false
			}
			if !slices.ContainsFunc(basis, func(m []kernelPower) bool { return compareMono(m, t.M) == 0 }) {
				basis = append(basis, t.M)
			}
		}
	}
	if !r.oneFamily(basis) {
		return nil, false
	}
	rows := make([][]number.Number, len(combos))
	for i, c := range combos {
		rows[i] = make([]number.Number, len(basis))
		for _, t := range c {
			k := slices.IndexFunc(basis, func(m []kernelPower) bool { return compareMono(m, t.M) == 0 })
			rows[i][k] = t.C
		}
	}
	return rows, true
}

// sureprime is the square of the first number that trial division does not try:
// below it a cofactor is prime.
const sureprime = 2999 * 2999

// The families of numbers that are linearly independent over the algebraic numbers.
type family uint8

const (
	algebraic family = iota
	powerOfPi
	exponential
	logarithm
	mixed
)

// independent reports whether m is a product of roots of primes and numbers of the families,
// in the form that is one for equal numbers.
func (r *Ring) independent(m []kernelPower) bool {
	for _, p := range m {
		info := &r.Kernels[p.K]
		switch {
		case info.kind == kernelPrime && info.value < sureprime:
			if p.N.Sign() <= 0 || p.N.Cmp(number.Int(1)) >= 0 {
				return false
			}
		case r.familyOf(p) == mixed:
			return false
		}
	}
	return true
}

// Algebraic reports whether the constant e is seen to be a sum of products of roots of rationals.
func (r *Ring) Algebraic(e expr.Expr) bool {
	return !slices.ContainsFunc(r.Expand(e), func(t Term) bool {
		return slices.ContainsFunc(t.M, func(p kernelPower) bool { return r.Kernels[p.K].kind != kernelPrime })
	})
}

// familyOf returns to which family a power of a kernel other than a prime belongs, mixed for none.
func (r *Ring) familyOf(p kernelPower) family {
	switch info := &r.Kernels[p.K]; {
	case info.E.IsCall("pi") && p.N.IsInt():
		return powerOfPi
	case info.kind == kernelE:
		return exponential
	case info.kind == kernelExp && len(info.arg) == 1 && !slices.ContainsFunc(info.arg[0].M, func(q kernelPower) bool { return r.Kernels[q.K].kind != kernelPrime }) && r.independent(info.arg[0].M):
		return exponential
	case info.E.IsCall("log") && info.E.Len() == 1 && p.N == number.Int(1) && info.E.Arg(0).Op() == expr.Num:
		if n, ok := info.E.Arg(0).Number().Int64(); ok && n > 1 && n < sureprime && big.NewInt(n).ProbablyPrime(0) { // which is sure below 2^64
			return logarithm
		}
	}
	return mixed
}

// oneFamily reports whether the factors of the monomials that are no roots of primes belong to one family, but for a power of π that all have.
func (r *Ring) oneFamily(basis [][]kernelPower) bool {
	of := algebraic
	turns := make([]number.Number, len(basis)) // the powers of π
	for i, m := range basis {
		logarithms := 0
		for _, p := range m {
			if r.Kernels[p.K].kind == kernelPrime {
				continue
			}
			f := r.familyOf(p)
			switch {
			case f == powerOfPi:
				turns[i] = p.N
				continue
			case f == logarithm:
				logarithms++
			}
			if of != algebraic && of != f || logarithms > 1 {
				return false
			}
			of = f
		}
	}
	return of == algebraic || !slices.ContainsFunc(turns, func(n number.Number) bool { return n != turns[0] })
}

// Rank returns the rank of the matrix with the given rows of coordinates.
func Rank(rows [][]number.Number) int { return rational.Rank(rows) }

// Integers solves k1·a = k2·b + c in integers for independent a and b: it returns
// the solution, and whether there is one.
func Integers(a, b, c []number.Number) (k1, k2 int64, ok bool) {
	// two columns with a determinant give the one rational solution
	for i := range a {
		for j := i + 1; j < len(a); j++ {
			// a_i k1 - b_i k2 = c_i, a_j k1 - b_j k2 = c_j
			det := b[i].Mul(a[j]).Sub(a[i].Mul(b[j]))
			if det.Sign() == 0 {
				continue
			}
			x, _ := b[i].Mul(c[j]).Sub(c[i].Mul(b[j])).Quo(det)
			y, _ := a[i].Mul(c[j]).Sub(a[j].Mul(c[i])).Quo(det)
			for k := range a {
				if a[k].Mul(x).Sub(b[k].Mul(y)).Cmp(c[k]) != 0 {
					return 0, 0, false
				}
			}
			k1, ok1 := x.Int64()
			k2, ok2 := y.Int64()
			return k1, k2, ok1 && ok2
		}
	}
	return 0, 0, false
}
