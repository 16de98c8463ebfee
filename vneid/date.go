package vneid

// Date is a civil date that may lack its day, or its day and month; or it is
// the "no expiry" (Không thời hạn) of cards issued after the last milestone.
// The zero value is no date. Dates are comparable with ==.
type Date struct {
	year       int16
	month, day uint8
	forever    bool
}

// Sex as documents state it. The zero value is unknown.
type Sex string

// The two values that Vietnamese documents print: Nam and Nữ.
const (
	Male   Sex = "male"
	Female Sex = "female"
)

// Address is a place as a document words it, never split or rewritten, with the
// date as of which that wording held: since 2025-07-01 addresses have two levels
// (commune, province) where they had three before.
type Address struct {
	Text string `json:"text,omitempty"`
	AsOf Date   `json:"as_of,omitzero"`
}

// History is every number a person has and had.
type History struct {
	Current CitizenID
	Former  []CitizenID // cancelled, newest first
	Old     []OldID
}
