package vneidredis_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/vneidredis"
)

func Example() {
	client := redis.NewClient(&redis.Options{
		Addr:                  "127.0.0.1:1", // nothing answers here
		MaxRetries:            -1,
		ContextTimeoutEnabled: true,
	})
	defer client.Close()
	var replay vneid.Replay = &vneidredis.Replay{Client: client}

	now := time.Now()
	err := replay.Use(context.Background(), vneid.Once{
		Use: vneid.UseQR, Issuer: "https://issuer.example", ID: "one code", Issued: now, Until: now.Add(time.Minute),
	})
	switch {
	case err == nil:
		fmt.Println("let the citizen in")
	case errors.Is(err, vneid.ErrReplayed):
		fmt.Println("ask for a fresh code:", err)
	case errors.Is(err, vneid.ErrUnavailable):
		fmt.Println("try again:", err)
	}
	// Output: try again: vneidredis: the replay store gave no answer
}
