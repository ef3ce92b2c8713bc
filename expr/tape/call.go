package tape

import (
	"slices"

	"nabla/expr/fn"
)

// call returns f(args…).
func (g *graph) call(f *fn.Func, args []ref) ref {
	switch {
	case len(args) == 0:
		return plus(g.constant(Constant{Func: f}))
	case f.Name == "max":
		return g.extreme(Max, args)
	case f.Name == "min":
		return g.extreme(Min, args)
	case f.Name == "log":
		if u, ok := g.log1p(args[0]); ok {
			return u
		}
	}
	sign := ref(0)
	if f.Parity != 0 && len(args) == 1 && args[0].negative() {
		args = []ref{args[0].abs()}
		if f.Parity < 0 {
			sign = 1
		}
	}
	in := Inst{Call, g.fn(f), -1, -1, -1}
	if f.Variadic {
		return plus(g.callList(in, args)) ^ sign
	}
	for i, a := range args {
		*[]*int32{&in.A, &in.B, &in.C}[i] = g.reg(a)
	}
	return plus(g.emit(in)) ^ sign
}

// fn returns the number of f, entering it if it is new. Formulas have a handful
// of functions.
func (g *graph) fn(f *fn.Func) int32 {
	if i := slices.Index(g.funcs, f); i >= 0 {
		return int32(i)
	}
	g.funcs = append(g.funcs, f)
	return int32(len(g.funcs) - 1)
}

// callList returns the call of a variadic function.
func (g *graph) callList(in Inst, args []ref) int32 {
	list := make([]int32, len(args))
	for i, a := range args {
		list[i] = g.reg(a)
	}
	i := g.known.find(g.hashList(in.N, list), int32(len(g.insts)), func(i int32) bool {
		k := &g.insts[i]
		return k.Op == Call && k.N == in.N && slices.Equal(g.lists[k.A:k.A+k.B], list)
	}, g.hash)
	if i >= 0 {
		return i
	}
	in.A, in.B = int32(len(g.lists)), int32(len(list))
	g.lists = append(g.lists, list...)
	return g.append(in)
}

// extreme returns the least or greatest of args as a chain of Min or Max.
func (g *graph) extreme(op Op, args []ref) ref {
	m := args[0]
	for _, a := range args[1:] {
		x, y := m, a
		k, sign := op, ref(0)
		if x.negative() && y.negative() {
			x, y, k, sign = x.abs(), y.abs(), Min+Max-op, 1
		}
		i, j := g.reg(x), g.reg(y)
		if i == j {
			continue
		}
		if i > j {
			i, j = j, i
		}
		m = plus(g.emit(Inst{k, 0, i, j, -1})) ^ sign
	}
	return m
}

// log1p returns log(1 + v) where u is 1 + v: softplus(w) when v is exp(w), and
// log1p(v) otherwise.
func (g *graph) log1p(u ref) (ref, bool) {
	v, ok := g.less1(u.id())
	if !ok || u.negative() {
		return 0, false
	}
	if !v.negative() && g.isCall(v.id(), "exp") {
		if f := fn.Lookup("softplus"); f != nil {
			return g.call(f, []ref{plus(g.insts[v.id()].A)}), true
		}
	}
	if f := fn.Lookup("log1p"); f != nil {
		return g.call(f, []ref{v}), true
	}
	return 0, false
}
