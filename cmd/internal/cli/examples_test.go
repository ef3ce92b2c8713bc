package cli

import (
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const examplesDir = "../../../testdata/examples"

// TestExamples runs the experiments of the examples again: what is printed is the
// same, and so is the structure of the pictures. With UPDATE_EXAMPLES set it writes them
// anew.
func TestExamples(t *testing.T) {
	dir, err := filepath.Abs(examplesDir)
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join(dir, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	update := os.Getenv("UPDATE_EXAMPLES") != ""
	t.Chdir(t.TempDir())
	var out strings.Builder
	rest, commands := string(page), 0
	for {
		before, after, found := strings.Cut(rest, "```console\n$ nabla ")
		out.WriteString(before)
		if !found {
			break
		}
		body, tail, _ := strings.Cut(after, "```\n")
		line, want, _ := strings.Cut(body, "\n")
		args, err := shellWords(line)
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		commands++
		got := runExample(args)
		fmt.Fprintf(&out, "```console\n$ nabla %s\n%s```\n", line, got)
		if !update && got != want {
			t.Errorf("nabla %s prints\n%s, want\n%s", line, got, want)
		}
		file := args[len(args)-1]
		if update {
			copyFile(t, file, filepath.Join(dir, file))
			png := strings.TrimSuffix(file, ".svg") + ".png"
			runExample(append(slices.Clone(args[:len(args)-1]), png))
			copyFile(t, png, filepath.Join(dir, png))
		} else {
			compareSVG(t, file, filepath.Join(dir, file))
		}
		rest = tail
	}
	if commands < 6 {
		t.Errorf("only %d commands", commands)
	}
	if update {
		if err := os.WriteFile(filepath.Join(dir, "README.md"), []byte(out.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

func runExample(args []string) string {
	var out, talk bytes.Buffer
	Main(context.Background(), &Env{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &talk, NoColor: true}, args)
	return talk.String() + out.String()
}

// shellWords splits a line at blanks outside single quotes.
func shellWords(line string) ([]string, error) {
	var words []string
	parts := strings.Split(line, "'")
	if len(parts)%2 == 0 {
		return nil, fmt.Errorf("an open quote")
	}
	for i, p := range parts {
		if i%2 == 1 {
			words = append(words, p)
		} else {
			words = append(words, strings.Fields(p)...)
		}
	}
	return words, nil
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	b, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, b, 0o666)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// A structure is what matters of a picture: its size, how many elements of each kind it
// has, and its texts, ticks among them, in order.
type structure struct {
	size     string
	elements map[string]int
	texts    []string
}

func structureOf(t *testing.T, file string) structure {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	s := structure{elements: map[string]int{}}
	d := xml.NewDecoder(bytes.NewReader(b))
	for {
		token, err := d.Token()
		if err == io.EOF {
			return s
		}
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			s.elements[e.Name.Local]++
			if e.Name.Local == "svg" {
				for _, a := range e.Attr {
					if a.Name.Local == "width" || a.Name.Local == "height" {
						s.size += a.Value + " "
					}
				}
			}
		case xml.CharData:
			if text := strings.TrimSpace(string(e)); text != "" {
				s.texts = append(s.texts, text)
			}
		}
	}
}

func compareSVG(t *testing.T, got, want string) {
	t.Helper()
	g, w := structureOf(t, got), structureOf(t, want)
	if g.size != w.size || !slices.Equal(g.texts, w.texts) {
		t.Errorf("%s: %s%q, want %s%q", got, g.size, g.texts, w.size, w.texts)
	}
	for _, name := range []string{"path", "text", "image", "g"} {
		a, b := g.elements[name], w.elements[name]
		// Adaptive drawing and contours may differ by a few pieces between machines.
		if d := a - b; d > b/50+1 || -d > b/50+1 {
			t.Errorf("%s: %d elements %s, want %d", got, a, name, b)
		}
	}
}

// The test of the tester: another picture is another structure.
func TestExamplesDiffer(t *testing.T) {
	a, b := structureOf(t, filepath.Join(examplesDir, "parabola-good.svg")), structureOf(t, filepath.Join(examplesDir, "quadratic.svg"))
	if slices.Equal(a.texts, b.texts) || a.elements["path"] < 10 || a.elements["text"] < 10 {
		t.Errorf("%+v and %+v", a, b)
	}
}
