package platform

import (
	"encoding/json"
	"testing"
	"time"
)

// Which registers confirmed the person, and when: in the ID token and at userinfo with
// vneid:id, and nowhere without.
func TestTheClaimNamesTheRegisters(t *testing.T) {
	w := newWorld(t)
	at := time.Date(2024, 8, 20, 9, 0, 0, 0, vietnam).Unix()
	for handle, want := range map[string]map[string]int64{
		"level2":    {"population": at, "card": at},
		"foreigner": {"immigration": at},
	} {
		for scope, there := range map[string]bool{"openid vneid:id": true, "openid profile": false} {
			a := w.login(handle, map[string]string{"scope": scope})
			access, _ := a.body["access_token"].(string)
			for place, claims := range map[string]map[string]any{"the ID token": claimsOf(t, a.body["id_token"]), "userinfo": w.userinfo(access).body} {
				raw, has := claims["verified_by"]
				if has != there {
					t.Errorf("%s, %s, %s: %v", handle, scope, place, raw)
					continue
				}
				b, _ := json.Marshal(raw)
				var got map[string]int64
				if err := json.Unmarshal(b, &got); there && (err != nil || len(got) != len(want)) {
					t.Errorf("%s, %s: %s", handle, place, b)
				}
				for name, when := range got {
					if want[name] != when {
						t.Errorf("%s, %s: %s", handle, place, b)
					}
				}
			}
		}
	}
}
