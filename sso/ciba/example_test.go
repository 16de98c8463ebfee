package ciba_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/sso/ciba"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// A counter while the provider is down: the clerk is told what to do.
func Example() {
	client, err := sso.New(sso.Config{
		Issuer: "https://login.example", ClientID: "counter-3", ClientSecret: "from the provider",
		RedirectURL: "https://counter.example/callback", // for logins with a browser
		Scopes:      []string{"vneid:id"},
		HTTP:        offline(), // in production leave it out
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	desk, err := ciba.New(ciba.Config{Client: client})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	login, err := desk.Begin(ctx, ciba.Ask{
		Hint:    "999090000001", // what the person at the counter says
		Message: "BHXH quay 3",
		Need:    vneid.Assurance{Level: 2},
	})
	if err != nil {
		vi, _ := vneid.Advice(err)
		fmt.Println(errors.Is(err, vneid.ErrUnavailable), vi)
		return
	}
	fmt.Println("Số của quý khách:", login.Number())
	id, err := desk.Wait(ctx, login)
	fmt.Println(id, err)
	// Output: true Chưa kiểm tra được, thử lại sau. Nếu cần ngay, dùng cách xác minh khác.
}

// A page that reloads itself asks once each time; the error says what to do next.
func ExamplePending() {
	next := func(err error) string {
		var wait *ciba.Pending
		switch {
		case err == nil:
			return "show the citizen's page"
		case errors.As(err, &wait):
			return fmt.Sprintf("reload in %v", wait.Again)
		case errors.Is(err, vneid.ErrDenied):
			return "ask whether to go on"
		}
		return "start again"
	}
	fmt.Println(next(&ciba.Pending{Again: 5 * time.Second}))
	fmt.Println(next(fmt.Errorf("ciba: %w", vneid.ErrDenied)))
	fmt.Println(next(fmt.Errorf("ciba: %w", vneid.ErrExpired)))
	// Output:
	// reload in 5s
	// ask whether to go on
	// start again
}
