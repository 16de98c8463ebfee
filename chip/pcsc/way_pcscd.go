//go:build unix && !darwin && !winscard

package pcsc

func (s Service) driver() driver { return newDaemon(s.Socket) }

// controlCode is SCARD_CTL_CODE of pcsc-lite.
func controlCode(n uint32) uint32 { return 0x42000000 + n }
