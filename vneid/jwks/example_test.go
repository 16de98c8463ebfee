package jwks_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/jwks"
)

// The public key and the signature of RFC 8037, appendix A.
const (
	rfc8037Set = `{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"2026-1",
		"x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}`
	rfc8037Input     = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc"
	rfc8037Signature = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
)

func Example() {
	signature, _ := base64.RawURLEncoding.DecodeString(rfc8037Signature)
	message := vneid.Signed{
		Use:       vneid.UseQR,
		Issuer:    "https://codes.example",
		Alg:       "EdDSA",
		KeyID:     "2026-1",
		Input:     []byte(rfc8037Input),
		Signature: signature,
	}

	keys, err := jwks.Parse([]byte(rfc8037Set), "https://codes.example", vneid.UseQR)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(keys.Verify(context.Background(), message))

	message.Use = vneid.UseIDToken // the same bytes as a login
	fmt.Println(keys.Verify(context.Background(), message))
	// Output:
	// <nil>
	// jwks: the issuer's keys are not for this use
}

// A service starts although its provider cannot be reached, and says so when it
// is asked.
func ExampleRemote() {
	keys := &jwks.Remote{
		URL:    "https://login.example/jwks",
		Issuer: "https://login.example",
		Uses:   []vneid.Use{vneid.UseIDToken, vneid.UseLogout},
		HTTP:   offline(), // in production leave it out
	}
	err := keys.Ready(context.Background())
	fmt.Println(errors.Is(err, vneid.ErrUnavailable))

	var api *vneid.APIError
	if errors.As(err, &api) {
		fmt.Println("again in", api.RetryAfter.Round(time.Second))
	}
	// Output:
	// true
	// again in 5s
}

// Codes of several issuers, each with its own keys.
func ExampleIssuers() {
	city, err := jwks.Parse([]byte(rfc8037Set), "https://city.example", vneid.UseQR)
	if err != nil {
		fmt.Println(err)
		return
	}
	keys := jwks.Issuers{
		"https://city.example": city,
		"https://province.example": &jwks.Remote{
			URL:    "https://province.example/qr-keys",
			Issuer: "https://province.example",
			Uses:   []vneid.Use{vneid.UseQR},
		},
	}
	err = keys.Verify(context.Background(), vneid.Signed{Use: vneid.UseQR, Issuer: "https://elsewhere.example"})
	fmt.Println(err)
	// Output: jwks: the issuer is not one of ours
}
