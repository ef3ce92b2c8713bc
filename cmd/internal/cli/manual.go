package cli

import (
	"fmt"
	"strings"
)

// manual is the manual page of nabla, in the man macros of roff.
func manual() string {
	var b strings.Builder
	b.WriteString(".TH NABLA 1 \"\" \"nabla\" \"User Commands\"\n.SH NAME\nnabla \\- derivatives and minima of formulas\n.SH SYNOPSIS\n")
	for i, c := range commands {
		if i > 0 {
			b.WriteString(".br\n")
		}
		fmt.Fprintf(&b, ".B %s\n", roff(c.synopsis()))
	}
	b.WriteString(".SH DESCRIPTION\n")
	paragraphs(&b, "nabla reads a formula, differentiates it, finds its minimum and says how sure each answer is.")
	b.WriteString(".SH COMMANDS\n")
	for _, c := range commands {
		fmt.Fprintf(&b, ".SS %s\n", roff(c.synopsis()))
		paragraphs(&b, c.about)
		for _, e := range c.examples {
			fmt.Fprintf(&b, ".PP\n.RS\n.nf\n%s\n.fi\n%s\n.RE\n", roff(e.line), roff(e.shows))
		}
		if len(c.flags) > 0 {
			b.WriteString(".PP\nFlags: ")
			for i, r := range c.rows() {
				if i > 0 {
					b.WriteString(", ")
				}
				b.WriteString(roff("--" + r.name))
			}
			b.WriteString(".\n")
		}
	}
	b.WriteString(".SH FLAGS\nA flag means the same in every command that has it.\n")
	for _, r := range flagTable {
		fmt.Fprintf(&b, ".TP\n.B %s\n%s\n", roff(r.synopsis()), roff(r.means))
	}
	for _, t := range topics {
		switch t.name {
		case "flags", "exit-codes", "version":
			continue
		}
		fmt.Fprintf(&b, ".SH %s\n.nf\n%s.fi\n", roff(strings.ToUpper(t.name)), roff(t.text(76)))
	}
	b.WriteString(".SH EXIT STATUS\n")
	for _, c := range exitCodes {
		fmt.Fprintf(&b, ".TP\n.B %d\n%s\n", c.code, roff(c.meaning))
	}
	return b.String()
}

// paragraphs writes text whose blank lines part paragraphs.
func paragraphs(b *strings.Builder, text string) {
	for i, p := range strings.Split(text, "\n\n") {
		if i > 0 {
			b.WriteString(".PP\n")
		}
		b.WriteString(roff(p) + "\n")
	}
}

// roff spells text so that roff prints it as it is.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(text)
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		if strings.HasPrefix(l, ".") || strings.HasPrefix(l, "'") {
			lines[i] = `\&` + l
		}
	}
	return strings.Join(lines, "\n")
}
