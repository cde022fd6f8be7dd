/* What staff pressed Save on without a connection: kept on the device, said on every page until the server has it, and
   sent by itself. Each names itself, so that the server takes it once however often it comes. */
import * as unsent from "./unsent.js"

const EVERY = 20000
const ENOUGH = 15000
const HEADER = "X-Alongside-Once"
const NOT_SENT = new Set(["csrfmiddlewaretoken"])
const moment = at => new Date(at).toLocaleString("en-GB", { day: "numeric", month: "long", hour: "2-digit", minute: "2-digit", timeZone: "Europe/London" })
const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? ""
const make = (tag, words, properties = {}) => Object.assign(document.createElement(tag), { textContent: words, ...properties })
let busy = null, gone = "", sent = []

/* Keeps a form as it was to be sent, with the button that was pressed. */
export async function hold(form, submitter) {
  const entries = [...new FormData(form, submitter)].filter(([name, value]) => typeof value === "string" && !NOT_SENT.has(name))
  const title = form.dataset.offlineTitle ?? document.querySelector("h1")?.textContent.trim() ?? "A form"
  const name = await unsent.hold(entries, { url: form.action, title, form: form.dataset.draft })
  await show()
  return name
}

export async function takeBack(name) {
  await unsent.forget(name)
  await show()
}

/* "sent", "offline", "gone" (signed out), "again" (this page is too old to send) or "refused". */
async function post(row) {
  const body = new URLSearchParams(row.texts)
  body.set("csrfmiddlewaretoken", token())
  const about = { method: "POST", body, redirect: "manual", headers: { [HEADER]: row.name.split("|")[1] }, signal: AbortSignal.timeout(ENOUGH) }
  const answer = await fetch(row.url, about).catch(() => null)
  if (!answer || answer.status >= 500) return "offline"
  if (answer.ok) return "sent"
  if (answer.status === 401 || answer.type === "opaqueredirect") return "gone"
  if (answer.status === 403) return "again"
  return "refused"
}

async function sendAll() {
  gone = ""
  for (const row of await unsent.held()) {
    if (row.refused) continue
    const came = await post(row)
    if (came === "sent") {
      await unsent.went(row.form)
      await unsent.forget(row.name)
      sent.push(row)
      document.dispatchEvent(new CustomEvent("unsent:sent", { detail: row }))
    } else if (came === "refused") {
      await unsent.refuse(row)
    } else {
      gone = came
      break
    }
  }
  await show()
}

/* One after the other, in this window alone: the server holds apart what two windows send at once. */
export function send() {
  busy ??= sendAll().catch(() => undefined).finally(() => { busy = null })
  return busy
}

const WHY = {
  offline: "There is no connection. They are sent by themselves as soon as there is one, from any page that you have open.",
  gone: "You have been signed out. Sign in as yourself on this device and they are sent.",
  again: "Load this page again to send them.",
}

function line(row) {
  const item = document.createElement("li")
  item.append(make("span", `${row.title}, ${moment(row.at)}. ${row.refused ? "It could not be saved as it is. Open it: your words are put back, and the page says what is missing. " : ""}`))
  if (row.refused) item.append(make("a", "Open it", { href: row.url, className: "govuk-link" }), " ")
  const drop = make("button", "Throw it away", { type: "button", className: "app-link-button govuk-link" })
  drop.addEventListener("click", async () => {
    if (confirm("Throw away what you wrote? It has not been saved anywhere else.")) await takeBack(row.name)
  })
  item.append(drop)
  return item
}

let box = null
async function show() {
  const rows = await unsent.held()
  if (!box && (rows.length || sent.length)) {
    box = make("section", "", { className: "app-unsent" })
    box.setAttribute("aria-label", "Not sent yet")
    box.setAttribute("role", "status")
    document.querySelector("main")?.prepend(box)
  }
  if (!box) return
  box.replaceChildren()
  box.hidden = !rows.length && !sent.length
  if (sent.length) {
    const line = make("p", `Sent and saved: ${sent.map(row => row.title).join(", ")}. `, { className: "govuk-body" })
    line.append(make("a", "Load this page again to see it", { href: location.href, className: "govuk-link" }))
    box.append(line)
  }
  if (!rows.length) return
  const list = make("ul", "", { className: "govuk-list" })
  list.append(...rows.map(line))
  box.append(make("p", `Not sent yet: ${rows.length}`, { className: "govuk-heading-s" }), list)
  if (rows.every(row => row.refused)) return
  const again = make("button", "Send now", { type: "button", className: "govuk-button govuk-button--secondary" })
  again.addEventListener("click", send)
  box.append(make("p", `Kept on this device, sealed, for you alone. ${WHY[gone || "offline"]}`, { className: "govuk-body" }), again)
}

/* A link that cannot be followed leaves the page standing. Where the page brought the form behind the link along, it is
   opened in place. */
const NO_WAY = "There is no connection. This page stays open so that nothing is lost: notes and sessions can be recorded from it."

async function connected() {
  if (!navigator.onLine) return false
  return fetch("/healthz/", { cache: "no-store", signal: AbortSignal.timeout(4000) }).then(answer => answer.status < 500, () => false)
}

/* The day and the time in London, in the boxes that the form has for them. */
function fillNow(form, { day, time }) {
  const now = Object.fromEntries(new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/London", dateStyle: "short", timeStyle: "short" })
    .formatToParts(new Date()).map(part => [part.type, part.value]))
  const boxes = { [`${day}_day`]: now.day, [`${day}_month`]: now.month, [`${day}_year`]: now.year, [time]: `${now.hour}:${now.minute}` }
  Object.entries(boxes).forEach(([name, value]) => { if (form.elements[name]) form.elements[name].value = value })
}

function openHere(template) {
  document.querySelector("[data-opened]")?.remove()
  const part = make("section", "", { className: "app-card" })
  const words = make("h2", template.dataset.title, { className: "govuk-heading-m", tabIndex: -1 })
  part.dataset.opened = ""
  part.append(words, template.content.cloneNode(true))
  document.querySelector("main").prepend(part)
  const form = part.querySelector("form")
  form.dataset.offlineTitle = template.dataset.title
  fillNow(form, template.dataset)
  document.dispatchEvent(new CustomEvent("unsent:opened", { detail: form }))
  words.focus()
}

function sayNoWay() {
  const said = document.querySelector("[data-no-way]") ?? make("p", "", { className: "app-unsent" })
  said.dataset.noWay = ""
  said.setAttribute("role", "status")
  if (!said.isConnected) document.querySelector("main")?.prepend(said)
  said.textContent = NO_WAY
  said.scrollIntoView({ block: "nearest" })
}

function guardLinks() {
  const brought = new Map([...document.querySelectorAll("template[data-offline]")].map(one => [one.dataset.offline, one]))
  if (brought.size) import("./drafts.js")
  document.addEventListener("click", async event => {
    const link = event.target.closest("a[href]")
    if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return
    if (link.origin !== location.origin || link.hasAttribute("download") || link.target) return
    if (link.pathname === location.pathname && link.hash) return
    const template = brought.get(link.pathname)
    if (navigator.onLine && !template) return
    event.preventDefault()
    if (await connected()) location.href = link.href
    else if (template) openHere(template)
    else sayNoWay()
  })
}

export async function begin() {
  if (!unsent.able()) return
  guardLinks()
  await show()
  await send()
  addEventListener("online", send)
  setInterval(async () => { if ((await unsent.held()).some(row => !row.refused)) send() }, EVERY)
}

export const waiting = async () => (await unsent.held()).length
