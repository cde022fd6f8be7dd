/* Says who else has the same case open, and whether they are writing. */
const AGAIN = 25000
const asks = document.querySelector("form[data-here]")
const box = document.querySelector("[data-others]")

const told = others => others.map(one => `${one.name} ${one.writing ? "is writing on this case now" : "has this case open too"}.`).join(" ")
const writing = () => [...document.querySelectorAll("form[data-draft] textarea")].some(field => field.value !== field.defaultValue)

async function ask() {
  if (document.hidden) return
  const body = new FormData(asks)
  body.set("writing", writing() ? "yes" : "no")
  const answer = await fetch(asks.action, { method: "POST", body, redirect: "manual" }).catch(() => null)
  if (!answer?.ok) return
  const words = told((await answer.json()).others)
  if (box.textContent !== words) box.textContent = words
  box.hidden = !words
}

if (asks && box) {
  ask()
  setInterval(ask, AGAIN)
  document.addEventListener("visibilitychange", ask)
}
