/* The queue while it stays open: counts that follow by themselves. The page works without it. */
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
