package global

// This file has the words that the sense of a question chooses.

// word is the first for a minimum and the second for a maximum.
func (p *Problem) word(minimum, maximum string) string {
	if p.Max {
		return maximum
	}
	return minimum
}

func (p *Problem) extremum() string { return p.word("minimum", "maximum") }
func (p *Problem) extrema() string  { return p.word("minima", "maxima") }
func (p *Problem) least() string    { return p.word("least", "greatest") }
func (p *Problem) lower() string    { return p.word("lower", "higher") }
func (p *Problem) higher() string   { return p.word("higher", "lower") }
func (p *Problem) convex() string   { return p.word("convex", "concave") }

// definite is the word for the Hessian of what is strictly convex, or concave for a maximum.
func (p *Problem) definite() string { return p.word("positive", "negative") }
