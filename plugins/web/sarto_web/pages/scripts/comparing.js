/** Where two selections of one line differ. */

/** What is in only here, only there, and what has another value; each is {said, states, price}. */
export function compared(model, here, there) {
  const selected = ({ states }) => model.order.filter((name) => states.get(name) === true);
  const both = selected(here).filter((name) => model.features[name].type && there.states.get(name) === true);
  const values = both.map((feature) => ({ feature, here: valueOf(model, here, feature), there: valueOf(model, there, feature) }));
  return {
    only_here: selected(here).filter((name) => there.states.get(name) !== true),
    only_there: selected(there).filter((name) => here.states.get(name) !== true),
    differing: values.filter((each) => each.here !== each.there),
    price_here: here.price,
    price_there: there.price,
  };
}

function valueOf(model, { said }, name) {
  const value = said.find(({ feature }) => feature === name)?.value ?? true;
  return typeof value === "boolean" ? model.features[name].default : value;
}
