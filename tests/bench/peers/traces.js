// Recorded histories for peers: read, with positions in a peer's units, and turned into the updates
// that the peer's replicas would have sent each other.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

export function readTrace(path, bytes) {
  const trace = JSON.parse(path.endsWith('.gz') ? gunzipSync(bytes) : bytes);
  const beyond = /[\uD800-\uDFFF]/;
  trace.beyond = trace.txns.some((txn) => txn.patches.some((patch) => beyond.test(patch[2])));
  return trace;
}

const isPair = (text, i) => {
  const unit = text.charCodeAt(i);
  return unit >= 0xd800 && unit < 0xdc00;
};

export function codePoints(text) {
  let count = 0;
  for (let i = 0; i < text.length; i += isPair(text, i) ? 2 : 1) ++count;
  return count;
}

// The UTF-16 unit at which code point `position` of `text` begins.
export function unitOf(text, position, unit = 0) {
  for (; position > 0 && unit < text.length; --position) unit += isPair(text, unit) ? 2 : 1;
  return unit;
}

// A text in pieces of some thousand code points, so that places in it are found quickly.
class Pieces {
  #pieces = [{ text: '', points: 0 }];

  // Applies a patch in code points and returns it in UTF-16 units.
  apply([position, removed, inserted]) {
    const begin = this.#find(position);
    const units = this.#cut(begin, removed);
    const piece = this.#pieces[begin.index];
    piece.text = piece.text.slice(0, begin.unit) + inserted + piece.text.slice(begin.unit);
    piece.points += codePoints(inserted);
    if (piece.points > 4000) this.#split(begin.index);
    return [begin.before + begin.unit, units, inserted];
  }

  #find(position) {
    let index = 0;
    let before = 0;
    while (position > this.#pieces[index].points) {
      position -= this.#pieces[index].points;
      before += this.#pieces[index++].text.length;
    }
    return { index, before, unit: unitOf(this.#pieces[index].text, position) };
  }

  // Takes out `points` code points from a place on; returns how many units they were.
  #cut({ index, unit }, points) {
    let units = 0;
    for (; points > 0; ++index, unit = 0) {
      const piece = this.#pieces[index];
      const end = unitOf(piece.text, points, unit);
      const gone = codePoints(piece.text.slice(unit, end));
      piece.text = piece.text.slice(0, unit) + piece.text.slice(end);
      piece.points -= gone;
      points -= gone;
      units += end - unit;
    }
    return units;
  }

  #split(index) {
    const { text, points } = this.#pieces[index];
    const half = points >> 1;
    const unit = unitOf(text, half);
    const parts = [
      { text: text.slice(0, unit), points: half },
      { text: text.slice(unit), points: points - half },
    ];
    this.#pieces.splice(index, 1, ...parts);
  }
}

// All patches of a sequential trace in a peer's units.
export function patchesFor(peer, trace) {
  const patches = trace.txns.flatMap((txn) => txn.patches);
  if (peer.units === 'codePoints' || !trace.beyond) return patches;
  const pieces = new Pieces();
  return patches.map((patch) => pieces.apply(patch));
}

// The patches of one transaction in the text that a replica has. A peer that orders concurrent
// insertions otherwise may have a shorter text here; positions are kept inside it.
function patchesIn(text, patches, units) {
  return patches.map(([position, removed, inserted]) => {
    const begin = units === 'utf16' ? unitOf(text, position) : Math.min(position, codePoints(text));
    const end = units === 'utf16' ? unitOf(text, removed, begin) : begin + removed;
    text = text.slice(0, begin) + inserted + text.slice(end);
    return [begin, end - begin, inserted];
  });
}

// The same where positions mean the same, without the text.
function patchesWithin(length, patches) {
  return patches.map(([position, removed, inserted]) => {
    const begin = Math.min(position, length);
    const gone = Math.min(removed, length - begin);
    length += inserted.length - gone;
    return [begin, gone, inserted];
  });
}

function patchesOf(peer, trace, txn, doc) {
  if (trace.beyond) return patchesIn(peer.text(doc), txn.patches, peer.units);
  return trace.made ? patchesWithin(peer.length(doc), txn.patches) : txn.patches;
}

// Which earlier transactions a replica lacks before transaction `index`, in order.
function missing(trace, index, known) {
  const found = [];
  const visit = [...trace.txns[index].parents];
  while (visit.length > 0) {
    const i = visit.pop();
    if (known.has(i)) continue;
    known.add(i);
    found.push(i);
    visit.push(...trace.txns[i].parents);
  }
  return found.sort((a, b) => a - b);
}

// Replays a concurrent history with one replica an agent; returns what each transaction sent.
// `limit` is in seconds; null when it takes longer.
export function record(peer, trace, limit) {
  const until = Date.now() + limit * 1000;
  const replicas = new Map();
  const updates = [];
  for (const [index, txn] of trace.txns.entries()) {
    if (Date.now() > until) return null;
    if (!replicas.has(txn.agent)) {
      replicas.set(txn.agent, { doc: peer.create(txn.agent), known: new Set() });
    }
    const replica = replicas.get(txn.agent);
    for (const i of missing(trace, index, replica.known)) {
      if (updates[i]) replica.doc = peer.apply(replica.doc, updates[i]);
    }
    const [doc, update] = peer.edit(replica.doc, patchesOf(peer, trace, txn, replica.doc));
    replica.doc = doc;
    replica.known.add(index);
    updates.push(update);
  }
  return updates.filter((update) => update);
}

// The same, remembered in a file: recording takes some peers minutes. A file of no length says
// that it took too long.
export function recorded(peer, trace, limit, file) {
  if (!existsSync(file)) {
    const updates = record(peer, trace, limit) ?? [];
    const sizes = Uint32Array.from(updates, (update) => update.length);
    const count = Uint32Array.of(updates.length);
    writeFileSync(file, Buffer.concat([count, sizes].map((a) => Buffer.from(a.buffer)).concat(updates)));
  }
  const bytes = readFileSync(file);
  const count = bytes.readUInt32LE(0);
  let offset = 4 + 4 * count;
  const updates = [];
  for (let i = 0; i < count; ++i) {
    const size = bytes.readUInt32LE(4 + 4 * i);
    updates.push(new Uint8Array(bytes.buffer, bytes.byteOffset + offset, size));
    offset += size;
  }
  return updates;
}
