package plot

import (
	"fmt"
	"image/color"
	"math"
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
	x, y := f.frame()
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
	f.caption(&b, x, y, left+1, t)
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

// caption names the axes and the curves, in as many lines as that takes.
func (f *Figure) caption(b *strings.Builder, x, y Axis, indent int, t Terminal) {
	at := 0
	add := func(s string, color int) {
		w := utf8.RuneCountInString(s)
		switch {
		case at == 0:
			b.WriteString(strings.Repeat(" ", indent))
			at = indent
		case at+3+w > t.Columns:
			b.WriteString("\n" + strings.Repeat(" ", indent))
			at = indent
		default:
			b.WriteString("   ")
			at += 3
		}
		if t.Color && color >= 0 {
			s = paint(color) + s + "\x1b[0m"
		}
		b.WriteString(s)
		at += w
	}
	if f.X.Label != "" {
		add("across: "+x.title(), -1)
	}
	if f.Y.Label != "" {
		add("up: "+y.title(), -1)
	}
	for _, l := range f.Layers {
		name, k := legendName(l), -1
		switch l := l.(type) {
		case Line:
			k = l.Color
		case Path:
			k = l.Color
		case Marks:
			k = l.Color
		}
		if name != "" {
			add(name, k)
		}
	}
	if at > 0 {
		b.WriteByte('\n')
	}
}

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

// label writes beside the mark at p: to the right of it, to the left where there is no
// room, or cut where there is none at all. Over another label it is left out.
func (s *screen) label(p Point, text string, colour int) {
	u, v := s.at(p)
	i, j := int(math.Round(u))/2, int(math.Round(v))/4
	if i < 0 || j < 0 || i >= s.columns || j >= s.rows {
		return
	}
	r := []rune(text)
	from, space := i+2, i+1
	if from+len(r) > s.columns {
		if from = i - 1 - len(r); from < 0 {
			from = i + 2
			r = r[:max(0, min(len(r), s.columns-from))]
		} else {
			space = i - 1
		}
	}
	for k := range r {
		if s.text[j*s.columns+from+k] != 0 {
			return
		}
	}
	if len(r) > 0 && s.text[j*s.columns+space] == 0 {
		s.text[j*s.columns+space] = ' '
	}
	for k, c := range r {
		s.text[j*s.columns+from+k] = c
		s.ink[j*s.columns+from+k] = int8(colour + 1)
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
		shape := []string{"●", "○", "+", "■"}[l.Shape]
		for i, p := range l.Points {
			s.put(p, shape, l.Color)
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
		for i, c := range l.Cells {
			if i%3 == 0 { // every cell would fill the picture
				s.lines([]Point{c[0], c[1], c[2]}, 0)
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
