// What an encoder hands over to a decoder, by the names of leaves: see unspool/runtime/handed_over.py.

const [STATES, SUMMARY] = ["memory.states", "memory.summary"];
const NOTHING = { states: null, context: null };

/** Leaves of a memory and of a first state by their names, to `{ states, context }`: tensors `[1, S, C]`, `[1, D]`. */
export function handedOverOf(memory, state) {
  if (STATES in memory) return { ...NOTHING, states: memory[STATES] };
  if (SUMMARY in memory) return { ...NOTHING, context: memory[SUMMARY] };
  const found = Object.keys(state).map((name) => /^state\.(\d+)\.0$/u.exec(name)).filter(Boolean);
  if (Object.keys(memory).length || !found.length) return NOTHING;
  return { ...NOTHING, context: state[`state.${Math.max(...found.map((name) => Number(name[1])))}.0`] };
}
