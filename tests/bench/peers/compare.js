// Runs our engine and its peers on every history, in turn, and prints how they compare. Every time
// is of a process of its own, so that nobody profits from what ran before.
// node compare.js --program FILE [--traces FOLDER] [--made N] [--rounds N] [--branches N]
//                 [--overlaps N] [--peers a,b] [--limit SECONDS] [--work FOLDER] [--json FILE]
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { peers } from './peers.js';
import { compared, row, tableOf } from './tables.js';

const options = {
  traces: process.env.TWINNING_TRACES,
  trace: '',
  made: 20000,
  rounds: 5,
  branches: 1000000,
  overlaps: 4000,
  peers: Object.keys(peers).join(','),
  limit: 300,
  work: 'build/bench',
};
for (let i = 2; i < process.argv.length; i += 2) {
  const name = process.argv[i].replace(/^--/, '');
  if (!process.argv[i].startsWith('--') || i + 1 === process.argv.length) {
    console.error(`not a flag with a value: ${process.argv[i]}`);
    process.exit(2);
  }
  options[name] = process.argv[i + 1];
}
const here = dirname(fileURLToPath(import.meta.url));
const kSlow = 60; // seconds: what takes longer is measured once
const kWarm = '3'; // runs after the first of a process

function ours(...flags) {
  const out = execFileSync(options.program, [...flags, '--json', '-'], {
    env: { ...process.env, TWINNING_TRACES: '' },
    maxBuffer: 1 << 28,
  });
  return JSON.parse(out);
}

function runOurs(history, figure) {
  const { folder, name } = history;
  const flags = ['--traces', folder, '--trace', name, '--figure', figure, '--rounds', kWarm];
  const { trace, ...result } = ours(...flags).traces[0];
  return result;
}

// Made-up histories have so many authors that recording takes some peers hours.
const limitFor = (history) => Math.ceil(Number(options.limit) / (history.made ? 5 : 1));

function runPeer(peer, history, figure) {
  const limit = limitFor(history);
  const flags = ['--trace', history.path, '--peer', peer, '--figure', figure, '--rounds', kWarm];
  const work = ['--limit', String(limit), '--work', join(options.work, 'peers')];
  const child = spawnSync(
    process.execPath,
    ['--max-old-space-size=8192', join(here, 'bench.js'), ...flags, ...work],
    { encoding: 'utf8', timeout: limit * 8000, maxBuffer: 1 << 28 },
  );
  const line = child.stdout.trim().split('\n').pop();
  return line ? JSON.parse(line) : { failed: child.error ? 'took too long' : 'crashed' };
}

function histories() {
  const folders = options.traces ? [options.traces] : [];
  if (Number(options.made) > 0) {
    const made = join(options.work, `made-${options.made}`);
    mkdirSync(made, { recursive: true });
    execFileSync(options.program, ['--made', String(options.made), '--write-made', made]);
    folders.push(made);
  }
  return folders.flatMap((folder, i) =>
    readdirSync(folder)
      .filter((file) => /\.json(\.gz)?$/.test(file))
      .sort()
      .map((file) => ({
        folder,
        name: file.replace(/\.json.*/, ''),
        path: join(folder, file),
        made: !(options.traces && i === 0),
      })))
    .filter(({ name }) => options.trace === '' || name === options.trace);
}

// Everybody with what they can do, and what is not timed. Ours first.
function contenders(history) {
  const runs = { twinning: runOurs };
  for (const peer of options.peers.split(',')) runs[peer] = (...what) => runPeer(peer, ...what);
  return Object.entries(runs).map(([engine, run]) => {
    const { figures = [], ...facts } = run(history, 'facts');
    return { engine, facts, times: new Map(figures.map((f) => [f, []])), run: (f) => run(history, f) };
  });
}

// Figure by figure the engines take turns, so that what else the machine does falls on all of them.
function compare(history) {
  const engines = contenders(history);
  const figures = [...new Set(engines.flatMap(({ times }) => [...times.keys()]))].sort();
  for (let round = 0; round < Number(options.rounds); ++round) {
    for (const figure of figures) {
      for (const { times, run } of engines) {
        const results = times.get(figure);
        if (!results || results.slow) continue;
        const begin = Date.now();
        results.push(run(figure));
        results.slow = Date.now() - begin > kSlow * 1000;
      }
    }
    process.stderr.write(`${history.name}: round ${round + 1} of ${options.rounds}\n`);
  }
  return { trace: history.name, load: loadavg()[0], engines: engines.map(row) };
}

const report = { rounds: Number(options.rounds), traces: [] };
for (const history of histories()) {
  const result = compare(history);
  result.ratios = compared(result.engines);
  report.traces.push(result);
  console.log(tableOf(result));
}
const flags = ['--branches', options.branches, '--overlaps', options.overlaps];
report.scaling = ours(...flags.map(String), '--rounds', String(options.rounds));
console.log(tableOf({ trace: 'two offline branches', engines: report.scaling.branches }));
console.log(tableOf({ trace: 'overlaps judged edit by edit', engines: report.scaling.overlaps }));
if (options.json) writeFileSync(options.json, JSON.stringify(report, null, 2) + '\n');
