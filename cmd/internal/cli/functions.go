package cli

import (
	"context"
	"strings"

	"nabla/expr/fn"
)

func functionsCommand() *command {
	return &command{
		name: "functions", args: "[NAME…]",
		short: "the functions that formulas may use",
		about: `All functions, or what is known of some: their meaning, domain, derivative and
identities.`,
		examples: []example{
			{"nabla functions", "all, by family"},
			{"nabla functions W sinc", "two of them, with derivatives and identities"},
		},
		complete: func() []string {
			var names []string
			for _, f := range fn.All() {
				names = append(names, f.Name)
			}
			return names
		},
		run: functions,
	}
}

func functions(ctx context.Context, s *session) error {
	rows := fn.All()
	if len(s.args) > 0 {
		rows = nil
		for _, name := range s.args {
			found, err := functionsNamed(strings.TrimSuffix(name, "()"))
			if err != nil {
				return err
			}
			rows = append(rows, found...)
		}
	}
	if s.opt.format == formatJSON {
		s.writeFunctions(rows)
		return nil
	}
	if len(s.args) > 0 {
		for i, f := range rows {
			if i > 0 {
				s.out.WriteByte('\n')
			}
			s.out.WriteString(describe(f, s.width()))
		}
		return nil
	}
	s.out.WriteString(list(rows, s.width()))
	return nil
}

// functionsNamed returns the rows that are written with that name.
func functionsNamed(name string) ([]*fn.Func, error) {
	f := fn.Lookup(name)
	if f == nil {
		for _, form := range fn.Forms {
			if form.Name == name {
				return nil, usage("", "%s is no function but a form of the language: %s", strings.Join(form.Usage, ", "), form.Doc)
			}
		}
		hint := ""
		if near := fn.Near(name); near != "" {
			hint = "did you mean " + near + "?"
		}
		return nil, usage(hint, "there is no function %s", quoted(name))
	}
	out := []*fn.Func{f}
	for _, g := range fn.All() {
		if g != f && g.Text() == f.Name {
			out = append(out, g)
		}
	}
	return out, nil
}

// list is the list of all functions, by family.
func list(rows []*fn.Func, width int) string {
	var b strings.Builder
	family := ""
	var lines [][2]string
	flush := func() {
		writeRows(&b, lines, width)
		lines = lines[:0]
	}
	for _, f := range rows {
		if f.Family != family {
			flush()
			if family != "" {
				b.WriteString("\n")
			}
			family = f.Family
			b.WriteString(family + "\n")
		}
		doc := f.Doc
		if len(f.Alias) > 0 {
			doc += " (also " + strings.Join(f.Alias, ", ") + ")"
		}
		lines = append(lines, [2]string{f.Usage(), doc})
	}
	flush()
	b.WriteString("\nforms\n")
	for _, form := range fn.Forms {
		lines = append(lines, [2]string{strings.Join(form.Usage, ", "), form.Doc})
	}
	flush()
	return b.String()
}

// describe is all that is known of one function.
func describe(f *fn.Func, width int) string {
	var b strings.Builder
	b.WriteString(f.Usage() + "\n" + wrap(f.Doc, width, "  ") + "\n")
	var rows [][2]string
	add := func(what, is string) {
		if is != "" {
			rows = append(rows, [2]string{what, is})
		}
	}
	add("also written", strings.Join(f.Alias, ", "))
	add("means", f.Means)
	add("defined for", f.Domain)
	if f.Range[0] != "" || f.Range[1] != "" {
		add("values from", orWord(f.Range[0], "-inf")+" to "+orWord(f.Range[1], "inf"))
	}
	if !f.Variadic {
		for i, d := range f.D {
			if f.DWhere != nil && f.DWhere[i] != "" {
				d += "   for " + f.DWhere[i]
			}
			add("d/d"+f.Args[i], d)
		}
	}
	for i, r := range f.Rules {
		what := ""
		if i == 0 {
			what = "identities"
		}
		text := r.From + " = " + r.To
		if r.When != "" {
			text += "   for " + r.When
		}
		rows = append(rows, [2]string{what, text})
	}
	writeRows(&b, rows, width)
	return b.String()
}

func orWord(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// writeFunctions writes rows as one JSON object.
func (s *session) writeFunctions(rows []*fn.Func) {
	type rule struct {
		From string `json:"from"`
		To   string `json:"to"`
		When string `json:"when,omitempty"`
	}
	type function struct {
		Name       string   `json:"name"`
		Usage      string   `json:"usage"`
		Aliases    []string `json:"aliases"`
		Family     string   `json:"family"`
		Doc        string   `json:"doc"`
		Means      string   `json:"means,omitempty"`
		Domain     string   `json:"domain,omitempty"`
		Derivative []string `json:"derivatives,omitempty"`
		Rules      []rule   `json:"identities,omitempty"`
	}
	r := struct {
		head
		Functions []function `json:"functions"`
	}{head: s.head(nil)}
	for _, f := range rows {
		row := function{Name: f.Name, Usage: f.Usage(), Aliases: orEmpty(f.Alias), Family: f.Family, Doc: f.Doc, Means: f.Means, Domain: f.Domain}
		if !f.Variadic {
			row.Derivative = f.D
		}
		for _, id := range f.Rules {
			row.Rules = append(row.Rules, rule(id))
		}
		r.Functions = append(r.Functions, row)
	}
	s.writeJSON(r)
}
