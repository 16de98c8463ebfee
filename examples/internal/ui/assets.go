package ui

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
)

var assetTypes = map[string]string{
	"style.css": "text/css; charset=utf-8",
	"app.js":    "text/javascript; charset=utf-8",
	"icon.svg":  "image/svg+xml",
}

// assetPath holds the assets' digest, so that browsers may keep them for good.
var assetPath = func() string {
	sum := sha256.New()
	for _, name := range []string{"style.css", "app.js", "icon.svg"} {
		data, _ := assets.ReadFile(name)
		sum.Write(data)
	}
	return "/assets/" + hex.EncodeToString(sum.Sum(nil)[:6]) + "/"
}()

// Assets serves the style sheet, the script and the icon, below /assets/.
func Assets(w http.ResponseWriter, r *http.Request) {
	name, ok := strings.CutPrefix(r.URL.Path, assetPath)
	if !ok || assetTypes[name] == "" {
		http.NotFound(w, r)
		return
	}
	data, _ := assets.ReadFile(name)
	w.Header().Set("Content-Type", assetTypes[name])
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	w.Write(data)
}
