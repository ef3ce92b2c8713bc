package syntax

import (
	"fmt"
	"slices"
	"unicode"
	"unicode/utf8"
)

// A kind is what a token is.
type kind uint8

const (
	tokEnd kind = iota // the end of a piece; never stored
	tokBad             // what the scanner could not read; scanner.bad says why
	tokNumber
	tokName
	tokSup  // superscript digits, perhaps with a sign
	tokRoot // √ or ∛
	tokPlus
	tokMinus
	tokStar
	tokSlash
	tokCaret
	tokBang
	tokLt
	tokLe
	tokGt
	tokGe
	tokEq
	tokNe
	tokAnd
	tokOr
	tokNot
	tokAssign
	tokOpen   // (
	tokClose  // )
	tokSquare // [
	tokEndSquare
	tokBar
	tokComma
	tokSemi  // a ; between brackets: elsewhere it ends a piece
	tokPrime // ' or ′; ″ counts twice
	tokCount
)

// A token is a kind and its span.
type token struct {
	pos, end int32
	kind     kind
}

func (t token) span() Span { return Span{t.pos, t.end} }

// A piece is one statement: tokens first to end, of which equals is the = that
// ends its left-hand side, or -1.
type piece struct {
	first, equals, end int
	// unsure says that only a new line parts it from the definition before,
	// and that it begins with a sign.
	unsure bool
}

// body is the first token of the right-hand side.
func (p piece) body() int {
	if p.equals >= 0 {
		return p.equals + 1
	}
	return p.first
}

// maxStatements is the largest number of statements of one text, and maxLeft
// the largest number of tokens on the left of an =. They keep clear of the
// million repetitions at which participle stops by itself.
const (
	maxStatements = 100_000
	maxLeft       = 100_000
)

// A scanner cuts a text into tokens and the tokens into pieces. It stops at
// the first thing it cannot read, which is an error only if the parser gets
// that far: an earlier mistake goes first. It also stops at a limit.
type scanner struct {
	src    *Source
	tokens []token
	pieces []piece
	bad    *Error

	piece   piece // being collected
	depth   int   // open brackets
	newline bool  // a new line is waiting for the token that decides what it means
}

// ends is set for tokens after which a formula must go on, begins for tokens
// that cannot begin one: a new line next to them is white space.
var ends, begins = func() (ends, begins [tokCount]bool) {
	for _, k := range []kind{tokStar, tokSlash, tokCaret, tokLt, tokLe, tokGt, tokGe, tokEq, tokNe, tokAnd, tokOr, tokAssign, tokComma} {
		ends[k], begins[k] = true, true
	}
	for _, k := range []kind{tokPlus, tokMinus, tokNot, tokRoot} {
		ends[k] = true
	}
	for _, k := range []kind{tokSup, tokBang, tokClose, tokEndSquare, tokPrime} {
		begins[k] = true
	}
	return
}()

// scan fills tokens and pieces.
func (s *scanner) scan(src *Source) {
	text := src.Text
	*s = scanner{src: src, tokens: slices.Grow(s.tokens[:0], len(text)/4), pieces: s.pieces[:0], piece: piece{equals: -1}}
	for i := 0; i < len(text) && s.bad == nil; {
		switch c := text[i]; {
		case c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f':
			i++
		case c == '\n':
			s.newline = s.depth == 0 && len(s.tokens) > s.piece.first
			i++
		case c == '#':
			for i < len(text) && text[i] != '\n' {
				i++
			}
		case isDigit(c) || c == '.' && i+1 < len(text) && isDigit(text[i+1]):
			i = s.number(i)
		case c >= utf8.RuneSelf:
			i = s.beyondASCII(i)
		case isLetter(rune(c)):
			i = s.name(i)
		default:
			i = s.symbol(i)
		}
	}
	s.finish()
}

// push adds a token and keeps the account of brackets and pieces.
func (s *scanner) push(k kind, pos, end int) int {
	if s.newline {
		s.newline = false
		s.lineBreak(k)
	}
	switch k {
	case tokOpen, tokSquare:
		s.depth++
	case tokClose, tokEndSquare:
		s.depth = max(s.depth-1, 0)
	case tokAssign:
		if s.depth == 0 && s.piece.equals < 0 {
			s.piece.equals = len(s.tokens)
		}
	}
	s.tokens = append(s.tokens, token{int32(pos), int32(end), k})
	return end
}

// lineBreak decides what the new line before a token of kind k means.
func (s *scanner) lineBreak(k kind) {
	sign := k == tokPlus || k == tokMinus
	definition := s.piece.equals >= 0
	if ends[s.tokens[len(s.tokens)-1].kind] || begins[k] || sign && !definition {
		return
	}
	s.finish()
	s.piece.unsure = sign
}

// finish ends the piece being collected.
func (s *scanner) finish() {
	s.piece.end = len(s.tokens)
	if s.piece.end > s.piece.first {
		if len(s.pieces) == maxStatements && s.bad == nil {
			at := s.tokens[s.piece.first]
			s.bad = &Error{Source: s.src, Span: at.span(), Limit: true,
				Msg:  fmt.Sprintf("more than %d statements", maxStatements),
				Hint: "give the formula in several texts"}
		}
		s.pieces = append(s.pieces, s.piece)
	}
	s.piece = piece{first: len(s.tokens), equals: -1}
	s.newline = false
}

// stop ends the scanning with a token that stands for an error.
func (s *scanner) stop(pos, end int, msg, hint string) int {
	s.push(tokBad, pos, end)
	s.bad = &Error{Source: s.src, Span: Span{int32(pos), int32(end)}, Msg: msg, Hint: hint}
	return end
}

// number reads 12, 3.5, .5, 5., 1e-3. An e that no digits follow is a name.
func (s *scanner) number(pos int) int {
	text, i := s.src.Text, pos
	digits := func() {
		for i < len(text) && isDigit(text[i]) {
			i++
		}
	}
	digits()
	if i < len(text) && text[i] == '.' {
		i++
		digits()
	}
	if i < len(text) && text[i]|0x20 == 'e' {
		j := i + 1
		if j < len(text) && (text[j] == '+' || text[j] == '-') {
			j++
		}
		if j < len(text) && isDigit(text[j]) {
			i = j
			digits()
		}
	}
	if i < len(text) && (text[i] == '.' || text[i] == '_') {
		c := text[i]
		for i < len(text) && (text[i] == '.' || text[i] == '_' || isDigit(text[i])) {
			i++
		}
		hint := "one decimal point to a number"
		if c == '_' {
			hint = "write the digits without _"
		}
		return s.stop(pos, i, quote(text[pos:i])+" is not a number", hint)
	}
	if n := len(s.tokens); text[pos] == '.' && n > 0 && int(s.tokens[n-1].end) == pos && !s.newline {
		switch s.tokens[n-1].kind {
		case tokName, tokClose, tokEndSquare, tokSup, tokBang, tokPrime:
			return s.stop(pos, i, "unexpected "+quote(text[pos:i]), "write * between factors, and decimals as 0.5")
		}
	}
	return s.push(tokNumber, pos, i)
}

// name reads a name or one of the words and, or, not.
func (s *scanner) name(pos int) int {
	end := nameEnd(s.src.Text, pos)
	k := tokName
	switch s.src.Text[pos:end] {
	case "and":
		k = tokAnd
	case "or":
		k = tokOr
	case "not":
		k = tokNot
	}
	return s.push(k, pos, end)
}

// symbol reads the operators and brackets of ASCII.
func (s *scanner) symbol(pos int) int {
	text := s.src.Text
	two := ""
	if pos+1 < len(text) {
		two = text[pos : pos+2]
	}
	switch two {
	case "**":
		return s.push(tokCaret, pos, pos+2)
	case "<=":
		return s.push(tokLe, pos, pos+2)
	case ">=":
		return s.push(tokGe, pos, pos+2)
	case "==":
		return s.push(tokEq, pos, pos+2)
	case "!=":
		return s.push(tokNe, pos, pos+2)
	case "=<":
		return s.stop(pos, pos+2, "unexpected =<", "write <=")
	case "=>":
		return s.stop(pos, pos+2, "unexpected =>", "write >=")
	case "<>":
		return s.stop(pos, pos+2, "unexpected <>", "write !=")
	case ":=":
		return s.stop(pos, pos+2, "unexpected :=", "write =")
	case "&&":
		return s.stop(pos, pos+2, "unexpected &&", "join conditions with and")
	}
	var k kind
	switch text[pos] {
	case '+':
		k = tokPlus
	case '-':
		k = tokMinus
	case '*':
		k = tokStar
	case '/':
		k = tokSlash
	case '^':
		k = tokCaret
	case '!':
		k = tokBang
	case '<':
		k = tokLt
	case '>':
		k = tokGt
	case '=':
		k = tokAssign
	case '(':
		k = tokOpen
	case ')':
		k = tokClose
	case '[':
		k = tokSquare
	case ']':
		k = tokEndSquare
	case '|':
		k = tokBar
	case ',':
		k = tokComma
	case '\'':
		k = tokPrime
	case ';':
		if s.depth == 0 {
			s.finish()
			return pos + 1
		}
		k = tokSemi
	default:
		return s.stray(pos, rune(text[pos]), 1)
	}
	return s.push(k, pos, pos+1)
}

// beyondASCII reads what is not ASCII.
func (s *scanner) beyondASCII(pos int) int {
	text := s.src.Text
	r, n := utf8.DecodeRuneInString(text[pos:])
	end := pos + n
	switch r {
	case '−', '–': // minus sign, en dash
		return s.push(tokMinus, pos, end)
	case '·', '×', '⋅', '∙', '∗':
		return s.push(tokStar, pos, end)
	case '÷', '∕', '⁄':
		return s.push(tokSlash, pos, end)
	case '≤', '⩽':
		return s.push(tokLe, pos, end)
	case '≥', '⩾':
		return s.push(tokGe, pos, end)
	case '≠':
		return s.push(tokNe, pos, end)
	case '∧':
		return s.push(tokAnd, pos, end)
	case '∨':
		return s.push(tokOr, pos, end)
	case '¬':
		return s.push(tokNot, pos, end)
	case '√', '∛':
		return s.push(tokRoot, pos, end)
	case '∞':
		return s.push(tokName, pos, end)
	case '′', '″':
		return s.push(tokPrime, pos, end)
	case utf8.RuneError:
		if n == 1 {
			return s.stop(pos, end, fmt.Sprintf("byte 0x%02X is not UTF-8 text", text[pos]), "save the text as UTF-8")
		}
	}
	if isSpace(r) {
		return end
	}
	if _, ok := superscript(r); ok {
		return s.superscripts(pos)
	}
	if end := nameEnd(text, pos); end > pos {
		return s.push(tokName, pos, end)
	}
	if raisedLetter(r) {
		return s.stop(pos, end, "unexpected character "+string(r), "write ^ before an exponent that is not a number")
	}
	return s.stray(pos, r, n)
}

// superscripts reads the exponent of x² and x⁻¹.
func (s *scanner) superscripts(pos int) int {
	text, i, digits := s.src.Text, pos, 0
	for i < len(text) {
		r, n := utf8.DecodeRuneInString(text[i:])
		d, ok := superscript(r)
		if sign := d == '-' || d == '+'; !ok || sign && i > pos {
			break
		} else if !sign {
			digits++
		}
		i += n
	}
	if digits == 0 {
		return s.stop(pos, i, "expected superscript digits after "+text[pos:i], "write the exponent after ^")
	}
	return s.push(tokSup, pos, i)
}

func (s *scanner) stray(pos int, r rune, n int) int {
	hint := strayHints[r]
	switch {
	case unicode.Is(unicode.Nd, r):
		hint = "write digits as 0 to 9"
	case unicode.IsMark(r):
		hint = "names are letters, digits and _"
	}
	return s.stop(pos, pos+n, "unexpected "+strayText(r), hint)
}
