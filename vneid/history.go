package vneid

// History is every number a person has and had.
type History struct {
	Current CitizenID
	Former  []CitizenID // cancelled, newest first
	Old     []OldID
}
