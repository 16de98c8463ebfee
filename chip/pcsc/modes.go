package pcsc

import "time"

// Numbers that are the same in every PC/SC (PC/SC part 5, winscard.h).
const (
	scopeSystem    = 2
	shareExclusive = 1
	shareShared    = 2
	protocolT0     = 1
	protocolT1     = 2
	leaveCard      = 0
	resetCard      = 1
	pciLength      = 8
	maxATR         = 33
)

func shareMode(exclusive bool) uint32 {
	if exclusive {
		return shareExclusive
	}
	return shareShared
}

const (
	// lockPoll is how often a transaction is asked for while somebody else has
	// one: pcscd does not queue. libpcsclite does the same.
	lockPoll = 50 * time.Millisecond

	// closeTime is how long Close waits for the service.
	closeTime = 5 * time.Second
)
