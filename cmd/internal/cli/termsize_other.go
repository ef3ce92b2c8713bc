//go:build !(linux || darwin || freebsd || netbsd || openbsd || dragonfly)

package cli

import "os"

// terminalSize does not know how to ask; the variable COLUMNS may tell.
func terminalSize(*os.File) (columns, rows int) { return 0, 0 }
