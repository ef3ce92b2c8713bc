package cli

import (
	"encoding/json"
	"math"
	"strconv"
)

// schema names the form of the JSON output. Keys are only ever added to it.
const schema = "nabla/1"

// A head is the beginning of every JSON object.
type head struct {
	Schema  string          `json:"schema"`
	Command string          `json:"command,omitempty"`
	ID      json.RawMessage `json:"id,omitempty"`

	// Warnings are not part of the head of the object, but wait here for the
	// record that has a place for them.
	Warnings []string `json:"-"`
}

// A jsonNumber is a float64 with shortest round-trip digits; what JSON cannot
// write as a number is "nan", "inf" or "-inf".
type jsonNumber float64

// MarshalJSON writes x.
func (x jsonNumber) MarshalJSON() ([]byte, error) { return appendNumber(nil, float64(x)), nil }

func appendNumber(dst []byte, x float64) []byte {
	switch {
	case math.IsNaN(x):
		return append(dst, `"nan"`...)
	case math.IsInf(x, 1):
		return append(dst, `"inf"`...)
	case math.IsInf(x, -1):
		return append(dst, `"-inf"`...)
	case x == 0:
		return append(dst, '0') // never -0
	}
	if a := math.Abs(x); a >= 1e-6 && a < 1e21 {
		return strconv.AppendFloat(dst, x, 'f', -1, 64)
	}
	// 2e-7, where strconv writes 2e-07.
	dst = strconv.AppendFloat(dst, x, 'e', -1, 64)
	if n := len(dst); dst[n-4] == 'e' && dst[n-2] == '0' {
		dst[n-2] = dst[n-1]
		dst = dst[:n-1]
	}
	return dst
}

// namedNumbers is a number for each of some names, in their order: {"x":1,"y":2}.
type namedNumbers struct {
	names  []string
	values []float64
}

// MarshalJSON writes p as an object.
func (p namedNumbers) MarshalJSON() ([]byte, error) {
	dst := []byte{'{'}
	for i, name := range p.names {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(appendString(dst, name), ':')
		dst = appendNumber(dst, p.values[i])
	}
	return append(dst, '}'), nil
}

// namedTexts is a text for each of some names, in their order. Empty texts are
// left out.
type namedTexts struct{ names, values []string }

// MarshalJSON writes p as an object.
func (p namedTexts) MarshalJSON() ([]byte, error) {
	dst := []byte{'{'}
	for i, v := range p.values {
		if v == "" {
			continue
		}
		if len(dst) > 1 {
			dst = append(dst, ',')
		}
		dst = append(appendString(dst, p.names[i]), ':')
		dst = appendString(dst, v)
	}
	return append(dst, '}'), nil
}

// namedIntervals is an interval for each of some names, in their order.
type namedIntervals struct {
	names  []string
	values [][2]jsonNumber
}

// MarshalJSON writes p as an object.
func (p namedIntervals) MarshalJSON() ([]byte, error) {
	dst := []byte{'{'}
	for i, name := range p.names {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(appendString(dst, name), ":["...)
		dst = appendNumber(dst, float64(p.values[i][0]))
		dst = append(dst, ',')
		dst = appendNumber(dst, float64(p.values[i][1]))
		dst = append(dst, ']')
	}
	return append(dst, '}'), nil
}

func appendString(dst []byte, s string) []byte {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err) // strings can always be written
	}
	return append(dst, b...)
}

// jsonNumbers gives each of x the form of the output. It returns nil for nil.
func jsonNumbers(x []float64) []jsonNumber {
	if x == nil {
		return nil
	}
	out := make([]jsonNumber, len(x))
	for i, v := range x {
		out[i] = jsonNumber(v)
	}
	return out
}

// orEmpty makes an empty list show as [] and not as null.
func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// An errorRecord is the JSON object of a question without an answer.
type errorRecord struct {
	head
	Error struct {
		Code    string `json:"code"`
		Exit    int    `json:"exit"`
		Message string `json:"message"`
		Formula string `json:"formula,omitempty"`
		Line    int    `json:"line,omitempty"`
		Column  int    `json:"column,omitempty"`
		Hint    string `json:"hint,omitempty"`
	} `json:"error"`
}

// failureRecord returns the JSON object for f. The line is that of the input
// where the question came from there, and otherwise that of the text.
func failureRecord(h head, f *failure, q *question) *errorRecord {
	r := &errorRecord{head: h}
	e := &r.Error
	e.Code, e.Exit, e.Message, e.Hint = f.code(), f.exit, f.Error(), f.hint
	e.Line, e.Column = f.position()
	if f.place != nil && f.place.Source != nil {
		e.Formula = f.place.Source.Text
	} else if q != nil {
		e.Formula = q.text
	}
	if q != nil && q.line > 0 {
		e.Line = q.line
	}
	return r
}

// writeJSON writes r as one line.
func (s *session) writeJSON(r any) {
	e := json.NewEncoder(s.out)
	e.SetEscapeHTML(false)
	if err := e.Encode(r); err != nil && !isClosedPipe(err) {
		// Nothing that a record holds can fail to be written.
		s.note(exitData)
	}
}
