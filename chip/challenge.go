package chip

import "time"

// Challenge is what a chip has to sign to prove that it is there now. A Verifier
// makes it for one session of its caller and accepts its answer once, within five
// minutes; the terminal passes it to Read. It travels as JSON.
type Challenge struct {
	ID    string    `json:"id"`
	Nonce []byte    `json:"nonce"` // eight bytes (ICAO Doc 9303-11 §6.1.2)
	Until time.Time `json:"until"`
}
