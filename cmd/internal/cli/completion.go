package cli

import (
	"context"
	"fmt"
	"io"
	"strings"
)

func completionCommand() *command {
	return &command{
		name: "completion", args: "bash|zsh|fish",
		short: "a script that completes commands and flags in a shell",
		about: `A script for a shell that completes the commands, the flags and their values.
It asks nabla nothing when it runs.`,
		examples: []example{
			{"source <(nabla completion bash)", "in ~/.bashrc"},
			{"nabla completion zsh > ~/.zfunc/_nabla", "in a folder of $fpath"},
			{"nabla completion fish > ~/.config/fish/completions/nabla.fish", "for fish"},
		},
		complete: words("bash", "zsh", "fish"),
		run:      completion,
	}
}

// shells are the shells that completion knows, each with the writer of its
// script.
var shells = []struct {
	name  string
	write func() string
}{
	{"bash", bashCompletion},
	{"zsh", zshCompletion},
	{"fish", fishCompletion},
}

func completion(ctx context.Context, s *session) error {
	var names []string
	for _, sh := range shells {
		names = append(names, sh.name)
		if len(s.args) == 1 && s.args[0] == sh.name {
			_, err := io.WriteString(s.out, sh.write())
			return err
		}
	}
	if len(s.args) != 1 {
		return usage("write nabla completion "+strings.Join(names, "|"), "completion needs the name of one shell")
	}
	return usage(didYouMean(s.args[0], names), "completion knows %s, not %s", strings.Join(names, ", "), quoted(s.args[0]))
}

func bashCompletion() string {
	var b strings.Builder
	b.WriteString(`# bash completion of nabla

_nabla() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} word command=explore
    if [[ $cur == = ]]; then # --flag=value is three words
        cur=
    elif [[ $prev == = ]]; then
        prev=${COMP_WORDS[COMP_CWORD-2]}
    fi
    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        case $word in
`)
	fmt.Fprintf(&b, "            %s) command=$word; break ;;\n", strings.Join(commandNames(), "|"))
	b.WriteString("        esac\n    done\n    case $prev in\n")
	for _, r := range flagTable {
		switch names := r.spellings("|"); {
		case r.files:
			fmt.Fprintf(&b, "        %s) compopt -o filenames 2> /dev/null; COMPREPLY=($(compgen -f -- \"$cur\")); return ;;\n", names)
		case r.complete != nil:
			fmt.Fprintf(&b, "        %s) COMPREPLY=($(compgen -W \"%s\" -- \"$cur\")); return ;;\n", names, strings.Join(r.complete(), " "))
		case r.takesValue():
			fmt.Fprintf(&b, "        %s) return ;;\n", names)
		}
	}
	b.WriteString("    esac\n    if [[ $cur == -* ]]; then\n        case $command in\n")
	for _, c := range commands {
		var flags []string
		for _, r := range c.rows() {
			flags = append(flags, "--"+r.name)
		}
		fmt.Fprintf(&b, "            %s) COMPREPLY=($(compgen -W \"%s\" -- \"$cur\")) ;;\n", c.name, strings.Join(flags, " "))
	}
	b.WriteString("        esac\n    elif ((COMP_CWORD == 1)); then\n")
	fmt.Fprintf(&b, "        COMPREPLY=($(compgen -W \"%s\" -- \"$cur\"))\n", strings.Join(commandNames(), " "))
	b.WriteString("    else\n        case $command in\n")
	for _, c := range commands {
		if c.complete != nil {
			fmt.Fprintf(&b, "            %s) COMPREPLY=($(compgen -W \"%s\" -- \"$cur\")) ;;\n", c.name, strings.Join(c.complete(), " "))
		}
	}
	b.WriteString("        esac\n    fi\n}\ncomplete -o default -F _nabla nabla\n")
	return b.String()
}

// spellings returns how the flag may be written, with sep between.
func (r *flagRow) spellings(sep string) string {
	if r.short == "" {
		return "--" + r.name
	}
	return "-" + r.short + sep + "--" + r.name
}

func zshCompletion() string {
	var b strings.Builder
	b.WriteString("#compdef nabla\n\n_nabla() {\n  local -a commands\n  commands=(\n")
	for _, c := range commands {
		fmt.Fprintf(&b, "    %s\n", single(c.name+":"+strings.ReplaceAll(c.short, ":", `\:`)))
	}
	fmt.Fprintf(&b, `  )
  local word name
  for word in $words[2,CURRENT-1]; do
    case $word in
      %s) name=$word; break ;;
    esac
  done
  if [[ -z $name && $words[CURRENT] != -* ]] && (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
`, strings.Join(commandNames(), "|"))
	b.WriteString("  case $name in\n")
	for _, c := range commands {
		name := c.name
		if c.bare {
			continue
		}
		fmt.Fprintf(&b, "    %s)\n%s      ;;\n", name, c.zshArguments())
	}
	fmt.Fprintf(&b, "    *)\n%s      ;;\n", commandNamed("explore").zshArguments())
	b.WriteString("  esac\n}\n\n_nabla \"$@\"\n")
	return b.String()
}

// takesFile reports whether an argument of the command is a file.
func (c *command) takesFile() bool { return strings.Contains(c.args, "FILE") }

func (c *command) zshArguments() string {
	var b strings.Builder
	b.WriteString("      _arguments")
	for _, r := range c.rows() {
		means := strings.NewReplacer("[", "(", "]", ")", ":", ";").Replace(r.means)
		value, joined := "", "="
		switch {
		case r.files:
			value = ":file:_files"
		case r.complete != nil:
			value = ":value:(" + strings.Join(r.complete(), " ") + ")"
		case r.takesValue():
			value = ":value: "
		default:
			joined = ""
		}
		fmt.Fprintf(&b, " \\\n        %s", single("*--"+r.name+joined+"["+means+"]"+value))
		if r.short != "" {
			fmt.Fprintf(&b, " \\\n        %s", single("*-"+r.short+"["+means+"]"+value))
		}
	}
	rest := "*:" + strings.ToLower(c.args) + ": "
	switch {
	case c.complete != nil:
		rest = "*:argument:(" + strings.Join(c.complete(), " ") + ")"
	case c.takesFile():
		rest = "*:file:_files"
	}
	fmt.Fprintf(&b, " \\\n        %s\n", single(rest))
	return b.String()
}

// single puts s between single quotes for a shell.
func single(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

func fishCompletion() string {
	var b strings.Builder
	b.WriteString("# fish completion of nabla\n\ncomplete -c nabla -f\n")
	for _, c := range commands {
		fmt.Fprintf(&b, "complete -c nabla -n __fish_use_subcommand -a %s -d %s\n", c.name, single(c.short))
	}
	for _, r := range flagTable {
		when := "__fish_seen_subcommand_from " + strings.Join(r.having(), " ")
		fmt.Fprintf(&b, "complete -c nabla -n %s -l %s", single(when), r.name)
		if r.short != "" {
			b.WriteString(" -s " + r.short)
		}
		switch {
		case r.files:
			b.WriteString(" -r -F")
		case r.complete != nil:
			b.WriteString(" -x -a " + single(strings.Join(r.complete(), " ")))
		case r.takesValue():
			b.WriteString(" -x")
		}
		b.WriteString(" -d " + single(r.means) + "\n")
	}
	for _, c := range commands {
		if c.complete != nil {
			fmt.Fprintf(&b, "complete -c nabla -n %s -a %s\n", single("__fish_seen_subcommand_from "+c.name), single(strings.Join(c.complete(), " ")))
		}
		if c.takesFile() {
			fmt.Fprintf(&b, "complete -c nabla -n %s -F\n", single("__fish_seen_subcommand_from "+c.name))
		}
	}
	return b.String()
}

// having returns the names of the commands that have the flag r.
func (r *flagRow) having() []string {
	var out []string
	for _, c := range commands {
		if c.row(r.name) == r {
			out = append(out, c.name)
		}
	}
	return out
}
