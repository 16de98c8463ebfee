package jwks

import "context"

// Without takes one check out of r.
func (r *Remote) Without(check string) { r.off = check }

// FetchLate is what a caller does who found no keys and then was slow.
func (r *Remote) FetchLate(ctx context.Context) error { return r.fetch(ctx, false) }
