package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// BenchmarkStart measures a whole process, from its start to its end: the
// command beside a program that says hello.
func BenchmarkStart(b *testing.B) {
	dir := b.TempDir()
	hello := filepath.Join(dir, "hello.go")
	if err := os.WriteFile(hello, []byte("package main\n\nfunc main() { println(\"hello\") }\n"), 0o666); err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		name, source string
		args         []string
	}{
		{"hello", hello, nil},
		{"version", ".", []string{"--version"}},
		{"diff", ".", []string{"diff", "x^2"}},
		{"explore", ".", []string{"x^2 + 2"}},
	} {
		binary := filepath.Join(dir, c.name)
		if out, err := exec.Command("go", "build", "-o", binary, c.source).CombinedOutput(); err != nil {
			b.Fatalf("%v: %s", err, out)
		}
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				if err := exec.Command(binary, c.args...).Run(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
