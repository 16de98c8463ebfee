package main

import (
	"slices"
	"strings"
	"testing"
)

func TestDifferencesAreShownByteByByte(t *testing.T) {
	for _, c := range []struct{ a, b, what, at string }{
		{callback, callback, "equal", ""},
		{callback, callback + "/", "slash", `byte 31: A ends, B 0x2f "/"`},
		{callback + "/", callback, "slash", `byte 31: A 0x2f "/", B ends`},
		{callback, callback + "\n", "white space", `byte 31: A ends, B 0x0a "\n"`},
		{"\ufeff" + callback, callback, "white space", `byte 0: A 0xef "\xef", B 0x68 "h"`},
		{callback, "https://portal.example/Callback", "case", `byte 23: A 0x63 "c", B 0x43 "C"`},
		{callback, "https://portal.example:443/callback", "port", `byte 22: A 0x2f "/", B 0x3a ":"`},
		{callback, "https://portal.example/call%62ack", "escapes", `byte 27: A 0x62 "b", B 0x25 "%"`},
		{"https://x.example/a%2fb", "https://x.example/a%2Fb", "case", `byte 21`},
		{callback, "http://portal.example/callback", "http and https", `byte 4: A 0x73 "s", B 0x3a ":"`},
		{callback, "https://portal.example:8443/callback", "host", "byte 22"},
		{callback, "https://portal.example/other", "path", "byte 23"},
		{"https://portal.example/cаllback", callback, "path", `byte 24: A 0xd0`}, // a Cyrillic letter
		{"", callback, "host", "byte 0: A ends"},
	} {
		what, lines := difference(c.a, c.b)
		if !strings.Contains(what.En, c.what) || what.Vi == "" || (c.at == "") != (lines == nil) || c.at != "" && !strings.HasPrefix(lines[2], c.at) {
			t.Errorf("%q and %q: %q, %q", c.a, c.b, what.En, lines)
		}
	}
}

func TestVariantsAreFewAndOthers(t *testing.T) {
	for raw, want := range map[string]string{
		callback:                             "https://portal.example:443/callback",
		callback + "/":                       callback,
		"https://portal.example:443/c":       "https://portal.example/c",
		"http://localhost:8090/c":            "http://127.0.0.1:8090/c",
		"http://127.0.0.1:8090/c":            "http://localhost:8090/c",
		"http://127.0.0.1/c":                 "http://127.0.0.1:80/c",
		"https://portal.example/%63allback":  callback,
		"https://PORTAL.example/callback":    callback,
		"http://127.0.0.1:8090/callback%2fx": "https://127.0.0.1:8090/callback%2fx",
	} {
		got := variants(raw)
		if !slices.Contains(got, want) || slices.Contains(got, raw) || len(got) > 8 {
			t.Errorf("%s: %q, want %s among them", raw, got, want)
		}
	}
}

func TestWhatIsShownIsFitForATerminal(t *testing.T) {
	for raw, want := range map[string]string{
		"https://x.example/a?secret=canary#canary": "https://x.example/a",
		"https://user:canary@x.example/a":          "https://x.example/a",
		"a\x1b[31mred\r\n":                         "a?[31mred??",
		strings.Repeat("x", 300):                   strings.Repeat("x", 200) + "…",
	} {
		if got := show(raw); got != want {
			t.Errorf("%q: %q", raw, got)
		}
	}
	for value, want := range map[string]string{
		"http://u:canary@10.0.0.1:3128": "http://10.0.0.1:3128", "u:canary@proxy:3128": "proxy:3128", "proxy:3128": "proxy:3128",
	} {
		if got := proxyHost(value); got != want {
			t.Errorf("%q: %q", value, got)
		}
	}
}
