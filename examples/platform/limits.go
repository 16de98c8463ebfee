package main

import (
	"fmt"

	"github.com/vneid-sdk/vneid-go/internal/personas/crowd"
)

// Validate implements kong's check of a command's flags.
func (c *serveCmd) Validate() error {
	if c.People < 0 || c.People > crowd.Max {
		return fmt.Errorf("-people is from 0 to %d", crowd.Max)
	}
	for _, flag := range []struct {
		name  string
		value int64
	}{
		{"-max-requests", int64(c.MaxRequests)}, {"-max-connections", int64(c.MaxConnections)}, {"-max-records", c.MaxRecords},
		{"-drain", int64(c.Drain)}, {"-grace", int64(c.Grace)},
	} {
		if flag.value < 0 {
			return fmt.Errorf("%s is below zero", flag.name)
		}
	}
	return nil
}
