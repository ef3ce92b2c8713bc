package plot

import (
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// scaleWidth is the room for the scale of colours beside a Field, in points.
const scaleWidth = 56

// scale draws the bands of l beside the data on c, from the lowest at the bottom, with
// the values of the levels between them.
func (l Field) scale(s *scene, c, data draw.Canvas) {
	t, size := s.t, s.scale
	n := len(l.Levels)
	if n == 0 {
		return
	}
	x0, x1 := data.Max.X+vg.Points(8)*size, data.Max.X+vg.Points(18)*size
	high := data.Max.Y - data.Min.Y
	edge := func(k int) vg.Length { return data.Min.Y + high*vg.Length(k)/vg.Length(n+1) }
	for k := 0; k <= n; k++ {
		c.FillPolygon(t.between(float64(k)/float64(n)), []vg.Point{{X: x0, Y: edge(k)}, {X: x1, Y: edge(k)}, {X: x1, Y: edge(k + 1)}, {X: x0, Y: edge(k + 1)}})
	}
	line := draw.LineStyle{Color: t.Ink, Width: vg.Points(0.5)}
	c.StrokeLines(line, []vg.Point{{X: x0, Y: data.Min.Y}, {X: x1, Y: data.Min.Y}, {X: x1, Y: data.Max.Y}, {X: x0, Y: data.Max.Y}, {X: x0, Y: data.Min.Y}})
	st := style(t.Ink, 8*float64(size))
	st.YAlign = draw.YCenter
	every := 1
	for float64(high)/float64(n+1)*float64(every) < 12*float64(size) {
		every++
	}
	texts, off := levelTexts(l.Levels)
	for k := 1; k <= n; k += every {
		y := edge(k)
		c.StrokeLine2(line, x1, y, x1+vg.Points(2.5), y)
		c.FillText(st, vg.Point{X: x1 + vg.Points(5)*size, Y: y}, texts[k-1])
	}
	if off != "" {
		st.XAlign, st.YAlign = draw.XLeft, draw.YBottom
		c.FillText(st, vg.Point{X: x0, Y: data.Max.Y + vg.Points(3)}, off)
	}
}

// levelTexts writes levels with as many digits as tell them apart, without what they
// have in common: "f − 1000000" then says what that is.
func levelTexts(levels []float64) (texts []string, off string) {
	a := Axis{Label: "f", Min: levels[0], Max: levels[len(levels)-1]}
	base := a.offset()
	if base != 0 {
		off = a.title()
	}
	for digits := 3; digits <= 17; digits++ {
		texts = texts[:0]
		seen := map[string]bool{}
		for _, v := range levels {
			s := number(v-base, digits)
			texts, seen[s] = append(texts, s), true
		}
		if len(seen) == len(levels) {
			break
		}
	}
	return texts, off
}
