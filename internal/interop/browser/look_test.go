package browser

import "testing"

func TestFirstLook(t *testing.T) {
	w := start(t)
	b := open(t, browse(t))
	for _, l := range looks[:3:3] {
		b.see(l)
		b.to(w.platform)
		b.shot("home-" + l.name)
		for _, f := range b.judge() {
			t.Log(f)
		}
		t.Log(b.heard())
	}
}
