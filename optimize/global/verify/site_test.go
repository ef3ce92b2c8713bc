package verify

import (
	"strings"
	"testing"
)

// Of a list of minimisers it is found whether it is complete, and whether the value is less than
// what is lower by no more than a tolerance.
func TestSites(t *testing.T) {
	const squares = `"variables":["x"],"formula":"(x^2-1)^2","status":"exact","value":[0,0],"exact":"0","point":[1],"exact_point":["1"],"complete":true`
	const cosine = `"variables":["x"],"formula":"-cos(x)","bounds":[["-5","7"]],"status":"exact","value":[-1,-1],"exact":"-1","point":[0],"exact_point":["0"],"complete":true`
	const at0 = `"status":"exact","value":[0,0],"exact":"0","point":[0,0],"exact_point":["0","0"],"complete":true`
	for _, c := range []struct {
		text                   string
		valid, exact, complete bool
	}{
		{squares, true, true, false},
		{squares + `,"minimisers":[["-1"]]`, true, true, true},
		{squares + `,"minimisers":[["1"]]`, true, true, false},
		{squares + `,"minimisers":[["2"]]`, false, true, false},
		{squares + `,"bounds":[["0",""]]`, true, true, true},
		{squares + `,"bounds":[["0",""]],"minimisers":[["-1"]]`, false, true, false},
		{squares + `,"bounds":[["0",""]],"reduction":{"kind":"sum","parts":[{` + squares + `,"minimisers":[["-1"]]}]}`, true, true, true},
		{cosine, true, true, false},
		{`"variables":["x"],"formula":"-cos(x)","status":"exact","value":[-1,-1],"exact":"-1","point":[0],"exact_point":["0"],"complete":true,"period":"2*pi"`, true, true, false},
		// Zeros of higher order, edges of the domain, cusps, ends that are left out, more than one site in a period; and what is lower than each of these
		// by a little, or has the value elsewhere.
		{`"variables":["x"],"formula":"cosh(2*x)-4*cosh(x)","status":"exact","value":[-3,-3],"exact":"-3","point":[0],"exact_point":["0"],"complete":true`, true, true, true},
		{`"variables":["x"],"formula":"cosh(2*x)-(4+1/10^11)*cosh(x)+1/10^11","status":"exact","value":[-3,-3],"exact":"-3","point":[0],"exact_point":["0"],"complete":true`, true, false, false},
		{`"variables":["x"],"formula":"x^3+(x^2+x)^2/10^9","bounds":[["-1/10^4","1"]],"status":"exact","value":[0,0],"exact":"0","point":[0],"exact_point":["0"],"complete":true`, true, false, false},
		{`"variables":["x"],"formula":"asin(x)+x/2","status":"exact","value":[-2.0707963267948966,-2.0707963267948966],"exact":"-pi/2-1/2","point":[-1],"exact_point":["-1"],"complete":true,"breaks":["-1","1"]`, true, true, true},
		{`"variables":["x"],"formula":"acos(x)-4*sqrt(1-x)*sqrt(1+x)/10^10","maximise":true,"status":"exact","value":[3.141592653589793,3.1415926535897936],"exact":"pi","point":[-1],"exact_point":["-1"],"breaks":["-1","1"]`, true, true, false},
		{`"variables":["x"],"formula":"cbrt(x+8)-3/5*cbrt(x^2)","maximise":true,"status":"exact","value":[2,2],"exact":"2","point":[0],"exact_point":["0"],"breaks":["0"]`, true, true, false},
		{`"variables":["x"],"formula":"sqrt(x)*(sqrt(x)-1/10^8)*(1+x)","status":"exact","value":[0,0],"exact":"0","point":[0],"exact_point":["0"],"breaks":["0"]`, true, false, false},
		{`"variables":["x"],"formula":"2*cos(x)+cos(2*x)","status":"exact","value":[-1.5,-1.5],"exact":"-3/2","point":[2.0943951023931957],"exact_point":["2*pi/3"],"minimisers":[["-2*pi/3"]],"period":"2*pi"`, true, true, false},
		{`"variables":["x"],"formula":"sin(x)+sin(x+1)","bounds":[["-1/2-pi/2","7"]],"open":[[true,true]],"status":"exact","value":[-1.7551651237807455,-1.7551651237807455],"exact":"-2*cos(1/2)","point":[4.21238898038469],"exact_point":["3*pi/2-1/2"],"complete":true`, true, true, true},
		{`"variables":["x"],"formula":"sin(x)+sin(x+1)","bounds":[["-1/2-pi/2","7"]],"status":"exact","value":[-1.7551651237807455,-1.7551651237807455],"exact":"-2*cos(1/2)","point":[4.21238898038469],"exact_point":["3*pi/2-1/2"],"complete":true`, true, false, false},
		{`"variables":["x"],"formula":"(x^2-3*x+2)/(x^2+1)","status":"exact","value":[-0.08113883008418976,-0.08113883008418954],"exact":"3/2-sqrt(10)/2","point":[1.3874258867227933],"exact_point":["sqrt(10)/3+1/3"],"complete":true`, true, true, true},
		// A least value that is taken: at the edge of a domain, in compact sets far apart, in each period, in all squares and waves together.
		{`"variables":["x"],"formula":"sqrt(x^2-x-1)+x","bounds":[["0",""]],"status":"certified","value":[1.6180339887498,1.61803398875],"point":[1.618033988749895]`, true, false, false},
		{`"variables":["x"],"formula":"1/(1+(x^2-2)^2)+x^2/10+exp(-x)","status":"certified","value":[0.704886086647,0.704886086648],"point":[2.1823136724549372]`, true, false, false},
		{`"variables":["x","y"],"formula":"(exp(x)-2)^2+(x*y-3)^2","status":"certified","value":[0,1e-20],"point":[0.6931471805599453,4.328085122666891]`, true, false, false},
		{`"variables":["x","y"],"formula":"cos(x+y^3)+3*sin(x-y)","status":"certified","value":[-4,-3.99999999],"point":[-0.09203917813580498,1.4787571486590916]`, true, false, false},
		// A period, on a half-line, and a zero of what has a root.
		{`"variables":["x"],"formula":"abs(sin(x/2))+cos(x)/3","bounds":[["3",""]],"status":"certified","value":[0.3333333333333,0.33333333334],"point":[6.283185307179586],"period":"2*pi"`, true, false, false},
		{`"variables":["x"],"formula":"sqrt(x^3-2)","status":"certified","value":[0,0],"point":[1.2599210498948732]`, true, false, false},
		{cosine + `,"minimisers":[["2*pi"]]`, true, true, true},
		{`"variables":["x"],"formula":"abs(x-sqrt(2))+abs(x+sqrt(2))/2","status":"exact","value":[1.4142,1.4143],"exact":"sqrt(2)","point":[1.4142135623730951],"exact_point":["sqrt(2)"],"complete":true,"breaks":["sqrt(2)","-sqrt(2)"]`, true, true, true},
		// Sums, with all combinations of the least points of the parts, or some.
		{`"variables":["x","y"],"formula":"(x^2-1)^2+sqrt(y)","status":"exact","value":[0,0],"exact":"0","point":[1,0],"exact_point":["1","0"],"complete":true,"minimisers":[["-1","0"]],
		"reduction":{"kind":"sum","parts":[{` + squares + `,"minimisers":[["-1"]]},` + part("y", "sqrt(y)", `"status":"exact","point":[0],"exact_point":["0"]`) + `]}`, true, true, true},
		{`"variables":["x","y"],"formula":"(x^2-1)^2+sqrt(y)","status":"exact","value":[0,0],"exact":"0","point":[1,0],"exact_point":["1","0"],"complete":true,
		"reduction":{"kind":"sum","parts":[{` + squares + `,"minimisers":[["-1"]]},` + part("y", "sqrt(y)", `"status":"exact","point":[0],"exact_point":["0"]`) + `]}`, true, true, false},
		{`"variables":["x","y"],"formula":"(x^2-1)^2","bounds":[["0",""],["-1","1"]],"status":"exact","value":[0,0],"exact":"0","point":[1,0],"exact_point":["1","0"],"complete":true,
		"reduction":{"kind":"sum","parts":[{` + squares + `,"bounds":[["0",""]]}]}`, true, true, false},
		{`"variables":["x","y"],"formula":"x^2","subject_to":["x>=0 or x^2<=-1"],` + at0 + `,"reduction":{"kind":"cases","inner":"x>=0 or x^2<=-1","parts":[
		` + part("x", "x^2", `"subject_to":["x>=0"],"status":"exact","point":[0],"exact_point":["0"],"complete":true`) + `,{"variables":["x"],"formula":"x^2","subject_to":["x^2<=-1"],"status":"empty"}]}`, true, true, false},
		{`"variables":["x","y"],"formula":"x^2+max(abs(y)-1,0)",` + at0, true, true, false},
		{`"variables":["x","y"],"formula":"(x-y)^2",` + at0, true, true, false},
		{`"variables":["x","y"],"formula":"x*y^2","bounds":[["0","1"],["-1","1"]],` + at0, true, true, false},
		{`"variables":["x","y"],"formula":"x+y^2+x*y","bounds":[["0","1"],["-1/2","1/2"]],` + at0, true, true, true},
		{`"variables":["x","y"],"formula":"x^2+y^4+y^2+x/10^11",` + at0, true, false, false},
		{`"variables":["x","y"],"formula":"x*y","subject_to":["x^2+y^2==2"],"status":"exact","value":[-1,-1],"exact":"-1","point":[1,-1],"exact_point":["1","-1"],"complete":true,
		"reduction":{"kind":"sum","multipliers":[{"condition":"x^2+y^2==2","value":"1/2"}],"parts":[{"variables":["x","y"],"formula":"x*y+(x^2+y^2-2)/2","status":"exact","value":[-1,-1],"exact":"-1","point":[1,-1],"exact_point":["1","-1"]}]}`, true, true, false},
	} {
		text := strings.ReplaceAll("{"+c.text+"}", `{"variables"`, `{"schema":"nabla-certificate/1","variables"`)
		r, err := check(strings.NewReader(text), effort{boxes: 200_000, evals: 20_000, parts: 20, work: 50_000_000})
		if err != nil || r.Valid != c.valid || r.Exact != c.exact || r.Complete != c.complete {
			t.Errorf("%s: %+v, %v", c.text, r, err)
		}
	}
}
