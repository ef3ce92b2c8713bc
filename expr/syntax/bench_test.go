package syntax

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"
)

func TestDeepQuick(t *testing.T) {
	n := 1_000_000
	rep := strings.Repeat
	for _, c := range []struct{ name, text string }{
		{"paren", rep("(", n) + "x" + rep(")", n)},
		{"sin(", rep("sin(", n) + "x" + rep(")", n)},
		{"neg", rep("-", n) + "x"},
		{"not", rep("not ", n) + "x"},
		{"pow", rep("x^", n) + "x"},
		{"bar", rep("|", n) + "x" + rep("|", n)},
		{"2bar", rep("2|", n) + "x" + rep("|", n)},
		{"sqrt", rep("sqrt ", n) + "x"},
		{"root", rep("√", n) + "x"},
		{"sin^2", rep("sin^2 ", n) + "x"},
		{"sin^(", rep("sin^(", n) + "x" + rep(")", n)},
		{"sin^()x", rep("sin^(", n) + "2" + rep(") x", n)},
		{"if", rep("if(x,", n) + "x" + rep(",y)", n)},
		{"ifelse", rep("if(x<1,x,", n) + "x" + rep(")", n)},
		{"index", rep("x[", n) + "i" + rep("]", n)},
		{"deriv", rep("d/dx ", n) + "x"},
		{"deriv(", rep("d/dx(", n) + "x" + rep(")", n)},
		{"fact", "x" + rep("!^1", n)},
		{"sum", "x" + rep("+x", n)},
		{"juxt", "x" + rep(" x", n)},
		{"prime", "f(x)=x;" + rep("f'(", n) + "x" + rep(")", n)},
		{"args", "min(x" + rep(",x", n) + ")"},
		{"unclosed", rep("(", n)},
		{"close", "x" + rep(")", n)},
		{"bars", rep("|", n)},
		{"defs", rep("a=1;", n)},
		{"uniq", func() string {
			var b strings.Builder
			for i := range 100000 - 1 {
				fmt.Fprintf(&b, "a%d=1;", i)
			}
			b.WriteString("x")
			return b.String()
		}()},
		{"params", "f(x" + rep(",x", n) + ") = 2"},
		{"signlines", "x" + rep("\n+x", n)},
		{"apps bars", rep("sin ", n/2) + "x" + rep("|x|", n/2)},
		{"semis", rep(";", n)},
		{"primes", "f(x)=x;f" + rep("'", n)},
		{"superscript", "x" + rep("²", n)},
		{"name", rep("x", n) + "("},
		{"number", rep("1", n)},
		{"d^", "d^" + rep("1", n) + "/dx^2(x)"},
	} {
		runtime.GC()
		var m0, m1 runtime.MemStats
		runtime.ReadMemStats(&m0)
		t0 := time.Now()
		in, err := Parse("", c.text, vb{})
		d := time.Since(t0)
		runtime.ReadMemStats(&m1)
		nodes := 0
		if err == nil {
			nodes = len(in.Formula().Body.Nodes)
		}
		es := fmt.Sprint(err)
		if len(es) > 150 {
			es = es[:150]
		}
		fmt.Printf("%-12s %8v bytes %d alloc %d MB nodes %d err %v\n", c.name, d.Round(time.Millisecond), len(c.text), (m1.TotalAlloc-m0.TotalAlloc)>>20, nodes, es)
	}
}
func mega(term string) string { return strings.Repeat(term, 1<<20/len(term)) + "x" }
func BenchmarkParse(b *testing.B) {
	for _, c := range []struct{ name, text string }{
		{"sum", mega("x + ")}, {"terms", mega("3.5*x12^2 + ")}, {"calls", mega("sin(2x)*exp(-x^2)/(1 + x) + ")}, {"textbook", mega("2 sin 2x cos^2 y - ")}, {"small", "x^2*sin(x)*exp(-x)/(1+x^2)"},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(c.text)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Parse("", c.text, vb{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
