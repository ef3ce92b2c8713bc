package interval

import (
	"encoding/binary"
	"fmt"
	"math"
	"testing"

	"nabla/expr/interval/precise"
)

// program interprets bytes as a program for a stack machine, run on intervals and, at points inside them, in package
// precise: the first must enclose the second.
func program(t *testing.T, code []byte) {
	type entry struct {
		fast  I
		exact precise.I
	}
	const prec = 120
	var stack []entry
	name := ""
	pop := func() entry {
		e := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		return e
	}
	for steps := 0; len(code) > 0 && steps < 40; steps++ {
		op := int(code[0])
		code = code[1:]
		switch {
		case len(stack) == 0 || op < 80: // push an interval and a member of it
			var buf [8]byte
			code = code[copy(buf[:], code):]
			x := math.Float64frombits(binary.LittleEndian.Uint64(buf[:]))
			if op%2 == 0 { // numbers of moderate size
				x = float64(int16(binary.LittleEndian.Uint16(buf[:]))) / 64
			}
			if x != x || math.Abs(x) > math.MaxFloat64 {
				x = 1
			}
			lo, hi := lowered(x, int(buf[2])), raised(x, int(buf[3]))
			if op%3 == 0 {
				lo = x - math.Abs(x)*float64(buf[4])/64
			}
			stack = append(stack, entry{I{lo, hi}, precise.FromFloat(x)})
		case op < 160 && len(stack) > 1:
			b, a := pop(), pop()
			switch op % 8 {
			case 0, 1:
				a = entry{a.fast.Add(b.fast), precise.Add(a.exact, b.exact, prec)}
			case 2:
				a = entry{a.fast.Sub(b.fast), precise.Sub(a.exact, b.exact, prec)}
			case 3, 4:
				a = entry{a.fast.Mul(b.fast), precise.Mul(a.exact, b.exact, prec)}
			case 5:
				a = entry{a.fast.Div(b.fast), precise.Div(a.exact, b.exact, prec)}
			case 6:
				if !b.fast.IsPoint() && a.fast.Lo < 0 {
					continue // an integer exponent inside an interval does not count: see Pow
				}
				a = entry{a.fast.Pow(b.fast), precise.Pow(a.exact, b.exact, prec)}
			case 7:
				a = entry{Atan2(a.fast, b.fast), precise.Atan2(a.exact, b.exact, prec)}
			}
			stack = append(stack, a)
		case op < 180:
			a := pop()
			n := op%9 - 3
			stack = append(stack, entry{a.fast.PowInt(n), precise.PowInt(a.exact, n, prec)})
		default:
			a := pop()
			f := unary[op%len(unary)]
			name = fmt.Sprintf("%s(%v)", f.name, a)
			stack = append(stack, entry{f.fast(a.fast), f.exact(a.exact, prec)})
		}
		e := stack[len(stack)-1]
		if !e.exact.IsEmpty() && !e.exact.Width().IsInf() && e.exact.Disjoint(exactly(e.fast)) {
			t.Fatalf("after %d steps, %s: %v does not contain the value in %v", steps+1, name, e.fast, e.exact)
		}
		if e.exact.IsEmpty() || e.fast.IsEmpty() || e.exact.Width().IsInf() {
			return // undefined, or so near a pole that it cannot be told
		}
	}
}

func FuzzExpressions(f *testing.F) {
	f.Add([]byte{0, 64, 0, 0, 0, 0, 0, 0, 0, 200, 120})
	f.Fuzz(program)
}

func TestRandomExpressions(t *testing.T) {
	r := newSource(17)
	code := make([]byte, 120)
	for range samples(1500) {
		for i := range code {
			code[i] = byte(r.Uint32())
		}
		program(t, code)
	}
}
