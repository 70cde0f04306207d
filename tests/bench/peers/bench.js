// node bench.js [--traces folder] [--rounds n] [--peer name] [--trace name]: one JSON line for each
// peer and trace. What a peer cannot do is null; a result that is not the recorded text says so.
import { readFileSync, readdirSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { join } from 'node:path';
import { peers } from './peers.js';

const options = { traces: process.env.TWINNING_TRACES, rounds: 5 };
for (let i = 2; i + 1 < process.argv.length; i += 2) {
  options[process.argv[i].replace(/^--/, '')] = process.argv[i + 1];
}
if (!options.traces) throw new Error('give the folder of traces: --traces or TWINNING_TRACES');

function median(work) {
  const times = [];
  let result;
  for (let i = 0; i < Number(options.rounds); ++i) {
    const begin = process.hrtime.bigint();
    result = work();
    times.push(Number(process.hrtime.bigint() - begin) / 1e6);
  }
  times.sort((a, b) => a - b);
  return [times[times.length >> 1], result];
}

function readTrace(path) {
  const bytes = readFileSync(path);
  const json = JSON.parse(path.endsWith('.gz') ? gunzipSync(bytes) : bytes);
  const beyond = /[\uD800-\uDFFF]/;
  const units = !json.txns.some((t) => t.patches.some((p) => beyond.test(p[2])));
  return { ...json, units };
}

// Replays a concurrent history with one replica an agent; returns what each transaction sent.
function record(peer, trace) {
  const replicas = Array.from({ length: trace.numAgents }, (_, agent) => peer.create(agent));
  const known = replicas.map(() => new Set());
  const updates = [];
  trace.txns.forEach((txn, index) => {
    const missing = [];
    const visit = [...txn.parents];
    while (visit.length > 0) {
      const i = visit.pop();
      if (known[txn.agent].has(i)) continue;
      known[txn.agent].add(i);
      missing.push(i);
      visit.push(...trace.txns[i].parents);
    }
    missing.sort((a, b) => a - b);
    let doc = replicas[txn.agent];
    for (const i of missing) if (updates[i]) doc = peer.apply(doc, updates[i]);
    const [next, update] = peer.edit(doc, txn.patches);
    replicas[txn.agent] = next;
    known[txn.agent].add(index);
    updates.push(update);
  });
  return updates.filter((u) => u);
}

function measure(peer, trace) {
  const row = { replay_ms: null, per_edit_ms: null, batch_ms: null };
  let doc;
  if (trace.kind === 'concurrent') {
    const updates = record(peer, trace);
    [row.per_edit_ms, doc] = median(() =>
      updates.reduce((d, update) => peer.apply(d, update), peer.create(99)));
    row.exact = peer.text(doc) === trace.endContent;
    const state = peer.save(doc);
    const batch = peer.applyAll
      ? () => peer.applyAll(peer.create(99), updates)
      : () => peer.applyState(peer.create(99), state);
    [row.batch_ms] = median(batch);
  } else {
    const patches = trace.txns.flatMap((t) => t.patches);
    [row.replay_ms, doc] = median(() => peer.type(peer.create(0), patches));
    row.exact = peer.text(doc) === trace.endContent;
  }
  const bytes = peer.save(doc);
  row.encoded_bytes = bytes.length;
  row.gzip_bytes = gzipSync(bytes, { level: 9 }).length;
  [row.open_ms] = median(() => peer.text(peer.load(bytes)));
  return row;
}

for (const file of readdirSync(options.traces).filter((f) => /\.json(\.gz)?$/.test(f)).sort()) {
  const name = file.replace(/\.json.*/, '');
  if (options.trace && options.trace !== name) continue;
  const trace = readTrace(join(options.traces, file));
  for (const [peerName, load] of Object.entries(peers)) {
    if (options.peer && options.peer !== peerName) continue;
    const row = { trace: name, peer: peerName };
    if (!trace.units) {
      console.log(JSON.stringify({ ...row, skipped: 'positions differ above U+FFFF' }));
      continue;
    }
    try {
      console.log(JSON.stringify({ ...row, ...measure(await load(), trace) }));
    } catch (error) {
      console.log(JSON.stringify({ ...row, failed: String(error) }));
    }
  }
}
