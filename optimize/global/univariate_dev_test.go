package global

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/format"
)

func TestDev(t *testing.T) {
	file := os.Getenv("NABLA_DEV")
	if file == "" {
		t.Skip()
	}
	h, _ := os.Open(file)
	sc := bufio.NewScanner(h)
	for sc.Scan() {
		line := strings.TrimSpace(sc.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		parts := strings.Split(line, "|")
		max := strings.HasPrefix(parts[0], "max:")
		text := strings.TrimPrefix(parts[0], "max:")
		f, err := expr.Reader{Derivative: diff.D}.Read(text)
		if err != nil {
			fmt.Println(line, err)
			continue
		}
		p := &Problem{F: f.Expr, Max: max}
		if len(parts) > 2 {
			var b Bound
			if s := strings.TrimSpace(parts[1]); s != "" {
				if s[0] == '(' {
					b.LoOpen = true
					s = s[1:]
				}
				b.Lo = expr.MustParse(s)
			}
			if s := strings.TrimSpace(parts[2]); s != "" {
				if s[len(s)-1] == ')' && strings.Count(s, "(") < strings.Count(s, ")") {
					b.HiOpen = true
					s = s[:len(s)-1]
				}
				b.Hi = expr.MustParse(s)
			}
			p.Bounds = []Bound{b}
		}
		start := time.Now()
		a, err := univariate(context.Background(), p, Options{})
		d := time.Since(start)
		if os.Getenv("GEN") != "" {
			at := []string{}
			for _, m := range a.Minimisers {
				switch {
				case m.Family != "":
					at = append(at, m.Family)
				case len(m.Exact) > 0 && m.Exact[0].Valid():
					at = append(at, format.Plain(m.Exact[0]))
				default:
					at = append(at, format.Number(m.X[0], 12))
				}
			}
			if a.Approached != "" {
				at = []string{a.Approached}
			}
			v := format.Number(a.Value, 12)
			if a.ExactValue.Valid() {
				v = format.Plain(a.ExactValue)
			}
			for len(parts) < 3 {
				parts = append(parts, "")
			}
			fmt.Printf("GEN\t{%q, %q, %q, %v, %q, %q, %q},\n", text, parts[1], parts[2], max, string(a.Status), v, strings.Join(at, "; "))
			continue
		}
		ex := ""
		if len(a.ExactAt) > 0 && a.ExactAt[0].Valid() {
			ex = format.Text(a.ExactAt[0])
		}
		if a.ExactValue.Valid() {
			ex += " -> " + format.Text(a.ExactValue)
		}
		fmt.Printf("%-40s %-12s f=%.10g at %v [%s] %v dom=%q appr=%q n=%d/%v\n", line, a.Status, a.Value, a.At, ex, d.Round(10*time.Microsecond), a.Domain, a.Approached, len(a.Stationary), a.StationaryComplete)
		for _, m := range a.Minimisers[min(1, len(a.Minimisers)):] {
			fmt.Println("      also", m.X, m.Family)
		}
		if len(a.Minimisers) > 0 && a.Minimisers[0].Family != "" {
			fmt.Println("      family", a.Minimisers[0].Family)
		}
		if os.Getenv("V") != "" {
			for _, p := range a.Proof {
				fmt.Println("      proof:", p)
			}
			for _, s := range a.Stationary {
				fmt.Println("      st:", s.X, s.Value, s.Kind, s.Proved)
			}
			if a.Witness != nil {
				fmt.Println("      w:", a.Witness.Why, a.Witness.Points, a.Witness.Values)
			}
		}
		for _, w := range a.Warnings {
			fmt.Println("      warn:", w)
		}
	}
}
