package global

import "nabla/optimize/global/minimum"

// What is known about a minimum: see package minimum.
type (
	Answer      = minimum.Answer
	Status      = minimum.Status
	Enclosure   = minimum.Enclosure
	Point       = minimum.Point
	Stationary  = minimum.Stationary
	Witness     = minimum.Witness
	Active      = minimum.Active
	Evaluations = minimum.Evaluations
	Bound       = minimum.Bound
)

const (
	Exact       = minimum.Exact
	Certified   = minimum.Certified
	Unbounded   = minimum.Unbounded
	NotAttained = minimum.NotAttained
	Local       = minimum.Local
	Constant    = minimum.Constant
	EmptyDomain = minimum.EmptyDomain
	Failed      = minimum.Failed
)
