// The camera as a scanner: read by the browser where it can, else by the house, frame after frame. Its light is out when it is closed.
"use strict";
(() => {
  const LONGEST = 1280, PAUSE = 350, GONE = 1500;
  if (!navigator.mediaDevices?.getUserMedia) return;
  navigator.mediaDevices.enumerateDevices().then((all) => {
    if (all.some((one) => one.kind === "videoinput")) document.body.classList.add("o-has-camera");
  }, () => {});

  let open = null;
  function close() {
    if (!open) return;
    clearTimeout(open.timer);
    open.stream?.getTracks().forEach((track) => track.stop());
    open.panel.remove();
    open = null;
  }
  function say(mine, text) {
    const line = mine.panel.querySelector("p");
    if (line.textContent !== text) line.textContent = text;
  }
  function panelOf(words) {
    const panel = document.createElement("section");
    panel.className = "o-camera";
    panel.setAttribute("aria-label", words.title);
    const video = Object.assign(document.createElement("video"), { muted: true, playsInline: true });
    const line = document.createElement("p");
    line.setAttribute("role", "status");
    const shut = Object.assign(document.createElement("button"), { type: "button", className: "o-btn", textContent: words.close });
    shut.addEventListener("click", close);
    panel.append(video, line, shut);
    return panel;
  }
  async function begin(button) {
    close();
    const words = JSON.parse(button.dataset.cameraWords);
    const mine = open = { door: button.dataset.camera, fills: button.dataset.fills, words, panel: panelOf(words), timer: 0, last: "", seen: 0, failed: 0 };
    (button.closest("dialog") || document.body).append(mine.panel);
    mine.panel.querySelector("button").focus();
    try {
      mine.reader = await native();
      const stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: "environment", width: { ideal: LONGEST } } });
      if (open !== mine) { stream.getTracks().forEach((track) => track.stop()); return; }
      mine.stream = stream;
      const video = mine.panel.querySelector("video");
      video.srcObject = stream;
      await video.play();
      say(mine, words.hold);
      look(mine);
    } catch (error) {
      if (open === mine) say(mine, error.name === "NotAllowedError" || error.name === "SecurityError" ? words.refused : error.name === "NotFoundError" ? words.none : words.busy);
    }
  }
  async function native() {
    const known = "BarcodeDetector" in window ? await BarcodeDetector.getSupportedFormats().catch(() => []) : [];
    return known.includes("code_128") ? new BarcodeDetector({ formats: known }) : null;
  }
  async function codes(mine) {
    const video = mine.panel.querySelector("video");
    if (mine.reader) return (await mine.reader.detect(video)).map((one) => one.rawValue.trim());
    const scale = Math.min(1, LONGEST / Math.max(video.videoWidth, video.videoHeight, 1));
    const canvas = mine.canvas ||= document.createElement("canvas");
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height);
    const seen = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.8));
    const answer = await fetch(mine.door, { method: "POST", body: seen, headers: { "Content-Type": "image/jpeg" }, credentials: "same-origin" });
    if (!answer.ok) throw new Error(String(answer.status));
    return (await answer.json()).codes;
  }
  // One code that stays in the picture is one scan: it has to go away before it counts again.
  async function look(mine) {
    try {
      const found = document.hidden ? [] : [...new Set(await codes(mine))].filter(Boolean);
      if (open !== mine) return;
      mine.failed = 0;
      if (mine.last && Date.now() - mine.seen > GONE && !found.includes(mine.last)) { mine.last = ""; say(mine, mine.words.hold); }
      if (found.includes(mine.last)) mine.seen = Date.now();
      if (found.length > 1) say(mine, mine.words.several);
      if (found.length === 1 && found[0] !== mine.last) {
        [mine.last, mine.seen] = [found[0], Date.now()];
        say(mine, mine.words.read.replace("{code}", () => mine.last));
        if (take(mine, mine.last)) return;
      }
    } catch {
      if (open !== mine) return;
      mine.failed += 1;
      if (mine.failed >= 3) say(mine, mine.words.lost);
    }
    mine.timer = setTimeout(() => look(mine), PAUSE * Math.min(8, 1 + mine.failed));
  }
  // Into a field and closed; or to the station, which hears it as a scanner's burst, and the next one may come.
  function take(mine, code) {
    if (!mine.fills) { document.dispatchEvent(new CustomEvent("scanned", { detail: code })); return false; }
    const field = document.getElementById(mine.fills);
    close();
    field.value = code;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
    return true;
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-camera]");
    if (button) begin(button);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && open && !event.isComposing) { event.preventDefault(); event.stopPropagation(); close(); }
  }, true);
  document.addEventListener("visibilitychange", () => { if (document.hidden) close(); });
  document.addEventListener("close", (event) => { if (open && event.target.contains(open.panel)) close(); }, true);
  window.addEventListener("pagehide", close);
})();
