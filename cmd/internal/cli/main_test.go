package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// ran is what a run of the command printed and returned.
type ran struct {
	out, err string
	code     int
}

// runWith runs the command line with some standard input.
func runWith(input string, args ...string) ran {
	var out, talk bytes.Buffer
	code := Main(context.Background(), &Env{Stdin: strings.NewReader(input), Stdout: &out, Stderr: &talk, Piped: true}, args)
	return ran{out.String(), talk.String(), code}
}

// TestStreaming has an answer read before the next question is written.
func TestStreaming(t *testing.T) {
	in, questions := io.Pipe()
	answers, out := io.Pipe()
	code := make(chan int)
	go func() {
		code <- Main(context.Background(), &Env{Stdin: in, Stdout: out, Stderr: io.Discard, Piped: true}, []string{"diff"})
		out.Close()
	}()
	buf := make([]byte, 100)
	for _, c := range [][2]string{{"x^2\n", "2x\n"}, {"x^3\n", "3x^2\n"}, {"sin(x)\n", "cos(x)\n"}} {
		io.WriteString(questions, c[0])
		n, err := answers.Read(buf)
		if err != nil || string(buf[:n]) != c[1] {
			t.Fatalf("%q is answered by %q (%v), want %q", c[0], buf[:n], err, c[1])
		}
	}
	questions.Close()
	if c := <-code; c != exitOK {
		t.Errorf("exit code %d", c)
	}
}

// closedPipe is an output that nobody reads any more.
type closedPipe struct{ writes int }

func (p *closedPipe) Write([]byte) (int, error) { p.writes++; return 0, syscall.EPIPE }

func TestClosedPipe(t *testing.T) {
	for _, args := range [][]string{{"diff"}, {"diff", "--json"}, {"help"}, {"functions"}, {"diff", "x^2"}} {
		var talk bytes.Buffer
		out := &closedPipe{}
		in := strings.NewReader(strings.Repeat("x^2\n", 1000))
		code := Main(context.Background(), &Env{Stdin: in, Stdout: out, Stderr: &talk, Piped: true}, args)
		if code != exitOK || talk.Len() > 0 {
			t.Errorf("%v: exit code %d, says %q", args, code, talk.String())
		}
		if out.writes > 2 {
			t.Errorf("%v: %d writes to a closed pipe", args, out.writes)
		}
	}
}

// TestInterrupt cancels a command that waits for input, and one that computes.
func TestInterrupt(t *testing.T) {
	in, w := io.Pipe()
	defer w.Close()
	for _, c := range []struct {
		name  string
		stdin io.Reader
		args  []string
	}{
		{"waiting", in, []string{"diff"}},
		{"computing", nil, []string{"descend", "x^2", "--start", "1", "--rate", "1e-12", "--iterations", "1000000000", "--tol", "1e-300", "--every", "1000000"}},
	} {
		ctx, cancel := context.WithCancel(context.Background())
		var out, talk bytes.Buffer
		code := make(chan int)
		go func() {
			code <- Main(ctx, &Env{Stdin: c.stdin, Stdout: &out, Stderr: &talk, Piped: true}, c.args)
		}()
		time.Sleep(50 * time.Millisecond)
		begun := time.Now()
		cancel()
		select {
		case got := <-code:
			if got != exitInterrupted {
				t.Errorf("%s: exit code %d, want %d", c.name, got, exitInterrupted)
			}
		case <-time.After(10 * time.Second):
			t.Fatalf("%s: not interrupted after %v", c.name, time.Since(begun))
		}
		if c.name == "computing" && !strings.Contains(out.String(), "cancelled") {
			t.Errorf("%s: the best so far is not printed: %q", c.name, out.String())
		}
	}
}

// TestTimeout gives a question less time than it takes; the next one is answered.
func TestTimeout(t *testing.T) {
	slow := `{"formula":"` + strings.Repeat("sin(x*exp(x*", 40) + "x" + strings.Repeat("))", 40) + `","order":40,"timeout":"100ms"}`
	begun := time.Now()
	r := runWith(slow+"\n"+`{"formula":"x^2"}`+"\n", "diff")
	if time.Since(begun) > 20*time.Second {
		t.Errorf("took %v", time.Since(begun))
	}
	lines := strings.Split(strings.TrimSpace(r.out), "\n")
	if r.code != exitLimit || len(lines) != 2 || !strings.Contains(lines[0], `"code":"limit"`) || !strings.Contains(lines[1], `"2*x"`) {
		t.Errorf("exit code %d, answers %.300q", r.code, lines)
	}
}

// TestLongLine has a line that is too long among others.
func TestLongLine(t *testing.T) {
	r := runWith("x^2\n"+strings.Repeat("x", maxLine+10)+"\nx^3\n", "diff")
	if r.out != "2x\n3x^2\n" || r.code != exitLimit || !strings.Contains(r.err, "line 2") {
		t.Errorf("exit code %d, answers %q, says %q", r.code, r.out, r.err)
	}
}

// TestDeep gives formulas as deep and as wide as a line allows: an answer or a
// limit, and no crash.
func TestDeep(t *testing.T) {
	const n = 100_000
	for _, f := range []string{
		strings.Repeat("(", n) + "x" + strings.Repeat(")", n),
		strings.Repeat("sin(", n) + "x" + strings.Repeat(")", n),
		strings.Repeat("-", n) + "x",
		strings.Repeat("x+", n) + "x",
		strings.Repeat("(", n),
		"x" + strings.Repeat("^2", n/20),
	} {
		for _, command := range []string{"diff", "eval"} {
			args := []string{command, "--json", "--timeout", "20s"}
			if command == "eval" {
				args = append(args, "--at", "x=1")
			}
			r := runWith(f+"\n", args...)
			if !json.Valid([]byte(r.out)) || strings.Contains(r.out, "internal error") {
				t.Errorf("%s %.10s…: exit code %d, %.200s, says %.200s", command, f, r.code, r.out, r.err)
			}
		}
	}
}

// TestConcurrent runs commands side by side: they share tables and nothing else.
func TestConcurrent(t *testing.T) {
	lines := [][]string{
		{"x^2 + 2"}, {"diff", "x^2 sin(x)", "--hessian"}, {"eval", "x^2", "--at", "x=pi/2", "--grad"}, {"check", "x^2", "2x"},
		{"min", "x^4 - x"}, {"descend", "x^2", "--seed", "3"}, {"functions", "sin"}, {"help", "--man"},
	}
	want := make([]ran, len(lines))
	for i, args := range lines {
		want[i] = runWith("", args...)
	}
	var wg sync.WaitGroup
	for range 4 {
		for i, args := range lines {
			wg.Go(func() {
				if got := runWith("", args...); got != want[i] {
					t.Errorf("%v prints %q with %d beside others, %q with %d alone", args, got.out, got.code, want[i].out, want[i].code)
				}
			})
		}
	}
	wg.Wait()
}
