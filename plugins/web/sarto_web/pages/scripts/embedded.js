/** Inside of a vendor's page: tell it what happens, and how high the configurator is. */

const ORIGIN = new URLSearchParams(location.search).get("origin");

/** Whether this page is in a frame whose owner said where it is from. */
export function isEmbedded() {
  return parent !== globalThis && Boolean(ORIGIN);
}

/** Send what happens in a session to the page around, and to no other. */
export function listenTo(session) {
  if (!isEmbedded()) return;
  document.documentElement.dataset.embedded = "";
  const tell = (kind, detail) => parent.postMessage({ source: "sarto", kind, detail }, ORIGIN);
  session.addEventListener("change", async () => {
    tell("change", { decisions: session.room.decisions, price: session.room.price, remaining: session.room.remaining });
  });
  session.addEventListener("done", ({ detail }) => tell("done", { selection: detail.selection }));
  tell("ready", {});
}
