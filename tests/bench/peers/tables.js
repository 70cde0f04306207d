// Medians over rounds, ratios, and tables for people.

// What is compared, and whether it is to be small: everything is.
const kCompared = {
  replay_ms: 'replay',
  per_update_ms: 'one update an edit',
  batch_ms: 'one batch',
  open_ms: 'open',
  encoded_bytes: 'bytes',
  gzip_bytes: 'gzip -9',
  peak_bytes: 'peak memory',
};

const middle = (values) => values.sort((a, b) => a - b)[values.length >> 1];

// One row for an engine from its rounds; a figure that no round has is null.
export function median(engine, results) {
  const row = { engine };
  for (const key of new Set(results.flatMap((result) => Object.keys(result)))) {
    const values = results.map((result) => result[key]).filter((v) => v !== null && v !== undefined);
    const numbers = values.length > 0 && values.every((v) => typeof v === 'number');
    row[key] = numbers ? middle(values) : values.pop() ?? null;
  }
  if (results.some((result) => result.exact === false)) row.exact = false;
  // Peers have only updates in bytes; ours also edits that are already parsed.
  if (row.per_update_ms === undefined) row.per_update_ms = row.per_edit_ms ?? null;
  delete row.peer;
  delete row.trace;
  return row;
}

// For every figure the smallest of the peers, whose it is, and how many times ours that is.
export function best([own, ...others]) {
  const ratios = {};
  for (const [key, label] of Object.entries(kCompared)) {
    const row = others
      .filter((other) => typeof other[key] === 'number')
      .reduce((a, b) => (a === null || b[key] < a[key] ? b : a), null);
    if (!row || typeof own[key] !== 'number') continue;
    ratios[key] = { label, peer: row.engine, theirs: row[key], ours: own[key], times: row[key] / own[key] };
  }
  return ratios;
}

function cell(value) {
  if (value === null || value === undefined) return '-';
  if (typeof value !== 'number') return String(value);
  return Number.isInteger(value) ? String(value) : value.toFixed(value < 10 ? 3 : 1);
}

function grid(rows) {
  const keys = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const lines = [keys, ...rows.map((row) => keys.map((key) => cell(row[key])))];
  const widths = keys.map((_, i) => Math.max(...lines.map((line) => line[i].length)));
  return lines.map((line) => line.map((text, i) => text.padStart(widths[i])).join('  ')).join('\n');
}

export function tableOf({ trace, engines, ratios }) {
  const parts = [`\n== ${trace} ==`, grid(engines)];
  for (const { label, peer, times } of Object.values(ratios ?? {})) {
    parts.push(`${label}: ${times.toFixed(1)} times better than the best peer (${peer})`);
  }
  const rope = engines[0].rope_ms && engines[0].replay_ms / engines[0].rope_ms;
  if (rope) parts.push(`replay: ${rope.toFixed(1)} times the bare rope`);
  return parts.join('\n');
}
