/* The queue: counts that follow by themselves, and keys. The page works without it. */
const EVERY = 60000
const nav = document.querySelector("[data-counts]")
const fresh = document.querySelector("[data-fresh]")

/* Asks once a minute, not at all while nobody looks, and says that a page asks: it is no use of the session. */
async function follow() {
  if (document.hidden) return
  try {
    const answer = await fetch(nav.dataset.counts, { headers: { "X-Watches": "1" }, redirect: "manual" })
    if (answer.ok) show(await answer.json())
    else fresh.textContent = "The counts have stopped: you have been signed out."
  } catch {
    fresh.textContent = "The counts have stopped: there is no connection."
  }
}

function show({ counts, at }) {
  let changed = ""
  nav.querySelectorAll("[data-view]").forEach(tab => {
    const count = counts[tab.dataset.view]
    if (count === undefined) return
    const words = count ? `${tab.dataset.words} (${count})` : tab.dataset.words
    if (tab.hasAttribute("aria-current") && tab.textContent !== words) changed = `${tab.dataset.words} is now ${count}. `
    tab.textContent = words
  })
  document.querySelector("[data-counted]").textContent = `Counted at ${at}.`
  if (changed) fresh.textContent = `${changed}Load the page again to see the list.`
}

if (nav) {
  setInterval(follow, EVERY)
  document.addEventListener("visibilitychange", follow)
}

const form = document.querySelector(".triage-form")
const ticks = form ? [...form.querySelectorAll("[name=row]")] : []
const rows = [...document.querySelectorAll("[data-row]")]
const sheet = document.querySelector("#triage-keys")

function sayChosen() {
  const chosen = ticks.filter(tick => tick.checked).length
  const bar = form.querySelector(".triage-bar")
  bar.hidden = !chosen
  bar.querySelector(".triage-bar__count").textContent = `${chosen} chosen`
  form.querySelector("[data-chosen]").textContent = chosen ? `${chosen} chosen` : ""
}

/* j and k go from one referral to the next: the link itself takes the focus, so that a screen reader says it. */
function step(by) {
  const here = rows.indexOf(document.activeElement.closest("tr")?.querySelector("[data-row]"))
  const next = rows[Math.min(rows.length - 1, Math.max(0, here + by))]
  next?.focus()
  next?.closest("tr").scrollIntoView({ block: "nearest" })
}

function tick() {
  document.activeElement.closest("tr")?.querySelector("[name=row]")?.click()
}

function call() {
  document.activeElement.closest("tr")?.querySelector("[data-call]")?.click()
}

const KEYS = {
  c: call,
  j: () => step(1), k: () => step(-1), x: tick, "?": () => sheet.showModal(),
  a: () => form.requestSubmit(), t: () => form.requestSubmit(form.querySelector("[data-take]")),
}

/* Off where somebody turned single keys off (WCAG 2.1.4), with any other key held, and while they type. */
function press(event) {
  const typing = event.target.closest("input:not([type=checkbox]), textarea, select, dialog, [contenteditable]")
  const held = event.ctrlKey || event.metaKey || event.altKey || event.repeat
  if (typing || held || !KEYS[event.key] || localStorage.getItem("search-key") === "off") return
  event.preventDefault()
  KEYS[event.key]()
}

if (form) {
  form.addEventListener("change", sayChosen)
  window.addEventListener("pageshow", sayChosen)
  sayChosen()
  document.addEventListener("keydown", press)
  document.querySelector("[data-keys-help]").addEventListener("click", () => sheet.showModal())
}
