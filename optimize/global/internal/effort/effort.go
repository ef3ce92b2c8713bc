// Package effort limits parts of a search by the work that they do instead of by the
// clock, so that the same question has the same answer on a busy machine.
//
// The work is counted in the time that it takes an idle machine of 2025, roughly, so that
// limits read as durations. Who works charges it to the context at hand; the context ends
// in the middle of the charge that exceeds its limit, and those derived from it with it.
package effort

import (
	"context"
	"errors"
	"time"
)

// Over is the cause (context.Cause) of the end of a context whose work is done.
var Over = errors.New("effort: the work that was allowed is done")

// An account is what was done, and may be done, under a context.
type account struct {
	around       *account // all that is charged to this one is charged to it as well
	spent, limit time.Duration
	end          context.CancelCauseFunc
}

type key struct{}

func of(ctx context.Context) *account {
	a, _ := ctx.Value(key{}).(*account)
	return a
}

// Within returns a context that ends, besides when ctx does, when work of the duration d
// was charged to it. The function returned is to be called when it is no longer needed.
// Charges are to come from one goroutine at a time.
func Within(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	a := &account{around: of(ctx), limit: d}
	ctx, a.end = context.WithCancelCause(ctx)
	return context.WithValue(ctx, key{}, a), func() { a.end(nil) }
}

// Share is Within for a share of what is left to do under ctx, and no limit of its own
// where ctx has none.
func Share(ctx context.Context, share float64) (context.Context, context.CancelFunc) {
	if of(ctx) == nil {
		return context.WithCancel(ctx)
	}
	return Within(ctx, time.Duration(share*float64(Left(ctx))))
}

// Charge counts n operations of the size of one step of a formula in interval
// arithmetic.
func Charge(ctx context.Context, n int) {
	for a := of(ctx); a != nil; a = a.around {
		if a.spent += time.Duration(n) * each; a.spent > a.limit {
			a.end(Over)
		}
	}
}

// Spent is the work charged to the innermost account of ctx.
func Spent(ctx context.Context) time.Duration {
	if a := of(ctx); a != nil {
		return a.spent
	}
	return 0
}

// Left is what may still be charged before ctx ends; 0 where it has no account.
func Left(ctx context.Context) time.Duration {
	a := of(ctx)
	if a == nil {
		return 0
	}
	left := a.limit - a.spent
	for a = a.around; a != nil; a = a.around {
		left = min(left, a.limit-a.spent)
	}
	return max(0, left)
}

// each is the time of one operation.
const each = 10 * time.Nanosecond

// Floats is the number of operations that n operations on floats count for.
func Floats(n int) int { return n / 8 }

// Evaluations is how often a formula of the given size may be evaluated in floats, with
// its gradient about as often, within the time d.
func Evaluations(d time.Duration, size int) int { return max(1, int(d/each)*8/(4*max(1, size))) }
