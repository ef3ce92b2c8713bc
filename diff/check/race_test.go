package check

import (
	"sync"
	"testing"
)

// Questions about the same formula may be asked from several goroutines, and a
// class of a thousand answers in one go.
func TestConcurrent(t *testing.T) {
	all := cases[claimCase](t, "claims/wrong.jsonl")[:24]
	f := read(t, "x^2*sin(3*x)")
	c := read(t, "2*x*cos(3*x)")
	var wg sync.WaitGroup
	for range 4 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for _, k := range all {
				if r := Claim(read(t, k.Formula), read(t, k.Answer), k.Var, Options{}); r.Verdict != Different {
					t.Errorf("%s: %s", k.ID, r.Verdict)
				}
				if r := Claim(f, c, "x", Options{}); r.Verdict != Different || len(r.Mistakes) == 0 {
					t.Errorf("%+v", r)
				}
			}
		}()
	}
	wg.Wait()
}
