/** Which rows the tree shows, one below the other: the features of open parents, and a caption above each group. */

/** The rows of a tree. `children` has the groups of each feature that were fetched, `open` those that are unfolded. */
export function rowsOf(root, children, open) {
  const rows = [{ ...root, level: 1, position: 1, size: 1, parent: null, group: null }];
  if (open.has(root.name)) below(root.name, 2, children, open, rows);
  return rows;
}

function below(parent, level, children, open, rows) {
  const groups = children.get(parent) ?? [];
  const size = groups.reduce((sum, group) => sum + group.members.length, 0);
  let position = 0;
  for (const group of groups) {
    if (isCaptioned(group)) rows.push({ caption: group, level, name: null });
    group.members.forEach((member, index) => {
      position += 1;
      const edge = index === 0 ? "first" : index === group.members.length - 1 ? "last" : "";
      rows.push({ ...member, level, position, size, parent, group, edge });
      if (open.has(member.name)) below(member.name, level + 1, children, open, rows);
    });
  }
}

/** Whether a group binds its members together, so that it says so above them. */
export function isCaptioned(group) {
  return group.kind !== "mandatory" && group.kind !== "optional";
}

/** How a group is said: `group.alternative`, `group.or`, `group.range` … with its numbers. */
export function groupKey(group) {
  if (group.kind !== "cardinality") return `group.${group.kind}`;
  if (group.minimum === group.maximum) return group.minimum === 1 ? "group.alternative" : "group.exactly";
  return group.minimum === 0 ? "group.most" : "group.range";
}

/** Where each row begins, and behind them all where the last one ends. */
export function offsetsOf(rows, height, captionHeight) {
  const offsets = new Float64Array(rows.length + 1);
  rows.forEach((row, index) => {
    offsets[index + 1] = offsets[index] + (row.caption ? captionHeight : height);
  });
  return offsets;
}

/** The row at a distance from the top. */
export function rowAt(offsets, distance) {
  let low = 0;
  let high = offsets.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (offsets[middle] <= distance) low = middle;
    else high = middle - 1;
  }
  return low;
}
