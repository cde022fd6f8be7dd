/* What staff have written and the server does not have yet: kept on the device, sealed under a key that comes with each
   page for whoever is signed in and is never kept. Without signing in as the same person nobody opens it. It is thrown
   away when its form was sent or given back, when they sign out, when somebody else signs in here, and after a week. */
const NAME = "alongside-unsent"
const STORE = "written"
const WEEK = 7 * 24 * 60 * 60 * 1000
const given = document.querySelector("[data-device]")?.dataset.device ?? ""
given && document.querySelector("[data-device]").removeAttribute("data-device")

const asked = request => new Promise((done, failed) => {
  request.onsuccess = () => done(request.result)
  request.onerror = () => failed(request.error)
})
const bytesOf = text => Uint8Array.from(atob(text), letter => letter.charCodeAt(0))

async function keyAndOwner() {
  const raw = bytesOf(given)
  const mark = new Uint8Array(await crypto.subtle.digest("SHA-256", raw)).slice(0, 8)
  const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"])
  return { key, owner: [...mark].map(byte => byte.toString(16).padStart(2, "0")).join("") }
}
const mine = given && globalThis.crypto?.subtle && globalThis.indexedDB ? keyAndOwner() : null

async function within(mode, act) {
  const opening = indexedDB.open(NAME, 1)
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: "name" })
  const database = await asked(opening)
  database.onversionchange = () => database.close()
  try {
    return await asked(act(database.transaction(STORE, mode, { durability: "strict" }).objectStore(STORE)))
  } finally {
    database.close()
  }
}

/* Whether this browser can keep anything; without, the server's draft is all there is. */
export const able = () => mine !== null

/* `told`: `kept`, when the server had just this; `sent`, that the form went off with it. */
export async function keep(name, texts, told = {}) {
  if (!mine) return
  const { key, owner } = await mine
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const about = new TextEncoder().encode(`${owner}|${name}`)
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: about }, key, new TextEncoder().encode(JSON.stringify({ texts, ...told })))
  await within("readwrite", store => store.put({ name, owner, iv, sealed, at: Date.now(), sent: Boolean(told.sent) }))
}

/* What is kept of a form, or null. What cannot be opened is of another key, and is thrown away. */
export async function kept(name) {
  if (!mine) return null
  const { key, owner } = await mine
  const row = await within("readonly", store => store.get(name))
  if (!row || row.owner !== owner) return null
  try {
    const about = new TextEncoder().encode(`${owner}|${name}`)
    const text = await crypto.subtle.decrypt({ name: "AES-GCM", iv: row.iv, additionalData: about }, key, row.sealed)
    return { ...JSON.parse(new TextDecoder().decode(text)), at: row.at }
  } catch {
    await forget(name)
    return null
  }
}

/* What was to be sent: each under a name of its own, which the server will know it by. */
const HELD = "send|"

export async function hold(entries, told) {
  const name = `${HELD}${crypto.randomUUID()}`
  await keep(name, entries, { ...told, first: Date.now() })
  return name
}

/* What waits to be sent, in the order in which it was to be. */
export async function held() {
  if (!mine) return []
  const names = await within("readonly", store => store.getAllKeys())
  const rows = await Promise.all(names.filter(name => name.startsWith(HELD)).map(async name => ({ name, ...await kept(name) })))
  return rows.filter(row => row.at).sort((one, other) => one.first - other.first)
}

/* The server does not want it as it is. It stays until its form was opened again. */
export const refuse = ({ name, texts, url, title, form, first }) => keep(name, texts, { url, title, form, first, refused: true })

/* What was sent leaves a mark on its form: a page of it that was read just before shows an older draft of it. */
const WENT = "went|"

export const went = form => form ? keep(`${WENT}${form}`, {}, { sent: true }) : Promise.resolve()

export async function hasGone(form) {
  const mark = await kept(`${WENT}${form}`)
  if (mark) await forget(`${WENT}${form}`)
  return mark !== null
}

export const forget = name => mine ? within("readwrite", store => store.delete(name)) : Promise.resolve()

/* What others who signed in on this device left, what is past its time, and what was sent: the server kept a draft of it
   before, so that a page which is not its form again says that it is there. */
export async function tidy() {
  if (!mine) return
  const { owner } = await mine
  const rows = await within("readonly", store => store.getAll())
  const here = new Set([...document.querySelectorAll("form[data-draft]")].map(form => form.dataset.draft))
  for (const row of rows) {
    if (row.owner !== owner || Date.now() - row.at > WEEK || (row.sent && !here.has(row.name.replace(WENT, "")))) await forget(row.name)
  }
}

export const wipe = () => globalThis.indexedDB ? asked(indexedDB.deleteDatabase(NAME)).catch(() => undefined) : Promise.resolve()
