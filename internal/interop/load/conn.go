package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// conn is one HTTP/1.1 connection that stays open, as a proxy's or a browser's does.
// It is simpler than net/http's client on purpose: what the generator costs, the
// server on the same two cores does not get.
type conn struct {
	host string
	nc   net.Conn
	in   *bufio.Reader
	out  []byte
}

// reply is an answer whose body has been read.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// field is a header of a request.
type field struct{ name, value string }

// do sends a request and reads the answer. Only a request on a connection that has been
// used before, and that the server has closed meanwhile, is sent a second time.
func (c *conn) do(method, path, form string, fields ...field) (reply, error) {
	c.out = append(c.out[:0], method...)
	c.out = append(append(append(c.out, ' '), path...), " HTTP/1.1\r\nHost: "...)
	c.out = append(append(c.out, c.host...), "\r\nAccept: application/json\r\n"...)
	if method == http.MethodPost {
		c.out = append(c.out, "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: "...)
		c.out = append(strconv.AppendInt(c.out, int64(len(form)), 10), "\r\n"...)
	}
	for _, f := range fields {
		c.out = append(append(append(append(c.out, f.name...), ": "...), f.value...), "\r\n"...)
	}
	c.out = append(append(c.out, "\r\n"...), form...)

	used := c.nc != nil
	r, err := c.once()
	if err != nil && used && errors.Is(err, errUnsent) {
		r, err = c.once()
	}
	return r, err
}

// errUnsent is for a request that the server cannot have read.
var errUnsent = errors.New("the connection was closed before an answer began")

func (c *conn) once() (reply, error) {
	if c.nc == nil {
		nc, err := net.DialTimeout("tcp", c.host, 10*time.Second)
		if err != nil {
			return reply{}, err
		}
		c.nc, c.in = nc, bufio.NewReader(nc)
	}
	if err := c.nc.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		return reply{}, err
	}
	if _, err := c.nc.Write(c.out); err != nil {
		c.close()
		return reply{}, fmt.Errorf("%w: %w", errUnsent, err)
	}
	if _, err := c.in.Peek(1); err != nil {
		c.close()
		return reply{}, fmt.Errorf("%w: %w", errUnsent, err)
	}
	res, err := http.ReadResponse(c.in, nil)
	if err != nil {
		c.close()
		return reply{}, err
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	res.Body.Close()
	if err != nil || res.Close || strings.EqualFold(res.Header.Get("Connection"), "close") {
		c.close()
	}
	return reply{res.StatusCode, res.Header, body}, err
}

func (c *conn) close() {
	if c.nc != nil {
		c.nc.Close()
		c.nc = nil
	}
}
