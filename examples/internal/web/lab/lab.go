package lab

import (
	"context"
	"embed"
	"errors"
	"net/http"
	"slices"
	"sync"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/form"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/words"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

//go:embed templates/*.html faults.vi.txt
var files embed.FS

// Paths are what the handler of New serves.
var Paths = []string{"/lab", "/lab/"}

// Tabs are the pages of the lab.
var Tabs = []ui.Link{
	{Href: "/lab", Text: ui.Text{Vi: "Tổng quan", En: "Overview"}},
	{Href: "/lab/people", Text: ui.Text{Vi: "Người dùng", En: "People"}},
	{Href: "/lab/faults", Text: ui.Text{Vi: "Lỗi", En: "Faults"}},
	{Href: "/lab/clock", Text: ui.Text{Vi: "Đồng hồ", En: "Clock"}},
	{Href: "/lab/keys", Text: ui.Text{Vi: "Đổi khóa", En: "Keys"}},
	{Href: "/lab/weather", Text: ui.Text{Vi: "Chậm và mất", En: "Latency, outage"}},
	{Href: "/lab/reset", Text: ui.Text{Vi: "Làm lại", En: "Reset"}},
}

// Config says what the lab works with. The zero value keeps it to this machine.
type Config struct {
	Exposed bool // other machines reach it too

	// Seed puts people and relying parties into an emptied platform, as at the start.
	Seed func(context.Context) error

	// People lists those to log in as. It is asked once, when somebody wants to know.
	People func() []Person
}

// actor stands in the audit log for what the lab does.
const actor = "lab"

type room struct {
	p     *platform.Platform
	cfg   Config
	pages *ui.Set
	about map[string]ui.Text // what a defect does
	cast  func() []Person

	resetting sync.Mutex // one at a time
}

// New returns the lab's pages and its addresses for programs.
func New(p *platform.Platform, site ui.Site, cfg Config) (http.Handler, error) {
	pages, err := ui.Parse(files, "templates", site)
	if err != nil {
		return nil, err
	}
	about, err := aboutFaults()
	if err != nil {
		return nil, err
	}
	if cfg.People == nil {
		cfg.People = func() []Person { return nil }
	}
	l := &room{p: p, cfg: cfg, pages: pages, about: about, cast: sync.OnceValue(cfg.People)}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /lab", l.home)
	mux.HandleFunc("GET /lab/people", l.people)
	mux.HandleFunc("GET /lab/faults", l.faults)
	mux.HandleFunc("POST /lab/faults", l.switchFault)
	mux.HandleFunc("GET /lab/clock", l.clock)
	mux.HandleFunc("POST /lab/clock", l.moveClock)
	mux.HandleFunc("GET /lab/keys", l.keys)
	mux.HandleFunc("POST /lab/keys", l.turnKeys)
	mux.HandleFunc("GET /lab/weather", l.weather)
	mux.HandleFunc("POST /lab/weather", l.makeWeather)
	mux.HandleFunc("GET /lab/reset", l.resetPage)
	mux.HandleFunc("POST /lab/reset", l.doReset)
	l.routeAPI(mux)
	return guard(p.Issuer(), cfg.Exposed, mux), nil
}

// page is what every page of the lab knows.
type page struct {
	Done    *ui.Text
	Problem *ui.Text
}

func pageOf(r *http.Request) page { return page{Done: doneWords.Said(r)} }

var doneWords = form.Done{
	"on":    {Vi: "Đã bật lỗi.", En: "The fault is on."},
	"off":   {Vi: "Đã tắt.", En: "Switched off."},
	"clock": {Vi: "Đã chỉnh đồng hồ.", En: "The clock was moved."},
	"keys":  {Vi: "Đã đổi khóa.", En: "Done."},
	"sky":   {Vi: "Đã đặt.", En: "Set."},
	"reset": {Vi: "Mọi thứ đã trở về lúc đầu.", En: "Everything is back to the beginning."},
}

// problem words what went wrong.
func problem(err error) *ui.Text {
	why := refusals.Of(err)
	return &why.Text
}

var refusals = words.Refusals{
	words.Refuse(platform.ErrFarClock, http.StatusUnprocessableEntity, "Đồng hồ đi từ năm 2020 đến hết năm 2099.", "The clock goes from 2020 to 2099."),
	words.Refuse(platform.ErrNoClock, http.StatusUnprocessableEntity, "Chương trình này không cho chỉnh đồng hồ.", "This program's clock cannot be moved."),
	words.Refuse(platform.ErrNoFault, http.StatusUnprocessableEntity, "Không có lỗi tên này, hoặc lỗi này chỉ bật cho mọi đơn vị.", "There is no such fault, or it is everybody's alone."),
	words.Refuse(platform.ErrNoPlace, http.StatusUnprocessableEntity, "Không có nơi này, hoặc thời gian chậm ngoài khoảng 0 đến 20 giây. Cơ sở dữ liệu chỉ có thể mất, không chậm.", "No such place, or a delay outside 0 to 20 seconds. A register can be out, not slow."),
	words.Refuse(errForm, http.StatusUnprocessableEntity, "Biểu mẫu thiếu hoặc sai.", "The form lacks something, or has it wrong."),
}

var errForm = errors.New("lab: the form lacks something, or has it wrong")

// overview is the first page.
type overview struct {
	page
	Clock   clockView
	Faults  []onClient
	Weather []placeRow
	People  int
	Named   int // how many faults there are
}

// onClient is a client with faults switched on.
type onClient struct {
	Client string // empty: everybody
	Names  []string
}

func (l *room) home(w http.ResponseWriter, r *http.Request) {
	l.pages.Render(w, r, http.StatusOK, "home", overview{
		page: pageOf(r), Clock: l.clockView(), Faults: l.on(), Weather: l.badWeather(), People: len(l.cast()), Named: len(platform.Faults()),
	})
}

// on lists what is switched on, by client.
func (l *room) on() (out []onClient) {
	for _, c := range l.p.BrokenClients() {
		out = append(out, onClient{c, l.p.Broken(c)})
	}
	return out
}

// clients lists the ids that faults can be confined to.
func (l *room) clients(ctx context.Context) (ids []string, err error) {
	list, err := l.p.Clients(ctx, "", 500)
	for _, c := range list {
		ids = append(ids, c.ID)
	}
	slices.Sort(ids)
	return ids, err
}
