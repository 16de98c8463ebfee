package platform

import (
	"maps"
	"net/url"
	"slices"
	"testing"
)

// What once reads, url.ParseQuery reads the same; what it refuses is refused there, or
// stands twice.
func FuzzParameters(f *testing.F) {
	for _, s := range []string{
		"", "a=b", "a=b&c=d", "a=b&a=c", "scope=a&scope=b&scope=c&x=1", "without=a&y=2&without=b", "a", "=b", "&&a=b&", "a=%41+%2B", "a=%4", "a;b=c", "%zz=1", "a==&b=%00",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		theirs, err := url.ParseQuery(s)
		again := slices.ContainsFunc(slices.Collect(maps.Keys(theirs)), func(name string) bool {
			return len(theirs[name]) > 1 && name != FieldScope && name != FieldWithout
		})
		ours, bad := once(s)
		if (bad != nil) != (err != nil || again) {
			t.Fatalf("%q: %v, where url.ParseQuery says %v", s, bad, err)
		}
		if bad == nil && !maps.EqualFunc(ours, theirs, slices.Equal) {
			t.Fatalf("%q is %v, not %v", s, ours, theirs)
		}
	})
}
