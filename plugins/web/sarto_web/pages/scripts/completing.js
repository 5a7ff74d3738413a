/** From what is settled to a whole configuration: the few decisions that leave nothing free. */

/** Decisions with which nothing is free, and all is as in the configuration.
 *
 * Nothing is said of what was decided so, nor of what the tree rules settle alone: a parent of what is in, what is
 * below something out, and the other members of a group that has as many as it can.
 */
export function completion(model, said, states, configuration) {
  const isIn = (name) => configuration.get(name) !== false;
  const isLowest = (name) => !(model.groups[name] ?? []).some(({ members }) => members.some(isIn));
  const isTopmost = (name) => {
    const parent = model.parents[name];
    if (parent === undefined || !isIn(parent)) return false;
    const { members, maximum } = model.groups[parent].find((group) => group.members.includes(name));
    return members.filter(isIn).length < maximum;
  };
  const decided = new Map(said.map(({ feature, value }) => [feature, value]));
  const found = [];
  for (const name of model.order) {
    const value = configuration.get(name);
    const { type, default: usual } = model.features[name];
    if (type && isIn(name) && value !== usual) {
      if (value !== decided.get(name)) found.push({ feature: name, value });
    } else if (!states.has(name) && (isIn(name) ? isLowest(name) : isTopmost(name))) found.push({ feature: name, value: isIn(name) });
  }
  return found;
}
