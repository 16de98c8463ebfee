package chip

// live is what this process saw a chip prove while it read it. Read puts it into
// the Dump; no encoding carries it, so that nobody else can bring one.
type live struct{}
