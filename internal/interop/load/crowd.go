package main

import (
	"crypto"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"sync"
	"time"
)

// crowd is many callers in a process of their own. They read what they need from its
// standard input.
type crowd struct {
	Host, Issuer, Nonce string
	Key                 []byte // PKCS #8
	Callers             int
	Life                time.Duration
}

// inCrowd is set in the environment of the process that is the crowd.
const inCrowd = "LOAD_CROWD"

// beCrowd is the main program of that process: false where this is not it.
func beCrowd() bool {
	if os.Getenv(inCrowd) == "" {
		return false
	}
	var c crowd
	err := json.NewDecoder(os.Stdin).Decode(&c)
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(c.push())
	}
	quit(err)
	return true
}

// push lets the callers push requests, each again as soon as it is answered, and a moment
// later if it was refused: less patient than Retry-After asks.
func (c crowd) push() (b burst) {
	key, err := x509.ParsePKCS8PrivateKey(c.Key)
	if err != nil {
		return burst{Errors: []string{err.Error()}}
	}
	o := &ours{host: c.Host, issuer: c.Issuer}
	o.relying = relyingParty(o.issuer, key.(crypto.Signer))
	o.nonce.Store(&c.Nonce)
	by, err := newProver()
	if err != nil {
		return burst{Errors: []string{err.Error()}}
	}
	var mu sync.Mutex
	var all sync.WaitGroup
	end := time.Now().Add(c.Life)
	for range c.Callers {
		all.Go(func() {
			to := &conn{host: o.host}
			defer to.close()
			for time.Now().Before(end) {
				status, retry, _, err := o.knock(to, by)
				mu.Lock()
				b.count(status, retry, err)
				mu.Unlock()
				if status != http.StatusCreated {
					time.Sleep(100 * time.Millisecond)
				}
			}
		})
	}
	all.Wait()
	return b
}

func (b *burst) count(status int, retry string, err error) {
	switch {
	case err != nil:
		b.Closed++
	case status == http.StatusCreated:
		b.Done++
	case status != http.StatusServiceUnavailable:
		if len(b.Errors) < 3 {
			b.Errors = append(b.Errors, fmt.Sprint(status, " under overload"))
		}
	default:
		b.Refused++
		if retry == "" {
			b.Bare++
		}
	}
}

// knock pushes one request. It took what passed between the request, ready to send, and
// its answer.
func (o *ours) knock(c *conn, by *prover) (status int, retry string, took time.Duration, err error) {
	assertion, err := o.relying.assertion()
	if err != nil {
		return 0, "", 0, err
	}
	proof, err := by.proof("POST", o.issuer+"/par", "", *o.nonce.Load())
	if err != nil {
		return 0, "", 0, err
	}
	form := "response_type=code&client_id=" + clientID + "&redirect_uri=" + url.QueryEscape(callback) + "&scope=" + url.QueryEscape(scopes) +
		"&state=" + token(16) + "&nonce=" + token(16) + "&code_challenge_method=S256&code_challenge=" + hash(token(32)) +
		"&client_assertion_type=" + assertionType + "&client_assertion=" + assertion
	began := time.Now()
	r, err := c.do("POST", "/par", form, field{"DPoP", proof})
	if err != nil {
		return 0, "", 0, err
	}
	return r.status, r.header.Get("Retry-After"), time.Since(began), nil
}
