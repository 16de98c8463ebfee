package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/asking"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/jwks"
	"github.com/vneid-sdk/vneid-go/vneid/share"
)

// pins is the file with the keys that the auditor trusts, and with what.
type pins struct {
	Client   string   `json:"client"`
	Platform signer   `json:"platform"`
	Issuers  []signer `json:"issuers"`
}

type signer struct {
	Issuer string            `json:"issuer"`
	Kinds  []document.Kind   `json:"kinds,omitempty"`
	Keys   []json.RawMessage `json:"keys"`
}

const maxPins = 1 << 20

// readPins makes a verifier that trusts the keys of a file and calls nobody.
func readPins(name string) (*share.Verifier, error) {
	data, err := readFile(name, maxPins)
	if err != nil {
		return nil, err
	}
	var p pins
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&p); err != nil || d.More() {
		return nil, errors.New("the pins file is not what go doc ./examples/dossier describes")
	}
	v := &share.Verifier{Platform: p.Platform.Issuer, Client: p.Client, Issuers: map[string]share.Trust{}, Replay: vneid.NewMemoryReplay(1, nil)}
	if v.Keys, err = p.Platform.set(share.UseEnvelope, share.UseReceipt); err != nil {
		return nil, err
	}
	for _, s := range p.Issuers {
		keys, err := s.set(share.UseDocument, vneid.UseStatus)
		if err != nil {
			return nil, err
		}
		v.Issuers[s.Issuer] = share.Trust{Keys: keys, Kinds: s.Kinds}
	}
	v.Status = nowhere{}
	return v, v.Check()
}

// nowhere is the source of status lists: those of then are in the evidence.
type nowhere struct{}

func (nowhere) Fetch(context.Context, string) ([]byte, error) { return nil, vneid.ErrUnavailable }

func (s signer) set(uses ...vneid.Use) (vneid.KeySet, error) {
	doc, err := json.Marshal(map[string]any{"keys": s.Keys})
	if err != nil {
		return nil, err
	}
	return jwks.Parse(doc, s.Issuer, uses...)
}

// readFile reads a file of a bounded length.
func readFile(name string, limit int64) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(data)) > limit {
		err = fmt.Errorf("%s is too long", name)
	}
	return data, err
}

// writePins writes the keys that the test platform and its issuers publish now. Whoever
// pins them compares them with what they were told by another way: a page that lies
// about documents lies about keys too.
func writePins(ctx context.Context, out io.Writer, platform, client string) error {
	platform = strings.TrimSuffix(platform, "/")
	p := pins{Client: client}
	var err error
	if p.Platform, err = fetch(ctx, platform, platform+"/share/jwks.json", nil); err != nil {
		return err
	}
	for _, path := range slices.Sorted(maps.Keys(asking.Kinds)) {
		s, err := fetch(ctx, platform+path, platform+path+"/jwks.json", asking.Kinds[path])
		if err != nil {
			return err
		}
		p.Issuers = append(p.Issuers, s)
	}
	text, err := json.MarshalIndent(p, "", "  ")
	if err == nil {
		_, err = out.Write(append(text, '\n'))
	}
	return err
}

func fetch(ctx context.Context, issuer, address string, kinds []document.Kind) (s signer, err error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return s, err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return s, err
	}
	defer res.Body.Close()
	s.Issuer, s.Kinds = issuer, kinds
	body, err := io.ReadAll(io.LimitReader(res.Body, maxPins))
	var set struct{ Keys []json.RawMessage }
	if err != nil || res.StatusCode != http.StatusOK || json.Unmarshal(body, &set) != nil || len(set.Keys) == 0 {
		return s, fmt.Errorf("there is no key set at %s", address)
	}
	s.Keys = set.Keys
	return s, nil
}
