// Package syntax reads the text of formulas: what was typed becomes a tree in
// which every part knows its place. It knows how mathematics is written and
// nothing of what it means; which names are functions it asks a Vocabulary.
//
// A text goes through three stages, each with its own file:
//
//	text ─► tokens and pieces ─► statements ─► trees
//	        scan.go              grammar.go    climb.go
//
// The scanner cuts the text into tokens and the tokens into pieces, one a
// statement. A participle grammar reads the statements and their left-hand
// sides; to it the right-hand side of a statement is one token. Its production
// is an operator-precedence climb over the scanner's own tokens, which keeps an
// explicit stack: no nesting, however deep, costs Go stack. (participle's
// tokens are 64 bytes each and all of them are made beforehand; the scanner's
// are 12.)
//
// A Tree holds its nodes in postorder. After Parse there are no parentheses,
// no prefix plus, no comments and no alternative spellings in it: × is Mul, x²
// is Pow, √x is a Call of sqrt, |x| is Abs, sin^2 x is the Pow of a Call, and
// a product written by juxtaposition is a Mul whose Head is empty. Whether
// names are known, calls have the right number of operands and conditions
// stand where they may is left to whoever builds something of the tree.
//
// # Readings
//
// Where usage is divided, one reading is fixed here, or none is given and the
// error names both.
//
//   - White space never changes the reading of a bracket: sin (x+1)^2 is
//     sin(x+1)^2, which is (sin(x+1))^2.
//   - A textbook function without parentheses takes the juxtaposed factors
//     that follow, up to the next function: sin 2x cos x is sin(2*x)*cos(x),
//     sin x^2 is sin(x^2), ln sin x is ln(sin(x)). √ is such a function. A sign
//     may not follow it directly: exp -x is an error.
//   - sin^2 x is (sin(x))^2; sin^-1 x is an error that names asin and 1/sin.
//   - A bar closes the innermost bracket when that is a bar and an operand
//     stands before it; otherwise it opens one: |x||y| is |x|*|y|,
//     ||x| - 1| is | |x| - 1 |.
//   - π is a name of its own even between letters: 2πr is 2*π*r (π_1 and π₁
//     are ordinary names).
//   - d/dx(u) and d^2/dx^2(u) are derivatives, unless d or dx has been
//     defined. Without parentheses d/dx takes the juxtaposed factors that
//     follow, functions too; a * or / after them is an error. In any other
//     place d and dx are ordinary names.
//   - x!! and x²^3 are errors that ask for parentheses.
//   - a < b < c is an error: relations do not chain.
//
// # Lines
//
// Statements are separated by ; or by new lines. A new line between brackets
// is white space, and so is one that follows an operator, a comma or =, or
// comes before something that cannot begin a formula (* / ^ = < and the like).
// A line that begins with + or - continues the line before it if that line is
// not a definition. After a definition it is a statement of its own if it
// mentions the defined name, and otherwise an error that asks which is meant.
package syntax
