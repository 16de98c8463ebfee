package chip

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/lds"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Dump is what a terminal read from a chip: files as they came, the answer to a
// challenge, and what the terminal claims about the reading. Nothing of it is
// verified; there is no password or session key in it. It is personal data,
// portrait included: it prints as nothing but its kind, and only MarshalJSON gives
// it out. The zero value is empty.
//
// Its JSON form, for terminals in other languages too (project format):
//
//	{"version": 1,
//	 "files": {"CardAccess": "<base64>", "COM": …, "SOD": …, "DG1": …, "DG2": …},
//	 "active_authentication": {"challenge": "<Challenge.ID>", "answer": "<base64>"},
//	 "claimed": {"read_at": "2026-11-22T09:00:00Z", "protocol": "PACE-ECDH-GM-AES-CBC-CMAC-128", "unread": {"DG3": "6982"}}}
//
// Files are CardAccess, CardSecurity, COM, SOD and DG1 to DG16, 256 KiB each at
// most; everything but version and files may be absent. Members that are not
// listed are refused.
type Dump struct {
	// Two pointers, because fmt follows one from an unexported field (see
	// vneid.Citizen).
	d **dump
}

type dump struct {
	files     map[string][]byte
	challenge string // Challenge.ID
	answer    []byte // of INTERNAL AUTHENTICATE
	claimed   claims
	live      *live // what this process saw the chip prove; in no encoding
}

// claims are the terminal's words.
type claims struct {
	ReadAt   time.Time         `json:"read_at,omitzero"`
	Protocol string            `json:"protocol,omitempty"`
	Unread   map[string]string `json:"unread,omitempty"`              // file → status word in hexadecimal
	Chip     string            `json:"chip_authentication,omitempty"` // status word that refused it
}

// Names of files in a Dump and in Events.
const (
	fileCardAccess   = "CardAccess"
	fileCardSecurity = "CardSecurity"
	fileCOM          = "COM"
	fileSOD          = "SOD"
)

// What a Dump may be at most.
const (
	dumpVersion = 1
	maxFile     = 256 << 10
	maxDump     = 2 << 20                    // bytes of JSON
	maxFiles    = (maxDump - 16<<10) / 4 * 3 // bytes of all files: base64 has four characters for three
	maxClaim    = 64                         // characters of a claimed text
)

// protocolBAC is the claim of a terminal that opened the chip by BAC.
const protocolBAC = "BAC"

func groupName(n int) string { return "DG" + strconv.Itoa(n) }

// fileNames lists every file that a Dump may have, in the order of reports.
var fileNames = func() []string {
	names := []string{fileCardAccess, fileCardSecurity, fileCOM, fileSOD}
	for n := 1; n <= 16; n++ {
		names = append(names, groupName(n))
	}
	return names
}()

func newDump(d *dump) *Dump { return &Dump{&d} }

func (d *Dump) dump() *dump {
	if d == nil || d.d == nil {
		return &dump{}
	}
	return *d.d
}

// Files returns the names of the files that were read, in a fixed order.
func (d *Dump) Files() (names []string) {
	for _, name := range fileNames {
		if d.dump().files[name] != nil {
			names = append(names, name)
		}
	}
	return names
}

// File returns a copy of a file as the chip gave it, unverified; nil if it was not
// read.
func (d *Dump) File(name string) []byte { return slices.Clone(d.dump().files[name]) }

// MRZ returns the zone of DG1, unverified: what any card could say.
func (d *Dump) MRZ() (MRZ, error) {
	zone, err := lds.DG1(d.dump().files[groupName(1)])
	if err != nil {
		return MRZ{}, fault.New(vneid.ErrMalformed, "chip: DG1: %v", err)
	}
	return ParseMRZ(zone)
}

// Details returns what DG13 says, unverified: what any card could say. Where it is
// not encoded as known cards encode it, the error is a *VerifyError with the reason
// proprietary-encoding.
func (d *Dump) Details() (Details, error) {
	details, err := parseDetails(d.File(groupName(13)))
	if errors.Is(err, lds.ErrProprietary) {
		return Details{}, fault.Prefix("chip", &VerifyError{Kind: vneid.ErrMalformed, Name: "DG13", Reason: proprietary})
	}
	if err != nil {
		return Details{}, fault.New(vneid.ErrMalformed, "chip: DG13: %v", err)
	}
	return details, nil
}

// Challenge returns the id of the challenge that the chip is said to have
// answered, "" if none.
func (d *Dump) Challenge() string { return d.dump().challenge }

// ClaimedTime returns when the terminal says that it read.
func (d *Dump) ClaimedTime() time.Time { return d.dump().claimed.ReadAt }

// ClaimedProtocol returns how the terminal says that it gained access: BAC, or a
// protocol of PACE by its name in ICAO Doc 9303-11 §9.2.1.
func (d *Dump) ClaimedProtocol() string { return d.dump().claimed.Protocol }

// ClaimedUnread returns the files that the terminal says it could not read, each
// with the card's status word in hexadecimal.
func (d *Dump) ClaimedUnread() map[string]string { return maps.Clone(d.dump().claimed.Unread) }

// String says that this is a dump.
func (d Dump) String() string { return "unverified chip dump" }

// Format prints what String shows, whatever the verb and flags.
func (d Dump) Format(f fmt.State, _ rune) { io.WriteString(f, d.String()) }

// LogValue logs what String shows.
func (d Dump) LogValue() slog.Value { return slog.StringValue(d.String()) }

type dumpJSON struct {
	Version int               `json:"version"`
	Files   map[string][]byte `json:"files"`
	Active  *activeJSON       `json:"active_authentication,omitempty"`
	Claimed claims            `json:"claimed,omitzero"`
}

type activeJSON struct {
	Challenge string `json:"challenge"`
	Answer    []byte `json:"answer"`
}

// MarshalJSON encodes everything but what only this process can know. The result
// is personal data.
func (d Dump) MarshalJSON() ([]byte, error) {
	in := d.dump()
	out := dumpJSON{Version: dumpVersion, Files: in.files, Claimed: in.claimed}
	if in.answer != nil {
		out.Active = &activeJSON{in.challenge, in.answer}
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads what MarshalJSON writes. Anything else is ErrMalformed.
func (d *Dump) UnmarshalJSON(text []byte) error {
	if len(text) > maxDump {
		return fault.New(vneid.ErrMalformed, "chip: a dump of more than %d bytes", maxDump)
	}
	var in dumpJSON
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	err := dec.Decode(&in)
	if _, more := dec.Token(); err != nil || more != io.EOF { // the decoder's error may quote the text
		return fault.New(vneid.ErrMalformed, "chip: not a dump in JSON")
	}
	if in.Version != dumpVersion {
		return fault.New(vneid.ErrMalformed, "chip: a dump of another version")
	}
	if why := in.wrong(); why != "" {
		return fault.New(vneid.ErrMalformed, "chip: a dump %s", why)
	}
	out := &dump{files: in.Files, claimed: in.Claimed}
	if in.Active != nil {
		out.challenge, out.answer = in.Active.Challenge, in.Active.Answer
	}
	*d = *newDump(out)
	return nil
}

// wrong says what is wrong with a decoded dump.
func (in *dumpJSON) wrong() string {
	for name, content := range in.Files {
		if !slices.Contains(fileNames, name) {
			return "with a file of no known name"
		}
		if len(content) == 0 || len(content) > maxFile {
			return "with a file of no bytes or too many"
		}
	}
	for name, sw := range in.Claimed.Unread {
		if !slices.Contains(fileNames, name) || len(sw) != 4 || !hexadecimal(sw) {
			return "with a status word that is none"
		}
	}
	if sw := in.Claimed.Chip; sw != "" && (len(sw) != 4 || !hexadecimal(sw)) {
		return "with a status word that is none"
	}
	if len(in.Claimed.Protocol) > maxClaim || !printable(in.Claimed.Protocol) {
		return "with a protocol that is none"
	}
	if in.Active != nil && (len(in.Active.Challenge) > 2*maxClaim || !printable(in.Active.Challenge) || len(in.Active.Answer) == 0 || len(in.Active.Answer) > 1024) {
		return "with an answer that is none"
	}
	return ""
}

func hexadecimal(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c < 'A' || c > 'F') {
			return false
		}
	}
	return true
}

// printable keeps claims fit to be shown: they reach logs and screens.
func printable(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}
