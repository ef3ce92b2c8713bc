package plot

import (
	"image/color"
	"sync"

	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"golang.org/x/image/font/opentype"
	"gonum.org/v1/plot/font"
)

// A Theme is the look of a picture.
type Theme struct {
	Background, Ink, Grid color.Color
	// Palette holds the colours of curves and paths: Okabe and Ito's, which
	// people with any common colour blindness tell apart.
	Palette []color.Color
	// Low and High are the ends of the scale of values in a Field or a Mesh.
	Low, High color.RGBA
	Shade     color.Color // over what is outside bounds or constraints
}

// Light is for paper and white pages.
var Light = Theme{
	Background: color.White,
	Ink:        color.RGBA{0x22, 0x22, 0x22, 0xff},
	Grid:       color.RGBA{0xe4, 0xe4, 0xe4, 0xff},
	Palette: []color.Color{
		color.RGBA{0x00, 0x72, 0xb2, 0xff}, // blue
		color.RGBA{0xd5, 0x5e, 0x00, 0xff}, // vermilion
		color.RGBA{0x00, 0x9e, 0x73, 0xff}, // green
		color.RGBA{0xcc, 0x79, 0xa7, 0xff}, // purple
		color.RGBA{0xe6, 0x9f, 0x00, 0xff}, // orange
		color.RGBA{0x56, 0xb4, 0xe9, 0xff}, // sky blue
		color.RGBA{0x22, 0x22, 0x22, 0xff}, // ink
	},
	Low:   color.RGBA{0x2b, 0x5c, 0x8a, 0xff},
	High:  color.RGBA{0xf7, 0xf4, 0xe6, 0xff},
	Shade: color.NRGBA{0x50, 0x50, 0x50, 0x70},
}

// Dark is for dark pages and slides.
var Dark = Theme{
	Background: color.RGBA{0x16, 0x18, 0x1d, 0xff},
	Ink:        color.RGBA{0xe6, 0xe6, 0xe6, 0xff},
	Grid:       color.RGBA{0x33, 0x36, 0x3d, 0xff},
	Palette: []color.Color{
		color.RGBA{0x56, 0xb4, 0xe9, 0xff},
		color.RGBA{0xff, 0x8c, 0x42, 0xff},
		color.RGBA{0x2c, 0xc9, 0x9a, 0xff},
		color.RGBA{0xe3, 0x9b, 0xc5, 0xff},
		color.RGBA{0xf0, 0xc0, 0x40, 0xff},
		color.RGBA{0x6f, 0xa8, 0xff, 0xff},
		color.RGBA{0xe6, 0xe6, 0xe6, 0xff},
	},
	Low:   color.RGBA{0x1d, 0x2b, 0x45, 0xff},
	High:  color.RGBA{0x9f, 0xc5, 0xc8, 0xff},
	Shade: color.NRGBA{0x00, 0x00, 0x00, 0x90},
}

// color returns number i of the palette, which repeats.
func (t *Theme) color(i int) color.Color { return t.Palette[i%len(t.Palette)] }

// between returns the colour at u, from Low at 0 to High at 1.
func (t *Theme) between(u float64) color.Color {
	u = min(max(u, 0), 1)
	mix := func(a, b uint8) uint8 { return uint8(float64(a) + u*(float64(b)-float64(a)) + 0.5) }
	return color.RGBA{mix(t.Low.R, t.High.R), mix(t.Low.G, t.High.G), mix(t.Low.B, t.High.B), 0xff}
}

// faint returns c thinned towards the background.
func (t *Theme) faint(c color.Color) color.Color {
	r, g, b, _ := c.RGBA()
	x, y, z, _ := t.Background.RGBA()
	mix := func(a, b uint32) uint8 { return uint8((a*45 + b*55) / 100 >> 8) }
	return color.RGBA{mix(r, x), mix(g, y), mix(b, z), 0xff}
}

// typeface is the font of all text: without serifs, part of every build, and
// with metrics that common fonts of browsers share.
var typeface = font.Font{Typeface: "Liberation", Variant: "Sans"}

// fonts holds the typeface, which is read when it is first needed.
var fonts = sync.OnceValue(func() *font.Cache {
	face, err := opentype.Parse(liberationsansregular.TTF)
	if err != nil {
		panic(err) // it is part of the program
	}
	return font.NewCache(font.Collection{{Font: typeface, Face: face}})
})

// fallback is what an SVG asks for where the typeface is not installed.
const fallback = "'Liberation Sans', Arimo, Helvetica, Arial, sans-serif"
