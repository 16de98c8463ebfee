package platform

import (
	"errors"
	"net"
	"net/url"
)

func checkIssuer(s string) (https bool, err error) {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme+"://"+u.Host != s {
		return false, errors.New("Config.Issuer is not just a scheme and a host")
	}
	if u.Scheme == "http" && loopback(u.Hostname()) {
		return false, nil
	}
	if u.Scheme != "https" {
		return false, errors.New("Config.Issuer must begin with https (http only on a loopback host)")
	}
	return true, nil
}

// loopback reports whether a host name can only mean this machine (RFC 6761 §6.3).
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
