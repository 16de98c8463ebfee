package ciba_test

import (
	"errors"
	"net/http"
)

type nobody struct{}

func (nobody) RoundTrip(*http.Request) (*http.Response, error) {
	return nil, errors.New("the network is unreachable")
}

// offline is a network in which nobody answers.
func offline() *http.Client { return &http.Client{Transport: nobody{}} }
