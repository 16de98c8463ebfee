package platform

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/jwx"
)

// The list in words and the sets that are published are the same keys.
func TestKeySetsAreListedAsTheyArePublished(t *testing.T) {
	w := newWorld(t)
	sets := w.KeySets()
	if len(sets) != 4+len(issuerKinds) {
		t.Fatalf("%d sets", len(sets))
	}
	seen := map[string]string{}
	for _, set := range sets {
		a := w.call(mustRequest(t, "GET", w.url+set.Path))
		if a.status != http.StatusOK {
			t.Fatalf("%s: %d", set.Path, a.status)
		}
		keys, skipped, err := jwx.ParseSet(a.raw)
		list := set.Keys.List()
		if err != nil || len(skipped) > 0 || len(keys) != len(list) || len(list) == 0 {
			t.Fatalf("%s: %d published, %d listed: %v", set.Name, len(keys), len(list), err)
		}
		for i, k := range keys {
			print, err := jwx.Thumbprint(k.Public)
			if err != nil || print != list[i].Thumbprint || k.ID != list[i].ID || k.Alg != list[i].Alg {
				t.Errorf("%s: %+v is listed as %+v", set.Name, k.ID, list[i])
			}
			if other := seen[print]; other != "" {
				t.Errorf("%s and %s have one key", set.Name, other)
			}
			seen[print] = set.Name
		}
		if list[0].Phase != KeySigning {
			t.Errorf("%s: %+v", set.Name, list[0])
		}
	}
	if err := w.LoginKeys().Announce(); err != nil {
		t.Fatal(err)
	}
	phases := func() (out []KeyPhase) {
		for _, k := range w.LoginKeys().List() {
			out = append(out, k.Phase)
		}
		return out
	}
	if got, _ := json.Marshal(phases()); string(got) != `["signing","announced"]` {
		t.Errorf("announced: %s", got)
	}
	if err := w.LoginKeys().Switch(); err != nil {
		t.Fatal(err)
	}
	if got, _ := json.Marshal(phases()); string(got) != `["former","signing"]` {
		t.Errorf("switched: %s", got)
	}
	if err := w.LoginKeys().Retire(); err != nil {
		t.Fatal(err)
	}
	if got, _ := json.Marshal(phases()); string(got) != `["signing"]` {
		t.Errorf("retired: %s", got)
	}
}
