package simplify

import (
	"testing"

	"nabla/expr"
	"nabla/expr/fn"
)

// No identity of the table without a letter on the left is passed over.
func TestValuesAreRead(t *testing.T) {
	total := 0
	for _, f := range fn.All() {
		var want []string
		for _, r := range f.Rules {
			if from := Template(f, r.From); from.Op() == expr.Call && from.Func() == f && from.IsConstant() {
				want = append(want, r.From)
			}
		}
		if got := valuesOf(f); len(got) != len(want) {
			t.Errorf("%s: %d values, want those of %q", f.Name, len(got), want)
		}
		total += len(want)
	}
	if total < 50 {
		t.Errorf("%d values in the table", total)
	}
}
