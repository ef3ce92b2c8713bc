package global

// A ledger counts why boxes were dropped.
type ledger struct{}
