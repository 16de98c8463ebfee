package console

import (
	"net/url"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// Archive is an HTTP Archive of version 1.2, as far as calls that hold no values fill it:
// names of parameters and headers stand there with an empty value.
type Archive struct {
	Log archiveLog `json:"log"`
}

type archiveLog struct {
	Version string         `json:"version"`
	Creator creator        `json:"creator"`
	Comment string         `json:"comment"`
	Entries []archiveEntry `json:"entries"`
}

type creator struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

type archiveEntry struct {
	Started  time.Time `json:"startedDateTime"`
	Time     float64   `json:"time"` // milliseconds
	Request  request   `json:"request"`
	Response response  `json:"response"`
	Cache    struct{}  `json:"cache"`
	Timings  timings   `json:"timings"`
	Comment  string    `json:"comment,omitempty"`
}

type pair struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type request struct {
	Method      string `json:"method"`
	URL         string `json:"url"`
	HTTPVersion string `json:"httpVersion"`
	Cookies     []pair `json:"cookies"`
	Headers     []pair `json:"headers"`
	QueryString []pair `json:"queryString"`
	PostData    *post  `json:"postData,omitempty"`
	HeadersSize int    `json:"headersSize"`
	BodySize    int    `json:"bodySize"`
}

type post struct {
	MimeType string `json:"mimeType"`
	Params   []pair `json:"params"`
	Text     string `json:"text"`
}

type response struct {
	Status      int     `json:"status"`
	StatusText  string  `json:"statusText"` // the code of a refusal
	HTTPVersion string  `json:"httpVersion"`
	Cookies     []pair  `json:"cookies"`
	Headers     []pair  `json:"headers"`
	Content     content `json:"content"`
	RedirectURL string  `json:"redirectURL"`
	HeadersSize int     `json:"headersSize"`
	BodySize    int     `json:"bodySize"`
}

type content struct {
	Size     int    `json:"size"`
	MimeType string `json:"mimeType"`
}

type timings struct {
	Send    float64 `json:"send"`
	Wait    float64 `json:"wait"`
	Receive float64 `json:"receive"`
}

// HAR writes calls as an archive, the oldest first as the format wants it. What the
// platform called has the address urn:registered:… by what it is registered as: the
// address itself may hold a secret.
func HAR(issuer string, calls []platform.Call) Archive {
	out := Archive{archiveLog{Version: "1.2", Creator: creator{"vneid-go reference platform", "1"}, Comment: platform.Banner, Entries: []archiveEntry{}}}
	for i := len(calls) - 1; i >= 0; i-- {
		out.Log.Entries = append(out.Log.Entries, harOf(issuer, calls[i]))
	}
	return out
}

func harOf(issuer string, c platform.Call) archiveEntry {
	ms := float64(c.Took.Microseconds()) / 1000
	e := archiveEntry{Started: c.At, Time: ms, Timings: timings{Wait: ms}, Comment: c.Detail}
	e.Request = request{Method: c.Method, URL: issuer + c.Path, HTTPVersion: "HTTP/1.1", Cookies: []pair{}, Headers: pairs(c.Headers), QueryString: []pair{}, HeadersSize: -1, BodySize: -1}
	if c.Out {
		e.Request.URL = "urn:registered:" + url.PathEscape(c.Path)
	}
	if c.Method == "POST" && len(c.Params) > 0 {
		e.Request.PostData = &post{MimeType: "application/x-www-form-urlencoded", Params: pairs(c.Params)}
	} else {
		e.Request.QueryString = pairs(c.Params)
	}
	e.Response = response{Status: c.Status, StatusText: c.Error, HTTPVersion: "HTTP/1.1", Cookies: []pair{}, Headers: []pair{}, Content: content{Size: -1, MimeType: "x-unknown"}, HeadersSize: -1, BodySize: -1}
	return e
}

func pairs(names []string) []pair {
	out := []pair{}
	for _, name := range names {
		out = append(out, pair{Name: name})
	}
	return out
}
