// The pipeline as the page edits it: a tree of nodes with numbers of their own, and the way to and from a document.
// A disabled node stays on the page and in the history, and is left out of the document.

export const GROUPS = {
  one_of: "One of its members, by chance.",
  some_of: "Several of its members.",
  maybe: "All of its members, or none.",
  shuffle: "All of its members, in any order.",
  sequential: "All of its members, one after another.",
  repeat: "All of its members, several times.",
  select_channels: "All of its members, on some channels alone.",
};

// What a group must be given to begin with.
export const FIRST = { select_channels: { channels: [0] } };

let last = 0;

export function nodeOf(stage) {
  const [name, body] = typeof stage === "string" ? [stage, {}] : Object.entries(stage)[0];
  const { of, ...own } = body ?? {};
  last += 1;
  return { id: last, name, enabled: true, body: own, of: of ? of.map(nodeOf) : null };
}

function stageOf({ name, body, of }) {
  return { [name]: of ? { ...body, of: stagesOf(of) } : body };
}

// A group of which nothing is left would be refused, so it is left out too.
const stagesOf = (nodes) => nodes.filter((node) => node.enabled && (!node.of || stagesOf(node.of).length)).map(stageOf);

export function stateOf({ pipeline, ...options }) {
  return { options, chain: pipeline.map(nodeOf) };
}

export const documentOf = ({ options, chain }) => ({ ...options, pipeline: stagesOf(chain) });

// The list a node stands in and its place there.
export function placeOf(list, id) {
  for (const [at, node] of list.entries()) {
    if (node.id === id) return { list, at, node };
    const inner = node.of && placeOf(node.of, id);
    if (inner) return inner;
  }
  return null;
}

export function move(chain, id, to) {
  const { list, at, node } = placeOf(chain, id);
  list.splice(at, 1);
  list.splice(Math.max(0, Math.min(to, list.length)), 0, node);
}

// Puts a node in front of another one, in whatever list that stands; never into itself.
export function moveBefore(chain, id, target) {
  const from = placeOf(chain, id);
  if (id === target || (from.node.of && placeOf(from.node.of, target))) return false;
  from.list.splice(from.at, 1);
  const { list, at } = placeOf(chain, target);
  list.splice(at, 0, from.node);
  return true;
}
