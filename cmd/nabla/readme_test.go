package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A run is a command line of a document with what the document says it prints.
type run struct {
	line    int // of the document
	command string
	output  string
}

// runs returns the command lines of the console blocks of a document in Markdown:
//
//	```console
//	$ nabla diff x^2
//	2x
//	```
//
// A line that begins with "> " continues the command line above it.
func runs(document string) []run {
	var out []run
	inside := false
	for i, l := range strings.Split(document, "\n") {
		switch {
		case !inside:
			inside = strings.TrimSpace(l) == "```console"
		case strings.TrimSpace(l) == "```":
			inside = false
		case strings.HasPrefix(l, "$ "):
			out = append(out, run{line: i + 1, command: l[2:]})
		case len(out) == 0:
		case strings.HasPrefix(l, "> ") && out[len(out)-1].output == "":
			out[len(out)-1].command += "\n" + l[2:]
		default:
			out[len(out)-1].output += strings.TrimRight(l, " ") + "\n"
		}
	}
	return out
}

// check runs the command lines in a shell, in one folder, and compares what they
// print on both outputs. Command lines of the go command other than go run
// ./cmd/nabla are not run.
func check(t *testing.T, name, document string) {
	dir := t.TempDir()
	count := 0
	for _, r := range runs(document) {
		command := strings.ReplaceAll(r.command, "go run ./cmd/nabla", "nabla")
		if strings.HasPrefix(command, "go ") || strings.HasPrefix(command, "git ") || strings.HasPrefix(command, "cd ") {
			continue
		}
		count++
		c := exec.Command("sh", "-c", command)
		c.Dir = dir
		c.Env = append(os.Environ(), "NO_COLOR=1")
		got, err := c.CombinedOutput()
		if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
			t.Fatalf("%s:%d: %v", name, r.line, err)
		}
		var lines strings.Builder
		for l := range strings.Lines(string(got)) {
			lines.WriteString(strings.TrimRight(l, " \n") + "\n")
		}
		if strings.TrimRight(lines.String(), "\n") != strings.TrimRight(r.output, "\n") {
			t.Errorf("%s:%d: $ %s\nprints\n%s\nand not\n%s", name, r.line, r.command, lines.String(), r.output)
		}
	}
	if count == 0 {
		t.Errorf("%s has no example", name)
	}
}

// TestReadme runs the examples of the README.
func TestReadme(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("no shell")
	}
	path := filepath.Join("..", "..", "README.md")
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	check(t, "README.md", string(b))
}

// TestRuns tests the reader of examples.
func TestRuns(t *testing.T) {
	got := runs("text\n```console\n$ nabla x^2 \\\n> --json\na\nb  \n\n$ nabla y\n```\n$ not this\n```\n$ nor this\n```\n")
	want := []run{{3, "nabla x^2 \\\n--json", "a\nb\n\n"}, {8, "nabla y", ""}}
	if len(got) != len(want) || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("got %v, want %v", got, want)
	}
}
