// Searches of late, kept in this browser alone: noted on a result, listed on their own page.

const KEPT = "muniment-history";
const MOST = 100;

function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? "[]");
  } catch {
    return [];
  }
}
function keep(searches) {
  try {
    localStorage.setItem(KEPT, JSON.stringify(searches));
  } catch {
    // No room, or not allowed: the list is a comfort only.
  }
}

const result = document.querySelector("[data-search]");
if (result) {
  const { search: address, asked, total } = result.dataset;
  if (asked) {
    const others = kept().filter((one) => one.address !== address);
    keep([{ address, asked, total: Number(total), at: Date.now() }, ...others].slice(0, MOST));
  }
}

const list = document.getElementById("history");
if (list) {
  const searches = kept();
  const { lang } = document.documentElement;
  const when = new Intl.DateTimeFormat(lang, { dateStyle: "medium", timeStyle: "short" });
  const count = new Intl.NumberFormat(lang);
  for (const { address, asked, total, at } of searches) {
    const one = document.createElement("li");
    const link = document.createElement("a");
    // Only addresses of our own, whatever stands in the store.
    link.href = address.startsWith("/") && !address.startsWith("//") ? address : "/search";
    link.textContent = asked;
    link.dir = "auto";
    const said = document.createElement("span");
    said.className = "small";
    said.textContent = ` ${list.dataset.found.replace("{count}", count.format(total))} · ${when.format(at)}`;
    one.append(link, said);
    list.append(one);
  }
  if (!searches.length) {
    const none = document.createElement("li");
    none.textContent = list.dataset.none;
    list.append(none);
  }
  list.hidden = false;
  const forget = document.getElementById("forget");
  forget.hidden = searches.length === 0;
  forget.addEventListener("click", () => {
    keep([]);
    location.reload();
  });
}
