//go:build !race

package qrimage_test

import "time"

const second = time.Second
