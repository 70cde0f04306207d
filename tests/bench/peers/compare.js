// Runs our engine and its peers on every history, in turn, and prints how they compare.
// node compare.js --program FILE [--traces FOLDER] [--made N] [--rounds N] [--branches N]
//                 [--overlaps N] [--peers a,b] [--limit SECONDS] [--work FOLDER] [--json FILE]
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { peers } from './peers.js';
import { best, median, tableOf } from './tables.js';

const options = {
  traces: process.env.TWINNING_TRACES,
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
const kSlow = 60; // seconds: a peer that takes longer on a history is measured once

function ours(...flags) {
  const out = execFileSync(options.program, [...flags, '--json', '-'], {
    env: { ...process.env, TWINNING_TRACES: '' },
    maxBuffer: 1 << 28,
  });
  return JSON.parse(out);
}

function runOurs(folder, name) {
  const report = ours('--traces', folder, '--trace', name, '--rounds', '3');
  return { peer: 'twinning', ...report.traces[0] };
}

// Made-up histories have so many authors that recording takes some peers hours.
const limitFor = (made) => String(Math.ceil(Number(options.limit) / (made ? 5 : 1)));

function runPeer(peer, path, made) {
  const limit = limitFor(made);
  const flags = ['--trace', path, '--peer', peer, '--rounds', '3', '--limit', limit];
  const child = spawnSync(
    process.execPath,
    ['--max-old-space-size=8192', join(here, 'bench.js'), ...flags, '--updates', join(options.work, 'updates')],
    { encoding: 'utf8', timeout: limit * 8000, maxBuffer: 1 << 28 },
  );
  const line = child.stdout.trim().split('\n').pop();
  return line ? JSON.parse(line) : { peer, failed: child.error ? 'took too long' : 'crashed' };
}

function histories() {
  const folders = options.traces ? [options.traces] : [];
  if (Number(options.made) > 0) {
    const made = join(options.work, 'made');
    mkdirSync(made, { recursive: true });
    execFileSync(options.program, ['--made', String(options.made), '--write-made', made]);
    folders.push(made);
  }
  return folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((file) => /\.json(\.gz)?$/.test(file))
      .sort()
      .map((file) => ({
        folder,
        name: file.replace(/\.json.*/, ''),
        path: join(folder, file),
        made: folder === join(options.work, 'made'),
      })));
}

// The engines take turns, so that what else the machine does falls on all of them.
function compare({ folder, name, path, made }) {
  const runs = new Map([['twinning', []], ...options.peers.split(',').map((peer) => [peer, []])]);
  const slow = new Set();
  for (let round = 0; round < Number(options.rounds); ++round) {
    for (const [engine, results] of runs) {
      if (slow.has(engine)) continue;
      const begin = Date.now();
      results.push(engine === 'twinning' ? runOurs(folder, name) : runPeer(engine, path, made));
      if (Date.now() - begin > kSlow * 1000) slow.add(engine);
    }
    process.stderr.write(`${name}: round ${round + 1} of ${options.rounds}\n`);
  }
  return { trace: name, engines: [...runs].map(([engine, results]) => median(engine, results)) };
}

const report = { rounds: Number(options.rounds), traces: [] };
for (const history of histories()) {
  const result = compare(history);
  result.ratios = best(result.engines);
  report.traces.push(result);
  console.log(tableOf(result));
}
const flags = ['--branches', options.branches, '--overlaps', options.overlaps];
report.scaling = ours(...flags.map(String), '--rounds', String(options.rounds));
console.log(tableOf({ trace: 'two offline branches', engines: report.scaling.branches }));
console.log(tableOf({ trace: 'overlaps judged edit by edit', engines: report.scaling.overlaps }));
if (options.json) writeFileSync(options.json, JSON.stringify(report, null, 2) + '\n');
