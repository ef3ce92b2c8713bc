package check

import (
	"strings"

	"nabla/expr/number"
)

// place writes a point as x = 1, y = 1/2.
func (s *sampler) place(x []number.Number) string { return Place(s.coordinates(x)) }

// Place writes a point as in "x = 1, y = 1/2", "" for a point without
// coordinates.
func Place(at []Coordinate) string {
	parts := make([]string, len(at))
	for i, c := range at {
		parts[i] = c.Var + " = " + c.Value.String()
	}
	return strings.Join(parts, ", ")
}
