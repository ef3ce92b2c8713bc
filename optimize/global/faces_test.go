package global

import (
	"testing"
)

// Infima of quotients that are approached along curves only; inequalities from competitions, the values by hand.
func TestFaces(t *testing.T) {
	reduced(t, []reducible{
		{"a/(a+b)+b/(b+c)+c/(c+a)", "*=0:|a>0;b>0;c>0", false, NotAttained, "1", "positive terms only"},
		{"a/(a+b)+b/(b+c)+c/(c+a)", "*=0:|a>0;b>0;c>0", true, NotAttained, "2", "positive terms only"},
		{"a/(a+b+d)+b/(a+b+c)+c/(b+c+d)+d/(a+c+d)", "*=0:|a>0;b>0;c>0;d>0", false, NotAttained, "1", "positive terms only"},
		{"(2x+3y)/(x+y+sqrt(x*y))", "*=0:|x>0;y>0", true, NotAttained, "3", "positive terms only"},
		{"(x+y)/(1+x+y^2)+x^2/(1+x^2)", "*=0:|x>0;y>0", false, NotAttained, "0", ""},
		// a lower value inside, a limit of no curve, a fall without end, and ends that belong to the region
		{"a/(b+c)+b/(c+a)+c/(a+b)", "*=0:|a>0;b>0;c>0", false, Exact, "3/2", "!positive terms only"},
		{"(x^2-x+1)/(x^2+1)+y/(1+y)", "*=0:|x>0;y>0", false, NotAttained, "1/2", "!positive terms only"},
		{"(x-y^2)/(1+x+y)", "*=0:|x>0;y>0", false, Unbounded, "", "!positive terms only"},
		{"x/(x+y)+y/(y+1)", "x=0:,y=0:|y>0", false, NotAttained, "0", "!positive terms only"},
	})
}
