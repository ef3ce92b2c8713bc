package prove_test

import (
	"flag"
	"testing"

	_ "pgregory.net/rapid" // registers its flags
)

// TestMain makes the random tests the same on every run, unless the command line
// asks for another seed.
func TestMain(m *testing.M) {
	flag.Set("rapid.seed", "1")
	flag.Set("rapid.nofailfile", "true")
	flag.Parse()
	m.Run()
}
