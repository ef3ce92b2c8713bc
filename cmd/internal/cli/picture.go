package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"

	"nabla/optimize/plot"
)

// isPicture reports whether a file of that name holds a picture, by its ending.
func isPicture(file string) bool {
	_, err := plot.FormatOf(file)
	return err == nil
}

// inTerminal is the value of --plot that asks for a picture in text.
const inTerminal = "term"

// picture returns the file that the flags ask a picture for, "" for none, and
// whether one in text is wanted.
func (o *options) picture() (file string, term bool, err error) {
	switch name := string(o.plot); {
	case name == inTerminal:
		term = true
	case name != "":
		file = name
	}
	if out := string(o.output.word); isPicture(out) {
		if file != "" {
			return "", false, inFlag("plot", usage("one of the two", "--plot %s and --output %s both name a file for the picture", file, out))
		}
		file = out
	}
	if file != "" {
		if _, err := plot.FormatOf(file); err != nil {
			return "", false, inFlag("plot", usage("or --plot term", "%s", err.Error()))
		}
	}
	return file, term, nil
}

// theme returns the look of pictures.
func (o *options) theme() *plot.Theme {
	if o.dark {
		return &plot.Dark
	}
	return &plot.Light
}

// savePicture draws f into a file.
func savePicture(f plot.Picture, file string, o *options) error {
	format, err := plot.FormatOf(file)
	if err != nil {
		return usage("", "%s", err.Error())
	}
	var b bytes.Buffer
	if err := f.Write(&b, format, o.size.or(f.Size()), o.theme()); err != nil {
		return dataFailure(err)
	}
	if err := os.WriteFile(file, b.Bytes(), 0o666); err != nil {
		return dataFailure(err)
	}
	return nil
}

// screen is the size of a picture in text: that of the terminal, or 72 columns
// where there is none, and the colours that the painter has.
func (s *session) screen(o *options) plot.Terminal {
	columns, rows := 72, 22
	if s.env.Terminal && s.env.Columns > 0 {
		columns, rows = s.env.Columns, min(s.env.Rows-2, s.env.Columns/3)
		if s.env.Rows <= 0 {
			rows = columns / 3
		}
	}
	if o.size.width > 0 { // a character is about 6 by 12 points
		columns, rows = int(o.size.width/6), int(o.size.height/12)
	}
	return plot.Terminal{Columns: max(columns, 24), Rows: max(rows, 8), Color: bool(s.paint)}
}

// draw writes a picture in text.
func (t *text) draw(f *plot.Figure) {
	for _, line := range strings.Split(strings.TrimSuffix(f.Text(t.screen(t.opt)), "\n"), "\n") {
		t.line(line)
	}
}

// A pictureSize is the value of --size: width and height in points, 1/72 inch. The
// zero value leaves it to the picture.
type pictureSize struct{ width, height float64 }

func (v *pictureSize) Type() string { return "WxH" }

func (v *pictureSize) String() string {
	if v.width == 0 {
		return ""
	}
	return fmt.Sprintf("%gx%g", v.width, v.height)
}

// The sides of a picture, in points: from what has room for an axis to two metres.
const (
	shortestSide = 60
	longestSide  = 6000
)

func (v *pictureSize) Set(text string) error {
	left, right, ok := strings.Cut(strings.ToLower(strings.ReplaceAll(text, "×", "x")), "x")
	w, err1 := strconv.ParseFloat(strings.TrimSpace(left), 64)
	h, err2 := strconv.ParseFloat(strings.TrimSpace(right), 64)
	if !ok || err1 != nil || err2 != nil {
		return usage("write 480x320", "expected a width and a height in points in %s", quoted(text))
	}
	for _, side := range []float64{w, h} {
		if math.IsNaN(side) || side < shortestSide || side > longestSide {
			return usage(fmt.Sprintf("between %d and %d points", shortestSide, longestSide), "a side of %g points", side)
		}
	}
	v.width, v.height = w, h
	return nil
}

func (v *pictureSize) SetJSON(raw json.RawMessage) error { return setText(v, raw) }

func (v pictureSize) or(s plot.Size) plot.Size {
	if v.width > 0 {
		return plot.Size{Width: v.width, Height: v.height}
	}
	return s
}
