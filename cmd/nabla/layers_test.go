package main

import (
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

// layers says what each package may import besides the standard library:
// packages of this module by their path in it, others by the start of theirs.
// An import that is not here is an arrow the wrong way.
var layers = map[string][]string{
	"expr/interval":                       {"expr/interval/precise"},
	"expr/interval/precise":               {},
	"expr/number":                         {},
	"expr/syntax":                         {"github.com/alecthomas/participle/v2"},
	"expr/fn":                             {"expr/interval", "expr/interval/precise", "gonum.org/v1/gonum/mathext"},
	"expr":                                {"expr/fn", "expr/number", "expr/syntax"},
	"expr/simplify":                       {"expr", "expr/fn", "expr/number", "expr/interval"},
	"expr/prove":                          {"expr", "expr/fn", "expr/number", "expr/interval", "expr/simplify"},
	"expr/format":                         {"expr", "expr/fn", "expr/number", "expr/syntax"},
	"expr/tape":                           {"expr", "expr/fn", "expr/number", "expr/interval", "expr/interval/precise", "expr/simplify"},
	"diff":                                {"expr", "expr/fn", "expr/number", "expr/simplify"},
	"diff/check":                          {"diff", "expr", "expr/fn", "expr/number", "expr/syntax", "expr/interval", "expr/interval/precise", "expr/simplify", "expr/prove", "expr/tape", "expr/format", "gonum.org/v1/gonum/diff/fd"},
	"optimize":                            {"gonum.org/v1/gonum/", "diff", "expr", "expr/tape"},
	"optimize/global":                     {"optimize", "optimize/global/certificate", "optimize/global/minimum", "optimize/global/internal/branch", "optimize/global/internal/cancel", "optimize/global/internal/conditions", "optimize/global/internal/effort", "optimize/global/internal/exact", "optimize/global/internal/form", "optimize/global/internal/groebner", "optimize/global/internal/kkt", "optimize/global/internal/model", "optimize/global/internal/projection", "optimize/global/internal/quadprog", "optimize/global/internal/quadratic", "optimize/global/internal/rational", "optimize/global/internal/sos", "optimize/global/internal/univariate", "diff", "expr", "expr/fn", "expr/number", "expr/interval", "expr/simplify", "expr/prove", "expr/tape", "expr/format", "gonum.org/v1/gonum/mat", "gonum.org/v1/gonum/floats"},
	"optimize/global/minimum":             {"optimize/global/certificate", "expr", "expr/interval"},
	"optimize/global/internal/branch":     {"optimize/global/certificate", "optimize/global/minimum", "optimize/global/internal/effort", "optimize/global/internal/form", "optimize/global/internal/model", "optimize/global/internal/relax", "diff", "expr", "expr/fn", "expr/interval", "expr/number", "expr/simplify", "expr/tape", "gonum.org/v1/gonum/mat"},
	"optimize/global/internal/cancel":     {"optimize/global/internal/exact", "optimize/global/internal/form", "diff", "expr", "expr/fn", "expr/interval", "expr/number", "expr/simplify", "expr/tape"},
	"optimize/global/internal/conditions": {"optimize/global/internal/quadratic", "expr", "expr/format", "expr/interval", "expr/simplify", "expr/tape"},
	"optimize/global/internal/corpus":     {"optimize/global/minimum", "expr"},
	"optimize/global/internal/quadratic":  {"optimize/global/internal/rational", "expr", "expr/number", "expr/simplify"},
	"optimize/global/internal/univariate": {"optimize/global/minimum", "optimize/global/internal/asymptotic", "optimize/global/internal/conditions", "optimize/global/internal/effort", "optimize/global/internal/exact", "optimize/global/internal/form", "diff", "expr", "expr/fn", "expr/number", "expr/interval", "expr/simplify", "expr/tape", "expr/format"},
	"optimize/global/certificate":         {"expr/interval"},
	"optimize/global/internal/asymptotic": {"optimize/global/internal/exact", "diff", "expr", "expr/fn", "expr/interval", "expr/number", "expr/simplify", "expr/tape"},
	"optimize/global/internal/effort":     {},
	"optimize/global/internal/exact":      {"optimize/global/internal/polynomial", "optimize/global/internal/rational", "diff", "expr", "expr/fn", "expr/interval", "expr/interval/precise", "expr/number", "expr/prove", "expr/simplify", "expr/tape"},
	"optimize/global/internal/polynomial": {"expr/number"},
	"optimize/global/internal/rational":   {"expr/number"},
	"optimize/global/internal/form":       {"expr/fn", "optimize/global/internal/conditions", "optimize/global/internal/exact", "optimize/global/internal/model", "optimize/global/internal/quadratic", "diff", "expr", "expr/format", "expr/interval", "expr/number", "expr/simplify", "expr/tape"},
	"optimize/global/internal/groebner":   {"optimize/global/internal/sos", "expr/number"},
	"optimize/global/internal/kkt":        {"optimize", "optimize/global/internal/effort", "optimize/global/internal/model", "diff", "expr", "expr/interval", "expr/number", "expr/tape", "gonum.org/v1/gonum/mat"},
	"optimize/global/internal/model":      {"optimize/global/minimum", "diff", "expr", "expr/interval", "expr/number", "expr/simplify", "expr/tape", "gonum.org/v1/gonum/mat"},
	"optimize/global/internal/projection": {"optimize/global/internal/effort", "optimize/global/internal/form", "optimize/global/internal/model", "diff", "expr", "expr/fn", "expr/interval", "expr/number", "expr/simplify", "expr/tape"},
	"optimize/global/internal/quadprog":   {"optimize/global/internal/effort", "optimize/global/internal/rational", "expr/number"},
	"optimize/global/internal/relax":      {"expr/interval", "expr/tape"},
	"optimize/global/internal/sos":        {"optimize/global/internal/effort", "expr", "expr/number", "expr/simplify", "gonum.org/v1/gonum/mat"},
	"optimize/global/verify":              {"optimize/global/certificate", "diff", "expr", "expr/fn", "expr/format", "expr/number", "expr/interval", "expr/simplify", "expr/prove", "expr/tape"},
	"optimize/trace":                      {"optimize", "gonum.org/v1/gonum/mat"},
	"optimize/oracle":                     {"diff", "expr", "expr/interval", "expr/tape", "gonum.org/v1/gonum/mat"},
	"optimize/plot":                       {"optimize/trace", "diff", "expr", "expr/format", "expr/tape", "gonum.org/v1/plot", "codeberg.org/go-fonts/liberation", "golang.org/x/image/font", "gonum.org/v1/gonum/diff/fd"},
	"cmd/internal/cli":                    {"*", "github.com/spf13/pflag"},
	"cmd/nabla":                           {"cmd/internal/cli"},
}

// onlyIn names imports that one file of a package alone may have.
var onlyIn = map[string]map[string]string{
	"optimize": {"diff": "objective.go", "expr": "objective.go", "expr/tape": "objective.go"},
}

func TestLayers(t *testing.T) {
	const format = `{{.ImportPath}}|{{join .Imports " "}}|{{.Dir}}`
	out, err := exec.Command("go", "list", "-f", format, "nabla/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		f := strings.SplitN(strings.TrimSpace(line), "|", 3)
		pkg := strings.TrimPrefix(f[0], "nabla/")
		allowed, known := layers[pkg]
		if !known {
			t.Errorf("package %s has no layer", pkg)
			continue
		}
		for imp := range strings.FieldsSeq(f[1]) {
			if !permits(allowed, pkg, imp) {
				t.Errorf("%s must not import %s", pkg, imp)
			}
		}
		for imp, file := range onlyIn[pkg] {
			checkOnlyIn(t, f[2], "nabla/"+imp, file)
		}
	}
}

func permits(allowed []string, pkg, imp string) bool {
	first, _, _ := strings.Cut(imp, "/")
	if !strings.Contains(first, ".") && first != "nabla" {
		return true // standard library
	}
	own, ours := strings.CutPrefix(imp, "nabla/")
	return slices.ContainsFunc(allowed, func(a string) bool {
		switch {
		case a == "*": // any public package, and those of the command
			return ours && !strings.HasPrefix(own, "cmd/nabla")
		case ours:
			return a == own
		}
		return strings.HasPrefix(imp, a)
	})
}

// checkOnlyIn reports files of dir other than file that import imp.
func checkOnlyIn(t *testing.T, dir, imp, file string) {
	t.Helper()
	out, err := exec.Command("grep", "-l", "--include=*.go", "-r", `"`+imp+`"`, dir).Output()
	if err != nil && len(out) == 0 {
		return
	}
	for name := range strings.FieldsSeq(string(out)) {
		if base := path.Base(name); path.Dir(name) == dir && base != file && !strings.HasSuffix(base, "_test.go") {
			t.Errorf("%s imports %s; only %s may", name, imp, file)
		}
	}
}

// The test of the tester: arrows the wrong way are found.
func TestLayersPermits(t *testing.T) {
	for _, c := range []struct {
		pkg, imp string
		want     bool
	}{
		{"expr", "nabla/expr/fn", true}, {"expr", "nabla/diff", false}, {"expr/syntax", "nabla/expr", false},
		{"diff", "gonum.org/v1/gonum/mat", false}, {"optimize", "gonum.org/v1/gonum/mat", true}, {"expr/interval", "math", true},
		{"optimize", "gonum.org/v1/plot", false}, {"cmd/internal/cli", "nabla/diff", true}, {"cmd/internal/cli", "nabla/cmd/nabla", false},
		{"optimize/global/verify", "nabla/optimize/global", false}, {"optimize/global/verify", "nabla/optimize/global/certificate", true},
		{"optimize/global", "nabla/optimize/global/verify", false},
	} {
		if got := permits(layers[c.pkg], c.pkg, c.imp); got != c.want {
			t.Errorf("%s → %s permitted: %v", c.pkg, c.imp, got)
		}
	}
}
