//go:build race

package qrimage_test

import "time"

// The race detector makes everything up to twenty times slower.
const second = 20 * time.Second
