// node bench.js --trace FILE --peer NAME [--rounds N] [--updates FOLDER] [--limit SECONDS]
// Measures one peer on one history and prints one line of JSON: times in milliseconds, medians of N
// rounds after one that does not count; what a peer cannot do, or not within the limit, is null.
import { gzipSync } from 'node:zlib';
import { basename, join } from 'node:path';
import { peers } from './peers.js';
import { patchesFor, readTrace, recorded } from './traces.js';

const options = { rounds: 5, limit: 300, updates: 'build/bench/updates' };
for (let i = 2; i + 1 < process.argv.length; i += 2) {
  options[process.argv[i].replace(/^--/, '')] = process.argv[i + 1];
}
const rounds = Number(options.rounds);
const limit = Number(options.limit);
const kReader = 1000000; // the agent that takes everything in

// The median of the rounds, and the last result. The first round warms up and counts only if it
// is so slow that it is the only one.
function median(work) {
  const times = [];
  let result;
  const until = Date.now() + limit * 1000;
  for (let i = 0; i <= rounds && (i === 0 || Date.now() < until); ++i) {
    const begin = process.hrtime.bigint();
    result = work();
    times.push(Number(process.hrtime.bigint() - begin) / 1e6);
    if (times[0] > 10000) break;
  }
  if (times.length > 1) times.shift();
  times.sort((a, b) => a - b);
  return [times[times.length >> 1], result];
}

function measureUpdates(peer, trace, row, file) {
  const updates = recorded(peer, trace, limit, file);
  if (updates.length === 0) return (row.failed = `recording took more than ${limit} s`), null;
  let doc;
  [row.per_edit_ms, doc] = median(() =>
    updates.reduce((d, update) => peer.apply(d, update), peer.create(kReader)));
  row.exact = peer.text(doc) === trace.endContent;
  for (const [name, batch] of Object.entries(peer.batches)) {
    const [time, result] = median(() => {
      const merged = batch(peer.create(kReader), updates);
      peer.text(merged);
      return merged;
    });
    if (peer.text(result) !== peer.text(doc)) throw new Error(`${name} gives another text`);
    if (row.batch_ms === null || time < row.batch_ms) [row.batch_ms, row.batch] = [time, name];
  }
  return doc;
}

function measureGraph(peer, trace, row) {
  const [time, result] = median(() => peer.graph(trace));
  const exact = result.get() === trace.endContent;
  row.exact = exact && row.exact !== false;
  if (row.batch_ms === null || time < row.batch_ms) [row.batch_ms, row.batch] = [time, 'edits at versions'];
}

function measure(peer, trace, name) {
  const row = { exact: null, replay_ms: null, per_edit_ms: null, batch_ms: null, state_ms: null };
  let doc;
  const before = process.memoryUsage().rss;
  if (trace.kind === 'concurrent') {
    doc = measureUpdates(peer, trace, row, join(options.updates, `${name}.${options.peer}`));
    if (peer.graph) measureGraph(peer, trace, row);
    if (!doc) return row;
  } else {
    const patches = patchesFor(peer, trace);
    [row.replay_ms, doc] = median(() => peer.type(peer.create(0), patches));
    row.exact = peer.text(doc) === trace.endContent;
  }
  row.peak_bytes = process.resourceUsage().maxRSS * 1024 - before;
  const bytes = peer.save(doc);
  row.encoded_bytes = bytes.length;
  row.gzip_bytes = gzipSync(bytes, { level: 9 }).length;
  [row.state_ms] = median(() => peer.text(peer.applySaved(peer.create(kReader), bytes)));
  [row.open_ms] = median(() => peer.text(peer.load(bytes)));
  return row;
}

const trace = readTrace(options.trace);
const name = basename(options.trace).replace(/\.json.*/, '');
trace.made = name.startsWith('made-');
const row = { trace: name, peer: options.peer };
try {
  Object.assign(row, measure(await peers[options.peer](), trace, name));
} catch (error) {
  row.failed = String(error).split('\n')[0];
}
console.log(JSON.stringify(row));
