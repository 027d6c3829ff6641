// Only what makes the portal nicer where scripts run: big photos are made smaller before they travel, and a form is sent once.
"use strict";
const LONGEST = 2000;
async function smaller(file) {
  if (!file.type.startsWith("image/") || file.size < 1_000_000) return file;
  try {
    const drawn = await createImageBitmap(file), part = Math.min(1, LONGEST / Math.max(drawn.width, drawn.height));
    const board = document.createElement("canvas");
    board.width = Math.round(drawn.width * part); board.height = Math.round(drawn.height * part);
    board.getContext("2d").drawImage(drawn, 0, 0, board.width, board.height);
    const made = await new Promise((done) => board.toBlob(done, "image/jpeg", 0.85));
    return made && made.size < file.size ? new File([made], file.name, { type: "image/jpeg" }) : file;
  } catch { return file; }
}
document.addEventListener("change", async (event) => {
  const field = event.target;
  if (!(field instanceof HTMLInputElement) || field.type !== "file") return;
  const held = new DataTransfer();
  for (const file of field.files) held.items.add(await smaller(file));
  field.files = held.files;
  if ("auto" in field.dataset && field.files.length) field.form.requestSubmit();
});
const words = JSON.parse(document.body.dataset.words || "{}");
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "yes";
  window.addEventListener("pageshow", () => { delete form.dataset.sent; }, { once: true });
  const files = [...form.querySelectorAll("input[type=file]")].some((field) => field.files.length);
  if (files) { event.preventDefault(); upload(form); }
});
// Files travel with a bar that shows how far; where the line breaks, everything stays and is sent once more under the same word.
function upload(form) {
  const bar = form.querySelector(".p-progress") || document.createElement("div"), sent = new XMLHttpRequest();
  bar.className = "p-progress"; bar.setAttribute("role", "status");
  bar.innerHTML = "<progress max='100' value='0'></progress> <span></span>";
  form.append(bar);
  const say = (text) => { bar.querySelector("span").textContent = text; };
  const broken = () => { say(words.broken); delete form.dataset.sent; };
  sent.upload.addEventListener("progress", (event) => {
    if (!event.lengthComputable) return;
    const part = Math.round(100 * event.loaded / event.total);
    bar.querySelector("progress").value = part; say(`${words.sending} ${part}%`);
  });
  sent.addEventListener("load", () => {
    if (sent.status < 300) { location.assign(sent.responseURL); return; }
    const page = new DOMParser().parseFromString(sent.responseText, "text/html"), main = page.getElementById("main");
    if (!main) { broken(); return; }
    document.title = page.title;
    document.getElementById("main").replaceWith(main);
    document.getElementById("problems")?.focus();
  });
  for (const trouble of ["error", "timeout", "abort"]) sent.addEventListener(trouble, broken);
  sent.open("POST", form.action);
  sent.send(new FormData(form));
}
// News of the order: what has the room is put in its place at once; what would move the page waits behind a button below it.
(() => {
  const live = document.querySelector("[data-live]");
  if (!live || !window.EventSource) return;
  let source = null, asked = 0;
  const plain = (part) => part.innerHTML.replace(/name="once" value="[^"]*"/g, "");
  const parts = (root) => new Map([...root.querySelectorAll("[data-part]")].map((part) => [part.dataset.part, part]));
  const isBusy = (part) => part.querySelector("details[open]") || part.contains(document.activeElement);
  function put(fresh) {
    const main = document.getElementById("main"), here = parts(main), there = parts(fresh);
    let waits = [...here.keys()].join("|") !== [...there.keys()].join("|");
    for (const [name, part] of here) {
      const next = there.get(name);
      if (!next || plain(part) === plain(next)) continue;
      const before = part.innerHTML, height = part.offsetHeight;
      if (isBusy(part)) { waits = true; continue; }
      part.innerHTML = next.innerHTML;
      const isBelow = part.getBoundingClientRect().top > window.innerHeight;
      if (part.offsetHeight !== height && !isBelow) { part.innerHTML = before; waits = true; }
    }
    if (waits) offer();
  }
  function offer() {
    if (document.querySelector(".p-news")) return;
    const note = document.createElement("div"), button = document.createElement("button");
    note.className = "p-news"; note.setAttribute("role", "status");
    button.className = "o-btn p-btn o-first"; button.type = "button"; button.textContent = words.news;
    button.addEventListener("click", () => location.reload());
    note.append(button); document.body.append(note);
  }
  async function look() {
    const answer = await fetch(location.href, { credentials: "same-origin" }).catch(() => null);
    if (!answer || !answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("main");
    if (fresh) put(fresh);
  }
  const begin = () => {
    source = new EventSource(live.dataset.live);
    // What happened while nobody was told stands on the page, too: a stream that is begun anew does not say it.
    let isOpen = false;
    source.addEventListener("open", () => { if (isOpen) look(); isOpen = true; });
    source.addEventListener("changed", () => { clearTimeout(asked); asked = setTimeout(look, 300); });
  };
  begin();
  document.addEventListener("visibilitychange", () => { source.close(); if (!document.hidden) { begin(); look(); } });
  window.addEventListener("pagehide", () => source.close());
})();
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
document.getElementById("problems")?.focus();
