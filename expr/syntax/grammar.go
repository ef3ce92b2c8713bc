package syntax

import (
	"errors"
	"io"
	"slices"
	"sync"

	"github.com/alecthomas/participle/v2"
	"github.com/alecthomas/participle/v2/lexer"
)

// The grammar of a text, in participle's notation. A left-hand side is
// announced by the empty token Left, so that one token of lookahead decides
// everything; of a right-hand side the grammar sees the single token Formula,
// which the production reader.formula reads.

type file struct {
	Statements []*statement `parser:"@@ ( Break @@ )*"`
}

// A statement is a definition, a formula with a left-hand side, or a formula.
type statement struct {
	Left    lexer.Token `parser:"( @Left"`
	Head    *head       `parser:"  @@?"`
	Equals  lexer.Token `parser:"  @Equals )?"`
	Formula formula     `parser:"@@"`
}

// A head covers y, f(x, y), f'(x), dy/dx, df(x)/dx, d/dx(f), d/dx f(x),
// d^2y/dx^2 and d^2/dx^2(f), and more: headReader keeps to these.
type head struct {
	Name   lexer.Token   `parser:"@Name"`
	Primes []lexer.Token `parser:"@( Prime+ )?"`
	Order  *order        `parser:"@@?"`
	Of     *lexer.Token  `parser:"@Name?"` // the y of d^2 y
	Params *params       `parser:"@@?"`
	Below  *below        `parser:"( '/' @@ )?"`
}

// An order is the ^2 of d^2 and dx^2.
type order struct {
	Number lexer.Token `parser:"( '^' @Number"`
	Sup    lexer.Token `parser:"| @Sup )"`
}

// params holds the names with the commas between them: participle fills a
// list of tokens by a single capture.
type params struct {
	List []lexer.Token `parser:"'(' @( Name ( ',' Name )* ) ')'"`
}

// below is what follows the / of dy/dx and d/dx(f).
type below struct {
	Name  lexer.Token `parser:"@Name"`
	Order *order      `parser:"@@?"`
	Of    *of         `parser:"@@?"`
}

type of struct {
	Bare   *named `parser:"  @@"`
	Nested *named `parser:"| '(' @@ ')'"`
}

type named struct {
	Name   lexer.Token `parser:"@Name"`
	Params *params     `parser:"@@?"`
}

// formula is the type of the production that reads right-hand sides.
type formula interface{ formula() }

func (*Tree) formula() {}

// The tokens that participle sees.
const (
	leftToken lexer.TokenType = -2 - iota
	equalsToken
	formulaToken
	breakToken
	nameToken
	numberToken
	supToken
	primeToken
	otherToken
)

// A feed hands a scanned text to participle: of every piece the tokens of its
// left-hand side and one token for the rest. In the places it gives, Offset is
// the byte and Line counts the statements: the lines of the text are found when
// an error needs them.
type feed struct {
	*reader
	piece, token int
	stage        int
}

var (
	_ lexer.Definition       = (*reader)(nil)
	_ lexer.StringDefinition = (*reader)(nil)
)

// Symbols names the tokens for the grammar.
func (*reader) Symbols() map[string]lexer.TokenType {
	return map[string]lexer.TokenType{
		"EOF": lexer.EOF, "Left": leftToken, "Equals": equalsToken, "Formula": formulaToken, "Break": breakToken,
		"Name": nameToken, "Number": numberToken, "Sup": supToken, "Prime": primeToken, "Other": otherToken,
	}
}

// Lex makes the reader a lexer.Definition.
func (r *reader) Lex(name string, from io.Reader) (lexer.Lexer, error) {
	text, err := io.ReadAll(from)
	if err != nil {
		return nil, err
	}
	return r.LexString(name, string(text))
}

// LexString scans a text.
func (r *reader) LexString(name, text string) (lexer.Lexer, error) {
	r.scan(&Source{Name: name, Text: text})
	return &feed{reader: r}, nil
}

// The stages of a piece in a feed.
const (
	announce = iota
	headTokens
	rightSide
	separator
)

// Next implements lexer.Lexer.
func (f *feed) Next() (lexer.Token, error) {
	if f.piece == len(f.pieces) {
		return lexer.EOFToken(lexer.Position{Offset: len(f.src.Text)}), nil
	}
	p := f.pieces[f.piece]
	if f.stage == announce {
		f.token, f.stage = p.first, headTokens
		if p.equals >= 0 {
			return f.give(leftToken, ""), nil
		}
		f.stage = rightSide
	}
	switch f.stage {
	case headTokens:
		t := f.tokens[f.token]
		if f.token == p.equals {
			f.stage = rightSide
			return f.give(equalsToken, "="), nil
		}
		give := f.give(headTokenType[t.kind], f.src.Slice(t.span()))
		f.token++
		return give, nil
	case rightSide:
		f.stage, f.token = separator, p.body()
		return f.give(formulaToken, ""), nil
	}
	f.stage = announce
	if f.piece++; f.piece == len(f.pieces) {
		return f.Next()
	}
	f.token = f.pieces[f.piece].first
	return f.give(breakToken, ""), nil
}

var headTokenType = func() (types [tokCount]lexer.TokenType) {
	for k := range types {
		types[k] = otherToken
	}
	types[tokName], types[tokNumber], types[tokSup], types[tokPrime] = nameToken, numberToken, supToken, primeToken
	return
}()

// give is the token of a type at the place of the scanner's token.
func (f *feed) give(as lexer.TokenType, value string) lexer.Token {
	off := len(f.src.Text)
	if f.token < len(f.tokens) {
		off = int(f.tokens[f.token].pos)
	}
	return lexer.Token{Type: as, Value: value, Pos: lexer.Position{Offset: off, Line: f.piece + 1}}
}

// A reader holds what reading one text needs. Readers are pooled: building
// participle's parser takes longer than reading a short formula.
type reader struct {
	scanner
	climber
	grammar *participle.Parser[file]
	vocab   Vocabulary
	scope   scope
}

var readers = sync.Pool{New: func() any {
	r := new(reader)
	r.grammar = participle.MustBuild[file](
		participle.Lexer(r),
		participle.UseLookahead(0), // what has begun to match is what was meant
		participle.ParseTypeWith(r.formula),
	)
	return r
}}

// keptTokens is how large the tables of a pooled reader may be: a megabyte or
// two of memory, and formulas of a few hundred kilobytes.
const keptTokens = 1 << 16

// release gives a reader back, without what a large text made it grow to.
func (r *reader) release() {
	r.tokens, r.pieces = trim(r.tokens), trim(r.pieces)
	r.nodes, r.stack, r.held = trim(r.nodes), trim(r.stack), trim(r.held)
	r.src, r.vocab, r.bad, r.scope = nil, nil, nil, scope{}
	readers.Put(r)
}

func trim[T any](s []T) []T {
	if cap(s) > keptTokens {
		return nil
	}
	return s
}

// formula is the production for right-hand sides.
func (r *reader) formula(lex *lexer.PeekingLexer) (formula, error) {
	t := lex.Peek()
	if t.Type != formulaToken {
		return nil, participle.NextMatch
	}
	lex.Next()
	p := r.pieces[t.Pos.Line-1]
	r.declare(p)
	tree, err := r.climb(p)
	if err != nil {
		return nil, err
	}
	return tree, nil
}

// failure turns an error of participle, which is always about a left-hand
// side, into one of ours.
func (r *reader) failure(err error) error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	perr, ok := errors.AsType[participle.Error](err)
	if !ok {
		return err
	}
	at, _ := slices.BinarySearchFunc(r.tokens, perr.Position().Offset, func(t token, off int) int { return int(t.pos) - off })
	if at >= len(r.tokens) {
		return err
	}
	t := r.tokens[at]
	if t.kind == tokBad {
		return r.bad
	}
	return r.headError(t.span(), "unexpected "+r.show(t)+" on the left of =")
}
