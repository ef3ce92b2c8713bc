package cli

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// mostRates is how many rates are compared at most.
const mostRates = 1000

// rateList reads one rate, a list or a grid. No text is one rate, that of the
// method.
func rateList(text string) ([]string, error) {
	if text == "" || text == automatic {
		return []string{text}, nil
	}
	if ends := splitOutside(text, ':'); len(ends) == 3 {
		lo, err := parseConstant(ends[0])
		if err != nil {
			return nil, err
		}
		hi, err := parseConstant(ends[1])
		if err != nil {
			return nil, err
		}
		kind := strings.TrimRight(ends[2], "0123456789")
		n, err := strconv.Atoi(ends[2][len(kind):])
		if err != nil || n < 2 || n > mostRates || kind != "log" && kind != "lin" {
			return nil, usage("write 1e-4:1:log20 or 0.1:1:lin10", "a grid is two ends and log or lin with a number of rates from 2 to %d, not %s", mostRates, quoted(ends[2]))
		}
		a, b := lo.float, hi.float
		if !(a < b) || !finite(b) || !(a > 0) {
			return nil, usage("write 1e-4:1:log20", "the ends of a grid of rates are positive, the lower one first")
		}
		var list []string
		for k := range n {
			u := float64(k) / float64(n-1)
			v := a + u*(b-a)
			if kind == "log" {
				v = a * math.Pow(b/a, u)
			}
			// Four digits are as good a grid, and can be read.
			list = append(list, formatNumber(v, 4))
		}
		return list, nil
	}
	list := fields(text)
	for i, s := range list {
		if list[i] = strings.TrimSpace(s); list[i] == automatic {
			continue
		}
		if _, err := parseConstant(list[i]); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// A spread is the median and the range of a figure over the starts. What is not a
// number counts as larger than everything.
type spread struct{ median, low, high float64 }

func spreadOf(v []float64) spread {
	v = slices.Clone(v)
	for i, x := range v {
		if math.IsNaN(x) {
			v[i] = math.Inf(1)
		}
	}
	slices.Sort(v)
	n := len(v)
	m := v[n/2]
	if n%2 == 0 {
		if m = (v[n/2-1] + v[n/2]) / 2; math.IsInf(v[n/2], 0) {
			m = v[n/2]
		}
	}
	return spread{m, v[0], v[n-1]}
}
