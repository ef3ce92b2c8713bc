package plot

import (
	"image"
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Plot returns f as a gonum plot in the look of t, to be drawn or to be added
// to.
func (f *Figure) Plot(t *Theme) *plot.Plot {
	p := plot.New()
	p.BackgroundColor = t.Background
	p.Title.Text = f.Title
	p.Title.Padding = vg.Points(6)
	p.Title.TextStyle = style(t.Ink, 13)
	p.Title.TextStyle.XAlign, p.Title.TextStyle.YAlign = draw.XCenter, draw.YTop
	x, y := f.frame()
	dress(&p.X, x, t, 7)
	dress(&p.Y, y, t, 6)
	p.Y.Tick.Label.XAlign, p.Y.Tick.Label.YAlign = draw.XRight, draw.YCenter
	p.X.Tick.Label.XAlign, p.X.Tick.Label.YAlign = draw.XCenter, draw.YTop
	p.Y.Label.TextStyle.YAlign = draw.YBottom
	p.X.Label.TextStyle.YAlign = draw.YBottom
	p.Legend.TextStyle = style(t.Ink, 10)
	p.Legend.YPosition = draw.PosCenter
	p.Legend.Padding = vg.Points(3)
	p.Legend.ThumbnailWidth = vg.Points(20)
	curves := f.curves(x, y)
	p.Legend.Top, p.Legend.Left = emptiest(curves)
	p.Legend.XOffs, p.Legend.YOffs = vg.Points(-6), vg.Points(6)
	if p.Legend.Top {
		p.Legend.YOffs = vg.Points(-6)
	}
	if p.Legend.Left {
		p.Legend.XOffs = vg.Points(6)
	}
	filled := false
	for _, l := range f.Layers {
		switch l.(type) {
		case Field, Mesh:
			filled = true
		}
	}
	if !filled {
		p.Add(grid{t, x, y})
	}
	for _, l := range f.Layers {
		d := drawn{l, t, x, y, curves}
		p.Add(d)
		if name := legendName(l); name != "" {
			p.Legend.Add(name, d)
		}
	}
	p.Add(backing{t})
	// Adding widens the axes to the data; ours stand.
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = x.Min, x.Max, y.Min, y.Max
	return p
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
		}
	}
	return out
}

// emptiest returns the corner for the legend: where the fewest points are.
func emptiest(ps []Point) (top, left bool) {
	best := math.MaxInt
	for _, corner := range [][2]bool{{true, false}, {true, true}, {false, false}, {false, true}} {
		n := 0
		for _, p := range ps {
			if (p.Y > 0.75) == corner[0] && (p.Y > 0.75 || p.Y < 0.25) && (p.X < 0.35) == corner[1] && (p.X < 0.35 || p.X > 0.65) {
				n++
			}
		}
		if n < best {
			best, top, left = n, corner[0], corner[1]
		}
	}
	return top, left
}

// A backing is the ground under the legend.
type backing struct{ t *Theme }

func (b backing) Plot(c draw.Canvas, p *plot.Plot) {
	// gonum has left and right the wrong way round in Rectangle, but the size
	// is right.
	size := p.Legend.Rectangle(c).Size()
	if size.Y <= 0 {
		return
	}
	x, y := c.Max.X-size.X+p.Legend.XOffs, c.Min.Y+p.Legend.YOffs
	if p.Legend.Left {
		x = c.Min.X + p.Legend.XOffs
	}
	if p.Legend.Top {
		y = c.Max.Y - size.Y + p.Legend.YOffs
	}
	m := vg.Points(4)
	x0, x1, y0, y1 := x-m, x+size.X+m, y-m+vg.Points(3), y+size.Y+m
	corners := []vg.Point{{X: x0, Y: y0}, {X: x1, Y: y0}, {X: x1, Y: y1}, {X: x0, Y: y1}}
	c.FillPolygon(b.t.Background, corners)
	c.StrokeLines(draw.LineStyle{Color: b.t.Grid, Width: vg.Points(0.5)}, append(corners, corners[0]))
}

func style(c color.Color, size float64) text.Style {
	return text.Style{Color: c, Font: font.From(typeface, vg.Points(size)), Handler: plot.DefaultTextHandler}
}

// dress gives an axis its ends, ticks and looks.
func dress(g *plot.Axis, a Axis, t *Theme, ticks int) {
	g.Min, g.Max = a.Min, a.Max
	g.Label.Text = a.Label
	g.Label.TextStyle = style(t.Ink, 11)
	g.Label.TextStyle.XAlign = draw.XCenter
	g.Label.Padding = vg.Points(4)
	g.Padding = 0
	g.LineStyle.Color, g.LineStyle.Width = t.Ink, vg.Points(0.6)
	g.Tick.LineStyle.Color, g.Tick.LineStyle.Width = t.Ink, vg.Points(0.6)
	g.Tick.Length = vg.Points(4)
	g.Tick.Label = style(t.Ink, 9.5)
	g.Tick.Marker = marker{a, ticks}
	if a.Log {
		g.Scale = plot.LogScale{}
	}
	if a.Bare {
		g.LineStyle.Width, g.Tick.Length = 0, 0
		g.Tick.Marker = plot.ConstantTicks(nil)
	}
}

// A marker gives gonum the ticks of an axis.
type marker struct {
	a Axis
	n int
}

func (m marker) Ticks(lo, hi float64) []plot.Tick {
	a := m.a
	a.Min, a.Max = lo, hi
	var out []plot.Tick
	for _, t := range a.Ticks(m.n) {
		out = append(out, plot.Tick{Value: t.Value, Label: t.Label})
	}
	return out
}

// A grid is faint lines at the labelled ticks.
type grid struct {
	t    *Theme
	x, y Axis
}

func (g grid) Plot(c draw.Canvas, p *plot.Plot) {
	trX, trY := p.Transforms(&c)
	line := draw.LineStyle{Color: g.t.Grid, Width: vg.Points(0.5)}
	for _, t := range g.x.Ticks(7) {
		if t.Label != "" {
			c.StrokeLine2(line, trX(t.Value), c.Min.Y, trX(t.Value), c.Max.Y)
		}
	}
	for _, t := range g.y.Ticks(6) {
		if t.Label != "" {
			c.StrokeLine2(line, c.Min.X, trY(t.Value), c.Max.X, trY(t.Value))
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
	t      *Theme
	x, y   Axis
	curves []Point // where labels had better not be
}

// Plot implements plot.Plotter.
func (d drawn) Plot(c draw.Canvas, p *plot.Plot) {
	trX, trY := p.Transforms(&c)
	at := func(q Point) vg.Point {
		x, y := q.X, q.Y
		// A logarithmic axis has no place for what is not positive: it lies
		// below the lower end.
		if d.x.Log {
			x = math.Max(x, d.x.Min/10)
		}
		if d.y.Log {
			y = math.Max(y, d.y.Min/10)
		}
		return vg.Point{X: trX(x), Y: trY(y)}
	}
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
				c.DrawGlyphNoClip(draw.GlyphStyle{Color: col, Radius: vg.Points(2), Shape: draw.CircleGlyph{}}, p)
			}
		}
	}
	first, last := ps[0], ps[len(ps)-1]
	if c.Contains(first) {
		d.dot(c, first, vg.Points(4), col, d.t.Background)
	}
	if c.Contains(last) {
		d.dot(c, last, vg.Points(4), d.t.Background, col)
	}
}

// dot draws a disc with an edge.
func (d drawn) dot(c draw.Canvas, p vg.Point, r vg.Length, edge, fill color.Color) {
	c.DrawGlyphNoClip(draw.GlyphStyle{Color: edge, Radius: r, Shape: draw.CircleGlyph{}}, p)
	c.DrawGlyphNoClip(draw.GlyphStyle{Color: fill, Radius: r - vg.Points(1.3), Shape: draw.CircleGlyph{}}, p)
}

func (d drawn) marks(c draw.Canvas, l Marks, at func(Point) vg.Point) {
	var taken []vg.Rectangle
	for i, q := range l.Points {
		p := at(q)
		if !c.Contains(p) {
			continue
		}
		d.mark(c, l.Shape, p, d.t.color(l.Color))
		if i < len(l.Labels) && l.Labels[i] != "" {
			taken = d.label(c, p, l.Labels[i], taken)
		}
	}
}

func (d drawn) mark(c draw.Canvas, s Shape, p vg.Point, col color.Color) {
	switch s {
	case Dot:
		d.dot(c, p, vg.Points(3.6), d.t.Background, col)
	case Ring:
		d.dot(c, p, vg.Points(3.8), col, d.t.Background)
	case Square:
		c.DrawGlyphNoClip(draw.GlyphStyle{Color: col, Radius: vg.Points(3), Shape: draw.BoxGlyph{}}, p)
	case Cross:
		c.DrawGlyphNoClip(draw.GlyphStyle{Color: col, Radius: vg.Points(4), Shape: draw.PlusGlyph{}}, p)
	}
}

// label writes s beside p inside the picture, over no other label and over as
// few curves as can be; nowhere rather than on top of another label.
func (d drawn) label(c draw.Canvas, p vg.Point, s string, taken []vg.Rectangle) []vg.Rectangle {
	st := style(d.t.Ink, 9.5)
	w, h := st.Width(s), st.Height(s)
	gap := vg.Points(6)
	corners := []vg.Point{
		{X: p.X - w/2, Y: p.Y + gap}, {X: p.X - w/2, Y: p.Y - gap - h},
		{X: p.X + gap, Y: p.Y - h/2}, {X: p.X - gap - w, Y: p.Y - h/2},
		{X: p.X + gap, Y: p.Y + gap}, {X: p.X - gap - w, Y: p.Y + gap},
		{X: p.X + gap, Y: p.Y - gap - h}, {X: p.X - gap - w, Y: p.Y - gap - h},
	}
	size := c.Size()
	best, place := math.MaxInt, vg.Rectangle{}
search:
	for _, q := range corners {
		r := vg.Rectangle{Min: q, Max: vg.Point{X: q.X + w, Y: q.Y + h}}
		if r.Min.X < c.Min.X || r.Max.X > c.Max.X || r.Min.Y < c.Min.Y || r.Max.Y > c.Max.Y {
			continue
		}
		for _, o := range taken {
			if r.Min.X < o.Max.X && o.Min.X < r.Max.X && r.Min.Y < o.Max.Y && o.Min.Y < r.Max.Y {
				continue search
			}
		}
		n := 0
		for _, k := range d.curves {
			x, y := c.Min.X+vg.Length(k.X)*size.X, c.Min.Y+vg.Length(k.Y)*size.Y
			if r.Min.X <= x && x <= r.Max.X && r.Min.Y <= y && y <= r.Max.Y {
				n++
			}
		}
		if n < best {
			best, place = n, r
		}
	}
	if best == math.MaxInt {
		return taken
	}
	c.FillText(st, place.Min, s)
	return append(taken, place)
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

// field draws the bands between levels as an image and the levels as lines.
func (d drawn) field(c draw.Canvas, l Field, at func(Point) vg.Point) {
	nx, ny := len(l.Xs), len(l.Ys)
	img := image.NewRGBA(image.Rect(0, 0, nx, ny))
	for j := range ny {
		for i := range nx {
			img.Set(i, ny-1-j, d.band(l, l.Values[j][i]))
		}
	}
	lo, hi := at(Point{l.Xs[0], l.Ys[0]}), at(Point{l.Xs[nx-1], l.Ys[ny-1]})
	half := vg.Point{X: (hi.X - lo.X) / vg.Length(2*(nx-1)), Y: (hi.Y - lo.Y) / vg.Length(2*(ny-1))}
	r := vg.Rectangle{Min: vg.Point{X: lo.X - half.X, Y: lo.Y - half.Y}, Max: vg.Point{X: hi.X + half.X, Y: hi.Y + half.Y}}
	c.DrawImage(r, img)
	for _, level := range l.Levels {
		for _, line := range contour(l, level) {
			c.StrokeLines(draw.LineStyle{Color: d.t.faint(d.t.Ink), Width: vg.Points(0.45)}, c.ClipLinesXY(points(line, at))...)
		}
	}
}

// band returns the colour of a value: that of the levels between which it lies.
func (d drawn) band(l Field, v float64) color.Color {
	if math.IsNaN(v) {
		return d.t.Background
	}
	k := 0
	for k < len(l.Levels) && v > l.Levels[k] {
		k++
	}
	return d.t.between(float64(k) / float64(max(len(l.Levels), 1)))
}

func (d drawn) shade(c draw.Canvas, l Shade, at func(Point) vg.Point) {
	img := image.NewRGBA(image.Rect(0, 0, len(l.Xs)-1, len(l.Ys)-1))
	for j := range len(l.Ys) - 1 {
		for i := range len(l.Xs) - 1 {
			if l.Inside[j][i] {
				img.Set(i, len(l.Ys)-2-j, d.t.Shade)
			}
		}
	}
	c.DrawImage(vg.Rectangle{Min: at(Point{l.Xs[0], l.Ys[0]}), Max: at(Point{l.Xs[len(l.Xs)-1], l.Ys[len(l.Ys)-1]})}, img)
}

func (d drawn) mesh(c draw.Canvas, l Mesh, at func(Point) vg.Point) {
	edge := draw.LineStyle{Color: d.t.faint(d.t.Ink), Width: vg.Points(0.3)}
	for i, cell := range l.Cells {
		corners := points(cell[:], at)
		c.FillPolygon(d.t.between(l.Height[i]), corners)
		c.StrokeLines(edge, append(corners, corners[0]))
	}
}

// Thumbnail implements plot.Thumbnailer: the sample in the legend.
func (d drawn) Thumbnail(c *draw.Canvas) {
	y := c.Center().Y
	switch l := d.Layer.(type) {
	case Line:
		c.StrokeLine2(d.line(l), c.Min.X, y, c.Max.X, y)
	case Path:
		col := d.t.color(l.Color)
		c.StrokeLine2(draw.LineStyle{Color: col, Width: vg.Points(1)}, c.Min.X, y, c.Max.X, y)
		c.DrawGlyph(draw.GlyphStyle{Color: col, Radius: vg.Points(2), Shape: draw.CircleGlyph{}}, c.Center())
	case Marks:
		d.mark(*c, l.Shape, c.Center(), d.t.color(l.Color))
	case Shade:
		c.FillPolygon(d.t.Shade, []vg.Point{{X: c.Min.X, Y: y - 4}, {X: c.Max.X, Y: y - 4}, {X: c.Max.X, Y: y + 4}, {X: c.Min.X, Y: y + 4}})
	}
}
