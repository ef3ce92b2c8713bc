package prove_test

import (
	"math/rand"
	"testing"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/prove"
	"nabla/expr/simplify"
)

// TestRulesOfTheTable proves the identities that the rows of functions state,
// where they state them.
func TestRulesOfTheTable(t *testing.T) {
	rnd := rand.New(rand.NewSource(3))
	proved, all := 0, 0
	for _, f := range fn.All() {
		for _, rule := range f.Rules {
			a, b := simplify.Template(f, rule.From), simplify.Template(f, rule.To)
			var given []expr.Expr
			if rule.When != "" {
				given = append(given, simplify.Template(f, rule.When))
			}
			all++
			p := prove.EqualWhere(a, b, given, prove.Budget{})
			if !p.Equal {
				t.Logf("%s: %s = %s where %q: %v", f.Name, rule.From, rule.To, rule.When, p.Why)
				continue
			}
			proved++
			if len(p.Conditions) > 0 {
				t.Logf("%s: %s = %s where %q: under %s", f.Name, rule.From, rule.To, rule.When, conditionsText(p.Conditions))
			}
			for _, at := range points(rnd, 100, a, b) {
				if hold(given, at) && hold(p.Conditions, at) && refutes(a, b, at) {
					t.Errorf("%s: %s = %s where %q is proved and false at %v", f.Name, rule.From, rule.To, rule.When, at)
				}
			}
		}
	}
	t.Logf("%d of %d rules proved", proved, all)
	// The others want facts about integers, inverse functions on an interval,
	// or theorems about the gamma function.
	if proved < 9*all/10 {
		t.Error("fewer than nine in ten")
	}
}
