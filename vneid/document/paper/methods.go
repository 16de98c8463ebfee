package paper

import (
	"log/slog"

	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// What every paper can do: say its kind, hide itself in a log, read and write its
// JSON with the members that it does not know.

// Kind returns document.Identity.
func (p Identity) Kind() document.Kind { return document.Identity }

// LogValue logs the kind, and nothing that the paper says.
func (p Identity) LogValue() slog.Value { return hidden(p) }

// MarshalJSON writes what the paper says, and Extra.
func (p Identity) MarshalJSON() ([]byte, error) { return write(p, p.Extra) }

// UnmarshalJSON is the inverse of MarshalJSON.
func (p *Identity) UnmarshalJSON(data []byte) error { return read(data, p, &p.Extra) }

// Kind returns document.ElectronicID.
func (p ElectronicID) Kind() document.Kind { return document.ElectronicID }

// LogValue logs the kind, and nothing that the paper says.
func (p ElectronicID) LogValue() slog.Value { return hidden(p) }

// MarshalJSON writes what the paper says, and Extra.
func (p ElectronicID) MarshalJSON() ([]byte, error) { return write(p, p.Extra) }

// UnmarshalJSON is the inverse of MarshalJSON.
func (p *ElectronicID) UnmarshalJSON(data []byte) error { return read(data, p, &p.Extra) }

// Kind returns document.CitizenCard.
func (p CitizenCard) Kind() document.Kind { return document.CitizenCard }

// LogValue logs the kind, and nothing that the paper says.
func (p CitizenCard) LogValue() slog.Value { return hidden(p) }

// MarshalJSON writes what the paper says, and Extra.
func (p CitizenCard) MarshalJSON() ([]byte, error) { return write(p, p.Extra) }

// UnmarshalJSON is the inverse of MarshalJSON.
func (p *CitizenCard) UnmarshalJSON(data []byte) error { return read(data, p, &p.Extra) }

// Kind returns document.OldCard.
func (p OldCard) Kind() document.Kind { return document.OldCard }

// LogValue logs the kind, and nothing that the paper says.
func (p OldCard) LogValue() slog.Value { return hidden(p) }

// MarshalJSON writes what the paper says, and Extra.
func (p OldCard) MarshalJSON() ([]byte, error) { return write(p, p.Extra) }

// UnmarshalJSON is the inverse of MarshalJSON.
func (p *OldCard) UnmarshalJSON(data []byte) error { return read(data, p, &p.Extra) }

// Kind returns document.Passport.
func (p Passport) Kind() document.Kind { return document.Passport }

// LogValue logs the kind, and nothing that the paper says.
func (p Passport) LogValue() slog.Value { return hidden(p) }

// MarshalJSON writes what the paper says, and Extra.
func (p Passport) MarshalJSON() ([]byte, error) { return write(p, p.Extra) }

// UnmarshalJSON is the inverse of MarshalJSON.
func (p *Passport) UnmarshalJSON(data []byte) error { return read(data, p, &p.Extra) }

// Kind returns document.Residence.
func (p Residence) Kind() document.Kind { return document.Residence }

// LogValue logs the kind, and nothing that the paper says.
func (p Residence) LogValue() slog.Value { return hidden(p) }

// MarshalJSON writes what the paper says, and Extra.
func (p Residence) MarshalJSON() ([]byte, error) { return write(p, p.Extra) }

// UnmarshalJSON is the inverse of MarshalJSON.
func (p *Residence) UnmarshalJSON(data []byte) error { return read(data, p, &p.Extra) }

// Kind returns document.Dependants.
func (p Dependants) Kind() document.Kind { return document.Dependants }

// LogValue logs the kind, and nothing that the paper says.
func (p Dependants) LogValue() slog.Value { return hidden(p) }

// MarshalJSON writes what the paper says, and Extra.
func (p Dependants) MarshalJSON() ([]byte, error) { return write(p, p.Extra) }

// UnmarshalJSON is the inverse of MarshalJSON.
func (p *Dependants) UnmarshalJSON(data []byte) error { return read(data, p, &p.Extra) }

// Kind returns document.DriverLicence.
func (p DriverLicence) Kind() document.Kind { return document.DriverLicence }

// LogValue logs the kind, and nothing that the paper says.
func (p DriverLicence) LogValue() slog.Value { return hidden(p) }

// MarshalJSON writes what the paper says, and Extra.
func (p DriverLicence) MarshalJSON() ([]byte, error) { return write(p, p.Extra) }

// UnmarshalJSON is the inverse of MarshalJSON.
func (p *DriverLicence) UnmarshalJSON(data []byte) error { return read(data, p, &p.Extra) }

// Kind returns document.VehicleRegistration.
func (p VehicleRegistration) Kind() document.Kind { return document.VehicleRegistration }

// LogValue logs the kind, and nothing that the paper says.
func (p VehicleRegistration) LogValue() slog.Value { return hidden(p) }

// MarshalJSON writes what the paper says, and Extra.
func (p VehicleRegistration) MarshalJSON() ([]byte, error) { return write(p, p.Extra) }

// UnmarshalJSON is the inverse of MarshalJSON.
func (p *VehicleRegistration) UnmarshalJSON(data []byte) error { return read(data, p, &p.Extra) }

// Kind returns document.HealthInsurance.
func (p HealthInsurance) Kind() document.Kind { return document.HealthInsurance }

// LogValue logs the kind, and nothing that the paper says.
func (p HealthInsurance) LogValue() slog.Value { return hidden(p) }

// MarshalJSON writes what the paper says, and Extra.
func (p HealthInsurance) MarshalJSON() ([]byte, error) { return write(p, p.Extra) }

// UnmarshalJSON is the inverse of MarshalJSON.
func (p *HealthInsurance) UnmarshalJSON(data []byte) error { return read(data, p, &p.Extra) }

// Kind returns document.SocialInsurance.
func (p SocialInsurance) Kind() document.Kind { return document.SocialInsurance }

// LogValue logs the kind, and nothing that the paper says.
func (p SocialInsurance) LogValue() slog.Value { return hidden(p) }

// MarshalJSON writes what the paper says, and Extra.
func (p SocialInsurance) MarshalJSON() ([]byte, error) { return write(p, p.Extra) }

// UnmarshalJSON is the inverse of MarshalJSON.
func (p *SocialInsurance) UnmarshalJSON(data []byte) error { return read(data, p, &p.Extra) }

// Kind returns document.JudicialRecord.
func (p JudicialRecord) Kind() document.Kind { return document.JudicialRecord }

// LogValue logs the kind, and nothing that the paper says.
func (p JudicialRecord) LogValue() slog.Value { return hidden(p) }

// MarshalJSON writes what the paper says, and Extra.
func (p JudicialRecord) MarshalJSON() ([]byte, error) { return write(p, p.Extra) }

// UnmarshalJSON is the inverse of MarshalJSON.
func (p *JudicialRecord) UnmarshalJSON(data []byte) error { return read(data, p, &p.Extra) }

// Kind returns document.TaxCode.
func (p TaxCode) Kind() document.Kind { return document.TaxCode }

// LogValue logs the kind, and nothing that the paper says.
func (p TaxCode) LogValue() slog.Value { return hidden(p) }

// MarshalJSON writes what the paper says, and Extra.
func (p TaxCode) MarshalJSON() ([]byte, error) { return write(p, p.Extra) }

// UnmarshalJSON is the inverse of MarshalJSON.
func (p *TaxCode) UnmarshalJSON(data []byte) error { return read(data, p, &p.Extra) }
