package vneid

// Address is a place as a document words it, never split or rewritten, with the
// date as of which that wording held: since 2025-07-01 addresses have two levels
// (commune, province) where they had three before.
type Address struct {
	Text string `json:"text,omitempty"`
	AsOf Date   `json:"as_of,omitzero"`
}
