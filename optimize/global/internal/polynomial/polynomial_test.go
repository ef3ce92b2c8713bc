package polynomial

import (
	"math/big"
	"math/rand/v2"
	"testing"

	"nabla/expr/number"
)

func polyFrom(c ...int64) Polynomial {
	p := make(Polynomial, len(c))
	for i, v := range c {
		p[i] = big.NewInt(v)
	}
	return p.trim()
}

// sturm returns the number of different real zeros of p by Sturm's theorem, an
// independent way to count them.
func sturm(p Polynomial) int {
	rat := func(p Polynomial) []*big.Rat {
		out := make([]*big.Rat, len(p))
		for i, c := range p {
			out[i] = new(big.Rat).SetInt(c)
		}
		return out
	}
	rem := func(a, b []*big.Rat) []*big.Rat {
		a = append([]*big.Rat(nil), a...)
		for len(a) >= len(b) {
			q := new(big.Rat).Quo(a[len(a)-1], b[len(b)-1])
			for i := range b {
				j := len(a) - len(b) + i
				a[j] = new(big.Rat).Sub(a[j], new(big.Rat).Mul(q, b[i]))
			}
			a = a[:len(a)-1]
			for len(a) > 0 && a[len(a)-1].Sign() == 0 {
				a = a[:len(a)-1]
			}
		}
		return a
	}
	chain := [][]*big.Rat{rat(p), rat(p.Derivative())}
	for len(chain[len(chain)-1]) > 0 {
		r := rem(chain[len(chain)-2], chain[len(chain)-1])
		for i := range r {
			r[i] = new(big.Rat).Neg(r[i])
		}
		chain = append(chain, r)
	}
	count := func(side int) int {
		n, last := 0, 0
		for _, q := range chain {
			if len(q) == 0 {
				continue
			}
			s := q[len(q)-1].Sign()
			if side < 0 && len(q)%2 == 0 {
				s = -s
			}
			if last != 0 && s != last {
				n++
			}
			last = s
		}
		return n
	}
	return count(-1) - count(1)
}

// TestPolynomialZeros compares the zeros found with Sturm's count, their cells
// with signs of the polynomial, and closed forms with the cells.
func TestPolynomialZeros(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 5))
	mul := func(a, b Polynomial) Polynomial {
		out := make(Polynomial, len(a)+len(b)-1)
		for i := range out {
			out[i] = new(big.Int)
		}
		for i, x := range a {
			for j, y := range b {
				out[i+j].Add(out[i+j], new(big.Int).Mul(x, y))
			}
		}
		return out.trim()
	}
	list := []Polynomial{
		polyFrom(0, -3, 0, 1), polyFrom(0, 0, 1), polyFrom(-1, 0, 1), polyFrom(1, 0, 1), polyFrom(0, -12, 0, 4),
		polyFrom(-2, 0, 1), polyFrom(4, 0, -5, 0, 1), polyFrom(1, 0, -10, 0, 1), polyFrom(0, 1), polyFrom(5, -2),
	}
	for range 600 {
		p := polyFrom(int64(r.IntN(9) + 1))
		for p.degree() < 1+r.IntN(7) {
			switch r.IntN(5) {
			case 0: // a rational zero, perhaps 0
				p = mul(p, polyFrom(int64(r.IntN(15)-7), int64(r.IntN(4)+1)))
			case 1: // a quadratic factor
				p = mul(p, polyFrom(int64(r.IntN(15)-9), int64(r.IntN(9)-4), int64(r.IntN(3)+1)))
			case 2:
				p = mul(p, polyFrom(int64(r.IntN(15)-9), int64(r.IntN(9)-4), 0, int64(r.IntN(3)+1)))
			case 3: // a multiple zero
				q := polyFrom(int64(r.IntN(9)-4), int64(r.IntN(3)+1))
				p = mul(p, mul(q, q))
			default:
				c := make([]int64, 2+r.IntN(4))
				for i := range c {
					c[i] = int64(r.IntN(41) - 20)
				}
				c[len(c)-1] = 7
				p = mul(p, polyFrom(c...))
			}
		}
		list = append(list, p)
	}
	exact := 0
	for _, p := range list {
		zs := p.RealZeros()
		if want := sturm(p); len(zs) != want {
			t.Fatalf("%v: %d zeros, want %d: %+v", p, len(zs), want, zs)
		}
		degree := 0
		for i, z := range zs {
			degree += z.Mult
			if i > 0 && zs[i-1].Cell.Hi.Cmp(z.Cell.Lo) > 0 {
				t.Fatalf("%v: cells overlap", p)
			}
			if z.point() {
				if p.sign(z.Cell.Lo) != 0 {
					t.Fatalf("%v: %v is no zero", p, z.Cell.Lo)
				}
			} else if z.Of.sign(z.Cell.Lo)*z.Of.sign(z.Cell.Hi) >= 0 {
				t.Fatalf("%v: no change of sign on %v %v", p, z.Cell.Lo, z.Cell.Hi)
			}
			if !z.Exact || z.B == (number.Number{}) {
				continue
			}
			exact++
			// a + b sqrt(d) in the cell: (lo - a)/b and (hi - a)/b enclose sqrt(d)
			x := z.Cell.Lo
			y := z.Cell.Hi
			lo := new(big.Rat).Quo(new(big.Rat).Sub(x, z.A.Rat()), z.B.Rat())
			hi := new(big.Rat).Quo(new(big.Rat).Sub(y, z.A.Rat()), z.B.Rat())
			if lo.Cmp(hi) > 0 {
				lo, hi = hi, lo
			}
			d := z.D.Rat()
			if hi.Sign() < 0 || new(big.Rat).Mul(hi, hi).Cmp(d) < 0 || lo.Sign() > 0 && new(big.Rat).Mul(lo, lo).Cmp(d) > 0 {
				t.Fatalf("%v: %v + %v sqrt(%v) is not in its cell", p, z.A, z.B, z.D)
			}
		}
		if degree > p.degree() || (p.degree()-degree)%2 != 0 {
			t.Fatalf("%v: multiplicities add up to %d", p, degree)
		}
	}
	if exact < 100 {
		t.Errorf("only %d quadratic irrationals were recognised", exact)
	}
}
