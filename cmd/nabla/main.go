// Nabla reads a formula, differentiates it, finds its minimum and checks a
// derivative that somebody derived by hand, and says how sure each answer is.
//
//	nabla 'x^2 + 2'
//	nabla help
package main

import (
	"context"
	"os"
	"os/signal"

	"nabla/cmd/internal/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the process at once
	os.Exit(cli.Main(ctx, cli.System(), os.Args[1:]))
}
