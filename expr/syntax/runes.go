package syntax

import (
	"fmt"
	"unicode"
	"unicode/utf8"
)

// superscript is the ASCII form of a superscript digit or sign.
func superscript(r rune) (byte, bool) {
	switch {
	case r == '²' || r == '³':
		return byte(r-'²') + '2', true
	case r == '¹':
		return '1', true
	case r == '⁰' || '⁴' <= r && r <= '⁹':
		return byte(r-'⁰') + '0', true
	case r == '⁺':
		return '+', true
	case r == '⁻':
		return '-', true
	}
	return 0, false
}

// subscript is the ASCII form of a subscript digit.
func subscript(r rune) (byte, bool) {
	if '₀' <= r && r <= '₉' {
		return byte(r-'₀') + '0', true
	}
	return 0, false
}

// raisedLetter reports whether a letter looks like an exponent, such as the ⁿ
// of xⁿ: part of a name to Unicode, an exponent to everybody else.
func raisedLetter(r rune) bool {
	switch {
	case r < 0x80:
		return false
	case r == 'ª' || r == 'º' || r == 'ⁱ' || r == 'ⁿ':
		return true
	case 0x02b0 <= r && r <= 0x02b8 || 0x02e0 <= r && r <= 0x02e4:
		return true
	}
	return 0x1d2c <= r && r <= 0x1d61 || r == 0x1d78 || 0x1d9b <= r && r <= 0x1dbf
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isLetter(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r|0x20 && r|0x20 <= 'z' || r == '_'
	}
	return unicode.IsLetter(r) && !raisedLetter(r)
}

// nameEnd is the end of the name that begins at i, or i when none does. π
// stands by itself unless digits or an underscore tie it to what is next to
// it. ∂ may begin a name: ∂x is the dx of ∂/∂x.
func nameEnd(text string, i int) int {
	start := i
	for i < len(text) {
		c := text[i]
		if c < utf8.RuneSelf {
			if !isLetter(rune(c)) && (i == start || !isDigit(c)) {
				break
			}
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(text[i:])
		if r == 'π' {
			if i > start && text[i-1] != '_' {
				break
			}
			i += n
			if i < len(text) && (isDigit(text[i]) || text[i] == '_') {
				continue
			}
			if r, _ := utf8.DecodeRuneInString(text[i:]); i < len(text) && '₀' <= r && r <= '₉' {
				continue
			}
			break
		}
		_, sub := subscript(r)
		if !isLetter(r) && !(sub && i > start) && !(r == '∂' && i == start) {
			break
		}
		i += n
	}
	return i
}

// isSpace reports whether a rune is white space, new lines apart.
func isSpace(r rune) bool {
	switch r {
	case '\n':
		return false
	case 0x200b, 0x2060, 0xfeff: // zero width space, word joiner, byte order mark
		return true
	case 0x2061, 0x2062: // function application, invisible times: what they say is read without them
		return true
	}
	return unicode.IsSpace(r)
}

// strayHints says what to write instead of characters that people type or
// paste and that the language does not have.
var strayHints = map[rune]string{
	'{': "group with ( )", '}': "group with ( )",
	'&': "join conditions with and", '?': "write if(condition, a, b)", ':': "define with =",
	'%': "write mod(a, b)", '\\': "LaTeX is not read: write sqrt(x), not \\sqrt{x}",
	'$': "write the formula without $", '"': "write the formula without quotes", '“': "write the formula without quotes",
	'”': "write the formula without quotes", '‘': "write ' for a derivative", '’': "write ' for a derivative",
	'`': "write ' for a derivative", '´': "write ' for a derivative", '—': "write - for minus",
	'±': "write the two formulas one by one", '∑': "write sum(u, i, 1, n)", '∏': "write prod(u, i, 1, n)",
	'@': "names are letters, digits and _", '≈': "write == to compare", '°': "write *pi/180", '.': "",
	'…': "write the terms out, or use sum(u, i, 1, n)", '‖': "write hypot(x, y)",
	'½': "write 1/2", '⅓': "write 1/3", '⅔': "write 2/3", '¼': "write 1/4", '¾': "write 3/4", '⅕': "write 1/5", '⅛': "write 1/8",
	'⟨': "group with ( )", '⟩': "group with ( )", '（': "write (", '）': "write )", '，': "write ,", '＝': "write =",
	'＋': "write +", '－': "write -", '＊': "write *", '／': "write /", '＾': "write ^", '＜': "write <", '＞': "write >",
}

// strayText names a character in a message, by its code point when it has no
// picture of its own.
func strayText(r rune) string {
	if unicode.IsPrint(r) && !unicode.IsMark(r) {
		return "character " + string(r)
	}
	return fmt.Sprintf("character U+%04X", r)
}
