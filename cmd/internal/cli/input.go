package cli

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"nabla/expr/syntax"
)

// maxLine is the length in bytes of the longest line of input that is read: the
// longest formula and room for what is asked of it.
const maxLine = syntax.MaxText + 1<<20

// An input is questions, one a line: a formula, or a JSON object. Blank lines and
// lines with nothing but a comment are skipped.
type input struct {
	r       *bufio.Reader
	command *command
	opt     *options
	line    int

	csv     *csv.Reader // where the input is CSV
	columns []string    // the first line of that
}

func newInput(r io.Reader, c *command, o *options) *input {
	in := &input{r: bufio.NewReaderSize(r, 1<<16), command: c, opt: o}
	if o.csv {
		in.csv = csv.NewReader(in.r)
		in.csv.FieldsPerRecord = -1
		in.csv.TrimLeadingSpace = true
	}
	return in
}

// next returns the next question, with an error if the line is none. After the
// last it returns nil. Reading waits for no more than the line, and not at all
// once ctx is done.
func (in *input) next(ctx context.Context) (*question, error) {
	if in.csv != nil {
		return in.record()
	}
	for {
		line, err := in.read(ctx)
		if err != nil && (line == "" || !errors.Is(err, errLong)) {
			if errors.Is(err, io.EOF) {
				return nil, nil
			}
			return nil, err
		}
		in.line++
		if in.line == 1 {
			line = strings.TrimPrefix(line, "\ufeff")
		}
		q := &question{line: in.line, opt: in.opt}
		if err != nil {
			return q, err
		}
		q.text = strings.TrimSpace(line)
		switch {
		case q.text == "" || q.text[0] == '#':
			continue
		case q.text[0] == '{':
			return q, in.object(q)
		}
		return q, nil
	}
}

// errLong is the error of a line longer than maxLine; the rest of it is skipped.
var errLong error = limitFailure("", "the line is longer than %d bytes", maxLine)

// read returns the next line without its end. At the end of the input the last
// line needs no newline.
func (in *input) read(ctx context.Context) (string, error) {
	if in.r.Buffered() > 0 {
		return in.readLine() // does not wait, or not long
	}
	type result struct {
		line string
		err  error
	}
	done := make(chan result, 1)
	go func() {
		line, err := in.readLine()
		done <- result{line, err}
	}()
	select {
	case r := <-done:
		return r.line, r.err
	case <-ctx.Done():
		return "", interrupted()
	}
}

func (in *input) readLine() (string, error) {
	var long []byte
	for {
		part, err := in.r.ReadSlice('\n')
		switch {
		case err == nil && long == nil:
			return strings.TrimSuffix(string(part), "\n"), nil
		case err == nil:
			long = append(long, part...)
			return strings.TrimSuffix(string(long), "\n"), nil
		case errors.Is(err, bufio.ErrBufferFull):
			if long = append(long, part...); len(long) > maxLine {
				return "…", in.skip()
			}
		case errors.Is(err, io.EOF):
			if long = append(long, part...); len(long) > 0 {
				return string(long), nil
			}
			return "", io.EOF
		default:
			return "", dataFailure(err)
		}
	}
}

// skip reads to the end of the line and returns errLong.
func (in *input) skip() error {
	for {
		_, err := in.r.ReadSlice('\n')
		switch {
		case err == nil || errors.Is(err, io.EOF):
			return errLong
		case !errors.Is(err, bufio.ErrBufferFull):
			return dataFailure(err)
		}
	}
}

// object reads the question that the text of q, a JSON object, asks.
func (in *input) object(q *question) error {
	q.json = true
	raw := json.RawMessage(q.text)
	q.text = ""
	if !json.Valid(raw) {
		var v any
		return &failure{exit: exitData, msg: "not a JSON object: " + json.Unmarshal(raw, &v).Error()}
	}
	list, err := members(raw)
	if err != nil {
		return inData("", err)
	}
	for _, m := range list {
		if m.key == "id" {
			q.id = m.value
		}
	}
	return in.members(q, list)
}

// members takes the keys of a question.
func (in *input) members(q *question, list []member) error {
	opt := *in.opt
	q.opt = &opt
	for _, m := range list {
		if string(m.value) == "null" {
			continue
		}
		if err := in.member(q, m); err != nil {
			return inData(m.key, err)
		}
	}
	if q.text == "" && q.derivation == nil {
		return &failure{exit: exitData, msg: "there is no formula in it"}
	}
	return nil
}

// member takes one key of a JSON question.
func (in *input) member(q *question, m member) error {
	switch m.key {
	case "id":
		return nil
	case "formula":
		if m.value[0] != '"' {
			return errors.New("expected a string")
		}
		return json.Unmarshal(m.value, &q.text)
	case "claim":
		if in.command.claims {
			var err error
			q.claims, err = stringList(m.value)
			return err
		}
	case "derivation":
		if in.command.claims {
			var err error
			q.derivation, err = stringList(m.value)
			switch {
			case err != nil:
			case len(q.derivation) == 0:
				err = errors.New("there is no line in it")
			case len(q.derivation) == 1: // a text of several lines
				q.derivation = strings.Split(q.derivation[0], "\n")
			}
			return err
		}
	}
	row := in.command.row(m.key)
	if row == nil || !row.question || len(m.key) == 1 {
		return in.unknownKey(m.key)
	}
	return row.bind(q.opt).SetJSON(m.value)
}

// record reads the question of the next record of CSV. Empty cells say nothing.
func (in *input) record() (*question, error) {
	if in.columns == nil {
		head, err := in.csv.Read()
		if errors.Is(err, io.EOF) {
			return nil, nil
		}
		if err != nil {
			return nil, dataFailure(err)
		}
		for i, name := range head {
			head[i] = strings.TrimSpace(strings.TrimPrefix(name, "\ufeff"))
		}
		in.columns = head
	}
	cells, err := in.csv.Read()
	if errors.Is(err, io.EOF) {
		return nil, nil
	}
	if err != nil && cells == nil {
		return nil, dataFailure(err)
	}
	line, _ := in.csv.FieldPos(0)
	q := &question{line: line, opt: in.opt}
	if err != nil {
		return q, dataFailure(err)
	}
	if len(cells) > len(in.columns) {
		return q, dataFailure(fmt.Errorf("the record has %d cells, the first line names %d", len(cells), len(in.columns)))
	}
	var list []member
	for i, cell := range cells {
		if strings.TrimSpace(cell) == "" {
			continue
		}
		m := member{in.columns[i], appendString(nil, cell)}
		if m.key == "id" {
			q.id = m.value
		}
		list = append(list, m)
	}
	return q, in.members(q, list)
}

// stringList reads a string or a list of strings.
func stringList(raw json.RawMessage) ([]string, error) {
	if raw[0] != '[' {
		raw = append(append(json.RawMessage{'['}, raw...), ']')
	}
	var list []string
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, errors.New("expected a string or a list of strings")
	}
	return list, nil
}

func (in *input) unknownKey(key string) error {
	keys := []string{"id", "formula"}
	if in.command.claims {
		keys = append(keys, "claim", "derivation")
	}
	for _, r := range in.command.rows() {
		if r.question {
			keys = append(keys, r.name)
		}
	}
	f := dataFailure(fmt.Errorf("%s has no such key", in.command.name))
	if f.hint = didYouMean(key, keys); f.hint == "" {
		f.hint = "the keys are " + strings.Join(keys, ", ")
	}
	return f
}
