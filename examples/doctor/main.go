// Doctor finds out why a relying party's connection to its provider fails: from the
// machine that the server runs on, with the configuration that the server has.
//
//	doctor -issuer https://… -client-id … -secret-file … -redirect https://…/callback
//	doctor -issuer … -client-id … -key-file client.pem -redirect … -profile fapi2
//	doctor -wire vnconnect -auth-url https://… -token-url https://… -userinfo-url https://… …
//	doctor -env portal.env
//
// # What it looks at
//
//	configuration   the rules of sso.New
//	proxy           the variables of the environment, and that the SDK does not use them
//	dns, tcp        names, addresses, connections
//	egress          the address that the connection leaves from, as far as it can be known
//	tls             chain, name, dates, without a request over what does not hold
//	metadata        the discovery document, its issuer byte by byte, its hosts
//	fapi2           what FAPI 2.0 needs: pushed requests, DPoP, private_key_jwt
//	keys            the provider's key set
//	redirect        the redirect URI, byte by byte, against -registered and what the
//	                provider takes
//	credentials     a token call with a code that cannot be one: invalid_grant says that
//	                the provider knows the client
//	address         whether everything is refused, which an allow-list does
//	clock           the Date of every answer
//
// All of it is harmless: nobody logs in, no code is spent, nothing is changed. The
// provider's log shows one or more authorization requests that nobody finished, and one
// token request that failed. It calls no third party.
//
// # Exit status
//
//	0  nothing stands in the way
//	1  something does
//	2  nothing was found, but something could not be checked; also wrong usage
//
// # The file of -env
//
// Lines NAME=value; flags go before it. VNEID_ISSUER, VNEID_CLIENT_ID,
// VNEID_CLIENT_SECRET, VNEID_REDIRECT_URL and so on: the name of each flag, in capitals,
// with _ for -. The secret stands only there or in a file of its own, since other users
// of a machine see command lines.
//
// # What is shown
//
// No secret, key, token, code or state, and of the provider's pages nothing but a URL on
// the host of the redirect URI, without its query.
package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"os/signal"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	status := run(ctx, os.Args[1:], machine(), os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

// The exit statuses.
const (
	healthy = 0
	ill     = 1
	unsure  = 2
)

// world is the machine that the doctor runs on. Tests have their own.
type world struct {
	env    func(string) string
	lookup func(ctx context.Context, host string) ([]netip.Addr, error)
	now    func() time.Time
	proxy  func(*http.Request) (*url.URL, error)
}

func machine() world {
	return world{
		env: os.Getenv,
		lookup: func(ctx context.Context, host string) ([]netip.Addr, error) {
			return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
		},
		now:   time.Now,
		proxy: http.ProxyFromEnvironment,
	}
}

// run is main without the process around it.
func run(ctx context.Context, args []string, w world, stdout, stderr io.Writer) int {
	o, ok := parse(args, stderr)
	if !ok {
		return unsure
	}
	d := newDoctor(o, w)
	d.examine(ctx)
	if ctx.Err() != nil {
		io.WriteString(stderr, "doctor: interrupted\n") // what it found would blame the network
		return unsure
	}
	write := d.write
	if o.json {
		write = d.writeJSON
	}
	if write(stdout) != nil {
		io.WriteString(stderr, "doctor: the findings cannot be written\n")
		return unsure
	}
	return d.status()
}
