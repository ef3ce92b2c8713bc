package cli

import (
	"io"
	"os"
	"strconv"
	"sync"
)

// An Env is everything that a command may touch besides its arguments.
type Env struct {
	Stdin  io.Reader
	Stdout io.Writer // results
	Stderr io.Writer // everything else
	// Piped says that formulas may come from Stdin without being asked for: it is
	// a pipe or a file, not a terminal.
	Piped bool
	// Terminal and ErrTerminal say that a person watches Stdout and Stderr.
	Terminal, ErrTerminal bool
	// Columns and Rows are the size of the terminal at Stdout, 0 when there is none or
	// it is not known.
	Columns, Rows int
	// NoColor forbids colour unless --color always asks for it.
	NoColor bool
}

// System returns the Env of the process.
func System() *Env {
	columns, rows := terminalSize(os.Stdout)
	if n, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && n > 0 {
		columns = n
	}
	return &Env{
		Columns: columns, Rows: rows,
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		Piped:    isPiped(os.Stdin),
		Terminal: isTerminal(os.Stdout), ErrTerminal: isTerminal(os.Stderr),
		NoColor: os.Getenv("NO_COLOR") != "" || os.Getenv("TERM") == "dumb",
	}
}

func isPiped(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice == 0
}

// isTerminal takes every character device but the null device for a terminal.
func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return false
	}
	null, err := os.Stat(os.DevNull)
	return err != nil || !os.SameFile(info, null)
}

// A gate passes writes on until it is shut. A command that does not end when it
// is told to is left behind, and must then write no more.
type gate struct {
	mu   sync.Mutex
	w    io.Writer
	shut bool
}

func (g *gate) Write(p []byte) (int, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.shut {
		return 0, io.ErrClosedPipe
	}
	return g.w.Write(p)
}

func (g *gate) close() {
	g.mu.Lock()
	g.shut = true
	g.mu.Unlock()
}
