package syntax

import (
	"fmt"
	"strings"
	"testing"
)

// check finds what is wrong with a tree: the invariants that its users lean on.
func check(t *Tree) error {
	n := len(t.Nodes)
	if n == 0 {
		return fmt.Errorf("empty")
	}
	inside := func(in, out Span) bool { return out.Pos <= in.Pos && in.Pos <= in.End && in.End <= out.End }
	whole := Span{0, int32(len(t.Source.Text))}
	arity := map[Kind]int32{Number: 0, Name: 0, Neg: 1, Fact: 1, Abs: 1, Not: 1, Deriv: 1}
	for i, node := range t.Nodes {
		at := fmt.Sprintf("node %d (%s): ", i, node.Kind)
		if int(node.Kind) >= len(Ops) {
			return fmt.Errorf("%sunknown kind", at)
		}
		if want, ok := arity[node.Kind]; ok && node.Arity != want || Ops[node.Kind].Shape == Infix && node.Arity != 2 {
			return fmt.Errorf("%sarity %d", at, node.Arity)
		}
		if (node.Kind == Index || node.Kind == Prime) && node.Arity < 1 {
			return fmt.Errorf("%sarity %d", at, node.Arity)
		}
		if (node.Kind == Deriv || node.Kind == Prime) != (node.Order > 0) {
			return fmt.Errorf("%sorder %d", at, node.Order)
		}
		if !inside(node.Span, whole) || node.Span.Empty() {
			return fmt.Errorf("%sspan %v", at, node.Span)
		}
		if !inside(node.Head, node.Span) || node.Head.Empty() && node.Kind != Mul {
			return fmt.Errorf("%shead %v", at, node.Head)
		}
		if t.Text(i) == "" {
			return fmt.Errorf("%sno text", at)
		}
		size, j := int32(1), i-1
		for range node.Arity {
			if j < 0 {
				return fmt.Errorf("%soperands missing", at)
			}
			if !inside(t.Nodes[j].Span, node.Span) {
				return fmt.Errorf("%soperand %d sticks out", at, j)
			}
			size += t.Nodes[j].Size
			j -= int(t.Nodes[j].Size)
		}
		if node.Size != size {
			return fmt.Errorf("%ssize %d, not %d", at, node.Size, size)
		}
	}
	if t.Nodes[n-1].Size != int32(n) {
		return fmt.Errorf("the last node is not the whole")
	}
	return nil
}

// TestCheckFinds breaks a good tree in every way that check knows.
func TestCheckFinds(t *testing.T) {
	good := func() *Tree { return mustRead(t, "sin(x + 1)*2").Formula().Body }
	if err := check(good()); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(n []Node){
		"kind":  func(n []Node) { n[0].Kind = 99 },
		"arity": func(n []Node) { n[2].Arity = 1 },
		"order": func(n []Node) { n[0].Order = 1 },
		"span":  func(n []Node) { n[0].Span.End = 1000 },
		"empty": func(n []Node) { n[0].Span = Span{} },
		"head":  func(n []Node) { n[3].Head = Span{11, 12} },
		"size":  func(n []Node) { n[3].Size = 2 },
		"child": func(n []Node) { n[0].Span = Span{11, 12} },
		"root":  func(n []Node) { n[5] = Node{Kind: Number, Span: Span{0, 1}, Head: Span{0, 1}, Size: 1} },
	} {
		tree := good()
		spoil(tree.Nodes)
		if check(tree) == nil {
			t.Errorf("%s: not found", name)
		}
	}
}

// explicit writes a tree with every operator and every parenthesis spelled out.
func explicit(t *Tree) string {
	var done []string
	for i, n := range t.Nodes {
		args := done[len(done)-int(n.Arity):]
		var s string
		switch list := strings.Join(args, ","); {
		case n.Arity == 0 && n.Kind != Call:
			s = t.Text(i)
		case n.Kind == Call:
			s = t.Text(i) + "(" + list + ")"
		case n.Kind == Index:
			s = t.Text(i) + "[" + list + "]"
		case n.Kind == Prime:
			s = t.Text(i) + strings.Repeat("'", int(n.Order)) + "(" + list + ")"
		case n.Kind == Deriv:
			s = fmt.Sprintf("d^%d/d%s^%d(%s)", n.Order, t.Text(i), n.Order, list)
		case n.Kind == Abs:
			s = "(|" + list + "|)"
		case Ops[n.Kind].Shape == Infix:
			s = "(" + args[0] + " " + n.Kind.String() + " " + args[1] + ")"
		case Ops[n.Kind].Shape == Prefix:
			s = "(" + n.Kind.String() + " " + list + ")"
		default:
			s = "(" + list + n.Kind.String() + ")"
		}
		done = append(done[:len(done)-int(n.Arity)], s)
	}
	return done[0]
}

func mustRead(t testing.TB, text string) *Input {
	t.Helper()
	in, err := Parse("", text, page)
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return in
}
