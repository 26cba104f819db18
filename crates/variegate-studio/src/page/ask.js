// Questions to the engine. An answer that is an error becomes an exception with the engine's own words.

async function sent(path, body) {
  const given = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
  let answer;
  try {
    answer = await fetch(path, given);
  } catch {
    throw new Error("the studio does not answer; start it again in the terminal");
  }
  if (!answer.ok) throw new Error((await answer.json()).error);
  return answer;
}

export const askJson = async (path, body) => (await sent(path, body)).json();

// Tiles: the length of the head in four bytes, the head, then one file after another, a mask behind its picture.
export async function askTiles(path, body) {
  const bytes = await (await sent(path, body)).arrayBuffer();
  const length = new DataView(bytes).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 4, length)));
  let at = 4 + length;
  for (const tile of head.tiles) {
    if (tile.bytes) tile.blob = new Blob([bytes.slice(at, at + tile.bytes)], { type: tile.type });
    at += tile.bytes;
    if (tile.mask) tile.maskBlob = new Blob([bytes.slice(at, at + tile.mask)], { type: "image/png" });
    at += tile.mask;
  }
  return head;
}
