// A server and town halls with an app each, as processes of their own in a folder of this test's own.
// The server can be taken away and brought back; an app can be killed and started again.
import { spawn, execFileSync } from "node:child_process";
import { once } from "node:events";
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
export const root = path.resolve(here, "../../..");
export const bin = process.env.TWINNING_BIN ?? path.join(root, "build/release/bin");

export const kExampleton = "Exampleton Borough Council";
export const kExempleville = "Ville d'Exempleville-lès-Hêtres";

// Until somebody has written the file, which is not there yet.
export function written(file) {
  return new Promise((done) => {
    const watch = fs.watch(path.dirname(file), () => {
      if (!fs.existsSync(file) || fs.statSync(file).size === 0) return;
      watch.close();
      done();
    });
  });
}

// A process that is ready when it has written the file with its address.
async function startWith(program, args, file, fell, env = process.env) {
  fs.rmSync(file, { force: true });
  const ready = written(file);
  const child = spawn(path.join(bin, program), args, { env, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stdout.on("data", (data) => (said += data));
  child.stderr.on("data", (data) => (said += data));
  const failed = once(child, "exit").then(([code]) => {
    throw new Error(`${program} ended with ${code ?? child.signalCode}: ${said}`);
  });
  failed.catch((error) => !child.wasEnded && fell.push(error.message));
  await Promise.race([ready, failed]);
  return { child, address: fs.readFileSync(file, "utf8").trim() };
}

async function end(child, signal = "SIGTERM") {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const over = once(child, "exit");
  child.wasEnded = true;
  child.kill(signal);
  await over;
}

class Hall {
  constructor(world, name) {
    this.world = world;
    this.name = name;
    this.replica = path.join(world.folder, name);
  }

  cli(...args) {
    return execFileSync(path.join(bin, "twinning"), ["--replica", this.replica, ...args], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  json(...args) {
    return JSON.parse(this.cli("--json", ...args));
  }

  // With `more`: other partnerships' replicas beside it. With `opener`: a folder with an xdg-open in it,
  // which the app finds first.
  async open(more = [], opener = null) {
    const replicas = [this.replica, ...more].flatMap((one) => ["--replica", one]);
    const file = path.join(this.world.folder, `${this.name}.address`);
    const { child, address } = await startWith(
      "twinning",
      ["app", ...replicas, ...(opener ? [] : ["--no-open"]), "--address-file", file],
      file,
      this.world.fell,
      opener ? { ...process.env, PATH: `${opener}:${process.env.PATH}` } : process.env,
    );
    this.app = child;
    this.address = address;
    return address;
  }

  async kill() {
    await end(this.app, "SIGKILL");
  }

  // One question to the app's API, past the page.
  async ask(method, where, body) {
    const [base, token] = this.address.split("/#token=");
    const list = await (
      await fetch(`${base}/api/v1/partnerships`, { headers: { "X-Twinning-Token": token } })
    ).json();
    const answer = await fetch(`${base}/api/v1/partnerships/${list[0].id}${where}`, {
      method,
      headers: { "X-Twinning-Token": token, "Content-Type": "application/json" },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    return answer.json();
  }
}

export class World {
  flags = []; // of the server, beside those that it needs
  fell = []; // programs that ended by themselves, with what they said

  // Ana at Exampleton and Ben at Exempleville have joined; `fill` writes the plan by commands, before
  // the apps are open.
  static async start(fill = () => {}, server = []) {
    const world = new World();
    world.flags = server;
    world.folder = fs.mkdtempSync(path.join(os.tmpdir(), "twinning-page-"));
    await world.serve();
    world.ctl("partnership", "create", "Link with France");
    world.ana = new Hall(world, "ana");
    world.ben = new Hall(world, "ben");
    world.ana.cli("join", world.invite(kExampleton), "--as", "ana");
    world.ben.cli("join", world.invite(kExempleville), "--as", "ben");
    await fill(world);
    world.sync();
    await world.ana.open();
    await world.ben.open();
    return world;
  }

  // The sample partnership of deploy/sample.
  static sample() {
    return World.start((world) => {
      const script = `
        set -euo pipefail
        YEAR=$(($(date +%Y) + 1))
        EXAMPLETON="${kExampleton}"
        EXEMPLEVILLE="${kExempleville}"
        exampleton() { "${bin}/twinning" --replica "${world.ana.replica}" "$@" >/dev/null; }
        exempleville() { "${bin}/twinning" --replica "${world.ben.replica}" "$@" >/dev/null; }
        both_sync() { exampleton sync; exempleville sync; exampleton sync; }
        . "${root}/deploy/sample/link-with-france"
        sample_plan`;
      execFileSync("bash", ["-c", script], { stdio: ["ignore", "ignore", "pipe"] });
    });
  }

  async serve() {
    const data = path.join(this.folder, "server");
    fs.mkdirSync(data, { recursive: true, mode: 0o700 });
    const file = path.join(this.folder, "server.address");
    const listen = this.address ?? "127.0.0.1:0";
    const flags = ["--data", data, "--listen", listen, "--address-file", file, ...this.flags];
    const started = await startWith("twinningd", flags, file, this.fell);
    this.server = started.child;
    this.address = started.address;
  }

  async serverGoes() {
    await end(this.server);
  }

  ctl(...args) {
    return execFileSync(path.join(bin, "twinningctl"), ["--data", path.join(this.folder, "server"), ...args], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  invite(town, partnership = "Link with France") {
    return JSON.parse(this.ctl("--json", "invite", partnership, town)).code;
  }

  // Another device at a town, joined by a code; answers its hall.
  join(name, code) {
    const hall = new Hall(this, name);
    hall.cli("join", code, "--as", name);
    return hall;
  }

  // A replica of ana's in a second partnership; answers its directory.
  joinAnother(partnership) {
    this.ctl("partnership", "create", partnership);
    const other = new Hall(this, "ana-elsewhere");
    other.cli("join", this.invite(kExampleton, partnership), "--as", "ana");
    return other.replica;
  }

  sync() {
    for (const hall of [this.ana, this.ben, this.ana]) hall.cli("sync");
  }

  async close() {
    for (const child of [this.ana?.app, this.ben?.app, this.server]) if (child) await end(child);
    fs.rmSync(this.folder, { recursive: true, force: true });
    assert.deepEqual(this.fell, [], "a program ended by itself");
  }
}
