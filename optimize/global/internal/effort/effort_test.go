package effort_test

import (
	"context"
	"testing"
	"time"

	"nabla/optimize/global/internal/effort"
)

func TestCharge(t *testing.T) {
	whole, end := effort.Within(context.Background(), time.Second)
	defer end()
	half, end := effort.Share(whole, 0.5)
	defer end()
	derived, end := context.WithTimeout(half, time.Hour)
	defer end()
	effort.Charge(derived, 40_000_000)
	if got := effort.Spent(whole); got != 400*time.Millisecond || derived.Err() != nil {
		t.Fatalf("after 400 ms of 500: spent %v, %v", got, derived.Err())
	}
	if got := effort.Left(derived); got != 100*time.Millisecond {
		t.Errorf("left %v", got)
	}
	effort.Charge(derived, 10_000_001)
	if derived.Err() == nil || half.Err() == nil || context.Cause(derived) != effort.Over {
		t.Errorf("after the limit: %v, %v", derived.Err(), context.Cause(derived))
	}
	if whole.Err() != nil {
		t.Error("the context around ended with its part")
	}
	// A part may not have more than what is left around it.
	part, end := effort.Within(whole, time.Hour)
	defer end()
	effort.Charge(part, 60_000_000)
	if whole.Err() == nil || part.Err() == nil {
		t.Error("the context around went on past its limit")
	}
}

func TestWithoutAccount(t *testing.T) {
	ctx, end := effort.Share(context.Background(), 0.5)
	defer end()
	effort.Charge(ctx, 1<<40)
	if ctx.Err() != nil || effort.Spent(ctx) != 0 || effort.Left(ctx) != 0 {
		t.Errorf("a context without an account: %v", ctx.Err())
	}
}
