package global

import (
	"strings"
	"testing"
)

func TestImpliedBounds(t *testing.T) {
	for _, c := range []struct{ bounds, told string }{
		{"|a > 0; b >= 0; c > 0; a + b + c == pi", "a < pi; b < pi; c < pi"},
		{"a=0:|a + b <= 1; b >= 0", "a <= 1; b <= 1"},
		{"a=0:2,b=:3|2a - b < 1", "a < 2; b > -1"},
		{"a=0:,b=0:|a - 2b <= 4", ""}, // neither side is bounded by the other
		{"a=0:,b=0:|a + b >= 4", ""},  // nor by this
		{"a=1:,b=1:|a*b <= 4", ""},    // not linear
		{"a=0:,b=0:,c=0:1|a + b - c == 0", "a <= 1; b <= 1"},
	} {
		p := problemOf(t, "a + b", c.bounds)
		q, ok := p.normal()
		if !ok {
			t.Fatalf("%s leaves nothing", c.bounds)
		}
		m, err := q.model()
		if err != nil {
			t.Fatal(err)
		}
		_, told := (&session{ctx: t.Context(), p: q, m: m}).impliedBounds()
		if got := strings.Join(told, "; "); got != c.told {
			t.Errorf("%s: implied %q, want %q", c.bounds, got, c.told)
		}
	}
}
