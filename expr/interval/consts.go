package interval

// The constants, each between the two neighbouring float64 that enclose it. A test compares them with
// package precise.
var (
	Pi     = I{0x1.921fb54442d18p+1, 0x1.921fb54442d19p+1} // π
	E      = I{0x1.5bf0a8b145769p+1, 0x1.5bf0a8b14576ap+1} // Euler's number e
	Ln2    = I{0x1.62e42fefa39efp-1, 0x1.62e42fefa39f0p-1} // log 2
	Ln10   = I{0x1.26bb1bbb55515p+1, 0x1.26bb1bbb55516p+1} // log 10
	LnPi   = I{0x1.250d048e7a1bdp+0, 0x1.250d048e7a1bep+0} // log π
	SqrtPi = I{0x1.c5bf891b4ef6ap+0, 0x1.c5bf891b4ef6bp+0} // √π
)

// halfPi is π/2; halving is exact.
var halfPi = I{Pi.Lo / 2, Pi.Hi / 2}

// Doubled float64: value = head + tail to about 106 bits.
const (
	twoOverPiHead = 0x1.45f306dc9c883p-1
	twoOverPiTail = -0x1.6b01ec5417056p-55
	ln2Head       = 0x1.62e42fefa3800p-1 // 42 bits, so that k*ln2Head is exact for |k| < 2^11
	ln2Tail       = 0x1.ef35793c76730p-45
	thirdTail     = 0x1.5555555555555p-56 // 1/3 - float64(1/3)
)
