// Keys outside of fields, and the list of them on `?`. They can be switched off there.

const OFF = "muniment-keys-off";
const list = document.getElementById("keys");
const sheet = document.querySelector(".sheet");
const marks = sheet ? [...sheet.querySelectorAll("mark")] : [];
const hits = [...document.querySelectorAll(".hits h2 a")];
const FIRST = "#first-hit";
const LAST = "#last-hit";

function follow(selector) {
  const link = document.querySelector(selector);
  if (link) location.assign(link.href);
  return link;
}

// The hit that is shown, and the next or previous one, in this part of the text or another.
let shown = -1;
function show(place) {
  if (!marks.length) return;
  if (place < 0 || place >= marks.length) {
    const way = place < 0 ? "prev" : "next";
    const part = document.querySelector(`.pager a[rel=${way}]`);
    if (part) location.assign(part.href + (place < 0 ? LAST : FIRST));
    return;
  }
  marks[shown]?.classList.remove("now");
  shown = place;
  const mark = marks[shown];
  mark.classList.add("now");
  mark.tabIndex = -1;
  mark.focus({ preventScroll: true });
  mark.scrollIntoView({ block: "center", behavior: "instant" });
  scrolled = false;
}
// Whether the reader went elsewhere since.
let scrolled = true;
for (const way of ["wheel", "touchmove"]) addEventListener(way, () => { scrolled = true; }, { passive: true });
function nearest() {
  // From where the reader is, not from where the keys left off.
  const y = innerHeight / 3;
  const below = marks.findIndex((mark) => mark.getBoundingClientRect().top > y);
  return below < 0 ? marks.length : below;
}
function step(by) {
  const seen = marks[shown]?.getBoundingClientRect();
  const here = seen && seen.bottom > 0 && seen.top < innerHeight;
  if (here || (seen && !scrolled)) show(shown + by);
  else show(by > 0 ? nearest() : nearest() - 1);
}

let chosen = -1;
function choose(by) {
  if (!hits.length) return;
  const focused = hits.indexOf(document.activeElement);
  chosen = Math.max(0, Math.min(hits.length - 1, (focused < 0 ? chosen : focused) + by));
  hits[chosen].focus();
  hits[chosen].scrollIntoView({ block: "center" });
}
function tick() {
  const box = document.activeElement?.closest(".hit")?.querySelector("input[type=checkbox]");
  if (box) box.click();
}

const WAYS = {
  "/": () => document.querySelector("input[name=q]")?.select(),
  "?": () => list.showModal(),
  j: () => choose(1),
  k: () => choose(-1),
  x: tick,
  n: () => step(1),
  p: () => step(-1),
  "]": () => follow(".beside-it a[rel=next]") ?? follow(".pager a[rel=next]"),
  "[": () => follow(".beside-it a[rel=prev]") ?? follow(".pager a[rel=prev]"),
  u: () => follow(".back a"),
};

function off() {
  try {
    return localStorage.getItem(OFF) === "1";
  } catch {
    return false;
  }
}

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || list.open) return;
  if (event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]")) return;
  const way = WAYS[event.key];
  if (!way || (off() && event.key !== "?")) return;
  event.preventDefault();
  way();
});

const opener = document.getElementById("show-keys");
opener.hidden = false;
opener.addEventListener("click", () => list.showModal());
const box = list.querySelector("input[type=checkbox]");
box.checked = !off();
box.addEventListener("change", () => {
  try {
    localStorage.setItem(OFF, box.checked ? "0" : "1");
  } catch {
    // Not allowed to be kept: it holds for this page.
  }
});

// The same by buttons, for whoever has no keys.
const steps = document.querySelector("[data-steps]");
if (steps && marks.length) {
  steps.hidden = false;
  const [back, on] = steps.querySelectorAll("button");
  back.addEventListener("click", () => step(-1));
  on.addEventListener("click", () => step(1));
}
if (location.hash === FIRST) show(0);
if (location.hash === LAST) show(marks.length - 1);
