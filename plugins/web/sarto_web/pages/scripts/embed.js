/** One script tag in a vendor's page puts the configurator there:
 *
 * <script src="https://…/embed.js" data-room="…" data-height="640"></script>
 *
 * The events `sarto:change` and `sarto:done` are sent from the frame, with the selection in their `detail`.
 */
(() => {
  const script = document.currentScript;
  const home = new URL(script.src);
  const { room = "", height = "640", title = "Configurator", lang = "" } = script.dataset;
  const query = new URLSearchParams({ origin: location.origin, ...(home.searchParams.get("token") ? { token: home.searchParams.get("token") } : {}), ...(lang ? { lang } : {}) });
  const frame = document.createElement("iframe");
  frame.src = `${home.origin}${room ? `/rooms/${encodeURIComponent(room)}` : "/embed"}?${query}`;
  frame.title = title;
  frame.allow = "clipboard-write";
  frame.style.cssText = "display:block;width:100%;border:0;border-radius:12px";
  const fit = () => {
    frame.style.height = `${Math.max(320, Math.min(Number(height) || 640, innerHeight))}px`;
  };
  fit();
  addEventListener("resize", fit);
  addEventListener("message", (event) => {
    if (event.origin !== home.origin || event.source !== frame.contentWindow || event.data?.source !== "sarto") return;
    frame.dispatchEvent(new CustomEvent(`sarto:${event.data.kind}`, { detail: event.data.detail, bubbles: true }));
  });
  script.after(frame);
})();
