package relax

import (
	"math"

	"nabla/expr/interval"
	"nabla/expr/tape"
)

// This file relates monomials of positive factors to the logarithms of these, which are columns of
// their own: the logarithm of a monomial is linear in them. Products of three factors, or with
// powers, are held so more closely on wide boxes than by their products of two one after the other
// (as in geometric and signomial programming; Maranas and Floudas, Global optimization in
// generalized geometric programming, Computers and Chemical Engineering 21, 1997).

// isMonomial reports whether the logarithm of the instruction is linear in those of its operands, or
// in these.
func isMonomial(p *tape.Prog, in *tape.Inst) bool {
	constant := func(a int32) bool { return p.Inst[a].Op == tape.Const }
	switch in.Op {
	case tape.Mul:
		return !constant(in.A) && !constant(in.B)
	case tape.Div:
		return !constant(in.B)
	case tape.Powi:
		return true
	case tape.Pow:
		return constant(in.B)
	case tape.Call:
		name := p.Funcs[in.N].Name
		return name == "exp" || name == "sqrt"
	}
	return false
}

// monomials marks the registers that occur in something else than monomials and are monomials of monomials, or of factors
// the logarithms of which these need.
func monomials(p *tape.Prog) []bool {
	deep, known, other := make([]bool, p.Len()), make([]bool, p.Len()), make([]bool, p.Len())
	for k := range p.NumOut() {
		other[p.Out(k)] = true
	}
	var ops []int32
	power := func(i int) bool { // the logarithms of the operands give that of i
		in := &p.Inst[i]
		return isMonomial(p, in) && !(in.Op == tape.Call && p.Funcs[in.N].Name == "exp")
	}
	for i := range p.Inst {
		ops = p.Operands(ops[:0], i)
		for _, a := range ops {
			other[a] = other[a] || !power(i)
			deep[i] = deep[i] || power(i) && isMonomial(p, &p.Inst[a])
		}
	}
	for i := len(deep) - 1; i >= 0; i-- {
		if known[i] = known[i] || deep[i] && other[i]; known[i] && power(i) {
			for _, a := range p.Operands(ops[:0], i) {
				known[a] = true
			}
		}
	}
	marked := make([]bool, p.Len())
	for i := range marked {
		if marked[i] = deep[i] && other[i]; !marked[i] && other[i] && power(i) {
			marked[i] = true
			for _, a := range p.Operands(ops[:0], i) {
				marked[i] = marked[i] && (known[a] || p.Inst[a].Op == tape.Const)
			}
		}
	}
	return marked
}

// logarithm returns the form of the logarithm of register i, which is positive: by those of its factors, or a column.
func (l *Relaxation) logarithm(i int32, r []interval.I) form {
	if !(r[i].Lo > 0) || !r[i].IsBounded() {
		return form{}
	}
	if !l.logs[i].ok {
		if l.logs[i] = l.byFactors(i, r); !l.logs[i].ok {
			l.logs[i] = l.logColumn(i, r)
		}
	}
	return l.logs[i]
}

// byFactors is the form of the logarithm of register i by those of its factors.
func (l *Relaxation) byFactors(i int32, r []interval.I) form {
	in := &l.p.Inst[i]
	switch {
	case r[i].IsPoint() || in.Op == tape.Const:
		return constant(interval.Log(r[i]))
	case !isMonomial(l.p, in):
		return form{}
	}
	switch in.Op {
	case tape.Mul:
		return l.logarithm(in.A, r).plus(l.logarithm(in.B, r), l.cols)
	case tape.Div:
		return l.logarithm(in.A, r).minus(l.logarithm(in.B, r), l.cols)
	case tape.Powi:
		return l.logarithm(in.A, r).times(interval.Point(float64(in.N)), l.cols)
	case tape.Pow:
		return l.logarithm(in.A, r).times(r[in.B], l.cols)
	}
	if l.p.Funcs[in.N].Name == "exp" {
		return l.forms[in.A]
	}
	return l.logarithm(in.A, r).times(interval.Point(0.5), l.cols)
}

// logColumn adds a column for the logarithm of register i.
func (l *Relaxation) logColumn(i int32, r []interval.I) form {
	a, x, ok := l.argument(i, r)
	if !ok || !(x.Lo > 0) {
		return form{}
	}
	of := l.of
	defer func() { l.of = of }()
	l.of = len(l.cols)
	w := variable(l.of)
	l.cols = append(l.cols, interval.Log(x))
	l.parts = append(l.parts, part{i: int(i), col: l.of, log: true})
	l.curve(w, a, x, interval.Log, interval.I.Inv, -1)
	return w
}

// monomial relates the value w of register i, which is positive, to the logarithm.
func (l *Relaxation) monomial(i int, w form, r []interval.I) {
	if math.Log(r[i].Hi/r[i].Lo) > 700 {
		return
	}
	f := l.byFactors(int32(i), r)
	if !f.ok {
		return
	}
	if x := interval.Log(r[i]).Meet(f.enclose(l.cols)); x.IsBounded() && !x.IsEmpty() {
		l.curve(w, f, x, interval.Exp, interval.Exp, 1)
	}
}
