package sos

import (
	"math/big"
	"slices"
)

// A Problem asks whether f = F/Den ≥ γ where all of Above are ≥ 0 and all of Zero are 0.
type Problem struct {
	N     int // variables
	F     Polynomial
	Den   Polynomial // > 0, or else Mult has it as a factor once more; nil means 1
	Mult  Polynomial // m > 0 but on a set without inner points; nil means 1
	Above []Polynomial
	Zero  []Polynomial
	// Degree is that up to which the terms of the identity may go; less than that of
	// Mult F stands for that.
	Degree int
}

// A Proof is an identity Mult (F - Gamma Den) = Σ g zᵀQz + Σ λ h.
type Proof struct {
	Gamma  *big.Rat
	Mult   Polynomial
	Blocks []Block
	// Lambda holds a polynomial for each of Zero.
	Lambda []Polynomial
}

// A Block is the term g zᵀQz of an identity.
type Block struct {
	Factor int // of Above; -1 for g = 1
	Basis  []Polynomial
	Gram   [][]*big.Rat // positive semidefinite
}

// A Square is the term Weight·g·Of² of an identity.
type Square struct {
	Factor int
	Weight *big.Rat // > 0
	Of     Polynomial
}

// Squares writes the block as squares by elimination (LDLᵀ); ok is false where the
// matrix is not positive semidefinite.
func (b *Block) Squares() (list []Square, ok bool) {
	n := len(b.Basis)
	q := make([][]*big.Rat, n)
	for i := range q {
		q[i] = slices.Clone(b.Gram[i])
	}
	for k := range n {
		d := q[k][k]
		if d.Sign() < 0 {
			return nil, false
		}
		if d.Sign() == 0 {
			for j := k + 1; j < n; j++ {
				if q[k][j].Sign() != 0 {
					return nil, false
				}
			}
			continue
		}
		of := b.Basis[k]
		for j := k + 1; j < n; j++ {
			if q[k][j].Sign() == 0 {
				continue
			}
			f := new(big.Rat).Quo(q[k][j], d)
			of = of.Add(b.Basis[j].Scale(f))
			for i := k + 1; i <= j; i++ {
				if q[k][i].Sign() != 0 {
					q[i][j] = new(big.Rat).Sub(q[i][j], new(big.Rat).Mul(f, q[k][i]))
				}
			}
		}
		list = append(list, Square{b.Factor, d, of})
	}
	return list, true
}

// Squares lists the squares of all blocks, and of none if one is not semidefinite.
func (p *Proof) Squares() ([]Square, bool) {
	var list []Square
	for i := range p.Blocks {
		s, ok := p.Blocks[i].Squares()
		if !ok {
			return nil, false
		}
		list = append(list, s...)
	}
	return list, true
}

// target is Mult (F - gamma Den).
func (p *Problem) target(gamma *big.Rat) Polynomial {
	f := Constant(p.N, new(big.Rat).Neg(gamma))
	if p.Den != nil {
		f = p.Den.Scale(new(big.Rat).Neg(gamma))
	}
	f = p.F.Add(f)
	if p.Mult == nil {
		return f
	}
	return p.Mult.Mul(f)
}

// holds reports whether the identity holds, exactly, and every Gram matrix is positive
// semidefinite.
func (p *Problem) holds(proof *Proof) bool {
	rest := p.target(proof.Gamma)
	for i := range proof.Blocks {
		b := &proof.Blocks[i]
		if _, ok := b.Squares(); !ok {
			return false
		}
		sum := Polynomial{}
		for i, u := range b.Basis {
			for j, v := range b.Basis {
				if c := b.Gram[min(i, j)][max(i, j)]; c.Sign() != 0 {
					sum = sum.Add(u.Mul(v).Scale(c))
				}
			}
		}
		if b.Factor >= 0 {
			sum = sum.Mul(p.Above[b.Factor])
		}
		rest = rest.Add(sum.Neg())
	}
	for j, h := range p.Zero {
		rest = rest.Add(proof.Lambda[j].Mul(h).Neg())
	}
	return rest != nil && len(rest) == 0
}

// Primitive writes w p² as c q², where the coefficients of q are whole numbers without
// common divisor and the first of them, of the highest degree, is positive.
func (s Square) Primitive() (c *big.Rat, q Polynomial) {
	den, num := big.NewInt(1), new(big.Int)
	for _, a := range s.Of {
		g := new(big.Int).GCD(nil, nil, den, a.Denom())
		den.Mul(den, new(big.Int).Quo(a.Denom(), g))
	}
	for _, a := range s.Of {
		whole := new(big.Int).Mul(a.Num(), new(big.Int).Quo(den, a.Denom()))
		num.GCD(nil, nil, num, whole.Abs(whole))
	}
	f := new(big.Rat).SetFrac(den, num)
	list := s.Of.leading().Monomials()
	if len(list) > 0 && s.Of[list[0]].Sign() < 0 {
		f.Neg(f)
	}
	c = new(big.Rat).Quo(s.Weight, new(big.Rat).Mul(f, f))
	return c, s.Of.Scale(f)
}
