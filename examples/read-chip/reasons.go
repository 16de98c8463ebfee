package main

import "github.com/vneid-sdk/vneid-go/examples/internal/ui"

func reasonIn(code string, lang ui.Lang) string {
	if t, ok := reasons[code]; ok {
		return t.In(lang)
	}
	return code
}
