package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"nabla/expr"
	"nabla/expr/number"
	"nabla/expr/syntax"
)

// A value is the value of a flag: pflag's, which reads the text that was typed,
// and one more method for the questions that come as JSON.
type value interface {
	String() string
	Set(text string) error
	Type() string
	// SetJSON takes the value of the key that is called as the flag. It replaces
	// what the command line said.
	SetJSON(raw json.RawMessage) error
}

// setText is the SetJSON of a value that JSON gives as a string, a number or a
// truth value.
func setText(v value, raw json.RawMessage) error {
	text, err := scalar(raw)
	if err != nil {
		return err
	}
	return v.Set(text)
}

// scalar returns the text of a JSON string, number or truth value.
func scalar(raw json.RawMessage) (string, error) {
	switch raw[0] {
	case '"':
		var s string
		err := json.Unmarshal(raw, &s)
		return s, err
	case '{', '[', 'n':
		return "", errors.New("expected a number or a string")
	}
	return string(raw), nil
}

// A member is a key of a JSON object with its value.
type member struct {
	key   string
	value json.RawMessage
}

// members returns the members of a JSON object in the order in which they stand
// there.
func members(raw json.RawMessage) ([]member, error) {
	d := json.NewDecoder(strings.NewReader(string(raw)))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		if err == nil {
			err = errors.New("expected an object")
		}
		return nil, err
	}
	var out []member
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, err
		}
		m := member{key: key.(string)}
		if err := d.Decode(&m.value); err != nil {
			return nil, err
		}
		for _, o := range out {
			if o.key == m.key {
				return nil, fmt.Errorf("%q is there twice", m.key)
			}
		}
		out = append(out, m)
	}
	_, err := d.Token()
	return out, err
}

// elements returns the elements of a JSON array.
func elements(raw json.RawMessage) ([]json.RawMessage, error) {
	var out []json.RawMessage
	if err := json.Unmarshal(raw, &out); err != nil {
		return nil, errors.New("expected a list")
	}
	return out, nil
}

// fields splits a list at its commas, except those inside brackets.
func fields(text string) []string { return splitOutside(text, ',') }

func splitOutside(text string, at byte) []string {
	var out []string
	depth, from := 0, 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '(', '[':
			depth++
		case ')', ']':
			depth--
		case at:
			if depth <= 0 {
				out = append(out, strings.TrimSpace(text[from:i]))
				from = i + 1
			}
		}
	}
	return append(out, strings.TrimSpace(text[from:]))
}

// A constant is a real number that was given as a formula without letters.
type constant struct {
	text    string
	exact   expr.Expr // as written
	float   float64   // the nearest float64, as far as its evaluation is exact
	isFloat bool      // float is the number itself
}

// parseConstant reads a number: "3", "-2pi", "sqrt(2)/2".
func parseConstant(text string) (constant, error) {
	c := constant{text: strings.TrimSpace(text)}
	if n, ok := literal(c.text); ok {
		p := expr.NewPool()
		c.float, c.isFloat = n.Float64(), n.IsFloat64()
		if c.exact = p.Num(n.Abs()); n.Sign() < 0 {
			c.exact = p.Make(expr.Neg, c.exact)
		}
	} else {
		e, err := expr.Parse(c.text)
		if err != nil {
			return c, err
		}
		if names := e.Vars(); len(names) > 0 {
			if e.Op() == expr.Var {
				return c, usage("write "+names[0]+"=1", "expected a number, but %s is a letter", names[0])
			}
			return c, usage("", "expected a number, but %s is a letter in %s", names[0], c.text)
		}
		c.exact, c.float = e, evaluate(e)
	}
	if c.float-c.float != 0 && !c.isInf() {
		return c, usage("", "%s is not a real number that a float64 can hold", c.text)
	}
	return c, nil
}

// isInf reports whether c is inf or -inf as such, not a number too large.
func (c constant) isInf() bool {
	e := c.exact
	if e.Op() == expr.Neg {
		e = e.Arg(0)
	}
	return e.IsCall("inf")
}

// finite returns c, or an error where it is infinite.
func (c constant) finite() (constant, error) {
	if c.isInf() {
		return c, usage("", "%s is not a real number", c.text)
	}
	return c, nil
}

// floatFormula returns x, which is finite, as a formula.
func floatFormula(x float64) expr.Expr {
	n, _ := number.FromFloat(x)
	p := expr.NewPool()
	e := p.Num(n.Abs())
	if n.Sign() < 0 {
		e = p.Make(expr.Neg, e)
	}
	return e
}

// literal reads a decimal number with or without a minus sign.
func literal(text string) (number.Number, bool) {
	digits := strings.TrimPrefix(text, "-")
	if digits == "" || digits[0] != '.' && (digits[0] < '0' || digits[0] > '9') {
		return number.Number{}, false
	}
	n, err := number.Parse(digits)
	if err != nil {
		return n, false
	}
	if len(digits) < len(text) {
		n = n.Neg()
	}
	return n, true
}

// parseName reads the name of a variable, spelled as formulas spell it: x₁ is x_1.
func parseName(text string) (string, error) {
	text = strings.TrimSpace(text)
	e, err := expr.Parse(text)
	if err != nil {
		if f := (*syntax.Error)(nil); errors.As(err, &f) {
			return "", usage("", "expected the name of a variable, not %s", quoted(text))
		}
		return "", err
	}
	if e.Op() != expr.Var {
		return "", usage("", "expected the name of a variable, not %s", quoted(text))
	}
	return e.Name(), nil
}

// quoted makes what a user typed fit to stand in a message.
func quoted(s string) string {
	const longest = 40
	if r := []rune(s); len(r) > longest {
		s = string(r[:longest]) + "…"
	}
	if s == "" || strings.ContainsAny(s, " \t") {
		return "'" + s + "'"
	}
	for _, r := range s {
		if !strconv.IsPrint(r) {
			return strconv.Quote(s)
		}
	}
	return s
}

// names is the value of --wrt.
type names []string

func (v *names) Type() string   { return "NAMES" }
func (v *names) String() string { return strings.Join(*v, ",") }

func (v *names) Set(text string) error {
	for _, part := range fields(text) {
		name, err := parseName(part)
		if err != nil {
			return err
		}
		if slices.Contains(*v, name) {
			return usage("", "%s is there twice", name)
		}
		*v = append(*v, name)
	}
	return nil
}

func (v *names) SetJSON(raw json.RawMessage) error {
	*v = nil
	return setList(v, raw)
}

// setList sets v to each element of a JSON list in turn, or to the one text.
func setList(v value, raw json.RawMessage) error {
	if raw[0] != '[' {
		return setText(v, raw)
	}
	list, err := elements(raw)
	if err != nil {
		return err
	}
	for _, r := range list {
		if err := setText(v, r); err != nil {
			return err
		}
	}
	return nil
}

// texts is the value of flags that collect formulas or other texts.
type texts []string

func (v *texts) Type() string   { return "FORMULA" }
func (v *texts) String() string { return "" }

func (v *texts) Set(text string) error {
	for _, part := range fields(text) {
		if part == "" {
			return usage("", "expected a formula")
		}
		*v = append(*v, part)
	}
	return nil
}

func (v *texts) SetJSON(raw json.RawMessage) error {
	*v = nil
	return setList(v, raw)
}

// choice is the value of a flag that takes one of some words.
type choice struct {
	to    *string
	words []string
}

func (v choice) Type() string   { return strings.Join(v.words, "|") }
func (v choice) String() string { return *v.to }

func (v choice) Set(text string) error {
	if !slices.Contains(v.words, text) {
		return usage(didYouMean(text, v.words), "expected one of %s, not %s", strings.Join(v.words, ", "), quoted(text))
	}
	*v.to = text
	return nil
}

func (v choice) SetJSON(raw json.RawMessage) error { return setText(v, raw) }

// word is the value of a flag that takes any text.
type word string

func (v *word) Type() string                      { return "TEXT" }
func (v *word) String() string                    { return string(*v) }
func (v *word) Set(text string) error             { *v = word(text); return nil }
func (v *word) SetJSON(raw json.RawMessage) error { return setText(v, raw) }

// file is the value of a flag that takes the name of a file.
type file struct{ word }

func (v *file) Type() string { return "FILE" }

// truth is the value of a flag that is there or not.
type truth bool

func (v *truth) Type() string   { return "bool" }
func (v *truth) String() string { return strconv.FormatBool(bool(*v)) }

func (v *truth) Set(text string) error {
	switch text {
	case "true":
		*v = true
	case "false":
		*v = false
	default:
		return usage("", "expected true or false, not %s", quoted(text))
	}
	return nil
}

func (v *truth) SetJSON(raw json.RawMessage) error { return setText(v, raw) }

// alias is a flag that sets another to a word: --json is --format json.
type alias struct {
	to   *string
	word string
}

func (v alias) Type() string   { return "bool" }
func (v alias) String() string { return strconv.FormatBool(*v.to == v.word) }

func (v alias) Set(text string) error {
	var on truth
	if err := on.Set(text); err != nil {
		return err
	}
	if on {
		*v.to = v.word
	}
	return nil
}

func (v alias) SetJSON(raw json.RawMessage) error { return setText(v, raw) }

// count is the value of a flag that takes a whole number in [lo, hi].
type count struct {
	to     *int
	lo, hi int
}

func (v count) Type() string   { return "N" }
func (v count) String() string { return strconv.Itoa(*v.to) }

func (v count) Set(text string) error {
	n, err := strconv.Atoi(text)
	if err != nil {
		c, cerr := parseConstant(text)
		if cerr != nil || c.float != math.Trunc(c.float) || math.Abs(c.float) > 1e15 {
			return usage("", "expected a whole number, not %s", quoted(text))
		}
		n = int(c.float)
	}
	if n < v.lo || n > v.hi {
		return usage("", "expected a whole number from %d to %d, not %d", v.lo, v.hi, n)
	}
	*v.to = n
	return nil
}

func (v count) SetJSON(raw json.RawMessage) error { return setText(v, raw) }

// seed is the value of --seed.
type seed uint64

func (v *seed) Type() string   { return "N" }
func (v *seed) String() string { return strconv.FormatUint(uint64(*v), 10) }

func (v *seed) Set(text string) error {
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return usage("", "expected a whole number from 0 up, not %s", quoted(text))
	}
	*v = seed(n)
	return nil
}

func (v *seed) SetJSON(raw json.RawMessage) error { return setText(v, raw) }

// positive is the value of a flag that takes a number > 0. It is nil when the
// flag is not given.
type positive struct{ to **constant }

func (v positive) Type() string { return "NUMBER" }

func (v positive) String() string {
	if v.to == nil || *v.to == nil {
		return ""
	}
	return (*v.to).text
}

func (v positive) Set(text string) error {
	c, err := parseConstant(text)
	if err != nil {
		return err
	}
	if !(c.float > 0) || c.isInf() {
		return usage("", "expected a number > 0, not %s", c.text)
	}
	*v.to = &c
	return nil
}

func (v positive) SetJSON(raw json.RawMessage) error { return setText(v, raw) }

// duration is the value of --timeout: 10s, 1m30s, or a number of seconds.
type duration time.Duration

func (v *duration) Type() string { return "TIME" }

func (v *duration) String() string {
	if *v == 0 {
		return ""
	}
	return time.Duration(*v).String()
}

func (v *duration) Set(text string) error {
	d, err := time.ParseDuration(text)
	if err != nil {
		if s, serr := strconv.ParseFloat(text, 64); serr == nil && s < 1e9 {
			d, err = time.Duration(s*float64(time.Second)), nil
		}
	}
	if err != nil {
		return usage("write 10s, 500ms or 2m", "expected a length of time, not %s", quoted(text))
	}
	if d <= 0 {
		return usage("write 10s, 500ms or 2m", "expected a length of time above zero, not %s", quoted(text))
	}
	*v = duration(d)
	return nil
}

func (v *duration) SetJSON(raw json.RawMessage) error { return setText(v, raw) }
