package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// welcome says what to open, whom to log in as, and how to stop.
func (c *serveCmd) welcome(out io.Writer) {
	base := strings.TrimSuffix(c.Issuer, "/")
	fmt.Fprintf(out, "%s\n\nMở / open   %s\nMật khẩu chung / password of all   %s\n", platform.Banner, base, personas.Password)
	fmt.Fprintf(out, "\nCông dân / citizens   %s/me\n", base)
	for _, p := range personas.All() {
		if p.Account.Level > 0 {
			fmt.Fprintf(out, "  %-16s %-16s %s\n", p.Username(), p.Handle, p.About)
		}
	}
	if c.People > 0 {
		fmt.Fprintf(out, "  … và %d người sinh từ hạt giống %d / and %d people from seed %d: crowd-000000 …\n", c.People, c.Seed, c.People, c.Seed)
	}
	fmt.Fprintf(out, "\nCán bộ, nhân viên / staff   %s/staff/login\n", base)
	for _, s := range personas.Staff() {
		fmt.Fprintf(out, "  %-16s %-16s %s\n", s.ID, s.Role, s.About)
	}
	fmt.Fprintf(out, "\nĐiện thoại thử nghiệm / test telephone   %s/phone\n", base)
	fmt.Fprintf(out, "Dữ liệu / data   %s\nDừng / stop   Ctrl-C\n", c.where())
}

// where says where the records are, without what else a URL may hold.
func (c *serveCmd) where() string {
	switch url, err := c.url(); {
	case err != nil || c.inMemory():
		return "trong bộ nhớ, mất khi dừng / in memory, gone when it stops"
	case kind(url) == "sqlite":
		return strings.TrimPrefix(url, "sqlite:")
	default:
		return kind(url)
	}
}
