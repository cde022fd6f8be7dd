/* Keeps what staff are writing, two seconds after the last key, so that an expired session or a flat battery loses nothing. */
const PAUSE = 2000
const ENOUGH = 10000

function keepDraft(form) {
  const words = form.querySelector("[data-draft-status]")
  const say = text => { if (words.textContent !== text) words.textContent = text }
  let timer, changed = false, last = "", keeping = null

  function keep() {
    const all = Promise.allSettled([keeping, save()]).then(() => { if (keeping === all) keeping = null })
    keeping = all
  }

  async function save() {
    const body = new FormData(form)
    body.set("draft", form.dataset.draft)
    changed = false
    try {
      const signal = AbortSignal.timeout(ENOUGH)
      const answer = await fetch(form.dataset.draftUrl, { method: "POST", body, redirect: "manual", signal })
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
  /* A draft that is on its way is waited for: kept after the form has been taken, it would fill in the next one. */
  form.addEventListener("submit", event => {
    clearTimeout(timer)
    changed = false
    if (!keeping) return
    event.preventDefault()
    event.stopImmediatePropagation()
    keeping.then(() => form.requestSubmit(event.submitter))
  }, { capture: true })
  document.addEventListener("visibilitychange", () => { if (document.hidden && changed) keep() })
}

document.querySelectorAll("form[data-draft]").forEach(keepDraft)
