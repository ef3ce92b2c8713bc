package global

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"nabla/expr"
	"nabla/optimize/global/certificate"
)

// Proofs in several variables are confirmed, and what is not true is not.
func TestVerifySeveralVariables(t *testing.T) {
	for _, c := range []struct {
		formula, bounds string
		max, valid      bool
	}{
		// Sums, inner formulas, periods.
		{"x^2+sin(y)", "", false, true},
		{"x^4-x^2+y^4-y^2+3", "", false, true},
		{"x^2+exp(y)", "", false, true},
		{"x+sin(y)", "", false, true},
		{"-x^2-cosh(y)", "", true, true},
		{"x^2*y^2+(x*y-1)^2", "", false, true},
		{"1/(1+x^2+y^2)", "", false, true},
		{"1/(1+x^2+y^2)", "", true, true},
		{"exp(-x*y)", "", false, true},
		{"(x^2+y^2)^2-3*(x^2+y^2)", "", false, true},
		{"x*y^2-x^2*y^4", "", false, true},
		{"sin(x)*sin(y)", "", false, true},
		{"atan(x+y)", "", false, true},
		{"(x*y-1)^2+x^2", "", false, true},
		{"10*2+x^2-10*cos(2*pi*x)+y^2-10*cos(2*pi*y)", "*=-5.12:5.12", false, true},
		// Convexity and growth.
		{"log(exp(x)+exp(y))-(x+y)/2", "", false, true},
		{"exp(x+y)+exp(x-y)+exp(-x)", "", false, true},
		{"2*x^2-1.05*x^4+x^6/6+x*y+y^2", "", false, true},
		{"x^4+y^4-4*x*y+sin(x*y)", "", false, true},
		{"x^2+y^4-x*y+cos(3*x*y)", "", false, true},
		{"cosh(x)+cosh(y)-2*x*y", "", false, true},
		{"x*log(x)+y*log(y)+(x-y)^2", "", false, true},
		{"sqrt(x^2+y^2)-x/2", "", false, true},
		{"abs(x-1)+abs(y-2)+abs(x+y)", "", false, true},
		{"max(abs(x),abs(y))-min(x,y)/3", "", false, true},
		{"sqrt(x^2+y^2)+log(exp(x)+exp(y))+3*x/10-y/5", "", false, true},
		// Products and quotients, infima of which no point has.
		{"x*y*exp(-x^2-y^2)", "", false, true},
		{"(x^2+3*y^2)*exp(1-x^2-y^2)", "", true, true},
		{"(x+y)*exp(-x^2-x*y-y^2)", "", false, true},
		{"x*y/(1+x^2*y^2)", "", false, true},
		{"(x^4+y^4+1)/(x^2+y^2+1)", "", false, true},
		{"atan(1-x)*exp(-(y+2)^2)", "", false, true},
		{"cos(x)*atan(1-y)", "", false, true},
		{"log(1+(x+2)^2)+(1+x^2)/(1+y^2)", "", false, true},
		// Rays, of whole degrees and others, and relative entropies.
		{"x/y+y/z+z/x", "x=0:,y=0:,z=0:", false, true},
		{"x/y+y/z+z/x", "|x > 0;y > 0;z > 0", false, true},
		{"x+y+2/(x*y)+y^2", "|x > 0;y > 0", false, true},
		{"2*x+3*y", "|sqrt(x)+sqrt(y) >= 5", false, true},
		{"10*log(s)+((1-m)^2+(2-m)^2+(4-m)^2)/(2*s^2)", "|s > 0", false, true},
		{"x+y+z", "|x*y >= 2;y*z^2 >= 3;x > 0;y > 0;z > 0", false, true},
		{"x*log(x/y)-x+y", "x=0:,y=0:", false, true},
		{"x*log(x/y)+y*log(y/x)", "x=0:,y=0:", false, true},
		{"x^2/y+y", "y=0:", false, true},
		{"(x+y)/sqrt(x^2+y^2)", "", false, true},
		{"x*exp(y/x)-y", "x=0:", false, true},
		{"x^2/y+y^2/x", "x=0:,y=0:", false, true},
		// Sums of squares.
		{"x^4*y^2+x^2*y^4-3*x^2*y^2+1", "", false, true},
		{"3*x^2*y^2*z^2-x^4*y^2-x^2*y^4-z^6", "", true, true},
		{"x^2*y^2-2*x*y+1+x^2", "", false, true},
		{"(x^2*y^2+x*y+x^2)/(1+x^2+y^2)+1", "", false, true},
		{"x^4*y^4+x^2+y^2-5*x*y+x", "", false, true},
		{"x^4*y^4+x^2+y^2-5*x*y+x", "|x+y>=3", false, true},
		// Constraints.
		{"x+y", "|x^2+y^2==2", false, true},
		{"x+y", "|x^2+y^2<=1", false, true},
		{"x+y", "|x^2+y^2<=1", true, true},
		{"(x-1)^2+(y-2)^2", "|x+y<=1", false, true},
		{"x*y", "x=0:4,y=0:4|x+y>=2;x^2+y^2<=8", true, true},
		{"x*y*z", "x=0:,y=0:,z=0:|x*y+2*x*z+2*y*z==12", true, true},
		{"40/(x*y*z)+40*y*z+20*x*z+10*x*y", "x=0:,y=0:,z=0:", false, true},
		{"40/(x*y*z)+40*y*z", "x=0:3,y=0:,z=0:|x*z/2+x*y/4<=1", false, true},
		{"x^2+y^2+z^2", "|x+y+z==1;x-y==1/3", false, true},
		{"(x-1)^2+(y-2)^2+(z-3)^2+(w-4)^2", "|x==2;z^2+w^2==2", false, true},
		{"x^2+y^2", "|x+y<1", false, true},
		{"x^2+y^2", "|x+y>1", false, true},
		{"x^2+y^2", "|x+y>=4;x^2+y^2<=1", false, true},
		{"x+y", "|x^2+y^2+1<=0", false, true},
		// Points of an elimination are points of the region; a convex function is low in a box only.
		{"sin(x)+sin(y)", "|x+y==1", false, true},
		{"x/y", "x=0:,y=0:|x+y==1", false, true},
		{"sqrt((x-1)^2+y^2)+sqrt((x+1)^2+y^2)", "", false, true},
		// Equations whose squares make the Lagrangian convex, at one solution or several.
		{"x*y*z", "|x^2+y^2+z^2==3;x*y+z==1", false, true},
		{"sin(x)+y*z", "|x^2+y^2+z^2==4;x*y*z==1", false, true},
		// Multipliers that cancel terms; low values of convex functions under conditions; points that are left out.
		{"x", "y=1/1000:5,z=1/1000:9|1000*y*z-x<=1;-1000*y*z-x<=-1;exp(-y)+exp(-z)-x<=1.001;-exp(-y)-exp(-z)-x<=-1.001", false, true},
		{"(x-2)^2+(y+3)^2-x*y", "s=-2:2|x^2+3*y^2+x+s^2==3", false, true},
		{"x^2+y^2", "|x<y", false, true},
		{"x+y", "x=0:,y=0:|x*y>=1;x!=1", false, true},
		{"if(-2*x-y>1,-3*x-2*y-1,x^2+y^2-3*y+2)", "x=-2:2,y=-2:2", false, true},
		{"-log((x-1)*(y-1))+x+2*y", "|x>1;y>1", false, true},
		{"(10*(x-y)^2+(x-1)^2)^(1/4)", "", false, true},
		{"sqrt(x^2+y^2)+sqrt((x-1)^2+(y-1)^2)", "", false, true},
		{"sqrt(1+x^2+y^2)+x*y/(3+x^2+y^2)", "", false, true},
		{"sqrt(x^2+y^2)-sin(x-y)-x/2", "", false, true},
		{"sqrt((x-1)^2+y^2)+hypot(x,y-2)-x/3+sin(x*y)", "", false, true},
		{"x^2+y^2-5*log(1+x^2+3*y^2)", "", false, true},
		{"x*y*z/(x^2+y^2+z^2)^(3/2)", "", false, true},
		{"(x+y+z)^2+4*cos(x+y+z)+(x-y)^2+4*cos(x-y)+(y-z)^2+4*cos(y-z)", "", false, true},
		{"2000+x*sin(sqrt(abs(x)))+y*sin(sqrt(abs(y)))+z*sin(sqrt(abs(z)))", "*=-500:500", false, true},
		// Weighted means, with an equation that scales variables and with denominators that may be 0 on faces; infima along curves.
		{"x/(y+z)+y/(z+x)+z/(x+y)", "x=0:,y=0:,z=0:", false, true},
		{"x^2/(y+z)+y^2/(z+x)+z^2/(x+y)", "x=0:,y=0:,z=0:|x+y+z==1", false, true},
		{"1/(x^3*(y+z))+1/(y^3*(z+x))+1/(z^3*(x+y))", "|x*y*z==1;x>0;y>0;z>0", false, true},
		{"x/(x+y)+y/(y+z)+z/(z+x)", "|x>0;y>0;z>0", true, true},
		// Terms of one variable, the bounds of which follow from an equation; vertices of a box; even powers of what has one sign.
		{"tan(x/2)^2+tan(y/2)^2+tan(z/2)^2", "|x+y+z==pi;x>0;y>0;z>0", false, true},
		{"x*(1-y)+y*(1-z)+z*(1-x)", "x=0:1,y=0:1,z=0:1", true, true},
		{"x^2+y^2", "|x^4+y^4==1", true, true},
		// A Lagrangian that is least along a whole side of the box.
		{"-x-y", "x=0:6,y=0:4|x*y<=4", false, true},
		// A domain by inverse functions; what is positive, or never 0 together.
		{"-log(1-x-y)-log(x)-log(y)", "", false, true},
		{"x^y", "y=0:|x>0", false, true},
		{"sqrt(y)+abs(x*y-1)", "", false, true},
	} {
		p := problemOf(t, c.formula, c.bounds)
		p.Max = c.max
		a, err := Solve(context.Background(), p, Options{Certificate: true})
		if err != nil || a.Certificate == nil || a.Status == Local {
			t.Errorf("%s: %v %v", c.formula, err, a)
			continue
		}
		if r := checkAgain(t, a.Certificate); r.Valid != c.valid {
			t.Errorf("%s %s (%s, %s): %+v", c.formula, c.bounds, a.Status, a.Method, r)
		}
		var b bytes.Buffer
		a.Certificate.WriteTo(&b)
		for _, m := range mutations {
			var k certificate.Certificate
			if err := json.Unmarshal(b.Bytes(), &k); err != nil {
				t.Fatal(err)
			}
			if !m.change(&k) {
				continue
			}
			if r := checkAgain(t, &k); r.Valid {
				t.Errorf("%s %s: confirmed with %s: %q", c.formula, c.bounds, m.what, r.Checked)
			}
		}
	}
}

// mutations make a claim false or take a part of its proof away; false says that
// the certificate has no such part.
var mutations = []struct {
	what   string
	change func(k *certificate.Certificate) bool
}{
	{"a lower value", func(k *certificate.Certificate) bool { return shifted(k, -1e-3) }},
	{"a higher value", func(k *certificate.Certificate) bool { return shifted(k, 1e-3) }},
	{"a lower infimum", func(k *certificate.Certificate) bool {
		k.Status = certificate.NotAttained
		return shifted(k, -1e-3)
	}},
	{"the infimum called a minimum", func(k *certificate.Certificate) bool {
		if k.Status != certificate.NotAttained {
			return false
		}
		k.Status = certificate.Certified
		k.Point = make([]float64, len(k.Variables))
		for i := range k.Point {
			k.Point[i] = 0.25
		}
		return true
	}},
	{"the minimum called an infimum", func(k *certificate.Certificate) bool {
		if k.Status != certificate.Exact && k.Status != certificate.Certified {
			return false
		}
		k.Status = certificate.NotAttained
		return true
	}},
	{"an empty region", func(k *certificate.Certificate) bool {
		if k.Status == certificate.Empty {
			return false
		}
		k.Status = certificate.Empty
		return true
	}},
	{"a minimum in an empty region", func(k *certificate.Certificate) bool {
		if k.Status != certificate.Empty {
			return false
		}
		k.Status, k.Value, k.Point = certificate.Certified, [2]certificate.End{0, 0}, make([]float64, len(k.Variables))
		return true
	}},
	{"a fall without end", func(k *certificate.Certificate) bool {
		if k.Status == certificate.Unbounded {
			return false
		}
		k.Status = certificate.Unbounded
		for i := range k.Variables {
			k.Path = append(k.Path[:i:i], "t")
		}
		return true
	}},
	{"another formula", func(k *certificate.Certificate) bool {
		if k.Status == certificate.Unbounded || k.Status == certificate.Empty {
			return false
		}
		k.Formula = "(" + k.Formula + ") - 1/100"
		if k.Maximise {
			k.Formula += " + 1/50"
		}
		return k.Status != certificate.NotAttained
	}},
	{"a part with a better value", func(k *certificate.Certificate) bool {
		if k.Reduction == nil || len(k.Reduction.Parts) == 0 || k.Reduction.Parts[0].Status == certificate.Unbounded || k.Status == certificate.Unbounded {
			return false
		}
		d := 1e-3
		if k.Maximise {
			d = -d
		}
		return shifted(k, d) && shifted(k.Reduction.Parts[0], d)
	}},
	{"a part left out", func(k *certificate.Certificate) bool {
		if k.Reduction == nil || k.Reduction.Kind != certificate.Sum || len(k.Reduction.Parts) == 0 || k.Reduction.Parts[0].Status == certificate.Constant || k.Status == certificate.Unbounded {
			return false
		}
		k.Reduction.Parts = k.Reduction.Parts[1:]
		return true
	}},
	{"another inner formula", func(k *certificate.Certificate) bool {
		if k.Reduction == nil || len(k.Reduction.Of) == 0 || k.Status == certificate.Unbounded {
			return false
		}
		k.Reduction.Of[0][0] += " + 1"
		return true
	}},
	{"half a period", func(k *certificate.Certificate) bool {
		if k.Reduction == nil || k.Reduction.Kind != certificate.Period {
			return false
		}
		b := k.Reduction.Parts[0].Bounds
		b[0][1] = "(" + b[0][0] + ") + pi"
		return true
	}},
	{"no multipliers", func(k *certificate.Certificate) bool {
		if k.Reduction == nil || len(k.Reduction.Multipliers) == 0 {
			return false
		}
		k.Reduction.Multipliers = nil
		return true
	}},
	{"multipliers of the wrong sign", func(k *certificate.Certificate) bool {
		if k.Reduction == nil || len(k.Reduction.Multipliers) == 0 {
			return false
		}
		for i := range k.Reduction.Multipliers {
			m := &k.Reduction.Multipliers[i]
			m.Value = "-(" + m.Value + ")"
		}
		return true
	}},
	{"other weights", func(k *certificate.Certificate) bool {
		if k.Reduction == nil || k.Reduction.Kind != certificate.Geometric {
			return false
		}
		for _, p := range k.Reduction.Posynomials {
			p.Weights[0] = "9/10"
		}
		return true
	}},
	{"another term", func(k *certificate.Certificate) bool {
		if k.Reduction == nil || k.Reduction.Kind != certificate.Geometric {
			return false
		}
		k.Reduction.Posynomials[len(k.Reduction.Posynomials)-1].Terms[0] += "*2"
		return true
	}},
	{"another matrix of squares", func(k *certificate.Certificate) bool {
		s := cmp.Or(k.SumOfSquares, k.Outside)
		if s == nil {
			return false
		}
		s.Terms[0].Matrix[0][0] += "1"
		return true
	}},
	{"no squares", func(k *certificate.Certificate) bool {
		s := cmp.Or(k.SumOfSquares, k.Outside)
		if s == nil {
			return false
		}
		s.Terms = s.Terms[1:]
		return true
	}},
	{"another multiplier", func(k *certificate.Certificate) bool {
		s := cmp.Or(k.SumOfSquares, k.Outside)
		if s == nil {
			return false
		}
		s.Multiplier = "2 + x^2"
		return true
	}},
	{"another bound", func(k *certificate.Certificate) bool {
		s := cmp.Or(k.SumOfSquares, k.Outside)
		if s == nil {
			return false
		}
		s.Bound += "00001"
		return true
	}},
	{"squares that vanish together", func(k *certificate.Certificate) bool {
		if k.SumOfSquares == nil || len(k.SumOfSquares.Never) == 0 {
			return false
		}
		k.SumOfSquares.Never[0] = "x"
		return true
	}},
	{"a constraint taken away", func(k *certificate.Certificate) bool {
		if k.Reduction == nil || len(k.Reduction.Multipliers) == 0 || len(k.SubjectTo) == 0 || slices.ContainsFunc(k.SubjectTo, func(s string) bool { return strings.Contains(s, "and") }) {
			return false
		}
		k.SubjectTo = nil
		return true
	}},
}

// shifted moves the value of the claim.
func shifted(k *certificate.Certificate, d float64) bool {
	if k.Status == certificate.Unbounded || k.Status == certificate.Empty {
		return false
	}
	k.Value[0] += certificate.End(d)
	k.Value[1] += certificate.End(d)
	k.Exact = ""
	return true
}

// A certificate makes the claim that is printed, with the closed form that the list of stationary points gives to an enclosed value,
// and it is confirmed exactly.
func TestCertificateOfClosedForm(t *testing.T) {
	for _, c := range []struct {
		formula string
		max     bool
	}{
		{"x^4+x^2*y^2+y^4-x-y", false},
		{"x+y-x^4-x^2*y^2-y^4", true},
		{"x^4-x^2*y^2+y^4-x-y", false},
	} {
		f := expr.MustParse(c.formula)
		a, err := Solve(context.Background(), Problem{F: f, Vars: f.Vars(), Max: c.max}, Options{Certificate: true})
		if err != nil || a.Status != Exact || a.Certificate == nil {
			t.Errorf("%s: %+v %v", c.formula, a, err)
			continue
		}
		if k := a.Certificate; k.Status != a.Status || k.Exact == "" || len(k.ExactPoint) == 0 || k.Complete != a.MinimisersComplete || k.Untaken {
			t.Errorf("%s: the certificate says %s %s", c.formula, k.Status, k.Exact)
		}
		if r := checkAgain(t, a.Certificate); !r.Valid || !r.Exact || !r.Complete || !r.Stationary {
			t.Errorf("%s: %+v", c.formula, r)
		}
	}
}

// That no other point has the value is confirmed where it is so, and not where a point is left out.
func TestVerifyComplete(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		formula, bounds string
		complete        bool
	}{
		{"(x-1)^2+(y-2)^2+(z-3)^2+(w-4)^2", "|x==2;z^2+w^2==2", true},
		{"(x-1)^2+(y-2)^2+(z-3)^2", "|x^2==4;z^2<=4", true},
		{"max(abs(x)-1,0)+y^2", "", false},
		{"(x+y)^2+(z-1)^2", "", false},
		{"(x+y)^2", "|x^2<=1", false},
		{"x^2+(y^2-1)^2", "", false},
		{"(x-2)^2+y^2", "|y^2>=1", false},
		{"(x-1)^2+(y-2)^2+(z-3)^2", "|y^2-4*y==5;x<=2", false},
		{"(x-1)^2+(y-2)^2+abs(z-3)", "|y*(y-4)==0", false},
		{"1/(x^3*(y+z))+1/(y^3*(z+x))+1/(z^3*(x+y))", "|x*y*z==1;x>0;y>0;z>0", true},
		{"x/(y+z)+y/(z+x)+z/(x+y)", "x=0:,y=0:,z=0:", false},
		{"x+8/(y*(x-y))", "|x>y;y>0", true},
		{"-x^2-y^2", "|x^4+y^4==1;x>=0;y>=0", true},
		{"-x^2-y^2", "|x^4+y^4==1", false},
		{"-x^2-y^2", "|x^4+y^4==1;x>=0", false},
	} {
		a, err := Solve(context.Background(), problemOf(t, c.formula, c.bounds), Options{Certificate: true})
		if err != nil || a.Status != Exact {
			t.Errorf("%s: %v %+v", c.formula, err, a)
			continue
		}
		k := a.Certificate
		k.Complete, k.Minimisers = true, nil
		if r := checkAgain(t, k); r.Complete != c.complete {
			t.Errorf("%s %s, only at %v: confirmed %v: %q", c.formula, c.bounds, k.ExactPoint, r.Complete, r.Checked)
		}
	}
}

// Proofs about functions at their edges, and about what rises where the formula is low, are confirmed: the point is that of a part.
func TestVerifyAtEdges(t *testing.T) {
	t.Parallel()
	for _, c := range [][2]string{
		{"asin(x-y)+x^2+y^2*x^2+y^4", ""},
		{"exp(-(y+1/2))/x+3*sqrt(x-2*y)+log(x)", ""}, {"cosh(3*x+y)*exp(x-2*y+2)", "x=0:"},
	} {
		a, err := Solve(context.Background(), problemOf(t, c[0], c[1]), Options{Certificate: true})
		if err != nil || a.Certificate == nil {
			t.Errorf("%s: no certificate: %v %v", c[0], a, err)
			continue
		}
		if r := checkAgain(t, a.Certificate); !r.Valid {
			t.Errorf("%s: %q", c[0], r.Unchecked)
		}
	}
}
