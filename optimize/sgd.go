package optimize

import (
	"errors"
	"fmt"
)

// SGD is stochastic (mini-batch) gradient descent on an objective that is a Summed.
// An iterate is one epoch: the rows in a new random order, cut into batches, and
// after each batch one step along the gradient estimated from it. The rate is
// asked for once an epoch. The value and the full gradient are evaluated once an epoch,
// for the report and the stopping rules.
type SGD struct {
	Rate  Rate // nil means Constant(0.01)
	Batch int  // rows a step; 0 means 32, more than there are means all of them
	// Rule turns the estimated gradient into a step: "plain" (also ""), "momentum",
	// "adagrad", "rmsprop" or "adam", with the default parameters of these methods.
	Rule string
}

// ErrNotSummed is returned for an objective whose terms cannot be told apart.
var ErrNotSummed = errors.New("optimize: stochastic descent needs an objective that is a sum over rows of data")

// Minimize runs the loop.
func (m SGD) Minimize(r *Run) error {
	data, ok := r.obj.(Summed)
	if !ok || data.Rows() < 1 {
		return ErrNotSummed
	}
	r.Rated()
	x := r.Start()
	g := make([]float64, len(x))
	u, err := newRule(m.Rule, len(x))
	if err != nil {
		return err
	}
	batch := m.Batch
	if batch <= 0 {
		batch = 32
	}
	rows := make([]int, data.Rows())
	for i := range rows {
		rows[i] = i
	}
	batch = min(batch, len(rows))
	random := r.Rand()
	rate := fitted(rateOr(m.Rate, 0.01), r)
	f := r.FuncGrad(x, g)
	t := rate.At(0)
	steps := 0
	for epoch := 0; !r.Done(Iterate{X: x, F: f, Grad: g, Step: t}); epoch++ {
		t = rate.At(epoch)
		if batch < len(rows) {
			random.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		}
		for from := 0; from < len(rows) && !r.Over(); from += batch {
			r.GradRows(data, g, x, rows[from:min(from+batch, len(rows))])
			if !finite(g) {
				break // the value at x says what is wrong
			}
			u.step(steps, t, x, g)
			steps++
			r.Project(x)
		}
		f = r.FuncGrad(x, g)
	}
	return nil
}

// stochasticRules are the names that SGD.Rule takes.
var stochasticRules = []string{"plain", "momentum", "adagrad", "rmsprop", "adam"}

func newRule(name string, n int) (rule, error) {
	switch name {
	case "", "plain":
		return plain{}, nil
	case "momentum":
		return &heavyBall{0.9, make([]float64, n)}, nil
	case "adagrad":
		return &adaGrad{1e-8, make([]float64, n)}, nil
	case "rmsprop":
		return &rmsProp{0.9, 1e-8, make([]float64, n)}, nil
	case "adam":
		return &adam{0.9, 0.999, 1e-8, make([]float64, n), make([]float64, n), 1, 1}, nil
	}
	return nil, fmt.Errorf("optimize: no rule %q for stochastic descent; there are %q", name, stochasticRules)
}
