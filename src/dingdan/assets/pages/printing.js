// A station that prints its labels by itself, where somebody said so on this machine: what a step brings is printed once.
"use strict";
(() => {
  const KEY = "dingdan.prints";
  const words = JSON.parse(document.body.dataset.words || "{}");
  const all = (selector) => [...document.querySelectorAll(selector)];
  const isOn = () => localStorage.getItem(KEY) === "on";
  const printed = new Set();

  async function print(href) {
    const answer = await fetch(href, { credentials: "same-origin" });
    if (!answer.ok || !answer.headers.get("content-type")?.startsWith("application/pdf")) throw new Error(href);
    const sheet = URL.createObjectURL(await answer.blob()), frame = document.createElement("iframe");
    frame.className = "o-sheet-out";
    frame.title = words.label;
    frame.tabIndex = -1;
    // The one before has been printed by now, and a question of the browser's reads this one until it is answered.
    for (const old of all(".o-sheet-out")) { URL.revokeObjectURL(old.src); old.remove(); }
    const drawn = new Promise((done) => frame.addEventListener("load", done));
    frame.src = sheet;
    document.body.append(frame);
    await drawn;
    frame.contentWindow.print();
    document.getElementById("scan")?.focus({ preventScroll: true });
  }
  async function printNew() {
    for (const link of all("#station [data-prints]")) {
      if (!isOn() || printed.has(link.href)) continue;
      printed.add(link.href);
      try { await print(link.href); } catch { document.dispatchEvent(new CustomEvent("stop", { detail: words.noLabel })); }
    }
  }
  function show() {
    for (const button of all("[data-prints-switch]")) button.setAttribute("aria-pressed", String(isOn()));
  }
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-prints-switch]")) return;
    localStorage.setItem(KEY, isOn() ? "off" : "on");
    show();
    document.getElementById("scan")?.focus({ preventScroll: true });
  });
  document.addEventListener("stepped", () => { show(); printNew(); });
  show();
})();
