package verify

import (
	"fmt"
	"strings"
	"testing"

	"nabla/optimize/global/certificate"
)

// Case distinctions are convex where both branches are, they meet, and the slope does not fall.
func TestConvexCases(t *testing.T) {
	for _, c := range []struct {
		f    string
		want bool
	}{
		{"if(abs(x-y)<=1, (x-y)^2/2, abs(x-y)-1/2)", true}, {"if(abs(x-y)<=1, (x-y)^2/2, abs(x-y))", false}, // a jump
		{"if(x+y<0, -x-y, 2*x+2*y)", true}, {"if(x+y<0, x+y, 0)", false}, {"if(x+y>0, x+y, 0)", true}, {"if(x+y>=0, 0, x+y)", false},
		{"if(x<1, exp(x)+y^2, 3*x+exp(1)-3+y^2)", true}, {"if(x<1, exp(x)+y^2, 2*x+exp(1)-2+y^2)", false}, {"if(x<1, exp(x)+y^2, 3*x+exp(1)-3+y)", false},
		{"if(abs(x)<-1, x^2, y^2)", true}, {"if(abs(x)<=0, x^2, y^2)", false}, {"x^2+y^2+cos(x)+abs(x-y)", true}, {"x^2/4+y^2+cos(x)+abs(x-y)", false}, {"if(x==1, x, 1)", false}, {"if(x^2<y, x, y)", false}, {"if(x<y, abs(x-y), -2*(x-y))", false}, {"if(x<y, abs(x-y), 2*(x-y))", true},
		{"if(x<9, x^2, -x^2)", true}, {"min(x,9)+y^2", true}, {"min(x,4)+y^2", false}, {"abs(x-9)-abs(y+9)", true}, {"-abs(x-4)+y^2", false},
	} {
		text := fmt.Sprintf(`{"schema":"nabla-certificate/1","variables":["x","y"],"formula":"%s","bounds":[["-5","5"],["-5","5"]],"status":"certified","value":[-1e9,1e9],"point":[0.25,0.5]}`, c.f)
		k, err := certificate.Read(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		left := fullEffort
		v := newVerifier(k, &left)
		if err := v.read(); err != nil {
			t.Fatal(err)
		}
		if got := v.isConvex(); got != c.want {
			t.Errorf("%s: convex %v, want %v", c.f, got, c.want)
		}
	}
}
