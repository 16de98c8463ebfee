package platform

// swapped gives out the documents of the same person's last bundle, for the fault that
// does so, and remembers these.
func (p *Platform) swapped(d *delivery, docs []string) []string {
	swap := false
	for _, f := range p.faultsOf(d.client.ID) {
		swap = swap || f.swap
	}
	if !swap {
		return docs
	}
	key := d.client.ID + "\x00" + d.sharing.Account
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.last == nil {
		p.last = map[string][]string{}
	}
	before := p.last[key]
	p.last[key] = docs
	if len(before) == len(docs) {
		return before
	}
	return docs
}

// blind reports whether a fault has switched off the checks before a delivery.
func (p *Platform) blind(client string) bool {
	for _, f := range p.faultsOf(client) {
		if f.blind {
			return true
		}
	}
	return false
}
