package sso

import "github.com/vneid-sdk/vneid-go/internal/seal"

var (
	sealOwn  = seal.Own()
	sealNone seal.Seal
)
