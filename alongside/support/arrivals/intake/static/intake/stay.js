/* While somebody writes, the visit is kept. After 12 minutes without a touch the page asks; after 15 it clears itself. */
const MINUTE = 60000
const ASK_AFTER = 12 * MINUTE, CLEAR_AFTER = 15 * MINUTE, KEEP_EVERY = 4 * MINUTE, LOOK_EVERY = 15000
const QUESTION = "Are you still there? In 3 minutes this page clears itself. Touch it or press a key to stay."

const box = document.querySelector("[data-stay]")
let touched = Date.now(), kept = Date.now()

function look() {
  const now = Date.now(), idle = now - touched
  if (idle >= CLEAR_AFTER) return window.location.replace(box.dataset.ended)
  const ask = idle >= ASK_AFTER
  if (ask === box.hidden) {
    box.hidden = !ask
    box.firstElementChild.textContent = ask ? QUESTION : ""
  }
  if (touched > kept && now - kept >= KEEP_EVERY) {
    kept = now
    fetch(box.dataset.stay).catch(() => {})
  }
}

for (const kind of ["keydown", "pointerdown", "scroll"]) {
  addEventListener(kind, () => { touched = Date.now(); if (!box.hidden) look() }, { passive: true })
}
document.addEventListener("visibilitychange", look)
setInterval(look, LOOK_EVERY)
