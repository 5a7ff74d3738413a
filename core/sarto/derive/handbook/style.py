"""How the site looks: one style sheet, for screens light and dark, and for paper; it asks nobody for anything."""

from __future__ import annotations

__all__ = ["STYLE"]

STYLE = """\
:root {
  color-scheme: light dark;
  --ink: #1c2430; --soft: #5b6675; --line: #dde2e9; --paper: #fff; --wash: #f5f7fa; --accent: #3949ab;
}
@media (prefers-color-scheme: dark) {
  :root { --ink: #e4e8ee; --soft: #9aa6b5; --line: #323b47; --paper: #15191f; --wash: #1d232b; --accent: #9fa8da; }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; max-width: 60rem; padding: 2rem 1.25rem 4rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.55 system-ui, sans-serif; overflow-wrap: break-word;
}
a { color: var(--accent); text-decoration-thickness: 1px; text-underline-offset: 2px; }
a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
nav { color: var(--soft); font-size: .9rem; }
nav ol { display: flex; flex-wrap: wrap; gap: .4rem; list-style: none; margin: 0; padding: 0; }
nav li + li::before { content: "›"; margin-right: .4rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 1rem 0 .25rem; }
h2 { font-size: 1.2rem; margin: 2.25rem 0 .5rem; }
.summary { color: var(--soft); font-size: 1.1rem; margin: 0 0 1.5rem; }
dl {
  display: grid; grid-template-columns: minmax(8rem, 11rem) minmax(0, 1fr); margin: 0;
  border-top: 1px solid var(--line);
}
dt, dd { margin: 0; padding: .55rem 0; border-bottom: 1px solid var(--line); }
dt { color: var(--soft); padding-right: 1rem; }
dd ul { list-style: none; margin: 0; padding: 0; }
dd ol { margin: 0; padding-left: 1.75rem; }
dd li::marker { color: var(--soft); font-variant-numeric: tabular-nums; }
code { font: .92em ui-monospace, monospace; background: var(--wash); border-radius: .25rem; padding: .1em .3em; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .45rem .75rem .45rem 0; border-bottom: 1px solid var(--line); }
th { color: var(--soft); font-weight: 600; }
td.number { white-space: nowrap; text-align: right; font-variant-numeric: tabular-nums; padding-right: 0; }
th.number { text-align: right; padding-right: 0; }
td:first-child a { display: inline-block; margin-left: calc(var(--depth, 0) * 1.25rem); }
tbody tr:hover { background: var(--wash); }
footer { margin-top: 3rem; color: var(--soft); font-size: .85rem; }
@media (max-width: 36rem) {
  body { padding-top: 1.25rem; }
  dl { grid-template-columns: minmax(0, 1fr); }
  dt { border: 0; padding-bottom: 0; }
  thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
  tbody tr { display: grid; grid-template-columns: minmax(0, 1fr) auto; border-bottom: 1px solid var(--line); }
  td { border: 0; padding: .45rem 0; }
  td:nth-child(2) { grid-row: 2; grid-column: 1 / -1; color: var(--soft); padding-top: 0; }
  td:nth-child(2):empty { display: none; }
}
@media print {
  :root { color-scheme: light; --ink: #000; --soft: #444; --line: #bbb; --paper: #fff; --wash: #fff; --accent: #000; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  nav, footer { display: none; }
  dt, dd, tr { break-inside: avoid; }
  h2 { break-after: avoid; }
}
"""
