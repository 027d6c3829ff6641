// What waits a moment before it goes out: a note with the way to take it back, by its button or Ctrl Z, on every page until then.
"use strict";
(() => {
  const KEPT = "dingdan-undo";
  const words = JSON.parse(document.body.dataset.words || "{}");
  const hidden = (name, value) => Object.assign(document.createElement("input"), { type: "hidden", name, value });

  function forget(form) {
    sessionStorage.removeItem(KEPT);
    clearInterval(Number(form?.dataset.timer));
    form?.remove();
  }
  function show(undo) {
    document.querySelectorAll(".o-undo").forEach(forget);
    sessionStorage.setItem(KEPT, JSON.stringify(undo));
    const form = document.createElement("form");
    form.className = "o-toast o-undo";
    for (const [name, value] of [["method", "post"], ["action", undo.href], ["hx-post", undo.href], ["hx-target", "#answers"]]) form.setAttribute(name, value);
    const left = Object.assign(document.createElement("span"), { className: "o-num" });
    left.setAttribute("aria-hidden", "true");
    const button = Object.assign(document.createElement("button"), { className: "o-btn" });
    button.append(words.takeBack, " ", Object.assign(document.createElement("kbd"), { textContent: "Ctrl Z" }));
    form.append(undo.text, " ", left, hidden("once", undo.once), ...undo.keys.map((key) => hidden("keys", key)), button);
    const count = () => {
      const seconds = Math.ceil((undo.until - Date.now()) / 1000);
      if (seconds <= 0) forget(form); else left.textContent = words.seconds.replace("{n}", seconds);
    };
    count();
    form.dataset.timer = setInterval(count, 250);
    document.getElementById("toasts")?.append(form);
    htmx.process(form);
  }

  document.body.addEventListener("done", (event) => {
    const mine = event.target.closest?.(".o-undo");
    if (mine) forget(mine);
    const undo = event.detail.undo;
    if (undo) show({ ...undo, text: event.detail.text, until: Date.now() + undo.seconds * 1000 });
  }, true);
  document.body.addEventListener("htmx:responseError", (event) => {
    const mine = event.target.closest?.(".o-undo");
    if (mine) forget(mine);
  });
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.key === "Process" || event.keyCode === 229) return;
    if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey || event.key.toLowerCase() !== "z") return;
    if (localStorage.getItem("dingdan-keys") === "off") return;
    if (event.target.matches?.("input, textarea, select, [contenteditable]") || document.querySelector("dialog[open]")) return;
    const button = document.querySelector(".o-undo button") || document.querySelector('[data-key="Ctrl Z"]');
    if (button) { event.preventDefault(); button.click(); }
  });
  const kept = JSON.parse(sessionStorage.getItem(KEPT) || "null");
  if (kept && kept.until > Date.now()) show(kept); else sessionStorage.removeItem(KEPT);
})();
