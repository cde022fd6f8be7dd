/* Alongside: what JavaScript adds. Every page works without it. */
import { ExitThisPage, createAll, Accordion, Button, CharacterCount, Checkboxes, ErrorSummary, FileUpload,
  NotificationBanner, PasswordInput, Radios, ServiceNavigation, SkipLink, Tabs } from "./vendor/govuk-frontend-6.3.0.min.js"

import * as queue from "./queue.js"
import { tidy, wipe } from "./unsent.js"

const all = (selector, within = document) => [...within.querySelectorAll(selector)]

/* A radio button may not say that it is expanded (ARIA 1.2); what it reveals follows it on the page. */
class PlainRadios extends Radios {
  syncConditionalRevealWithInputState(input) {
    super.syncConditionalRevealWithInputState(input)
    input.removeAttribute("aria-expanded")
  }
}

const COMPONENTS = [Accordion, Button, CharacterCount, Checkboxes, ErrorSummary, FileUpload, NotificationBanner,
  PasswordInput, PlainRadios, ServiceNavigation, SkipLink, Tabs]

/* Leaving: blank the page, tell the server to forget the session, and take this page out of the way back. */
class Leave extends ExitThisPage {
  exitPage() {
    const { leave, exit } = this.$root.dataset
    const token = document.querySelector("[name=csrfmiddlewaretoken]")
    if (leave) {
      const body = new FormData()
      if (token) body.append("csrfmiddlewaretoken", token.value)
      navigator.sendBeacon(leave, body)
    }
    document.title = "Weather"
    document.body.classList.add("govuk-exit-this-page-hide-content")
    window.location.replace(exit || this.$button.href)
  }
}

/* One press, one submission: a second press within ten seconds does nothing. A download leaves the page as
   it is, so the next press is another download. */
function guardSubmit(form) {
  if ("download" in form.dataset) return
  form.addEventListener("submit", event => {
    if (form.dataset.sent) return event.preventDefault()
    form.dataset.sent = "yes"
    setTimeout(() => delete form.dataset.sent, 10000)
  })
}

/* The answer to a form is no page to come Back to: the browser would ask to send it again, or show an error. From here
   on Back and reload find the page of that address afresh. One with errors keeps what was typed until it is left. */
function forgetPost() {
  const { posted } = document.documentElement.dataset
  const forget = () => window.history.replaceState(null, "", window.location.href)
  if (posted === "answered") forget()
  if (posted !== "refused") return
  document.addEventListener("submit", forget)
  document.addEventListener("click", event => event.target.closest("a[href]") && forget())
}

/* A drawing whose parts press the buttons of the list that says the same. */
function presses(drawing) {
  drawing.addEventListener("click", event => {
    const part = event.target.closest("[data-press]")
    if (part) document.getElementById(part.dataset.press)?.click()
  })
}

function autosubmit(form) {
  let timer
  form.addEventListener("change", event => {
    if (event.target.matches("input[type=text], input[type=search]")) return
    clearTimeout(timer)
    timer = setTimeout(() => form.requestSubmit(), 600)
  })
}

/* Upload with a progress bar; the answer takes the place of this page's main part. */
function uploadProgress(form) {
  form.addEventListener("submit", event => {
    if (event.defaultPrevented || !form.querySelector("input[type=file]").value) return
    event.preventDefault()
    const bar = progressBar(form)
    const request = new XMLHttpRequest()
    request.upload.addEventListener("progress", part => bar.show(part.loaded / part.total))
    request.addEventListener("load", () => swapMain(request))
    request.addEventListener("error", () => bar.fail())
    request.open("POST", form.action || window.location.href)
    request.send(new FormData(form))
  })
}

function progressBar(form) {
  const box = document.createElement("div")
  const bar = document.createElement("progress")
  const words = document.createElement("span")
  box.className = "app-progress"
  words.className = "app-progress__words"
  words.setAttribute("role", "status")
  bar.max = 100
  bar.setAttribute("aria-label", "Upload")
  box.append(bar, words)
  form.append(box)
  return {
    show(share) {
      bar.value = share * 100
      words.textContent = share < 1 ? `${Math.floor(share * 100)}% sent` : "Sent. Reading the file…"
    },
    fail() {
      words.textContent = "The file did not arrive. Check your connection and try again."
      delete form.dataset.sent
    },
  }
}

function swapMain(request) {
  const answer = new DOMParser().parseFromString(request.responseText, "text/html")
  const fresh = answer.querySelector("main")
  if (!fresh) return window.location.reload()
  document.querySelector("main").replaceWith(fresh)
  document.title = answer.title
  history.pushState(null, "", request.responseURL)
  enhance(fresh)
  fresh.tabIndex = -1
  fresh.focus()
}

function copy(button) {
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy)
    const label = [...button.childNodes]
    button.textContent = "Copied"
    setTimeout(() => button.replaceChildren(...label), 2000)
  })
}

/* The drawing or its figures, one at a time; without JavaScript both are there. */
function chartToggle(figure) {
  const details = figure.querySelector("details")
  const drawing = figure.querySelector(".app-chart__drawing")
  if (details && drawing) details.addEventListener("toggle", () => { drawing.hidden = details.open })
}

/* On a narrow screen each row becomes a card; roles keep it a table to a screen reader. */
function stack(box) {
  const heads = all("thead th", box)
  if (heads.length < 3) return
  const roles = { table: "table", "thead, tbody": "rowgroup", tr: "row", "thead th": "columnheader", "tbody td": "cell" }
  Object.entries(roles).forEach(([tags, role]) => all(tags, box).forEach(part => part.setAttribute("role", role)))
  all("tbody tr", box).forEach(row => [...row.cells].forEach((cell, at) => {
    cell.dataset.label = heads[at]?.textContent.trim() ?? ""
    cell.classList.toggle("app-table__blank", !cell.textContent.trim() && !cell.children.length)
  }))
  box.classList.add("app-table--stacks")
  box.classList.toggle("app-table--unsorted", !box.querySelector("thead [aria-sort]"))
}

/* Single keys do something unless this person has turned them off, or is typing. */
const keysOff = () => localStorage.getItem("search-key") === "off"
const held = event => event.ctrlKey || event.metaKey || event.altKey || event.repeat

/* "/" goes to the search box. */
function searchKey() {
  const box = document.querySelector("[data-search]")
  if (!box || !keysSwitch()) return
  document.addEventListener("keydown", event => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]")
    if (event.key !== "/" || typing || held(event) || keysOff()) return
    event.preventDefault()
    box.focus()
  })
}

/* The switch at the foot of a page with single keys. Returns whether there is a place for it. */
function keysSwitch() {
  const footer = document.querySelector(".app-staff .app-footer__links")
  if (!footer || footer.querySelector("[data-switch]")) return Boolean(footer)
  const button = document.createElement("button")
  const named = document.querySelector("[data-key-words]")?.dataset.keyWords
  const what = named ?? (document.querySelector("[data-keys]") ? "number keys" : "“/” for search")
  const say = () => { button.textContent = `Turn ${keysOff() ? "on" : "off"} ${what}` }
  button.dataset.switch = ""
  button.type = "button"
  button.className = "app-link-button govuk-link"
  button.addEventListener("click", () => {
    localStorage.setItem("search-key", keysOff() ? "on" : "off")
    say()
    document.dispatchEvent(new Event("keys"))
  })
  say()
  const item = document.createElement("li")
  item.append(button)
  footer.append(item)
  return true
}

/* 1 to 9 choose the first nine answers of a question, whose numbers are shown; Enter then sends the form. */
function numberKeys(part) {
  const radios = all("input[type=radio]", part).slice(0, 9)
  if (!radios.length || !keysSwitch()) return
  const marks = radios.map((radio, at) => {
    const mark = document.createElement("span")
    mark.className = "app-key"
    mark.setAttribute("aria-hidden", "true")
    mark.textContent = at + 1
    part.querySelector(`label[for="${radio.id}"]`).append(mark)
    return mark
  })
  const hint = document.createElement("p")
  hint.className = "govuk-hint app-key-hint"
  hint.textContent = `Keys 1 to ${radios.length} choose an answer, Enter records it.`
  part.querySelector(".govuk-radios").before(hint)
  const show = () => [hint, ...marks].forEach(shown => { shown.hidden = keysOff() })
  document.addEventListener("keys", show)
  show()
  document.addEventListener("keydown", event => {
    const typing = event.target.closest("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]")
    const radio = radios[Number(event.key) - 1]
    if (!radio || typing || held(event) || keysOff()) return
    event.preventDefault()
    radio.focus()
    radio.click()
  })
}

/* One letter presses the link that names it, with the letter shown beside it. */
function letterKey(link) {
  if (!keysSwitch()) return
  const mark = document.createElement("span")
  mark.className = "app-key"
  mark.setAttribute("aria-hidden", "true")
  mark.textContent = link.dataset.letter
  link.append(mark)
  const show = () => { mark.hidden = keysOff() }
  document.addEventListener("keys", show)
  show()
  document.addEventListener("keydown", event => {
    const typing = event.target.closest("input:not([type=checkbox]), textarea, select, dialog, [contenteditable]")
    if (event.key !== link.dataset.letter || typing || held(event) || keysOff()) return
    event.preventDefault()
    link.click()
  })
}

function closeAccountMenu() {
  const menu = document.querySelector(".app-account")
  if (!menu) return
  document.addEventListener("click", event => { if (!menu.contains(event.target)) menu.open = false })
  menu.addEventListener("keydown", event => {
    if (event.key !== "Escape") return
    menu.open = false
    menu.querySelector("summary").focus()
  })
}

/* Two minutes before a session ends for want of use, say so, with a button that goes on. */
function warnIdle() {
  const warning = document.querySelector("[data-idle]")
  if (!warning) return
  const wait = () => setTimeout(() => { warning.hidden = false }, (warning.dataset.idle - 120) * 1000)
  let timer = wait()
  warning.querySelector("button").addEventListener("click", async () => {
    await fetch(warning.dataset.stay)
    warning.hidden = true
    clearTimeout(timer)
    timer = wait()
  })
}

function enhance(scope) {
  COMPONENTS.forEach(component => createAll(component, undefined, scope))
  all("form[method=post]", scope).forEach(guardSubmit)
  all("form[data-upload]", scope).forEach(uploadProgress)
  all("form[data-autosubmit]", scope).forEach(autosubmit)
  all("[data-presses]", scope).forEach(presses)
  all("[data-again]", scope).forEach(part => setTimeout(() => window.location.reload(), part.dataset.again * 1000))
  all(".app-table:not(.app-measures)", scope).forEach(stack)
  all("[data-copy]", scope).forEach(copy)
  all("[data-keys]", scope).forEach(numberKeys)
  all("[data-letter]", scope).forEach(letterKey)
  all("[data-print]", scope).forEach(button => button.addEventListener("click", () => window.print()))
  all("[data-chart]", scope).forEach(chartToggle)
}

/* Signing out leaves nothing on the device: what could not be sent yet would be lost, and is asked about. */
const LOSE = "Some of what you wrote has not been sent yet. If you sign out now, it is lost. Sign out all the same?"
function wipeOnSignOut() {
  all("form[data-sign-out]").forEach(form => form.addEventListener("submit", async event => {
    if (form.dataset.wiped) return
    event.preventDefault()
    event.stopImmediatePropagation()
    form.dataset.wiped = "yes"
    const go = () => form.submit()
    const number = await queue.waiting().catch(() => 0)
    if (number && !confirm(LOSE)) { delete form.dataset.wiped; return }
    Promise.race([wipe(), new Promise(done => setTimeout(done, 1500))]).then(go, go)
  }, { capture: true }))
}

wipeOnSignOut()
tidy().then(queue.begin).catch(() => undefined)
document.body.classList.add("js-enabled", "govuk-frontend-supported")
createAll(Leave)
forgetPost()
enhance(document)
searchKey()
closeAccountMenu()
warnIdle()
/* Back to a page from the browser's memory must not find its forms locked. */
window.addEventListener("pageshow", () => all("form").forEach(form => delete form.dataset.sent))
