package plot

import (
	"image/color"
	"math"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// quarter is a quarter of a turn.
const quarter = math.Pi / 2

// draw draws f on an area of the given size.
func (f *Figure) draw(area draw.Canvas, size Size, t *Theme) {
	// A margin, so that a label at the end of an axis is not cut.
	area = draw.Crop(area, vg.Points(6), vg.Points(-14), vg.Points(6), vg.Points(-8))
	s := f.scene(size, t)
	for _, l := range f.Layers {
		if _, ok := l.(Field); ok {
			area.Max.X -= vg.Points(scaleWidth) * s.scale
			break
		}
	}
	c := f.frame(s, area, size)
	s.placeLegend(c)
	if !s.filled {
		s.grid(c)
	}
	for _, l := range f.Layers {
		drawn{l, s}.draw(c)
		if field, ok := l.(Field); ok {
			field.scale(s, area, c)
		}
	}
	for _, l := range f.Layers {
		if m, ok := l.(Marks); ok { // labels over everything
			drawn{m, s}.labels(c, m)
		}
	}
	s.drawLegend(c)
}

// scene returns what the layers of f share in a picture of a size.
func (f *Figure) scene(size Size, t *Theme) *scene {
	x, y := f.Ends()
	s := &scene{t: t, x: x, y: y, curves: f.curves(x, y)}
	// Small pictures have smaller letters, down to a half, and fewer numbers.
	s.scale = vg.Length(min(1, max(0.5, min(size.Width/320, size.Height/220))))
	s.across, s.up = max(3, int(size.Width/70)), max(3, int(size.Height/52))
	for _, l := range f.Layers {
		switch l.(type) {
		case Field, Mesh:
			s.filled = true
		}
		if legendName(l) != "" {
			s.names = append(s.names, drawn{l, s})
		}
	}
	return s
}

// fitted makes the font of a text smaller where that is needed for it to be no wider
// than so many points, and where it would be too small cuts the text.
func fitted(st *text.Style, s string, width float64) string {
	const smallest = 7.5
	w := float64(st.Width(s) / vg.Points(1))
	if w <= width || s == "" {
		return s
	}
	st.Font.Size = max(vg.Points(smallest), st.Font.Size*vg.Length(width/w))
	r := []rune(s)
	for n := len(r); float64(st.Width(s)/vg.Points(1)) > width && n > 1; {
		n--
		s = string(r[:n]) + "…"
	}
	return s
}

// curves returns the points of all lines and paths, as shares of the frame.
func (f *Figure) curves(x, y Axis) []Point {
	var out []Point
	see := func(ps []Point) {
		for i, p := range ps {
			q := Point{x.place(p.X), y.place(p.Y)}
			out = append(out, q)
			if i > 0 { // long straight pieces have points between, too
				o := out[len(out)-2]
				n := min(40, int(40*math.Max(math.Abs(q.X-o.X), math.Abs(q.Y-o.Y))))
				for k := 1; k < n; k++ {
					u := float64(k) / float64(n)
					out = append(out[:len(out)-1], Point{o.X + u*(q.X-o.X), o.Y + u*(q.Y-o.Y)}, q)
				}
			}
		}
	}
	for _, l := range f.Layers {
		switch l := l.(type) {
		case Line:
			for _, piece := range l.Pieces {
				see(piece)
			}
		case Path:
			see(l.Points)
		case Marks:
			for _, p := range l.Points {
				for range 5 { // a mark is worse to cover than a piece of a line
					see([]Point{p})
				}
			}
		}
	}
	return out
}

func style(c color.Color, size float64) text.Style {
	return text.Style{Color: c, Font: font.From(typeface, vg.Points(size)), Handler: raised{text.Plain{Fonts: fonts()}}}
}

// grid draws faint lines at the numbers of the axes.
func (s *scene) grid(c draw.Canvas) {
	line := draw.LineStyle{Color: s.t.Grid, Width: vg.Points(0.5)}
	for _, t := range s.x.Ticks(s.across) {
		if x := c.X(s.x.place(t.Value)); t.Label != "" {
			c.StrokeLine2(line, x, c.Min.Y, x, c.Max.Y)
		}
	}
	for _, t := range s.y.Ticks(s.up) {
		if y := c.Y(s.y.place(t.Value)); t.Label != "" {
			c.StrokeLine2(line, c.Min.X, y, c.Max.X, y)
		}
	}
}

func legendName(l Layer) string {
	switch l := l.(type) {
	case Line:
		return l.Name
	case Path:
		return l.Name
	case Marks:
		return l.Name
	case Shade:
		return l.Name
	}
	return ""
}

// A drawn is a layer with its look.
type drawn struct {
	Layer
	*scene
}

// place returns where q lies on c.
func (s *scene) place(c draw.Canvas, q Point) vg.Point {
	x, y := q.X, q.Y
	// A logarithmic axis has no place for what is not positive: it lies
	// below the lower end.
	if s.x.Log {
		x = math.Max(x, s.x.Min/10)
	}
	if s.y.Log {
		y = math.Max(y, s.y.Min/10)
	}
	return vg.Point{X: c.X(s.x.place(x)), Y: c.Y(s.y.place(y))}
}

// draw draws the layer on c, where the data are.
func (d drawn) draw(c draw.Canvas) {
	at := func(q Point) vg.Point { return d.place(c, q) }
	switch l := d.Layer.(type) {
	case Line:
		for _, piece := range l.Pieces {
			c.StrokeLines(d.line(l), c.ClipLinesXY(points(piece, at))...)
		}
	case Path:
		d.path(c, l, at)
	case Marks:
		d.marks(c, l, at)
	case Field:
		d.field(c, l, at)
	case Arrows:
		d.arrows(c, l, at)
	case Shade:
		d.shade(c, l, at)
	case Mesh:
		d.mesh(c, l, at)
	case Notes:
		d.notes(c, l, at)
	}
}

func (d drawn) notes(c draw.Canvas, l Notes, at func(Point) vg.Point) {
	st := style(d.t.Ink, 9*float64(d.scale))
	st.YAlign = draw.YCenter
	for i, q := range l.Points {
		st.XAlign = text.XAlignment(-l.Align[i])
		c.FillText(st, at(q), l.Texts[i])
	}
}

func points(ps []Point, at func(Point) vg.Point) []vg.Point {
	out := make([]vg.Point, len(ps))
	for i, p := range ps {
		out[i] = at(p)
	}
	return out
}

func (d drawn) line(l Line) draw.LineStyle {
	s := draw.LineStyle{Color: d.t.color(l.Color), Width: vg.Points(1.6)}
	if l.Dashed {
		s.Dashes, s.Width = []vg.Length{vg.Points(5), vg.Points(3)}, vg.Points(1.2)
	}
	if l.Faint {
		s.Color, s.Width = d.t.faint(s.Color), vg.Points(1)
	}
	if l.Thin {
		s.Width = vg.Points(0.6)
	}
	s.Width *= d.scale
	return s
}

// crowded is the number of steps past which a path is drawn without its dots.
const crowded = 200

func (d drawn) path(c draw.Canvas, l Path, at func(Point) vg.Point) {
	if len(l.Points) == 0 {
		return
	}
	col := d.t.color(l.Color)
	ps := points(l.Points, at)
	c.StrokeLines(draw.LineStyle{Color: col, Width: vg.Points(1)}, c.ClipLinesXY(ps)...)
	if len(ps) <= crowded {
		for _, p := range ps {
			if c.Contains(p) {
				c.DrawGlyphNoClip(draw.GlyphStyle{Color: col, Radius: vg.Points(2) * d.scale, Shape: draw.CircleGlyph{}}, p)
			}
		}
	}
	first, last := ps[0], ps[len(ps)-1]
	if c.Contains(first) {
		d.dot(c, first, vg.Points(4)*d.scale, col, d.t.Background)
	}
	if c.Contains(last) {
		d.dot(c, last, vg.Points(4)*d.scale, d.t.Background, col)
	}
}

// dot draws a disc with an edge.
func (d drawn) dot(c draw.Canvas, p vg.Point, r vg.Length, edge, fill color.Color) {
	c.DrawGlyphNoClip(draw.GlyphStyle{Color: edge, Radius: r, Shape: draw.CircleGlyph{}}, p)
	c.DrawGlyphNoClip(draw.GlyphStyle{Color: fill, Radius: r - vg.Points(1.3)*d.scale, Shape: draw.CircleGlyph{}}, p)
}

func (d drawn) marks(c draw.Canvas, l Marks, at func(Point) vg.Point) {
	for _, q := range l.Points {
		if p := at(q); c.Contains(p) {
			d.mark(c, l.Shape, p, d.t.color(l.Color))
		}
	}
}

// labels writes what stands beside marks.
func (d drawn) labels(c draw.Canvas, marks Marks) {
	for i, q := range marks.Points {
		at := d.place(c, q)
		if i < len(marks.Labels) && marks.Labels[i] != "" && c.Contains(at) {
			most := math.MaxInt - 1
			if marks.Shape != Dot { // a label less rather than one that cannot be read
				most = 6
			}
			d.label(c, at, marks.Labels[i], most)
		}
	}
}

func (d drawn) mark(c draw.Canvas, s Shape, p vg.Point, col color.Color) {
	switch s {
	case Dot:
		d.dot(c, p, vg.Points(3.6)*d.scale, d.t.Background, col)
	case Ring:
		d.dot(c, p, vg.Points(3.8)*d.scale, col, d.t.Background)
	case Square:
		c.DrawGlyphNoClip(draw.GlyphStyle{Color: col, Radius: vg.Points(3) * d.scale, Shape: draw.BoxGlyph{}}, p)
	case Cross:
		c.DrawGlyphNoClip(draw.GlyphStyle{Color: col, Radius: vg.Points(4) * d.scale, Shape: draw.PlusGlyph{}}, p)
	}
}

// label writes s beside p inside the picture, over no other label and over as
// few curves as can be; nowhere rather than on top of another label, or of more than
// most points of curves.
func (d drawn) label(c draw.Canvas, p vg.Point, s string, most int) {
	st := style(d.t.Ink, 9.5*float64(d.scale))
	w, h := st.Width(s), st.Height(s)
	best, place := math.MaxInt, vg.Rectangle{}
	for far, gap := range []vg.Length{vg.Points(6), vg.Points(16), vg.Points(28)} {
	search:
		for _, q := range []vg.Point{
			{X: p.X - w/2, Y: p.Y + gap}, {X: p.X - w/2, Y: p.Y - gap - h},
			{X: p.X + gap, Y: p.Y - h/2}, {X: p.X - gap - w, Y: p.Y - h/2},
			{X: p.X + gap, Y: p.Y + gap}, {X: p.X - gap - w, Y: p.Y + gap},
			{X: p.X + gap, Y: p.Y - gap - h}, {X: p.X - gap - w, Y: p.Y - gap - h},
		} {
			r := vg.Rectangle{Min: q, Max: vg.Point{X: q.X + w, Y: q.Y + h}}
			if r.Min.X < c.Min.X || r.Max.X > c.Max.X || r.Min.Y < c.Min.Y || r.Max.Y > c.Max.Y {
				continue
			}
			for _, o := range d.taken {
				if r.Min.X < o.Max.X && o.Min.X < r.Max.X && r.Min.Y < o.Max.Y && o.Min.Y < r.Max.Y {
					continue search
				}
			}
			if n := d.under(c, r) + 2*far; n < best {
				best, place = n, r
			}
		}
	}
	if best > most {
		return
	}
	if best > 0 || d.filled { // on a veil, over what runs below
		m := vg.Points(2)
		c.FillPolygon(veil(d.t.Background, 0xc0), []vg.Point{
			{X: place.Min.X - m, Y: place.Min.Y}, {X: place.Max.X + m, Y: place.Min.Y},
			{X: place.Max.X + m, Y: place.Max.Y}, {X: place.Min.X - m, Y: place.Max.Y},
		})
	}
	st.YAlign = draw.YCenter
	c.FillText(st, vg.Point{X: place.Min.X, Y: (place.Min.Y + place.Max.Y) / 2}, s)
	d.taken = append(d.taken, place)
}

// veil returns c with an opacity out of 255.
func veil(c color.Color, alpha uint8) color.Color {
	r, g, b, _ := c.RGBA()
	return color.NRGBA{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8), alpha}
}

func (d drawn) arrows(c draw.Canvas, l Arrows, at func(Point) vg.Point) {
	line := draw.LineStyle{Color: d.t.color(l.Color), Width: vg.Points(0.8)}
	for i := range l.From {
		a, b := at(l.From[i]), at(l.To[i])
		if !c.Contains(a) || !c.Contains(b) {
			continue
		}
		c.StrokeLine2(line, a.X, a.Y, b.X, b.Y)
		angle := math.Atan2(float64(b.Y-a.Y), float64(b.X-a.X))
		for _, turn := range []float64{2.6, -2.6} {
			s, cs := math.Sincos(angle + turn)
			c.StrokeLine2(line, b.X, b.Y, b.X+vg.Points(3.5*cs), b.Y+vg.Points(3.5*s))
		}
	}
}

// field draws the bands between levels, each over those below it, and the levels as
// lines. Nothing of it is an image: images are upside down in the PDFs of gonum, and out
// of proportion in its SVGs.
func (d drawn) field(c draw.Canvas, l Field, at func(Point) vg.Point) {
	n := len(l.Levels)
	fill(c, d.t.between(0), l.above(math.Inf(-1)), at)
	for k, level := range l.Levels {
		fill(c, d.t.between(float64(k+1)/float64(n)), l.above(level), at)
	}
	for _, level := range l.Levels {
		for _, line := range contour(l, level) {
			for _, piece := range c.ClipLinesXY(points(line, at)) {
				c.StrokeLines(draw.LineStyle{Color: d.t.faint(d.t.Ink), Width: vg.Points(0.45) * d.scale}, thinned(piece))
			}
		}
	}
}

// fill fills what lies inside closed lines.
func fill(c draw.Canvas, col color.Color, lines [][]Point, at func(Point) vg.Point) {
	var path vg.Path
	for _, line := range lines {
		for i, p := range thinned(points(line, at)) {
			if i == 0 {
				path.Move(p)
			} else {
				path.Line(p)
			}
		}
		path.Close()
	}
	if len(path) > 0 {
		c.SetColor(col)
		c.Fill(path)
	}
}

// thinned leaves out points that lie within a twelfth of a point from the line between
// their neighbours.
func thinned(ps []vg.Point) []vg.Point {
	if len(ps) < 3 {
		return ps
	}
	const least = 1. / 12
	out := ps[:1:1]
	for i := 1; i < len(ps)-1; i++ {
		a, p, b := out[len(out)-1], ps[i], ps[i+1]
		u, v := b.X-a.X, b.Y-a.Y
		off := float64(u*(p.Y-a.Y)-v*(p.X-a.X)) / math.Hypot(float64(u), float64(v))
		// A long way without a point would let small errors add up.
		if !(math.Abs(off) < least) || math.Hypot(float64(p.X-a.X), float64(p.Y-a.Y)) > 20 {
			out = append(out, p)
		}
	}
	return append(out, ps[len(ps)-1])
}

func (d drawn) shade(c draw.Canvas, l Shade, at func(Point) vg.Point) {
	fill(c, d.t.Shade, l.field().above(0.5), at)
}

func (d drawn) mesh(c draw.Canvas, l Mesh, at func(Point) vg.Point) {
	edge := draw.LineStyle{Color: d.t.faint(d.t.Ink), Width: vg.Points(0.3)}
	for i, cell := range l.Cells {
		corners := points(cell[:], at)
		c.FillPolygon(d.t.between(l.Height[i]), corners)
		c.StrokeLines(edge, append(corners, corners[0]))
	}
}

// thumbnail draws the sample of the layer in the legend.
func (d drawn) thumbnail(c draw.Canvas) {
	y := c.Center().Y
	switch l := d.Layer.(type) {
	case Line:
		c.StrokeLine2(d.line(l), c.Min.X, y, c.Max.X, y)
	case Path:
		col := d.t.color(l.Color)
		c.StrokeLine2(draw.LineStyle{Color: col, Width: vg.Points(1)}, c.Min.X, y, c.Max.X, y)
		c.DrawGlyph(draw.GlyphStyle{Color: col, Radius: vg.Points(2), Shape: draw.CircleGlyph{}}, c.Center())
	case Marks:
		d.mark(c, l.Shape, c.Center(), d.t.color(l.Color))
	case Shade:
		c.FillPolygon(d.t.Shade, []vg.Point{{X: c.Min.X, Y: y - 4}, {X: c.Max.X, Y: y - 4}, {X: c.Max.X, Y: y + 4}, {X: c.Min.X, Y: y + 4}})
		c.StrokeLines(draw.LineStyle{Color: d.t.Ink, Width: vg.Points(0.4)}, []vg.Point{{X: c.Min.X, Y: y - 4}, {X: c.Max.X, Y: y - 4}, {X: c.Max.X, Y: y + 4}, {X: c.Min.X, Y: y + 4}, {X: c.Min.X, Y: y - 4}})
	}
}
