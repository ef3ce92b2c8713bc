package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"nabla/optimize/global/certificate"
	proof "nabla/optimize/global/verify"
)

func verifyCommand() *command {
	return &command{
		name: "verify", args: "FILE",
		short: "check the proof of a minimum again",
		about: `Checks a certificate that 'nabla min --certificate FILE' wrote: that the point has
the value, and that nothing in the region is lower; that a function falls without
end along the path that the proof names; or that values come near an infimum
that no point has. The check uses enclosures of its own, and exact arithmetic
for rational functions; it shares no code with the search but the evaluation of
formulas on intervals and the rules of differentiation and algebra. It says VALID when the whole claim follows
from what it checked, and otherwise what could not be confirmed. - is the
standard input.`,
		flags:    []string{"timeout"},
		examples: []example{{"nabla verify proof.json", "a certificate in a file"}},
		run:      verify,
	}
}

func verify(ctx context.Context, s *session) error {
	if len(s.args) != 1 {
		return usage("write nabla verify FILE", "verify takes one file")
	}
	var in io.Reader = s.env.Stdin
	if name := s.args[0]; name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return dataFailure(err)
		}
		defer f.Close()
		in = f
	}
	if limit := time.Duration(s.opt.timeout); limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, limit)
		defer cancel()
	}
	r, err := proof.Check(ctx, in)
	if err != nil {
		return dataFailure(err)
	}
	if !r.Valid {
		s.note(exitLimit)
	}
	r.Checked, r.Unchecked = orEmpty(r.Checked), orEmpty(r.Unchecked)
	if s.opt.format == formatJSON {
		s.writeJSON(struct {
			head
			proof.Report
		}{s.head(nil), r})
		return nil
	}
	switch {
	case r.Valid && r.Exact:
		fmt.Fprintln(s.out, s.paint.good("VALID")+fmt.Sprintf("    nothing is lower; %d boxes examined", r.Boxes))
	case r.Valid && r.Tolerance > 0:
		fmt.Fprintln(s.out, s.paint.good("VALID")+fmt.Sprintf("    nothing is lower by more than %s; %d boxes examined", formatNumber(r.Tolerance, 3), r.Boxes))
	case r.Valid:
		fmt.Fprintln(s.out, s.paint.good("VALID"))
	default:
		fmt.Fprintln(s.out, s.paint.bad("NOT CONFIRMED"))
	}
	for _, c := range r.Checked {
		fmt.Fprintln(s.out, "  checked: "+c)
	}
	for _, c := range r.Unchecked {
		fmt.Fprintln(s.out, "  not checked: "+c)
	}
	return nil
}

// writeCertificate writes c into a file, if one is named. An answer without a
// proof has no certificate.
func writeCertificate(name string, c *certificate.Certificate) error {
	if name == "" {
		return nil
	}
	if c == nil {
		return limitFailure("", "no certificate is written: the answer is not proved")
	}
	f, err := os.Create(name)
	if err != nil {
		return dataFailure(err)
	}
	if _, err := c.WriteTo(f); err != nil {
		f.Close()
		return dataFailure(err)
	}
	if err := f.Close(); err != nil {
		return dataFailure(err)
	}
	return nil
}
