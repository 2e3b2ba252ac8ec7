// What the page does by itself: opens a citation's source beside the answer, copies an answer with its sources,
// follows links into the library, brings the newest answer into view and tells a screen reader of it.
"use strict";
const narrow = window.matchMedia("(max-width: 48rem)");
const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
const node = (tag, properties) => Object.assign(document.createElement(tag), properties);

// -- the source panel ---------------------------------------------------------

const panel = node("dialog", { className: "source" });
panel.setAttribute("aria-labelledby", "source-title");
let opener = null;

function openSource(link) {
  const source = document.getElementById(link.getAttribute("href").slice(1));
  if (!source) return;
  if (panel.open) panel.close();
  opener = link;
  panel.replaceChildren(...[...source.cloneNode(true).childNodes], node("button", { type: "button", className: "close", textContent: "Close" }));
  const title = panel.querySelector("h2");
  title.id = "source-title";
  panel.classList.add("open");
  document.body.classList.add("source-open");
  if (narrow.matches) panel.showModal();
  else panel.show();
  panel.scrollTop = 0;
  title.focus();
}

panel.addEventListener("close", () => {
  panel.classList.remove("open");
  document.body.classList.remove("source-open");
});

function closeSource() {
  if (!panel.open) return;
  panel.close();
  if (opener && opener.isConnected) opener.focus();
}

panel.addEventListener("cancel", (event) => {
  event.preventDefault();
  closeSource();
});

// -- the library --------------------------------------------------------------

const input = (id) => document.querySelector(`#${id} textarea, #${id} input`);

function type(field, text) {
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function openTab(id) {
  const tab = document.getElementById(`${id}-tab-button`);
  if (tab.getAttribute("aria-selected") !== "true") tab.click();
}

let drilledTo = "";

// Goes where a link leads. Going back to findings that were opened leaves the filters as they are now.
function goTo(hash, clicked = false) {
  const place = hash.slice(1);
  if (!/^(library$|document\/|passage\/|findings(\/|$))/.test(place) || !input("place")) return;
  if (panel.open) panel.close();
  if (place.startsWith("findings")) {
    openTab("findings");
    if (place === "findings" || (place === drilledTo && !clicked)) return;
    drilledTo = place;
    fromTop = true;
    type(input("findings-place"), `${place}/${Date.now()}`); // the same cell may be chosen twice
    return;
  }
  openTab("library");
  type(input("place"), place);
}

// -- sessions -----------------------------------------------------------------

function act(link) {
  type(input("session-act"), `${link.getAttribute("href").slice("#session/".length)} ${Date.now()}`); // new each time, so that it counts as a change
}

function showPack(pack) {
  pack.querySelectorAll("a.act").forEach((link) => {
    link.setAttribute("role", "button");
    link.setAttribute("aria-label", link.title); // the sanitiser drops both
  });
}

// -- the findings ---------------------------------------------------------------

let fromTop = false; // whether the findings being fetched are to be read from their first line

function showFindings(view) {
  // The sanitiser drops roles and aria-*; a box that scrolls must be reachable by keyboard and have a name.
  view.querySelectorAll(".across").forEach((box) => {
    box.tabIndex = 0;
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", box.querySelector("caption").textContent);
    if (box.querySelector(".years")) box.scrollLeft = box.scrollWidth; // the newest are read first
  });
  tellCount(view);
  if (fromTop) view.scrollIntoView({ block: "start", behavior: calm.matches ? "auto" : "smooth" });
  fromTop = false;
}

function saveFile(part) {
  tellCount(part);
  if (part.querySelector(".done")) window.setTimeout(() => document.getElementById("findings-file").click(), 0); // hidden: it holds the file
}

// -- copying ------------------------------------------------------------------

function copy(button) {
  const text = button.closest(".turn").querySelector(".plain").textContent;
  const say = (words) => {
    button.textContent = words;
    announce(words);
  };
  navigator.clipboard.writeText(text).then(
    () => say("Copied"),
    () => say("The browser did not allow copying"),
  );
}

// -- feedback -----------------------------------------------------------------

function rate(button) {
  const number = button.closest(".turn").id.slice("turn-".length);
  type(input("feedback-place"), `${number} ${button.className} ${Date.now()}`);
}

function showFeedback(about) {
  const heading = about.querySelector("h2");
  if (!heading) return;
  about.closest("#feedback").scrollIntoView({ block: "center", behavior: calm.matches ? "auto" : "smooth" });
  heading.focus({ preventScroll: true });
}

// -- telling and showing what is new --------------------------------------------

const told = node("div", { className: "unseen" });
told.setAttribute("role", "status");
told.setAttribute("aria-live", "polite");

function announce(text) {
  told.textContent = text;
}

function showTurn(conversation) {
  const turn = conversation.querySelector(".turn:last-of-type");
  const pending = conversation.querySelector(".pending");
  conversation.setAttribute("aria-busy", String(Boolean(pending)));
  conversation.querySelectorAll("a.cite").forEach((link) => link.setAttribute("aria-label", link.title)); // the sanitiser drops aria-*
  conversation.querySelectorAll(".rate button").forEach((button) => {
    button.setAttribute("aria-label", `${button.textContent}, ${button.className === "up" ? "this answer was useful" : "this answer was not useful"}`);
  });
  if (!turn) return;
  turn.scrollIntoView({ block: "start", behavior: calm.matches ? "auto" : "smooth" });
  announce((pending || turn.querySelector(".answer, .refused, .urgent")).innerText);
}

function showReading() {
  const heading = document.querySelector("#about h1");
  if (!heading) return;
  const here = document.querySelector("#reading .here");
  heading.focus({ preventScroll: true });
  if (here) here.scrollIntoView({ block: "center" });
  else window.scrollTo(0, 0);
}

function tellCount(part) {
  const count = part.querySelector(".count, .refused");
  if (count) announce(count.innerText);
}

const changed = {
  conversation: showTurn, about: showReading, reading: showReading, documents: tellCount, outcome: tellCount, told: tellCount,
  "findings-view": showFindings, "findings-told": saveFile, "session-told": tellCount, pack: showPack,
  "feedback-about": showFeedback, "feedback-told": tellCount, "review-count": tellCount,
};
const seen = {};
let arrived = false;

function look() {
  if (!arrived && input("place") && document.getElementById("library-tab-button")) {
    arrived = true;
    goTo(location.hash);
  }
  for (const [id, show] of Object.entries(changed)) {
    const text = document.querySelector(`#${id} .md`);
    if (!text || text.innerHTML === seen[id]) continue;
    const first = seen[id] === undefined;
    seen[id] = text.innerHTML;
    if (!first || ["about", "reading", "feedback-about"].includes(id)) show(text.closest(`#${id}`));
  }
}

// -- signing in and out -----------------------------------------------------------

// Whoever has been signed out meanwhile is shown where to sign in, not an error.
const ask = window.fetch;
window.fetch = async (...request) => {
  const answer = await ask(...request);
  if (answer.status === 401) window.location.assign("/");
  return answer;
};

// -- wiring -------------------------------------------------------------------

document.addEventListener("click", (event) => {
  const hit = (what) => event.target.closest(what);
  const link = hit('a[href^="#"]');
  const away = hit("#masthead a");
  if (away) {
    event.preventDefault(); // the sanitiser has such a link open a page of its own
    window.location.assign(away.href);
  } else if (link) {
    event.preventDefault();
    const hash = link.getAttribute("href");
    if (hash.startsWith("#source-")) return openSource(link);
    if (hash.startsWith("#session/")) return act(link);
    if (link.closest("#findings-view") && !location.hash) history.replaceState(null, "", "#findings");
    history.pushState(null, "", hash);
    goTo(hash, true);
  } else if (hit("button.close")) {
    closeSource();
  } else if (hit("button.copy")) {
    copy(hit("button.copy"));
  } else if (hit(".rate button")) {
    rate(hit(".rate button"));
  } else if (hit("button.example")) {
    type(input("question"), hit("button.example").textContent);
    window.setTimeout(() => document.getElementById("send").click(), 0);
  } else if (hit("#findings-pages button")) {
    fromTop = true;
  } else if (hit('[role="tab"]') && panel.open) {
    panel.close();
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeSource();
  if (event.key === " " && event.target.matches("a.act")) {
    event.preventDefault();
    act(event.target);
  }
});
window.addEventListener("popstate", () => goTo(location.hash || "#library"));
document.body.append(panel, told);
new MutationObserver(look).observe(document.documentElement, { childList: true, subtree: true, characterData: true });
