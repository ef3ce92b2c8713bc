package syntax

// A Class says how a name may be used.
type Class uint8

const (
	NotFunction Class = iota // a variable; directly before ( a name of one letter multiplies
	Constant                 // multiplies directly before (, whatever its length: pi(x+1)
	CallOnly                 // a function where ( follows, a variable elsewhere
	Textbook                 // a function everywhere: sin 2x
)

// A Vocabulary knows the names of functions. The names it is asked are as
// Tree.Text gives them. The nil Vocabulary knows none.
//
// and, or and not are words of the language and never asked for. if, sum, prod
// and diff are to be CallOnly.
type Vocabulary interface {
	Class(name string) Class
	// Near is the known function whose name resembles the given one most, or
	// "" when none does.
	Near(name string) string
}
