// Figures of the page, no test: on a plan of 5,000 records and 100,000 changes, and on a small one.
//
//   node bench.mjs [--records N] [--changes N] [--json FILE]      or  ./deploy/bench --page
//
// | figure | meaning |
// | program | from starting `twinning app` to its address |
// | first page | from opening the address in a new browser to an overview that shows what needs the town |
// | typing | from a key to the next picture, p95, in a text of 100,000 characters while the other town types: |
// |        | the server and the other town are on computers of their own, here they take what time is left |
// | both here | the same with the other town's page open and typed in, in the same browser |
// | bare typing | the same text in CodeMirror alone, in a box and letters of the same size, nobody else typing; |
// |             | in turns with the other two |
// | seen | from leaving a field to the other town's page showing it, p95 |
import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { Browser, missing } from "./support/browser.mjs";
import { bin, root, World } from "./support/world.mjs";

const option = (name, otherwise) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : process.argv[at + 1];
};
const kRecords = Number(option("records", 5000));
const kChanges = Number(option("changes", 100_000));
const kText = Number(option("text", 100_000));
const kBlocks = 5; // of keys, alternately here and in the bare editor: a computer is not always as fast
const kKeys = 48; // in a block
// About 80 words a minute, and not in step with the screen: at equal intervals close to a few of its
// pictures, all keys of a block come just before a picture or all just after one, and the figure says which
// of the two it was.
const kBetweenKeysMs = Array.from({ length: kKeys }, (_, i) => 80 + ((i * 37) % kKeys) * 3);
const kSettledMs = 3000; // then what follows from typing has been done
const kSeen = 60;

function quantile(list, share) {
  const sorted = [...list].sort((a, b) => a - b);
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] * 10) / 10;
}

// --- A page under the stopwatch -----------------------------------------------------------------------

// From each key to the picture after it: a frame's callback runs before painting, a message after it.
const kStopwatch = `
  window.keyTimes = [];
  if (!window.timed) addEventListener("keydown", () => {
    const at = performance.now();
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => window.keyTimes.push(performance.now() - at);
      port2.postMessage(null);
    });
  }, true);
  window.timed = true;`;

async function timeKeys(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("Runtime.evaluate", { expression: kStopwatch });
  for (const [i, wait] of kBetweenKeysMs.entries()) {
    await page.keyboard.type("abcdefgh "[i % 9]);
    await new Promise((done) => setTimeout(done, wait));
  }
  const { result } = await session.send("Runtime.evaluate", { expression: "JSON.stringify(keyTimes)" });
  await session.detach();
  return JSON.parse(result.value).slice(4); // the first warm things up
}

// CodeMirror alone, as its documentation sets it up, from the same packages as the page and of the size of
// the page's editor.
async function bareEditor(browser, text, like) {
  const size = await like.locator(".cm-content").evaluate((element) => {
    const { font, lineHeight } = getComputedStyle(element);
    const { width, height } = element.closest(".cm-editor").getBoundingClientRect();
    return { font, lineHeight, width, height };
  });
  const from = createRequire(path.join(root, "client/page/package.json"));
  const esbuild = createRequire(from.resolve("vite"))("esbuild");
  const built = await esbuild.build({
    stdin: {
      contents: `
        import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
        import { EditorState } from "@codemirror/state";
        import { EditorView, keymap } from "@codemirror/view";
        window.view = new EditorView({ parent: document.body, state: EditorState.create({ doc: window.doc,
          extensions: [history(), keymap.of([...defaultKeymap, ...historyKeymap]), EditorView.lineWrapping] }) });`,
      resolveDir: path.join(root, "client/page"),
    },
    bundle: true,
    minify: true,
    write: false,
  });
  const page = await (await browser.chromium.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
  await page.setContent(`<!doctype html><style>
    .cm-editor { width: ${size.width}px; height: ${size.height}px }
    .cm-editor .cm-scroller { overflow: auto; font: ${size.font}; line-height: ${size.lineHeight} }
  </style><body></body>`);
  await page.evaluate((doc) => (window.doc = doc), text);
  await page.addScriptTag({ content: built.outputFiles[0].text });
  await page.locator(".cm-content").click();
  await page.keyboard.press("Control+Home");
  return page;
}

// --- What is measured -----------------------------------------------------------------------------------

async function startTimes(world, browser) {
  const programs = [];
  const pages = [];
  for (let i = 0; i < 5; ++i) {
    await world.ana.kill();
    const begun = performance.now();
    await world.ana.open();
    programs.push(performance.now() - begun);
    const context = await browser.chromium.newContext({ viewport: { width: 1280, height: 900 }, locale: "en" });
    const page = await context.newPage();
    const opened = performance.now();
    await page.goto(world.ana.address, { waitUntil: "commit" });
    await page.locator("main .needs, main .empty").first().waitFor();
    pages.push(performance.now() - opened);
    await context.close();
  }
  return { program_ms: quantile(programs, 0.5), first_page_ms: quantile(pages, 0.5), first_page_worst_ms: quantile(pages, 1) };
}

async function openLongText(page, title) {
  await page.getByLabel("Search the plan").fill(title);
  await page.getByRole("option", { name: title }).first().click();
  await page.getByRole("heading", { level: 1, name: title }).waitFor();
  await page.getByRole("textbox", { name: "Description" }).click();
}

// From now on the process takes a processor only when nobody else wants it.
function givesWay(process) {
  execFileSync("chrt", ["--all-tasks", "--idle", "--pid", "0", String(process.pid)]);
}

// The hall's officer types at their computer; what it answers ends that and says how many words were taken.
async function someoneTypes(hall, title) {
  const script = path.join(root, "tests/page/support/writer.mjs");
  const child = spawn(process.execPath, [script, hall.address, title], { stdio: ["pipe", "pipe", "inherit"] });
  givesWay(child);
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  await lines.next(); // it has begun
  return async () => {
    child.stdin.end();
    return Number((await lines.next()).value);
  };
}

async function typing(world, browser) {
  const ana = await browser.visit(world.ana);
  await openLongText(ana, kLongTitle);
  await ana.keyboard.press("Control+Home");
  const text = world.ana.json("show", kLongTitle).fields.description.en;
  const bare = await bareEditor(browser, text, ana);
  for (const process of [world.server, world.ben.app]) givesWay(process);
  const times = { shared: [], both: [], bare: [] };
  // What is typed here while others do their part; answers what `end` says of that.
  const whileOthers = async (list, end) => {
    list.push(...(await timeKeys(ana)));
    const said = await end();
    await new Promise((done) => setTimeout(done, kSettledMs));
    times.bare.push(...(await timeKeys(bare)));
    return said;
  };
  await timeKeys(ana);
  await timeKeys(bare);
  let taken = 0;
  for (let i = 0; i < kBlocks; ++i) taken += await whileOthers(times.shared, await someoneTypes(world.ben, kLongTitle));
  const ben = await browser.visit(world.ben);
  await openLongText(ben, kLongTitle);
  await ben.keyboard.press("Control+End");
  for (let i = 0; i < kBlocks; ++i) {
    let over = false;
    const typed = (async () => {
      while (!over) await ben.keyboard.type("et puis ", { delay: 60 });
    })();
    await whileOthers(times.both, () => ((over = true), typed));
  }
  for (const page of [ana, ben, bare]) await page.context().close();
  return {
    characters: text.length,
    words_of_the_other_town: taken,
    typing_p95_ms: quantile(times.shared, 0.95),
    both_here_p95_ms: quantile(times.both, 0.95),
    bare_typing_p95_ms: quantile(times.bare, 0.95),
    typing_times_bare: Math.round((quantile(times.shared, 0.95) / quantile(times.bare, 0.95)) * 100) / 100,
    typing_median_ms: quantile(times.shared, 0.5),
    bare_typing_median_ms: quantile(times.bare, 0.5),
  };
}

async function seen(world, browser) {
  const [ana, ben] = [await browser.visit(world.ana), await browser.visit(world.ben)];
  for (const page of [ana, ben]) await openLongText(page, kLongTitle);
  const took = [];
  for (let i = 0; i < kSeen; ++i) {
    const place = `Hall ${i}`;
    const shown = ben.evaluate(
      (wanted) =>
        new Promise((done) => {
          const look = () => {
            if (document.querySelector('input[id$="-place"]')?.value !== wanted) return requestAnimationFrame(look);
            done(performance.timeOrigin + performance.now());
          };
          look();
        }),
      place,
    );
    const field = ana.getByLabel("Place", { exact: true });
    await field.fill(place);
    const left = await ana.evaluate(() => {
      const at = performance.timeOrigin + performance.now();
      document.activeElement.blur();
      return at;
    });
    took.push((await shown) - left);
  }
  for (const page of [ana, ben]) await page.context().close();
  return { seen_median_ms: quantile(took, 0.5), seen_p95_ms: quantile(took, 0.95) };
}

const kLongTitle = "activity number 0";

async function main() {
  if (missing) throw new Error(missing);
  console.error(`Writing ${kRecords} records and ${kChanges} changes ...`);
  const begun = performance.now();
  const world = await World.start((made) => {
    const sizes = ["--records", kRecords, "--changes", kChanges, "--text", kText].map(String);
    execFileSync(path.join(bin, "twinning-bench-plan"), ["--replica", made.ana.replica, ...sizes], { stdio: "inherit" });
  }, ["--changes-per-second", String(kChanges)]);
  const browser = await Browser.start();
  try {
    const report = { records: kRecords, changes: kChanges, written_s: Math.round((performance.now() - begun) / 1000) };
    for (const measure of [startTimes, seen, typing]) {
      Object.assign(report, await measure(world, browser));
      console.error(JSON.stringify(report));
    }
    console.log(JSON.stringify(report, null, 2));
    console.table(report);
    const file = option("json", null);
    if (file) fs.writeFileSync(file, JSON.stringify(report, null, 2));
  } finally {
    await world.close();
    await browser.chromium.close();
  }
}

await main();
