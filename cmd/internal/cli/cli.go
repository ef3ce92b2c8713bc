// Package cli is the command line of nabla: a thin shell over the library.
//
// A command is a row of a table (command.go) and a function of a context, a
// session (the Env with the flags and arguments that were read) to an error. Most
// commands answer questions: a formula with what is asked of it, from the
// arguments or, one a line, from standard input. Such a command is a function
// from a question to an answer, and an answer can be written as text and as
// JSON; reading, streaming, time limits, errors and exit codes are the same for
// all and stand in session.go.
//
// In what follows f is a formula, x a point, and a question one formula with
// what is asked of it.
package cli

import (
	"context"
	"errors"
	"io"
	"syscall"
	"time"
)

// grace is how long a command may take to come to an end once it is told to:
// time enough to print the best so far, and not so long that a person waits.
const grace = 2 * time.Second

// Main runs the command line args and returns the exit code. Cancelling ctx
// interrupts it. A command that does not heed that within two seconds is left
// behind, and writes nothing more.
func Main(ctx context.Context, env *Env, args []string) int {
	out, talk := &gate{w: env.Stdout}, &gate{w: env.Stderr}
	gated := *env
	gated.Stdout, gated.Stderr = out, talk
	done := make(chan int, 1)
	go func() { done <- execute(ctx, &gated, args) }()
	select {
	case code := <-done:
		return code
	case <-ctx.Done():
	}
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case code := <-done:
		return code
	case <-timer.C:
		out.close()
		talk.close()
		return exitInterrupted
	}
}

// execute reads the command line and runs it.
func execute(ctx context.Context, env *Env, args []string) (code int) {
	l, err := readLine(args)
	s := &session{env: env, opt: newOptions()}
	if l != nil {
		s.command, s.opt, s.args = l.command, l.opt, l.args
	} else if asksForJSON(args) {
		s.opt.format = formatJSON
	}
	s.paint = newPainter(env, s.opt.color)
	if err == nil {
		if len(args) == 0 && !env.Piped {
			io.WriteString(env.Stderr, overview(s.width()))
			return exitUsage
		}
		switch {
		case bool(s.opt.help):
			s.command, s.args = commandNamed("help"), helpOn(l.command, args)
		case bool(s.opt.version):
			s.command, s.args = commandNamed("help"), []string{"version"}
		}
		err = s.run(ctx)
	}
	if err != nil {
		if isClosedPipe(err) {
			return s.worst
		}
		s.fail(nil, err)
	}
	if err := s.close(); err != nil && !isClosedPipe(err) {
		s.fail(nil, err)
	}
	return s.worst
}

// isClosedPipe reports whether err says that nobody reads the results any more,
// as after | head. That is no error.
func isClosedPipe(err error) bool {
	return errors.Is(err, syscall.EPIPE) || errors.Is(err, io.ErrClosedPipe)
}

// asksForJSON tells, of a command line that could not be read, whether its error
// is wanted as JSON.
func asksForJSON(args []string) bool {
	for i, a := range args {
		if a == "--json" || a == "--format=json" || a == "--format" && i+1 < len(args) && args[i+1] == formatJSON {
			return true
		}
		if a == "--" {
			break
		}
	}
	return false
}
