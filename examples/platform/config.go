package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/vneid-sdk/vneid-go/internal/jws"
)

// readConfig reads a configuration file: one JSON object whose names are those of flags,
// beside lines that begin with // and say something to people. platform.jsonc has every
// name; an empty text is as if it was not given. One that no flag has is a mistake, and so is one that stands twice.
func readConfig(r io.Reader) (kong.Resolver, error) {
	text, err := io.ReadAll(io.LimitReader(r, 1<<20))
	if err != nil {
		return nil, err
	}
	o, err := jws.ParseObject(withoutComments(string(text)))
	if err != nil {
		return nil, fmt.Errorf("the configuration file is no JSON object: %w", err)
	}
	return config{o}, nil
}

func withoutComments(text string) string {
	var out strings.Builder
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(strings.TrimSpace(line), "//") {
			out.WriteString(line)
		}
	}
	return out.String()
}

// config gives flags their values.
type config struct{ jws.Object }

// Validate implements kong.Resolver.
func (c config) Validate(app *kong.Application) error {
	known := map[string]bool{}
	_ = kong.Visit(app, func(node kong.Visitable, next kong.Next) error {
		if flag, ok := node.(*kong.Flag); ok {
			known[flag.Name] = true
		}
		return next(nil)
	})
	for _, name := range c.Names() {
		if !known[name] || name == "config" || name == "help" {
			return fmt.Errorf("the configuration file has %q, which is no flag", name)
		}
	}
	return nil
}

// Resolve implements kong.Resolver. The environment comes first.
func (c config) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	for _, env := range flag.Envs {
		if _, ok := os.LookupEnv(env); ok {
			return nil, nil
		}
	}
	raw := c.Raw(flag.Name)
	if raw == "" {
		return nil, nil
	}
	var v any
	if err := json.Unmarshal([]byte(raw), &v); err != nil {
		return nil, err
	}
	switch v := v.(type) {
	case string:
		if v == "" {
			return nil, nil // as if it was not given
		}
		return v, nil
	case bool, float64:
		return v, nil
	}
	return nil, fmt.Errorf("%q in the configuration file is neither text, number, true nor false", flag.Name)
}
