package cli

import (
	"fmt"
	"os"
	"path/filepath"

	"nabla/optimize/plot"
	"nabla/optimize/trace"
)

// mostFrames is how many pictures an animation has at most.
const mostFrames = 240

// saveFrames writes the picture of a walk step by step, frame-0000.svg and on, into
// the folder dir. All frames have the axes of the whole picture.
func saveFrames(whole *plot.Figure, t *trace.Trace, dir string, o *options) (n int, err error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return 0, dataFailure(err)
	}
	x, y := whole.Ends()
	thin := t.Thin(mostFrames)
	for i := range thin.Iterates {
		shown := 0
		for shown < len(t.Iterates) && t.Iterates[shown].K <= thin.Iterates[i].K {
			shown++
		}
		frame := *whole
		frame.X, frame.Y = x, y
		frame.Layers = nil
		for _, l := range whole.Layers {
			frame.Layers = append(frame.Layers, plot.Until(l, shown))
		}
		frame.Title = fmt.Sprintf("step %d", thin.Iterates[i].K)
		if err := savePicture(&frame, filepath.Join(dir, fmt.Sprintf("frame-%04d.svg", i)), o); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}
