package main

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/examples/internal/serve"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

func TestItSaysWhatToOpenAndAnswersThere(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	read, write := io.Pipe()
	over := make(chan error, 1)
	go func() { over <- run(ctx, []string{"-addr", "127.0.0.1:0"}, write) }()

	var said strings.Builder
	lines := bufio.NewScanner(read)
	for lines.Scan() {
		said.WriteString(lines.Text() + "\n")
		if strings.Contains(lines.Text(), "/phone") {
			break
		}
	}
	for _, want := range []string{platform.Banner, "999090000001", "level2", "mat-khau-thu-nghiem"} {
		if !strings.Contains(said.String(), want) {
			t.Errorf("it did not say %s", want)
		}
	}
	address := regexp.MustCompile(`http://127\.0\.0\.1:[0-9]+`).FindString(said.String())
	for _, path := range []string{"/", "/.well-known/openid-configuration"} {
		res, err := http.Get(address + path)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(res.Body)
		res.Body.Close()
		if res.StatusCode != 200 || !strings.Contains(string(body), address) {
			t.Errorf("%s: status %d, or another issuer than %s", path, res.StatusCode, address)
		}
	}
	interrupt()
	if err := <-over; err != nil {
		t.Errorf("it ended with %v", err)
	}
}

func TestItStaysOnThisMachine(t *testing.T) {
	if err := run(t.Context(), []string{"-addr", "0.0.0.0:0"}, io.Discard); !errors.Is(err, serve.ErrExposed) {
		t.Errorf("got %v", err)
	}
	// Even when exposed, a plain-text issuer that is not loopback is refused.
	err := run(t.Context(), []string{"-addr", "127.0.0.1:0", "-issuer", "http://platform.example"}, io.Discard)
	if err == nil || !strings.Contains(err.Error(), "https") {
		t.Errorf("got %v", err)
	}
}
