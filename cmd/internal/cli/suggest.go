package cli

// didYouMean suggests the candidate that text is nearest to, "" when none is
// near: at a Damerau–Levenshtein distance (optimal string alignment) of at most
// a third of the length, rounded up. Of several equally near the first counts.
func didYouMean(text string, candidates []string) string {
	const longest = 40
	if len(text) > longest {
		return ""
	}
	best, limit := "", (len(text)+2)/3
	for _, c := range candidates {
		if len(c) > longest {
			continue
		}
		if d := distance(text, c); d <= limit && (best == "" || d < limit) {
			best, limit = c, d
		}
	}
	if best == "" {
		return ""
	}
	return "did you mean " + best + "?"
}

// distance returns the number of insertions, deletions, substitutions and
// exchanges of neighbours that turn a into b.
func distance(a, b string) int {
	before, last, next := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		next[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			next[j] = min(last[j]+1, next[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				next[j] = min(next[j], before[j-2]+1)
			}
		}
		before, last, next = last, next, before
	}
	return last[len(b)]
}
