"use strict";
// Keeps the shell of /spot/ and the files that it is made of. Anything else goes to the network untouched, and is never kept.
const VERSION = "spot-1";
const SHELL = "{{ url('onthespot:shell') }}";
const KEPT = [SHELL, "{{ static('core/icon.svg') }}", "{{ static('core/vendor/govuk-frontend-6.3.0.min.css') }}", "{{ static('core/alongside.css') }}", "{{ static('onthespot/spot.js') }}"];
const isKept = (request) => {
  const url = new URL(request.url);
  return request.method === "GET" && url.origin === self.location.origin && !url.search && KEPT.includes(url.pathname);
};
// Without cookies: what is kept is what somebody who is not signed in is given.
const fetched = (address) => fetch(address, { credentials: "omit", cache: "no-store" });
const keep = async () => {
  const cache = await caches.open(VERSION);
  for (const address of KEPT) {
    const answer = await fetched(address);
    if (!answer.ok || answer.redirected) throw new Error("not kept");
    await cache.put(address, answer);
  }
};
self.addEventListener("install", (event) => event.waitUntil(keep().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name.startsWith("spot-") && name !== VERSION) await caches.delete(name);
  await self.clients.claim();
})()));
self.addEventListener("fetch", (event) => {
  if (!isKept(event.request)) return;
  const address = new URL(event.request.url).pathname;
  event.respondWith(caches.open(VERSION).then((cache) => cache.match(address)).then((found) => found || fetched(address)));
});
