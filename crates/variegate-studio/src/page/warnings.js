// What a person should know of the draws though nothing is wrong with the pipeline: boxes that are lost, and turned letters.

// More lost boxes than this share are told.
const LOST = 0.2;

const MIRRORS = new Set(["flip", "transpose", "square_symmetry", "dihedral", "quarter_turn"]);
const WRITTEN = /^(digit[ _-]?)?[0-9a-z]$/i;

function mirrors(nodes) {
  return nodes.some((node) => node.enabled && (MIRRORS.has(node.name) || (node.of && mirrors(node.of))));
}

export function warnings(studio, tiles) {
  const found = [];
  const told = tiles.map(({ attached }) => attached).filter(Boolean);
  const had = told.reduce((sum, { had }) => sum + had, 0);
  const lost = had - told.reduce((sum, { boxes }) => sum + boxes.length, 0);
  if (had && lost / had > LOST) found.push(`${lost} of ${had} boxes (${Math.round((100 * lost) / had)} %) are lost in these draws: crops and shifts may be too strong.`);
  if (told.some(({ mixed }) => mixed)) found.push("This pipeline mixes pictures: boxes, masks and points are moved in training, and are not shown here.");
  const { classes } = studio;
  if (classes.length > 1 && classes.every((name) => WRITTEN.test(name)) && mirrors(studio.state.chain)) {
    found.push("The classes look like digits or letters: a mirrored or turned one may be another class, or none.");
  }
  return found;
}
