package interval

// ulpsErfc is large: the assembly of package math for s390x errs by up to 124 ulps, measured, where the square of the
// argument is large.
const ulpsErfc = 250
