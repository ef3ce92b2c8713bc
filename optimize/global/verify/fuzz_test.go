package verify

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// hostile are certificates that are no certificates, or want too much.
var hostile = []string{
	"", "{", "null", "[]", "1", `"x"`, `{"schema":"nabla-certificate/1"}`,
	`{"schema":"nabla-certificate/1","formula":3}`,
	`{"schema":"nabla-certificate/1","formula":"x","variables":["y"]}`,
	`{"schema":"nabla-certificate/1","formula":"x","variables":["x","x"],"status":"exact","point":[1,1],"value":[1,1]}`,
	`{"schema":"nabla-certificate/1","formula":"x","variables":["x"],"status":"certified","value":["nan",1]}`,
	`{"schema":"nabla-certificate/1","formula":"x","variables":["x"],"status":"certified","value":[1,"-inf"],"point":[1e308]}`,
	`{"schema":"nabla-certificate/1","formula":"x^2","variables":["x"],"status":"exact","exact":"10^10^10^10","value":[0,0],"point":[0]}`,
	`{"schema":"nabla-certificate/1","formula":"x^2","variables":["x"],"bounds":[["0"]],"open":[[true]],"status":"empty","value":[0,0]}`,
	`{"schema":"nabla-certificate/1","formula":"(x^2-1)^2+y^2","variables":["x","y"],"status":"certified","value":[0,0],"point":[1,0],"tree":[{"split":3,"at":0},{"split":-1},{"box":[[1,0]]}]}`,
	`{"schema":"nabla-certificate/1","formula":"(x^2-1)^2+y^2","variables":["x","y"],"status":"certified","value":[0,0],"point":[1,0],"tree":[{"split":1,"at":0},{"split":1,"at":0},{"split":1,"at":0}]}`,
	`{"schema":"nabla-certificate/1","formula":"x","variables":["x"],"status":"exact","value":[0,0],"point":[0],"reduction":{"kind":"sum","parts":[null]}}`,
	`{"schema":"nabla-certificate/1","formula":"x","variables":["x"],"status":"exact","value":[0,0],"exact":"0","point":[0],"reduction":{"kind":"sum","of":[["x"]],"lift":["y"],"parts":[{"schema":"","formula":"y","variables":["y"]}]}}`,
	`{"schema":"nabla-certificate/1","formula":"x","variables":["x"],"status":"unbounded","path":["t^(t^t)"]}`,
	`{"schema":"nabla-certificate/1","formula":"x","variables":["x"],"subject_to":["` + strings.Repeat("not (", 400) + "x>0" + strings.Repeat(")", 400) + `"],"status":"empty"}`,
	`{"schema":"nabla-certificate/1","formula":"` + strings.Repeat("(", 3000) + "x" + strings.Repeat(")", 3000) + `","variables":["x"],"status":"exact","value":[0,0]}`,
	`{"schema":"nabla-certificate/1","formula":"x","reduction":` + strings.Repeat(`{"kind":"sum","parts":[{"reduction":`, 5000) + "null" + strings.Repeat("}]}", 5000) + "}",
}

// small is the effort for inputs that may be anything.
var small = effort{boxes: 300, evals: 200, parts: 5, work: 1_000_000}

// Inputs that are no certificates, or want too much, are refused with a reason.
func TestHostile(t *testing.T) {
	for _, text := range hostile {
		r, err := check(strings.NewReader(text), small)
		if err == nil && (r.Valid || len(r.Unchecked) == 0) {
			t.Errorf("%.200s: %+v", text, r)
		}
	}
}

// FuzzCheck gives Check anything: it must neither panic nor hang, and say why it does
// not confirm what it does not.
func FuzzCheck(f *testing.F) {
	for _, text := range hostile {
		f.Add([]byte(text))
	}
	files, _ := filepath.Glob("testdata/*.json")
	if len(files) < 10 {
		f.Fatalf("only %d certificates in testdata", len(files))
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > 4000 { // long formulas take long to differentiate
			return
		}
		r, err := check(bytes.NewReader(b), small)
		if err == nil && !r.Valid && len(r.Unchecked) == 0 {
			t.Errorf("refused without a reason: %s", b)
		}
	})
}
