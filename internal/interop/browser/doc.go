// Package browser lets Debian's Chromium use the built programs as people do: it
// clicks through every page that can be reached from the home page, in the part of
// each person who works there, on a telephone and on a desk, by day and by night; it
// walks from the registration to a locked account; and it attacks what a browser can
// attack. axe-core, a foreign judge of accessibility, looks at each page.
//
// A machine without Chromium or axe-core skips these tests, which is a failure where
// VNEID_REQUIRE_PEERS is 1. To install: apt-get install chromium, and npm ci in this
// directory. Programs and browsers listen on loopback alone, with free ports, a store
// in memory and a new profile, and end with the test by their process id.
//
//	go test ./... -run Walk -shots /tmp/shots     # keeps the pictures of the walk
package browser
