"use strict";
// Referrals on the spot, in one file so that a phone keeps it whole. On the page that makes a phone ready: keeps what it
// is told of an event, lets the worker keep the form, and opens it. On the form: seals what was typed at once, keeps it
// sealed, and sends it when there is a signal.

// What a phone keeps: what it was told of one event, entries sealed to the hub, and how many were sent. Nothing in plain.
const NAME = "spot";

const asked = (request) => new Promise((done, failed) => {
  request.onsuccess = () => done(request.result);
  request.onerror = () => failed(request.error);
});

function opened() {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("kept", { keyPath: "what" });
    request.result.createObjectStore("entries", { keyPath: "id" });
  };
  return asked(request);
}

async function within(store, mode, act) {
  const database = await opened();
  try {
    const transaction = database.transaction(store, mode);
    const found = await act(transaction.objectStore(store));
    await new Promise((done, failed) => {
      transaction.oncomplete = done;
      transaction.onabort = transaction.onerror = () => failed(transaction.error);
    });
    return found;
  } finally {
    database.close();
  }
}

// Another event takes the place of the last; what waits of it stays, with the token that sends it.
const keepEvent = (told) => within("kept", "readwrite", (store) => asked(store.put({ what: "event", told })));
const event = async () => (await within("kept", "readonly", (store) => asked(store.get("event"))))?.told ?? null;
const sentSoFar = async () => (await within("kept", "readonly", (store) => asked(store.get("sent"))))?.number ?? 0;
const keepEntry = (entry) => within("entries", "readwrite", (store) => asked(store.put(entry)));
const entries = () => within("entries", "readonly", (store) => asked(store.getAll()));
// Says whether it was still there: a second window of the same phone may have sent it meanwhile.
const forgetEntry = (id) => within("entries", "readwrite", async (store) => {
  const there = await asked(store.getKey(id));
  await asked(store.delete(id));
  return there !== undefined;
});

async function countSent() {
  const number = (await sentSoFar()) + 1;
  await within("kept", "readwrite", (store) => asked(store.put({ what: "sent", number })));
}

async function wipe() {
  await within("entries", "readwrite", (store) => asked(store.clear()));
  await within("kept", "readwrite", (store) => asked(store.clear()));
  await asked(indexedDB.deleteDatabase(NAME)).catch(() => undefined);
  for (const name of await caches.keys()) if (name.startsWith("spot-")) await caches.delete(name);
  for (const registration of await navigator.serviceWorker.getRegistrations()) {
    if (new URL(registration.scope).pathname === "/spot/") await registration.unregister();
  }
}

// Making ready.

async function ready(place) {
  const tell = (words) => { place.textContent = words; };
  if (!("serviceWorker" in navigator) || !window.indexedDB || !window.crypto || !crypto.subtle) {
    tell("This browser cannot keep a form. Take referrals on the page of the event instead.");
    return;
  }
  const told = JSON.parse(place.dataset.told);
  place.removeAttribute("data-told");
  await keepEvent(told);
  const registration = await navigator.serviceWorker.register(place.dataset.worker, { scope: place.dataset.shell });
  const worker = registration.installing || registration.waiting || registration.active;
  await new Promise((done, failed) => {
    const look = () => {
      if (worker.state === "activated") done();
      if (worker.state === "redundant") failed(new Error("redundant"));
    };
    worker.addEventListener("statechange", look);
    look();
  });
  location.replace(place.dataset.shell);
}

// The form.

const AGAIN = 20_000;
const PRESS = 1_000;
const part = (name) => document.querySelector(`[data-part="${name}"]`);
const show = (name, on) => { part(name).hidden = !on; };
const base64 = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)));
const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
let form = null;
let told = null;
let keeping = false;
let sending = false;
let askedAgain = false;
let since = 0;

const say = (words) => {
  const box = document.querySelector("[data-word]");
  box.hidden = !words;
  box.querySelector("p").textContent = words;
};

async function seal(id, text) {
  const about = new TextEncoder().encode(`on-the-spot|${told.occasion}|${id}`);
  const curve = { name: "ECDH", namedCurve: "P-256" };
  const theirs = await crypto.subtle.importKey("raw", bytesOf(told.key), curve, false, []);
  const mine = await crypto.subtle.generateKey(curve, false, ["deriveBits"]);
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, mine.privateKey, 256);
  const root = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const stretched = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(32), info: about };
  const key = await crypto.subtle.deriveKey(stretched, root, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: about }, key, new TextEncoder().encode(text));
  const point = await crypto.subtle.exportKey("raw", mine.publicKey);
  return base64(new Uint8Array([1, ...new Uint8Array(point), ...iv, ...new Uint8Array(sealed)]));
}

function fault(said) {
  if (!said.given_name.trim()) return ["given_name", "Enter what they want to be called"];
  if (!said.age) return ["age-adult", "Choose their age group"];
  if (!said.happened) return ["happened", "Choose what happened; the nearest will do"];
  if (said.phone.trim() && said.phone.replace(/\D/g, "").length < 10) return ["phone", "Check the number: it is too short"];
  if (said.phone.trim() && !said.phone_safe) return ["safe-yes", "Say whether it is safe to call this number"];
  if (!said.agreed) return ["agreed", "Without their agreement nothing is kept. Tell them what it says above, and ask"];
  return null;
}

function typed() {
  const data = new FormData(form);
  const text = (name) => String(data.get(name) ?? "");
  const names = ["danger", "given_name", "family_name", "age", "happened", "phone", "phone_safe", "others", "notes"];
  return { ...Object.fromEntries(names.map((name) => [name, text(name)])), times: data.getAll("times"), agreed: data.has("agreed") };
}

// A second press while the first is being sealed, or a moment after it, is the same press: one person, one entry.
async function keep(submitted) {
  submitted.preventDefault();
  if (keeping) return;
  const said = typed();
  const wrong = fault(said);
  const box = document.querySelector("[data-fault]");
  box.hidden = !wrong;
  if (wrong) {
    box.querySelector("p").textContent = wrong[1];
    document.getElementById(wrong[0]).focus();
    return;
  }
  keeping = true;
  try {
    const id = crypto.randomUUID();
    await keepEntry({ id, envelope: await seal(id, JSON.stringify(said)), taken: Date.now(), token: told.token, send: told.send });
    form.reset();
  } finally {
    setTimeout(() => { keeping = false; }, PRESS);
  }
  document.querySelector("[data-danger]").hidden = true;
  say("Kept. It is sent as soon as there is a signal.");
  scrollTo(0, 0);
  await draw();
  await send();
}

async function post(entry) {
  const headers = { "Content-Type": "application/json", "X-Spot-Token": entry.token };
  const body = JSON.stringify({ id: entry.id, envelope: entry.envelope, taken: entry.taken });
  return fetch(entry.send, { method: "POST", headers, body, credentials: "omit", cache: "no-store" });
}

// One at a time, under the key that the entry has had from the start: sent twice, it still arrives once. A signal that
// comes back while a try is failing is not lost: there is one more try at once.
async function send() {
  askedAgain = sending;
  if (sending) return;
  sending = true;
  try {
    do {
      askedAgain = false;
      if (await sendAll() === "stopped") return;
    } while (askedAgain);
  } finally {
    sending = false;
  }
  await draw();
}

async function sendAll() {
  for (const entry of await entries()) {
    const answer = await post(entry).catch(() => null);
    if (!answer || answer.status === 429 || answer.status >= 500) return "wait";
    if (answer.status === 410) { await stopped(); return "stopped"; }
    if (!answer.ok) continue;
    if (await forgetEntry(entry.id)) await countSent();
    since = Date.now();
  }
  return "done";
}

async function stopped() {
  await wipe();
  told = null;
  say("This phone was stopped by the hub, or the event is long over. It holds nothing any more.");
  await draw();
}

async function draw() {
  const waiting = told ? (await entries()).length : 0;
  const sent = told ? await sentSoFar() : 0;
  const over = told && Date.now() > told.ends;
  if (over && (!waiting || Date.now() > told.until)) {
    await wipe();
    told = null;
    say(waiting ? "The event is over and its time to send has passed. This phone holds nothing any more." : "The event is over. This phone holds nothing any more.");
  }
  document.querySelector("[data-count]").textContent = told ? `${waiting} waiting, ${sent} sent` : "Nothing is kept on this phone";
  document.querySelector("[data-name]").textContent = told ? told.name : "On the spot";
  show("none", !told);
  show("form", Boolean(told) && !over);
  show("over", Boolean(told) && Boolean(over));
  show("end", Boolean(told));
  if (since && !waiting) say("Everything is sent.");
}

async function end(pressed) {
  const waiting = (await entries()).length;
  if (waiting && pressed.currentTarget.dataset.sure !== "yes") {
    pressed.currentTarget.dataset.sure = "yes";
    say(`${waiting} waiting would be lost. Look for a signal and press “Send now” first. Press again to sign out all the same.`);
    return;
  }
  const { token, back, sign_out: out } = told;
  await fetch(back, { method: "POST", headers: { "X-Spot-Token": token }, credentials: "omit" }).catch(() => null);
  await wipe();
  const done = await signOut(out).then(() => true, () => false);
  location.replace(done ? part("none").querySelector("a").href : out);
}

// The page that asks whether to sign out holds the form; this button has been the answer. Without a signal the page is
// where it ends, and asks.
async function signOut(out) {
  const page = new DOMParser().parseFromString(await (await fetch(out, { cache: "no-store" })).text(), "text/html");
  const asks = page.querySelector("main form[method=post]");
  if (asks) await fetch(out, { method: "POST", body: new FormData(asks), redirect: "manual" });
}

function choices() {
  for (const [code, words] of told.happened) document.getElementById("happened").add(new Option(words, code));
  for (const [code, words] of told.times) {
    const item = document.createElement("div");
    item.className = "govuk-checkboxes__item";
    const box = Object.assign(document.createElement("input"), { type: "checkbox", name: "times", id: `time-${code}`, value: code, className: "govuk-checkboxes__input" });
    const label = Object.assign(document.createElement("label"), { htmlFor: `time-${code}`, textContent: words, className: "govuk-label govuk-checkboxes__label" });
    item.append(box, label);
    document.querySelector("[data-times]").append(item);
  }
}

async function begin() {
  form = part("form");
  told = await event();
  if (told) choices();
  form.addEventListener("submit", (submitted) => keep(submitted).catch(() => say("It could not be kept. Do not close this page; write it down, and tell the hub.")));
  form.addEventListener("change", () => { document.querySelector("[data-danger]").hidden = !document.getElementById("danger-yes").checked; });
  document.querySelector("[data-send]").addEventListener("click", () => send());
  document.querySelector("[data-end]").addEventListener("click", end);
  addEventListener("online", () => send());
  setInterval(() => send(), AGAIN);
  await draw();
  await send();
}

const place = document.querySelector("[data-ready]");
if (place) {
  const failed = "This phone could not be made ready. Look for a better signal, go back and try again.";
  ready(place).catch(() => { place.textContent = failed; });
} else {
  await begin();
}
