package tape

import (
	"math"

	"nabla/expr"
)

// Undefined finds where an output that is not finite at the point x came from:
// the first formula, in the order of evaluation, whose value is NaN or infinite
// though the values of its operands are finite. It returns that formula, the
// values of its operands, and whether there is one; there is none when all
// outputs are finite, or when x itself is not. Branches that are not taken do
// not count.
//
// For log(x - 3) at x = 2.1 the answer is that formula and -0.9.
func (m *Machine) Undefined(x []float64) (e expr.Expr, operands []float64, found bool) {
	p := m.p
	out := make([]float64, len(p.out))
	m.Eval(out, x)
	for k, v := range out {
		if !finite(v) {
			if e, operands, found = p.direct(p.exprs[k], x); found {
				return e, operands, true
			}
		}
	}
	// What the formula says is finite but the program, which multiplies in
	// another order, has overflowed.
	i, found := p.culprit(p.values(x))
	if !found {
		return expr.Expr{}, nil, false
	}
	e = p.src[i]
	for _, a := range e.Args() {
		operands = append(operands, expr.Fold(a, p.evaluator(x)))
	}
	return e, operands, true
}

// direct looks for the culprit in the formula e as it stands.
func (p *Prog) direct(e expr.Expr, x []float64) (expr.Expr, []float64, bool) {
	w := expr.Order(e)
	v := expr.FoldAll(w, p.evaluator(x))
	matters := make([]bool, w.Len())
	matters[w.Len()-1] = !finite(v[w.Len()-1])
	first := -1
	for i, n := range w.Back() {
		if !matters[i] {
			continue
		}
		own := true
		for k, a := range n.Args() {
			j := w.Place(a)
			if n.Op() == expr.If && k > 0 && taken(v[w.Place(n.Arg(0))]) != k {
				continue
			}
			if !finite(v[j]) {
				matters[j] = true
				own = false
			}
		}
		if own && n.Op() != expr.Var {
			first = i
		}
	}
	if first < 0 {
		return expr.Expr{}, nil, false
	}
	var operands []float64
	for _, a := range w.At(first).Args() {
		operands = append(operands, v[w.Place(a)])
	}
	return w.At(first), operands, true
}

// taken returns which operand of an If the condition c selects, 0 if none.
func taken(c float64) int {
	switch {
	case c == 0:
		return 2
	case c != c:
		return 0
	}
	return 1
}

// culprit returns the first instruction that is not finite though its operands
// are, among those that an output that is not finite depends on.
func (p *Prog) culprit(v []float64) (int, bool) {
	matters := make([]bool, len(p.Inst))
	for _, r := range p.out {
		if !finite(v[r]) {
			matters[r] = true
		}
	}
	first, found := 0, false
	var ops []int32
	for i := len(p.Inst) - 1; i >= len(p.vars); i-- {
		if !matters[i] {
			continue
		}
		ops = p.Operands(ops[:0], i)
		if p.Inst[i].Op == If {
			if k := taken(v[ops[0]]); k == 0 {
				ops = ops[:1]
			} else {
				ops = []int32{ops[0], ops[k]}
			}
		}
		own := true
		for _, a := range ops {
			if !finite(v[a]) {
				matters[a] = true
				own = false
			}
		}
		if own && !finite(v[i]) {
			first, found = i, true
		}
	}
	return first, found
}

func finite(x float64) bool { return math.Abs(x) <= math.MaxFloat64 }

// values returns the value of each instruction at x, one after the other, as
// they stand, without lowering.
func (p *Prog) values(x []float64) []float64 {
	v := make([]float64, len(p.Inst))
	var args []float64
	var ops []int32
	for i := range p.Inst {
		in := &p.Inst[i]
		ops = p.Operands(ops[:0], i)
		args = args[:0]
		for _, a := range ops {
			args = append(args, v[a])
		}
		switch in.Op {
		case Const:
			v[i] = p.floats[in.N]
		case Var:
			v[i] = x[in.N]
		case Neg:
			v[i] = -args[0]
		case Add:
			v[i] = args[0] + args[1]
		case Sub:
			v[i] = args[0] - args[1]
		case Mul:
			v[i] = args[0] * args[1]
		case Div:
			v[i] = args[0] / args[1]
		case Powi:
			v[i] = powi(args[0], uint32(in.N))
		case Pow:
			v[i] = pow(args[0], args[1])
		case Min:
			v[i] = min(args[0], args[1])
		case Max:
			v[i] = max(args[0], args[1])
		case Call:
			v[i] = p.Funcs[in.N].Value(args)
		case Lt:
			v[i] = lt(args[0], args[1])
		case Le:
			v[i] = le(args[0], args[1])
		case Eq:
			v[i] = eq(args[0], args[1])
		case Ne:
			v[i] = 1 - eq(args[0], args[1])
		case And:
			v[i] = and(args[0], args[1])
		case Or:
			v[i] = or(args[0], args[1])
		case Not:
			v[i] = not(args[0])
		case If:
			v[i] = choose(args[0], args[1], args[2])
		}
	}
	return v
}

// evaluator returns the function that computes one formula from the values of
// its operands, at the point x.
func (p *Prog) evaluator(x []float64) func(n expr.Expr, args []float64) float64 {
	return func(n expr.Expr, args []float64) float64 {
		v := 0.0
		switch n.Op() {
		case expr.Num:
			return n.Number().Float64()
		case expr.Var:
			return x[p.index[n.Name()]]
		case expr.Call:
			return n.Func().Value(args)
		case expr.Add:
			for _, a := range args {
				v += a
			}
			return v
		case expr.Mul:
			v = args[0]
			for _, a := range args[1:] {
				v *= a
			}
			return v
		case expr.Neg:
			return -args[0]
		case expr.Div:
			return args[0] / args[1]
		case expr.Pow:
			return pow(args[0], args[1])
		case expr.If:
			return choose(args[0], args[1], args[2])
		case expr.Lt:
			return lt(args[0], args[1])
		case expr.Le:
			return le(args[0], args[1])
		case expr.Gt:
			return lt(args[1], args[0])
		case expr.Ge:
			return le(args[1], args[0])
		case expr.Eq:
			return eq(args[0], args[1])
		case expr.Ne:
			return 1 - eq(args[0], args[1])
		case expr.Not:
			return not(args[0])
		case expr.And:
			v = args[0]
			for _, a := range args[1:] {
				v = and(v, a)
			}
			return v
		case expr.Or:
			v = args[0]
			for _, a := range args[1:] {
				v = or(v, a)
			}
			return v
		}
		return math.NaN()
	}
}
