package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/chip"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/trustbundle"
)

// parts are what a bundle is to be made of, as the command line names them.
type parts struct {
	key, pin, out, label string
	days                 int
	sequence             uint64
	issuers              []trustbundle.Issuer // Keys is where to read them
	lists                []trustbundle.List   // likewise Token
	anchors, crls        []string
	masters              []string // list,signers
}

// make makes a bundle.
func (p *program) make(ctx context.Context, args []string) (int, error) {
	q, err := p.parts(args)
	if err != nil {
		return unknown, err
	}
	var pinned pin
	if text, err := os.ReadFile(q.pin); err != nil {
		return unknown, err
	} else if json.Unmarshal(text, &pinned) != nil || pinned.Issuer == "" {
		return unknown, errors.New("-pin does not say whose keys it has (issuer)")
	}
	key, kid, err := loadKey(q.key, pinned)
	if err != nil {
		return unknown, err
	}
	c, err := q.collect(ctx, p)
	if err != nil {
		return unknown, err
	}
	c.Maker, c.Made, c.Sequence = pinned.Issuer, p.now().UTC().Truncate(time.Second), q.sequence
	c.Until = c.Made.AddDate(0, 0, q.days)
	if c.Sequence == 0 {
		c.Sequence = uint64(c.Made.Unix())
	}
	file, err := c.Sign(kid, key)
	if err != nil {
		return unknown, err
	}
	if err := replace(q.out, append(file, '\n')); err != nil {
		return unknown, err
	}
	fmt.Fprintf(p.stdout, "%s: %s %d, %s %s, %d B\n", q.out, p.say("gói số", "bundle"), c.Sequence,
		p.say("có giá trị đến", "valid until"), clock(c.Until), len(file)+1)
	return passed, nil
}

// flagError keeps what the flag package has printed already from being printed again.
func flagError(error) error { return flag.ErrHelp }

func (p *program) parts(args []string) (*parts, error) {
	q, f := &parts{}, p.flags("make")
	f.StringVar(&q.key, "key", "", "sign with the private key in this `file`")
	f.StringVar(&q.pin, "pin", "", "the `file` that the kiosks have: whose keys they trust")
	f.StringVar(&q.out, "out", "", "write the bundle to this `file`")
	f.IntVar(&q.days, "days", 7, "how many `days` it holds, 31 at most")
	f.Uint64Var(&q.sequence, "sequence", 0, "its `number`, higher than that of the one before (default: the time)")
	f.StringVar(&q.label, "label", "", "`who` vouches for anchors: caller, test or provider, perhaps with a name")
	f.Func("platform", "everything that the reference platform at this `address` publishes", q.platform)
	f.Func("issuer", "`name,uses,kinds,keys`: an issuer, what its keys are for, which documents it may sign, and their file or address", q.issuer)
	f.Func("list", "`address[=file]`: a status list", q.list)
	f.Func("anchor", "CSCA certificates: a `file` (PEM or DER); may be repeated", add(&q.anchors))
	f.Func("crl", "a revocation list: a `file` (PEM or DER); may be repeated", add(&q.crls))
	f.Func("master", "`list,signers`: files of a master list and of the certificates that vouch for it", add(&q.masters))
	if err := f.Parse(args); err != nil {
		return nil, flagError(err)
	}
	switch {
	case f.NArg() > 0:
		return nil, errors.New("there are no arguments beside flags")
	case q.key == "" || q.pin == "" || q.out == "":
		return nil, errors.New("make needs -key, -pin and -out")
	case q.days < 1 || q.days > 31:
		return nil, errors.New("-days is not between 1 and 31")
	}
	return q, nil
}

func add(to *[]string) func(string) error {
	return func(s string) error {
		*to = append(*to, s)
		return nil
	}
}

// published are the issuers of documents beneath the reference platform.
var published = map[string][]document.Kind{
	"police": {document.Identity, document.ElectronicID, document.CitizenCard, document.OldCard, document.Residence, document.Dependants,
		document.DriverLicence, document.VehicleRegistration, document.JudicialRecord},
	"immigration": {document.Passport},
	"insurance":   {document.HealthInsurance, document.SocialInsurance},
	"tax":         {document.TaxCode},
}

// platform adds what the reference platform publishes: the keys and lists of codes,
// and those of each issuer of documents.
func (q *parts) platform(url string) error {
	url = strings.TrimSuffix(url, "/")
	q.issuers = append(q.issuers, trustbundle.Issuer{
		Name: url, Uses: []vneid.Use{vneid.UseQR, vneid.UseStatus}, Keys: []byte(url + "/qr/jwks.json"),
		Kinds: []document.Kind{document.DriverLicence, document.VehicleRegistration, document.HealthInsurance},
	})
	q.lists = append(q.lists, trustbundle.List{URI: url + "/qr/status/1"})
	for _, name := range []string{"police", "immigration", "insurance", "tax"} {
		issuer := url + "/issuer/" + name
		q.issuers = append(q.issuers, trustbundle.Issuer{
			Name: issuer, Uses: []vneid.Use{"document", vneid.UseStatus}, Kinds: published[name], Keys: []byte(issuer + "/jwks.json"),
		})
		q.lists = append(q.lists, trustbundle.List{URI: issuer + "/status/1"})
	}
	return nil
}

func (q *parts) issuer(s string) error {
	fields := strings.SplitN(s, ",", 4)
	if len(fields) != 4 || fields[0] == "" || fields[1] == "" || fields[3] == "" {
		return errors.New("not a name, uses, kinds and keys between commas")
	}
	i := trustbundle.Issuer{Name: fields[0], Keys: []byte(fields[3])}
	for _, use := range strings.Split(fields[1], "+") {
		i.Uses = append(i.Uses, vneid.Use(use))
	}
	for _, kind := range strings.FieldsFunc(fields[2], func(r rune) bool { return r == '+' }) {
		i.Kinds = append(i.Kinds, document.Kind(kind))
	}
	q.issuers = append(q.issuers, i)
	return nil
}

func (q *parts) list(s string) error {
	uri, file, _ := strings.Cut(s, "=")
	q.lists = append(q.lists, trustbundle.List{URI: uri, Token: []byte(file)})
	return nil
}

// collect reads all parts, one after the other, and tells how far it is.
func (q *parts) collect(ctx context.Context, p *program) (c trustbundle.Contents, err error) {
	r := &reader{ctx: ctx, p: p, all: len(q.issuers) + len(q.lists) + len(q.anchors) + len(q.crls) + 2*len(q.masters)}
	for _, i := range q.issuers {
		i.Keys = r.read(string(i.Keys))
		c.Issuers = append(c.Issuers, i)
	}
	for _, l := range q.lists {
		from := string(l.Token)
		if from == "" {
			from = l.URI
		}
		l.Token = []byte(strings.TrimSpace(string(r.read(from))))
		c.Lists = append(c.Lists, l)
	}
	for _, file := range q.anchors {
		c.Anchors = append(c.Anchors, chip.Anchor{Certificates: r.read(file), Country: "VN", Label: q.labelOf(file)})
	}
	for _, file := range q.crls {
		c.CRLs = append(c.CRLs, r.read(file))
	}
	for _, both := range q.masters {
		list, signers, ok := strings.Cut(both, ",")
		if !ok {
			return c, errors.New("-master is not two files between a comma")
		}
		c.MasterLists = append(c.MasterLists, chip.MasterList{Data: r.read(list), Signers: r.read(signers), Label: q.labelOf(list)})
	}
	return c, r.err
}

func (q *parts) labelOf(file string) string {
	if q.label != "" {
		return q.label
	}
	return "caller: " + filepath.Base(file)
}

// replace writes beside and renames: a kiosk that copies the file meanwhile gets the
// old one or the new one.
func replace(name string, content []byte) error {
	f, err := os.CreateTemp(filepath.Dir(name), ".new-*")
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	err = errors.Join(err, f.Chmod(0o644), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}
