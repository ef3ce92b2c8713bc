package cli

import (
	"slices"

	"github.com/spf13/pflag"
)

// options are the values of all flags. A flag means the same in every command
// that has it, so each has one field, whatever the command.
type options struct {
	help, version  truth
	quiet, verbose truth
	output         file
	format         string
	formatGiven    bool // so that a JSON question is answered in JSON unless told otherwise
	color          string
	digits         int
	timeout        duration

	at         points
	wrt        names
	set        settings
	order      int
	steps      truth
	grad       truth
	hessian    truth
	bounds     bounds
	start      onePoint
	subjectTo  texts
	method     word
	params     texts
	rate       word
	schedule   word
	momentum   *constant
	iterations int
	tol        *constant
	tolChange  *constant
	every      int
	ascend     truth
	trace      file
	seed       seed
	gradient   string
	derivation file
	values     texts
	summary    truth
	csv        truth
	man        truth

	plot        word
	size        pictureSize
	dark        truth
	path        truth
	paths       methodList
	arrows      truth
	surface     truth
	cost        truth
	differences truth
	frames      file
	methods     methodList
	starts      int
	certificate file
}

func newOptions() *options {
	return &options{format: "text", color: "auto", digits: 6, order: 1, gradient: "formula"}
}

// The formats of results.
const (
	formatText    = "text"
	formatPlain   = "plain"
	formatUnicode = "unicode"
	formatLaTeX   = "latex"
	formatJSON    = "json"
)

// A flagRow is a row of the table of flags. Parsing, help, completion, the man
// page and the keys of JSON questions are all made from it.
type flagRow struct {
	name  string
	short string // one letter, or ""
	means string // for the help; a capitalised word stands for the value
	arg   string // how the value is shown: "x=1,y=-2"; "" where the flag takes none
	bind  func(o *options) value
	// question says that a question given as a JSON object may have the flag as a
	// key.
	question bool
	// complete lists the values that a shell may offer; nil for any.
	complete func() []string
	files    bool // the value is the name of a file
}

// takesValue reports whether the flag must be followed by a value.
func (r *flagRow) takesValue() bool { return r.arg != "" }

func words(list ...string) func() []string { return func() []string { return list } }

// flagTable is the table of flags, in the order in which help lists them.
var flagTable = []*flagRow{
	{name: "at", arg: "x=1,y=-2", question: true, means: "evaluate at this point; repeat it for more points",
		bind: func(o *options) value { return &o.at }},
	{name: "wrt", arg: "x,y", question: true, means: "the variables to differentiate by, instead of all",
		bind: func(o *options) value { return &o.wrt }},
	{name: "order", arg: "N", question: true, means: "order of the derivative (1)",
		bind: func(o *options) value { return count{&o.order, 0, 1000} }},
	{name: "set", arg: "a=3", question: true, means: "fix letters to values",
		bind: func(o *options) value { return &o.set }},
	{name: "steps", question: true, means: "show the derivation, one rule a line",
		bind: func(o *options) value { return &o.steps }},
	{name: "grad", question: true, means: "the gradient too",
		bind: func(o *options) value { return &o.grad }},
	{name: "hessian", question: true, means: "the matrix of second derivatives too",
		bind: func(o *options) value { return &o.hessian }},
	{name: "derivation", short: "d", arg: "FILE", files: true, means: "a derivation to check line by line; - is the standard input",
		bind: func(o *options) value { return &o.derivation }},
	{name: "values", arg: "4,1", question: true, means: "numbers to judge, computed elsewhere: the partial derivatives at the point",
		bind: func(o *options) value { return &o.values }},
	{name: "summary", means: "count the verdicts and the mistakes of all answers at the end",
		bind: func(o *options) value { return &o.summary }},
	{name: "csv", means: "the input, a file or the standard input, is CSV; its first line names the columns as the keys of JSON questions are named",
		bind: func(o *options) value { return &o.csv }},
	{name: "bounds", arg: "x=-5:5,y=0:", question: true, means: "keep variables between bounds; a side may be left open, and with one variable -5:5 will do",
		bind: func(o *options) value { return &o.bounds }},
	{name: "certificate", arg: "FILE", files: true, means: "write the proof into a file, for 'nabla verify'",
		bind: func(o *options) value { return &o.certificate }},
	{name: "start", arg: "x=1", question: true, means: "where to begin",
		bind: func(o *options) value { return &o.start }},
	{name: "subject-to", arg: "'x+y<=1'", question: true, means: "a constraint: <, <=, >, >= or ==; repeat it for more",
		bind: func(o *options) value { return &o.subjectTo }},
	{name: "method", arg: "NAME", question: true, means: "how to search: auto, or one of the methods that 'nabla help methods' lists",
		bind: func(o *options) value { return &o.method }, complete: methodNames},
	{name: "rate", arg: "0.1", question: true, means: "learning rate: the step is the rate times the gradient; auto derives a safe one from the formula",
		bind: func(o *options) value { return &o.rate }},
	{name: "schedule", arg: "NAME", question: true, means: "how the rate changes: constant, inverse, step or cosine",
		bind: func(o *options) value { return &o.schedule }, complete: words("constant", "inverse", "step", "cosine")},
	{name: "momentum", arg: "0.9", question: true, means: "share of the velocity that is kept",
		bind: func(o *options) value { return positive{&o.momentum} }},
	{name: "param", arg: "name=value", question: true, means: "set a parameter of the method; repeat it for more",
		bind: func(o *options) value { return &o.params }},
	{name: "iterations", arg: "N", question: true, means: "at most so many steps",
		bind: func(o *options) value { return count{&o.iterations, 1, 1 << 30} }},
	{name: "tol", arg: "1e-10", question: true, means: "stop when the gradient is this small, relative to max(1, |f|)",
		bind: func(o *options) value { return positive{&o.tol} }},
	{name: "tol-change", arg: "1e-5", question: true, means: "stop when f changes by no more than this in a step",
		bind: func(o *options) value { return positive{&o.tolChange} }},
	{name: "gradient", arg: "formula|difference", question: true, means: "where the gradient comes from: the formula's derivative, or differences of its values",
		bind: func(o *options) value { return choice{&o.gradient, []string{"formula", "difference"}} }, complete: words("formula", "difference")},
	{name: "every", arg: "N", question: true, means: "show every N-th iterate; the last is always shown",
		bind: func(o *options) value { return count{&o.every, 1, 1 << 30} }},
	{name: "ascend", question: true, means: "walk uphill instead",
		bind: func(o *options) value { return &o.ascend }},
	{name: "trace", arg: "FILE", files: true, means: "write every iterate to a file, as CSV or, if its name ends in .jsonl, as JSON Lines",
		bind: func(o *options) value { return &o.trace }},
	{name: "seed", arg: "N", question: true, means: "seed of everything random (0)",
		bind: func(o *options) value { return &o.seed }},
	{name: "timeout", arg: "10s", question: true, means: "at most so long for each formula",
		bind: func(o *options) value { return &o.timeout }},
	{name: "path", question: true, means: "draw the walk of the method, from --start or a random point",
		bind: func(o *options) value { return &o.path }},
	{name: "paths", arg: "gd,adam", question: true, means: "draw the walks of several methods",
		bind: func(o *options) value { return &o.paths }, complete: methodNames},
	{name: "methods", arg: "gd,adam,bfgs", question: true, means: "the methods to compare",
		bind: func(o *options) value { return &o.methods }, complete: methodNames},
	{name: "starts", arg: "N", question: true, means: "so many random starts, for medians and ranges (1)",
		bind: func(o *options) value { return count{&o.starts, 1, 10000} }},
	{name: "arrows", question: true, means: "the direction of steepest descent, as arrows",
		bind: func(o *options) value { return &o.arrows }},
	{name: "surface", question: true, means: "two variables: a surface instead of contours",
		bind: func(o *options) value { return &o.surface }},
	{name: "cost", question: true, means: "the value of f at each iterate of the walks",
		bind: func(o *options) value { return &o.cost }},
	{name: "differences", question: true, means: "the error of difference quotients at --at against their step",
		bind: func(o *options) value { return &o.differences }},
	{name: "plot", arg: "term|FILE", question: true, means: "a picture too: in text, or a file that ends in .svg, .png or .pdf",
		bind: func(o *options) value { return &o.plot }, complete: words(inTerminal)},
	{name: "frames", arg: "DIR", files: true, means: "an animation: one SVG a frame, in a folder",
		bind: func(o *options) value { return &o.frames }},
	{name: "size", arg: "480x320", question: true, means: "size of the picture in points, 1/72 inch",
		bind: func(o *options) value { return &o.size }},
	{name: "dark", question: true, means: "a picture for dark pages",
		bind: func(o *options) value { return &o.dark }},
	{name: "man", means: "the manual page in the man format",
		bind: func(o *options) value { return &o.man }},
	{name: "digits", arg: "N", question: true, means: "significant digits of numbers in text (6)",
		bind: func(o *options) value { return count{&o.digits, 1, 17} }},
	{name: "format", arg: "text|plain|unicode|latex|json", means: "how results are written",
		bind: func(o *options) value { return choice{&o.format, formats} }, complete: words(formats...)},
	{name: "json", means: "short for --format json",
		bind: func(o *options) value { return alias{&o.format, formatJSON} }},
	{name: "plain", means: "short for --format plain: text with every * written",
		bind: func(o *options) value { return alias{&o.format, formatPlain} }},
	{name: "output", short: "o", arg: "FILE", files: true, means: "write results to a file",
		bind: func(o *options) value { return &o.output }},
	{name: "quiet", short: "q", means: "results only: no warnings, no remarks",
		bind: func(o *options) value { return &o.quiet }},
	{name: "verbose", short: "v", means: "say more: method, evaluations, time",
		bind: func(o *options) value { return &o.verbose }},
	{name: "color", arg: "auto|always|never", means: "colours in text; auto is for terminals, unless NO_COLOR is set",
		bind: func(o *options) value { return choice{&o.color, colors} }, complete: words(colors...)},
	{name: "help", short: "h", means: "help on the command",
		bind: func(o *options) value { return &o.help }},
	{name: "version", short: "V", means: "the version",
		bind: func(o *options) value { return &o.version }},
}

var (
	formats = []string{formatText, formatPlain, formatUnicode, formatLaTeX, formatJSON}
	colors  = []string{"auto", "always", "never"}
)

// commonFlags are the flags of every command.
var commonFlags = []string{"digits", "format", "json", "plain", "output", "quiet", "verbose", "color", "help", "version"}

// flagNamed returns the row among rows of the flag --name, nil when there is none.
func flagNamed(rows []*flagRow, name string) *flagRow {
	for _, r := range rows {
		if r.name == name {
			return r
		}
	}
	return nil
}

// rows returns the rows of the flags of c, its own first.
func (c *command) rows() []*flagRow {
	var out []*flagRow
	for _, r := range flagTable {
		if slices.Contains(c.flags, r.name) || slices.Contains(commonFlags, r.name) {
			out = append(out, r)
		}
	}
	return out
}

// row returns the row of the flag of c with that name, nil when c has no such
// flag.
func (c *command) row(name string) *flagRow { return flagNamed(c.rows(), name) }

// flagSet returns the flags of c, with o for their values.
func (c *command) flagSet(o *options) *pflag.FlagSet {
	fs := pflag.NewFlagSet(c.name, pflag.ContinueOnError)
	for _, r := range c.rows() {
		f := fs.VarPF(r.bind(o), r.name, r.short, r.means)
		if !r.takesValue() {
			f.NoOptDefVal = "true"
		}
	}
	return fs
}
