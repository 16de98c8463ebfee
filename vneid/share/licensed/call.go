package licensed

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/guard"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// local is the clock of request_time.
var local = time.FixedZone("UTC+7", 7*60*60)

// uuid makes a random one (RFC 9562 §5.4).
func uuid() string {
	var b [16]byte
	rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// call makes one request to the gateway and returns data of a good answer.
func (c *Client) call(ctx context.Context, method, target string, body []byte) (data jws.Object, err error) {
	req, err := http.NewRequestWithContext(ctx, method, c.cfg.Gateway+target, bytes.NewReader(body))
	if err != nil {
		return data, fault.New(vneid.ErrUntrusted, "the gateway's address is not a URL that may be called")
	}
	req.GetBody = nil // net/http cannot repeat it then
	c.mark(req, target, body)
	res, err := c.http.Do(req)
	if err != nil {
		return data, unreachable(err)
	}
	defer res.Body.Close()
	text, err := guard.Read(res.Body, guard.MaxBody)
	if err != nil {
		return data, unreachable(err)
	}
	o, err := jws.ParseObject(string(text))
	if err != nil || res.StatusCode >= 500 || res.StatusCode == http.StatusTooManyRequests || res.StatusCode >= 300 && res.StatusCode < 400 {
		return data, &vneid.APIError{Kind: vneid.ErrUnavailable, Status: res.StatusCode}
	}
	code := codeOf(&o)
	switch {
	case code == "" && res.StatusCode == http.StatusOK: // the gateway's older form has none
	case code == "" && (res.StatusCode == http.StatusUnauthorized || res.StatusCode == http.StatusForbidden):
		return data, &vneid.APIError{Kind: vneid.ErrUntrusted, Status: res.StatusCode}
	case code == "":
		return data, &vneid.APIError{Kind: vneid.ErrUnavailable, Status: res.StatusCode}
	default:
		if err := c.cfg.verdict(code); err != nil {
			return data, err
		}
	}
	data = o.Object("data")
	if o.Err() != nil {
		return jws.Object{}, fault.New(vneid.ErrMalformed, "the gateway's answer has no data")
	}
	return data, nil
}

// codeOf reads the code under any of the names that gateways use, as text or number.
func codeOf(o *jws.Object) string {
	for _, name := range []string{"code", "errorCode", "errorcode"} {
		if s := plain(o.Raw(name)); s != "" {
			return s
		}
	}
	return ""
}

// plain is a text or a number as text, "" for anything else.
func plain(raw string) string {
	if s, ok := jws.Text(raw); ok {
		return s
	}
	if _, err := strconv.ParseInt(raw, 10, 64); err == nil {
		return raw
	}
	return ""
}

// mark puts on the headers of a call.
func (c *Client) mark(req *http.Request, target string, body []byte) {
	now := c.cfg.Now()
	h := req.Header
	// These names are written with "_", which no canonical form keeps.
	h["request_id"] = []string{uuid()}
	h["request_time"] = []string{now.In(local).Format("02012006150405")}
	h["client-id"] = []string{c.cfg.ClientID}
	h["client-secret"] = []string{c.secret()}
	h.Set("Accept", "application/json")
	if len(body) > 0 {
		h.Set("Content-Type", "application/json")
	}
	if c.cfg.Partner == "" {
		return
	}
	stamp, nonce := strconv.FormatInt(now.Unix(), 10), uuid()
	h.Set("X-Partner-Code", c.cfg.Partner)
	h.Set("X-Timestamp", stamp)
	h.Set("X-Nonce", nonce)
	h.Set("X-Signature", c.sign(req.Method, target, stamp, nonce, body))
}

// signature is the default of Config.Sign.
func signature(secret []byte) func(method, target, timestamp, nonce string, body []byte) string {
	return func(method, target, timestamp, nonce string, body []byte) string {
		sum := sha256.Sum256(body)
		mac := hmac.New(sha256.New, secret)
		fmt.Fprintf(mac, "%s\n%s\n%s\n%s\n%x", method, target, timestamp, nonce, sum)
		return hex.EncodeToString(mac.Sum(nil))
	}
}

// unreachable drops the url.Error around err, which repeats the URL.
func unreachable(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	return fault.Wrap(vneid.ErrUnavailable, err, "the gateway cannot be reached")
}
