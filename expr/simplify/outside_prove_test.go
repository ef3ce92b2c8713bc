package simplify_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/simplify"
)

type claimCase struct {
	ID, Formula, Var, Answer, Plain, Kind string
	F, SmallF                             string `json:"-"`
}

func casesDir(t testing.TB) string {
	dir := os.Getenv("NABLA_CASES")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "testdata")
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skip("no outside cases: ", err)
	}
	return dir
}

func readLines[T any](t testing.TB, path string) []T {
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []T
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		var v T
		if err := json.Unmarshal(sc.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
		out = append(out, v)
	}
	return out
}

func TestRightClaims(t *testing.T) {
	cases := readLines[claimCase](t, filepath.Join(casesDir(t), "claims", "right.jsonl"))
	proved := 0
	start := time.Now()
	for _, c := range cases {
		f, claim := expr.MustParse(c.Formula), expr.MustParse(c.Answer)
		t0 := time.Now()
		p := simplify.ProveEqual(diff.D(f, c.Var), claim, simplify.Budget{})
		if d := time.Since(t0); d > 5*time.Millisecond {
			t.Logf("slow %v %s: %s", d, c.Formula, c.Answer)
		}
		if p.Equal {
			proved++
			if len(p.Conditions) > 0 {
				t.Logf("%s: %s under %v", c.Formula, c.Answer, p.Conditions)
			}
		} else {
			t.Logf("%s: d/d%s %s = %s: %v", c.ID, c.Var, c.Formula, c.Answer, p.Why)
		}
	}
	t.Logf("%d of %d proved in %v", proved, len(cases), time.Since(start))
}

func TestWrongClaims(t *testing.T) {
	cases := readLines[claimCase](t, filepath.Join(casesDir(t), "claims", "wrong.jsonl"))
	start := time.Now()
	for _, c := range cases {
		f, claim := expr.MustParse(c.Formula), expr.MustParse(c.Answer)
		if p := simplify.ProveEqual(diff.D(f, c.Var), claim, simplify.Budget{}); p.Equal {
			t.Errorf("%s: %s = %s is wrong, and proved: %v", c.ID, c.Formula, c.Answer, p)
		}
	}
	t.Logf("%d in %v", len(cases), time.Since(start))
}

type pairCase struct {
	ID, Source, Var, F, SmallF string
}

type rubiCase struct {
	ID     string `json:"id"`
	Source string `json:"source"`
	Var    string `json:"var"`
	Prim   string `json:"F"`
	Integ  string `json:"f"`
}

func TestRubiPairs(t *testing.T) {
	path := filepath.Join(casesDir(t), "rubi", "pairs.jsonl")
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<20)
	n, proved := 0, 0
	start := time.Now()
	var worst time.Duration
	for sc.Scan() {
		var m map[string]json.RawMessage
		if err := json.Unmarshal(sc.Bytes(), &m); err != nil {
			t.Fatal(err)
		}
		text := func(k string) (s string) { json.Unmarshal(m[k], &s); return }
		n++
		F, g := expr.MustParse(text("F")), expr.MustParse(text("f"))
		d := diff.D(F, text("var"))
		t0 := time.Now()
		p := simplify.ProveEqual(d, g, simplify.Budget{})
		el := time.Since(t0)
		worst = max(worst, el)
		if p.Equal {
			proved++
			if len(p.Conditions) > 0 {
				t.Logf("COND %s: %s | %s under %v", text("id"), text("F"), text("f"), p.Conditions)
			}
		} else {
			t.Logf("OPEN %s %v: %s | %s: %v", text("id"), el, text("F"), text("f"), p.Why)
		}
	}
	t.Logf("%d of %d proved in %v, at most %v", proved, n, time.Since(start), worst)
}
