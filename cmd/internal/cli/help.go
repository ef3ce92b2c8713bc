package cli

import (
	"context"
	"fmt"
	"io"
	"runtime/debug"
	"strings"

	"nabla/diff/check"
	"nabla/optimize"
	proof "nabla/optimize/global/verify"
)

func helpCommand() *command {
	return &command{
		name: "help", args: "[TOPIC]",
		short: "help on a command or a topic; --man is the manual page",
		about: `Help on a command, or on one of the topics below it in the list that
nabla help prints. --man writes the whole as a manual page: nabla help --man > nabla.1`,
		flags: []string{"man"},
		examples: []example{
			{"nabla help diff", "one command"},
			{"nabla help formulas", "how formulas are written"},
		},
		complete: func() []string { return append(commandNames(), topicNames()...) },
		run:      help,
	}
}

// helpOn returns the arguments with which help answers --help on c: none where
// only nabla itself was asked about.
func helpOn(c *command, args []string) []string {
	if c.bare && (len(args) == 0 || args[0] != c.name) {
		return nil
	}
	return []string{c.name}
}

func help(ctx context.Context, s *session) error {
	switch {
	case bool(s.opt.man):
		io.WriteString(s.out, manual())
		return nil
	case len(s.args) == 0:
		io.WriteString(s.out, overview(s.width()))
		return nil
	case len(s.args) > 1:
		return usage("", "help takes one topic")
	}
	name := s.args[0]
	if c := commandNamed(name); c != nil {
		io.WriteString(s.out, c.help(s.width()))
		return nil
	}
	if t := topicNamed(name); t != nil {
		io.WriteString(s.out, t.text(s.width()))
		return nil
	}
	if rest, ok := strings.CutPrefix(name, "--"); ok {
		name = rest
	}
	if r := flagNamed(flagTable, name); r != nil {
		fmt.Fprintf(s.out, "%s\n    %s\n    flag of %s\n", r.synopsis(), r.means, strings.Join(commandsWith(r), ", "))
		return nil
	}
	return usage(didYouMean(name, append(commandNames(), topicNames()...)), "there is no help on %s", quoted(name))
}

// commandsWith returns the names of the commands that have the flag r.
func commandsWith(r *flagRow) []string {
	var out []string
	for _, c := range commands {
		if c.row(r.name) == r {
			out = append(out, c.name)
		}
	}
	if len(out) == len(commands) {
		return []string{"every command"}
	}
	return out
}

// overview is the help on nabla itself.
func overview(width int) string {
	var b strings.Builder
	b.WriteString(`nabla reads a formula, differentiates it, finds its minimum, and says how sure
each answer is.

  nabla FORMULA           derivative and minimum at once, as in: nabla 'x^2 + 2'
  nabla COMMAND FORMULA   one thing, and more of it

Commands
`)
	rows := make([][2]string, len(commands))
	for i, c := range commands {
		rows[i] = [2]string{c.name, c.short}
	}
	writeRows(&b, rows, width)
	b.WriteString("\nTopics of nabla help\n")
	rows = rows[:0]
	for _, t := range topics {
		rows = append(rows, [2]string{t.name, t.short})
	}
	writeRows(&b, rows, width)
	b.WriteString(`
nabla COMMAND --help lists the flags of a command. A formula may begin with a
minus; without one, formulas are read from standard input, one a line.
`)
	return b.String()
}

// help is the help on c.
func (c *command) help(width int) string {
	var b strings.Builder
	b.WriteString(c.synopsis() + "\n\n" + wrap(c.about, width, "") + "\n")
	if len(c.examples) > 0 {
		b.WriteString("\nExamples\n")
		for _, e := range c.examples {
			fmt.Fprintf(&b, "  %s\n      %s\n", e.line, e.shows)
		}
	}
	b.WriteString("\nFlags\n")
	var rows [][2]string
	for _, r := range c.rows() {
		rows = append(rows, [2]string{r.synopsis(), r.means})
	}
	writeRows(&b, rows, width)
	return b.String()
}

// synopsis shows how c is called.
func (c *command) synopsis() string {
	name := c.name + " "
	if c.bare {
		name = "[" + c.name + "] "
	}
	return strings.TrimSpace("nabla " + name + c.args + " [FLAGS]")
}

// synopsis shows how r is written: "-o, --output FILE".
func (r *flagRow) synopsis() string {
	s := "--" + r.name
	if r.short != "" {
		s = "-" + r.short + ", " + s
	}
	if r.arg != "" {
		s += " " + r.arg
	}
	return s
}

// writeRows writes rows of two columns, the second wrapped. A first column too
// wide for the place of the second has a line of its own.
func writeRows(b *strings.Builder, rows [][2]string, width int) {
	const most = 26
	left := 0
	for _, r := range rows {
		if n := columns(r[0]); n <= most {
			left = max(left, n)
		}
	}
	indent := strings.Repeat(" ", left+4)
	for _, r := range rows {
		text := wrap(r[1], width, indent)
		if n := columns(r[0]); n > most {
			b.WriteString("  " + r[0] + "\n" + text + "\n")
		} else {
			b.WriteString("  " + r[0] + strings.Repeat(" ", left-n+2) + strings.TrimPrefix(text, indent) + "\n")
		}
	}
}

// wrap breaks text into lines of at most width columns, each after indent. Lines
// that begin with a space stay as they are, and blank lines part paragraphs.
func wrap(text string, width int, indent string) string {
	var lines []string
	var line string
	flush := func() {
		if line != "" {
			lines = append(lines, indent+line)
			line = ""
		}
	}
	for _, raw := range strings.Split(text, "\n") {
		if raw == "" || raw[0] == ' ' {
			flush()
			lines = append(lines, strings.TrimRight(indent+raw, " "))
			continue
		}
		for _, word := range strings.Fields(raw) {
			if line != "" && columns(indent)+columns(line)+1+columns(word) > width {
				flush()
			}
			if line != "" {
				line += " "
			}
			line += word
		}
	}
	flush()
	return strings.Join(lines, "\n")
}

// A topic is help on something other than a command.
type topic struct {
	name, short string
	text        func(width int) string
}

// topics is the table of topics. It is set in init because some read the table
// of commands.
var topics []topic

func init() {
	topics = []topic{
		{"formulas", "how formulas are written and read", func(int) string { return formulasTopic }},
		{"flags", "all flags, with the commands that have them", flagsTopic},
		{"input", "formulas and questions from standard input", func(int) string { return inputTopic }},
		{"json", "the JSON output", func(int) string { return jsonTopic }},
		{"mistakes", "the kinds of mistakes that check names", mistakesTopic},
		{"certificate", "the form of certificates, and how each kind of proof is checked", certificateTopic},
		{"exit-codes", "what the exit codes mean", exitTopic},
		{"methods", "the methods of search, and their parameters", methodsTopic},
		{"version", "the version", func(int) string { return "nabla " + version() + "\n" }},
	}
}

func topicNamed(name string) *topic {
	for i := range topics {
		if topics[i].name == name {
			return &topics[i]
		}
	}
	return nil
}

func topicNames() []string {
	names := make([]string, len(topics))
	for i, t := range topics {
		names[i] = t.name
	}
	return names
}

// version is that of the module, as the go command stamped it.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}

// mistakesTopic lists the kinds of mistakes.
func mistakesTopic(width int) string {
	var b strings.Builder
	b.WriteString("check names mistakes by these kinds, and tells them apart by what they make of a\nformula. The list only grows, so that programs may rely on the names.\n\n")
	var rows [][2]string
	for _, k := range check.Kinds() {
		rows = append(rows, [2]string{k.Name, k.Doc})
	}
	writeRows(&b, rows, width)
	return b.String()
}

func flagsTopic(width int) string {
	var b strings.Builder
	b.WriteString("A flag means the same in every command that has it. Values are formulas where\nnumbers are meant: --at x=pi/2. Lists are split at commas outside parentheses.\n\n")
	var rows [][2]string
	for _, r := range flagTable {
		rows = append(rows, [2]string{r.synopsis(), r.means + " [" + strings.Join(commandsWith(r), ", ") + "]"})
	}
	writeRows(&b, rows, width)
	return b.String()
}

// certificateTopic tells the form of certificates.
func certificateTopic(width int) string {
	var b strings.Builder
	b.WriteString(certificateForm)
	var rows [][2]string
	for _, a := range proof.Arguments() {
		says := a.Says
		if a.Source != "" {
			says += " (" + a.Source + ")"
		}
		rows = append(rows, [2]string{a.Kind, says})
	}
	writeRows(&b, rows, width)
	b.WriteString("\ngo doc nabla/optimize/global/certificate has all that a second verifier needs.\n")
	return b.String()
}

const certificateForm = `A certificate is a JSON object: the question (formula, maximise, variables, bounds,
open, subject_to), the claim (status, value as an interval, exact, point,
exact_point, minimisers and whether they are complete, path) and what proves it: tree, the division of the region into
boxes in preorder (box narrows, split halves at a value, and else a box is
dropped), sum_of_squares, or a reduction to other claims, whose certificates are
its parts. Of several variables stationary_points are those at which the gradient
is 0, and eliminants show that there are no others. Method and proof are for the
reader. nabla verify checks by these arguments, the names of which are those of
reductions or of fields:

`

func exitTopic(width int) string {
	var b strings.Builder
	var rows [][2]string
	for _, c := range exitCodes {
		rows = append(rows, [2]string{fmt.Sprint(c.code), c.meaning})
	}
	writeRows(&b, rows, width)
	b.WriteString("\nOf several formulas the worst code counts. A closed pipe ends quietly.\n")
	return b.String()
}

func methodNames() []string {
	names := []string{"auto"}
	for _, m := range optimize.Methods {
		names = append(names, m.Name)
	}
	return names
}

func methodsTopic(width int) string {
	var b strings.Builder
	b.WriteString("--method NAME chooses one; --param name=value sets a parameter of it.\n")
	for _, m := range optimize.Methods {
		b.WriteString("\n" + m.Name)
		if len(m.Aliases) > 0 {
			b.WriteString(" (" + strings.Join(m.Aliases, ", ") + ")")
		}
		b.WriteString("\n" + wrap(m.Doc+" ("+m.Source+")", width, "  ") + "\n")
		var rows [][2]string
		for _, p := range m.Params {
			rows = append(rows, [2]string{"  " + p.Name + "=" + p.Default, p.Doc + " (" + p.Want() + ")"})
		}
		writeRows(&b, rows, width)
	}
	return b.String()
}

const formulasTopic = `Numbers are exact: 0.1 is 1/10. pi (π), e and inf are constants; every other name
is a variable, and a name is one variable: xy is not x*y.

  2x, 2(x+1), (x+1)(x-1), x sin(x)   products without *
  -x^2 is -(x^2), x^2^3 is x^(2^3), 1/2x is (1/2)*x, 2^-x, 5!
  sin 2x is sin(2*x), sin^2 x is (sin x)^2, sin x cos x is sin(x)*cos(x)
  |x - 1|, x², √x, x·y, x ≤ 1, x₁, λ, ** for ^
  if(x < 0, -x, x^2)                 cases; conditions join with and, or, not
  x[1], sum(x[i]^2, i, 1, n)         with n = 10; before it, or --set n=10
  diff(x^3, x), d/dx(x^3)            derivatives inside a formula
  a = 3; g(t) = exp(-t^2); a*g(x-1)  definitions, then the formula
  f(x, y) = a x^2 y                  x and y are the variables, a is a parameter
  # a comment, up to the end of the line

The domain is the real numbers: sqrt(-1), log(-1), (-8)^(1/3) and 1/0 are undefined;
cbrt(x) is the real cube root. nabla functions lists the functions.
`

const inputTopic = `A formula -, or none with piped input, reads formulas from standard input: one a
line, one answer a line, in the same order. Blank lines and comments are skipped.
An error on one line is reported with the number of the line, and the rest is
answered all the same; the exit code is the worst. An answer is printed before
the next line is read.

A line may also be a JSON object, a question with the flags as keys, so that one
process serves thousands. It is answered in JSON, unless --format says otherwise.

  {"formula":"x^2","wrt":"x","at":{"x":3}}               diff and eval; at may be a list
  {"formula":"x^2","claim":"2*x","wrt":"x"}              check
  {"derivation":["x^2","2*x"],"wrt":"x"}
  {"formula":"x^2+y^2","bounds":{"x":[-5,null]},
   "start":{"x":1,"y":0},"subject-to":["x > 0"],"timeout":"10s"}       min and max

Each object stands on one line. Values are numbers or formulas in strings. An "id"
comes back with the answer.

With --csv the input, or the file named instead of a formula, is CSV, and its first
line names the columns as the keys: id,formula,claim.
`

const jsonTopic = `--json writes one object a result, schema first; keys are only ever added. Numbers
have the digits that read back to the same float64; NaN and the infinities are the
strings "nan", "inf" and "-inf". Formulas are text that reads back, with every *.

  {"schema":"nabla/1","command":"diff","formula":"x^2","variables":["x"],
   "derivatives":[{"wrt":["x"],"formula":"2*x","conditions":[],
                   "at":[{"point":{"x":3},"value":6}]}]}

A question without an answer has an error instead:

  {"schema":"nabla/1","command":"diff","error":{"code":"syntax","exit":3,
   "message":"…","formula":"(x+1","line":1,"column":5,"hint":"…"}}
`
