package sso

import "github.com/vneid-sdk/vneid-go/internal/relying"

// provider remembers the provider's metadata.
type provider = relying.Source[metadata]
