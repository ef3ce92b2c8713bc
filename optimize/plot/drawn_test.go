package plot

import (
	"bytes"
	"compress/zlib"
	"io"
	"math"
	"strconv"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgpdf"

	"nabla/expr"
)

func valleyOf(t *testing.T, text string, o ValleyOptions) *Figure {
	t.Helper()
	f, err := Valley(expr.MustParse(text), [2]string{"x", "y"}, o)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// The ground above a level has the right size, holes and gaps taken away.
func TestAbove(t *testing.T) {
	for _, c := range []struct {
		text  string
		level float64
		area  float64
	}{
		{"x^2 + y^2", 1, 16 - math.Pi},
		{"-x^2 - y^2", -1, math.Pi},
		{"x^2 + y^2", math.Inf(-1), 16},
		{"x^2 + y^2", 100, 0},
		{"abs(x^2 + y^2 - 1.5)", 0.5, 16 - math.Pi*2 + math.Pi}, // a ring is taken out
		{"log(x)", math.Inf(-1), 8},
		{"x*y", 0, 8},
		{"x^2 + 3y^2 + x*y", 0.8, 16 - 2*math.Pi*0.8/math.Sqrt(11)},
		{"sin(3x)*sin(3y)", 0.5, 0}, // set below: as much as lies below -0.5
		{"0*x*y + 3", 2, 16},
	} {
		f := valleyOf(t, c.text, ValleyOptions{X: [2]float64{-2, 2}, Y: [2]float64{-2, 2}})
		area := 0.0
		for _, line := range f.Layers[0].(Field).above(c.level) {
			for i, p := range line {
				q := line[(i+1)%len(line)]
				area += (p.X*q.Y - q.X*p.Y) / 2
			}
		}
		if c.text == "sin(3x)*sin(3y)" {
			low := valleyOf(t, "-("+c.text+")", ValleyOptions{X: [2]float64{-2, 2}, Y: [2]float64{-2, 2}})
			for _, line := range low.Layers[0].(Field).above(c.level) {
				for i, p := range line {
					q := line[(i+1)%len(line)]
					c.area += (p.X*q.Y - q.X*p.Y) / 2
				}
			}
		}
		if math.Abs(area-c.area) > 0.06 {
			t.Errorf("%s above %g: %g, want %g", c.text, c.level, area, c.area)
		}
	}
	s := Shade{Xs: []float64{0, 1, 2}, Ys: []float64{0, 1, 2}, Inside: [][]bool{{true, true}, {false, false}}}
	area := 0.0
	for _, line := range s.field().above(0.5) {
		for i, p := range line {
			q := line[(i+1)%len(line)]
			area += (p.X*q.Y - q.X*p.Y) / 2
		}
	}
	if math.Abs(area-2) > 1e-5 {
		t.Errorf("a covered half has the size %g, want 2", area)
	}
}

// A picture of bands is drawn with lines in every format, and each piece of text in an
// SVG has its length, whatever the font.
func TestBandsAreNoImages(t *testing.T) {
	f := valleyOf(t, "x^2 + 3y^2 - 1e7", ValleyOptions{Grid: 30, SubjectTo: []expr.Expr{condition(t, "x + y <= 1")}})
	var svg, pdf bytes.Buffer
	if err := f.Write(&svg, "svg", DefaultSize, &Light); err != nil {
		t.Fatal(err)
	}
	if err := f.Write(&pdf, "pdf", DefaultSize, &Light); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(svg.String(), "<image") || strings.Contains(pdf.String(), "/Image\n") {
		t.Error("there is an image")
	}
	if n, m := strings.Count(svg.String(), "<text "), strings.Count(svg.String(), "<text xml:space=\"preserve\" textLength="); n < 10 || n != m {
		t.Errorf("%d pieces of text, %d with a length", n, m)
	}
	if strings.Contains(pdf.String(), "/FontFile") {
		t.Error("a font without minus signs is embedded")
	}
}

// Letters that the code page of a PDF lacks are drawn as what they are.
func TestLettersOfPDF(t *testing.T) {
	outline := func(s string) string {
		c := lettered{vgpdf.New(100, 100)}
		st := style(Light.Ink, 10)
		c.FillString(fonts().Lookup(st.Font, st.Font.Size), vg.Point{X: 10, Y: 10}, s)
		var b bytes.Buffer
		if _, err := c.WriteTo(&b); err != nil {
			t.Fatal(err)
		}
		_, rest, _ := bytes.Cut(b.Bytes(), []byte("stream\n"))
		z, err := zlib.NewReader(bytes.NewReader(rest))
		if err != nil {
			t.Fatal(err)
		}
		page, _ := io.ReadAll(z)
		return string(page)
	}
	seen := map[string]string{}
	for _, s := range []string{"", "-", "−", "′", "″", "π", "√", "≤", "λ", "∞"} {
		page := outline(s)
		for other, drawn := range seen {
			if drawn == page {
				t.Errorf("%q is drawn like %q", s, other)
			}
		}
		seen[s] = page
	}
}

// A wave that dies away, a hill in a plain and a kink are shown whole; a pole is not.
func TestExtent(t *testing.T) {
	for _, c := range []struct {
		text      string
		lo, hi    float64
		low, high [2]float64 // between which the ends of the axis lie
	}{
		{"exp(-x^2)*sin(20*x)", -7, 7, [2]float64{-1.3, -0.99}, [2]float64{0.99, 1.3}},
		{"1/(1 + 1000*x^2)", -5, 5, [2]float64{-0.2, 0}, [2]float64{1, 1.3}},
		{"-1/(1 + 1000*x^2)", -5, 5, [2]float64{-1.3, -1}, [2]float64{0, 0.2}},
		{"sin(x)/x", -130, 130, [2]float64{-0.5, -0.2}, [2]float64{0.99, 1.3}}, // undefined at its top
		{"1/x", -5, 5, [2]float64{-20, -1}, [2]float64{1, 20}},
		{"1/x^2", -5, 5, [2]float64{-20, 0}, [2]float64{1, 50}},
		{"log(abs(x))", -5, 5, [2]float64{-40, -2}, [2]float64{1.6, 4}},
		{"tan(x)", -5, 5, [2]float64{-50, -2}, [2]float64{2, 50}},
	} {
		_, y := curveOf(t, c.text, CurveOptions{Lo: c.lo, Hi: c.hi}).Ends()
		if y.Min < c.low[0] || y.Min > c.low[1] || y.Max < c.high[0] || y.Max > c.high[1] {
			t.Errorf("%s: from %g to %g", c.text, y.Min, y.Max)
		}
	}
}

// A derivative is drawn where the function is defined, and does not make it flat.
func TestDerivatives(t *testing.T) {
	f := curveOf(t, "log(x)", CurveOptions{Lo: -5, Hi: 5, Orders: 2})
	for _, l := range f.Layers {
		for _, piece := range l.(Line).Pieces {
			for _, p := range piece {
				if p.X <= 0 {
					t.Fatalf("log(x): a point at %g", p.X)
				}
			}
		}
	}
	for text, size := range map[string]float64{"sqrt(1 - x^2)": 0.1, "x^x": 0.1, "sin(20x)": 0.04, "exp(3x)": 0.1, "x^3 - x": 0.2} {
		f := curveOf(t, text, CurveOptions{Orders: 2})
		lo, hi := math.Inf(1), math.Inf(-1)
		_, y := f.Ends()
		for _, piece := range f.Layers[0].(Line).Pieces {
			for _, p := range piece {
				lo, hi = math.Min(lo, p.Y), math.Max(hi, p.Y)
			}
		}
		if share := (math.Min(hi, y.Max) - math.Max(lo, y.Min)) / (y.Max - y.Min); share < size {
			t.Errorf("%s fills %.2g of its picture", text, share)
		}
	}
}

// An interval shows what it is asked to show, ends near the domain, and leaves less room
// where the function rises steeply.
func TestInterval(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct {
		text     string
		points   []float64
		lo, hi   float64
		from, to [2]float64
	}{
		{"x^2", nil, -inf, inf, [2]float64{-5, -5}, [2]float64{5, 5}},
		{"x^2", nil, 2, inf, [2]float64{2, 2}, [2]float64{12, 12}},
		{"x^2", []float64{1}, -inf, inf, [2]float64{-2, -2}, [2]float64{4, 4}},
		{"log(x)", nil, -inf, inf, [2]float64{-1, 0}, [2]float64{5, 5}},
		{"sqrt(1 - x^2)", nil, -inf, inf, [2]float64{-1.3, -1}, [2]float64{1, 1.3}},
		{"x^4 - 3x^2 + x", []float64{-1.3, 0.17, 1.13, 2}, -inf, inf, [2]float64{-2.5, -1.8}, [2]float64{2.2, 2.5}},
		{"x^2 + 2", []float64{-4, 0}, -inf, inf, [2]float64{-7, -5}, [2]float64{1.5, 3}},
		{"x", []float64{0, 1e9}, 0, 1, [2]float64{0, 0}, [2]float64{1, 1}},
	} {
		from, to, err := Interval(expr.MustParse(c.text), "x", c.points, c.lo, c.hi)
		if err != nil || from < c.from[0] || from > c.from[1] || to < c.to[0] || to > c.to[1] {
			t.Errorf("%s with %v: from %g to %g, %v", c.text, c.points, from, to, err)
		}
	}
}

// Labels of an axis far from zero leave out what they have in common, and say so.
func TestOffset(t *testing.T) {
	a := Axis{Label: "f", Min: 1e8 - 0.5, Max: 1e8 + 9.5}
	if got := a.title(); got != "f − 10⁸" {
		t.Errorf("title %q", got)
	}
	for _, k := range a.Ticks(5) {
		if len([]rune(k.Label)) > 2 {
			t.Errorf("label %q", k.Label)
		}
	}
	for _, a := range []Axis{{Label: "x", Min: -5, Max: 5}, {Label: "x", Min: 1e6, Max: 2e6}, {Min: 1e8, Max: 1e8 + 1}, {Label: "x", Min: 1, Max: 1e8, Log: true}} {
		if a.offset() != 0 {
			t.Errorf("%+v: offset %g", a, a.offset())
		}
	}
	texts, off := levelTexts([]float64{1000000.25, 1000001, 1000004, 1000009})
	if strings.Join(texts, " ") != "0.25 1 4 9" || off != "f − 10⁶" {
		t.Errorf("levels %q, %q", texts, off)
	}
	if texts, _ := levelTexts([]float64{1234.5, 1235.5, 1300}); texts[0] == texts[1] {
		t.Errorf("two levels have one label: %q", texts)
	}
}

// Levels ascend inside the values and have few digits.
func TestRoundLevels(t *testing.T) {
	for _, text := range []string{"x^2 + y^2", "(1-x)^2 + 100(y-x^2)^2", "x + y", "x*y", "exp(x) + y^2", "1e-9*x*y", "sin(x)*cos(y)", "1e6*x + y"} {
		l := valleyOf(t, text, ValleyOptions{}).Layers[0].(Field).Levels
		if len(l) < 5 || len(l) > 30 {
			t.Errorf("%s: %d levels", text, len(l))
		}
		for i, v := range l {
			if i > 0 && v <= l[i-1] {
				t.Errorf("%s: levels %v", text, l)
			}
			if mantissa, _, _ := strings.Cut(strconv.FormatFloat(v, 'e', -1, 64), "e"); len(mantissa) > 6 {
				t.Errorf("%s: level %g", text, v)
			}
		}
	}
}
