package cli

import (
	"errors"
	"strings"
	"unicode"

	"github.com/spf13/pflag"
)

// A line is a command line that has been read.
type line struct {
	command *command
	opt     *options
	args    []string // formulas and the like, in order
}

// readLine reads a command line. Formulas may begin with a minus, so an argument
// counts as a flag only when it is one: -h, -o, … or --name.
func readLine(args []string) (*line, error) {
	first, err := firstWord(args)
	if err != nil {
		return nil, err
	}
	l := &line{opt: newOptions()}
	rest := args
	switch {
	case first < 0 || !isCommandWord(args[first]):
		l.command = commandNamed("explore")
	default:
		name := args[first]
		if l.command = commandNamed(name); l.command == nil {
			return nil, unknownCommand(name)
		}
		rest = append(append([]string(nil), args[:first]...), args[first+1:]...)
	}
	if l.command.prepare != nil {
		l.command.prepare(l.opt)
	}
	flags, formulas, err := l.command.split(rest)
	if err != nil {
		return nil, err
	}
	l.args = formulas
	return l, l.command.parse(l.opt, flags)
}

// isCommandWord reports whether a first argument is the name of a command and
// not a formula: it has nothing but lower-case letters and inner dashes. New
// commands therefore never change what an old script means.
func isCommandWord(arg string) bool {
	if arg == "" || arg[0] == '-' {
		return false
	}
	for _, r := range arg {
		if !unicode.IsLower(r) && r != '-' {
			return false
		}
	}
	return true
}

// firstWord returns the place of the first argument that is neither a flag nor
// the value of one, -1 when there is none.
func firstWord(args []string) (int, error) {
	for i := 0; i < len(args); i++ {
		if args[i] == "--" {
			return -1, nil // what follows are formulas
		}
		row, inline, err := anyFlag(args[i])
		switch {
		case err != nil:
			return 0, err
		case row == nil:
			return i, nil
		case row.takesValue() && !inline:
			i++
		}
	}
	return -1, nil
}

// flagIn returns the row among rows of the flag that arg is, nil when it is none
// of them: --name, --name=text, or a dash and a letter. What follows = is text,
// and inline says that there was one.
func flagIn(rows []*flagRow, arg string) (row *flagRow, text string, inline bool) {
	if name, ok := strings.CutPrefix(arg, "--"); ok {
		name, text, inline = strings.Cut(name, "=")
		return flagNamed(rows, name), text, inline
	}
	if letter, ok := strings.CutPrefix(arg, "-"); ok && letter != "" {
		for _, r := range rows {
			if r.short == letter {
				return r, "", false
			}
		}
	}
	return nil, "", false
}

// anyFlag returns the row of the flag that arg is in any command, nil when it is
// a formula.
func anyFlag(arg string) (row *flagRow, inline bool, err error) {
	row, _, inline = flagIn(flagTable, arg)
	if row == nil && looksLikeFlag(arg) {
		return nil, false, unknownFlag(flagName(arg))
	}
	return row, inline, nil
}

// flagName returns the name in --name or --name=text.
func flagName(arg string) string {
	name, _, _ := strings.Cut(strings.TrimPrefix(arg, "--"), "=")
	return name
}

// looksLikeFlag tells a misspelt flag from a formula that begins with two minus
// signs: --ordr=2 or --ordr, two letters at least.
func looksLikeFlag(arg string) bool {
	if !strings.HasPrefix(arg, "--") {
		return false
	}
	name := flagName(arg)
	if len(name) < 2 || name[0] == '-' {
		return false
	}
	for i := 0; i < len(name); i++ {
		if c := name[i]; (c < 'a' || c > 'z') && c != '-' {
			return false
		}
	}
	return true
}

// A given is a flag with its value, as it was given.
type given struct {
	row  *flagRow
	text string
}

// split separates the flags of c from its other arguments. After -- there are
// no flags.
func (c *command) split(args []string) (flags []given, rest []string, err error) {
	rows := c.rows()
	for i := 0; i < len(args); i++ {
		arg := args[i]
		if arg == "--" {
			return flags, append(rest, args[i+1:]...), nil
		}
		var g given
		var inline bool
		g.row, g.text, inline = flagIn(rows, arg)
		switch {
		case g.row == nil && looksLikeFlag(arg):
			return nil, nil, c.notMine(flagName(arg))
		case g.row == nil:
			rest = append(rest, arg)
			continue
		case inline:
		case !g.row.takesValue():
			g.text = "true"
		default:
			if i++; i == len(args) {
				return nil, nil, usage("write "+arg+" "+g.row.arg, "%s needs a value", arg)
			}
			g.text = args[i]
		}
		flags = append(flags, g)
	}
	return flags, rest, nil
}

// parse sets the options o of c from flags.
func (c *command) parse(o *options, flags []given) error {
	if len(flags) == 0 {
		return nil
	}
	clean := make([]string, len(flags))
	for i, g := range flags {
		clean[i] = "--" + g.row.name + "=" + g.text
		if g.row.name == "format" || g.row.name == "json" || g.row.name == "plain" {
			o.formatGiven = true
		}
	}
	err := c.flagSet(o).Parse(clean)
	if e := (*pflag.InvalidValueError)(nil); errors.As(err, &e) {
		f := asFailure(e.Unwrap())
		f.where = "--" + e.GetFlag().Name
		return f
	}
	return err
}

func unknownCommand(name string) error {
	hint := didYouMean(name, commandNames())
	if hint == "" {
		hint = "did you mean nabla explore " + name + "?"
	}
	return usage(hint, "there is no command %s", name)
}

func unknownFlag(name string) error {
	var all []string
	for _, r := range flagTable {
		all = append(all, "--"+r.name)
	}
	return usage(withFormula(didYouMean("--"+name, all), "--"+name), "there is no flag --%s", name)
}

// notMine says that the flag --name is none of c.
func (c *command) notMine(name string) error {
	if flagNamed(flagTable, name) == nil {
		var own []string
		for _, r := range c.rows() {
			own = append(own, "--"+r.name)
		}
		hint := didYouMean("--"+name, own)
		return usage(withFormula(hint, "--"+name), "there is no flag --%s", name)
	}
	var having []string
	for _, o := range commands {
		if o.row(name) != nil {
			having = append(having, o.name)
		}
	}
	return usage("it belongs to "+strings.Join(having, ", "), "%s has no flag --%s", c.name, name)
}

func withFormula(hint, arg string) string {
	if hint != "" {
		return hint
	}
	return "if it is a formula, write -- before it: -- " + arg
}
