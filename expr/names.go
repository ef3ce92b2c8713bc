package expr

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"nabla/expr/fn"
	"nabla/expr/syntax"
)

// ordered reports a definition that uses itself or one that comes after it.
func (b *builder) ordered(in *syntax.Input) error {
	place := make(map[string]int, len(in.Statements))
	for i := range in.Definitions() {
		place[in.Statements[i].Name] = i
	}
	for i := range in.Definitions() {
		s := &in.Statements[i]
		bound := indices(s.Body)
		for k, n := range s.Body.Nodes {
			if n.Kind != syntax.Name && n.Kind != syntax.Call && n.Kind != syntax.Prime {
				continue
			}
			name := s.Body.Text(k)
			at, defined := place[name]
			switch {
			case !defined || at < i || slices.Contains(s.Params, name) || slices.Contains(bound, name):
			case n.Kind != syntax.Name && at == i && in.Statements[at].Params == nil: // min = min(x, 1)
			case at == i:
				return b.fail(n.Head, "a recursion ends where sum(…) and prod(…) do: write one of them", "%s is used in its own definition", name)
			default:
				return b.fail(n.Head, "put its definition before this one", "%s is defined only after it is used", name)
			}
		}
	}
	return nil
}

// indices returns the names that sums and products of t run over.
func indices(t *syntax.Tree) (names []string) {
	for i, n := range t.Nodes {
		if n.Kind == syntax.Call && n.Arity == 4 {
			if name := t.Text(i); name == "sum" || name == "prod" {
				names = append(names, t.Text(t.Operands(i)[1]))
			}
		}
	}
	return names
}

// runTogether warns of a name that looks like a product of others: xy where
// both x and y occur.
func runTogether(vars []string) []string {
	single := map[rune]bool{}
	for _, v := range vars {
		if r := []rune(v); len(r) == 1 {
			single[r[0]] = true
		}
	}
	var out []string
	for _, v := range vars {
		r := []rune(v)
		if len(r) < 2 || slices.ContainsFunc(r, func(c rune) bool { return !single[c] }) {
			continue
		}
		parts := make([]string, len(r))
		for i, c := range r {
			parts[i] = string(c)
		}
		out = append(out, fmt.Sprintf("%s is one variable, not %s", v, strings.Join(parts, "*")))
	}
	return out
}

// letterFunctions are letters that books use for functions.
const letterFunctions = "fghFGHΓψΨφΦζ"

// asVariables warns of names that are read as variables where a function may
// have been meant: of gamma x, which is gamma*x, and of f(x) without an f.
func (b *builder) asVariables(in *syntax.Input) (out []string) {
	seen := map[string]bool{}
	for k := range in.Statements {
		t := in.Statements[k].Body
		for i, n := range t.Nodes {
			if n.Kind != syntax.Mul || n.Head.Pos != n.Head.End {
				continue
			}
			// The factor before the right one, which may end a product itself.
			right := t.Nodes[i-1]
			at := i - 1 - int(right.Size)
			for t.Nodes[at].Kind == syntax.Mul && t.Nodes[at].Span.End == t.Nodes[at-1].Span.End {
				at--
			}
			if t.Nodes[at].Kind != syntax.Name {
				continue
			}
			name := t.Text(at)
			if seen[name] || !b.unknown(in, name) {
				continue
			}
			followed := in.Source.Text[t.Nodes[at].Span.End:right.Span.End]
			switch {
			case fn.ClassOf(name) == fn.CallOnly:
				out = append(out, fmt.Sprintf("%s is a variable here; the function is written %s", name, fn.Usages(name)[0]))
			case utf8.RuneCountInString(name) == 1 && strings.Contains(letterFunctions, name) && strings.HasPrefix(followed, "("):
				out = append(out, fmt.Sprintf("%s is a variable here, and %s%s a product", name, name, short(followed)))
			default:
				continue
			}
			seen[name] = true
		}
	}
	return out
}

// noteSubscript keeps the name of a variable that ends in the running index of a sum,
// x_i, and is one variable all the same.
func (b *builder) noteSubscript(name string) {
	at := strings.LastIndexByte(name, '_')
	if at <= 0 || slices.Contains(b.subscripts, name) {
		return
	}
	if _, running := b.index[name[at+1:]]; running {
		b.subscripts = append(b.subscripts, name)
	}
}

// sameInAll warns of variables x_i below a sum over i.
func (b *builder) sameInAll() (out []string) {
	for _, name := range b.subscripts {
		at := strings.LastIndexByte(name, '_')
		out = append(out, fmt.Sprintf("%s is one variable, the same in every term; one for each %s is written %s[%s]", name, name[at+1:], name[:at], name[at+1:]))
	}
	return out
}

// unknown reports whether nothing says what name is: no left-hand side, no
// setting, no list of variables.
func (b *builder) unknown(in *syntax.Input, name string) bool {
	if _, set := b.Set[name]; set || slices.Contains(b.Vars, name) {
		return false
	}
	return !slices.ContainsFunc(in.Statements, func(s syntax.Statement) bool {
		return s.Name == name || slices.Contains(s.Params, name)
	})
}

// short returns a text, or what stands for a long one.
func short(text string) string {
	if utf8.RuneCountInString(text) > 20 || strings.ContainsAny(text, "\n\r") {
		return "( … )"
	}
	return text
}
