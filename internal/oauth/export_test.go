package oauth

// Without takes one check out of p.
func (p *Party) Without(check string) { p.off = check }
