package link

// Without takes one check out of l.
func Without(l *Linker, check string) { l.off = check }
