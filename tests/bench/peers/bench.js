// node bench.js --trace FILE --peer NAME --figure NAME [--rounds N] [--work FOLDER] [--limit SECONDS]
// Measures one thing that one peer does with one history and prints one line of JSON. `facts` comes
// first: it makes what the figures need and leaves it in the folder, and says which figures there
// are. Each figure wants a process of its own: its time in milliseconds is cold, the first run in
// the process, and warm, the median of N more.
import { gzipSync } from 'node:zlib';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { peers } from './peers.js';
import { patchesFor, readTrace, recorded } from './traces.js';

const options = { rounds: 5, limit: 300, work: 'build/bench/peers', figure: 'facts' };
for (let i = 2; i + 1 < process.argv.length; i += 2) {
  options[process.argv[i].replace(/^--/, '')] = process.argv[i + 1];
}
const rounds = Number(options.rounds);
const limit = Number(options.limit);
const kReader = 1000000; // the agent that takes everything in
const kSlow = 10000; // milliseconds: what takes longer is not run again in this process

const history = readFileSync(options.trace);
const trace = readTrace(options.trace, history);
const name = basename(options.trace).replace(/\.json.*/, '');
trace.made = name.startsWith('made-');
// What is kept is of this very history.
const digest = createHash('sha256').update(history).digest('hex').slice(0, 12);
const kept = (what) => join(options.work, `${name}.${digest}.${options.peer}.${what}`);

function time(work) {
  const begin = process.hrtime.bigint();
  const result = work();
  return [Number(process.hrtime.bigint() - begin) / 1e6, result];
}

function measure(work) {
  const before = process.memoryUsage().rss;
  const [cold] = time(work);
  const peak_bytes = process.resourceUsage().maxRSS * 1024 - before;
  const until = Date.now() + limit * 1000;
  const times = [];
  for (let i = 0; i < rounds && cold < kSlow && Date.now() < until; ++i) times.push(time(work)[0]);
  times.sort((a, b) => a - b);
  return { cold_ms: cold, warm_ms: times[times.length >> 1] ?? cold, peak_bytes };
}

const updates = (peer) => recorded(peer, trace, limit, kept('updates'));

const applyAll = (peer, all) =>
  all.reduce((doc, update) => peer.apply(doc, update), peer.create(kReader));

// The work of a figure, after making all that it needs.
function prepare(peer, figure) {
  const [kind, batch] = figure.split(':');
  if (kind === 'open') {
    const bytes = readFileSync(kept('saved'));
    return () => peer.text(peer.load(bytes));
  }
  if (kind === 'state') {
    const bytes = readFileSync(kept('saved'));
    return () => peer.text(peer.applySaved(peer.create(kReader), bytes));
  }
  if (kind === 'replay') {
    const patches = patchesFor(peer, trace);
    return () => peer.type(peer.create(0), patches);
  }
  if (batch === 'edits at versions') return () => peer.graph(trace).get();
  const all = updates(peer);
  if (kind === 'per_edit') return () => applyAll(peer, all);
  return () => {
    const doc = peer.batches[batch](peer.create(kReader), all);
    peer.text(doc);
    return doc;
  };
}

// Every way in one batch must give one text.
function checkBatches(peer, figures, text) {
  for (const figure of figures.filter((f) => f.startsWith('batch:'))) {
    const doc = prepare(peer, figure)();
    const got = typeof doc === 'string' ? doc : peer.text(doc);
    // Of a made-up history a peer with another order of insertions recorded updates of its own.
    const expected = figure === 'batch:edits at versions' ? trace.endContent : text;
    if (got !== expected) throw new Error(`${figure} gives another text`);
  }
}

function whole(peer) {
  if (trace.kind !== 'concurrent') return [prepare(peer, 'replay')(), ['replay']];
  const figures = peer.graph ? ['batch:edits at versions'] : [];
  const all = updates(peer);
  if (all.length === 0) return [null, figures];
  const batches = Object.keys(peer.batches).map((batch) => `batch:${batch}`);
  return [applyAll(peer, all), ['per_edit', ...batches, ...figures]];
}

function facts(peer) {
  mkdirSync(options.work, { recursive: true });
  if (existsSync(kept('facts'))) return JSON.parse(readFileSync(kept('facts')));
  const [doc, figures] = whole(peer);
  const row = { figures };
  if (!doc) {
    row.failed = `recording takes more than ${limit} s`;
  } else {
    const text = peer.text(doc);
    row.exact = text === trace.endContent;
    checkBatches(peer, figures, text);
    const bytes = peer.save(doc);
    writeFileSync(kept('saved'), bytes);
    row.encoded_bytes = bytes.length;
    row.gzip_bytes = gzipSync(bytes, { level: 9 }).length;
    figures.push('open', 'state');
  }
  writeFileSync(kept('facts'), JSON.stringify(row));
  return row;
}

const row = {};
try {
  const peer = await peers[options.peer]();
  Object.assign(row, options.figure === 'facts' ? facts(peer) : measure(prepare(peer, options.figure)));
} catch (error) {
  row.failed = String(error).split('\n')[0];
}
console.log(JSON.stringify(row));
