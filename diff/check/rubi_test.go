package check

import (
	"testing"
	"time"
)

// The derivatives of known antiderivatives are right claims of all sizes. Names
// of keys differ by case only, so the cases are read as maps.
func TestAntiderivatives(t *testing.T) {
	count := map[Verdict]int{}
	all := cases[map[string]any](t, "rubi/pairs.jsonl")
	var slowest time.Duration
	var slow string
	begin := time.Now()
	for _, c := range all {
		start := time.Now()
		r := Claim(read(t, c["F"].(string)), read(t, c["f"].(string)), c["var"].(string), Options{Mutants: -1})
		count[r.Verdict]++
		if d := time.Since(start); d > slowest {
			slowest, slow = d, c["id"].(string)
		}
		if r.Verdict == Different {
			t.Errorf("%v: at %s: claimed %v, true %v %s", c["id"], Place(r.Witness.At), r.Witness.Claimed, r.Witness.True, r.Witness.TrueText)
		}
		if r.Verdict == Undecided {
			t.Logf("%v undecided: %s %v", c["id"], r.Evidence.Text, r.Why)
		}
	}
	t.Logf("%d pairs in %v: proved %d, undecided %d, different %d; slowest %s %v",
		len(all), time.Since(begin).Round(time.Millisecond), count[Same], count[Undecided], count[Different], slow, slowest)
}
