/* Keeps what staff are writing, two seconds after the last key, so that an expired session or a flat battery loses nothing. */
const PAUSE = 2000

function keepDraft(form) {
  const words = form.querySelector("[data-draft-status]")
  const say = text => { if (words.textContent !== text) words.textContent = text }
  let timer, changed = false, last = ""

  async function keep() {
    const body = new FormData(form)
    body.set("draft", form.dataset.draft)
    changed = false
    try {
      const answer = await fetch(form.dataset.draftUrl, { method: "POST", body, redirect: "manual" })
      if (answer.ok) last = (await answer.json()).at
      say(answer.ok ? `Draft kept at ${last}` : signedOut())
    } catch {
      say("Not kept: there is no connection.")
    }
  }

  function signedOut() {
    const until = last ? `What you wrote until ${last} is kept.` : ""
    return `You have been signed out. ${until} Copy anything newer, then sign in and open this page again.`
  }

  form.addEventListener("input", () => {
    changed = true
    clearTimeout(timer)
    timer = setTimeout(keep, PAUSE)
  })
  form.addEventListener("submit", () => {
    clearTimeout(timer)
    changed = false
  })
  document.addEventListener("visibilitychange", () => { if (document.hidden && changed) keep() })
}

document.querySelectorAll("form[data-draft]").forEach(keepDraft)
