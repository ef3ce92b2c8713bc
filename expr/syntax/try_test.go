package syntax

import (
	"bufio"
	"fmt"
	"os"
	"testing"
)

type vb struct{}

func (vb) Class(n string) Class {
	switch n {
	case "sin", "cos", "log", "ln", "exp", "sqrt", "cbrt", "abs":
		return Textbook
	case "asin", "gamma", "if", "min", "sum", "diff":
		return CallOnly
	case "pi", "e", "inf":
		return Constant
	}
	return NotFunction
}
func (vb) Near(n string) string {
	if n == "sine" {
		return "sin"
	}
	return ""
}
func TestTry(t *testing.T) {
	f, err := os.Open("/tmp/try.txt")
	if err != nil {
		t.Skip()
	}
	s := bufio.NewScanner(f)
	for s.Scan() {
		in, err := Parse("", s.Text(), vb{})
		if err != nil {
			fmt.Println(s.Text(), "  =>  ERR", err)
			fmt.Println(err.(*Error).Snippet())
			continue
		}
		for _, st := range in.Statements {
			fmt.Printf("%s  =>  k%d %q %v '%d wrt %q : %s\n", s.Text(), st.Kind, st.Name, st.Params, st.Primes, st.Wrt, st.Body)
		}
	}
}
