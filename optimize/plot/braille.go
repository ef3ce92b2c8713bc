package plot

import (
	"fmt"
	"image/color"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// A Terminal is the size and the abilities of the place for a picture in text.
type Terminal struct {
	Columns, Rows int // 0 means 72 and 20
	Color         bool
}

// Text draws f in Braille characters, eight dots a character, with axes and
// labels.
func (f *Figure) Text(t Terminal) string {
	if t.Columns <= 0 {
		t.Columns = 72
	}
	if t.Rows <= 0 {
		t.Rows = 20
	}
	x, y := f.Ends()
	yTicks := y.Ticks(max(2, (t.Rows-3)/4))
	left := 0
	for _, k := range yTicks {
		left = max(left, utf8.RuneCountInString(k.Label))
	}
	if y.Bare {
		left = 0
	}
	s := &screen{columns: max(8, t.Columns-left-2), rows: max(4, t.Rows-4), x: x, y: y, color: t.Color}
	s.dots = make([]uint8, s.columns*s.rows)
	s.ink = make([]int8, s.columns*s.rows)
	s.text = make([]rune, s.columns*s.rows)
	for _, l := range f.Layers {
		s.draw(l)
	}
	marks := f.letters(t)
	for i, l := range f.Layers {
		s.letter(l, marks[i])
	}
	var b strings.Builder
	if f.Title != "" {
		b.WriteString(strings.Repeat(" ", left+1) + clip(f.Title, t.Columns-left-1) + "\n")
	}
	labels := make([]string, s.rows)
	for _, k := range yTicks {
		if row := int(math.Round((1 - y.place(k.Value)) * float64(s.rows-1))); k.Label != "" && !y.Bare && row >= 0 && row < s.rows {
			labels[row] = k.Label
		}
	}
	for r := range s.rows {
		edge := "│"
		if labels[r] != "" {
			edge = "┤"
		}
		if y.Bare {
			edge = " "
		}
		fmt.Fprintf(&b, "%s%s%s%s\n", strings.Repeat(" ", left-utf8.RuneCountInString(labels[r])), labels[r], edge, s.line(r))
	}
	if !x.Bare {
		b.WriteString(bottom(x, left, s.columns))
	}
	f.caption(&b, x, y, marks, left+1, t)
	return b.String()
}

// bottom is the lower axis: a line with ticks, and under it their labels.
func bottom(x Axis, left, columns int) string {
	line, text := []rune(strings.Repeat("─", columns)), []rune(strings.Repeat(" ", columns+12))
	free := 0
	for _, k := range x.Ticks(max(2, columns/12)) {
		at := int(math.Round(x.place(k.Value) * float64(columns-1)))
		if k.Label == "" || at < 0 || at >= columns {
			continue
		}
		line[at] = '┬'
		label := []rune(k.Label)
		from := max(0, at-len(label)/2)
		if from < free {
			continue
		}
		copy(text[from:], label)
		free = from + len(label) + 1
	}
	pad := strings.Repeat(" ", left)
	return pad + "└" + string(line) + "\n" + pad + " " + strings.TrimRight(string(text), " ") + "\n"
}

// letters returns what tells the layers apart where colours do not: a letter for each
// curve and path with a name, "" for the others, and for all where there is only one.
func (f *Figure) letters(t Terminal) []string {
	out, n := make([]string, len(f.Layers)), 0
	for i, l := range f.Layers {
		switch l.(type) {
		case Line, Path:
			if legendName(l) != "" && n < 26 {
				out[i] = string(rune('a' + n))
				n++
			}
		}
	}
	if t.Color || n < 2 {
		clear(out)
	}
	return out
}

// caption names the axes and the curves, in as many lines as that takes.
func (f *Figure) caption(b *strings.Builder, x, y Axis, letters []string, indent int, t Terminal) {
	at := 0
	word := func(s, gap string, color int) {
		s = clip(s, t.Columns-indent)
		w := utf8.RuneCountInString(s)
		switch {
		case at == 0:
			b.WriteString(strings.Repeat(" ", indent))
			at = indent
		case at+len(gap)+w > t.Columns:
			b.WriteString("\n" + strings.Repeat(" ", indent))
			at = indent
		default:
			b.WriteString(gap)
			at += len(gap)
		}
		at += w
		if t.Color && color >= 0 {
			s = paint(color) + s + "\x1b[0m"
		}
		b.WriteString(s)
	}
	add := func(s string, color int) {
		if indent+utf8.RuneCountInString(s) <= t.Columns {
			word(s, "   ", color)
			return
		}
		for i, part := range strings.Fields(s) {
			gap := " "
			if i == 0 {
				gap = "   "
			}
			word(part, gap, color)
		}
	}
	if x.Label != "" {
		add("across: "+x.title(), -1)
	}
	if y.Label != "" {
		add("up: "+y.title(), -1)
	}
	for i, l := range f.Layers {
		name, k := legendName(l), -1
		switch l := l.(type) {
		case Line:
			k = l.Color
		case Path:
			k = l.Color
		case Marks:
			k = l.Color
			name = strings.TrimSpace(shapes[l.Shape] + " " + name)
			if l.Name == "" {
				name = ""
			}
		}
		if letters[i] != "" {
			name = letters[i] + ": " + name
		}
		if name != "" {
			add(name, k)
		}
	}
	if at > 0 {
		b.WriteByte('\n')
	}
}

// shapes are the marks in text, by Shape.
var shapes = [...]string{Dot: "●", Ring: "○", Cross: "+", Square: "■"}

func clip(s string, n int) string {
	if r := []rune(s); len(r) > n && n > 1 {
		return string(r[:n-1]) + "…"
	}
	return s
}

// A screen is the picture while it is drawn: dots in Braille cells, with a
// colour a cell, and letters over them.
type screen struct {
	columns, rows int
	x, y          Axis
	dots          []uint8
	ink           []int8 // colour+1
	text          []rune
	color         bool
}

// at returns the dot under a point; two dots are as wide as a character and four
// as high.
func (s *screen) at(p Point) (u, v float64) {
	return s.x.place(p.X) * float64(2*s.columns-1), (1 - s.y.place(p.Y)) * float64(4*s.rows-1)
}

// bit is the bit of a dot in a Braille character, by column and row in the cell.
var bit = [2][4]uint8{{0x01, 0x02, 0x04, 0x40}, {0x08, 0x10, 0x20, 0x80}}

func (s *screen) set(u, v float64, colour int) {
	i, j := int(math.Round(u)), int(math.Round(v))
	if i < 0 || j < 0 || i >= 2*s.columns || j >= 4*s.rows {
		return
	}
	cell := j/4*s.columns + i/2
	s.dots[cell] |= bit[i%2][j%4]
	s.ink[cell] = int8(colour + 1)
}

// segment draws a straight line, cut to the screen first so that a far end costs
// nothing.
func (s *screen) segment(a, b Point, colour int) {
	u0, v0 := s.at(a)
	u1, v1 := s.at(b)
	if math.IsNaN(u0+v0+u1+v1) || math.IsInf(u0+v0+u1+v1, 0) {
		return
	}
	t0, t1, ok := cut(u0, v0, u1, v1, float64(2*s.columns), float64(4*s.rows))
	if !ok {
		return
	}
	du, dv := u1-u0, v1-v0
	n := int(math.Max(math.Abs(du), math.Abs(dv))*(t1-t0)) + 1
	for k := 0; k <= n; k++ {
		t := t0 + (t1-t0)*float64(k)/float64(n)
		s.set(u0+t*du, v0+t*dv, colour)
	}
}

// cut returns the part of a segment inside [0, w] × [0, h] (Liang and Barsky
// 1984).
func cut(u0, v0, u1, v1, w, h float64) (t0, t1 float64, ok bool) {
	t0, t1 = 0, 1
	for _, c := range [4][2]float64{{u0 - u1, u0}, {u1 - u0, w - u0}, {v0 - v1, v0}, {v1 - v0, h - v0}} {
		p, q := c[0], c[1]
		switch {
		case p == 0 && q < 0:
			return 0, 0, false
		case p < 0:
			t0 = math.Max(t0, q/p)
		case p > 0:
			t1 = math.Min(t1, q/p)
		}
	}
	return t0, t1, t0 <= t1
}

func (s *screen) put(p Point, mark string, colour int) {
	u, v := s.at(p)
	i, j := int(math.Round(u))/2, int(math.Round(v))/4
	for k, r := range []rune(mark) {
		if i+k < 0 || j < 0 || i+k >= s.columns || j >= s.rows {
			return
		}
		s.text[j*s.columns+i+k] = r
		s.ink[j*s.columns+i+k] = int8(colour + 1)
	}
}

// label writes beside the mark at p: to the right of it, to the left, below or above,
// where there is room without another label; nowhere rather than cut.
func (s *screen) label(p Point, text string, colour int) {
	u, v := s.at(p)
	i, j := int(math.Round(u))/2, int(math.Round(v))/4
	if i < 0 || j < 0 || i >= s.columns || j >= s.rows {
		return
	}
	n := utf8.RuneCountInString(text)
	middle := min(max(0, i-n/2), max(0, s.columns-n))
	for _, at := range [][2]int{{i + 2, j}, {i - 1 - n, j}, {middle, j + 1}, {middle, j - 1}} {
		if s.free(at[0], at[1], n) {
			for k, c := range []rune(text) {
				s.text[at[1]*s.columns+at[0]+k] = c
				s.ink[at[1]*s.columns+at[0]+k] = int8(colour + 1)
			}
			if space := j*s.columns + i + 1; at[0] == i+2 && s.text[space] == 0 {
				s.text[space] = ' '
			} else if space = j*s.columns + i - 1; at[0] == i-1-n && i > 0 && s.text[space] == 0 {
				s.text[space] = ' '
			}
			return
		}
	}
}

// free reports whether n characters from column i of row j hold no letters.
func (s *screen) free(i, j, n int) bool {
	if i < 0 || j < 0 || i+n > s.columns || j >= s.rows {
		return false
	}
	for k := range n {
		if s.text[j*s.columns+i+k] != 0 {
			return false
		}
	}
	return true
}

// letter writes a letter on a layer, at a few places of its course.
func (s *screen) letter(l Layer, mark string) {
	if mark == "" {
		return
	}
	var ps []Point
	switch l := l.(type) {
	case Line:
		for _, piece := range l.Pieces {
			ps = append(ps, piece...)
		}
	case Path:
		ps = l.Points
	}
	for _, share := range []float64{0.2, 0.5, 0.8} {
		if len(ps) == 0 {
			return
		}
		u, v := s.at(ps[int(share*float64(len(ps)-1))])
		i, j := int(math.Round(u))/2, int(math.Round(v))/4
		if inside := i >= 0 && j >= 0 && i < s.columns && j < s.rows; inside && (s.text[j*s.columns+i] == '•' || s.free(i, j, 1)) {
			s.text[j*s.columns+i] = []rune(mark)[0]
		}
	}
}

func (s *screen) draw(l Layer) {
	switch l := l.(type) {
	case Line:
		for _, piece := range l.Pieces {
			s.lines(piece, l.Color)
		}
	case Path:
		s.lines(l.Points, l.Color)
		for i, p := range l.Points {
			switch {
			case i == 0:
				s.put(p, "○", l.Color)
			case i == len(l.Points)-1:
				s.put(p, "●", l.Color)
			case len(l.Points) <= 40:
				s.put(p, "•", l.Color)
			}
		}
	case Marks:
		for i, p := range l.Points {
			s.put(p, shapes[l.Shape], l.Color)
			if i < len(l.Labels) && l.Labels[i] != "" {
				s.label(p, l.Labels[i], l.Color)
			}
		}
	case Field:
		// A line every four rows is as close as dots can show.
		every := 1 + 4*len(l.Levels)/max(s.rows, 1)
		for i := 0; i < len(l.Levels); i += every {
			for _, line := range contour(l, l.Levels[i]) {
				s.lines(line, 5)
			}
		}
	case Arrows:
		for i := range l.From {
			s.segment(l.From[i], l.To[i], l.Color)
		}
	case Notes:
		for i, p := range l.Points {
			p.X -= l.Align[i] * float64(utf8.RuneCountInString(l.Texts[i])) / float64(s.columns) * (s.x.Max - s.x.Min)
			s.put(p, l.Texts[i], 6)
		}
	case Mesh:
		s.mesh(l)
	}
}

// mesh draws every few lines of the grid of a surface, from the farthest diagonal of
// cells on, each covering what lies behind it. The lines on the near sides of a diagonal
// are drawn when the next one has covered what it does.
func (s *screen) mesh(l Mesh) {
	const every = 5
	lines := func(k int) {
		c := l.Cells[k]
		if l.Index[k][0]%every == 0 {
			s.segment(c[0], c[3], 0)
		}
		if l.Index[k][1]%every == 0 {
			s.segment(c[0], c[1], 0)
		}
	}
	diagonal := func(k int) int { return l.Index[k][0] + l.Index[k][1] }
	waiting := 0
	for k := range l.Cells {
		s.erase(l.Cells[k])
		if k+1 < len(l.Cells) && diagonal(k+1) == diagonal(k) {
			continue
		}
		for ; waiting <= k && diagonal(waiting) > diagonal(k); waiting++ {
			lines(waiting)
		}
	}
	for ; waiting < len(l.Cells); waiting++ {
		lines(waiting)
	}
}

// erase takes away the dots inside a quadrilateral.
func (s *screen) erase(c [4]Point) {
	var u, v [4]float64
	for k, p := range c {
		if u[k], v[k] = s.at(p); u[k]-u[k] != 0 || v[k]-v[k] != 0 {
			return
		}
	}
	for j := max(0, int(slices.Min(v[:]))); j <= min(4*s.rows-1, int(slices.Max(v[:]))); j++ {
		for i := max(0, int(slices.Min(u[:]))); i <= min(2*s.columns-1, int(slices.Max(u[:]))); i++ {
			inside := false
			for a, b := 0, 3; a < 4; b, a = a, a+1 { // a ray to the right crosses an odd number of sides
				if y := float64(j); (v[a] > y) != (v[b] > y) && float64(i) < u[a]+(y-v[a])/(v[b]-v[a])*(u[b]-u[a]) {
					inside = !inside
				}
			}
			if inside {
				s.dots[j/4*s.columns+i/2] &^= bit[i%2][j%4]
			}
		}
	}
}

func (s *screen) lines(ps []Point, colour int) {
	if len(ps) == 1 {
		u, v := s.at(ps[0])
		s.set(u, v, colour)
	}
	for i := 1; i < len(ps); i++ {
		s.segment(ps[i-1], ps[i], colour)
	}
}

// line returns row r of the screen.
func (s *screen) line(r int) string {
	var b strings.Builder
	ink := int8(0)
	for i := range s.columns {
		cell := r*s.columns + i
		c := s.text[cell]
		if c == 0 {
			c = ' '
			if s.dots[cell] != 0 {
				c = 0x2800 + rune(s.dots[cell])
			}
		}
		if s.color && c != ' ' && s.ink[cell] != ink {
			ink = s.ink[cell]
			b.WriteString(paint(int(ink) - 1))
		}
		b.WriteRune(c)
	}
	if ink != 0 {
		b.WriteString("\x1b[0m")
	}
	return strings.TrimRight(b.String(), " ")
}

// paint is the escape sequence for number k of the palette.
func paint(k int) string {
	r, g, b, _ := Dark.color(max(k, 0)).(color.RGBA).RGBA()
	return fmt.Sprintf("\x1b[38;2;%d;%d;%dm", r>>8, g>>8, b>>8)
}

// Braille keeps the proportions of a picture of the given size: characters are
// about twice as high as wide.
func Braille(size Size, columns int) Terminal {
	return Terminal{Columns: columns, Rows: int(size.Height / size.Width * float64(columns) / 2)}
}
