package legacy

import (
	"bytes"
	"context"
	"crypto"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"

	"github.com/vneid-sdk/vneid-go/internal/envelope"
	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/login"
	"github.com/vneid-sdk/vneid-go/internal/oauth"
	"github.com/vneid-sdk/vneid-go/internal/seal"
	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Envelope is the wire of VNeID's direct single sign-on (đăng nhập một lần VNeID),
// whose codes and answers come encrypted and unsigned.
type Envelope struct {
	Deployment

	// Key is the RSA key whose public half the provider has: an *rsa.PrivateKey of
	// 2048 bits or more, or a device's. Use it for nothing else: what this wire
	// decrypts with it, it decrypts for whoever asks. For devices see
	// internal/envelope: one that honours rsa.PKCS1v15DecryptOptions.SessionKeyLen is
	// better than one that answers with errors.
	Key crypto.Decrypter

	// AESBits is the length of the AES keys in envelopes, 128 or 256. 0: 256. It is
	// not taken from the envelope.
	AESBits int

	// SubjectKey makes subjects out of personal numbers: 32 random bytes or more, for
	// this client alone, kept as long as the accounts are. With another key everybody
	// is somebody new. It is not needed where Claims.Subject names a claim, which then
	// must be there.
	SubjectKey []byte

	// CodeAsReceived sends the code to the token endpoint as it came, encrypted, after
	// it was opened and found to be one. OmitKey does not send encrypt_key back. Which
	// of the four ways a deployment wants was not documented; the zero values are what
	// the public extension does.
	CodeAsReceived, OmitKey bool

	// PlainCode lets a callback without encrypt_key pass, and its code go to the token
	// endpoint as it is. PlainAnswers lets token and userinfo answers be JSON without
	// an envelope. What has an envelope is opened or refused all the same.
	PlainCode, PlainAnswers bool
}

// What the public extension reads.
var direct = Deployment{
	Claims: Claims{
		ID: "citizenPid", Name: "fullName", Birth: "birthDate", AccountType: "accountType", AccountLevel: "accountLevel",
	},
	BirthLayouts: []string{"yyyyMMdd", "dd/MM/yyyy", "ddMMyyyy", "yyyy-MM-dd"},
}

// Wire returns the wire for sso.Config.Wire of one client. It keeps a copy of e.
func (e Envelope) Wire() sso.Wire {
	e.Deployment = e.filled(direct)
	e.SubjectKey = bytes.Clone(e.SubjectKey)
	if e.AESBits == 0 {
		e.AESBits = 256
	}
	opener, err := envelope.NewOpener(e.Key, e.AESBits)
	return &envelopeWire{
		get:  func() (*Envelope, error) { return &e, err },
		open: func(a *oauth.Answer) (jws.Object, error) { return answer(a, opener, e.PlainAnswers) },
		code: func(key, code string) (string, bool) { return opener.OpenCode(key, code) },
	}
}

// envelopeWire keeps configuration and keys in functions, where fmt does not go.
type envelopeWire struct {
	get  func() (*Envelope, error)
	open reader
	code func(key, code string) (string, bool)
}

func (w *envelopeWire) Check(own seal.Seal, s login.Setup) error {
	e, err := w.get()
	switch {
	case !own.Valid():
		return errSeal
	case e.AESBits != 128 && e.AESBits != 256:
		return errors.New("Envelope.AESBits is neither 128 nor 256")
	case err != nil:
		return fmt.Errorf("Envelope.Key cannot be used: %w", err)
	case e.Claims.Subject == "" && len(e.SubjectKey) < 32:
		return errors.New("Envelope.SubjectKey has less than 32 bytes, and Claims.Subject names no claim instead")
	case e.Claims.Subject != "" && len(e.SubjectKey) > 0:
		return errors.New("Envelope.SubjectKey and Claims.Subject are both set: one of them says who a person is")
	case e.Claims.Subject == e.Claims.ID:
		return errors.New("Claims.Subject is the personal number's claim: accounts are not bound to numbers, use Envelope.SubjectKey")
	}
	return e.check(s)
}

func (w *envelopeWire) Issuers(own seal.Seal) []string {
	e, _ := w.get()
	if !own.Valid() {
		return nil
	}
	return e.issuers()
}

func (w *envelopeWire) Redirect(own seal.Seal, r login.Request) (string, error) {
	if !own.Valid() {
		return "", errSeal
	}
	e, _ := w.get()
	return e.redirect(r, nil)
}

func (w *envelopeWire) Finish(ctx context.Context, own seal.Seal, b login.Callback) (login.Statement, error) {
	if !own.Valid() {
		return login.Statement{}, errSeal
	}
	e, err := w.get()
	if err != nil {
		return login.Statement{}, err
	}
	code, more, err := w.received(e, b.Query)
	if err != nil {
		return login.Statement{}, err
	}
	access, err := e.exchange(ctx, b, code, more, w.open)
	if err != nil {
		return login.Statement{}, err
	}
	o, err := e.userinfo(ctx, b, access, w.open)
	if err != nil {
		return login.Statement{}, err
	}
	st, err := e.statement(&o)
	if err == nil && e.Claims.Subject == "" {
		st.Subject, err = subject(e.SubjectKey, b.ClientID, st.Record)
	}
	if err != nil {
		return login.Statement{}, err
	}
	return st, nil
}

// received returns the code for the token endpoint, and what goes with it. Package
// sso has compared and spent the state: each login pays for one decryption at most.
func (w *envelopeWire) received(e *Envelope, query map[string]string) (code string, more url.Values, err error) {
	sealed, key := mended(query["code"]), mended(query["encrypt_key"])
	_, there := query["encrypt_key"]
	switch {
	case !there && e.PlainCode && printable(sealed):
		return sealed, nil, nil
	case !there:
		return "", nil, fault.New(vneid.ErrMalformed, "the callback has no encrypt_key, and Envelope.PlainCode does not allow that")
	}
	code, ok := w.code(key, sealed)
	if !ok {
		return "", nil, errSealed
	}
	if e.CodeAsReceived {
		code = sealed
	}
	if !e.OmitKey {
		more = url.Values{"encrypt_key": {key}}
	}
	return code, more, nil
}

// Format prints what w is.
func (w *envelopeWire) Format(f fmt.State, _ rune) { io.WriteString(f, "legacy.Envelope") }

// Format prints that e is one and no key, wherever fmt asks methods; see
// sso.Config.Format.
func (e Envelope) Format(f fmt.State, _ rune) { io.WriteString(f, "legacy.Envelope") }

// LogValue logs what Format prints.
func (e Envelope) LogValue() slog.Value { return slog.StringValue("legacy.Envelope") }

// MarshalText refuses, for encoding/json and others.
func (e Envelope) MarshalText() ([]byte, error) {
	return nil, errSecrets
}

// GobEncode refuses, as MarshalText does.
func (e Envelope) GobEncode() ([]byte, error) { return nil, errSecrets }

var errSecrets = errors.New("legacy: refusing to encode an Envelope: it holds secrets")
