/** Inside of a vendor's page: tell it what happens, and how high the configurator would like to be. */

const asked = new URLSearchParams(location.search);

/** The language that the page around asks for; "" where it does not. */
export const LANGUAGE_AROUND = asked.get("lang") ?? "";

/** Send what happens in a session to the page around, and to no other. */
export function listenTo(session) {
  const origin = asked.get("origin");
  if (parent === globalThis || !origin) return;
  const tell = (kind, detail) => parent.postMessage({ source: "sarto", kind, detail }, origin);
  session.addEventListener("change", () => {
    const { decisions, price, remaining } = session.room;
    tell("change", { decisions, price, remaining });
  });
  session.addEventListener("done", ({ detail }) => tell("done", { selection: detail.selection }));
  new ResizeObserver(() => tell("height", { height: wantedHeight() })).observe(document.querySelector(".tree-space"));
  tell("ready", {});
}

/** So high that nothing of the tree is hidden. */
function wantedHeight() {
  const tree = document.querySelector(".tree");
  return innerHeight - tree.clientHeight + document.querySelector(".tree-space").offsetHeight;
}
