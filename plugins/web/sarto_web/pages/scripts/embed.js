/** One script tag in a vendor's page puts the configurator there:
 *
 * <script src="https://…/embed.js?token=…" data-room="…" data-height="640" data-lang="it"></script>
 *
 * The events `sarto:change` and `sarto:done` are sent from the frame; their `detail` says what was decided.
 */
(() => {
  const script = document.currentScript;
  const home = new URL(script.src);
  const { room = "", height: most = "640", title = "Configurator", lang = "" } = script.dataset;
  const query = new URLSearchParams(home.search);
  query.set("origin", location.origin);
  if (lang) query.set("lang", lang);
  const frame = document.createElement("iframe");
  frame.src = `${home.origin}${room ? `/rooms/${encodeURIComponent(room)}` : "/embed"}?${query}`;
  frame.title = title;
  frame.allow = "clipboard-write";
  frame.style.cssText = "display:block;width:100%;border:0;border-radius:12px";
  const fit = (wanted) => {
    frame.style.height = `${Math.max(480, Math.min(Number(most) || 640, wanted))}px`;
  };
  fit(Infinity);
  addEventListener("message", (event) => {
    if (event.origin !== home.origin || event.source !== frame.contentWindow || event.data?.source !== "sarto") return;
    if (event.data.kind === "height") fit(event.data.detail.height);
    else frame.dispatchEvent(new CustomEvent(`sarto:${event.data.kind}`, { detail: event.data.detail, bubbles: true }));
  });
  script.after(frame);
})();
