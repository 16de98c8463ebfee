module github.com/vneid-sdk/vneid-go/chip/pcsc

go 1.25.0

require (
	github.com/ebitengine/purego v0.11.3
	github.com/vneid-sdk/vneid-go v0.0.0
	golang.org/x/sys v0.46.0
)

replace github.com/vneid-sdk/vneid-go => ../..
