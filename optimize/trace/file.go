package trace

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// A Format is a form of file.
type Format int

const (
	// CSV has a line of names, k, the variables, f, the partial derivatives
	// df/dx, step and evaluations, and then a line for each iterate; what a method does not
	// have is left empty. Formula and method are not in it.
	CSV Format = iota
	// JSONLines has one object a line: first one with the keys formula, variables
	// and method, then one for each iterate with the keys k, at, f, gradient, step
	// and evaluations. Numbers that JSON cannot write are "nan", "inf" and "-inf".
	JSONLines
)

// FormatOf returns JSONLines for names that end in .jsonl or .ndjson, and CSV for all
// others.
func FormatOf(file string) Format {
	if name := strings.ToLower(file); strings.HasSuffix(name, ".jsonl") || strings.HasSuffix(name, ".ndjson") {
		return JSONLines
	}
	return CSV
}

// A Writer writes iterates one by one. Errors of writing are kept and returned
// by Flush.
type Writer struct {
	w      *bufio.Writer
	format Format
	vars   []string
	buf    []byte
}

// NewWriter begins a file with what the iterates of t have in common; those of t
// itself are not written.
func NewWriter(w io.Writer, format Format, t *Trace) *Writer {
	out := &Writer{w: bufio.NewWriter(w), format: format, vars: t.Variables}
	if format == JSONLines {
		b := append([]byte(nil), `{"formula":`...)
		b = appendString(b, t.Formula)
		b = append(b, `,"variables":[`...)
		for i, x := range t.Variables {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendString(b, x)
		}
		b = append(b, `],"method":`...)
		out.w.Write(append(appendString(b, t.Method), '}', '\n'))
		return out
	}
	head := append(append([]string{"k"}, t.Variables...), "f")
	for _, x := range t.Variables {
		head = append(head, "df/d"+x)
	}
	c := csv.NewWriter(out.w)
	c.Write(append(head, "step", "evaluations"))
	c.Flush()
	return out
}

// Add writes one iterate.
func (w *Writer) Add(it Iterate) {
	if w.format == JSONLines {
		w.buf = appendObject(w.buf[:0], w.vars, it)
	} else {
		w.buf = appendRow(w.buf[:0], it)
	}
	w.w.Write(append(w.buf, '\n'))
}

// Flush writes what is still waiting and returns the first error of all.
func (w *Writer) Flush() error { return w.w.Flush() }

// Write writes all of t.
func (t *Trace) Write(w io.Writer, format Format) error {
	out := NewWriter(w, format, t)
	for _, it := range t.Iterates {
		out.Add(it)
	}
	return out.Flush()
}

func appendRow(b []byte, it Iterate) []byte {
	number := func(v float64) {
		b = append(b, ',')
		if !math.IsNaN(v) {
			b = strconv.AppendFloat(b, v, 'g', -1, 64)
		}
	}
	b = strconv.AppendInt(b, int64(it.K), 10)
	for _, v := range it.X {
		number(v)
	}
	number(it.F)
	for i := range it.X {
		if it.Gradient == nil {
			b = append(b, ',')
		} else {
			number(it.Gradient[i])
		}
	}
	number(it.Step)
	b = append(b, ',')
	return strconv.AppendInt(b, int64(it.Evaluations), 10)
}

func appendObject(b []byte, vars []string, it Iterate) []byte {
	point := func(x []float64) {
		b = append(b, '{')
		for i, v := range x {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendString(b, vars[i])
			b = appendNumber(append(b, ':'), v)
		}
		b = append(b, '}')
	}
	b = strconv.AppendInt(append(b, `{"k":`...), int64(it.K), 10)
	b = append(b, `,"at":`...)
	point(it.X)
	b = appendNumber(append(b, `,"f":`...), it.F)
	if it.Gradient != nil {
		b = append(b, `,"gradient":`...)
		point(it.Gradient)
	}
	b = appendNumber(append(b, `,"step":`...), it.Step)
	return append(strconv.AppendInt(append(b, `,"evaluations":`...), int64(it.Evaluations), 10), '}')
}

func appendString(b []byte, s string) []byte {
	q, err := json.Marshal(s)
	if err != nil {
		panic(err) // every string can be written
	}
	return append(b, q...)
}

func appendNumber(b []byte, v float64) []byte {
	switch {
	case math.IsNaN(v):
		return append(b, `"nan"`...)
	case math.IsInf(v, 1):
		return append(b, `"inf"`...)
	case math.IsInf(v, -1):
		return append(b, `"-inf"`...)
	}
	q, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return append(b, q...)
}

// Read reads what Write or a Writer has written. An error says in which line.
func Read(r io.Reader, format Format) (*Trace, error) {
	if format == JSONLines {
		return readLines(r)
	}
	return readCSV(r)
}

func readCSV(r io.Reader) (*Trace, error) {
	c := csv.NewReader(r)
	head, err := c.Read()
	if err != nil {
		if errors.Is(err, io.EOF) {
			err = errors.New("the file is empty")
		}
		return nil, fmt.Errorf("trace: %w", err)
	}
	n := (len(head) - 4) / 2
	if n < 1 || len(head) != 2*n+4 || head[0] != "k" || head[n+1] != "f" || head[2*n+2] != "step" {
		return nil, errors.New("trace: line 1: the columns must be k, the variables, f, the partial derivatives, step and evaluations")
	}
	t := &Trace{Variables: append([]string(nil), head[1:n+1]...)}
	for {
		row, err := c.Read()
		if errors.Is(err, io.EOF) {
			return t, nil
		}
		if err != nil {
			return nil, fmt.Errorf("trace: %w", err)
		}
		it := Iterate{X: make([]float64, n)}
		number := func(i int) float64 {
			if row[i] == "" {
				return math.NaN()
			}
			v, nerr := strconv.ParseFloat(row[i], 64)
			if nerr != nil && err == nil {
				line, column := c.FieldPos(i)
				err = fmt.Errorf("trace: line %d, column %d: %q is no number", line, column, row[i])
			}
			return v
		}
		it.K = int(number(0))
		for i := range n {
			it.X[i] = number(1 + i)
		}
		it.F = number(n + 1)
		for i := range n {
			if row[n+2+i] != "" {
				it.Gradient = make([]float64, n)
			}
		}
		for i := range it.Gradient {
			it.Gradient[i] = number(n + 2 + i)
		}
		it.Step, it.Evaluations = number(2*n+2), int(number(2*n+3))
		if err != nil {
			return nil, err
		}
		t.Iterates = append(t.Iterates, it)
	}
}

// number is a number of JSON or "nan", "inf", "-inf".
type number float64

func (v *number) UnmarshalJSON(b []byte) error {
	x, err := strconv.ParseFloat(strings.Trim(string(b), `"`), 64)
	*v = number(x)
	return err
}

func readLines(r io.Reader) (*Trace, error) {
	d := json.NewDecoder(r)
	var t Trace
	if err := d.Decode(&t); err != nil {
		return nil, fmt.Errorf("trace: line 1: %w", err)
	}
	if len(t.Variables) == 0 {
		return nil, errors.New("trace: line 1: the object must have the key variables")
	}
	t.Iterates = nil
	for line := 2; ; line++ {
		var o struct {
			K, Evaluations int
			At, Gradient   map[string]number
			F, Step        number
		}
		err := d.Decode(&o)
		if errors.Is(err, io.EOF) {
			return &t, nil
		}
		if err != nil {
			return nil, fmt.Errorf("trace: line %d: %w", line, err)
		}
		it := Iterate{K: o.K, F: float64(o.F), Step: float64(o.Step), Evaluations: o.Evaluations, X: make([]float64, len(t.Variables))}
		if o.Gradient != nil {
			it.Gradient = make([]float64, len(t.Variables))
		}
		for i, x := range t.Variables {
			v, ok := o.At[x]
			if !ok {
				return nil, fmt.Errorf("trace: line %d: %s has no value", line, x)
			}
			it.X[i] = float64(v)
			if it.Gradient != nil {
				it.Gradient[i] = float64(o.Gradient[x])
			}
		}
		t.Iterates = append(t.Iterates, it)
	}
}
