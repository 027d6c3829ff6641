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
document.addEventListener("submit", (event) => {
  if (event.target.dataset.sent) { event.preventDefault(); return; }
  event.target.dataset.sent = "yes";
  window.addEventListener("pageshow", () => { delete event.target.dataset.sent; }, { once: true });
});
document.getElementById("problems")?.focus();
