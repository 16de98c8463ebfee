package serve

import (
	"context"
	"errors"
	"io"
	"net/http"
	"testing"
)

func TestOtherMachinesAreRefusedUnlessTold(t *testing.T) {
	for _, addr := range []string{"0.0.0.0:0", ":0"} {
		if _, err := Listen(addr, false); !errors.Is(err, ErrExposed) {
			t.Errorf("%s: %v", addr, err)
		}
		l, err := Listen(addr, true)
		if err != nil {
			t.Errorf("%s with expose: %v", addr, err)
			continue
		}
		l.Close()
	}
	l, err := Listen("127.0.0.1:0", false)
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
}

func TestRequestsUnderWayFinishAfterTheInterrupt(t *testing.T) {
	l, err := Listen("127.0.0.1:0", false)
	if err != nil {
		t.Fatal(err)
	}
	ctx, interrupt := context.WithCancel(t.Context())
	slow := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		interrupt()
		io.WriteString(w, "done")
	})
	over := make(chan error, 1)
	go func() { over <- Run(ctx, l, slow) }()
	res, err := http.Get("http://" + l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if body, err := io.ReadAll(res.Body); err != nil || string(body) != "done" {
		t.Errorf("got %q, %v", body, err)
	}
	if err := <-over; err != nil {
		t.Errorf("Run returned %v", err)
	}
}
