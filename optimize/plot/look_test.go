package plot

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/plot/text"

	"nabla/expr"
	"nabla/optimize/trace"
)

// A power of ten keeps its exponent, sign and all, though the typeface has no such
// superscripts.
func TestSuperscripts(t *testing.T) {
	f := &Figure{X: Axis{Min: 1e-12, Max: 1, Log: true}, Y: Axis{Min: 0, Max: 1}, Title: "x⁹"}
	var b bytes.Buffer
	if err := f.Write(&b, "svg", DefaultSize, &Light); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{">−12<", ">−6<", ">9<", ">10<"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %s in the picture", want)
		}
	}
	for _, r := range "⁻⁹⁰" {
		if strings.ContainsRune(b.String(), r) {
			t.Errorf("the picture has %c, which the typeface lacks", r)
		}
	}
	h := raised{text.Plain{Fonts: fonts()}}
	st := style(Light.Ink, 10)
	w1, _, _ := h.Box("10", st.Font)
	w2, _, _ := h.Box("10⁻¹²", st.Font)
	if !(w2 > w1) {
		t.Errorf("10⁻¹² is %g wide, 10 is %g", w2, w1)
	}
	if got := fmt.Sprint(runs("3×10⁻⁹ m²")); got != "[{3×10 false} {−9 true} { m false} {2 true}]" {
		t.Errorf("runs %s", got)
	}
}

func TestNumber(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0", 1: "1", -1.5: "−1.5", 1.0 / 3: "0.3333", 1234.5678: "1235", 123456: "123456", 1e-28: "10⁻²⁸", 2.5e7: "2.5×10⁷",
		0.00012: "0.00012", -3.1e-9: "−3.1×10⁻⁹", math.Inf(-1): "-∞",
	} {
		if got := Number(v); got != want {
			t.Errorf("Number(%g) = %q, want %q", v, got, want)
		}
	}
}

// A sheet has both figures, at any proportions.
func TestSheet(t *testing.T) {
	run := []Run{{Name: "only", Values: []float64{3, 1, 0.1, 1e-5}, Evaluations: []int{1, 2, 4, 9}}}
	s := Sheet{Cost(run, 0, false), Cost(run, 0, true)}
	for _, size := range []Size{{600, 300}, {300, 600}} {
		for _, format := range Formats {
			var b bytes.Buffer
			if err := s.Write(&b, format, size, &Dark); err != nil {
				t.Fatal(err)
			}
			if format == "svg" {
				wellFormed(t, "sheet", b.String())
				if !strings.Contains(b.String(), "cost per iteration") || !strings.Contains(b.String(), "cost per evaluation") {
					t.Error("a figure is missing")
				}
			}
		}
	}
}

// A run that diverges does not flatten the others.
func TestCostOfDivergence(t *testing.T) {
	f := Cost([]Run{{Values: []float64{1, 0.1, 1e-3}}, {Values: []float64{1, 1e50, 1e200, math.Inf(1)}}}, 0, false)
	if _, y := f.Ends(); y.Max > 1e5 || y.Min > 1e-3 || y.Min < 1e-5 {
		t.Errorf("from %g to %g", y.Min, y.Max)
	}
	// Without a known minimum the lowest value of all is what is measured from.
	f = Cost([]Run{{Values: []float64{1, -1, -2}}}, math.NaN(), false)
	if !f.Y.Log || f.Y.Label != "f − lowest found" {
		t.Errorf("%+v", f.Y)
	}
}

// A path from a trace is the points of the trace, and Until cuts it.
func TestPathOf(t *testing.T) {
	tr := &trace.Trace{Variables: []string{"x", "y"}, Method: "gd", Iterates: []trace.Iterate{
		{K: 0, X: []float64{1, 2}, F: 5, Evaluations: 1}, {K: 3, X: []float64{0.5, 1}, F: 1.25, Evaluations: 7},
	}}
	p := PathOf(tr)
	if len(p.Points) != 2 || p.Points[1] != (Point{0.5, 1}) || p.Name != "gd" {
		t.Errorf("%+v", p)
	}
	if got := Until(p, 1).(Path); len(got.Points) != 1 || got.Points[0] != (Point{1, 2}) {
		t.Errorf("%+v", got)
	}
	c := Cost([]Run{RunOf(tr)}, math.NaN(), false)
	if piece := c.Layers[0].(Line).Pieces[0]; piece[0].X != 0 {
		t.Errorf("%v", piece)
	}
	if c := Cost([]Run{RunOf(tr)}, 0, true); c.Layers[0].(Line).Pieces[0][1] != (Point{7, 1.25}) {
		t.Errorf("%v", c.Layers[0])
	}
}

// Text never leaves its columns, and a label at the right edge stands on the left.
func TestTextFits(t *testing.T) {
	f, err := Curve(expr.MustParse("x^2"), "x", CurveOptions{Lo: -1, Hi: 1, Orders: 2, Show: []Marks{{Points: []Point{{X: 0.9}}, Labels: []string{"a long label here"}}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, columns := range []int{30, 60, 120} {
		text := f.Text(Terminal{Columns: columns, Rows: 14})
		for _, line := range strings.Split(text, "\n") {
			if n := len([]rune(line)); n > columns {
				t.Errorf("%d columns: a line of %d: %q", columns, n, line)
			}
		}
		if columns > 40 && !strings.Contains(text, "a long label here ●") {
			t.Errorf("the label is not beside its mark:\n%s", text)
		}
	}
}
