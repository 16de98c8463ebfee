//go:build unix && !winscard

package pcsc_test

import "testing"

func run(m *testing.M) int { return m.Run() }
