// Offers ways to go on while one types, as the ARIA combobox pattern has it.
// Without this file, or where it gets no answer, the field is a field.

const WAIT_MS = 120;
const WORDS = JSON.parse(document.body.dataset.words);
const NAMES = {
  number: WORDS.document, title: WORDS.document, issuer: WORDS.issuer, word: WORDS.search,
};

function combobox(field, name) {
  const list = document.createElement("ul");
  list.id = name;
  list.className = "offers";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", WORDS.offers);
  list.hidden = true;
  const said = document.createElement("span");
  said.className = "unseen";
  said.setAttribute("role", "status");
  field.after(list, said);
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-expanded", "false");
  field.setAttribute("aria-controls", name);
  let chosen = -1;
  let timer = 0;
  let asking = null;

  function close() {
    asking?.abort();
    clearTimeout(timer);
    list.hidden = true;
    choose(-1);
    field.setAttribute("aria-expanded", "false");
  }
  function choose(place) {
    chosen = place;
    [...list.children].forEach((one, n) => one.setAttribute("aria-selected", String(n === place)));
    if (place < 0) field.removeAttribute("aria-activedescendant");
    else {
      field.setAttribute("aria-activedescendant", list.children[place].id);
      list.children[place].scrollIntoView({ block: "nearest" });
    }
  }
  function show(completions) {
    list.replaceChildren(...completions.map(({ kind, text, address }, n) => {
      const one = document.createElement("li");
      one.id = `${name}-${n}`;
      one.setAttribute("role", "option");
      one.dataset.address = address;
      const words = document.createElement("span");
      words.dir = "auto";
      words.textContent = text;
      const what = document.createElement("span");
      what.className = "small";
      what.textContent = ` ${NAMES[kind] ?? ""}`;
      one.append(words, what);
      return one;
    }));
    choose(-1);
    list.hidden = completions.length === 0;
    field.setAttribute("aria-expanded", String(!list.hidden));
    said.textContent = list.hidden ? "" : WORDS.offered.replace("{count}", completions.length);
  }
  async function ask() {
    asking = new AbortController();
    const typed = field.value;
    const there = new URL(field.dataset.complete, location.href);
    there.searchParams.set("q", typed);
    try {
      const answer = await fetch(there, { signal: asking.signal });
      if (answer.ok && field.value === typed) show((await answer.json()).completions);
    } catch {
      // Typed on, or no answer: nothing is offered.
    }
  }

  field.addEventListener("input", () => {
    asking?.abort();
    clearTimeout(timer);
    if (field.value.trim().length < 2) return close();
    timer = setTimeout(ask, WAIT_MS);
  });
  field.addEventListener("keydown", (event) => {
    const count = list.hidden ? 0 : list.children.length;
    if (event.key === "Escape" && count) {
      event.preventDefault();
      close();
    } else if (event.key === "ArrowDown" && count) {
      event.preventDefault();
      choose(chosen + 1 < count ? chosen + 1 : -1);
    } else if (event.key === "ArrowUp" && count) {
      event.preventDefault();
      choose(chosen < 0 ? count - 1 : chosen - 1);
    } else if (event.key === "Enter" && count && chosen >= 0) {
      event.preventDefault();
      location.assign(list.children[chosen].dataset.address);
    }
  });
  // Before the field loses the focus and the list goes.
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const one = event.target.closest("[role=option]");
    if (one) location.assign(one.dataset.address);
  });
  field.addEventListener("blur", close);
}

document.querySelectorAll("input[data-complete]").forEach((field, n) => combobox(field, `offers-${n}`));
