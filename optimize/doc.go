// Package optimize finds minima and maxima of functions of real variables.
//
// An Objective is a function with its gradient. A Method walks from a starting
// point towards a minimum: it asks a Run for every value it needs and reports to
// it every point it accepts; the Run counts, traces, keeps the best point seen,
// never lets a point outside the bounds be evaluated, and says when and why to
// stop. Minimize runs one Method from one start. Auto chooses methods, starts
// from many points, polishes what it finds and tells distinct minimisers apart.
// Methods is the table of all methods with their parameters.
//
// Nothing here proves that a minimum is global: a Result says what was found and
// why the run ended, in words a person can act on.
//
// Notation, here and in the code: x is a point, f a value, g a gradient, h a
// Hessian matrix, d a direction, s a step taken, t the length of a step (the
// learning rate), k the number of an iterate (k = 0 is the start), n the number
// of variables, ‖·‖∞ the largest magnitude of a component.
package optimize
