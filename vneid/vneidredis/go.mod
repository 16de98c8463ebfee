module github.com/vneid-sdk/vneid-go/vneid/vneidredis

go 1.25.0

require (
	github.com/redis/go-redis/v9 v9.22.0
	github.com/vneid-sdk/vneid-go v0.0.0
)

require (
	github.com/cespare/xxhash/v2 v2.3.0 // indirect
	go.uber.org/atomic v1.11.0 // indirect
	golang.org/x/sys v0.46.0 // indirect
)

replace github.com/vneid-sdk/vneid-go => ../..
