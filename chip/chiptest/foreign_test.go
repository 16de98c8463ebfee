package chiptest

import (
	"bufio"
	"bytes"
	"crypto"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// peer finds a foreign program, or ends the test: as skipped for newcomers, as
// failed where VNEID_REQUIRE_PEERS is 1.
func peer(t *testing.T, name string, check ...string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err == nil && len(check) > 0 {
		err = exec.Command(path, check...).Run()
	}
	if err != nil {
		if os.Getenv("VNEID_REQUIRE_PEERS") == "1" {
			t.Fatalf("%s %q: %v", name, check, err)
		}
		t.Skipf("%s %q: %v", name, check, err)
	}
	return path
}

func openssl(t *testing.T, stdin []byte, args ...string) []byte {
	t.Helper()
	cmd := exec.Command("openssl", args...)
	cmd.Stdin = bytes.NewReader(stdin)
	var out, problems bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &problems
	if err := cmd.Run(); err != nil {
		t.Errorf("openssl %s: %v: %s", strings.Join(args, " "), err, problems.String())
	}
	return out.Bytes()
}

// foreignReading is what testdata/reader.py found.
type foreignReading struct {
	DG3     string
	AA, CA  bool
	CAM     *bool
	Digests []int
	Files   map[string]string
}

// python is the foreign reader, running.
type python struct {
	in  io.Writer
	out *bufio.Scanner
}

func startPython(t *testing.T) python {
	t.Helper()
	peer(t, "openssl", "version")
	cmd := exec.CommandContext(t.Context(), peer(t, "python3", "-c", "import cryptography"), "-B", "testdata/reader.py")
	cmd.Stderr = os.Stderr
	in, err1 := cmd.StdinPipe()
	out, err2 := cmd.StdoutPipe()
	if err := errors.Join(err1, err2, cmd.Start()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { in.Close(); cmd.Wait() })
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	return python{in, lines}
}

// read lets the foreign reader read the card.
func (p python) read(t *testing.T, e *Emulator, password string) (found foreignReading, err error) {
	t.Helper()
	wish := map[string]any{"password": password, "short": e.card.Short, "number": e.access.Number, "birth": e.access.Birth,
		"expiry": e.access.Expiry, "can": e.access.CAN}
	if len(e.static) > 0 {
		wish["ca"] = e.static[0].group.number()
	}
	text, err := json.Marshal(wish)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(p.in, "%s\n", text)
	for p.out.Scan() {
		line := p.out.Text()
		if verdict, ok := strings.CutPrefix(line, "= "); ok {
			return found, json.Unmarshal([]byte(verdict), &found)
		}
		if refusal, ok := strings.CutPrefix(line, "! "); ok {
			return found, errors.New(refusal)
		}
		answer, err := e.Transmit(t.Context(), unhex(t, line))
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(p.in, "%x\n", answer)
	}
	t.Fatal("the reader in Python has ended")
	return found, nil
}

// A reader in another language, with its own arithmetic and foreign ciphers, opens
// the card by every protocol, reads it, and finds the chip genuine.
func TestAReaderInPythonAgrees(t *testing.T) {
	reader := startPython(t)
	type world struct {
		card     Card
		password string
	}
	const can, mrz = "CAN", "MRZ"
	worlds := map[string]world{
		"as it comes":  {Card{}, can},
		"MRZ":          {Card{}, mrz},
		"short length": {Card{Short: true}, can},
		"BAC":          {Card{NoPACE: true}, mrz},
		"BAC, short":   {Card{NoPACE: true, Short: true}, mrz},
		"explicit":     {Card{Explicit: true, NoAA: true}, can},
		"AA RSA SHA-1": {Card{AA: Protocol{"RSA-SHA1", "1024"}}, can},
		"AA RSA":       {Card{AA: Protocol{"RSA-SHA256", "2048"}}, can},
		"AA brainpool": {Card{AA: Protocol{"ECDSA-SHA512", "brainpoolP384r1"}}, can},
		"DH, short":    {Card{Short: true, NoBAC: true, PACE: []Protocol{{"PACE-DH-GM-AES-CBC-CMAC-256", "modp2048-224"}}}, can},
	}
	for i, text := range curveTexts {
		cipher := suiteNames[i%len(suiteNames)]
		worlds["GM "+text.name] = world{Card{PACE: []Protocol{{"PACE-ECDH-GM-" + cipher, text.name}}, CA: []Protocol{{"CA-ECDH-" + cipher, text.name}}}, can}
		if text.name != "secp224r1" {
			worlds["IM "+text.name] = world{Card{PACE: []Protocol{{"PACE-ECDH-IM-" + suiteNames[(i+1)%4], text.name}}}, mrz}
		}
		if text.id >= 12 {
			p := Protocol{"PACE-ECDH-CAM-" + suiteNames[1+i%3], text.name}
			worlds["CAM "+text.name] = world{Card{PACE: []Protocol{p}, CA: []Protocol{{"CA-ECDH-" + cipher, text.name}}}, can}
		}
	}
	for i, text := range modpTexts {
		worlds["DH GM "+text.name] = world{Card{PACE: []Protocol{{"PACE-DH-GM-" + suiteNames[i], text.name}}, CA: []Protocol{{"CA-DH-" + suiteNames[i+1], text.name}}}, can}
		worlds["DH IM "+text.name] = world{Card{PACE: []Protocol{{"PACE-DH-IM-" + suiteNames[i+1], text.name}}}, can}
	}
	for name, w := range worlds {
		t.Run(name, func(t *testing.T) {
			e, err := New(w.card)
			if err != nil {
				t.Fatal(err)
			}
			found, err := reader.read(t, e, w.password)
			if err != nil {
				t.Fatal(err)
			}
			cam := len(e.offers) > 0 && e.offers[0].mapping == "CAM"
			if !found.CA || found.AA == w.card.NoAA || cam != (found.CAM != nil) || cam && !*found.CAM || found.DG3 != "6982" {
				t.Errorf("found %+v", found)
			}
			want := []int{1, 2, 13, 14, 15}
			if w.card.NoAA {
				want = want[:4]
			}
			if !slices.Equal(found.Digests, want) {
				t.Errorf("digests of %v hold", found.Digests)
			}
			for name, digest := range found.Files {
				if sum := sha256.Sum256(e.File(name)); hex.EncodeToString(sum[:]) != digest {
					t.Errorf("%s was read as something else", name)
				}
			}
		})
	}
}

// The foreign reader notices what it looks at, and says why.
func TestAReaderInPythonRefuses(t *testing.T) {
	reader := startPython(t)
	for name, why := range map[string]string{
		"pace-token-wrong": "wrong token", "pace-key-off-curve": "off the curve", "pace-other-password": "GENERAL AUTHENTICATE: 6300",
		"sm-mac-wrong": "wrong MAC", "sm-status-differs": "another status", "sm-plain-status": "no protected answer",
		"data-dg1-changed": "DG1 is not what was signed", "data-sod-of-another": "is not what was signed",
		"clone-static": "no protected answer: 6988", "aa-rsa-digest": "wrong digest", "aa-rsa-fixed-challenge": "wrong digest",
		"clone-active": "InvalidSignature", "downgrade-added": "EF.CardAccess is not what DG14 signs", "dh-map-outside": "not in the subgroup",
	} {
		f, ok := findFault(name)
		if !ok {
			t.Fatal(name)
		}
		e, err := New(f.Card())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := reader.read(t, e, "CAN"); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%s: %v, want something with %q", name, err, why)
		}
	}
}

// OpenSSL accepts the signed objects, certificates and lists of every algorithm.
func TestOpenSSLAcceptsWhatIsSigned(t *testing.T) {
	peer(t, "openssl", "version")
	cam := []Protocol{{"PACE-ECDH-CAM-AES-CBC-CMAC-128", "brainpoolP256r1"}}
	for name, a := range map[string]Authority{
		"as it comes":         {},
		"explicit parameters": {Algorithm: Protocol{"ECDSA-SHA512", "brainpoolP512r1"}, Explicit: true},
		"NIST":                {Algorithm: Protocol{"ECDSA-SHA512", "secp521r1"}, Signer: Protocol{"ECDSA-SHA384", "secp384r1"}},
		"RSA":                 {Algorithm: Protocol{"RSA-SHA256", "3072"}, Signer: Protocol{"RSA-SHA256", "2048"}},
		"RSA-PSS":             {Algorithm: Protocol{"RSA-PSS-SHA512", "3072"}, Signer: Protocol{"RSA-PSS-SHA256", "2048"}},
	} {
		t.Run(name, func(t *testing.T) {
			issuer, err := NewIssuer(a)
			if err != nil {
				t.Fatal(err)
			}
			e, err := New(Card{Issuer: issuer, PACE: cam})
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			write := func(name string, data []byte) string {
				path := filepath.Join(dir, name)
				if err := os.WriteFile(path, data, 0o600); err != nil {
					t.Fatal(err)
				}
				return path
			}
			pem := write("csca.pem", openssl(t, issuer.Anchor(), "x509", "-inform", "DER"))
			sod := e.File("SOD")
			_, content, _, _ := next(sod)
			trust := []string{"-CAfile", pem, "-purpose", "any"}
			if a.Explicit { // openssl reads such keys, and refuses them in chains
				trust = []string{"-noverify"}
				public := write("csca.pub", openssl(t, issuer.Anchor(), "x509", "-inform", "DER", "-noout", "-pubkey"))
				tbs, signature := signedPart(t, issuer.Anchor())
				openssl(t, tbs, "dgst", "-sha512", "-verify", public, "-signature", write("signature", signature))
			}
			for file, signed := range map[string][]byte{"sod": content, "security": e.File("CardSecurity")} {
				openssl(t, signed, append([]string{"cms", "-verify", "-inform", "DER", "-out", filepath.Join(dir, file)}, trust...)...)
			}
			lds, err := os.ReadFile(filepath.Join(dir, "sod"))
			if err != nil || !bytes.Contains(lds, sum(e.signedHash(t), e.File("DG1"))) {
				t.Errorf("no digest of DG1 in what was signed (%v)", err)
			}
			crl, err := issuer.CRL(e)
			if err != nil {
				t.Fatal(err)
			}
			text := string(openssl(t, crl, "crl", "-inform", "DER", "-CAfile", pem, "-text"))
			if !strings.Contains(strings.ToLower(text), fmt.Sprintf("serial number: %x", e.serial)) {
				t.Errorf("the list revokes something else:\n%s", text)
			}
			for _, der := range [][]byte{e.File("DG15"), e.File("DG14")} {
				openssl(t, der, "asn1parse", "-inform", "DER", "-i")
			}
		})
	}
}

// signedPart splits a certificate into what is signed and the signature.
func signedPart(t *testing.T, cert []byte) (tbs, signature []byte) {
	t.Helper()
	_, parts, _, ok := next(cert)
	_, _, rest, ok2 := next(parts)
	tbs = parts[:len(parts)-len(rest)]
	_, _, rest, ok3 := next(rest)
	_, signature, _, ok4 := next(rest)
	if !ok || !ok2 || !ok3 || !ok4 {
		t.Fatal("no certificate")
	}
	return tbs, signature[1:]
}

// signedHash reads the digest of the data groups from the person's card.
func (e *Emulator) signedHash(t *testing.T) (h crypto.Hash) {
	t.Helper()
	for _, candidate := range hashes {
		if bytes.Contains(e.File("SOD"), sum(candidate, e.File("DG1"))) {
			return candidate
		}
	}
	t.Fatal("no digest of DG1 at all")
	return 0
}

// The tables of curves and groups are openssl's.
func TestTablesAgreeWithOpenSSL(t *testing.T) {
	peer(t, "openssl", "version")
	hexes := regexp.MustCompile(`(?m)^ +([0-9a-f:]+)$`)
	for _, c := range curveTexts {
		name := c.name
		if name == "secp192r1" || name == "secp256r1" {
			name = "prime" + name[4:7] + "v1"
		}
		text := openssl(t, nil, "ecparam", "-name", name, "-param_enc", "explicit", "-text", "-noout")
		all := strings.ReplaceAll(string(bytes.Join(hexes.FindAll(text, -1), nil)), ":", "")
		all = strings.Join(strings.Fields(all), "")
		for _, v := range []string{c.p, c.a, c.b, c.x, c.y, c.n} {
			if !strings.Contains(all, strings.ToLower(v)) {
				t.Errorf("%s: openssl does not know %s", c.name, v)
			}
		}
		if want := openssl(t, nil, "ecparam", "-name", name, "-outform", "DER"); !bytes.Equal(oid(c.oid), want) {
			t.Errorf("%s: identifier %x, openssl has %x", c.name, oid(c.oid), want)
		}
		g := curveByName(c.name)
		if !g.on(g.g) || g.power(g.g, g.n).x != nil {
			t.Errorf("%s: the generator is not of the order", c.name)
		}
	}
	for i, m := range modpTexts {
		pem := openssl(t, nil, "genpkey", "-genparam", "-algorithm", "DHX", "-pkeyopt", fmt.Sprintf("dh_rfc5114:%d", i+1))
		text := string(openssl(t, pem, "asn1parse"))
		for _, v := range []string{m.p, m.g, m.q} {
			if !strings.Contains(text, v+"\n") {
				t.Errorf("%s: openssl does not know %s", m.name, v)
			}
		}
	}
}
