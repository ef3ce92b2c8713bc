package expr

import (
	"fmt"
	"strings"

	"nabla/expr/fn"
	"nabla/expr/number"
	"nabla/expr/syntax"
)

// maxNest is the depth of sums in sums that is written out. Each level is a
// call of build; no formula that a person writes has more than three.
const maxNest = 64

// A builder turns trees into formulas of one Pool.
type builder struct {
	Reader
	source               *syntax.Source
	pool                 *Pool
	values               map[string]Expr   // definitions and settings
	funcs                map[string]lambda // definitions with parameters
	declared             map[string]bool   // names that are variables here, whatever the table says
	index                map[string]int64  // running indices of sums
	nest                 int
	work                 int     // nodes built, also those that were there already
	nodes                []int32 // of the tree being read, when its places are wanted
	decimals, factorials bool
	subscripts           []string // variables such as x_i below a sum over i
}

// A lambda is a function defined in the input.
type lambda struct {
	params []string
	body   Expr
}

func newBuilder(r Reader, source *syntax.Source) *builder {
	b := &builder{
		Reader: r, source: source, pool: NewPool(),
		values: map[string]Expr{}, funcs: map[string]lambda{}, declared: map[string]bool{}, index: map[string]int64{},
	}
	for name, e := range r.Set {
		b.values[name] = b.pool.Import(e)
	}
	for _, x := range r.Vars {
		b.declared[x] = true
	}
	return b
}

func (b *builder) fail(at syntax.Span, hint, format string, args ...any) error {
	return &syntax.Error{Source: b.source, Span: at, Msg: fmt.Sprintf(format, args...), Hint: hint}
}

func (b *builder) tooLarge(at syntax.Span, what string) error {
	return &syntax.Error{
		Source: b.source, Span: at, Limit: true,
		Msg: fmt.Sprintf("%s: written out, the formula has more than %d parts", what, MaxNodes), Hint: "use a smaller range",
	}
}

// define enters the definition s.
func (b *builder) define(s *syntax.Statement) error {
	if s.Params == nil {
		e, err := b.whole(s.Body)
		if err != nil {
			return err
		}
		b.values[s.Name] = e
		return nil
	}
	hidden := map[string]bool{}
	for _, x := range s.Params {
		hidden[x] = b.declared[x]
		b.declared[x] = true
	}
	e, err := b.whole(s.Body)
	for x, was := range hidden {
		b.declared[x] = was
	}
	if err != nil {
		return err
	}
	b.funcs[s.Name] = lambda{s.Params, e}
	return nil
}

// whole builds the formula of t.
func (b *builder) whole(t *syntax.Tree) (Expr, error) {
	e, err := b.build(t, 0, len(t.Nodes))
	if err == nil && e.Op().IsCondition() && !b.Conditions {
		return e, b.fail(t.Nodes[len(t.Nodes)-1].Head, "write if(condition, a, b)",
			"a comparison has no value: it stands in if(…) and in constraints only")
	}
	return e, err
}

// build builds the formula whose nodes are t.Nodes[from:to]. Operands wait on a
// stack. A sum of many terms is one node: the terms of a + b that is itself
// the left operand of a + stay on the stack (its count says how many).
func (b *builder) build(t *syntax.Tree, from, to int) (Expr, error) {
	chained := chains(t, from, to)
	bodies := sumBodies(t, from, to)
	var vals []Expr
	var counts []int
	for i := from; i < to; i++ {
		n := t.Nodes[i]
		if at := outermost(bodies[i], to); at > 0 {
			// The body of a sum is built once for each value of its index.
			e, err := b.series(t, at)
			if err != nil {
				return e, err
			}
			b.note(t, at, e)
			vals, counts = append(vals, e), append(counts, 1)
			i = at
			continue
		}
		if b.work++; b.work > 4*MaxNodes || b.pool.Len() > MaxNodes {
			return Expr{}, b.tooLarge(n.Span, "too large")
		}
		// The operands are the last ones on the stack; a chained first operand
		// stands there as several values.
		have := 0
		for _, c := range counts[len(counts)-int(n.Arity):] {
			have += c
		}
		args := vals[len(vals)-have:]
		if n.Kind != syntax.Add && n.Kind != syntax.Sub && n.Kind != syntax.Mul && have != int(n.Arity) {
			panic("expr: chained operand of " + n.Kind.String())
		}
		if n.Kind == syntax.Sub {
			if err := b.wantValues(t, i, args[have-1:]); err != nil {
				return Expr{}, err
			}
			args[have-1] = b.pool.Make(Neg, args[have-1])
		}
		if chained[i-from] {
			counts = append(counts[:len(counts)-2], have)
			continue
		}
		e, err := b.node(t, i, args)
		if err != nil {
			return e, err
		}
		b.note(t, i, e)
		vals = append(vals[:len(vals)-have], e)
		counts = append(counts[:len(counts)-int(n.Arity)], 1)
	}
	return vals[0], nil
}

// note remembers what tree node i became.
func (b *builder) note(t *syntax.Tree, i int, e Expr) {
	if b.nest == 0 && len(b.nodes) == len(t.Nodes) {
		b.nodes[i] = e.id
	}
}

// chains tells for each node of t.Nodes[from:to] whether it is a sum whose user
// is a sum that has it as its first operand, or a product likewise.
func chains(t *syntax.Tree, from, to int) []bool {
	chained := make([]bool, to-from)
	for i := from; i < to; i++ {
		n := t.Nodes[i]
		sum := n.Kind == syntax.Add || n.Kind == syntax.Sub
		if !sum && n.Kind != syntax.Mul {
			continue
		}
		left := i - 1 - int(t.Nodes[i-1].Size)
		switch k := t.Nodes[left].Kind; {
		case sum && (k == syntax.Add || k == syntax.Sub), n.Kind == syntax.Mul && k == syntax.Mul:
			chained[left-from] = true
		}
	}
	return chained
}

// sumBodies returns, for each node where the body of a sum or product begins,
// the nodes of these sums.
func sumBodies(t *syntax.Tree, from, to int) map[int][]int {
	var bodies map[int][]int
	for i := from; i < to; i++ {
		if n := t.Nodes[i]; n.Kind == syntax.Call && n.Arity == 4 {
			if name := t.Text(i); name == "sum" || name == "prod" {
				if bodies == nil {
					bodies = map[int][]int{}
				}
				start := i - int(n.Size) + 1
				bodies[start] = append(bodies[start], i)
			}
		}
	}
	return bodies
}

// outermost returns the last of the sums at that lies before to, or 0.
func outermost(at []int, to int) int {
	for k := len(at) - 1; k >= 0; k-- {
		if at[k] < to {
			return at[k]
		}
	}
	return 0
}

// series writes out the sum or product at node i of t.
func (b *builder) series(t *syntax.Tree, i int) (Expr, error) {
	n := t.Nodes[i]
	ops := t.Operands(i)
	start := i - int(n.Size) + 1
	if b.nest++; b.nest > maxNest {
		return Expr{}, b.fail(n.Head, "", "sums nested more than %d deep", maxNest)
	}
	defer func() { b.nest-- }()
	name := t.Text(i)
	if t.Nodes[ops[1]].Kind != syntax.Name {
		return Expr{}, b.fail(t.Nodes[ops[1]].Span, "write "+name+"(expr, i, 1, n)", "the index of a %s must be a name", name)
	}
	index := t.Text(ops[1])
	lo, err := b.bound(t, ops[2], ops[1]+1, name)
	if err != nil {
		return Expr{}, err
	}
	hi, err := b.bound(t, ops[3], ops[2]+1, name)
	if err != nil {
		return Expr{}, err
	}
	if hi-lo >= MaxNodes || hi-lo < 0 && hi > lo {
		return Expr{}, b.tooLarge(n.Span, "this "+name)
	}
	old, shadowed := b.index[index]
	defer func() {
		delete(b.index, index)
		if shadowed {
			b.index[index] = old
		}
	}()
	var terms []Expr
	for k := lo; k <= hi; k++ {
		b.index[index] = k
		e, err := b.build(t, start, ops[0]+1)
		if err != nil {
			return e, err
		}
		terms = append(terms, e)
	}
	if err := b.wantValues(t, i, terms[:min(1, len(terms))]); err != nil {
		return Expr{}, err
	}
	op, empty := Add, int64(0)
	if name == "prod" {
		op, empty = Mul, 1
	}
	if len(terms) == 0 {
		return b.pool.Int(empty), nil
	}
	return b.pool.Make(op, terms...), nil
}

// bound returns the value of a bound of a sum: the formula whose last node is
// at and whose first is from.
func (b *builder) bound(t *syntax.Tree, at, from int, what string) (int64, error) {
	e, err := b.build(t, from, at+1)
	if err != nil {
		return 0, err
	}
	span := t.Nodes[at].Span
	n, ok := constant(e)
	if !ok {
		hint := ""
		if vars := e.Vars(); len(vars) > 0 {
			hint = fmt.Sprintf("give %s a value: --set %s=10, or %s = 10; before the formula", vars[0], vars[0], vars[0])
		}
		return 0, b.fail(span, hint, "a bound of a %s must be an integer", what)
	}
	k, ok := n.Int64()
	if !ok {
		return 0, b.fail(span, "", "a bound of a %s must be an integer, not %s", what, n)
	}
	return k, nil
}

// constant returns the value of e when it is made of numbers by the four
// operations and integer powers.
func constant(e Expr) (number.Number, bool) {
	type value struct {
		n  number.Number
		ok bool
	}
	v := Fold(e, func(n Expr, args []value) value {
		for _, a := range args {
			if !a.ok {
				return value{}
			}
		}
		var r value
		switch n.Op() {
		case Num:
			return value{n.Number(), true}
		case Neg:
			return value{args[0].n.Neg(), true}
		case Div:
			r.n, r.ok = args[0].n.Quo(args[1].n)
		case Pow:
			if k, ok := args[1].n.Int64(); ok && k == int64(int(k)) {
				r.n, r.ok = args[0].n.Pow(int(k))
			}
		case Add, Mul:
			r = args[0]
			for _, a := range args[1:] {
				if n.Op() == Add {
					r.n = r.n.Add(a.n)
				} else {
					r.n = r.n.Mul(a.n)
				}
			}
		}
		r.ok = r.ok && r.n.Bits() <= number.MaxBits
		return r
	})
	return v.n, v.ok
}

var relations = map[syntax.Kind]Op{
	syntax.Lt: Lt, syntax.Le: Le, syntax.Gt: Gt, syntax.Ge: Ge, syntax.Eq: Eq, syntax.Ne: Ne,
	syntax.And: And, syntax.Or: Or, syntax.Not: Not,
}

// node builds node i of t with the operands args.
func (b *builder) node(t *syntax.Tree, i int, args []Expr) (Expr, error) {
	n := t.Nodes[i]
	p := b.pool
	switch n.Kind {
	case syntax.And, syntax.Or, syntax.Not:
		for k, a := range args {
			if !a.Op().IsCondition() {
				return a, b.fail(t.Nodes[t.Operands(i)[k]].Span, "write a comparison such as x > 0", "%s joins conditions, and this is a value", n.Kind)
			}
		}
		return p.Make(relations[n.Kind], args...), nil
	case syntax.Call:
		return b.call(t, i, args)
	}
	if err := b.wantValues(t, i, args); err != nil {
		return Expr{}, err
	}
	switch n.Kind {
	case syntax.Number:
		text := t.Text(i)
		v, err := number.Parse(text)
		if err != nil {
			return Expr{}, &syntax.Error{Source: b.source, Span: n.Head, Msg: err.Error(), Limit: true}
		}
		if strings.ContainsAny(text, ".eE") {
			b.decimals = true
		}
		return p.Num(v), nil
	case syntax.Name:
		return b.name(t.Text(i)), nil
	case syntax.Index:
		return b.indexed(t, i, args)
	case syntax.Neg:
		return p.Make(Neg, args[0]), nil
	case syntax.Add, syntax.Sub:
		return p.Make(Add, args...), nil
	case syntax.Mul:
		return p.Make(Mul, args...), nil
	case syntax.Div:
		return p.Make(Div, args...), nil
	case syntax.Pow:
		return p.Make(Pow, args...), nil
	case syntax.Abs:
		return p.Call(fn.Lookup("abs"), args[0]), nil
	case syntax.Fact:
		b.factorials = true
		return p.Call(fn.Lookup("gamma"), p.Make(Add, append(args[0].Terms(), p.Int(1))...)), nil // as (a + b) + 1 is read
	case syntax.Lt, syntax.Le, syntax.Gt, syntax.Ge, syntax.Eq, syntax.Ne:
		return p.Make(relations[n.Kind], args...), nil
	case syntax.Deriv:
		return b.derivative(n.Head, args[0], t.Text(i), int(n.Order))
	case syntax.Prime:
		return b.prime(t, i, args)
	}
	panic("expr: node of kind " + n.Kind.String())
}

// wantValues reports an operand of node i that is a condition.
func (b *builder) wantValues(t *syntax.Tree, i int, args []Expr) error {
	for k, a := range args {
		if !a.Op().IsCondition() {
			continue
		}
		at, ops := t.Nodes[i].Span, t.Operands(i)
		if k += len(ops) - len(args); k >= 0 { // args are the last operands, and a chained one is several
			at = t.Nodes[ops[k]].Span
		}
		return b.fail(at, "write if(condition, a, b)", "a comparison has no value to compute with")
	}
	return nil
}

// name returns what a name stands for.
func (b *builder) name(name string) Expr {
	if k, ok := b.index[name]; ok {
		return b.integer(k)
	}
	if b.declared[name] {
		return b.pool.Var(name)
	}
	if e, ok := b.values[name]; ok {
		return e
	}
	if f := fn.Lookup(name); f != nil && f.Class == fn.Constant {
		return b.pool.Call(f)
	}
	b.noteSubscript(name)
	return b.pool.Var(name)
}

// integer returns k as it would have been typed.
func (b *builder) integer(k int64) Expr {
	if k < 0 {
		return b.pool.Make(Neg, b.pool.Num(number.Int(k).Neg()))
	}
	return b.pool.Int(k)
}

// indexed returns the variable x[i, …].
func (b *builder) indexed(t *syntax.Tree, i int, args []Expr) (Expr, error) {
	parts := make([]string, len(args))
	for k, a := range args {
		n, ok := constant(a)
		if !ok || !n.IsInt() {
			hint := "write x[1], or use x[i] inside sum(…, i, 1, n)"
			return a, b.fail(t.Nodes[t.Operands(i)[k]].Span, hint, "an index must be an integer")
		}
		parts[k] = n.String()
	}
	return b.name(t.Text(i) + "[" + strings.Join(parts, ",") + "]"), nil
}

// call builds a call of a function of the table, of one defined in the input,
// or of a form.
func (b *builder) call(t *syntax.Tree, i int, args []Expr) (Expr, error) {
	n, name := t.Nodes[i], t.Text(i)
	if f, ok := b.funcs[name]; ok {
		if err := b.wantValues(t, i, args); err != nil {
			return Expr{}, err
		}
		if len(args) != len(f.params) {
			return Expr{}, b.fail(n.Span, "", "%s takes %s, not %d", name, arguments(len(f.params)), len(args))
		}
		return b.apply(f.params, f.body, args), nil
	}
	switch name {
	case "if":
		if len(args) != 3 {
			return Expr{}, b.fail(n.Span, "write if(x < 0, -x, x)", "if takes a condition and two values, not %s", arguments(len(args)))
		}
		if !args[0].Op().IsCondition() {
			return Expr{}, b.fail(t.Nodes[t.Operands(i)[0]].Span, "write a comparison such as x < 0", "expected a condition")
		}
		if err := b.wantValues(t, i, args[1:]); err != nil {
			return Expr{}, err
		}
		return b.pool.Make(If, args...), nil
	case "sum", "prod":
		return Expr{}, b.fail(n.Span, "write "+name+"(expr, i, 1, n)", "%s takes four arguments, not %d", name, len(args))
	case "diff":
		return b.diffCall(t, i, args)
	}
	if err := b.wantValues(t, i, args); err != nil {
		return Expr{}, err
	}
	if f := fn.Overload(name, len(args)); f != nil && f.Class != fn.Constant {
		return b.pool.Call(f, args...), nil
	}
	usages := fn.Usages(name)
	if usages == nil {
		hint := ""
		if near := fn.Near(name); near != "" {
			hint = "did you mean " + near + "?"
		}
		return Expr{}, b.fail(n.Head, hint, "unknown function %s", name)
	}
	return Expr{}, b.fail(n.Span, "write "+strings.Join(usages, " or "), "%s does not take %s", name, arguments(len(args)))
}

func arguments(n int) string {
	if n == 1 {
		return "one argument"
	}
	return fmt.Sprintf("%d arguments", n)
}

// apply returns body with params replaced by args.
func (b *builder) apply(params []string, body Expr, args []Expr) Expr {
	with := make(map[string]Expr, len(params))
	for k, x := range params {
		with[x] = args[k]
	}
	e := b.pool.Substitute(body, with)
	b.work += body.Size()
	return e
}

// diffCall builds diff(u, x) or diff(u, x, n).
func (b *builder) diffCall(t *syntax.Tree, i int, args []Expr) (Expr, error) {
	n := t.Nodes[i]
	if len(args) != 2 && len(args) != 3 {
		return Expr{}, b.fail(n.Span, "write diff(x^2, x) or diff(x^2, x, 2)", "diff takes a formula and a variable, not %s", arguments(len(args)))
	}
	if err := b.wantValues(t, i, args); err != nil {
		return Expr{}, err
	}
	at := t.Operands(i)
	if args[1].Op() != Var {
		return Expr{}, b.fail(t.Nodes[at[1]].Span, "write diff(x^2, x)", "expected the variable to differentiate by")
	}
	order := int64(1)
	if len(args) == 3 {
		k, ok := constant(args[2])
		order, _ = k.Int64()
		if !ok || !k.IsInt() || order < 0 || order > maxOrder {
			return Expr{}, b.fail(t.Nodes[at[2]].Span, "", "the order of a derivative is an integer from 0 to %d", maxOrder)
		}
	}
	return b.derivative(n.Head, args[0], args[1].Name(), int(order))
}

// maxOrder is the highest order of a derivative inside a formula.
const maxOrder = 1000

// derivative returns the derivative of u by x, carried out if the Reader can.
func (b *builder) derivative(at syntax.Span, u Expr, x string, order int) (Expr, error) {
	if _, fixed := b.values[x]; fixed && !b.declared[x] {
		return u, b.fail(at, "", "cannot differentiate by %s: it has a value", x)
	}
	if order > maxOrder {
		return u, b.fail(at, "", "the order of a derivative is an integer from 0 to %d", maxOrder)
	}
	for range order {
		if b.Derivative == nil {
			u = b.pool.Make(Diff, u, b.pool.Var(x))
			continue
		}
		u = b.pool.Import(b.Derivative(u, x))
		if b.pool.Len() > MaxNodes {
			return u, b.tooLarge(at, "this derivative")
		}
	}
	return u, nil
}

// prime builds f'(u), f being defined in the input.
func (b *builder) prime(t *syntax.Tree, i int, args []Expr) (Expr, error) {
	n, name := t.Nodes[i], t.Text(i)
	f, ok := b.funcs[name]
	if row := fn.Overload(name, 1); !ok && row != nil && len(row.Args) == 1 && !row.Variadic {
		f, ok = lambda{row.Args, b.pool.Call(row, b.pool.Var(row.Args[0]))}, true
	}
	switch {
	case !ok:
		return Expr{}, b.fail(n.Head, "write diff(…, x)", "a prime needs a function of one variable")
	case len(f.params) != 1 || len(args) != 1:
		return Expr{}, b.fail(n.Span, "write diff(…, x)", "a prime needs a function of one variable")
	case b.Derivative == nil:
		return Expr{}, b.fail(n.Span, "", "derivatives cannot be carried out here")
	}
	// The parameter is a variable of the body, whatever its name means outside.
	was := b.declared[f.params[0]]
	b.declared[f.params[0]] = true
	d, err := b.derivative(n.Head, f.body, f.params[0], int(n.Order))
	b.declared[f.params[0]] = was
	if err != nil {
		return d, err
	}
	return b.apply(f.params, d, args), nil
}
