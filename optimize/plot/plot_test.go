package plot

import (
	"bytes"
	"encoding/xml"
	"io"
	"math"
	"strings"
	"testing"

	"nabla/expr"
)

func curveOf(t *testing.T, text string, o CurveOptions) *Figure {
	t.Helper()
	f, err := Curve(expr.MustParse(text), "x", o)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// The graph is cut at poles and jumps, and left open where the function is
// undefined; nowhere else.
func TestPieces(t *testing.T) {
	for _, c := range []struct {
		text   string
		lo, hi float64
		pieces int
	}{
		{"x^2", -5, 5, 1},
		{"1/x", -5, 5, 2},
		{"tan(x)", -5, 5, 5},
		{"log(x)", -5, 5, 1},
		{"sqrt(x^2 - 1)", -5, 5, 2},
		{"floor(x)", 0.5, 3.5, 4},
		{"sign(x)", -1, 1, 3}, // the point at 0 is one
		{"abs(x)", -1, 1, 1},
		{"sin(50*x)", 0, 10, 1},
		{"exp(10*x)", -1, 1, 1},
		{"log(-x^2 - 1)", -5, 5, 0},
	} {
		l := curveOf(t, c.text, CurveOptions{Lo: c.lo, Hi: c.hi}).Layers[0].(Line)
		if len(l.Pieces) != c.pieces {
			t.Errorf("%s: %d pieces, want %d", c.text, len(l.Pieces), c.pieces)
		}
		for _, piece := range l.Pieces {
			for i, p := range piece {
				if math.IsNaN(p.Y) || i > 0 && p.X <= piece[i-1].X {
					t.Fatalf("%s: point %v after %v", c.text, p, piece[max(i-1, 0)])
				}
			}
		}
	}
}

// A pole does not flatten the rest of the picture.
func TestPoleLeavesTheRange(t *testing.T) {
	_, y := curveOf(t, "1/x", CurveOptions{}).Ends()
	if y.Max > 50 || y.Max < 1 {
		t.Errorf("1/x is shown up to %g", y.Max)
	}
	if _, y := curveOf(t, "x^2", CurveOptions{}).Ends(); y.Max < 25 {
		t.Errorf("x^2 is cut at %g", y.Max)
	}
}

// Contours of x²+y² are closed curves on circles.
func TestContourOfCircles(t *testing.T) {
	f, err := Valley(expr.MustParse("x^2 + y^2"), [2]string{"x", "y"}, ValleyOptions{X: [2]float64{-2, 2}, Y: [2]float64{-2, 2}})
	if err != nil {
		t.Fatal(err)
	}
	lines := contour(f.Layers[0].(Field), 1)
	if len(lines) != 1 {
		t.Fatalf("%d lines, want one circle", len(lines))
	}
	for _, p := range lines[0] {
		if r := math.Hypot(p.X, p.Y); math.Abs(r-1) > 1e-3 {
			t.Fatalf("%v is at distance %g", p, r)
		}
	}
	if lines[0][0] != lines[0][len(lines[0])-1] {
		t.Error("the circle is not closed")
	}
}

// Levels are log-spaced where a narrow valley asks for it.
func TestLevels(t *testing.T) {
	f, err := Valley(expr.MustParse("(1-x)^2 + 100(y-x^2)^2"), [2]string{"x", "y"}, ValleyOptions{})
	if err != nil {
		t.Fatal(err)
	}
	l := f.Layers[0].(Field).Levels
	for i := 2; i < len(l); i++ {
		if a, b := l[i]-l[i-1], l[i-1]-l[i-2]; !(a > b) {
			t.Fatalf("levels %v do not spread", l)
		}
	}
}

// Everything is drawn in every format and in text, in both looks, and the SVG is
// well formed, without numbers that are none.
func TestFormats(t *testing.T) {
	xy := [2]string{"x", "y"}
	valley, err := Valley(expr.MustParse("x^2 + sin(y)"), xy, ValleyOptions{
		Grid: 20, Arrows: true, SubjectTo: []expr.Expr{condition(t, "x + y <= 1")},
		Paths: []Path{{Name: "gd", Points: []Point{{-1, 1}, {0, 0}}}}, Show: []Marks{{Points: []Point{{0, 0}}, Labels: []string{"here"}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	surface, err := Surface(expr.MustParse("x^2 - y^2"), xy, ValleyOptions{Grid: 12})
	if err != nil {
		t.Fatal(err)
	}
	figures := map[string]*Figure{
		"curve":       curveOf(t, "x^2", CurveOptions{Orders: 2, Tangent: []float64{1}, Paths: []Path{{Name: "path", Points: []Point{{X: 2}, {X: 1}}}}}),
		"pole":        curveOf(t, "1/x", CurveOptions{}),
		"nowhere":     curveOf(t, "log(-1-x^2)", CurveOptions{}),
		"constant":    curveOf(t, "3 + 0*x", CurveOptions{}),
		"valley":      valley,
		"surface":     surface,
		"cost":        Cost([]Run{{Name: "a", Values: []float64{3, 1, 0.5, 1e-9, 0}}, {Name: "b", Values: []float64{2, math.NaN(), 1}, Evaluations: []int{1, 4, 9}}}, 0, true),
		"differences": Differences(math.Exp, math.E, 1),
	}
	for name, f := range figures {
		for _, theme := range []*Theme{&Light, &Dark} {
			for _, format := range Formats {
				var buf bytes.Buffer
				if err := f.Write(&buf, format, Size{240, 160}, theme); err != nil || buf.Len() < 500 {
					t.Errorf("%s as %s: %d bytes, %v", name, format, buf.Len(), err)
				}
				if format == "svg" {
					wellFormed(t, name, buf.String())
				}
			}
		}
		text := f.Text(Terminal{Columns: 60, Rows: 16})
		if n := strings.Count(text, "\n"); n < 12 || n > 18 {
			t.Errorf("%s: %d lines of text", name, n)
		}
	}
}

func condition(t *testing.T, text string) expr.Expr {
	c, err := expr.Reader{Conditions: true}.Expr(text)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func wellFormed(t *testing.T, name, svg string) {
	t.Helper()
	for d := xml.NewDecoder(strings.NewReader(svg)); ; {
		_, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
	}
	if strings.Contains(svg, "NaN") || strings.Contains(svg, "Inf") {
		t.Errorf("%s: a number that is none", name)
	}
	if strings.Contains(svg, "font-family:Liberation Sans;") {
		t.Errorf("%s: a font without fallback", name)
	}
}

// The V of difference quotients: rounding on the left, truncation on the right,
// the best central step near the cube root of the rounding error.
func TestDifferencesHaveABottom(t *testing.T) {
	f := Differences(math.Exp, math.E, 1)
	best := func(k int) Point {
		b := Point{Y: math.Inf(1)}
		for _, p := range f.Layers[k].(Line).Pieces[0] {
			if p.Y < b.Y {
				b = p
			}
		}
		return b
	}
	if p := best(0); p.X < 1e-10 || p.X > 1e-6 || p.Y > 1e-7 {
		t.Errorf("forward differences are best at %v", p)
	}
	if p := best(1); p.X < 1e-8 || p.X > 1e-3 || p.Y > 1e-9 {
		t.Errorf("central differences are best at %v", p)
	}
}

// The text of a straight line is a straight line.
func TestBraille(t *testing.T) {
	f := &Figure{X: Axis{Min: 0, Max: 1}, Y: Axis{Min: 0, Max: 1}, Layers: []Layer{Line{Pieces: [][]Point{{{0, 0}, {1, 1}}}}}}
	got := f.Text(Terminal{Columns: 16, Rows: 8})
	want := "  │         ⢀⣀⠤⠒\n" // the top row of the rising line
	if !strings.HasSuffix(strings.SplitAfter(got, "\n")[0], "\n") || strings.Count(got, "\n") != 6 {
		t.Errorf("%q, want %d lines such as %q", got, 6, want)
	}
	rows := strings.Split(got, "\n")[:4]
	last := math.MaxInt
	for _, r := range rows {
		at := strings.IndexFunc(r, func(c rune) bool { return c > 0x2800 && c < 0x2900 })
		if at < 0 || at >= last {
			t.Errorf("the line does not rise: %q", got)
		}
		last = at
	}
}

// Without colour, letters tell curves apart; with it, colours do.
func TestLetters(t *testing.T) {
	f := Cost([]Run{{Name: "gd", Values: []float64{3, 2, 1, 0.5}}, {Name: "adam", Values: []float64{3, 1, 0.5, 0.1}}}, 0, false)
	plain, colour := f.Text(Terminal{Columns: 50, Rows: 14}), f.Text(Terminal{Columns: 50, Rows: 14, Color: true})
	if !strings.Contains(plain, "a: gd") || !strings.Contains(plain, "b: adam") || strings.Count(plain, "a") < 3 {
		t.Error(plain)
	}
	if strings.Contains(colour, "a: gd") || !strings.Contains(colour, "\x1b[38;2;") {
		t.Error(colour)
	}
}

// Pictures in text keep to their columns, with labels whole or not at all.
func TestNarrow(t *testing.T) {
	curve := curveOf(t, "x^4 - 3x^2 + x", CurveOptions{Show: []Marks{{Points: []Point{{X: -1.3}, {X: 0.17}, {X: 1.13}}, Labels: []string{"minimum (-1.301, -3.514)", "max (0.1699, 0.08414)", "min (1.131, -1.07)"}}}})
	valley := valleyOf(t, "x^2 + y^2", ValleyOptions{Paths: []Path{{Name: "a long name", Points: []Point{{1, 1}, {0, 0}}}, {Name: "another one", Points: []Point{{1, 1}, {0, 0}}}}})
	cost := Cost([]Run{{Name: "gd", Values: []float64{3, 1}}}, 0, true)
	for _, f := range []*Figure{curve, valley, cost} {
		for _, columns := range []int{24, 40, 80} {
			text := f.Text(Terminal{Columns: columns, Rows: 14})
			for _, line := range strings.Split(text, "\n") {
				if n := len([]rune(line)); n > columns {
					t.Errorf("%d columns: a line of %d: %q", columns, n, line)
				}
			}
			for _, label := range []string{"minimum (-1.301, -3.514)", "max (0.1699, 0.08414)", "min (1.131, -1.07)"} {
				word, _, _ := strings.Cut(label, "(")
				if strings.Contains(text, word+"(") && !strings.Contains(text, label) {
					t.Errorf("%d columns: %q is cut:\n%s", columns, label, text)
				}
			}
		}
	}
}

// An axis has at least two numbers.
func TestTwoTicks(t *testing.T) {
	for _, a := range []Axis{{Min: -5, Max: 8}, {Min: -0.9, Max: 0.9}, {Min: 3, Max: 17}, {Min: 0.99, Max: 1.01}} {
		for n := 1; n < 6; n++ {
			if k := labelled(a.Ticks(n)); k < 2 || k > 2*n+6 {
				t.Errorf("from %g to %g, about %d: %d labels", a.Min, a.Max, n, k)
			}
		}
	}
}
