// Stations: scanners, function keys, sounds. A page says what can be done; this only presses it, and keeps the address.
"use strict";
(() => {
  const words = JSON.parse(document.body.dataset.words || "{}");
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const station = () => one("#station");
  const stopped = () => one("[data-stop]", station()) || (one("#stopped").open ? one("#stopped") : null);

  // --- Sounds: four that nobody mixes up, and a buzz where there is a motor. --------------------------------------
  const TONES = { ok: [[1320, 0.07]], next: [[880, 0.07], [1170, 0.09]], error: [[170, 0.5]], done: [[660, 0.09], [880, 0.09], [1320, 0.16]] };
  let audio = null;
  function sound(name) {
    if (!TONES[name]) return;
    if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(name === "error" ? [200, 80, 200] : 40);
    try {
      audio ||= new AudioContext();
      let at = audio.currentTime;
      for (const [pitch, lasts] of TONES[name]) {
        const tone = audio.createOscillator(), loud = audio.createGain();
        tone.type = name === "error" ? "square" : "sine";
        tone.frequency.value = pitch;
        loud.gain.setValueAtTime(0.16, at);
        loud.gain.exponentialRampToValueAtTime(0.001, at + lasts);
        tone.connect(loud).connect(audio.destination);
        tone.start(at);
        tone.stop(at + lasts);
        at += lasts;
      }
    } catch { /* A browser without sound still shows everything. */ }
  }

  // --- Steps: an address or a form is fetched, and what it answers takes the place of the station. -----------------
  let busy = false;
  const queue = [];
  async function step(address, sent = null) {
    if (busy) { queue.push([address, sent]); return; }
    busy = true;
    document.body.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(address, { method: sent ? "POST" : "GET", body: sent, credentials: "same-origin" });
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!answer.ok) { stop(one(".o-problems", fresh) || fresh.body); return; }
      const main = one("#station", fresh);
      if (!main) { location.href = answer.url; return; }
      station().replaceWith(document.importNode(main, true));
      one(".o-st-top").replaceWith(document.importNode(one(".o-st-top", fresh), true));
      const now = one("[data-now]", station())?.dataset.now || answer.url;
      history.pushState(null, "", now);
      shown();
      document.dispatchEvent(new Event("stepped"));
    } catch {
      stop(words.lost);
    } finally {
      busy = false;
      document.body.removeAttribute("aria-busy");
      const next = queue.shift();
      if (next) step(...next);
    }
  }
  function shown() {
    sound(station().dataset.sound);
    one("#said").textContent = one("[data-stop] p, .o-station-line [aria-current]", station())?.textContent || "";
    if (!stopped()) one("#scan")?.focus({ preventScroll: true });
    else { scrollTo(0, 0); one("[data-ok]", stopped())?.focus(); }
  }
  // Everything waits until somebody has read what is wrong.
  function stop(what) {
    queue.length = 0;
    const box = one("#stopped-words");
    if (typeof what === "string") box.textContent = what;
    else box.replaceChildren(document.importNode(what, true));
    one("#stopped").showModal();
    one("#stopped [data-ok]").focus();
    sound("error");
  }
  function go(element) {
    if (!element || element.disabled) return;
    if (element.matches("summary")) { const box = element.closest("details"); box.open = !box.open; one("input", box)?.focus(); return; }
    element.click();
  }

  document.addEventListener("click", (event) => {
    const ok = event.target.closest("#stopped [data-ok]");
    if (ok) { one("#stopped").close(); one("#scan")?.focus(); return; }
    const link = event.target.closest("a[data-step]");
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    step(link.href);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-step], [data-scan]")) return;
    event.preventDefault();
    const sent = new FormData(form, event.submitter);
    if (form.matches("[data-scan]")) {
      const said = String(sent.get("scan") || "").trim();
      if (!said) return;
      if (command(said)) { form.reset(); return; }
      sent.set("scan", said);
    }
    if (form.method === "post") { step(form.action, sent); return; }
    step(`${form.getAttribute("action")}?${new URLSearchParams(sent)}`);
  });
  document.addEventListener("change", (event) => {
    const form = event.target.closest("[data-photo]");
    if (form && event.target.files?.length) form.requestSubmit();
    if (event.target.matches("[data-goes]")) event.target.form.requestSubmit();
  });

  // --- Scans. ------------------------------------------------------------------------------------------------------
  function command(said) {
    const word = said.toUpperCase();
    if (word === "CMD-OK") { go(one("[data-ok]", stopped() || station())); return true; }
    if (word === "CMD-UNDO") { go(one("[data-fkey=Undo]")); return true; }
    if (word === "CMD-NEXT") { go(one("[data-next]")); return true; }
    if (word === "CMD-EXCEPTION") { go(one("[data-fkey=F9]")); return true; }
    return false;
  }
  function scanned(said) {
    if (command(said)) return;
    if (stopped()) { sound("error"); return; }
    const form = one("[data-scan]");
    if (!form) { sound("error"); return; }
    one("#scan", form).value = said;
    form.requestSubmit();
  }
  // The sandbox's sheet of bars, in another tab, types as a scanner would.
  new BroadcastChannel("dingdan-scanner").addEventListener("message", (event) => scanned(String(event.data).slice(0, 200)));
  document.addEventListener("stop", (event) => stop(String(event.detail)));
  document.addEventListener("scanned", (event) => scanned(String(event.detail).slice(0, 200)));
  // Keys come quickly from a scanner: at least six at most 35 ms apart, ended by Enter, Tab or a pause. A busy machine lets one
  // of them wait: what comes soon after still belongs to what is being said, and nothing of it is lost.
  const GAP = 35, LEAST = 6, PAUSE = 90, SAME = 150;
  let keys = one("#scan")?.value || "", quick = keys.length, last = performance.now(), timer = 0;
  function heard(text, at) {
    keys = at - last <= SAME ? keys + text : text;
    quick = at - last <= GAP ? quick + 1 : 1;
    last = at;
    clearTimeout(timer);
    timer = setTimeout(paused, PAUSE);
  }
  function whole() {
    clearTimeout(timer);
    const all = keys;
    keys = "";
    quick = 0;
    return all;
  }
  function paused() {
    if (quick >= LEAST) { scanned(whole()); return; }
    if (keys !== " ") return;
    const box = document.activeElement;
    if (box === one("#scan") && box.value !== " ") return;
    whole();
    if (box === one("#scan")) box.value = "";
    one("#shot")?.click();
  }
  // An input method hides what was pressed: the key's place says it.
  const PLACES = { Minus: "-_", Period: ".>", Slash: "/?", Semicolon: ";:", Equal: "=+", Space: "  ", Comma: ",<" };
  function letter(event) {
    if (event.key.length === 1 && event.key.charCodeAt(0) < 127) return event.key;
    const code = event.code;
    if (/^Key[A-Z]$/.test(code)) return event.shiftKey ? code[3] : code[3].toLowerCase();
    if (/^(Digit|Numpad)\d$/.test(code)) return code.at(-1);
    return PLACES[code]?.[event.shiftKey ? 1 : 0] || "";
  }
  document.addEventListener("keydown", (event) => {
    const isHidden = event.isComposing || event.key === "Process" || event.keyCode === 229;
    if (/^F\d+$/.test(event.key)) {
      const wanted = stopped() ? (event.key === "F8" ? one("[data-ok]", stopped()) : null) : one(`[data-fkey=${event.key}]`);
      if (wanted) { event.preventDefault(); go(wanted); } else if (stopped()) event.preventDefault();
      return;
    }
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") {
      const undo = one("[data-fkey=Undo]");
      if (undo && !event.target.matches?.("input:not(#scan), textarea")) { event.preventDefault(); go(undo); }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target.matches?.("input:not(#scan):not([type=file]), textarea, select");
    if (typing) return;
    if (event.key.startsWith("Arrow")) { arrows(event); return; }
    const box = event.target.matches?.("#scan") ? event.target : null;
    if (event.key === "Enter" || event.key === "Tab") {
      // What was typed by hand into the box is sent as it stands there, unless a step took its beginning away; an Enter that
      // ends letters typed beside it presses no button.
      const isNow = keys && event.timeStamp - last <= SAME, isTyped = event.key === "Enter" && (!box || keys.length > box.value.length);
      const isScan = isNow && keys.length >= LEAST && (quick >= LEAST || isTyped);
      if (isScan || (isNow && !box && event.key === "Enter")) event.preventDefault();
      const all = whole();
      if (isScan) scanned(all);
      return;
    }
    if (event.key === "Backspace" || event.key === "Delete") whole();
    const text = letter(event);
    if (!text) return;
    if (!box || isHidden || stopped()) {
      if (event.target.matches?.("button, a, summary") && text === " " && event.timeStamp - last > SAME) return;
      event.preventDefault();
    }
    heard(text, event.timeStamp);
  }, true);
  function arrows(event) {
    const checks = all("[data-check]");
    if (!checks.length || stopped()) return;
    event.preventDefault();
    const at = checks.indexOf(document.activeElement);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      checks[(at + (event.key === "ArrowDown" ? 1 : checks.length - 1) + (at < 0 && event.key === "ArrowUp" ? 1 : 0)) % checks.length].focus();
    } else if (at >= 0) go(checks[at]);
  }

  window.addEventListener("popstate", () => location.reload());
  window.addEventListener("beforeunload", (event) => { if (busy) event.preventDefault(); });
  setInterval(() => { if (!document.hidden && audio?.state === "suspended") audio.resume(); }, 2000);
  shown();
})();
