package main

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"time"
)

// browser is what a login needs of one: cookies, redirects and forms. It reads
// the platform's own pages, which are well formed; it is no reader for the web.
type browser struct {
	ctx    context.Context
	client *http.Client
}

func newBrowser(ctx context.Context) *browser {
	jar, _ := cookiejar.New(nil) // fails only on bad options
	return &browser{ctx, &http.Client{Jar: jar, Timeout: 10 * time.Second}}
}

// page is what the browser sees.
type page struct {
	url   *url.URL
	title string
	text  string
	forms []form
}

// form is a form as the page offers it.
type form struct {
	action  string
	hidden  url.Values
	fields  []string    // names of what one types into
	boxes   [][2]string // names and values of the tick boxes
	buttons [][2]string // names and values of the buttons
}

// filled is a form ready to be posted.
type filled struct {
	action string
	url.Values
}

func (f form) has(field string) bool { return slices.Contains(f.fields, field) }

// fill starts from what the form sends by itself.
func (f form) fill() url.Values {
	out := url.Values{}
	for name, values := range f.hidden {
		out[name] = slices.Clone(values)
	}
	return out
}

func (b *browser) get(address string) (*page, error) {
	return b.send(http.MethodGet, address, nil)
}

func (b *browser) post(from *page, f filled) (*page, error) {
	to, err := from.url.Parse(f.action)
	if err != nil {
		return nil, errors.New("a form leads nowhere")
	}
	return b.send(http.MethodPost, to.String(), strings.NewReader(f.Encode()))
}

func (b *browser) send(method, address string, body io.Reader) (*page, error) {
	req, err := http.NewRequestWithContext(b.ctx, method, address, body)
	if err != nil {
		return nil, err
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	res, err := b.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	p := &page{url: res.Request.URL}
	if err := p.read(io.LimitReader(res.Body, 1<<20)); err != nil {
		return nil, fmt.Errorf("the page at %s cannot be read: %w", p.url.Path, err)
	}
	return p, nil
}

// read finds the title, the text and the forms.
func (p *page) read(body io.Reader) error {
	d := xml.NewDecoder(body)
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	var text strings.Builder
	inside := ""
	for {
		token, err := d.Token()
		if err == io.EOF {
			p.text = text.String()
			return nil
		}
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.StartElement:
			inside = t.Name.Local
			p.element(t)
		case xml.CharData:
			text.Write(t)
			if inside == "title" {
				p.title += string(t)
			}
		case xml.EndElement:
			inside = ""
		}
	}
}

func (p *page) element(t xml.StartElement) {
	attr := map[string]string{}
	for _, a := range t.Attr {
		attr[a.Name.Local] = a.Value
	}
	if t.Name.Local == "form" {
		p.forms = append(p.forms, form{action: attr["action"], hidden: url.Values{}})
		return
	}
	if len(p.forms) == 0 || attr["name"] == "" {
		return
	}
	f := &p.forms[len(p.forms)-1]
	pair := [2]string{attr["name"], attr["value"]}
	switch {
	case t.Name.Local == "button":
		f.buttons = append(f.buttons, pair)
	case t.Name.Local != "input":
	case attr["type"] == "hidden":
		f.hidden.Add(pair[0], pair[1])
	case attr["type"] == "checkbox" || attr["type"] == "radio":
		f.boxes = append(f.boxes, pair)
	default:
		f.fields = append(f.fields, pair[0])
	}
}
