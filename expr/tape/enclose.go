package tape

import (
	"nabla/expr"
	"nabla/expr/interval"
)

// EncloseConstant returns an interval that contains the value of a formula
// without variables, and false when it is not known to have one.
func EncloseConstant(e expr.Expr) (interval.I, bool) {
	nodes := fewNodes
	if v, ok := encloseNode(e, &nodes); ok {
		return v, !v.IsEmpty()
	}
	out, dec, ok := EncloseOn(nil, nil, e)
	if !ok {
		return interval.Whole, false
	}
	return out[0], dec[0] >= interval.Defined && !out[0].IsEmpty()
}

// EncloseOn encloses the values of formulas on the box of their variables, and says what is known of each there, as Machine.Interval
// does; ok is false where they are no program.
func EncloseOn(vars []string, box []interval.I, list ...expr.Expr) (out []interval.I, dec []interval.Dec, ok bool) {
	p, err := Compile(vars, list...)
	if err != nil {
		return nil, nil, false
	}
	out, dec = make([]interval.I, len(list)), make([]interval.Dec, len(list))
	p.NewMachine().Interval(out, dec, box)
	return out, dec, true
}

// fewNodes is up to how many nodes a constant is enclosed without a program, which takes longer to compile
// than to run. It also bounds what is computed again because parts of the formula are shared.
const fewNodes = 64

// encloseNode encloses the arithmetic of e as it is written. It answers false where e is not seen to be defined, has
// variables or conditions, or has more than the nodes that are left.
func encloseNode(e expr.Expr, nodes *int) (interval.I, bool) {
	if *nodes--; *nodes < 0 {
		return interval.Whole, false
	}
	if e.Op() == expr.Num {
		v := Constant{Value: e.Number()}.Enclose()
		return v, !v.IsEmpty()
	}
	var few [4]interval.I
	args := few[:0]
	for _, a := range e.Args() {
		v, ok := encloseNode(a, nodes)
		if !ok {
			return interval.Whole, false
		}
		args = append(args, v)
	}
	switch e.Op() {
	case expr.Neg:
		return args[0].Neg(), true
	case expr.Add:
		v := args[0]
		for _, a := range args[1:] {
			v = v.Add(a)
		}
		return v, true
	case expr.Mul:
		v := args[0]
		for _, a := range args[1:] {
			v = v.Mul(a)
		}
		return v, true
	case expr.Div:
		return args[0].Div(args[1]), !args[1].Has(0)
	case expr.Pow:
		return enclosePower(args[0], args[1], e.Arg(1))
	case expr.Call:
		f := e.Func()
		return f.Enclose(args), f.Decorate(args) >= interval.Defined
	}
	return interval.Whole, false
}

// enclosePower encloses a^b for the exponent e, of which b is an enclosure.
func enclosePower(a, b interval.I, e expr.Expr) (interval.I, bool) {
	if e.Op() != expr.Num {
		return power(a, b), decoratePower(a, b) >= interval.Defined
	}
	r := e.Number()
	if n, ok := r.Int64(); ok && -maxChain <= n && n <= maxChain {
		return a.PowInt(int(n)), n >= 0 || !a.Has(0)
	}
	if r.IsInt() {
		return interval.Whole, false
	}
	return fractionalPower(a, b, r), a.Lo > 0 || a.Lo == 0 && b.Lo >= 0
}
