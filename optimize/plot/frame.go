package plot

import (
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// The root package of gonum's plot draws axes too, but reads twelve fonts whenever the
// program starts, which would be a sixth of the time that a short answer takes. What is
// here needs its canvases alone.

// Measures of the frame, in points.
const (
	titleGap = 6 // below the title
	labelGap = 4 // between the label of an axis and the numbers
	tickLong = 4
	thinLine = 0.6
)

// A side is an axis as it is drawn.
type side struct {
	Axis
	ticks         []Tick
	label, number text.Style
	title         string
	long          vg.Length // of the ticks
	line          draw.LineStyle
}

// side returns the axis a with about n numbers and a label that is no longer than length
// points.
func (s *scene) side(a Axis, n int, length float64) *side {
	d := &side{Axis: a, line: draw.LineStyle{Color: s.t.Ink, Width: vg.Points(thinLine)}}
	d.label, d.number = style(s.t.Ink, 11*float64(s.scale)), style(s.t.Ink, 9.5*float64(s.scale))
	d.title = fitted(&d.label, a.title(), length)
	if a.Bare {
		d.line.Width = 0
		return d
	}
	d.ticks, d.long = a.Ticks(n), vg.Points(tickLong)*s.scale
	return d
}

// numbers returns the widest and the highest of the numbers.
func (d *side) numbers() (width, height vg.Length) {
	for _, t := range d.ticks {
		if t.Label != "" {
			width, height = max(width, d.number.Width(t.Label)), max(height, d.number.Height(t.Label))
		}
	}
	return width, height
}

// beside is the room that the label takes, with the gap to the numbers.
func (d *side) beside() vg.Length {
	if d.title == "" {
		return 0
	}
	return d.label.Height(d.title) + d.label.FontExtents().Descent + vg.Points(labelGap)
}

// end returns where the axis that begins at lo ends, so that no number reaches over hi.
func (d *side) end(lo, hi vg.Length, size func(string) vg.Length) vg.Length {
	end := hi
	for _, t := range d.ticks {
		if u := vg.Length(d.place(t.Value)); t.Label != "" && u > 0.5 {
			end = min(end, (hi-size(t.Label)/2-lo*(1-u))/u)
		}
	}
	return end
}

// frame draws the title and the axes of f on area and returns the part of it that is left
// for the data. Numbers stand between the axes and their labels.
func (f *Figure) frame(s *scene, area draw.Canvas, size Size) draw.Canvas {
	if f.Title != "" {
		st := style(s.t.Ink, 13*float64(s.scale))
		st.XAlign, st.YAlign = draw.XCenter, draw.YTop
		title := fitted(&st, f.Title, float64(area.Size().X/vg.Points(1)))
		area.FillText(st, vg.Point{X: area.Center().X, Y: area.Max.Y + st.FontExtents().Descent}, title)
		area.Max.Y -= st.Height(title) + vg.Points(titleGap)
	}
	x, y := s.side(s.x, s.across, size.Width-60), s.side(s.y, s.up, size.Height-60)
	wide, _ := y.numbers()
	_, high := x.numbers()
	if wide > 0 {
		wide += y.number.Width(" ")
	}
	data := draw.Crop(area, y.beside()+wide+y.long, 0, x.beside()+high+x.long, 0)
	data.Max.X = x.end(data.Min.X, area.Max.X, x.number.Width)
	data.Max.Y = y.end(data.Min.Y, area.Max.Y, y.number.Height)

	x.label.XAlign, x.label.YAlign = draw.XCenter, draw.YBottom
	area.FillText(x.label, vg.Point{X: data.Center().X, Y: area.Min.Y + x.label.FontExtents().Descent}, x.title)
	x.number.XAlign, x.number.YAlign = draw.XCenter, draw.YTop
	for _, t := range x.ticks {
		at := data.X(s.x.place(t.Value))
		if !data.ContainsX(at) {
			continue
		}
		x.stroke(area, t, vg.Point{X: at, Y: data.Min.Y}, 0, 1)
		area.FillText(x.number, vg.Point{X: at, Y: data.Min.Y - x.long + x.number.FontExtents().Descent}, t.Label)
	}
	y.label.XAlign, y.label.YAlign, y.label.Rotation = draw.XCenter, draw.YTop, quarter
	area.FillText(y.label, vg.Point{X: area.Min.X, Y: data.Center().Y}, y.title)
	y.number.XAlign, y.number.YAlign = draw.XRight, draw.YCenter
	for _, t := range y.ticks {
		at := data.Y(s.y.place(t.Value))
		if !data.ContainsY(at) {
			continue
		}
		y.stroke(area, t, vg.Point{X: data.Min.X, Y: at}, 1, 0)
		area.FillText(y.number, vg.Point{X: data.Min.X - y.long - y.number.Width(" "), Y: at + y.number.FontExtents().Descent}, t.Label)
	}
	if !s.x.Bare {
		area.StrokeLine2(x.line, data.Min.X, data.Min.Y, data.Max.X, data.Min.Y)
	}
	if !s.y.Bare {
		area.StrokeLine2(y.line, data.Min.X, data.Min.Y, data.Min.X, data.Max.Y)
	}
	return data
}

// stroke draws the mark of a tick from the axis at p outwards, half as long for one
// without a number.
func (d *side) stroke(c draw.Canvas, t Tick, p vg.Point, dx, dy vg.Length) {
	long := d.long
	if t.Label == "" {
		long /= 2
	}
	c.StrokeLine2(d.line, p.X, p.Y, p.X-dx*long, p.Y-dy*long)
}
