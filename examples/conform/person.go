package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"strings"

	"github.com/vneid-sdk/vneid-go/vneid/share/sharetest"
)

// person is who decides: somebody at a screen, or a command.
type person struct {
	command string
	in      io.Reader
	out     io.Writer
	lines   *bufio.Scanner
}

func (p *person) answer(ctx context.Context, v sharetest.Visit) (string, error) {
	var text string
	if p.command != "" {
		decision := "agree"
		if v.Refuse {
			decision = "refuse"
		}
		var out strings.Builder
		c := command(ctx, p.command, []string{
			"VNEID_URL=" + v.URL, "VNEID_NUMBER=" + v.Number, "VNEID_DECISION=" + decision, "VNEID_DECLINE=" + strings.Join(v.Decline, ","),
		}, &out)
		if err := c.Run(); err != nil {
			return "", fmt.Errorf("-answer: %w", err)
		}
		text = out.String()
	} else {
		p.tell(v)
		if p.lines == nil {
			p.lines = bufio.NewScanner(p.in)
		}
		if !p.lines.Scan() {
			return "", errors.New("nobody is there to decide")
		}
		text = p.lines.Text()
	}
	if v.URL == "" {
		return "", nil
	}
	back, err := url.Parse(strings.TrimSpace(text))
	if err != nil || back.RawQuery == "" {
		return "", errors.New("that is no URL of a callback")
	}
	return back.RawQuery, nil
}

// tell says what to do.
func (p *person) tell(v sharetest.Visit) {
	what := "đồng ý tất cả / agree to everything"
	switch {
	case v.Refuse:
		what = "từ chối tất cả / refuse everything"
	case len(v.Decline) > 0:
		what = "đồng ý tất cả, trừ / agree to everything but " + strings.Join(v.Decline, ", ")
	}
	if v.URL == "" {
		fmt.Fprintf(p.out, "\nTrên ứng dụng, chọn %s và %s, rồi nhấn Enter.\nIn the app choose %s and do so, then press Enter: ", v.Number, what, v.Number)
		return
	}
	fmt.Fprintf(p.out, "\nMở trong cửa sổ riêng tư / open in a private window:\n%s\nvà / and %s.\nDán địa chỉ cuối cùng / paste the last address: ", v.URL, what)
}

// command is one of the caller's own, run by the shell.
func command(ctx context.Context, line string, env []string, out io.Writer) *exec.Cmd {
	c := exec.CommandContext(ctx, "sh", "-c", line)
	c.Env, c.Stdout, c.Stderr = append(os.Environ(), env...), out, os.Stderr
	return c
}

// breakBy runs the command that breaks a deployment.
func breakBy(ctx context.Context, line, name string) error {
	err := command(ctx, line+` "$VNEID_FAULT"`, []string{"VNEID_FAULT=" + name}, nil).Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == 3 {
		return errors.ErrUnsupported
	}
	return err
}
