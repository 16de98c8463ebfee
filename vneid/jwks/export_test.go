package jwks

// Without takes one check out of r.
func (r *Remote) Without(check string) { r.off = check }
