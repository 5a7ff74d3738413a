/** What the keys do in the tree (ARIA Authoring Practices, tree view): arrows, home, end, letters, space, enter. */

const PAUSE = 700; // milliseconds between the letters of one word

/** What a key asks for, as a function to call; nothing where it asks for nothing here. */
export function moveOf(event, tree) {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const features = () => tree.rows.filter((row) => row.name !== null);
  const at = () => features().findIndex((row) => row.name === tree.active);
  const go = (index) => () => {
    const rows = features();
    tree.activate(rows[Math.max(0, Math.min(rows.length - 1, index))].name);
  };
  const page = Math.max(1, Math.floor(tree.view.clientHeight / tree.height) - 1);
  const moves = {
    ArrowDown: () => go(at() + 1)(),
    ArrowUp: () => go(at() - 1)(),
    PageDown: () => go(at() + page)(),
    PageUp: () => go(at() - page)(),
    Home: go(0),
    End: () => go(Infinity)(),
    ArrowRight: () => inwards(tree),
    ArrowLeft: () => outwards(tree),
    " ": () => tree.tell("toggle", { row: tree.row() }),
    Enter: () => tree.tell(tree.row().type ? "edit" : "toggle", { row: tree.row() }),
    "*": () => unfoldSiblings(tree),
  };
  if (moves[event.key]) return moves[event.key];
  if ([...event.key].length === 1) return () => type(tree, event.key, event.timeStamp, features(), at());
  return null;
}

async function inwards(tree) {
  const row = tree.row();
  if (!row.has_children) return;
  if (!tree.unfolded.has(row.name)) await tree.unfold(row.name, true);
  else tree.activate(tree.children.get(row.name)[0].members[0].name);
}

async function outwards(tree) {
  const row = tree.row();
  if (tree.unfolded.has(row.name) && row.has_children) await tree.unfold(row.name, false);
  else if (row.parent) tree.activate(row.parent);
}

async function unfoldSiblings(tree) {
  const { parent } = tree.row();
  const siblings = tree.rows.filter((row) => row.name !== null && row.parent === parent && row.has_children);
  await tree.fetch(siblings.map((row) => row.name));
  for (const row of siblings) tree.unfolded.add(row.name);
  tree.arrange();
}

/** Go to the next feature whose name begins with what was typed; where none does, with the last letter. */
function type(tree, letter, now, rows, at) {
  const before = now - tree.typed.at < PAUSE ? tree.typed.text : "";
  for (const text of before ? [before + letter, letter] : [letter]) {
    tree.typed = { text, at: now };
    const found = startingWith(text.toLocaleLowerCase(), rows, text.length > 1 ? at : at + 1);
    if (found) return tree.activate(found.name);
  }
  return undefined;
}

function startingWith(text, rows, from) {
  return [...rows.slice(from), ...rows.slice(0, from)].find((row) => row.name.toLocaleLowerCase().startsWith(text));
}
