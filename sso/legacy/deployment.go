package legacy

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"

	"github.com/vneid-sdk/vneid-go/internal/guard"
	"github.com/vneid-sdk/vneid-go/internal/login"
	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Deployment is what differs from one installation to the next. The three URLs are
// needed; they come from the contract, begin with https (http on a loopback host)
// and are called as they are. Hosts other than that of sso.Config.Issuer are reached at
// public addresses only, unless sso.Config.HTTP has a Transport of its own.
type Deployment struct {
	AuthURL, TokenURL, UserinfoURL string

	// BasicAuth sends the client's secret in the Authorization header (RFC 6749
	// §2.3.1) instead of the form. Recalled, from one side alone: in the form.
	BasicAuth bool

	// PKCE sends a code challenge (S256) and its verifier. No public integration
	// does, and a server that does not know them should let them pass (RFC 6749
	// §3.1): try it, it protects the code.
	PKCE bool

	// AnyMediaType reads answers as JSON whatever their Content-Type says. Which one
	// these servers send was not seen; without it only application/json is.
	AnyMediaType bool

	// IssuerAlias is what else than sso.Config.Issuer an iss in the callback may say.
	// The tokens of one installation name http://sso.example:8080/auth/realms/…, an
	// inner address. It is compared and never called.
	IssuerAlias string

	// Claims names the members of userinfo; empty ones have the wire's own names.
	Claims Claims

	// BirthLayouts are the layouts of vneid.ParseDate in which birth dates come. None:
	// those of the wire.
	BirthLayouts []string

	// AccountTypes says what the words for account types mean. A number belongs to a
	// citizen or a foreigner if the table says so; of other accounts none is taken.
	// Nil: the wire's own.
	AccountTypes map[string]sso.AccountType

	// Levels says what the words for account levels mean; other words, and no word,
	// are level 0, which satisfies nothing. Nil: "1" and "2".
	Levels map[string]vneid.Level
}

// Claims are names of members of userinfo.
type Claims struct {
	Subject, ID, Name, Birth, AccountType, AccountLevel string
}

// or puts the wire's names where there are none.
func (c Claims) or(d Claims) Claims {
	pick := func(name *string, own string) {
		if *name == "" {
			*name = own
		}
	}
	pick(&c.Subject, d.Subject)
	pick(&c.ID, d.ID)
	pick(&c.Name, d.Name)
	pick(&c.Birth, d.Birth)
	pick(&c.AccountType, d.AccountType)
	pick(&c.AccountLevel, d.AccountLevel)
	return c
}

// filled is a copy with the wire's own words where the caller has none.
func (d Deployment) filled(own Deployment) Deployment {
	d.Claims = d.Claims.or(own.Claims)
	if len(d.BirthLayouts) == 0 {
		d.BirthLayouts = own.BirthLayouts
	}
	if d.AccountTypes == nil {
		d.AccountTypes = own.AccountTypes
	}
	if d.Levels == nil {
		d.Levels = map[string]vneid.Level{"1": 1, "2": 2}
	}
	d.BirthLayouts = slices.Clone(d.BirthLayouts)
	d.AccountTypes, d.Levels = maps.Clone(d.AccountTypes), maps.Clone(d.Levels)
	return d
}

// check names the field that is wrong.
func (d *Deployment) check(s login.Setup) error {
	for _, f := range []struct{ field, url string }{
		{"Deployment.AuthURL", d.AuthURL}, {"Deployment.TokenURL", d.TokenURL}, {"Deployment.UserinfoURL", d.UserinfoURL},
	} {
		if _, err := guard.CheckURL(f.url); err != nil {
			return fmt.Errorf("%s is %w", f.field, err)
		}
	}
	if _, err := d.redirect(login.Request{}, nil); err != nil {
		return err
	}
	if !s.Secret {
		return errors.New("there is no Config.ClientSecret, and the wire has no other way to show who the client is")
	}
	for _, layout := range d.BirthLayouts {
		if _, err := vneid.ParseDate("", layout); err != nil && !errors.As(err, new(vneid.Kind)) {
			return errors.New("Deployment.BirthLayouts has a layout that vneid.ParseDate does not know")
		}
	}
	for _, l := range d.Levels {
		if l < 0 || l > 2 {
			return errors.New("Deployment.Levels has a level other than 0, 1 and 2")
		}
	}
	return nil
}

// issuers is the wire's answer to sso.
func (d *Deployment) issuers() []string {
	if d.IssuerAlias == "" {
		return nil
	}
	return []string{d.IssuerAlias}
}

// redirect writes the authorization request (RFC 6749 §4.1.1) into AuthURL, whose own
// query stays as long as it says nothing that the request says.
func (d *Deployment) redirect(r login.Request, more map[string]string) (string, error) {
	u, err := url.Parse(d.AuthURL)
	if err != nil {
		return "", errors.New("Deployment.AuthURL is no URL")
	}
	q, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return "", errors.New("Deployment.AuthURL has a broken query")
	}
	if r.Prompt != "" {
		return "", errors.New("Ask.Prompt has no meaning on this wire, which cannot say when somebody authenticated")
	}
	params := map[string]string{
		"response_type": "code", "client_id": r.ClientID, "redirect_uri": r.Redirect,
		"scope": joined(r.Scopes), "state": r.State,
	}
	if d.PKCE {
		params["code_challenge"], params["code_challenge_method"] = r.Challenge, "S256"
	}
	maps.Copy(params, more)
	for name, value := range params {
		if q.Has(name) {
			return "", fmt.Errorf("Deployment.AuthURL already has a parameter %s", name)
		}
		q.Set(name, value)
	}
	u.RawQuery = q.Encode()
	return u.String(), nil
}
