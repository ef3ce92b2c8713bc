package branch

import (
	"slices"

	"nabla/expr/interval"
	"nabla/optimize/global/certificate"
)

// maxLedger is the number of boxes up to which a proof is written down.
const maxLedger = 200_000

// A Ledger writes down how branch and bound divides the region.
type Ledger struct {
	nodes []ledgerNode
	full  bool
}

type ledgerNode struct {
	box   []interval.I // what is left of the box, nil if all of it
	split int          // variable, -1 for a leaf
	at    float64
	child [2]int32
	why   string
}

// enter adds a node for a box of which the part x is left; why is the reason of
// a leaf.
func (l *Ledger) enter(given, x []interval.I, keep bool) int32 {
	if l == nil || l.full {
		return -1
	}
	if len(l.nodes) >= maxLedger {
		l.full = true
		return -1
	}
	n := ledgerNode{split: -1, child: [2]int32{-1, -1}, why: "left"}
	if !keep {
		n.why = "dropped"
	} else if !slices.Equal(given, x) {
		n.box = slices.Clone(x)
	}
	l.nodes = append(l.nodes, n)
	return int32(len(l.nodes) - 1)
}

// divide notes that node i was split.
func (l *Ledger) divide(i int32, k int, at float64, a, b int32) {
	if l == nil || i < 0 || l.full {
		return
	}
	n := &l.nodes[i]
	n.split, n.at, n.child, n.why = k, at, [2]int32{a, b}, ""
}

// Steps returns the division in preorder, nil if it was too large to keep.
func (l *Ledger) Steps() []certificate.Step {
	if l.full || len(l.nodes) == 0 {
		return nil
	}
	var out []certificate.Step
	stack := []int32{0}
	for len(stack) > 0 {
		n := &l.nodes[stack[len(stack)-1]]
		stack = stack[:len(stack)-1]
		if n.box != nil {
			out = append(out, certificate.Step{Box: certificate.Ends(n.box)})
		}
		if n.split >= 0 {
			out = append(out, certificate.Step{Split: n.split + 1, At: n.at})
			stack = append(stack, n.child[1], n.child[0])
			continue
		}
		out = append(out, certificate.Step{Why: n.why})
	}
	return out
}
