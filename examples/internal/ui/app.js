// What pages do better with a script. Without it they show times of day and links
// to load again. It comes from the site itself, and asks nobody else anything.
(() => {
  'use strict';
  const root = document.documentElement;
  const say = (vi, en) => root.lang === 'en' ? en : vi;
  const all = (what, f) => document.querySelectorAll(what).forEach(f);
  root.classList.add('js');

  // The server's clock counts, which a laboratory may have moved.
  const ahead = page => (Date.parse(page.dataset.now) || Date.now()) - Date.now();
  let skew = ahead(document.body);

  const two = n => String(n).padStart(2, '0');
  const spell = s => s >= 172800 ? Math.floor(s / 86400) + say(' ngày', ' days')
    : (s >= 3600 ? Math.floor(s / 3600) + ':' + two(Math.floor(s / 60) % 60) : Math.floor(s / 60)) + ':' + two(s % 60);

  // [data-until]: how long something is good for. A progress element shows it as a
  // bar; a .code that is over is dimmed, and asked for anew if it has data-fresh.
  function tick() {
    all('[data-until]', e => {
      const s = Math.ceil((Date.parse(e.dataset.until) - Date.now() - skew) / 1000);
      if (e.tagName === 'PROGRESS') e.value = Math.max(s, 0);
      else e.textContent = s > 0 ? say('còn ', '') + spell(s) + say('', ' left') : say('đã hết hiệu lực', 'over');
      const code = s <= 0 && e.closest('.code');
      if (code) {
        code.classList.add('over');
        if ('fresh' in code.dataset && !document.hidden) fresh(code);
      }
    });
  }

  // fresh puts the same code of a fresh copy of this page in place of an old one. A
  // page that leads elsewhere now leaves it as it is.
  async function fresh(code) {
    delete code.dataset.fresh;
    try {
      const res = await fetch(location.href, {redirect: 'error'});
      const page = new DOMParser().parseFromString(await res.text(), 'text/html');
      const next = res.ok && page.getElementById(code.id);
      if (!next) return;
      skew = ahead(page.body);
      code.replaceWith(next);
    } catch { /* a link does it too */ }
  }

  // [data-reload=SECONDS]: a page that waits looks again, unless somebody is typing.
  const typed = () => [...document.querySelectorAll('main input, main textarea')].some(
    e => e === document.activeElement || e.value !== e.defaultValue || e.checked !== e.defaultChecked);
  all('[data-reload]', e => setInterval(() => document.hidden || typed() || location.reload(), 1000 * e.dataset.reload));

  // [data-watch=URL]: a code waits to be used elsewhere; then the page goes on.
  if (document.querySelector('[data-watch]')) setInterval(async () => {
    const code = document.querySelector('[data-watch]');
    if (document.hidden || !code) return;
    try {
      const res = await fetch(code.dataset.watch);
      if (res.ok && await res.text() !== 'waiting' && !typed()) location.reload();
    } catch { /* a link does it too */ }
  }, 2000);

  // Wide navigation begins at the page.
  all('nav [aria-current]', e => { const u = e.closest('ul'); u.scrollLeft = e.offsetLeft - u.offsetLeft - 48; });

  document.addEventListener('click', async event => {
    const button = event.target.closest('button');
    if (!button) return;
    if ('print' in button.dataset) print();
    const from = button.dataset.copy && document.getElementById(button.dataset.copy);
    if (!from) return;
    try {
      await navigator.clipboard.writeText(from.textContent.trim());
      button.textContent = say('Đã chép', 'Copied');
    } catch {
      getSelection().selectAllChildren(from);
    }
  });

  // input[data-filter=ID]: leaves of a list's rows those with these words.
  const plain = s => s.normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/gi, 'd').toLowerCase();
  all('input[data-filter]', box => box.addEventListener('input', () => {
    const words = plain(box.value).split(/\s+/);
    document.getElementById(box.dataset.filter).querySelectorAll('tbody tr, li').forEach(row => {
      row.hidden = !words.every(w => plain(row.textContent).includes(w));
    });
  }));

  setInterval(tick, 1000);
  tick();
})();
