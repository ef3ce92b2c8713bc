package syntax

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// An Error is the first mistake in a Source.
type Error struct {
	Source *Source
	Span   Span   // the place; empty where something is missing
	Msg    string // what is wrong: "expected an operand after +"
	Hint   string // how to mend it, or ""
	Limit  bool   // the text may be right but is larger than what is read
}

// Error is one line, "name:line:column: message; hint". The name is left out
// when the source has none.
func (e *Error) Error() string {
	var b strings.Builder
	if e.Source != nil {
		if e.Source.Name != "" {
			b.WriteString(e.Source.Name + ":")
		}
		line, col := e.Source.Position(e.Span.Pos)
		fmt.Fprintf(&b, "%d:%d: ", line, col)
	}
	b.WriteString(e.Msg)
	if e.Hint != "" {
		b.WriteString("; " + e.Hint)
	}
	return b.String()
}

// snippetWidth is how many runes of a line a snippet shows: a line of a
// terminal, and the place with its surroundings fits in half of it.
const snippetWidth = 100

// Snippet is the line of the mistake and, below it, carets under the place.
// Of a long line it shows the surroundings, with … for what is left out;
// control characters are shown as spaces.
func (e *Error) Snippet() string {
	if e.Source == nil {
		return ""
	}
	text := e.Source.Text
	pos := e.Source.clamp(e.Span.Pos)
	start := strings.LastIndexByte(text[:pos], '\n') + 1
	end := len(text)
	if i := strings.IndexByte(text[pos:], '\n'); i >= 0 {
		end = pos + i
	}
	from, before := pos, 0
	for ; from > start && before < snippetWidth/2; before++ {
		_, n := utf8.DecodeLastRuneInString(text[start:from])
		from -= n
	}
	to := pos
	for shown := before; to < end && shown < snippetWidth; shown++ {
		_, n := utf8.DecodeRuneInString(text[to:end])
		to += n
	}
	var line, mark strings.Builder
	if from > start {
		line.WriteString("…")
		mark.WriteByte(' ')
	}
	for i := from; i < to; {
		r, n := utf8.DecodeRuneInString(text[i:to])
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			r = ' '
		}
		line.WriteRune(r)
		switch {
		case i < pos:
			mark.WriteString(strings.Repeat(" ", columns(r)))
		case i == pos || i < int(e.Span.End):
			mark.WriteString(strings.Repeat("^", columns(r)))
		}
		i += n
	}
	if !strings.Contains(mark.String(), "^") { // the end of the line, or a rune without width
		mark.WriteByte('^')
	}
	if to < end {
		line.WriteString("…")
	}
	return strings.TrimRight(line.String(), " ") + "\n" + mark.String()
}

// columns is the number of columns that a rune takes on a terminal, after the
// wide and combining classes of Unicode Standard Annex 11, roughly.
func columns(r rune) int {
	switch {
	case unicode.Is(unicode.Mn, r):
		return 0
	case r >= 0x1100 && (r <= 0x115f || 0x2e80 <= r && r <= 0xa4cf || 0xac00 <= r && r <= 0xd7a3 ||
		0xf900 <= r && r <= 0xfaff || 0xfe30 <= r && r <= 0xfe6f || 0xff00 <= r && r <= 0xff60 ||
		0xffe0 <= r && r <= 0xffe6 || 0x1f300 <= r && r <= 0x1faff || 0x20000 <= r && r <= 0x3fffd):
		return 2
	}
	return 1
}

// quote makes a piece of the text fit to stand in a message: of bounded
// length, on one line, and with what cannot be seen spelled out.
func quote(s string) string {
	const longest = 40
	short := s
	if n := 0; len(s) > longest {
		for short = s; n < longest; {
			_, w := utf8.DecodeRuneInString(s[n:])
			n += w
		}
		short = s[:n] + "…"
	}
	for _, r := range short {
		if !unicode.IsPrint(r) || r == utf8.RuneError {
			return strconv.QuoteToASCII(short)
		}
	}
	return short
}
