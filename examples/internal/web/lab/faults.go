package lab

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/verdict"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// aboutFaults reads what each defect does in Vietnamese: name, colon, sentence. The
// engine says it in English.
func aboutFaults() (map[string]ui.Text, error) {
	text, err := files.ReadFile("faults.vi.txt")
	if err != nil {
		return nil, err
	}
	vi := map[string]string{}
	for line := range strings.Lines(string(text)) {
		name, about, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if !ok || vi[name] != "" {
			return nil, fmt.Errorf("lab: faults.vi.txt: not one line for %q", name)
		}
		vi[name] = about
	}
	out := map[string]ui.Text{}
	for _, f := range platform.Faults() {
		out[f.Name] = ui.Text{Vi: vi[f.Name], En: f.About}
		if vi[f.Name] == "" { // a defect that is newer than its translation
			out[f.Name] = ui.Text{Vi: f.About, En: f.About}
		}
	}
	return out, nil
}

// group is a part of the list of defects.
type group struct {
	ID       string
	Name     ui.Text
	prefixes []string
}

// groups divide the list by what a relying party was doing. What fits none is of logins.
var groups = []group{
	{"login", ui.Text{Vi: "Đăng nhập", En: "Logins"}, nil},
	{"fapi", ui.Text{Vi: "FAPI, sau đăng nhập", En: "FAPI, later"}, []string{"par-", "jarm-", "userinfo-", "refresh-", "introspect-", "revoke-", "dpop-", "no-dpop", "token-type", "id-token-"}},
	{"logout", ui.Text{Vi: "Đăng xuất", En: "Logouts"}, []string{"backchannel-", "logout-"}},
	{"counter", ui.Text{Vi: "Tại quầy (CIBA)", En: "At a counter (CIBA)"}, []string{"ciba-"}},
	{"share", ui.Text{Vi: "Hỏi giấy tờ", En: "Data requests"}, []string{"share-"}},
	{"qr", ui.Text{Vi: "Mã QR", En: "QR codes"}, []string{"qr-", "paper-", "redeem-"}},
	{"services", ui.Text{Vi: "Dịch vụ", En: "Services"}, []string{"service-", "services-", "stays-", "tickets-"}},
	{"wires", ui.Text{Vi: "Giao thức cũ", En: "The old wires"}, []string{"envelope-", "vnconnect-", "wire-"}},
	{"platform", ui.Text{Vi: "Cả nền tảng", En: "The whole platform"}, []string{"discovery-", "jwks-", "down", "slow"}},
}

func groupOf(name string) string {
	for _, g := range groups {
		for _, prefix := range g.prefixes {
			if strings.HasPrefix(name, prefix) {
				return g.ID
			}
		}
	}
	return groups[0].ID
}

// faultsPage lists the defects of a group, as they stand for one client.
type faultsPage struct {
	page
	Client  string // empty: everybody
	Clients []string
	Group   string
	Groups  []group
	Rows    []faultRow
	On      []onClient
}

type faultRow struct {
	Name      string
	About     ui.Text
	Expect    ui.Text // the error, as the pages of this project word it
	Code      string  // and by its own name; empty: none
	Everybody bool
	On        bool
}

// passes is what to expect of a defect that is none to a careful reader.
var passes = ui.Text{Vi: "Không có lỗi: người đọc cẩn thận đi tiếp, hoặc việc dừng ở trang của nền tảng", En: "No error: a careful reader goes on, or it ends on a page of the platform"}

func (l *room) row(f platform.Fault, on []string) faultRow {
	row := faultRow{Name: f.Name, About: l.about[f.Name], Expect: passes, Everybody: f.All, On: slices.Contains(on, f.Name)}
	if f.Kind != 0 {
		row.Expect, row.Code = verdict.Of(f.Kind).Reason, f.Kind.Error()
	}
	return row
}

func (l *room) faults(w http.ResponseWriter, r *http.Request) {
	l.showFaults(w, r, http.StatusOK, r.URL.Query().Get("client"), r.URL.Query().Get("group"), nil)
}

func (l *room) showFaults(w http.ResponseWriter, r *http.Request, status int, client, which string, bad *ui.Text) {
	if !slices.ContainsFunc(groups, func(g group) bool { return g.ID == which }) {
		which = groups[0].ID
	}
	p := faultsPage{page: pageOf(r), Client: client, Group: which, Groups: groups, On: l.on()}
	p.Problem = bad
	var err error
	if p.Clients, err = l.clients(r.Context()); err != nil {
		status, p.Problem = http.StatusServiceUnavailable, problem(err)
	}
	own, everybodys := l.p.Broken(client), l.p.Broken("")
	for _, f := range platform.Faults() {
		if groupOf(f.Name) != which {
			continue
		}
		if f.All {
			p.Rows = append(p.Rows, l.row(f, everybodys))
		} else {
			p.Rows = append(p.Rows, l.row(f, own))
		}
	}
	l.pages.Render(w, r, status, "faults", p)
}

// switchFault switches a defect, or all of a client's off.
func (l *room) switchFault(w http.ResponseWriter, r *http.Request) {
	client, name, do := r.PostFormValue("client"), r.PostFormValue("name"), r.PostFormValue("do")
	back := "/lab/faults?" + url.Values{"client": {client}, "group": {groupOf(name)}}.Encode()
	if which := r.PostFormValue("group"); which != "" {
		back = "/lab/faults?" + url.Values{"client": {client}, "group": {which}}.Encode()
	}
	var err error
	switch do {
	case "on":
		err = l.breakIt(r, client, name)
	case "off":
		l.p.Mend(l.scope(client, name), name)
	case "heal":
		l.p.HealAll()
	default:
		err = errForm
	}
	if err != nil {
		l.showFaults(w, r, http.StatusUnprocessableEntity, client, r.PostFormValue("group"), problem(err))
		return
	}
	done := "off"
	if do == "on" {
		done = "on"
	}
	http.Redirect(w, r, back+"&done="+done, http.StatusSeeOther)
}

// scope is the client that a defect is switched for: those of everybody have no other.
func (l *room) scope(client, name string) string {
	for _, f := range platform.Faults() {
		if f.Name == name && f.All {
			return ""
		}
	}
	return client
}

// breakIt switches a defect on, for a client that there is.
func (l *room) breakIt(r *http.Request, client, name string) error {
	client = l.scope(client, name)
	if client != "" {
		if _, err := l.p.Client(r.Context(), client); err != nil {
			return err
		}
	}
	return l.p.Break(client, name)
}
