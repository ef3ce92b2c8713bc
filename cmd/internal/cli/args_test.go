package cli

import (
	"slices"
	"strings"
	"testing"
)

func TestIsCommandWord(t *testing.T) {
	for arg, want := range map[string]bool{
		"diff": true, "x": true, "some-thing": true, "λ": true,
		"x^2": false, "X": false, "x1": false, "x y": false, "": false, "-": false, "-x": false, "--": false, "2": false, "π²": false,
	} {
		if got := isCommandWord(arg); got != want {
			t.Errorf("isCommandWord(%q) = %v", arg, got)
		}
	}
}

// TestShortFlags holds the table to the letters that may not begin a formula.
func TestShortFlags(t *testing.T) {
	for _, r := range flagTable {
		if r.short != "" && !strings.Contains("hoqvVd", r.short) {
			t.Errorf("--%s: the letter -%s may begin a formula", r.name, r.short)
		}
	}
}

// TestTables holds the tables together: every flag of a command exists, every
// flag is of some command, and names are told apart.
func TestTables(t *testing.T) {
	used := map[string]bool{}
	for _, c := range commands {
		if !isCommandWord(c.name) {
			t.Errorf("command %q is no word", c.name)
		}
		for _, name := range slices.Concat(c.flags, commonFlags) {
			used[name] = true
			if flagNamed(flagTable, name) == nil {
				t.Errorf("%s has the flag --%s, which does not exist", c.name, name)
			}
		}
		if c.short == "" || c.about == "" || c.run == nil {
			t.Errorf("%s is not described", c.name)
		}
		for _, e := range c.examples {
			if !strings.Contains(e.line, "nabla") {
				t.Errorf("%s: the example %q is no command line", c.name, e.line)
			}
		}
	}
	for i, r := range flagTable {
		if !used[r.name] {
			t.Errorf("--%s belongs to no command", r.name)
		}
		for _, o := range flagTable[:i] {
			if o.name == r.name || o.short != "" && o.short == r.short {
				t.Errorf("--%s and --%s are spelled alike", o.name, r.name)
			}
		}
	}
	for _, topic := range topics {
		if topic.text(80) == "" {
			t.Errorf("topic %s is empty", topic.name)
		}
	}
}

// FuzzArguments splits arbitrary arguments into flags and formulas: nothing is
// lost, nothing changes, and what begins with a minus and is no flag is a formula.
func FuzzArguments(f *testing.F) {
	for _, s := range []string{
		"diff\x00-x^2", "-x^2", "--json\x00diff\x00x", "diff\x00--\x00--json", "--at\x00x=1\x00x^2", "--at=x=1\x00x^2",
		"-v\x00-v*t", "--x^2", "x\x00--order", "min\x00--bounds\x00-5:5\x00-x", "diff\x00-d", "--\x00x", "-", "--=", "--steps=maybe\x00x",
		"--o\x00-00",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, joined string) {
		args := strings.Split(joined, "\x00")
		l, err := readLine(args)
		if err != nil {
			if f := asFailure(err); f.exit < exitUsage || f.msg == "" {
				t.Errorf("%q: exit code %d, %q", args, f.exit, f.msg)
			}
			return
		}
		// The formulas are arguments, in their order.
		rest := args
		for _, a := range l.args {
			i := slices.Index(rest, a)
			if i < 0 {
				t.Fatalf("%q: the formula %q is no argument", args, a)
			}
			rest = rest[i+1:]
		}
		for _, a := range args {
			if a == "--" {
				break
			}
			if strings.HasPrefix(a, "-") && len(a) > 2 && !strings.HasPrefix(a, "--") && !slices.Contains(l.args, a) && !isValueIn(args, a) {
				t.Errorf("%q: the formula %q was eaten", args, a)
			}
		}
	})
}

// isValueIn reports whether a follows an argument that is a flag with a value.
func isValueIn(args []string, a string) bool {
	for i, b := range args {
		if b == a && i > 0 {
			if r, inline, _ := anyFlag(args[i-1]); r != nil && r.takesValue() && !inline {
				return true
			}
		}
	}
	return false
}
