package platform

import (
	"errors"
	"maps"
	"slices"
)

// ErrNoFault is for a name that Faults does not list.
var ErrNoFault = errors.New("platform: no fault of that name; see Faults")

// Broken lists the faults that are switched on for a client, by name; "" lists those of
// every client. They are of this process and end with it.
func (p *Platform) Broken(client string) []string {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return slices.Sorted(maps.Keys(p.faults[client]))
}

// BrokenClients lists the clients that have faults of their own, "" among them if there
// are some of everybody's.
func (p *Platform) BrokenClients() []string {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return slices.Sorted(maps.Keys(p.faults))
}

// broken reports whether any client has faults.
func (p *Platform) broken() bool {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return len(p.faults) > 0
}

// Mend switches one fault off again.
func (p *Platform) Mend(client, name string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.faults[client], name)
	if len(p.faults[client]) == 0 {
		delete(p.faults, client)
	}
}

// HealAll switches every fault off.
func (p *Platform) HealAll() {
	p.mu.Lock()
	defer p.mu.Unlock()
	clear(p.faults)
}
