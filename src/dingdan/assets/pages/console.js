// The console's keys, queues, clocks and live rows. Everything works without it but keys, panes and live updates.
"use strict";
(() => {
  const words = JSON.parse(document.body.dataset.words || "{}");
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const filled = (text, n) => text.replace("{n}", n);

  // --- Short notes about one's own acts. -------------------------------------------------------------------------
  function toast(text) {
    const box = one("#toasts");
    if (!box) return;
    const same = all(".o-toast", box).find((note) => note.dataset.text === text);
    if (same) {
      same.dataset.n = Number(same.dataset.n) + 1;
      same.textContent = `${text} × ${same.dataset.n}`;
      return;
    }
    const note = document.createElement("div");
    note.className = "o-toast";
    note.dataset.text = text;
    note.dataset.n = 1;
    note.textContent = text;
    box.append(note);
    while (box.children.length > 3) box.firstElementChild.remove();
    let left = 5000;
    const timer = setInterval(() => {
      if (!note.matches(":hover")) left -= 250;
      if (left <= 0) { clearInterval(timer); note.remove(); }
    }, 250);
  }

  // --- Clocks. The server says when they end and what time it is; the page only counts. --------------------------
  let skew = document.body.dataset.now ? Date.parse(document.body.dataset.now) - Date.now() : 0;
  function tick() {
    for (const fuse of all(".o-fuse[data-due]")) {
      const left = (Date.parse(fuse.dataset.due) - Date.now() - skew) / 1000;
      const away = Math.abs(left);
      const shown = left > 0 && left < 60 ? filled(words.seconds, Math.ceil(left)) : away >= 259200 ? filled(words.days, Math.floor(away / 86400))
        : `${Math.floor(away / 3600)}:${String(Math.floor(away % 3600 / 60)).padStart(2, "0")}`;
      const share = Math.max(0, Math.min(100, 100 * left / Number(fuse.dataset.span)));
      const look = left < 0 ? "over" : share <= 25 || left <= 7200 ? "risk" : "calm";
      fuse.className = `o-fuse o-fuse-${look}`;
      const text = (left < 0 ? "\u2212" : "") + shown;
      const said = one("span", fuse);
      if (said.textContent !== text) said.textContent = text;
      const bar = one(".o-fuse-bar", fuse);
      if (bar) bar.setAttribute("width", look === "over" ? 0 : share);
    }
  }
  // The last minute is counted in seconds; otherwise now and then is often enough.
  const isLast = (fuse) => { const left = Date.parse(fuse.dataset.due) - Date.now() - skew; return left > -2000 && left < 60000; };
  let ticks = 0;
  setInterval(() => { if (ticks++ % 10 === 0 || all(".o-fuse[data-due]").some(isLast)) tick(); }, 1000);
  // With every sign of life the server says its time; where that has jumped (the sandbox's clock was turned), all is asked anew.
  function timed(said) {
    if (!said) return;
    const was = skew;
    skew = Date.parse(said) - Date.now();
    if (Math.abs(skew - was) < 60000) return;
    tick();
    refresh();
  }
  document.addEventListener("DOMContentLoaded", () => lastCall());

  // --- Lists and their pane. -------------------------------------------------------------------------------------
  const rows = () => all("#rows tbody tr");
  const current = () => one("#rows tr.o-at");
  const pane = () => one("#pane");
  const isWide = () => window.matchMedia("(min-width: 1200px)").matches;

  function mark(row, { focus = true } = {}) {
    if (!row) return;
    current()?.classList.remove("o-at");
    row.classList.add("o-at");
    if (focus) row.scrollIntoView({ block: "nearest" });
  }
  function open(row) {
    if (!row || !row.dataset.href) return;
    mark(row);
    if (!pane() || !isWide()) { location.href = row.dataset.href; return; }
    const url = new URL(location.href);
    url.searchParams.set("open", row.dataset.key);
    history.replaceState(null, "", url);
    htmx.ajax("GET", row.dataset.href, { target: "#pane", swap: "innerHTML" });
  }
  function step(by) {
    const list = rows();
    if (!list.length) return;
    const at = list.indexOf(current());
    const row = list[Math.max(0, Math.min(list.length - 1, at < 0 ? 0 : at + by))];
    if (pane() && isWide()) open(row); else mark(row);
  }
  // After a decision the row is shown as gone, and the next one opens by itself.
  function decided() {
    const row = current();
    const list = rows().filter((other) => !other.classList.contains("o-gone"));
    const following = list[list.indexOf(row) + 1] || list[list.indexOf(row) - 1];
    row.classList.add("o-gone");
    setTimeout(() => row.remove(), 5000);
    if (following) open(following); else pane().replaceChildren();
  }

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) { opener.closest("details")?.setAttribute("open", ""); const dialog = document.getElementById(opener.dataset.opens); dialog.showModal(); return; }
    const closer = event.target.closest("[data-closes]");
    if (closer) { closer.closest("dialog").close(); return; }
    if (event.target.closest("[data-palette]")) { palette(); return; }
    if (event.target.closest("a[href='#print']")) { event.preventDefault(); window.print(); return; }
    const why = event.target.closest("[data-why]");
    if (why) { toast(why.dataset.why); return; }
    const ready = event.target.closest("[data-says]");
    if (ready) { says(ready); return; }
    if (event.target.closest("#pill")) { refresh({ whole: true }); return; }
    const row = event.target.closest("#rows tr[data-href], .o-list tr[data-href]");
    if (!row || event.target.closest("a:not([data-open]), button, input, label, summary") || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    if (row.closest("#rows")) open(row); else location.href = row.dataset.href;
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-filters] select")) event.target.form.requestSubmit();
    if (event.target.matches("[data-all]")) for (const box of all("#rows input[name=keys]")) box.checked = event.target.checked;
    if (event.target.matches("[data-all], #rows input[name=keys]")) bulk();
  });
  function bulk() {
    const bar = one("#bulk");
    if (!bar) return;
    const chosen = all("#rows input[name=keys]:checked").length;
    bar.hidden = !chosen;
    one("[data-selected]", bar).textContent = filled(words.selected, chosen);
  }

  // Ready words: a click puts them in, or "/" in a field that is empty; "/" again takes the next ones.
  function says(button) {
    const text = one("textarea", button.closest(".o-field"));
    text.value = button.dataset.says;
    text.dispatchEvent(new Event("input", { bubbles: true }));
    text.focus();
  }
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.isComposing || event.keyCode === 229 || !event.target.matches?.("textarea")) return;
    const ready = all("[data-says]", event.target.closest(".o-field") || event.target);
    const at = ready.findIndex((button) => button.dataset.says === event.target.value);
    if (!ready.length || (event.target.value && at < 0)) return;
    event.preventDefault();
    says(ready[(at + 1) % ready.length]);
  });

  // --- The list one came from: its rows lie beside each other, also when one of them is open as a page. ---------------
  const LIST = "dingdan-list";
  window.addEventListener("pagehide", () => {
    const hrefs = rows().map((row) => row.dataset.href).filter(Boolean);
    if (hrefs.length) sessionStorage.setItem(LIST, JSON.stringify(hrefs));
  });
  function neighbours() {
    const box = one("[data-neighbours]");
    const hrefs = box ? JSON.parse(sessionStorage.getItem(LIST) || "[]") : [];
    const at = hrefs.indexOf(location.pathname);
    if (at < 0) return;
    all("a", box).forEach((link, n) => {
      const href = hrefs[at + (n ? 1 : -1)];
      if (href) link.href = href; else link.remove();
    });
    box.hidden = !box.childElementCount;
  }
  neighbours();
  // --- Copying: what stands in a button, or the last act that was done here as a call of the API. ------------------
  const LAST = "dingdan-last-call";
  async function copy(text) {
    // Browsers have a clipboard for pages that came safely; over plain HTTP the old way still works.
    if (navigator.clipboard) { await navigator.clipboard.writeText(text); return; }
    const box = document.createElement("textarea");
    box.value = text;
    (one("dialog[open]") || document.body).append(box);
    box.select();
    document.execCommand("copy");
    box.remove();
  }
  function lastCall() {
    const last = JSON.parse(sessionStorage.getItem(LAST) || "null");
    for (const button of all("[data-copy-last]")) {
      button.hidden = !last || last.at !== button.dataset.copyLast;
      if (!button.hidden) button.dataset.copy = last.text;
    }
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    const bars = event.target.closest("[data-scan-as]");
    // An open station of this house hears it, as if a scanner had read it.
    if (bars) { new BroadcastChannel("dingdan-scanner").postMessage(bars.dataset.scanAs); toast(bars.dataset.scanAs); }
    const link = event.target.closest("[data-copies]");
    const text = link ? new URL(link.dataset.copies, location.href).href : button?.dataset.copy;
    if (text) copy(text).then(() => toast(words.copied));
  });

  // --- Fresh forms are sent as all others: htmx takes them over a moment after they came, and a quick hand is quicker. --
  const taken = new WeakSet();
  document.addEventListener("htmx:afterProcessNode", (event) => taken.add(event.detail.elt));
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[hx-post]") && !taken.has(event.target)) htmx.process(event.target);
  }, true);

  // --- What acts answer. -----------------------------------------------------------------------------------------
  document.body.addEventListener("done", (event) => {
    if (!event.detail.undo) toast(event.detail.text || words.done);
    const at = one("[data-copy-last]")?.dataset.copyLast;
    if (event.detail.call && at) sessionStorage.setItem(LAST, JSON.stringify({ at, text: event.detail.call }));
    const dialog = event.target.closest?.("dialog[open]") || one("dialog[open]");
    dialog?.close();
    const keeps = event.target.closest?.("[data-keeps]")?.dataset.keeps;
    if (keeps && event.detail.to) { htmx.ajax("GET", event.detail.to, { target: keeps, swap: "innerHTML", select: "article" }); return; }
    // A list one is on already keeps its view.
    if (event.detail.to && !(event.detail.to === location.pathname && one("#rows"))) { location.href = event.detail.to; return; }
    if (event.detail.stays && current() && pane()?.contains(event.target)) { open(current()); refresh(); return; }
    if (current() && pane()?.contains(event.target)) { decided(); return; }
    refresh({ whole: true });
  });
  document.body.addEventListener("htmx:afterSwap", (event) => {
    tick();
    lastCall();
    const problems = one(".o-problems", event.detail.target);
    (problems || one(".o-dry", event.detail.target))?.focus();
    one("dialog[data-modal]", event.detail.target)?.showModal();
    if (event.detail.target.id === "pane") event.detail.target.scrollTop = 0;
  });

  // --- Pictures seen large: arrows go on, a click makes it larger still; what cannot be shown says so. --------------
  document.addEventListener("error", (event) => {
    const box = event.target.matches?.("img, video") && event.target.closest("[data-viewer]");
    if (!box) return;
    const figure = event.target.closest("figure");
    figure.classList.add("o-blocked");
    event.target.replaceWith(box.dataset.blocked);
  }, true);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-viewer] a");
    if (!link || event.ctrlKey || event.metaKey || link.dataset.sort === "file" || link.closest(".o-blocked")) return;
    event.preventDefault();
    const all_ = all("a:not([data-sort=file])", link.closest("[data-viewer]")).filter((other) => !other.closest(".o-blocked"));
    const dialog = document.createElement("dialog");
    dialog.className = "o-dialog o-viewer";
    dialog.innerHTML = '<div class="o-inner"><div class="o-large"></div><div class="o-acts"><button type="button" class="o-btn" data-by="-1">←</button><button type="button" class="o-btn" data-by="1">→</button><span></span><button type="button" class="o-btn" data-closes>Esc</button></div></div>';
    let at = all_.indexOf(link);
    const show = () => {
      const film = all_[at].dataset.sort === "video", large = one(".o-large", dialog);
      const seen = document.createElement(film ? "video" : "img");
      seen.src = all_[at].href;
      if (film) { seen.controls = true; } else { seen.alt = one("img", all_[at])?.alt || ""; }
      large.classList.remove("o-zoomed");
      large.replaceChildren(seen);
      one("span", dialog).textContent = `${at + 1} / ${all_.length} ${one("figcaption", all_[at].closest("figure"))?.textContent || ""}`;
    };
    const go = (by) => { at = (at + by + all_.length) % all_.length; show(); };
    dialog.addEventListener("click", (inner) => {
      if (inner.target.dataset.by) go(Number(inner.target.dataset.by));
      if (inner.target.matches("img")) one(".o-large", dialog).classList.toggle("o-zoomed");
    });
    dialog.addEventListener("keydown", (key) => { if (key.key === "ArrowRight") go(1); if (key.key === "ArrowLeft") go(-1); });
    dialog.addEventListener("close", () => { dialog.remove(); link.focus(); });
    document.body.append(dialog);
    show();
    dialog.showModal();
  });

  // --- Live: rows change where they stand; what is new or gone waits for a click. ---------------------------------
  const kinds = new Set((document.body.dataset.live || "").split(" ").filter(Boolean));
  let asked = null;
  async function page() {
    const answer = await fetch(location.href, { headers: { "X-Live": "1" }, credentials: "same-origin" });
    if (!answer.ok) return null;
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  }
  async function refresh({ whole = false } = {}) {
    const fresh = await page();
    if (!fresh) return;
    const table = one("#rows");
    if (whole || !table) {
      if (one("dialog[open]") || (!whole && document.activeElement?.matches("input, textarea, select"))) return;
      const main = one("#main"), top = main.scrollTop, at = current()?.dataset.key, kept = pane()?.childNodes;
      const held = kept ? [...kept] : [];
      main.innerHTML = one("#main", fresh).innerHTML;
      htmx.process(main);
      neighbours();
      if (held.length && pane()) pane().replaceChildren(...held);
      showHere();
      main.scrollTop = top;
      if (at) mark(document.getElementById(`row-${at}`), { focus: false });
      tick();
      return;
    }
    const now = new Map(all("#rows tbody tr", fresh).map((row) => [row.id, row]));
    let changed = 0;
    for (const row of rows()) {
      const other = now.get(row.id);
      if (!other) { if (!row.classList.contains("o-gone")) changed += 1; continue; }
      now.delete(row.id);
      if (row.classList.contains("o-gone")) continue;
      const checked = one("input[name=keys]", row)?.checked, isAt = row.classList.contains("o-at");
      row.innerHTML = other.innerHTML;
      if (checked) one("input[name=keys]", row).checked = true;
      if (isAt) row.classList.add("o-at");
    }
    changed += now.size;
    const pill = one("#pill");
    pill.hidden = !changed;
    pill.textContent = filled(words.new, changed);
    tick();
  }
  // What is about to happen leaves no fact: a page that waits for it looks again until it has.
  function soon() { if (one("[data-soon]")) setTimeout(() => refresh({ whole: true }).catch(() => {}).then(soon), 1500); }
  // Who else has the same sheet open: a quiet line in its head, said once to whoever listens to the page.
  const sheet = () => one("#pane [data-sheet]")?.dataset.sheet || one("[data-sheet]")?.dataset.sheet || "";
  let here = null;
  function showHere() {
    const line = one("#pane [data-here]") || one("[data-here]");
    const text = here && line && here.sheet === sheet() ? hereWords(here) : "";
    if (line) { line.textContent = text; line.title = text; }
    const said = one("#here-said");
    if (said && said.textContent !== text) said.textContent = text;
  }
  function hereWords({ names, more }) {
    const all_ = names.join(words.comma);
    if (more) return filled(words.hereMore, document.documentElement.lang === "en" ? more : more + names.length).replace("{names}", () => all_);
    return names.length ? (names.length > 1 ? words.hereMany : words.here).replace("{names}", () => all_) : "";
  }
  function listen() {
    if (!document.body.hasAttribute("data-live")) return;
    let source = null, heard = Date.now(), told = "";
    const say = () => { const state = one("#live-state"); if (state) state.textContent = Date.now() - heard > 40000 ? words.delayed : ""; };
    const begin = () => {
      told = sheet();
      const mine = source = new EventSource(told ? `/live?sheet=${encodeURIComponent(told)}` : "/live");
      // What happened while nobody was told stands on the page, too: a stream that is begun anew does not say it.
      let isOpen = false;
      source.addEventListener("open", () => { if (isOpen) refresh(); isOpen = true; });
      source.addEventListener("here", (event) => { if (mine === source) { here = JSON.parse(event.data); showHere(); } });
      source.addEventListener("beat", (event) => { heard = Date.now(); say(); timed(JSON.parse(event.data).now); });
      source.addEventListener("facts", (event) => {
        heard = Date.now();
        say();
        document.body.dispatchEvent(new CustomEvent("facts-heard"));
        const sheet = one("[data-sheet]")?.dataset.sheet;
        const touches = JSON.parse(event.data).some((fact) => kinds.has(fact.kind) || (sheet && (fact.id === sheet || fact.order === sheet)));
        if (!touches) return;
        clearTimeout(asked);
        asked = setTimeout(() => refresh(), 400);
      });
    };
    begin();
    setInterval(say, 10000);
    // Another sheet in the pane is another stream, once somebody stays with it; the old one ends when the new one speaks.
    let looking = 0;
    document.body.addEventListener("htmx:afterSwap", (event) => {
      if (event.detail.target.id !== "pane") return;
      showHere();
      clearTimeout(looking);
      looking = setTimeout(() => {
        if (document.hidden || sheet() === told) return;
        const old = source;
        begin();
        source.addEventListener("beat", () => old.close(), { once: true });
        source.addEventListener("error", () => old.close(), { once: true });
      }, 1200);
    });
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) { source.close(); here = null; showHere(); return; }
      begin();
      refresh();
      tick();
    });
    window.addEventListener("pagehide", () => source.close());
  }

  // --- The command bar. ------------------------------------------------------------------------------------------
  function palette() {
    const box = one("#palette");
    if (!box || box.open) return;
    box.showModal();
    const input = one("input", box);
    input.value = shownFor = "";
    wanted = false;
    htmx.ajax("POST", "/find", { target: "#found", swap: "innerHTML" });
    input.focus();
  }
  // What is typed fast is not answered yet when Enter is pressed: then the first of what comes is gone to.
  let shownFor = "", wanted = false;
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id !== "found") return;
    shownFor = event.detail.requestConfig?.formData?.get("q") || "";
    if (wanted && shownFor === one("#palette input").value) { wanted = false; one("#found a")?.click(); }
  });
  one("#palette input")?.addEventListener("keydown", (event) => {
    const links = all("#found a");
    const at = links.findIndex((link) => link.getAttribute("aria-selected") === "true");
    if (event.isComposing || event.key === "Process") return;
    if (event.key === "Enter") {
      event.preventDefault();
      wanted = event.target.value !== shownFor;
      if (!wanted) (links[at] || links[0])?.click();
    }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      links[at]?.removeAttribute("aria-selected");
      const next = links[Math.max(0, Math.min(links.length - 1, at + (event.key === "ArrowDown" ? 1 : -1)))];
      next?.setAttribute("aria-selected", "true");
      next?.scrollIntoView({ block: "nearest" });
    }
  });

  // --- Keys. Never while somebody types, and never while an input method composes. --------------------------------
  const GO = { t: "/today", o: "/orders", r: "/q/returns", v: "/q/review", e: "/q/exceptions", f: "/q/refunds", d: "/q/disputes", a: "/audit" };
  let going = 0;
  // Who chose keys of their own presses those; everything below speaks of everybody's.
  const own = Object.entries(JSON.parse(document.body.dataset.keys || "{}")).map(([key, chosen]) => [chosen.toLowerCase(), key.toLowerCase()]);
  const everybodys = new Map([...own.map(([, key]) => [key, ""]), ...own]);
  const single = () => localStorage.getItem("dingdan-keys") !== "off";
  const box = one("#keys-on");
  if (box) {
    box.checked = single();
    box.addEventListener("change", () => { localStorage.setItem("dingdan-keys", box.checked ? "on" : "off"); toast(box.checked ? words.keysOn : words.keysOff); });
  }
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.key === "Process" || event.keyCode === 229) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") { event.preventDefault(); palette(); return; }
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
      const form = event.target.closest?.("form") || one("dialog[open] form") || one("#answers .o-dry form");
      if (form) { event.preventDefault(); form.requestSubmit(); }
      return;
    }
    if (event.key === "Enter" && event.target.matches?.("dialog[open] form select")) { event.preventDefault(); event.target.form.requestSubmit(); return; }
    if (event.target.matches?.("input, textarea, select, [contenteditable]") || one("dialog[open]")) return;
    if (event.ctrlKey || event.metaKey || event.altKey || !single()) return;
    const pressed = event.key.toLowerCase();
    if (going && Date.now() - going < 1500 && GO[pressed]) { going = 0; location.href = GO[pressed]; return; }
    going = pressed === "g" ? Date.now() : 0;
    if (going) return;
    const key = everybodys.get(pressed) ?? pressed;
    if (!key) return;
    if (key === "enter" && event.target.matches?.("a, button, summary, label")) return;
    // What is open comes first, then the list beside it.
    const keyed = (root) => all("[data-key]", root).find((each) => each.tagName !== "TR" && each.dataset.key.toLowerCase() === key && !each.closest("#bulk[hidden]"));
    const button = (pane() && keyed(pane())) || keyed(document);
    if (button) { event.preventDefault(); button.click(); return; }
    if (key === "?") { one("#keys").showModal(); return; }
    if (key === "j" || event.key === "ArrowDown") { event.preventDefault(); step(1); return; }
    if (key === "k" || event.key === "ArrowUp") { event.preventDefault(); step(-1); return; }
    if (event.key === "Enter" && event.target === document.body) { event.preventDefault(); open(current()); return; }
    if (key === "x" && current()) { const mine = one("input[name=keys]", current()); if (mine) { mine.checked = !mine.checked; bulk(); } return; }
    if (key === "/") { const input = one("[data-filters] input, [data-filters] select"); if (input) { event.preventDefault(); input.focus(); } return; }
    if (event.key === "Escape" && document.referrer && one("[data-sheet]") && !pane()) { history.back(); return; }
    if (key === "y") { copy(location.href).then(() => toast(words.copied)); return; }
    if (/^[1-9]$/.test(event.key)) all(".o-tabs a")[Number(event.key) - 1]?.click();
  });

  // --- Begin. ----------------------------------------------------------------------------------------------------
  document.body.addEventListener("htmx:oobAfterSwap", tick);
  const opened = new URL(location.href).searchParams.get("open");
  if (pane() && isWide()) open((opened && document.getElementById(`row-${opened}`)) || rows()[0]);
  tick();
  soon();
  listen();
})();
