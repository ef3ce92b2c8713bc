package plot

import (
	"bytes"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgpdf"
	"gonum.org/v1/plot/vg/vgsvg"
)

// A Size is the size of a picture in points, 1/72 inch.
type Size struct{ Width, Height float64 }

// DefaultSize is that of a figure in a paper or on a page.
var DefaultSize = Size{480, 320}

// Formats are the endings of files that Write knows.
var Formats = []string{"svg", "png", "pdf"}

// FormatOf returns the format that the ending of a file asks for.
func FormatOf(file string) (string, error) {
	ending := strings.TrimPrefix(strings.ToLower(filepath.Ext(file)), ".")
	for _, f := range Formats {
		if ending == f {
			return f, nil
		}
	}
	return "", fmt.Errorf("%s: the ending must be .%s", file, strings.Join(Formats, ", ."))
}

// dpi is the resolution of a PNG: twice that of a common screen.
const dpi = 192

// Write draws f and writes it to w in one of Formats.
func (f *Figure) Write(w io.Writer, format string, size Size, t *Theme) error {
	width, height := vg.Points(size.Width), vg.Points(size.Height)
	p := f.plot(t, size)
	var c vg.CanvasWriterTo
	switch format {
	case "svg":
		c = vgsvg.New(width, height)
	case "png":
		c = vgimg.PngCanvas{Canvas: vgimg.NewWith(vgimg.UseWH(width, height), vgimg.UseDPI(dpi), vgimg.UseBackgroundColor(t.Background))}
	case "pdf":
		pdf := vgpdf.New(width, height)
		pdf.EmbedFonts(true)
		c = pdf
	default:
		return fmt.Errorf("unknown format %q", format)
	}
	// A margin, so that a label at the end of an axis is not cut.
	area := draw.Crop(draw.New(c), vg.Points(6), vg.Points(-14), vg.Points(6), vg.Points(-8))
	if p.BackgroundColor != nil {
		whole := draw.New(c)
		whole.SetColor(p.BackgroundColor)
		whole.Fill(whole.Rectangle.Path())
	}
	for _, l := range f.Layers {
		if field, ok := l.(Field); ok {
			area = draw.Crop(area, 0, vg.Points(-scaleWidth), 0, 0)
			field.scale(p, area, t)
			break
		}
	}
	p.Draw(area)
	if format != "svg" {
		_, err := c.WriteTo(w)
		return err
	}
	var buf bytes.Buffer
	if _, err := c.WriteTo(&buf); err != nil {
		return err
	}
	_, err := w.Write(fallbackFonts(buf.Bytes()))
	return err
}

// fallbackFonts names fonts to fall back to, and images for what they are.
func fallbackFonts(svg []byte) []byte {
	svg = bytes.ReplaceAll(svg, []byte("font-family:Liberation Sans;"), []byte("font-family:"+fallback+";"))
	return bytes.ReplaceAll(svg, []byte("data:image/jpg;base64,"), []byte("data:image/png;base64,"))
}
