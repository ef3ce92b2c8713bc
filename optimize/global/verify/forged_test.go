package verify

import (
	"strings"
	"testing"
)

// forged are certificates of false claims, each of which leaves out what an argument needs.
var forged = []struct{ name, text string }{
	{"a quotient with a negative numerator and a denominator that tends to 0",
		`"variables":["x"],"formula":"(-1/10^10)/exp(-x^2)","status":"certified","value":[0,0],"point":[0],
		"reduction":{"kind":"quotient","constant":"0","inner":"exp(-x^2)","parts":[{"variables":["x"],"formula":"-1/10^10","status":"certified","value":[0,0],"point":[0]}]}`},
	{"a sum with a part that is unbounded",
		`"variables":["x","y"],"formula":"x^2-y","status":"certified","value":[0,0],"point":[0,0],
		"reduction":{"kind":"sum","parts":[` + part("x", "x^2", `"status":"exact","point":[0],"exact_point":["0"]`) + `,{"variables":["y"],"formula":"-y","status":"unbounded","path":["t"]}]}`},
	{"a convex formula with a domain of two parts",
		`"variables":["x","y"],"formula":"(x-100)^2+y^2+sqrt(x*(x-50))^2-x*(x-50)","status":"certified","value":[10000,10000],"point":[0,0],
		"tree":[{"split":1,"at":0},{},{"split":1,"at":5e-9},{},{}]`},
	{"a product of values that both factors have",
		`"variables":["x","y"],"formula":"(x^2-1)*(2-y^2)","bounds":[["-1","1"],["-1","1"]],"status":"not-attained","value":[-2,-2],"exact":"-2","path":["1/t","1/t"],
		"reduction":{"kind":"product","constant":"1","parts":[{"schema":"nabla-certificate/1","variables":["x"],"formula":"x^2-1","bounds":[["-1","1"]],"status":"exact","value":[-1,-1],"exact":"-1","point":[0],"exact_point":["0"]},` + part("x", "x^2-1", `"bounds":[["-1","1"]],"maximise":true,"status":"exact","point":[1],"exact_point":["1"]`) + `,
		{"schema":"nabla-certificate/1","variables":["y"],"formula":"2-y^2","bounds":[["-1","1"]],"status":"exact","value":[1,1],"exact":"1","point":[1],"exact_point":["1"]},{"schema":"nabla-certificate/1","variables":["y"],"formula":"2-y^2","bounds":[["-1","1"]],"maximise":true,"status":"exact","value":[2,2],"exact":"2","point":[0],"exact_point":["0"]}]}`},
	{"a product of the least values of factors of the same variable",
		`"variables":["x"],"formula":"(1/(1+x^2)-1)*(1+1/(1+x^2))","status":"not-attained","value":[-2,-2],"exact":"-2",
		"reduction":{"kind":"product","constant":"1","parts":[{"schema":"nabla-certificate/1","variables":["x"],"formula":"1/(1+x^2)-1","status":"not-attained","value":[-1,-1],"exact":"-1"},` + part("x", "1/(1+x^2)-1", `"maximise":true,"status":"exact","point":[0],"exact_point":["0"]`) + `,
		{"schema":"nabla-certificate/1","variables":["x"],"formula":"1+1/(1+x^2)","status":"not-attained","value":[1,1],"exact":"1"},{"schema":"nabla-certificate/1","variables":["x"],"formula":"1+1/(1+x^2)","maximise":true,"status":"exact","value":[2,2],"exact":"2","point":[0],"exact_point":["0"]}]}`},
	{"an exponential function that falls where it is said to grow",
		`"variables":["x","y"],"formula":"exp(x)+y^2-x^2/100","status":"certified","value":[0.9,1],"point":[0,0]`},
	{"a closed form that is not the least of the values in its enclosure",
		`"variables":["x"],"formula":"x^2","status":"exact","value":[0,50],"exact":"49","point":[7],"exact_point":["7"]`},
	{"squares that are of no use where something else is the argument",
		`"variables":["x"],"formula":"x^2","status":"not-attained","value":[0,0],"exact":"0","path":["1/t"],
		"sum_of_squares":{"bound":"0","terms":[{"basis":["1"],"matrix":[["1"]]}],"never":["1"]}`},
	{"a fall that ends with a condition",
		`"variables":["x"],"formula":"1/x","bounds":[["1",""]],"subject_to":["x<=1000"],"status":"not-attained","value":[0.001,0.001],"exact":"1/1000","path":["1000-1/t"]`},
	{"values near an infimum that violate an equation",
		`"variables":["x","y"],"formula":"x^2+y^2","subject_to":["x+y==2"],"status":"not-attained","value":[0,0],"path":["1/t","1/t"]`},
	{"bounds that leave a point, which has no end in digits",
		`"variables":["x"],"formula":"x","bounds":[["pi","pi"]],"status":"empty"`},
	{"a box round a point outside the region",
		`"variables":["x","y"],"formula":"x^2+y^2","bounds":[["1","5"],["1","5"]],"open":[[true,true],[true,true]],"status":"not-attained","value":[26,26],"exact":"26","point":[0,0],"path":["5-1/t","1+1/t"]`},
	{"a sum on a larger region",
		`"variables":["x"],"formula":"x","bounds":[["1","10"]],"status":"not-attained","value":[0,0],"exact":"0",
		"reduction":{"kind":"sum","parts":[` + part("x", "x", `"bounds":[["0","10"]],"open":[[true,false]],"status":"not-attained"`) + `]}`},
	{"a sum that has a value where the formula has none",
		`"variables":["x"],"formula":"x+log(x-1)-log(x-1)","bounds":[["0","10"]],"open":[[true,false]],"status":"not-attained","value":[0,0],"exact":"0",
		"reduction":{"kind":"sum","parts":[` + part("x", "x", `"bounds":[["0","10"]],"open":[[true,false]],"status":"not-attained"`) + `]}`},
	{"a square on a larger region",
		`"variables":["x","y"],"formula":"x+y^2","bounds":[["1","10"],["",""]],"status":"not-attained","value":[0,0],"exact":"0",
		"reduction":{"kind":"square","constant":"1","inner":"y","lift":["0"],"parts":[` + part("x", "x", `"bounds":[["0","10"]],"open":[[true,false]],"status":"not-attained"`) + `]}`},
	{"tolerances of parts that grow without limit",
		`"variables":["x","y"],"formula":"(-x^2/2000000000)*(100000000000000000000*y)","bounds":[["-1","1"],["-1","1"]],"status":"exact","value":[0,0],"exact":"0","point":[0,0],"exact_point":["0","0"],
		"reduction":{"kind":"product","constant":"1","parts":[` + part("x", "-x^2/2000000000", `"bounds":[["-1","1"]],"status":"exact","point":[0],"exact_point":["0"]`) + `,` + part("x", "-x^2/2000000000", `"maximise":true,"bounds":[["-1","1"]],"status":"exact","point":[0],"exact_point":["0"]`) + `,
		{"variables":["y"],"formula":"100000000000000000000*y","bounds":[["-1","1"]],"status":"exact","value":[-1e20,-1e20],"exact":"-10^20","point":[-1],"exact_point":["-1"]},{"variables":["y"],"formula":"100000000000000000000*y","maximise":true,"bounds":[["-1","1"]],"status":"exact","value":[1e20,1e20],"exact":"10^20","point":[1],"exact_point":["1"]}]}`},
	{"a point between bounds of which the lower is the higher",
		`"variables":["x"],"formula":"1","bounds":[["1/3","0.3333333333333333"]],"status":"exact","value":[1,1],"exact":"1","point":[0.3333333333333333]`},
	{"no variables",
		`"variables":[],"formula":"1","status":"not-attained","value":[1,1],"exact":"1"`},
	{"a condition for a formula",
		`"variables":["x"],"formula":"x<3","status":"exact","value":[0,0],"exact":"0","point":[5],"exact_point":["5"]`},
	{"a condition that has no period",
		`"variables":["x"],"formula":"2-cos(x)","value":[2,2.2],"exact":"","subject_to":["x>=7","x<=8"],"status":"certified","point":[8],"period":"2*pi"`},
	{"an infimum above the least of the values in its enclosure",
		`"variables":["x"],"formula":"exp(x)","status":"not-attained","value":[0,5],"exact":"5","path":["log(5+1/t)"],"bounds":[["-20",""]],"open":[[true,false]]`},
	{"a stationary point outside the region in which the formula is convex",
		`"variables":["x","y"],"formula":"x^3-3*x+y^2+2*y","bounds":[["0","1"],["0","1"]],"open":[[true,true],[true,true]],"status":"not-attained","value":[0,0],"exact":"0","exact_point":["-1","-1"],"point":[-1,-1],"path":["1/t","1/t"]`},
	{"bounds that leave an interval between overlapping enclosures",
		`"variables":["x"],"formula":"x","bounds":[["pi^50-pi^50*1","pi^50-pi^50+2"]],"status":"empty"`},
	{"a lower bound that rounds to 0 where roots need one of 0",
		`"variables":["x"],"formula":"1/x+x","bounds":[["-1/10^900","1"]],"status":"exact","value":[2,2],"exact":"2","point":[1],"exact_point":["1"],"reduction":{"kind":"geometric","constant":"0","posynomials":[{"terms":["1/x","x"],"weights":["1/2","1/2"]}]}`},
	{"a part that rises from its centre where it has a derivative",
		`"variables":["x","y"],"formula":"x^2+y+max(y,0)^(3/4)","bounds":[["",""],["-5","5"]],"status":"exact","value":[0,0],"exact":"0","point":[0,0],"exact_point":["0","0"],"reduction":{"kind":"centre","lift":["0"],"parts":[{"variables":["x"],"formula":"x^2","value":[0,0],"exact":"0","status":"exact","point":[0],"exact_point":["0"]}]}`},
	{"a sum on a region that is empty",
		`"variables":["x","y"],"formula":"exp(x)","bounds":[["",""],["2","1"]],"status":"not-attained","value":[0,0],"exact":"0","reduction":{"kind":"sum","parts":[{"variables":["x"],"formula":"exp(x)","value":[0,0],"exact":"0","status":"not-attained"}]}`},
	{"a period on a larger region",
		`"variables":["x","y"],"formula":"sin(x)+y","bounds":[["",""],["1","2"]],"status":"not-attained","value":[-1,-1],"exact":"-1","reduction":{"kind":"period","parts":[{"variables":["x","y"],"formula":"sin(x)+y","bounds":[["0","2*pi"],["0","2"]],"open":[[false,false],[true,false]],"status":"not-attained","value":[-1,-1],"exact":"-1","reduction":{"kind":"sum","parts":[{"variables":["x"],"formula":"sin(x)","value":[-1,-1],"exact":"-1","status":"exact","point":[4.71238898038469],"exact_point":["3*pi/2"],"bounds":[["0","2*pi"]]},{"variables":["y"],"formula":"y","value":[0,0],"exact":"0","bounds":[["0","2"]],"open":[[true,false]],"status":"not-attained"}]}}]}`},
	{"a multiplier of an inequality that is not one number",
		`"variables":["x","y"],"formula":"y","bounds":[["-3","-2"],["-1","1"]],"subject_to":["x<=0"],"status":"certified","value":[1,1],"point":[-2,1],"multipliers":[{"condition":"x<=0","value":"y-5"}]`},
	{"a multiplier that is not defined where the formula is",
		`"variables":["x","y"],"formula":"x","bounds":[["-1","1"],["-1","1"]],"subject_to":["y==0"],"status":"certified","value":[0.5,0.5],"point":[0.5,0],"multipliers":[{"condition":"y==0","value":"log(x-1/2)"}]`},
	{"one such multiplier among several sets",
		`"variables":["x","y"],"formula":"x","bounds":[["-1","1"],["-1","1"]],"subject_to":["y==0"],"status":"certified","value":[0.5,0.5],"point":[0.5,0],"multipliers":[{"condition":"y==0","value":"1"}],"other_multipliers":[[{"condition":"y==0","value":"log(x-1/2)"}]]`},
}

// Certificates of false claims are not confirmed.
func TestForged(t *testing.T) {
	for _, c := range forged {
		text := strings.ReplaceAll("{"+c.text+"}", `{"variables"`, `{"schema":"nabla-certificate/1","variables"`)
		if r, err := check(strings.NewReader(text), effort{boxes: 200_000, evals: 20_000, parts: 20}); err == nil && r.Valid {
			t.Errorf("%s: confirmed: %q", c.name, r.Checked)
		}
	}
}
