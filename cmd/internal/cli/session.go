package cli

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"nabla/diff"
	"nabla/expr"
)

// A session is one run of a command.
type session struct {
	env     *Env
	command *command
	opt     *options
	args    []string
	paint   painter

	out   *bufio.Writer // results
	file  *os.File      // of -o
	worst int           // the largest exit code so far
	drawn bool          // a picture has been written into a file
}

// A question is a formula with what is asked of it.
type question struct {
	line int             // of the input, from 1; 0 for an argument
	json bool            // it came as a JSON object
	id   json.RawMessage // and had this id
	text string          // the formula
	opt  *options
	// claims are the derivatives to judge.
	claims []string
	// derivation holds the lines of a derivation to judge, instead.
	derivation []string
	// progress shows how a long search is getting on; nil where nobody watches.
	progress func(string)
	// warnings are what the reading of the formula makes worth saying.
	warnings []string
}

// An answer is what a command says to a question.
type answer interface {
	// record returns the value that JSON output is made of. Its first fields are
	// those of head.
	record(h head) any
	// write writes the answer for a person.
	write(t *text)
	// exit returns the exit code.
	exit() int
}

// run runs the command of s.
func (s *session) run(ctx context.Context) error {
	w := s.env.Stdout
	if name := string(s.opt.output.word); name != "" && !(s.command.draws && isPicture(name)) {
		f, err := os.Create(name)
		if err != nil {
			return dataFailure(err)
		}
		s.file, w = f, f
	}
	s.out = bufio.NewWriter(w)
	return s.command.run(ctx, s)
}

// close ends the output.
func (s *session) close() error {
	if s.out == nil {
		return nil
	}
	err := s.out.Flush()
	if s.file != nil {
		if cerr := s.file.Close(); err == nil {
			err = cerr
		}
	}
	if err != nil && !isClosedPipe(err) {
		return dataFailure(err)
	}
	return err
}

// note makes code the exit code if it is worse than those before.
func (s *session) note(code int) { s.worst = max(s.worst, code) }

// fail reports that q, or the command line when q is nil, has no answer.
func (s *session) fail(q *question, err error) {
	f := asFailure(err)
	s.note(f.exit)
	if !s.wantsJSON(q) {
		line := 0
		if q != nil {
			line = q.line
		}
		io.WriteString(s.env.Stderr, f.report(line, newPainter(&Env{Terminal: s.env.ErrTerminal, NoColor: s.env.NoColor}, s.opt.color)))
		return
	}
	if s.out == nil {
		s.out = bufio.NewWriter(s.env.Stdout)
	}
	s.writeJSON(failureRecord(s.head(q), f, q))
}

// wantsJSON reports whether what concerns q is written as JSON.
func (s *session) wantsJSON(q *question) bool {
	return s.opt.format == formatJSON || q != nil && q.json && !s.opt.formatGiven
}

func (s *session) head(q *question) head {
	h := head{Schema: schema}
	if s.command != nil {
		h.Command = s.command.name
	}
	if q != nil {
		h.ID = q.id
	}
	return h
}

// ask has each question answered: the formula among the arguments, or the lines
// of the input. An answer is written before the next question is read. The error
// it returns is one that ends the command.
func (s *session) ask(ctx context.Context, answer func(context.Context, *question) (answer, error)) error {
	switch {
	case len(s.args) == 0 && !s.env.Piped:
		return usage(fmt.Sprintf("write nabla %s 'x^2 + 2', or see nabla %s --help", s.command.name, s.command.name), "%s needs a formula", s.command.name)
	case len(s.args) > 1 && !s.command.claims:
		return s.tooMany()
	case len(s.args) == 0 || s.args[0] == "-":
		return s.askInput(ctx, s.env.Stdin, answer)
	case bool(s.opt.csv):
		if len(s.args) > 1 {
			return usage("", "--csv reads one file, and there are %d arguments", len(s.args))
		}
		f, err := os.Open(s.args[0])
		if err != nil {
			return dataFailure(err)
		}
		defer f.Close()
		return s.askInput(ctx, f, answer)
	}
	q := &question{text: s.args[0], opt: s.opt, claims: s.args[1:]}
	return s.settle(ctx, q, answer)
}

// tooMany is the mistake of a formula that the shell took apart.
func (s *session) tooMany() error {
	name := s.command.name + " "
	if s.command.bare {
		name = ""
	}
	return usage(fmt.Sprintf("put the formula in quotes: nabla %s'%s'", name, strings.Join(s.args, " ")),
		"expected one formula, found %d arguments", len(s.args))
}

// askInput answers the questions in r.
func (s *session) askInput(ctx context.Context, r io.Reader, answer func(context.Context, *question) (answer, error)) error {
	in := newInput(r, s.command, s.opt)
	for {
		q, err := in.next(ctx)
		if q == nil {
			return err
		}
		if err != nil {
			s.fail(q, err)
			err = s.out.Flush()
		} else {
			err = s.settle(ctx, q, answer)
		}
		if err != nil {
			return err
		}
	}
}

// settle answers q and writes the answer. The error it returns is one that ends
// the command: of writing, or an interruption.
func (s *session) settle(ctx context.Context, q *question, answer func(context.Context, *question) (answer, error)) error {
	begun := time.Now()
	if s.env.ErrTerminal && !bool(s.opt.quiet) {
		q.progress = func(state string) { io.WriteString(s.env.Stderr, clearLine+state) }
		defer func() { q.progress = nil }()
	}
	a, err := s.limited(ctx, q, answer)
	if q.progress != nil && time.Since(begun) > time.Second {
		io.WriteString(s.env.Stderr, clearLine)
	}
	if err != nil {
		if ctx.Err() != nil {
			return interrupted()
		}
		s.fail(q, err)
		return s.out.Flush()
	}
	code := a.exit()
	if ctx.Err() != nil {
		code = exitInterrupted
	}
	s.note(code)
	s.write(q, a, time.Since(begun))
	return s.out.Flush()
}

// clearLine goes back to the beginning of the line of a terminal and clears it.
const clearLine = "\r\x1b[K"

func interrupted() error { return &failure{exit: exitInterrupted, msg: "interrupted"} }

// limited calls answer, within the time limit of q if it has one.
func (s *session) limited(ctx context.Context, q *question, answer func(context.Context, *question) (answer, error)) (answer, error) {
	limit := time.Duration(q.opt.timeout)
	if limit == 0 {
		return s.guarded(ctx, q, answer)
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	type result struct {
		a   answerOrNil
		err error
	}
	done := make(chan result, 1)
	go func() {
		a, err := s.guarded(ctx, q, answer)
		done <- result{a, err}
	}()
	select {
	case r := <-done:
		return r.a, r.err
	case <-ctx.Done():
	}
	// What heeds the context comes with its best so far, on a busy machine later than on an idle one.
	timer := time.NewTimer(max(grace, limit/2))
	defer timer.Stop()
	select {
	case r := <-done:
		return r.a, r.err
	case <-timer.C:
		return nil, limitFailure("allow more with --timeout", "no answer within %s", limit)
	}
}

type answerOrNil = answer

// guarded calls answer and turns a panic, which would be a bug of nabla, into a
// failure of this question alone.
func (s *session) guarded(ctx context.Context, q *question, answer func(context.Context, *question) (answer, error)) (a answer, err error) {
	defer func() {
		if p := recover(); p != nil {
			a, err = nil, limitFailure("this is a bug of nabla, not a mistake of yours", "internal error: %v", p)
			if s.opt.verbose {
				s.env.Stderr.Write(debug.Stack())
			}
		}
	}()
	return answer(ctx, q)
}

// write writes the answer to q.
func (s *session) write(q *question, a answer, took time.Duration) {
	if s.wantsJSON(q) {
		h := s.head(q)
		h.Warnings = q.warnings
		s.writeJSON(a.record(h))
		return
	}
	t := &text{session: s, opt: q.opt, oneLine: q.line > 0, id: q.id}
	a.write(t)
	t.flush()
	if s.opt.quiet {
		return
	}
	for _, w := range q.warnings {
		s.say(q, "note: "+w)
	}
	if s.opt.verbose {
		if r, ok := a.(interface{ remarks() []string }); ok {
			for _, remark := range r.remarks() {
				s.say(q, remark)
			}
		}
		s.say(q, fmt.Sprintf("took %s", took.Round(10*time.Microsecond)))
	}
}

// say writes a remark to the standard error output.
func (s *session) say(q *question, remark string) {
	if q.line > 0 {
		remark = fmt.Sprintf("line %d: %s", q.line, remark)
	}
	io.WriteString(s.env.Stderr, "nabla: "+remark+"\n")
}

// width is the width of text in columns.
func (s *session) width() int { return 80 }

// read reads the formula of q and notes what is worth a warning.
func (q *question) read() (*expr.Formula, error) {
	f, err := expr.Reader{Set: q.opt.set.fixed(), Derivative: diff.D}.Read(q.text)
	if err != nil {
		return nil, err
	}
	q.warnings = append(q.warnings, f.Warnings...)
	return f, nil
}

// warn notes something worth saying about q.
func (q *question) warn(format string, args ...any) {
	q.warnings = append(q.warnings, fmt.Sprintf(format, args...))
}

// inData marks a failure as one of data: what would be a mistake of the command
// line there is one of the data in a JSON question.
func inData(key string, err error) error {
	f := asFailure(err)
	if g := (*failure)(nil); !errors.As(err, &g) && f.place == nil {
		f.exit = exitData
	}
	if f.exit == exitUsage {
		f.exit = exitData
	}
	f.where = key
	return f
}
