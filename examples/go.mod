module github.com/vneid-sdk/vneid-go/examples

go 1.25.0

require github.com/vneid-sdk/vneid-go v0.0.0

replace github.com/vneid-sdk/vneid-go => ..
