//go:build !s390x

package interval

const ulpsErfc = 8
