// Opens a citation's source beside the answer, closes it, and copies an answer with its sources.
"use strict";
let opener = null;

function close(refocus) {
  document.querySelectorAll(".source.open").forEach((source) => source.classList.remove("open"));
  document.body.classList.remove("source-open");
  if (refocus && opener) opener.focus();
}

function open(link) {
  const source = document.getElementById(link.getAttribute("href").slice(1));
  if (!source) return;
  close(false);
  opener = link;
  source.classList.add("open");
  document.body.classList.add("source-open");
  source.querySelector("h3").focus();
  source.querySelector("mark").scrollIntoView({ block: "nearest" });
}

function asText(turn) {
  const parts = [turn.querySelector(".question").innerText, turn.querySelector(".answer").innerText];
  turn.querySelectorAll(".source").forEach((source) => {
    const facts = [...source.querySelectorAll("dd")].map((fact) => fact.textContent).join("; ");
    const link = source.querySelector("a[href]");
    parts.push(`${source.querySelector("h3").textContent} (${facts}) ${link ? link.href : ""}`.trim());
  });
  return parts.join("\n\n");
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a.cite");
  if (link) {
    event.preventDefault();
    open(link);
  } else if (event.target.closest("button.close")) {
    close(true);
  } else if (event.target.closest("button.copy")) {
    const button = event.target.closest("button.copy");
    navigator.clipboard.writeText(asText(button.closest(".turn"))).then(() => (button.textContent = "Copied"));
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") close(true);
});
new MutationObserver(() => {
  document.querySelectorAll("a.cite:not([aria-label])").forEach((link) => link.setAttribute("aria-label", `Source ${link.textContent}`));
}).observe(document.documentElement, { childList: true, subtree: true });
