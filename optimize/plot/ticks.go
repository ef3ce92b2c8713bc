package plot

import (
	"math"
	"strconv"
	"strings"
)

// A Tick is a mark on an axis; minor ones have no label.
type Tick struct {
	Value float64
	Label string
}

// Ticks returns the marks of a, about n of them with labels: multiples of 1, 2
// or 5 times a power of ten, or powers of ten on a logarithmic axis. The labels
// have just the digits that tell them apart.
func (a Axis) Ticks(n int) []Tick {
	if !(a.Max > a.Min) {
		return nil
	}
	if a.Log && a.Max/a.Min >= 20 {
		return logTicks(a.Min, a.Max, n)
	}
	off := a.offset()
	ticks := linearTicks(a.Min-off, a.Max-off, n)
	for k := n + 1; labelled(ticks) < 2 && k < n+10; k++ { // one number is no scale
		ticks = linearTicks(a.Min-off, a.Max-off, k)
	}
	for i := range ticks {
		ticks[i].Value += off
	}
	return ticks
}

// offset returns what the labels of a leave out: a round number where the ends are so
// near to each other, beside their size, that the labels would be long and all alike;
// 0 otherwise. The title of the axis says it.
func (a Axis) offset() float64 {
	if a.Label == "" {
		return 0 // nothing would say it
	}
	width, size := a.Max-a.Min, math.Max(math.Abs(a.Min), math.Abs(a.Max))
	if a.Log || !(width > 0) || width > 1e-4*size || width < 1e-13*size {
		return 0
	}
	exp := int(math.Ceil(math.Log10(width)))
	return scale10(math.Round((a.Min+a.Max)/2/scale10(1, exp)), exp)
}

// title returns the label of a, with what the labels of its ticks leave out.
func (a Axis) title() string {
	off := a.offset()
	if off == 0 || a.Bare || a.Label == "" {
		return a.Label
	}
	sign := " − "
	if off < 0 {
		sign = " + "
	}
	return a.Label + sign + number(math.Abs(off), 17)
}

func labelled(ticks []Tick) int {
	n := 0
	for _, t := range ticks {
		if t.Label != "" {
			n++
		}
	}
	return n
}

func linearTicks(lo, hi float64, n int) []Tick {
	rough := (hi - lo) / float64(max(n, 1))
	power := math.Floor(math.Log10(rough))
	unit := rough / math.Pow(10, power)
	k := 10.0 // of 1, 2, 5, 10 the first not below unit
	for _, c := range []float64{1, 2, 5} {
		if unit <= c*(1+1e-9) {
			k = c
			break
		}
	}
	// Steps are integers times a power of ten, so that 3 steps of 0.1 are 0.3.
	exp := int(power)
	var ticks []Tick
	minor := map[float64]float64{1: 5, 2: 4, 5: 5, 10: 5}[k]
	step := func(i float64) float64 { return scale10(i*k/minor, exp) }
	first := math.Ceil(lo/scale10(k/minor, exp) - 1e-9)
	for i := first; ; i++ {
		v := step(i)
		if v > hi+1e-9*(hi-lo) || len(ticks) > 1000 {
			break
		}
		t := Tick{Value: v}
		if math.Mod(i, minor) == 0 {
			t.Label = tickLabel(math.Round(i/minor)*k, exp, math.Max(math.Abs(lo), math.Abs(hi)))
		}
		ticks = append(ticks, t)
	}
	return ticks
}

// scale10 returns m*10^exp rounded once.
func scale10(m float64, exp int) float64 {
	if exp < 0 {
		return m / math.Pow(10, float64(-exp))
	}
	return m * math.Pow(10, float64(exp))
}

// tickLabel writes m*10^exp, m an integer. An axis that reaches size has all its
// labels in plain digits, or all with a power of ten.
func tickLabel(m float64, exp int, size float64) string {
	if m == 0 {
		return "0"
	}
	s := strconv.FormatFloat(math.Abs(m), 'f', 0, 64)
	sign := ""
	if m < 0 {
		sign = "−"
	}
	if size >= 1e6 || size < 1e-4 {
		// d.dd×10^p
		p := exp + len(s) - 1
		s = strings.TrimRight(s, "0")
		if len(s) > 1 {
			s = s[:1] + "." + s[1:]
		}
		return sign + times(s, p)
	}
	if exp >= 0 {
		return sign + s + strings.Repeat("0", exp)
	}
	for len(s) <= -exp {
		s = "0" + s
	}
	s = s[:len(s)+exp] + "." + s[len(s)+exp:]
	return sign + strings.TrimRight(strings.TrimRight(s, "0"), ".")
}

// times writes s×10^p, and 10^p where s is 1.
func times(s string, p int) string {
	power := "10" + superscript(p)
	if s == "1" {
		return power
	}
	return s + "×" + power
}

var superscripts = strings.NewReplacer("-", "⁻", "0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴", "5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹")

func superscript(p int) string { return superscripts.Replace(strconv.Itoa(p)) }

func logTicks(lo, hi float64, n int) []Tick {
	first, last := int(math.Ceil(math.Log10(lo)-1e-9)), int(math.Floor(math.Log10(hi)+1e-9))
	every := 1
	for _, k := range []int{1, 2, 3, 5, 10, 20, 30, 50, 100} {
		if every = k; (last-first)/k < max(n, 2) {
			break
		}
	}
	var ticks []Tick
	for p := first - 1; p <= last; p++ {
		v := math.Pow(10, float64(p))
		if p >= first && (p%every == 0 || last-first <= 40 || p%max(every/5, 1) == 0) {
			t := Tick{Value: v}
			if p%every == 0 {
				t.Label = powerLabel(p, first, last)
			}
			ticks = append(ticks, t)
		}
		if every == 1 {
			for k := 2.0; k < 10; k++ {
				if k*v >= lo && k*v <= hi {
					ticks = append(ticks, Tick{Value: k * v})
				}
			}
		}
	}
	return ticks
}

// powerLabel writes 10^p: in plain digits where the whole axis, from 10^first to
// 10^last, stays between 0.001 and 10000.
func powerLabel(p, first, last int) string {
	if first >= -3 && last <= 4 || p == 0 {
		return strconv.FormatFloat(math.Pow(10, float64(p)), 'f', max(0, -p), 64)
	}
	return "10" + superscript(p)
}

// Number writes v for a label: at most four significant digits, without zeros at
// the end, and with a power of ten where that is shorter.
func Number(v float64) string { return number(v, 4) }

// number writes v with some significant digits.
func number(v float64, digits int) string {
	a := math.Abs(v)
	switch {
	case v == 0:
		return "0"
	case math.IsNaN(v):
		return "undefined"
	case math.IsInf(v, 0):
		return strings.Replace(strconv.FormatFloat(v, 'g', -1, 64), "Inf", "∞", 1)
	case a < 1e-4 || a >= 1e6:
		mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(a, 'e', digits-1, 64), "e")
		p, _ := strconv.Atoi(exponent)
		if strings.Contains(mantissa, ".") {
			mantissa = strings.TrimRight(strings.TrimRight(mantissa, "0"), ".")
		}
		return sign(v) + times(mantissa, p)
	}
	p := max(0, digits-1-int(math.Floor(math.Log10(a))))
	s := strconv.FormatFloat(a, 'f', p, 64)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return sign(v) + s
}

func sign(v float64) string {
	if v < 0 {
		return "−"
	}
	return ""
}
