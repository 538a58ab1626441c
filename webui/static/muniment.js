// Comfort only: every page is complete without this file.

const WORDS = JSON.parse(document.body.dataset.words);
const PLACE = "muniment-place";

// Choosing a value narrows at once; scroll and focus stay where they were.
const narrow = document.querySelector("form#narrow");
if (narrow) {
  narrow.addEventListener("formdata", ({ formData }) => {
    for (const [name, value] of [...formData]) if (value === "") formData.delete(name);
  });
  let timer = 0;
  narrow.addEventListener("change", ({ target }) => {
    if (target.type !== "checkbox") return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      const place = { path: location.pathname, y: scrollY, name: target.name, value: target.value };
      sessionStorage.setItem(PLACE, JSON.stringify(place));
      narrow.requestSubmit();
    }, 700);
  });
  const kept = JSON.parse(sessionStorage.getItem(PLACE) ?? "null");
  sessionStorage.removeItem(PLACE);
  if (kept?.path === location.pathname) {
    for (const box of narrow.querySelectorAll("input[type=checkbox]")) {
      if (box.name !== kept.name || box.value !== kept.value) continue;
      const folded = box.closest("details");
      if (folded) folded.open = true;
      box.focus({ preventScroll: true });
    }
    scrollTo({ top: kept.y, behavior: "instant" });
  }
}

// A passage of a part that is not shown: go to its part.
const sheet = document.querySelector(".sheet[data-part-size]");
function toPassage() {
  const place = /^#p(\d+)$/.exec(location.hash);
  if (!place || document.getElementById(place[0].slice(1))) return;
  const part = Math.floor((place[1] - 1) / sheet.dataset.partSize) + 1;
  if (part === Number(sheet.dataset.part)) return;
  const there = new URL(location.href);
  there.searchParams.set("part", part);
  location.replace(there);
}
if (sheet) {
  toPassage();
  addEventListener("hashchange", toPassage);
}

// Copy the reference.
const reference = document.getElementById("reference");
if (reference && navigator.clipboard) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = WORDS.copy;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(reference.textContent.replace(/\s+/g, " ").trim());
    button.textContent = WORDS.copied;
  });
  reference.nextElementSibling.prepend(button);
}

// Say that an upload is too large before it is sent.
const files = document.getElementById("files");
if (files) {
  const { totalMib, fileMib, tooMuch, tooLarge } = files.form.dataset;
  const notice = document.getElementById("sizes");
  files.addEventListener("change", () => {
    const chosen = [...files.files];
    const total = chosen.reduce((sum, file) => sum + file.size, 0);
    const large = chosen.filter((file) => file.size > fileMib * 2 ** 20).map((file) => file.name);
    const said = [];
    if (total > totalMib * 2 ** 20) said.push(tooMuch);
    if (large.length) said.push(`${tooLarge} ${large.join(", ")}.`);
    notice.textContent = said.join(" ");
    notice.hidden = said.length === 0;
  });
}
