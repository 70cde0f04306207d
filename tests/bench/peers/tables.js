// Medians over processes, ratios, and tables for people.

// What is compared, and is to be small. Times are cold; beside them stands what they are warm.
const kTimes = { replay: 'replay', per_update: 'one update an edit', batch: 'one batch', open: 'open' };
const kSizes = { encoded_bytes: 'bytes', gzip_bytes: 'gzip -9', peak_bytes: 'peak memory' };
// These keep no characters of what was deleted, so they do not have the whole history.
const kForgetful = new Set(['json-joy']);

function median(values) {
  const numbers = values.filter((value) => typeof value === 'number').sort((a, b) => a - b);
  return numbers.length > 0 ? numbers[numbers.length >> 1] : null;
}

const of = (results, key) => median(results.map((result) => result[key]));

// The fastest of several ways to do the same.
function fastest(ways) {
  const least = (key) => ways.reduce((a, b) => ((b[key] ?? Infinity) < (a[key] ?? Infinity) ? b : a));
  const { cold, way, peak } = least('cold');
  return { cold, warm: least('warm').warm, way, peak };
}

// One row for an engine: its facts, and every time as { cold, warm }.
export function row({ engine, facts, times }) {
  const ways = {};
  for (const [figure, results] of times) {
    const [kind, way] = figure.split(':');
    const time = { cold: of(results, 'cold_ms'), warm: of(results, 'warm_ms') };
    (ways[kind] ??= []).push({ ...time, way, peak: of(results, 'peak_bytes') });
    const failed = results.find((result) => result.failed);
    if (failed) facts.failed ??= `${figure}: ${failed.failed}`;
  }
  const result = { engine, ...facts };
  for (const [kind, found] of Object.entries(ways)) {
    const { cold, warm, way, peak } = fastest(found);
    result[kind] = { cold, warm };
    if (way) result.way = way;
    if (kind === 'replay' || kind === 'batch') result.peak_bytes ??= peak;
  }
  // Peers have only updates in bytes; ours also edits that are already parsed.
  result.per_update ??= result.per_edit;
  return result;
}

function best(others, value) {
  const having = others.filter((other) => typeof value(other) === 'number');
  return having.length === 0 ? null : having.reduce((a, b) => (value(b) < value(a) ? b : a));
}

function ratio([own, ...others], value) {
  const peer = best(others, value);
  if (!peer || typeof value(own) !== 'number') return null;
  const times = value(peer) / value(own);
  return { peer: peer.engine, theirs: value(peer), ours: value(own), times };
}

// For every figure the smallest of the peers, whose it is, and how many times ours that is.
export function compared(engines) {
  const ratios = {};
  for (const [key, label] of Object.entries(kTimes)) {
    const cold = ratio(engines, (engine) => engine[key]?.cold);
    const warm = ratio(engines, (engine) => engine[key]?.warm);
    if (cold && warm) ratios[key] = { label, cold, warm };
  }
  for (const [key, label] of Object.entries(kSizes)) {
    const keeping = key === 'peak_bytes' ? engines : engines.filter((e) => !kForgetful.has(e.engine));
    const size = ratio(keeping, (engine) => engine[key]);
    if (size) ratios[key] = { label, size };
  }
  return ratios;
}

const short = (number) => (Number.isInteger(number) ? String(number) : number.toFixed(number < 10 ? 3 : 1));

function cell(value) {
  if (value === null || value === undefined) return '-';
  if (typeof value === 'object') return `${cell(value.cold)} (${cell(value.warm)})`;
  return typeof value === 'number' ? short(value) : String(value);
}

function grid(rows) {
  const keys = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const lines = [keys, ...rows.map((row) => keys.map((key) => cell(row[key])))];
  const widths = keys.map((_, i) => Math.max(...lines.map((line) => line[i].length)));
  return lines.map((line) => line.map((text, i) => text.padStart(widths[i])).join('  ')).join('\n');
}

const said = ({ times, peer, theirs, ours }) =>
  `${times.toFixed(1)} times better than ${peer} (${short(theirs)} : ${short(ours)})`;

export function tableOf({ trace, load, engines, ratios }) {
  const parts = [`\n== ${trace} ==${load === undefined ? '' : ` load ${load.toFixed(1)}`}`];
  if (ratios) parts.push('milliseconds in a fresh process (and warm)');
  if (engines.length > 0) parts.push(grid(engines));
  for (const { label, cold, warm, size } of Object.values(ratios ?? {})) {
    parts.push(`${label}: ${cold ? `${said(cold)}; warm ${said(warm)}` : said(size)}`);
  }
  const { rope, replay } = engines[0] ?? {};
  if (rope) parts.push(`replay: ${(replay.warm / rope.warm).toFixed(1)} times the bare rope, both warm`);
  return parts.join('\n');
}
