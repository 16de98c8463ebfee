package platform

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"net/http"
	"time"
)

// ask is a login that a client began at a counter. It waits for the person, and then
// for the client.
type ask struct {
	Client   string        `json:"client"`
	Account  string        `json:"account"`
	Scopes   []string      `json:"scopes"`
	Want     want          `json:"want"`
	Number   string        `json:"number"`
	Message  string        `json:"message,omitempty"`
	Until    time.Time     `json:"until"`
	Interval time.Duration `json:"interval"`
	Next     time.Time     `json:"next,omitzero"` // not to be polled before

	Denied bool   `json:"denied,omitempty"`
	Grant  string `json:"grant,omitempty"` // what the person's answer gave
	Used   bool   `json:"used,omitempty"`

	Share   *shareAsk `json:"share,omitempty"` // a data request, and its record
	Sharing string    `json:"sharing,omitempty"`

	Reference string    `json:"-"`               // the auth_req_id, on its way to a name for both sides
	Shown     []Factor  `json:"shown,omitempty"` // what the person showed who decided on it
	At        time.Time `json:"at,omitzero"`     // and when

	ID    string `json:"id,omitempty"`    // auth_req_id, concealed, for a ping
	Token string `json:"token,omitempty"` // the notification token, concealed
}

// pinged is a ping that waits.
type pinged struct {
	ID    string `json:"id"`
	Token string `json:"token"`
	Name  string `json:"name,omitempty"`  // of this ping, the same at every try
	Share bool   `json:"share,omitempty"` // it is signed, and says which try it is
}

// enterAsk stores a request with its prompt, unless the client asks the same person
// already. CIBA has no word for that; this one says to come again.
func (p *Platform) enterAsk(tx Tx, c *Client, a *Account, k *ask, key string) error {
	open := p.mac("asked", c.ID, a.ID)
	if was, err := load[string](tx, tableSpent, open); err != nil {
		return err
	} else if was != nil && p.on("ciba-one") {
		old, err := load[ask](tx, tableAsks, *was)
		if err != nil {
			return err
		}
		if old != nil && !old.Denied && old.Grant == "" && p.now().Before(old.Until) {
			return refuse(http.StatusServiceUnavailable, "temporarily_unavailable", "a request to this person is open")
		}
	}
	waiting, err := list[Prompt](tx, tablePrompts, a.ID+"/", 100)
	if err != nil {
		return err
	}
	live := 0
	for _, q := range waiting {
		if !q.Confirmed && p.now().Before(q.Until) {
			live++
		}
	}
	if live >= maxAsked {
		return refuse(http.StatusServiceUnavailable, "temporarily_unavailable", "too much waits for this person")
	}
	goal, err := k.Want.goal(a)
	if err != nil {
		return err
	}
	k.Account = a.ID
	q := Prompt{
		ID: random()[:22], Client: c.Name, Number: k.Number, Message: k.Message, Scopes: k.Scopes, Needs: inApp(goal),
		Ask: key, At: p.now(), Until: k.Until,
	}
	if err := p.askShare(tx, c, k, key, &q); err != nil {
		return err
	}
	return errors.Join(
		save(tx, tablePrompts, a.ID+"/"+q.ID, q, q.Until),
		save(tx, tableAsks, key, k, k.Until.Add(tokenLife)),
		save(tx, tableSpent, open, key, k.Until))
}

// answerAsk takes the person's answer: what they showed in the app, or nothing for a
// refusal. The grant belongs to a session of its own, which no browser has.
func (p *Platform) answerAsk(tx Tx, key string, shown []Factor, ticked []string) error {
	k, err := load[ask](tx, tableAsks, key)
	if err != nil || k == nil || k.Denied || k.Grant != "" {
		return err
	}
	c, err := load[Client](tx, tableClients, k.Client)
	if err != nil || c == nil {
		return errors.Join(err, ErrNoPrompt)
	}
	if k.Share != nil {
		return p.decideAsk(tx, key, k, shown, ticked)
	}
	if k.Denied = shown == nil; !k.Denied {
		if err := p.grantAsk(tx, c, k, shown); err != nil {
			return err
		}
	}
	return p.saveAnswer(tx, key, k)
}

// saveAnswer stores an answer, and rings at a client that wants that.
func (p *Platform) saveAnswer(tx Tx, key string, k *ask) error {
	if err := save(tx, tableAsks, key, k, k.Until.Add(tokenLife)); err != nil || k.Token == "" {
		return err
	}
	return p.tell(tx, notice{Client: k.Client, Ping: &pinged{ID: k.ID, Token: k.Token, Name: random()[:22], Share: k.Share != nil}})
}

func (p *Platform) grantAsk(tx Tx, c *Client, k *ask, shown []Factor) error {
	a, err := load[Account](tx, tableAccounts, k.Account)
	if err != nil || a == nil || a.AccountLocked {
		return errors.Join(err, ErrNoPrompt)
	}
	now, sid := p.now(), random()[:22]
	s := session{Account: a.ID, Shown: shown, At: now, Until: now.Add(sessionLife), Since: now}
	g := grant{
		Account: a.ID, Client: c.ID, Session: sid, Shown: shown, At: now, Type: a.Type, EIDLocked: a.EIDLocked,
		ACR: k.Want.reported(assurance{a.Usable(), authLevel(shown)}), Until: s.Until,
	}
	for _, scope := range k.Scopes {
		if scopeLevel(scope) <= int(g.ACR.Level) {
			g.Scopes = append(g.Scopes, scope)
		}
	}
	g.confirm(a)
	k.Grant = random()
	return errors.Join(
		p.saveSession(tx, sid, s),
		save(tx, tableGrants, k.Grant, g, g.Until),
		p.noteLogin(tx, c, a.ID, sid, g.Until), p.noteSubject(tx, c, a.ID))
}

// fetch gives the tokens of a request that the person agreed to, once (CIBA §10.1,
// §11).
func (p *Platform) fetch(tx Tx, q *tokenCall) (refusal, err error) {
	if q.client.CIBA == "" {
		return refuse(http.StatusBadRequest, "unauthorized_client", ""), nil
	}
	key, now := p.mac("auth_req_id", q.form.Get("auth_req_id")), p.now()
	k, err := load[ask](tx, tableAsks, key)
	switch {
	case err != nil:
		return nil, err
	case k == nil || k.Client != q.client.ID && p.on("ciba-client"):
		return badGrant("no such request"), nil
	case k.Used && p.on("ciba-once"):
		return badGrant("the tokens were given before"), p.endFamily(tx, k.Grant)
	}
	code := p.pollCode(k)
	for _, f := range p.faultsOf(q.client.ID) {
		if f.polled != nil {
			code = f.polled(code)
		}
	}
	k.Next, k.Used = now.Add(k.Interval), code == ""
	if err := save(tx, tableAsks, key, k, k.Until.Add(tokenLife)); err != nil || code != "" {
		return refuse(http.StatusBadRequest, code, ""), err
	}
	return p.firstTokens(tx, q, k.Grant)
}

// pollCode is what a poll is told instead of tokens; empty when there are some.
func (p *Platform) pollCode(k *ask) string {
	now := p.now()
	switch {
	case k.Denied:
		return "access_denied"
	case !now.Before(k.Until) && p.on("ciba-time"):
		return "expired_token"
	case k.Grant == "" && now.Before(k.Next):
		k.Interval += cibaInterval
		return "slow_down"
	case k.Grant == "":
		return "authorization_pending"
	}
	return ""
}

// conceal encrypts what the platform must send again one day and must not keep in the
// clear; reveal is its reverse.
func (p *Platform) conceal(s string) string {
	aead := p.concealing()
	nonce := make([]byte, aead.NonceSize())
	rand.Read(nonce)
	return base64.RawURLEncoding.EncodeToString(aead.Seal(nonce, nonce, []byte(s), nil))
}

func (p *Platform) reveal(s string) (string, error) {
	aead := p.concealing()
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(b) < aead.NonceSize() {
		return "", errors.New("the store holds a damaged secret")
	}
	plain, err := aead.Open(nil, b[:aead.NonceSize()], b[aead.NonceSize():], nil)
	if err != nil {
		return "", errors.New("the store holds a damaged secret")
	}
	return string(plain), nil
}

func (p *Platform) concealing() cipher.AEAD {
	key, _ := base64.RawURLEncoding.DecodeString(p.mac("conceal")) // 32 bytes: nothing below can fail
	block, _ := aes.NewCipher(key)
	aead, _ := cipher.NewGCM(block)
	return aead
}
