package certificate

import (
	"strings"
	"testing"
)

// What another reader may take for another claim is no certificate.
func TestReadAmbiguous(t *testing.T) {
	for _, c := range []struct {
		text string
		want bool
	}{
		{`{"schema":"nabla-certificate/1","formula":"x^2","proof":["{","a \" b","{\"a\":1,\"a\":2}"],"value":[0,"inf"],"reduction":{"kind":"sum","parts":[{"formula":"x"},{"formula":"x"}]}}`, true},
		{`{"schema":"nabla-certificate/1","formula":"x^2-5","formula":"x^2"}`, false},
		{`{"schema":"nabla-certificate/1","formula":"x^2-5","FORMULA":"x^2"}`, false},
		{`{"schema":"nabla-certificate/1","formula":"x^2-5","\u0066ormula":"x^2"}`, false},
		{`{"schema":"nabla-certificate/1","ſtatus":"exact"}`, false},
		{`{"schema":"nabla-certificate/1","reduction":{"kind":"sum","over":"x","kind":"rays"}}`, false},
		{`{"schema":"nabla-certificate/1","stationary_points":[{"at":[0],"at":[1]}]}`, false},
		{`{"schema":"nabla-certificate/1","formula":"x^2"} {"formula":"x"}`, false},
		{`{"schema":"nabla-certificate/1","formula":"x^2"`, false},
		{`null`, false},
		{`"formula"`, false},
	} {
		if _, err := Read(strings.NewReader(c.text)); (err == nil) != c.want {
			t.Errorf("%s: %v", c.text, err)
		}
	}
}
