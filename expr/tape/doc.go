// Package tape compiles formulas to straight-line programs and runs them: at a
// point, over columns of values, on intervals, and on intervals of any
// precision.
//
// A formula and its derivatives become one Prog, in which every subexpression
// that they have in common is computed once. In what follows a, b, u, v are
// values of a program and x is the point at which it runs.
//
// # Two levels
//
// A Prog is a list of Insts in single-assignment form: instruction i computes
// register i. That list is mathematics: constants are exact, u^n is one
// instruction, and every rewrite that led to it is an identity of real
// functions with the same domain on both sides. Intervals run on it, and a
// constraint propagator walks it backward.
//
// Numbers run on the code below it: powers unrolled into multiplications,
// products and sums fused into one step, operations in an order that keeps few
// values alive, registers packed into slots. Prog.String prints the list and
// Prog.Listing the code.
//
// # What Compile rewrites
//
//   - Equal subexpressions are one, also across outputs and Pools, also when
//     they differ in sign: a - b and b - a are one instruction.
//   - Constants are folded as exact rationals.
//   - A sum of n terms is a chain of n - 1 additions in the order written, its
//     constants added up where the first of them stands. A product of n factors
//     is a chain too; factors that several products have in common come first,
//     so that those products share the chain, and the constant comes last.
//   - a + (-1)*b is a - b; a*b^(-1) is a/b; the divisors of one product are
//     multiplied together and divided by once. x/x stays: it has no value at 0.
//   - x*x^2 is x^3; (x^2)^3 is x^6; (-x)^2 is x^2.
//   - u^(1/2) is sqrt(u), e^u is exp(u), u^(p/2) and u^(p/3) are made of square
//     and cube roots of u, undefined for u < 0.
//   - exp(u) - 1 is expm1(u), log(1 + u) is log1p(u), log(1 + exp(u)) is
//     softplus(u), exp(u)/(1 + exp(u)) and 1/(1 + exp(-u)) are sigmoid(u): the
//     same functions without their cancellation and overflow.
//   - f(-u) is f(u) or -f(u) for an even or odd function of the table.
//
// # Undefined values
//
// Evaluation follows the formula language: a real power of a negative base is
// NaN unless its exponent is an integer, log(-1) is NaN, 1/0 is an infinity, 0^0
// is 1. A comparison with NaN is neither true nor false but NaN, which a
// conjunction and disjunction pass on only where the other side does not settle
// them (Kleene's logic), and if(c, a, b) is NaN when c is. The branch not taken
// may be undefined.
//
// # Accuracy and reproducibility
//
// Every operation is rounded once; no multiplication is fused with an addition
// by the compiler, so that all architectures compute the same sums and products,
// and differ only where package math does. Machine.Eval and Machine.Columns
// agree bit for bit. Rewriting changes values by a few ulps against evaluation
// in the written order, in the direction of the true value where it matters.
package tape
