package cli

import (
	"os"

	"nabla/optimize/trace"
)

// maxRows is how many iterates are shown of a long walk in text, where nobody reads
// thousands of lines.
const maxRows = 40

// recorder keeps the iterates to show.
func recorder(q *question) *trace.Recorder {
	r := &trace.Recorder{Every: q.opt.every}
	if q.opt.every == 0 && q.opt.format != formatJSON && !q.json {
		r.Most = maxRows
	}
	return r
}

// A traceFile takes every iterate. The nil traceFile takes none.
type traceFile struct {
	file *os.File
	*trace.Writer
}

func newTraceFile(name string, t *trace.Trace) (*traceFile, error) {
	if name == "" {
		return nil, nil
	}
	f, err := os.Create(name)
	if err != nil {
		return nil, dataFailure(err)
	}
	return &traceFile{f, trace.NewWriter(f, trace.FormatOf(name), t)}, nil
}

func (t *traceFile) add(it trace.Iterate) {
	if t != nil {
		t.Add(it)
	}
}

func (t *traceFile) close() error {
	if t == nil {
		return nil
	}
	err := t.Flush()
	if cerr := t.file.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return dataFailure(err)
	}
	return nil
}

// An iterateRecord is an iterate in JSON.
type iterateRecord struct {
	K        int           `json:"k"`
	At       namedNumbers  `json:"at"`
	F        jsonNumber    `json:"f"`
	Gradient *namedNumbers `json:"gradient,omitempty"`
	Step     jsonNumber    `json:"step"`
}

func iterateRecordOf(it trace.Iterate, vars []string) iterateRecord {
	r := iterateRecord{K: it.K, At: namedNumbers{vars, it.X}, F: jsonNumber(it.F), Step: jsonNumber(it.Step)}
	if it.Gradient != nil {
		r.Gradient = &namedNumbers{vars, it.Gradient}
	}
	return r
}

// A bestRecord is a point with its value in JSON.
type bestRecord struct {
	At namedNumbers `json:"at"`
	F  jsonNumber   `json:"f"`
}
