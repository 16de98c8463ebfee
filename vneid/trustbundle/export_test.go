package trustbundle

// Without returns c without one of its checks, so that a test shows what an attack
// would reach.
func (c Config) Without(check string) Config {
	c.off = check
	return c
}
