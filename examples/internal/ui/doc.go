// Package ui draws the web pages of the example programs: one layout, one style
// sheet, one small script, two languages.
//
// A page is a template that defines "title" and "main". Its words stand where
// they are used, Vietnamese first:
//
//	{{define "title"}}{{say "Đăng nhập" "Log in"}}{{end}}
//
// The language is the query's lang, else the cookie's, else Vietnamese; the
// switch in the header sets the cookie. The layout puts Banner on top of every
// page; there is no page without the layout. Templates may call say, text (of a
// Text), when and day (of a time.Time), iso (for data-until) and lang.
//
// Pages work without JavaScript: the policy that Secure sets allows the site's own
// script alone, and no inline scripts or styles. Look at every page 390 and 1280
// pixels wide, light and dark.
//
// # Components
//
// A page, with the way back first and one h1:
//
//	<p class="back"><a href="/me">Trang của bạn</a> <a href="/me/shares">Đã chia sẻ</a></p>
//	<h1>…</h1> <p class="lead">one sentence</p>
//	<div class="narrow">…</div>                     forms and questions: one narrow column
//	<div class="grid two">…</div>                   cards beside each other; also three, side (2:1)
//
// A card, and a list in one:
//
//	<section class="card"><h2>…</h2>…</section>
//	<ul class="plain card"><li>…</li></ul>
//	<div class="row"><h2>…</h2><span class="badge ok">Đang dùng</span></div>
//
// Tiles that lead somewhere:
//
//	<ul class="doors"><li><a class="door" href="/me"><strong>Công dân</strong><span>what is there</span></a></li></ul>
//
// Words about a state. A colour never stands without its words:
//
//	<span class="badge ok">…</span> .warn .bad, or plain; <span class="tag">…</span> for kinds
//	<p class="notice ok" role="status">…</p> .warn .bad (role="alert"), or plain
//	<p class="who">who asks</p> <p class="note">aside</p> <p class="empty">Chưa có …</p>
//
// Facts:
//
//	<dl class="facts"><dt>Ngày sinh</dt><dd>31/01/1990</dd></dl>
//
// A table whose rows are cards on a phone, there with the column's name from data-label:
//
//	<table class="rows"><caption class="sr">…</caption>
//	<thead><tr><th scope="col">Tên</th><th scope="col">Lúc</th></tr></thead>
//	<tbody><tr><th scope="row">…</th><td data-label="{{say "Lúc" "At"}}">…</td></tr></tbody></table>
//
// With a box that leaves of a long table (or list) the rows with some words; the script
// shows the box:
//
//	<div class="field js-only"><label for="f">Tìm</label><input type="search" id="f" data-filter="people"></div>
//	<table class="rows" id="people">…
//
// A form. An error stands with its field and is tied to it; the page answers 422 (or what
// fits) and its title begins with "Lỗi: ":
//
//	<form class="card" method="post" action="…">
//	<div class="field"><label for="phone">Số điện thoại</label>
//	<input type="tel" id="phone" name="phone" autocomplete="tel" inputmode="tel" aria-invalid="true" aria-describedby="phone-hint phone-error">
//	<p class="hint" id="phone-hint">…</p><p class="error" id="phone-error">…</p></div>
//	<fieldset><legend>…</legend><label class="choice"><input type="checkbox" name="…" value="…"> <span>…<span class="hint">…</span></span></label></fieldset>
//	<div class="actions"><button>Lưu</button><a class="button second" href="…">Quay lại</a></div></form>
//
// Buttons: plain, second, danger (locks, deletes), equal (a refusal beside an agreement),
// quiet, small. Agreeing and refusing stand in <div class="buttons pair">.
//
// The pages of an area are Site.Tabs; within a page:
//
//	<nav class="tabs" aria-label="…"><ul><li><a href="…" aria-current="page">…</a></li><li>…</li></ul></nav>
//
// Pages of a list that goes on, and what hides until asked for:
//
//	<nav class="pages" aria-label="…"><a href="?after=…" rel="next">Tiếp theo</a></nav>
//	<details><summary>…</summary>…</details>
//
// Steps of something under way; across lays them out side by side where there is room:
//
//	<ol class="steps across"><li class="done"><span>Đã nộp</span></li><li aria-current="step"><span>Đang đối chiếu</span><span class="hint">…</span></li><li><span>Kết quả</span></li></ol>
//
// A QR code with its countdown is a Code and {{template "code" .}}; other countdowns are
// written in words and counted by the script:
//
//	{{when .Until}} <span class="num" data-until="{{iso .Until}}"></span>
//
// An identity card, drawn by this project and not after the real one:
//
//	<section class="idcard"><header><strong>Căn cước điện tử</strong><span class="badge ok">…</span></header>
//	<div class="face"><img src="…" alt=""><dl class="facts">…</dl></div></section>
//
// Buttons of the script, hidden without it:
//
//	<button type="button" class="second small js-only" data-copy="ID-OF-THE-TEXT">Chép</button>
//	<button type="button" class="second small js-only" data-print>In trang này</button>
//
// A page that waits for something elsewhere looks again every few seconds, and has a link
// for browsers without the script:
//
//	<p class="note" role="status" data-reload="4">Đang chờ… <a href="">Xem lại</a></p>
package ui
