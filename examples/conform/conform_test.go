package main

import (
	"bufio"
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/vneid/share"
	"github.com/vneid-sdk/vneid-go/vneid/share/sharetest"
	"github.com/vneid-sdk/vneid-go/vneid/vneidtest"
)

const back = "http://127.0.0.1:9/callback"

// flagsOf are what points the program at another deployment.
func flagsOf(t *testing.T, cfg share.Config) []string {
	t.Helper()
	args := []string{"-issuer", cfg.Issuer, "-client-id", cfg.ClientID, "-redirect", cfg.RedirectURL, "-key-id", cfg.KeyID,
		"-key-file", keyFile(t, cfg.Key), "-decrypt-id", cfg.Verifier.Decrypt[0].ID, "-decrypt-file", keyFile(t, cfg.Verifier.Decrypt[0].Key),
		"-purpose", vneidtest.Purpose.Code, "-purpose-vi", vneidtest.Purpose.VI, "-purpose-en", vneidtest.Purpose.EN}
	for iss, trust := range cfg.Verifier.Issuers {
		var kinds []string
		for _, k := range trust.Kinds {
			kinds = append(kinds, string(k))
		}
		args = append(args, "-trust", iss+"="+strings.Join(kinds, ","))
	}
	return args
}

func keyFile(t *testing.T, key any) string {
	t.Helper()
	b, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "key.pem")
	if err := os.WriteFile(name, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: b}), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestAnotherDeploymentIsAskedWithSomebodyAtTheScreen(t *testing.T) {
	p := vneidtest.New(t)
	args := flagsOf(t, p.Share(back))
	says, stderr := io.Pipe()
	in, answers := io.Pipe()
	go func() { // the person: opens what they are told to, and pastes where it ended
		lines := bufio.NewScanner(says)
		for lines.Scan() {
			if !strings.HasPrefix(lines.Text(), "http") {
				continue
			}
			where := lines.Text()
			lines.Scan() // và / and …
			p.Decline("level2", "nothing")
			if strings.Contains(lines.Text(), "everything but vehicle-registration") {
				p.Decline("level2", "vehicle-registration")
			}
			browser := p.Browser("level2")
			browser.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
				if strings.HasPrefix(r.URL.String(), back) {
					return http.ErrUseLastResponse
				}
				return nil
			}
			res, err := browser.Get(where)
			if err != nil {
				answers.CloseWithError(err)
				return
			}
			res.Body.Close()
			io.WriteString(answers, res.Header.Get("Location")+"\n")
		}
	}()
	out := &strings.Builder{}
	for _, only := range []string{"answer/part", "token/stolen", "ask/"} {
		// The words to the person end without a line's end, as a prompt does.
		if status := run(t.Context(), append(args, "-only", only), in, out, ended{stderr}); status != 0 {
			t.Errorf("%s: status %d", only, status)
		}
	}
	if s := out.String(); strings.Contains(s, "FAILED  ") || !strings.Contains(s, "1 đạt / passed, 0 KHÔNG ĐẠT / FAILED, 0 không có / not offered") {
		t.Error(s)
	}
	out.Reset()
	if status := run(t.Context(), append(args, "-only", "fault/share-e"), in, out, ended{stderr}); status != 0 || !strings.Contains(out.String(), "0 đạt / passed") {
		t.Errorf("status %d: %s", status, out)
	}
}

// ended ends what is written to it with a line's end.
type ended struct{ io.Writer }

func (e ended) Write(b []byte) (int, error) {
	_, err := e.Writer.Write(append(append([]byte{}, b...), '\n'))
	return len(b), err
}

func TestTheReferencePlatformIsAskedWithoutFlags(t *testing.T) {
	var out, stderr strings.Builder
	status := run(t.Context(), []string{"-only", "fault/share-envelope-w"}, strings.NewReader(""), &out, &stderr)
	if status != 0 || !strings.Contains(out.String(), "refused: mismatch") || strings.Contains(out.String(), "\n0 đạt") {
		t.Errorf("status %d: %s%s", status, &out, &stderr)
	}
	for _, args := range [][]string{{"-nonsense"}, {"words"}, {"-trust", "x"}} {
		if status := run(t.Context(), args, nil, io.Discard, io.Discard); status != 2 {
			t.Errorf("%v: status %d", args, status)
		}
	}
	out.Reset()
	if status := run(t.Context(), []string{"-issuer", "https://nowhere.invalid", "-only", "answer/all"}, nil, &out, io.Discard); status != 1 || !strings.Contains(out.String(), "-key-file") {
		t.Errorf("status %d: %s", status, &out)
	}
}

func TestACommandDecides(t *testing.T) {
	p := &person{command: `echo "https://x.example/cb?a=$VNEID_DECISION&b=$VNEID_DECLINE&c=$VNEID_NUMBER"`}
	got, err := p.answer(t.Context(), sharetest.Visit{URL: "https://y.example", Refuse: true, Decline: []string{"a", "b/c"}, Number: "07"})
	if err != nil || got != "a=refuse&b=a,b/c&c=07" {
		t.Errorf("%q %v", got, err)
	}
	if got, err := p.answer(t.Context(), sharetest.Visit{Number: "07"}); err != nil || got != "" {
		t.Errorf("in the app: %q %v", got, err)
	}
	p.command = "echo nothing"
	if _, err := p.answer(t.Context(), sharetest.Visit{URL: "https://y.example"}); err == nil {
		t.Error("words that are no URL")
	}
	p.command = "exit 1"
	if _, err := p.answer(t.Context(), sharetest.Visit{}); err == nil {
		t.Error("a command that failed")
	}
	ctx := context.Background()
	if err := breakBy(ctx, `test share-x = `, "share-x"); err != nil {
		t.Error(err)
	}
	if err := breakBy(ctx, `exit 3;`, "x"); !errors.Is(err, errors.ErrUnsupported) {
		t.Error(err)
	}
	if err := breakBy(ctx, `exit 1;`, "x"); err == nil || errors.Is(err, errors.ErrUnsupported) {
		t.Error(err)
	}
	var told strings.Builder
	quiet := &person{in: strings.NewReader(""), out: &told}
	if _, err := quiet.answer(t.Context(), sharetest.Visit{Number: "42", Decline: []string{"x"}}); err == nil || !strings.Contains(told.String(), "42") {
		t.Errorf("%s %v", &told, err)
	}
}
