package cli

import (
	"context"

	"nabla/optimize/trace"
)

// A drawing collects what the pictures of a walk need. The nil drawing needs
// nothing.
type drawing struct {
	file   string
	term   bool
	frames string
	all    trace.Recorder
}

// newDrawing returns what q wants to have drawn, nil for nothing.
func newDrawing(q *question) (*drawing, error) {
	file, term, err := q.opt.picture()
	frames := string(q.opt.frames.word)
	if err != nil || file == "" && !term && frames == "" {
		return nil, err
	}
	return &drawing{file: file, term: term, frames: frames, all: trace.Recorder{Most: mostKept}}, nil
}

func (w *drawing) add(it trace.Iterate) {
	if w != nil {
		w.all.Add(it)
	}
}

// finish draws: on the curve for one variable, in the valley for two, and the values
// for more.
func (w *drawing) finish(ctx context.Context, s *session, q *question, d *descended) error {
	if w == nil {
		return nil
	}
	t := w.all.Done()
	t.Variables, t.Method = d.vars, d.method.Name
	a := &plotted{formula: d.formula, walks: []*walk{{name: d.method.Name, method: d.method, trace: t, result: d.result}}}
	var err error
	switch len(d.vars) {
	case 1:
		a.kind = "curve"
		err = a.drawCurve(ctx, q)
	case 2:
		a.kind = "contours"
		err = a.drawValley(ctx, q)
	default:
		a.kind = "cost"
		err = a.drawCost(ctx, q)
	}
	if err != nil {
		return err
	}
	d.picture = a
	if err := s.save(q, a.figure, w.file, &a.file); err != nil {
		return err
	}
	if w.frames != "" {
		d.frames = w.frames
		d.pictures, err = saveFrames(a.figure, t, w.frames, q.opt)
	}
	return err
}
