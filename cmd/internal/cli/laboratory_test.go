package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Awkward formulas are drawn, compared and walked without a panic: with an answer, or a
// message that says what is wrong.
func TestLaboratoryOnAwkwardFormulas(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, f := range []string{
		"1/x", "0*x", "x", "-x", "log(-1-x^2)", "abs(x)", "if(x < 0, 1, 2)", "floor(x)", "x^x", "1e300*x^2", "1e-300*x^2", "exp(exp(x))", "sqrt(x)", "1/(x-x)",
		"x[1]^2 + x[2]^2", "x*y", "1/(x*y)", "log(x*y)", "0*x*y", "exp(x*y)^9", "abs(x) + abs(y)", "floor(x + y)", "x + y + z", "sin(1/x)", "tan(x)", "gamma(x)", "x^1000", "x^2 + 1e15", "3 + 1e-14*x^2",
	} {
		for _, args := range [][]string{
			{"plot", f}, {"plot", f, "--order", "2", "--path", "-o", "a.svg"}, {"plot", f, "--cost", "-o", "b.png", "--size", "100x80"}, {"plot", f, "--surface"},
			{"compare", f, "--methods", "gd,adam,nelder-mead", "--iterations", "40", "--plot", "term"}, {"compare", f, "--rate", "auto", "--iterations", "20", "--starts", "2", "--json"},
			{"descend", f, "--rate", "auto", "--iterations", "20", "--plot", "c.svg"}, {"descend", f, "--rate", "7", "--json", "--iterations", "20", "--ascend"},
			{"plot", f, "--bounds=" + boundsOf(f), "--paths", "gd,bfgs", "--dark", "-o", "d.pdf"},
		} {
			r := runWith("", append(args, "--timeout", "5s")...)
			if strings.Contains(r.err, "internal error") || strings.Contains(r.out, "internal error") {
				t.Errorf("%q: %s%s", args, r.err, r.out)
			}
			if r.code == exitOK && r.out == "" || r.code != exitOK && r.out == "" && r.err == "" {
				t.Errorf("%q: exit code %d and not a word", args, r.code)
			}
		}
	}
	for _, name := range []string{"a.svg", "c.svg"} {
		b, err := os.ReadFile(name)
		if err != nil || strings.Contains(string(b), "NaN") || strings.Contains(string(b), "Inf") {
			t.Errorf("%s: %v, or a number that is none", name, err)
		}
	}
}

func boundsOf(f string) string {
	switch {
	case strings.Contains(f, "z"):
		return "x=-1:1,y=0:2,z=0:1"
	case strings.Contains(f, "[1]"):
		return "x[1]=-1:1,x[2]=0:2"
	case strings.Contains(f, "y"):
		return "x=-1:1,y=0:2"
	}
	return "x=-1:1"
}

// Frames have one size and one pair of axes, and grow.
func TestFrames(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "frames")
	r := runWith("", "descend", "x^2 + 3y^2", "--start", "x=2,y=1", "--rate", "0.1", "--iterations", "2000", "--tol", "1e-300", "--frames", dir)
	files, err := filepath.Glob(filepath.Join(dir, "frame-*.svg"))
	if err != nil || len(files) < 20 || len(files) > mostFrames {
		t.Fatalf("%d frames (%v): %s", len(files), err, r.err)
	}
	first, last := structureOf(t, files[0]), structureOf(t, files[len(files)-1])
	if first.size != last.size || first.elements["path"] > last.elements["path"] {
		t.Errorf("first %+v, last %+v", first, last)
	}
	if strings.Join(first.texts[1:], " ") == "" || len(first.texts) != len(last.texts) {
		t.Errorf("the axes differ: %q and %q", first.texts, last.texts)
	}
}
