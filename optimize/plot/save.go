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

// A Picture is a Figure or a Sheet of several.
type Picture interface {
	// Write draws the picture and writes it to w in one of Formats.
	Write(w io.Writer, format string, size Size, t *Theme) error
	// Size is one that suits the picture.
	Size() Size
}

var (
	_ Picture = (*Figure)(nil)
	_ Picture = Sheet(nil)
)

// A Sheet is figures in one picture, side by side, or one above the other where the
// picture is higher than wide.
type Sheet []*Figure

// Size is DefaultSize.
func (f *Figure) Size() Size { return DefaultSize }

// Size is that of a page as wide as two of its figures need.
func (s Sheet) Size() Size {
	if len(s) < 2 {
		return DefaultSize
	}
	return Size{760, 320}
}

// Write draws f and writes it to w in one of Formats.
func (f *Figure) Write(w io.Writer, format string, size Size, t *Theme) error {
	return Sheet{f}.Write(w, format, size, t)
}

// Write draws the figures of s and writes them to w in one of Formats.
func (s Sheet) Write(w io.Writer, format string, size Size, t *Theme) error {
	width, height := vg.Points(size.Width), vg.Points(size.Height)
	var c vg.CanvasWriterTo
	var svg *measured
	switch format {
	case "svg":
		svg = &measured{Canvas: vgsvg.New(width, height)}
		c = svg
	case "png":
		c = vgimg.PngCanvas{Canvas: vgimg.NewWith(vgimg.UseWH(width, height), vgimg.UseDPI(dpi), vgimg.UseBackgroundColor(t.Background))}
	case "pdf":
		c = lettered{vgpdf.New(width, height)}
	default:
		return fmt.Errorf("unknown format %q", format)
	}
	whole := draw.New(c)
	whole.SetColor(t.Background)
	whole.Fill(whole.Rectangle.Path())
	share, part := 1/vg.Length(max(len(s), 1)), size
	if size.Width >= size.Height {
		part.Width *= float64(share)
	} else {
		part.Height *= float64(share)
	}
	for i, f := range s {
		area := whole
		if k := vg.Length(i); size.Width >= size.Height {
			area = draw.Crop(whole, k*share*width, -(1-(k+1)*share)*width, 0, 0)
		} else {
			area = draw.Crop(whole, 0, 0, (1-(k+1)*share)*height, -k*share*height)
		}
		f.draw(area, part, t)
	}
	if svg == nil {
		_, err := c.WriteTo(w)
		return err
	}
	var buf bytes.Buffer
	if _, err := c.WriteTo(&buf); err != nil {
		return err
	}
	_, err := w.Write(svg.fallbackFonts(buf.Bytes()))
	return err
}
