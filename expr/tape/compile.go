package tape

import (
	"slices"

	"nabla/expr"
	"nabla/expr/interval"
)

// Compile returns the program that computes out from values of vars, in the
// orders given. The outputs may be of different Pools, in written or tidy form;
// a condition gives 1, 0 or NaN. Compiling takes time and memory linear in the
// formulas and does not recurse.
//
// The errors are *UnknownVariableError for a variable that is not in vars,
// *DuplicateVariableError for one that is twice in vars, *DerivativeError for a
// Diff that has not been carried out, *EmptyError for the zero Expr and
// *SizeError for a program past MaxLen.
func Compile(vars []string, out ...expr.Expr) (*Prog, error) {
	c := &compiler{index: make(map[string]int32, len(vars))}
	for i, name := range vars {
		if _, twice := c.index[name]; twice {
			return nil, &DuplicateVariableError{name}
		}
		c.index[name] = int32(i)
		c.g.emit(Inst{Var, int32(i), -1, -1, -1})
	}
	values := make([]ref, len(out))
	done := make([]bool, len(out))
	for i, e := range out {
		if !e.Valid() {
			return nil, &EmptyError{i}
		}
		if done[i] {
			continue
		}
		// All outputs of one Pool in one walk.
		var roots []expr.Expr
		for j := i; j < len(out); j++ {
			if out[j].Valid() && out[j].Pool() == e.Pool() {
				roots = append(roots, out[j])
				done[j] = true
			}
		}
		w := expr.Order(roots...)
		at, err := c.walk(w)
		if err != nil {
			return nil, err
		}
		for j := i; j < len(out); j++ {
			if out[j].Valid() && out[j].Pool() == e.Pool() {
				values[j] = at[w.Place(out[j])]
			}
		}
	}
	roots := make([]int32, len(out))
	for i, v := range values {
		c.g.at = out[i]
		roots[i] = c.g.reg(v)
	}
	p := c.g.prog(slices.Clone(vars), roots)
	p.index = c.index
	p.exprs = slices.Clone(out)
	p.findRemovable()
	p.lower()
	return p, nil
}

// A compiler turns formulas into instructions.
type compiler struct {
	g     graph
	index map[string]int32
	value func(expr.Expr) ref // of an operand, within the walk at hand
}

// walk compiles the nodes of w and returns the value of each.
func (c *compiler) walk(w *expr.Walk) ([]ref, error) {
	c.g.countPairs(w)
	c.g.reserve(w.Len() + w.Len()/2)
	values := make([]ref, w.Len())
	c.value = func(e expr.Expr) ref { return values[w.Place(e)] }
	var args []ref
	var nodes []int32
	for i, n := range w.Each() {
		if len(c.g.insts) > MaxLen {
			return nil, &SizeError{}
		}
		args, nodes = args[:0], nodes[:0]
		for _, a := range n.Args() {
			k := w.Place(a)
			args = append(args, values[k])
			nodes = append(nodes, int32(k))
		}
		var err error
		if values[i], err = c.node(n, args, nodes); err != nil {
			return nil, err
		}
	}
	return values, nil
}

// factors returns the values of the factors of e if it is a product, and
// otherwise its own value v.
func (c *compiler) factors(e expr.Expr, v []ref) []ref {
	if e.Op() != expr.Mul || e.Len() > maxExtract {
		return v
	}
	list := make([]ref, 0, e.Len())
	for _, a := range e.Args() {
		list = append(list, c.value(a))
	}
	return list
}

func (c *compiler) node(n expr.Expr, args []ref, nodes []int32) (ref, error) {
	g := &c.g
	g.at = n
	switch op := n.Op(); op {
	case expr.Num:
		return g.num(n.Number()), nil
	case expr.Var:
		i, ok := c.index[n.Name()]
		if !ok {
			return 0, &UnknownVariableError{n.Name()}
		}
		return plus(i), nil
	case expr.Add:
		return g.sum(args), nil
	case expr.Mul:
		return g.product(args, nodes), nil
	case expr.Neg:
		return args[0].neg(), nil
	case expr.Div:
		return g.quotient(c.factors(n.Arg(0), args[:1]), c.factors(n.Arg(1), args[1:])), nil
	case expr.Pow:
		return g.pow(args[0], args[1]), nil
	case expr.Call:
		return g.call(n.Func(), args), nil
	case expr.And:
		return g.join(And, args), nil
	case expr.Or:
		return g.join(Or, args), nil
	case expr.Not:
		return g.not(args[0]), nil
	case expr.If:
		return g.cases(args[0], args[1], args[2]), nil
	case expr.Diff:
		return 0, &DerivativeError{n}
	default:
		return g.relation(op, args[0], args[1]), nil
	}
}

// prog returns the program of what roots reach: the variables first, register i
// holding variable i, then what depends on constants only, then the rest.
func (g *graph) prog(vars []string, roots []int32) *Prog {
	f := newFlow(len(g.insts))
	for _, in := range g.insts {
		if in.Op == Call && g.funcs[in.N].Variadic {
			f.addList(g.lists[in.A : in.A+in.B])
		} else {
			f.add(in.Op == Var, in.A, in.B, in.C)
		}
	}
	order := f.schedule(roots, nil)
	p := &Prog{vars: vars, code: code{}}
	to := make([]int32, len(g.insts))
	constTo, funcTo := map[int32]int32{}, make([]int32, len(g.funcs))
	for i := range funcTo {
		funcTo[i] = -1
	}
	p.Inst = make([]Inst, 0, len(vars)+len(order))
	p.src = make([]expr.Expr, 0, cap(p.Inst))
	put := func(i int32) {
		in := g.insts[i]
		switch {
		case in.Op == Const:
			k, ok := constTo[in.N]
			if !ok {
				k = int32(len(p.Consts))
				constTo[in.N] = k
				p.Consts = append(p.Consts, g.consts[in.N])
			}
			in.N = k
		case in.Op == Call:
			if funcTo[in.N] < 0 {
				funcTo[in.N] = int32(len(p.Funcs))
				p.Funcs = append(p.Funcs, g.funcs[in.N])
			}
			in.N = funcTo[in.N]
		}
		if in.Op == Call && p.Funcs[in.N].Variadic {
			list := g.lists[in.A : in.A+in.B]
			in.A = int32(len(p.lists))
			for _, a := range list {
				p.lists = append(p.lists, to[a])
			}
		} else {
			for _, r := range []*int32{&in.A, &in.B, &in.C} {
				if *r >= 0 {
					*r = to[*r]
				}
			}
		}
		to[i] = int32(len(p.Inst))
		p.Inst = append(p.Inst, in)
		p.src = append(p.src, g.src[i])
	}
	for i := range vars {
		put(int32(i))
	}
	for _, i := range order {
		if g.fixed[i] {
			put(i)
		}
	}
	p.fixed = len(p.Inst)
	for _, i := range order {
		if !g.fixed[i] {
			put(i)
		}
	}
	for i := p.fixed; i < len(p.Inst); i++ {
		p.cost += costOf(p.Inst[i].Op)
	}
	p.out = make([]int32, len(roots))
	for k, r := range roots {
		p.out[k] = to[r]
	}
	p.hulls = make([]interval.I, len(p.Consts))
	p.floats = make([]float64, len(p.Consts))
	for k, c := range p.Consts {
		p.floats[k] = c.Float64()
		p.hulls[k] = c.Enclose()
	}
	return p
}
