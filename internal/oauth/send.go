package oauth

import (
	"bytes"
	"context"
	"net/http"
)

// Send posts a JSON body to a resource with an access token: as DPoP if there is a
// Prover, and as Bearer if not. It repeats the request once if the server wants a nonce
// in the proof, and never otherwise.
func (p *Party) Send(ctx context.Context, endpoint, access string, body []byte) (Answer, error) {
	return p.twice(ctx, endpoint, access, func() (*http.Request, error) {
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, endpoint, bytes.NewReader(body))
		if err != nil {
			return nil, errEndpoint
		}
		req.GetBody = nil // see Post
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Accept", "application/json")
		scheme := "Bearer "
		if p.Prover != nil {
			scheme = "DPoP "
		}
		req.Header.Set("Authorization", scheme+access)
		return req, nil
	})
}
