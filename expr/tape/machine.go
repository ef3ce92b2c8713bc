package tape

import (
	"fmt"

	"nabla/expr/interval"
)

// A Machine runs a Prog. It belongs to one goroutine; a Prog may have any
// number of them.
type Machine struct {
	p    *Prog
	r    []float64 // slots
	list []float64 // operands of a call with a list

	block block

	reg       []interval.I   // by instruction, after Interval
	dec       []interval.Dec // likewise
	decorated bool           // the constants have their decorations
	closing   bool           // decorations are those of Closed
	work      int            // see Work
	box       []interval.I   // operands of a call

	precise preciseRun
}

// NewMachine returns a Machine for p.
func (p *Prog) NewMachine() *Machine {
	slots := p.code.slots
	if p.code.narrows != nil {
		slots = manySlots
	}
	m := &Machine{p: p, r: make([]float64, slots), list: make([]float64, p.code.longest)}
	copy(m.r[p.code.constAt():], p.code.consts)
	return m
}

// Prog returns the program that m runs.
func (m *Machine) Prog() *Prog { return m.p }

// Eval computes the outputs at the point x into out. It allocates nothing. It
// panics when x or out has not the length that the program has variables or
// outputs, which is a mistake of the caller.
func (m *Machine) Eval(out, x []float64) {
	c := &m.p.code
	if len(x) != c.vars || len(out) != c.outs {
		m.panicLength("Eval", len(out), len(x))
	}
	r := m.r
	if len(x) <= 8 && len(x) <= len(r) { // a call of memmove costs more
		for i, v := range x {
			r[i] = v
		}
	} else {
		copy(r, x)
	}
	if c.ends == nil {
		c.run(r, c.words, m.list)
	} else {
		c.runLong(r, m.list)
	}
	if res := r[c.first:]; len(out) <= 8 && len(out) <= len(res) {
		for k := range out {
			out[k] = res[k]
		}
	} else {
		copy(out, res)
	}
}

func (m *Machine) panicLength(what string, out, x int) {
	panic(fmt.Sprintf("tape: %s of %d outputs at %d values, of a program with %d outputs and %d variables",
		what, out, x, m.p.code.outs, m.p.code.vars))
}
