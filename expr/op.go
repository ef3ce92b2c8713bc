package expr

// An Op is the kind of a node. The set is closed: every pass is a switch over
// it. What grows (functions, rules, output languages) is a table instead.
type Op uint8

const (
	Num  Op = iota // an exact constant
	Var            // a variable
	Add            // a + b + …, in the written order
	Mul            // a * b * …, in the written order
	Pow            // a ^ b
	Neg            // -a; in written forms only
	Div            // a / b; in written forms only
	Call           // f(a, …), f a row of package fn; constants such as pi have no operands
	If             // if(condition, then, else)
	Lt             // a < b; this and the next eight are conditions
	Le
	Gt
	Ge
	Eq
	Ne
	And // a and b and …
	Or  // a or b or …
	Not
	Diff // diff(u, x): the derivative of u by the variable x; in written forms and derivations only
	numOps
)

var opNames = [numOps]string{"num", "var", "add", "mul", "pow", "neg", "div", "call", "if",
	"lt", "le", "gt", "ge", "eq", "ne", "and", "or", "not", "diff"}

func (op Op) String() string { return opNames[op] }

// IsRelation reports whether op compares two values.
func (op Op) IsRelation() bool { return Lt <= op && op <= Ne }

// Negated returns the relation that holds where op does not, for relations.
func (op Op) Negated() Op { return [...]Op{Lt: Ge, Le: Gt, Gt: Le, Ge: Lt, Eq: Ne, Ne: Eq}[op] }

// Mirrored returns the relation that v and u are in where u and v are in op.
func (op Op) Mirrored() Op { return [...]Op{Lt: Gt, Le: Ge, Gt: Lt, Ge: Le, Eq: Eq, Ne: Ne}[op] }

// Holds reports whether the relation op holds between u and v, of which the order is that of a comparison: negative for u < v.
func (op Op) Holds(order int) bool {
	switch op {
	case Lt:
		return order < 0
	case Le:
		return order <= 0
	case Gt:
		return order > 0
	case Ge:
		return order >= 0
	case Eq:
		return order == 0
	}
	return order != 0
}

// IsCondition reports whether op yields a truth value rather than a number.
func (op Op) IsCondition() bool { return Lt <= op && op <= Not }

// IsLeaf reports whether op has no operands by its kind.
func (op Op) IsLeaf() bool { return op <= Var }
