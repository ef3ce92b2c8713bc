package interval

import "math"

// The claims about package math: a value computed by the function named differs from the true one by at most
// so many ulps.
const (
	ulpsExp    = 3
	ulpsExpm1  = 3
	ulpsLog    = 3
	ulpsLog1p  = 3
	ulpsSin    = 3
	ulpsTan    = 4
	ulpsAsin   = 4
	ulpsAcos   = 4
	ulpsAtan   = 3
	ulpsSinh   = 6
	ulpsCosh   = 6
	ulpsTanh   = 6
	ulpsAsinh  = 6
	ulpsAcosh  = 6
	ulpsAtanh  = 6
	ulpsErf    = 4
	ulpsErfc   = 6
	ulpsErfinv = 12
	ulpsGamma  = 64
	ulpsLgamma = 8
	ulpsHypot  = 3
	ulpsAtan2  = 4
)

var _ = math.Pi
