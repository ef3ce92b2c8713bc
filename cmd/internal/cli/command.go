package cli

import "context"

// A command is a row of the table of commands. Help, completion and the man
// page are made from the table.
type command struct {
	name     string
	args     string   // what follows the name, as "FORMULA CLAIM…"
	short    string   // one line, for the list
	about    string   // paragraphs, for its help
	flags    []string // names of its flags, besides the common ones
	examples []example
	// bare says that the name may be left out.
	bare bool
	// claims says that claims follow the formula.
	claims bool
	// draws says that --output FILE is for a picture when the ending of the file
	// is that of one.
	draws bool
	// prepare sets defaults of flags that differ from those of other commands; nil
	// where there are none.
	prepare func(o *options)
	// complete lists what a shell may offer as arguments; nil for nothing.
	complete func() []string
	run      func(ctx context.Context, s *session) error
}

// An example is a command line with what it shows.
type example struct{ line, shows string }

// commands is the table, in the order in which help lists it. It is set in init
// because help, a row of it, reads it.
var commands []*command

func init() {
	commands = []*command{
		exploreCommand(),
		diffCommand(),
		minCommand(false),
		minCommand(true),
		checkCommand(),
		verifyCommand(),
		evalCommand(),
		descendCommand(),
		compareCommand(),
		plotCommand(),
		functionsCommand(),
		helpCommand(),
		completionCommand(),
	}
}

// commandNamed returns the command with that name, nil when there is none.
func commandNamed(name string) *command {
	for _, c := range commands {
		if c.name == name {
			return c
		}
	}
	return nil
}

func commandNames() []string {
	names := make([]string, len(commands))
	for i, c := range commands {
		names[i] = c.name
	}
	return names
}
