package oauth

import (
	"strings"
	"testing"
)

// What is taken as it stands must be what it normalises to: a URL that only looks plain
// would pass where the long way refuses it.
func FuzzPlainURL(f *testing.F) {
	for _, s := range []string{
		"http://127.0.0.1:8080/token", "https://id.example/par", "https://id.example/a-b_c~d/0", "https://id.example/",
		"https://id.example", "https://ID.example/", "https://id.example/..", "https://id.example/a/./b", "https://id.example/.a", "https://id.example/%41",
		"https://u@id.example/", "https://id.example/?q", "https://id.example/#f", "ftp://id.example/", "https:///a", "https://[::1]/a", "https://id.example:x/a",
		"https://id.example:1:2/a", "https://id.example:/a", "https://id example/a", "https://id.example/a b", "https://id.example/à",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !plainURL(s) {
			return
		}
		to, ok := parseTarget(s)
		if !ok {
			t.Fatalf("%q is no target", s)
		}
		scheme, rest, _ := strings.Cut(s, "://")
		host, path, _ := strings.Cut(rest, "/")
		name, _, _ := strings.Cut(host, ":")
		if to.path != "/"+path || !strings.HasPrefix(to.origin, scheme+"://"+name) {
			t.Fatalf("%q is %+v", s, to)
		}
	})
}

func TestPlainURLsAreTaken(t *testing.T) {
	for _, s := range []string{"http://127.0.0.1:8080/token", "https://id.example/par"} {
		if !plainURL(s) {
			t.Errorf("%s goes the long way", s)
		}
	}
}
