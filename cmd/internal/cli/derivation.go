package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"unicode/utf8"

	"nabla/diff/check"
	"nabla/expr/format"
)

// A derivation is the answer of check to a derivation.
type derivation struct {
	lines []string // as they came, blank ones too
	check.DerivationResult
}

// readDerivation reads the lines of a derivation from a file, or from in when the
// name is -.
func readDerivation(name string, in io.Reader) ([]string, error) {
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, dataFailure(err)
		}
		defer f.Close()
		in = f
	}
	var lines []string
	s := bufio.NewScanner(in)
	s.Buffer(nil, maxLine)
	for s.Scan() {
		lines = append(lines, s.Text())
	}
	if err := s.Err(); err != nil {
		return nil, dataFailure(err)
	}
	return lines, nil
}

// checkDerivation judges the lines of the derivation of q.
func checkDerivation(q *question) (answer, error) {
	o := check.DerivationOptions{Options: check.Options{Seed: uint64(q.opt.seed)}, Set: q.opt.set.fixed()}
	switch len(q.opt.wrt) {
	case 0:
	case 1:
		o.Wrt = q.opt.wrt[0]
	default:
		return nil, inFlag("wrt", usage("", "a derivation is by one variable"))
	}
	r, err := check.Derivation(q.derivation, o)
	if e := (*check.LineError)(nil); errors.As(err, &e) {
		f := asFailure(e.Err)
		if f.place == nil {
			f.exit = exitFormula
		}
		f.where = fmt.Sprintf("line %d of the derivation", e.Line+1)
		return nil, f
	}
	if err != nil {
		return nil, err
	}
	return &derivation{q.derivation, r}, nil
}

func (d *derivation) exit() int { return verdictExit(d.Verdict) }

func (d *derivation) write(t *text) {
	if t.oneLine {
		t.line(d.summary())
		return
	}
	width := 0
	for _, l := range d.Lines {
		width = max(width, min(columns(strings.TrimSpace(l.Text)), 50))
	}
	for i, l := range d.Lines {
		word, paint := "", t.paint.dim
		switch l.VsPrevious {
		case check.Same:
			word, paint = "right", t.paint.good
		case check.Different:
			word, paint = "WRONG", t.paint.bad
		case check.Undecided:
			word = "?"
		}
		text := strings.TrimSpace(l.Text)
		s := fmt.Sprintf("%2d  %s%s  %s", i, paint(word), strings.Repeat(" ", 5-len(word)), text)
		if l.Note != "" {
			s += strings.Repeat(" ", max(0, width-columns(text))) + "    " + t.paint.dim(l.Note)
		}
		t.line(strings.TrimRight(s, " "))
	}
	t.line(d.summary())
	if d.FirstWrong < 0 {
		return
	}
	if w := d.Lines[d.FirstWrong].Witness; w != nil {
		t.line(t.differ(w, "the line is", "it should be"))
	}
	for _, l := range t.mistakes(d.Mistakes, d.Indistinguishable) {
		t.line(l)
	}
	if d.Expected.Valid() {
		t.line("it should be equal to  " + t.formula(d.Expected))
	}
}

// summary is the verdict on the whole in one line.
func (d *derivation) summary() string {
	switch d.Verdict {
	case check.Same:
		s := "RIGHT    every line is proved"
		if len(d.Conditions) > 0 {
			s += " for " + format.All(d.Conditions, format.Options{})
		}
		return s
	case check.Different:
		s := "WRONG    in line " + strconv.Itoa(d.FirstWrong)
		if d.Where != "" {
			s += ", at " + d.Where
		}
		return s
	}
	return "CANNOT TELL    no line is refuted, and not every one is proved"
}

// A lineRecord is a line of a derivation in JSON.
type lineRecord struct {
	Text            string          `json:"text"`
	AgainstPrevious *string         `json:"against_previous"` // null for the first line
	AgainstTruth    *string         `json:"against_truth"`    // null where there is nothing to compare with
	Witness         *witnessPoint   `json:"witness,omitempty"`
	Evidence        *evidenceRecord `json:"evidence,omitempty"`
	Note            string          `json:"note,omitempty"`
}

func (d *derivation) record(h head) any {
	r := struct {
		head
		Derivation        []string        `json:"derivation"`
		Wrt               string          `json:"wrt"`
		Verdict           string          `json:"verdict"`
		Lines             []lineRecord    `json:"lines"`
		FirstWrong        *int            `json:"first_wrong"`
		Where             string          `json:"where,omitempty"`
		Columns           *[2]int         `json:"columns,omitempty"` // of where in the wrong line, first and last, from 1
		Conditions        []string        `json:"conditions"`
		Mistakes          []mistakeRecord `json:"mistakes"`
		Indistinguishable bool            `json:"indistinguishable,omitempty"`
		Expected          string          `json:"expected,omitempty"`
		Warnings          []string        `json:"warnings,omitempty"`
	}{
		head: h, Derivation: d.lines, Wrt: d.Wrt, Verdict: string(d.Verdict), Lines: []lineRecord{},
		Conditions: plainAll(d.Conditions), Mistakes: mistakeRecords(d.Mistakes),
		Indistinguishable: d.Indistinguishable, Warnings: h.Warnings,
	}
	for _, l := range d.Lines {
		r.Lines = append(r.Lines, lineRecord{l.Text, orNull(l.VsPrevious), orNull(l.VsTruth), witnessRecordOf(l.Witness), evidenceRecordOf(l.Evidence), l.Note})
	}
	if d.FirstWrong >= 0 {
		r.FirstWrong, r.Where = &d.FirstWrong, d.Where
		line := d.Lines[d.FirstWrong].Text
		if from, to := int(d.Span.Pos), int(d.Span.End); from < to && to <= len(line) {
			first := 1 + utf8.RuneCountInString(line[:from])
			r.Columns = &[2]int{first, first + utf8.RuneCountInString(line[from:to]) - 1}
		}
	}
	if d.Expected.Valid() {
		r.Expected = format.Plain(d.Expected)
	}
	return r
}

// orNull is nil for no verdict.
func orNull(v check.Verdict) *string {
	if v == "" {
		return nil
	}
	s := string(v)
	return &s
}

// asksDerivation has the derivation of --derivation or of the claims judged.
func (s *session) asksDerivation(ctx context.Context, name string) error {
	if len(s.args) > 0 {
		return usage("", "--derivation has the formula in the file, and there is %s besides", quoted(s.args[0]))
	}
	lines, err := readDerivation(name, s.env.Stdin)
	if err != nil {
		return err
	}
	q := &question{opt: s.opt, derivation: lines}
	return s.settle(ctx, q, answerCheck)
}
