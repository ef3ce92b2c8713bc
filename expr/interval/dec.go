package interval

import "slices"

// A Dec is a decoration: what is known of a function on a whole box, beside the enclosure of its image. The
// values are ordered from weakest to strongest, the decoration of a composition is the minimum of those of
// its parts, and a weaker decoration than the truth is never wrong, only less useful. They are the
// decorations trv, def, dac and com of IEEE 1788-2015 with the weakest split by what it proves.
//
//   - None: defined at no point of the box, which is a proof; the enclosure is Empty.
//   - Partial: may be undefined somewhere on the box. Nothing is claimed.
//   - Defined: defined at every point of the box, perhaps with jumps.
//   - Continuous: defined and continuous at every point of the box, as a function restricted to the box.
//
// The minimum keeps None sound: a composition with a part that is defined nowhere is defined nowhere.
type Dec uint8

const (
	None Dec = iota
	Partial
	Defined
	Continuous
)

// String returns the name in lower case.
func (d Dec) String() string {
	switch d {
	case None:
		return "none"
	case Partial:
		return "partial"
	case Defined:
		return "defined"
	case Continuous:
		return "continuous"
	}
	return "invalid decoration"
}

// AllContinuous reports whether all of the list are Continuous.
func AllContinuous(list []Dec) bool {
	return !slices.ContainsFunc(list, func(d Dec) bool { return d != Continuous })
}
