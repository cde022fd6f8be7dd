/* The wallboard asks for itself every half minute, and says so when its numbers are old. */
const EVERY = 30000
const OLD = 120000
let counted = Date.now()

async function again() {
  const here = document.querySelector("[data-wall]")
  /* On a wall asking is what the session is for; anywhere else it is no use of it. */
  const headers = here.dataset.onWall ? {} : { "X-Watches": "1" }
  try {
    const answer = await fetch(window.location.href, { headers, redirect: "manual" })
    if (!answer.ok) return stale("You have been signed out.")
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-wall]")
    if (!fresh) return stale("")
    here.replaceWith(fresh)
    counted = Date.now()
    document.body.classList.remove("triage-wall--old")
  } catch {
    stale("There is no connection.")
  }
}

function stale(why) {
  if (why !== "You have been signed out." && Date.now() - counted < OLD) return
  const at = new Date(counted).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" })
  document.querySelector("[data-stale]").textContent = `These numbers are old: counted at ${at}. ${why}`
  document.body.classList.add("triage-wall--old")
}

setInterval(again, EVERY)
