package syntax

import (
	"strings"
	"unicode/utf8"
)

// MaxText is the length in bytes of the longest text that Parse reads, 16 MiB:
// a sum of a million ordinary terms. Reading takes 50 to 100 bytes of memory
// for each byte of text, and up to 200 of one that is nothing but brackets.
const MaxText = 16 << 20

// A Source is a named text. The name may be empty.
type Source struct{ Name, Text string }

// A Span is the half-open byte range [Pos, End) of a Source.
type Span struct{ Pos, End int32 }

// Empty reports whether the span holds no text.
func (s Span) Empty() bool { return s.Pos >= s.End }

// Position turns a byte offset into a line and a column, both counted from 1,
// the column in runes. It looks through the text up to the offset.
func (s *Source) Position(off int32) (line, col int) {
	before := s.Text[:s.clamp(off)]
	line = 1 + strings.Count(before, "\n")
	start := strings.LastIndexByte(before, '\n') + 1
	return line, 1 + utf8.RuneCountInString(before[start:])
}

// Slice is the text of a span.
func (s *Source) Slice(at Span) string {
	pos, end := s.clamp(at.Pos), s.clamp(at.End)
	if pos > end {
		return ""
	}
	return s.Text[pos:end]
}

func (s *Source) clamp(off int32) int {
	return min(max(int(off), 0), len(s.Text))
}
