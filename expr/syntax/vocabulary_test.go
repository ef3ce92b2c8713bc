package syntax

import "strings"

// page is the vocabulary of the language page, as far as reading needs it.
var page = func() words {
	w := words{}
	add := func(c Class, names string) {
		for name := range strings.FieldsSeq(names) {
			w[name] = c
		}
	}
	add(Constant, "pi e inf")
	add(Textbook, "sqrt cbrt root exp log ln log10 log2 expm1 log1p hypot abs sin cos tan sec csc cot asin acos atan asec acsc acot "+
		"arcsin arccos arctan atan2 sinc sinh cosh tanh sech csch coth asinh acosh atanh asech acsch acoth arsinh")
	add(CallOnly, "sign min max floor ceil round mod heaviside clamp erf erfc erfinv gamma lgamma digamma trigamma beta W "+
		"normpdf normcdf sigmoid logistic softplus relu logit logsumexp if sum prod diff")
	return w
}()

type words map[string]Class

func (w words) Class(name string) Class { return w[name] }

// Near knows slips of the case and of the last letter.
func (w words) Near(name string) string {
	lower := strings.ToLower(name)
	if w[lower] >= CallOnly {
		return lower
	}
	if short := lower[:len(lower)-1]; w[short] >= CallOnly {
		return short
	}
	return ""
}
