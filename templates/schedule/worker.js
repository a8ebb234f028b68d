// Keeps the programme, its papers and the kiosk, as anybody sees them, for readers without a network.
"use strict";
const SETTINGS = {{ settings|safe }};
const CACHE = `ml4rs-${SETTINGS.name}`;
const kept = new Set(SETTINGS.pages);

// Without cookies: what is kept on a device is nobody's own page.
async function keep(cache, address) {
  const answer = await fetch(address, { credentials: "omit", cache: "no-cache" });
  if (answer.ok) await cache.put(address, answer);
}

async function keepAll() {
  const cache = await caches.open(CACHE);
  for (const address of [...SETTINGS.static, ...SETTINGS.pages]) {
    try {
      await keep(cache, address);
    } catch {
      return; // the network went away; the next visit goes on
    }
  }
}

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(keepAll());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith(`ml4rs-${SETTINGS.prefix}`) && name !== CACHE) await caches.delete(name);
    }
    await self.clients.claim();
  })());
});

async function fromNetworkFirst(request, address) {
  try {
    return await fetch(request);
  } catch {
    const cache = await caches.open(CACHE);
    return (await cache.match(address)) || Response.error();
  }
}

async function fromCacheFirst(request) {
  const cache = await caches.open(CACHE);
  const found = await cache.match(request);
  if (found) return found;
  const answer = await fetch(request);
  if (answer.ok) await cache.put(request, answer.clone());
  return answer;
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  const isStatic = address.pathname.startsWith(SETTINGS.staticRoot);
  if ((isStatic && SETTINGS.namedByContent) || address.pathname.endsWith("/slide")) {
    event.respondWith(fromCacheFirst(request));
  } else if (isStatic || kept.has(address.pathname)) {
    event.respondWith(fromNetworkFirst(request, address.pathname)); // all other pages are none of this script's business
  }
});
