package check

import (
	"strings"
	"sync"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/number"
	"nabla/expr/simplify"
)

// A pattern is the left side of a row. It is small: its size is that of the
// table's text, so it may be walked by recursion.
type pattern struct {
	op     expr.Op
	f      *fn.Func // of a Call; nil for any function of one argument
	letter string   // of a Var
	num    number.Number
	kids   []*pattern
}

// A rule is a row made ready for use.
type rule struct {
	malRule
	from     *pattern
	to, cond expr.Expr
	value    bool // a rewriting
}

// While a row is read, f and F, which the formula language knows as letters
// only, are written as these two functions, which no row is about.
const standF, standD = "relu", "softplus"

var derivativeTable = sync.OnceValue(func() map[expr.Op][]*rule { return table(derivativeRules, false) })
var rewritingTable = sync.OnceValue(func() map[expr.Op][]*rule { return table(rewritingRules, true) })

// table reads the rows. It panics on a wrong one; a test reads them all.
func table(rows []malRule, value bool) map[expr.Op][]*rule {
	out := map[expr.Op][]*rule{}
	for _, m := range rows {
		r := &rule{malRule: m, value: value}
		r.from = newPattern(readRow(m.from))
		r.to = readRow(m.to)
		if m.when != "" {
			r.cond = readRow(m.when)
		}
		out[r.from.op] = append(out[r.from.op], r)
	}
	return out
}

var rowFunctions = strings.NewReplacer("f(", standF+"(", "F(", standD+"(")

func readRow(text string) expr.Expr {
	text = rowFunctions.Replace(text)
	e, err := expr.Reader{Conditions: true}.Expr(text)
	if err != nil {
		panic("check: row " + text + ": " + err.Error())
	}
	return e
}

func newPattern(e expr.Expr) *pattern {
	p := &pattern{op: e.Op()}
	if n, ok := literal(e); ok {
		p.op, p.num = expr.Num, n
		return p
	}
	switch p.op {
	case expr.Var:
		p.letter = e.Name()
		return p
	case expr.Call:
		if p.f = e.Func(); p.f.Name == standF {
			p.f = nil
		}
	case expr.Mul:
		p.kids = []*pattern{newPattern(e.Arg(0)), newPattern(e.Arg(1))}
		for i := 2; i < e.Len(); i++ {
			p = &pattern{op: expr.Mul, kids: []*pattern{p, newPattern(e.Arg(i))}}
		}
		return p
	}
	for _, a := range e.Args() {
		p.kids = append(p.kids, newPattern(a))
	}
	return p
}

// literal returns the value of a number, with its sign, or a fraction of two.
func literal(e expr.Expr) (number.Number, bool) {
	switch e.Op() {
	case expr.Num:
		return e.Number(), true
	case expr.Neg:
		if e.Arg(0).Op() == expr.Num {
			return e.Arg(0).Number().Neg(), true
		}
	case expr.Div:
		if u, v := e.Arg(0), e.Arg(1); u.Op() == expr.Num && v.Op() == expr.Num {
			return u.Number().Quo(v.Number())
		}
	}
	return number.Number{}, false
}

// A binding is what a letter stands for: a tree, or several terms of a sum.
type binding struct {
	letter string
	terms  []*tree
}

// A matching binds the letters of a row at a tree.
type matching struct {
	b     *bench
	bound []binding
	f     *fn.Func // that f stands for
	rest  []*tree  // terms of the sum that the row is not about
}

func (m *matching) find(letter string) *binding {
	for i := range m.bound {
		if m.bound[i].letter == letter {
			return &m.bound[i]
		}
	}
	return nil
}

// bind lets letter stand for the sum of ts, if it may.
func (m *matching) bind(letter string, ts []*tree) bool {
	if k := m.find(letter); k != nil {
		return m.b.sum(k.terms) == m.b.sum(ts)
	}
	has := false
	for _, t := range ts {
		has = has || t.has(m.b)
	}
	switch letter {
	case "x":
		return len(ts) == 1 && ts[0].op == expr.Var && ts[0].leaf.Name() == m.b.x
	case "u", "v", "w":
		if !has {
			return false
		}
	case "c", "k":
		if has {
			return false
		}
	case "n", "m":
		if len(ts) != 1 {
			return false
		}
		if _, ok := ts[0].number(); !ok {
			return false
		}
	}
	m.bound = append(m.bound, binding{letter, ts})
	return true
}

func (b *bench) sum(ts []*tree) expr.Expr {
	if len(ts) == 1 {
		return ts[0].e
	}
	args := make([]expr.Expr, len(ts))
	for i, t := range ts {
		args[i] = t.e
	}
	return b.pool.Make(expr.Add, args...)
}

// match calls yield for each way in which p fits t, until it answers false. It
// reports whether to go on. top says that t is the node that the row is about.
func (m *matching) match(p *pattern, t *tree, commute, top bool, yield func() bool) bool {
	mark := len(m.bound)
	undo := func() { m.bound = m.bound[:mark] }
	defer undo()
	switch p.op {
	case expr.Var:
		return !m.bind(p.letter, []*tree{t}) || yield()
	case expr.Num:
		n, ok := t.number()
		return !ok || n != p.num || yield()
	}
	if t.op != p.op {
		return true
	}
	switch p.op {
	case expr.Call:
		if p.f == nil {
			if len(t.kids) != 1 || t.f.Variadic || t.f.D == nil || m.f != nil && m.f != t.f {
				return true
			}
			old := m.f
			m.f = t.f
			defer func() { m.f = old }()
		} else if p.f != t.f {
			return true
		}
	case expr.Add:
		return m.matchSum(p, t, commute, top, yield)
	}
	if len(t.kids) != len(p.kids) {
		return true
	}
	if !m.matchAll(p.kids, t.kids, commute, yield) {
		return false
	}
	if undo(); commute && p.op == expr.Mul {
		return m.matchAll([]*pattern{p.kids[1], p.kids[0]}, t.kids, commute, yield)
	}
	return true
}

// matchAll matches the patterns with the trees, one by one.
func (m *matching) matchAll(ps []*pattern, ts []*tree, commute bool, yield func() bool) bool {
	if len(ps) == 0 {
		return yield()
	}
	return m.match(ps[0], ts[0], commute, false, func() bool { return m.matchAll(ps[1:], ts[1:], commute, yield) })
}

// maxPairs is the most terms of a sum of which all pairs are looked at.
const maxPairs = 8

// matchSum matches a sum of two with a sum: a sum of more terms as one term and
// the rest, or, where the row is about the sum itself, any two of the terms.
func (m *matching) matchSum(p *pattern, t *tree, commute, top bool, yield func() bool) bool {
	n := len(t.kids)
	if len(p.kids) != 2 || n > maxPairs {
		return true
	}
	both := func(i, j int) bool {
		return m.match(p.kids[0], t.kids[i], commute, false, func() bool {
			return m.match(p.kids[1], t.kids[j], commute, false, yield)
		})
	}
	if n == 2 {
		return both(0, 1) && (!commute || both(1, 0))
	}
	if top {
		for i := range n {
			for j := range n {
				if i == j || i > j && !commute {
					continue
				}
				m.rest = nil
				for k, r := range t.kids {
					if k != i && k != j {
						m.rest = append(m.rest, r)
					}
				}
				if !both(i, j) {
					return false
				}
				m.rest = nil
			}
		}
		return true
	}
	// One term and the rest of the sum.
	for _, at := range []int{0, n - 1} {
		rest := append(append([]*tree(nil), t.kids[:at]...), t.kids[at+1:]...)
		one, other := p.kids[0], p.kids[1]
		if at != 0 {
			one, other = other, one
		}
		if other.op != expr.Var {
			continue
		}
		mark := len(m.bound)
		ok := m.match(one, t.kids[at], commute, false, func() bool {
			keep := len(m.bound)
			defer func() { m.bound = m.bound[:keep] }()
			return !m.bind(other.letter, rest) || yield()
		})
		m.bound = m.bound[:mark]
		if !ok {
			return false
		}
	}
	return true
}

// lookup gives the value and derivative of a tree in the mutant being made.
type lookup func(*tree) (e, d expr.Expr)

// build makes the right side of r for the letters as bound, in the bench.
func (b *bench) build(to expr.Expr, bound []binding, f *fn.Func, rest []*tree, at lookup) expr.Expr {
	e := expr.Fold(to, func(n expr.Expr, args []expr.Expr) expr.Expr {
		switch n.Op() {
		case expr.Var:
			name := n.Name()
			if name == "x" {
				return b.Var(b.x)
			}
			diff := len(name) == 2 && name[0] == 'd'
			if diff {
				name = name[1:]
			}
			for _, k := range bound {
				if k.letter != name {
					continue
				}
				parts := make([]expr.Expr, len(k.terms))
				for i, t := range k.terms {
					e, d := at(t)
					if diff {
						e = d
					}
					parts[i] = e
				}
				if len(parts) == 1 {
					if name == "n" || name == "m" {
						if v, ok := k.terms[0].number(); ok && !diff {
							return b.Num(v)
						}
					}
					return parts[0]
				}
				return b.add(parts...)
			}
		case expr.Call:
			switch n.Func().Name {
			case standF:
				return b.Call(f, args...)
			case standD:
				return simplify.Instance(f, f.D[0], b, args)
			}
		case expr.Add, expr.Mul, expr.Div, expr.Neg:
			if v, ok := fold(n.Op(), args); ok {
				return b.Num(v)
			}
		}
		return expr.Remake(n, b, args, nil)
	})
	if len(rest) > 0 {
		parts := []expr.Expr{e}
		for _, t := range rest {
			e, _ := at(t)
			parts = append(parts, e)
		}
		e = b.add(parts...)
	}
	return e
}

// fold computes with numbers.
func fold(op expr.Op, args []expr.Expr) (number.Number, bool) {
	for _, a := range args {
		if a.Op() != expr.Num {
			return number.Number{}, false
		}
	}
	v := args[0].Number()
	switch op {
	case expr.Neg:
		return v.Neg(), true
	case expr.Div:
		return v.Quo(args[1].Number())
	}
	for _, a := range args[1:] {
		if op == expr.Add {
			v = v.Add(a.Number())
		} else {
			v = v.Mul(a.Number())
		}
	}
	return v, v.Bits() <= number.MaxBits
}
