package guard

import (
	"errors"
	"net/netip"
	"syscall"
)

// special lists what netip.Addr's own predicates leave out of RFC 6890's and
// IANA's registries of special-purpose addresses, and the prefixes that carry an
// IPv4 address inside an IPv6 one.
var special = [...]netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),        // this network
	netip.MustParsePrefix("168.63.129.16/32"), // a cloud's own agent, though the address is a public one
	netip.MustParsePrefix("100.64.0.0/10"),    // carrier-grade NAT
	netip.MustParsePrefix("192.0.0.0/24"),     // protocol assignments
	netip.MustParsePrefix("192.0.2.0/24"),     // documentation
	netip.MustParsePrefix("192.88.99.0/24"),   // 6to4 relays
	netip.MustParsePrefix("198.18.0.0/15"),    // benchmarking
	netip.MustParsePrefix("198.51.100.0/24"),  // documentation
	netip.MustParsePrefix("203.0.113.0/24"),   // documentation
	netip.MustParsePrefix("240.0.0.0/4"),      // reserved, broadcast
	netip.MustParsePrefix("::/96"),            // IPv4-compatible
	netip.MustParsePrefix("::ffff:0:0:0/96"),  // IPv4-translated
	netip.MustParsePrefix("64:ff9b::/96"),     // NAT64
	netip.MustParsePrefix("64:ff9b:1::/48"),   // NAT64, local
	netip.MustParsePrefix("100::/64"),         // discard
	netip.MustParsePrefix("2001::/23"),        // Teredo and other protocols
	netip.MustParsePrefix("2001:db8::/32"),    // documentation
	netip.MustParsePrefix("2002::/16"),        // 6to4
	netip.MustParsePrefix("3fff::/20"),        // documentation
	netip.MustParsePrefix("5f00::/16"),        // segment routing
	netip.MustParsePrefix("fec0::/10"),        // site-local
}

var errSpecial = errors.New("the address is not a public one")

// public reports whether ip is an address that a stranger may name to us.
func public(ip netip.Addr) bool {
	ip = ip.Unmap()
	if !ip.IsGlobalUnicast() || ip.IsPrivate() || ip.Zone() != "" {
		return false // loopback, link-local, multicast, unspecified, RFC 1918, ULA
	}
	for _, p := range special {
		if p.Contains(ip) {
			return false
		}
	}
	return true
}

// refuseSpecial is a net.Dialer's Control: it sees the resolved address just
// before the connection is made.
func refuseSpecial(_, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil || !public(to.Addr()) {
		return errSpecial
	}
	return nil
}
