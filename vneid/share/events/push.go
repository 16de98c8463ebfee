package events

import (
	"errors"
	"mime"
	"net/http"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/guard"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/wire"
)

// Push returns the handler of the address that the platform pushes events to
// (RFC 8935). It needs no authentication beyond the tokens' signatures.
func (r *Receiver) Push() http.Handler { return http.HandlerFunc(r.push) }

func (r *Receiver) push(w http.ResponseWriter, req *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	if r == nil || r.parser == nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	if req.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	raw, err := body(req)
	if err == nil {
		err = r.accept(req.Context(), raw, "")
	} else {
		r.cfg.Refused(fault.Prefix("events", err))
	}
	code, text := said(err)
	switch {
	case err == nil:
		w.WriteHeader(http.StatusAccepted) // without a body (RFC 8935 §2.2)
		return
	case code == "":
		w.Header().Set("Retry-After", "10")
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	answer, _ := jws.Encode(jws.Member{Name: wire.EventErr, Value: code}, jws.Member{Name: wire.EventDescription, Value: text})
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Language", "en") // RFC 8935 §2.3
	w.WriteHeader(http.StatusBadRequest)
	_, _ = w.Write(answer)
}

// body returns the token that was posted. A byte more than its limit is enough for
// the parser to refuse it.
func body(req *http.Request) (string, error) {
	media, _, err := mime.ParseMediaType(req.Header.Get("Content-Type"))
	if err != nil || media != wire.MediaEvent {
		return "", malformed("the body is not of the type application/secevent+jwt")
	}
	b, err := guard.Read(req.Body, jws.DefaultMaxSize)
	switch {
	case errors.Is(err, guard.ErrTooLarge):
		return "", malformed("the body is larger than 16 KiB")
	case err != nil:
		return "", malformed("the body broke off")
	}
	return string(b), nil
}

// said is what the platform is told of a refusal; "" where it is to try again. What
// is wrong is told by one text for each code: details are for Config.Refused.
func said(err error) (code, text string) {
	var r *refusal
	if !errors.As(err, &r) {
		return "", ""
	}
	switch r.code {
	case invalidKey:
		text = "the signature or its key is not accepted"
	case invalidIssuer:
		text = "events of this issuer are not received here"
	case invalidAudience:
		text = "the event is not for this receiver alone"
	default:
		text = "the request is not a security event token by the rules of this stream"
	}
	return r.code, text
}
