package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"

	"github.com/vneid-sdk/vneid-go/internal/guard"
)

// reader reads files and addresses, says what it is at, and stops at the first that
// cannot be had: a bundle that lacks a list would refuse people for weeks.
type reader struct {
	ctx       context.Context
	p         *program
	all, done int
	err       error
}

// largest is what a part may have; a master list is the largest.
const largest = 4 << 20

func (r *reader) read(from string) []byte {
	if r.err != nil {
		return nil
	}
	r.done++
	fmt.Fprintf(r.p.stderr, "[%d/%d] %s ", r.done, r.all, from)
	content, err := r.get(from)
	if err == nil && len(content) == 0 {
		err = errors.New(r.p.say("trống", "it is empty"))
	}
	if err != nil {
		fmt.Fprintln(r.p.stderr, r.p.say("lỗi", "failed"))
		r.err = fmt.Errorf("%s: %w", from, err)
		return nil
	}
	fmt.Fprintf(r.p.stderr, "%d B\n", len(content))
	return content
}

func (r *reader) get(from string) ([]byte, error) {
	if !strings.HasPrefix(from, "https://") && !strings.HasPrefix(from, "http://") {
		f, err := os.Open(from)
		if err != nil {
			return nil, errors.New(r.p.say("không mở được tệp", "the file cannot be opened"))
		}
		defer f.Close()
		return guard.Read(io.Reader(f), largest)
	}
	if _, err := guard.CheckURL(from); err != nil {
		return nil, err
	}
	u, err := url.Parse(from)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(r.ctx, http.MethodGet, from, nil)
	if err != nil {
		return nil, err
	}
	res, err := guard.Client(nil, u.Scheme+"://"+u.Host).Do(req)
	if err != nil {
		return nil, errors.New(r.p.say("không có trả lời", "no answer"))
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s %d", r.p.say("trả lời với mã", "answered with status"), res.StatusCode)
	}
	return guard.Read(res.Body, largest)
}
