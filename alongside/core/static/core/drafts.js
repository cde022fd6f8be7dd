/* Keeps what staff are writing: on the device with each key, and with the server two seconds after the last. An expired
   session, a dropped connection, a server that stopped or a flat battery loses nothing that was typed. */
import * as queue from "./queue.js"
import * as unsent from "./unsent.js"

const PAUSE = 2000
const ENOUGH = 10000
const OFFLINE = "There is no connection. What you wrote is kept on this device, and can be opened by you alone."
const NOT_WORDS = new Set(["csrfmiddlewaretoken", "draft", "next"])

function wordsOf(form) {
  const found = {}
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && !NOT_WORDS.has(name)) (found[name] ??= []).push(value)
  }
  return found
}

/* Puts back what was on the device. Where the server has kept something else meanwhile, both stay to be read. Without
   `tell` it is shown only: the form does not take it for typing, and keeps no draft of it. */
function putBack(form, texts, tell = true) {
  let changed = false
  for (const field of form.elements) {
    if (!field.name || NOT_WORDS.has(field.name) || field.type === "hidden" || field.type === "file") continue
    const values = texts[field.name] ?? []
    if (field.type === "radio" || field.type === "checkbox") {
      const on = values.includes(field.value)
      changed ||= on !== field.checked
      field.checked = on
    } else if (field.tagName !== "BUTTON" && values.length && values[0] !== field.value) {
      const here = field.value
      changed = true
      field.value = values[0]
      if (field.tagName === "TEXTAREA" && here.trim() && !values[0].includes(here)) beside(field, here)
      if (tell) field.dispatchEvent(new Event("input", { bubbles: true }))
    }
  }
  return changed
}

function beside(field, words) {
  const box = document.createElement("details")
  box.className = "govuk-details"
  box.open = true
  const summary = Object.assign(document.createElement("summary"), { className: "govuk-details__summary" })
  summary.append(Object.assign(document.createElement("span"), {
    className: "govuk-details__summary-text", textContent: "This was kept from another window. Put the two together" }))
  box.append(summary, Object.assign(document.createElement("div"), { className: "govuk-details__text app-written", textContent: words }))
  field.after(box)
}

const moment = at => new Date(at).toLocaleString("en-GB", { day: "numeric", month: "long", hour: "2-digit", minute: "2-digit", timeZone: "Europe/London" })

function keepDraft(form) {
  const words = form.querySelector("[data-draft-status]")
  const say = text => { if (words.textContent !== text) words.textContent = text }
  const name = form.dataset.draft
  let timer, changed = false, last = "", keeping = null, typed = 0, sure = false, kept = ""
  let onDevice = Promise.resolve()

  /* One after the other, so that an earlier writing never takes the place of a later one; and only if nothing was typed
     since. What the server has stays here with the moment of it, until a page shows that it was given back or sent: a
     page may have been read before it was kept. */
  function keepHere(number, told) {
    const texts = wordsOf(form)
    onDevice = onDevice.then(() => number === typed ? unsent.keep(name, texts, told) : undefined).catch(() => undefined)
    return onDevice
  }

  function keep() {
    const all = Promise.allSettled([keeping, save()]).then(() => { if (keeping === all) keeping = null })
    keeping = all
    return all
  }

  /* "kept", "gone" (signed out), "offline", or "refused": the server is there and does not want it. */
  async function save() {
    const body = new FormData(form), number = typed
    body.set("draft", name)
    changed = false
    try {
      const signal = AbortSignal.timeout(ENOUGH)
      const answer = await fetch(form.dataset.draftUrl, { method: "POST", body, redirect: "manual", signal })
      if (answer.ok) {
        const answered = await answer.json()
        last = answered.at
        say(`Draft kept at ${last}`)
        kept = answered.moment
        await keepHere(number, { kept })
        return "kept"
      }
      if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) { say(signedOut()); return "gone" }
      if (answer.status >= 500) { say(OFFLINE); return "offline" }
      say("")
      return "refused"
    } catch {
      changed = true
      say(unsent.able() ? OFFLINE : "Not kept: there is no connection.")
      return "offline"
    }
  }

  async function queueUp(submitter) {
    typed += 1
    changed = false
    await onDevice
    const held = await queue.hold(form, submitter)
    await unsent.forget(name)
    standBy(held, () => keepHere(typed))
  }

  /* What was to be saved is saved later, by itself. Until then it can be taken back. */
  function standBy(held, again) {
    form.inert = true
    const box = Object.assign(document.createElement("div"), { className: "govuk-inset-text", tabIndex: -1 })
    const said = Object.assign(document.createElement("p"), { textContent: "Not sent yet: there is no connection. It is kept on this device, sealed, and is sent by itself as soon as there is one. You can go on working." })
    const back = Object.assign(document.createElement("button"), { type: "button", className: "govuk-button govuk-button--secondary", textContent: "Take it back and change it" })
    back.addEventListener("click", async () => {
      await queue.takeBack(held)
      box.remove()
      form.inert = false
      again()
    })
    document.addEventListener("unsent:sent", event => {
      if (event.detail.name !== held) return
      back.remove()
      said.textContent = "It has been sent and saved."
    })
    box.append(said, back)
    form.before(box)
    box.focus()
  }

  function signedOut() {
    if (unsent.able()) return "You have been signed out. What you wrote is kept on this device: sign in as yourself, open this page again, and it is put back."
    const until = last ? `What you wrote until ${last} is kept.` : ""
    return `You have been signed out. ${until} Copy anything newer, then sign in and open this page again.`
  }

  form.addEventListener("input", () => {
    changed = true
    typed += 1
    keepHere(typed)
    clearTimeout(timer)
    timer = setTimeout(keep, PAUSE)
  })
  /* A draft that is on its way is waited for: kept after the form has been taken, it would fill in the next one. What is
     pressed without a connection does not leave the page, where a browser's own error would take its place. */
  form.addEventListener("submit", event => {
    clearTimeout(timer)
    if (sure) return
    event.preventDefault()
    event.stopImmediatePropagation()
    const submitter = event.submitter
    const before = keeping ?? Promise.resolve()
    before.then(() => save()).then(async came => {
      if (came === "offline" && unsent.able()) { await queueUp(submitter); return }
      if (came === "offline" || came === "gone") { words.focus?.(); return }
      await keepHere(typed, { kept, sent: true })
      changed = false
      sure = true
      form.requestSubmit(submitter)
      setTimeout(() => { sure = false }, 500)
    })
  }, { capture: true })
  document.addEventListener("visibilitychange", () => { if (document.hidden && changed) keep() })
  addEventListener("online", () => { if (changed) keep() })

  /* What the server did not take as it was is in its form again. What is still to be sent is shown and stands still:
     once it is there, the page is read afresh. So is one that was read just before it went. */
  async function putBackHeld() {
    if (await unsent.hasGone(name) && !typed) return location.reload()
    for (const row of await unsent.held()) {
      if (row.form !== name) continue
      const texts = {}
      row.texts.filter(([field]) => !NOT_WORDS.has(field)).forEach(([field, text]) => (texts[field] ??= []).push(text))
      if (row.refused) {
        await unsent.keep(name, texts)
        await queue.takeBack(row.name)
      } else {
        putBack(form, texts, false)
        standBy(row.name, () => { changed = true; keepHere(typed) })
      }
    }
  }

  /* It was sent from this page, which was read before and may show an older draft of it. */
  document.addEventListener("unsent:sent", async event => {
    if (event.detail.form === name && !typed && await unsent.hasGone(name)) location.reload()
  })

  const given = Date.parse(form.dataset.draftSaved ?? "") || 0
  const superseded = found => given ? found.kept && given >= Date.parse(found.kept) : found.sent
  putBackHeld().then(() => unsent.kept(name)).then(found => {
    if (found && superseded(found)) {
      unsent.forget(name)
    } else if (found && putBack(form, found.texts)) {
      const box = Object.assign(document.createElement("div"), { className: "govuk-inset-text" })
      box.setAttribute("role", "status")
      box.append(Object.assign(document.createElement("p"), { textContent: `What you wrote here on ${moment(found.at)}, and could not be sent, was put back. It has not been saved to the record yet.` }))
      form.before(box)
      changed = true
    }
  }).catch(() => undefined)
}

/* A draft that is thrown away goes from the device too. */
document.querySelectorAll("form:not([data-draft]) input[type=hidden][name=draft]").forEach(named => {
  named.form.addEventListener("submit", event => {
    event.preventDefault()
    event.stopImmediatePropagation()
    const go = () => named.form.submit()
    unsent.forget(named.value).then(go, go)
  }, { capture: true })
})
document.querySelectorAll("form[data-draft]").forEach(keepDraft)
document.addEventListener("unsent:opened", event => keepDraft(event.detail))
