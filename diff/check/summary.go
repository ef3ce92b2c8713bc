package check

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// A Summary counts the verdicts and mistakes of many answers. The zero Summary
// is empty. It belongs to one goroutine.
type Summary struct {
	Answers, Right, Wrong, Undecided int
	Unexplained                      int // wrong, without an explanation
	counts                           map[string]*KindCount
}

// A KindCount says how often a kind of mistake was met.
type KindCount struct {
	Kind  string
	Doc   string
	First int      // answers of which it is the likeliest explanation
	Among int      // answers that it explains at all
	IDs   []string // of those it explains best, as they were added
}

// Add counts one answer. The id may be empty.
func (s *Summary) Add(id string, r Result) { s.add(id, r.Verdict, r.Mistakes) }

// AddDerivation counts one derivation.
func (s *Summary) AddDerivation(id string, r DerivationResult) { s.add(id, r.Verdict, r.Mistakes) }

func (s *Summary) add(id string, v Verdict, mistakes []Mistake) {
	s.Answers++
	switch v {
	case Same:
		s.Right++
		return
	case Undecided:
		s.Undecided++
		return
	}
	s.Wrong++
	if len(mistakes) == 0 {
		s.Unexplained++
	}
	if s.counts == nil {
		s.counts = map[string]*KindCount{}
	}
	for i, m := range mistakes {
		c := s.counts[m.Kind]
		if c == nil {
			c = &KindCount{Kind: m.Kind, Doc: docOf(m.Kind)}
			s.counts[m.Kind] = c
		}
		c.Among++
		if i == 0 {
			c.First++
			if id != "" {
				c.IDs = append(c.IDs, id)
			}
		}
	}
}

func docOf(kind string) string {
	for _, k := range kinds {
		if k.Name == kind {
			return k.Doc
		}
	}
	return ""
}

// Counts returns the kinds that were met, the commonest first.
func (s *Summary) Counts() []KindCount {
	var out []KindCount
	for _, k := range kinds {
		if c := s.counts[k.Name]; c != nil {
			out = append(out, *c)
		}
	}
	slices.SortStableFunc(out, func(a, b KindCount) int {
		return cmp.Or(cmp.Compare(b.First, a.First), cmp.Compare(b.Among, a.Among))
	})
	return out
}

// String is the summary as a table.
func (s *Summary) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d answers: %d right, %d wrong, %d undecided\n", s.Answers, s.Right, s.Wrong, s.Undecided)
	for _, c := range s.Counts() {
		if c.First == 0 {
			continue // never the likeliest explanation
		}
		fmt.Fprintf(&b, "%5d  %-30s %s\n", c.First, c.Kind, c.Doc)
	}
	if s.Unexplained > 0 {
		fmt.Fprintf(&b, "%5d  %-30s %s\n", s.Unexplained, "(none)", "wrong in a way that no known mistake explains")
	}
	return b.String()
}
