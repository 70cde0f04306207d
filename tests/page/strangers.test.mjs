// Other web pages that are open in the same browser, and names that were made to point here: none of them
// reads or writes anything (requirements SEC-18 to SEC-20; byte by byte in tests/unit/client/app_doorstep_test.cc).
import assert from "node:assert/strict";
import { once } from "node:events";
import http from "node:http";
import { after, before, test } from "node:test";
import { Browser, closeAll, missing } from "./support/browser.mjs";
import { World } from "./support/world.mjs";

let world, browser, stranger, token, port;

// Somebody else's page, on this computer as a browser sees it: the worst case, since it is same-site.
async function strangersPage() {
  const server = http.createServer((_, answer) => answer.setHeader("Content-Type", "text/html").end("<!doctype html><title>Stranger</title>"));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { address: `http://127.0.0.1:${server.address().port}/`, close: () => new Promise((done) => server.close(done)) };
}

before(async () => {
  if (missing) return;
  world = await World.start(({ ana: hall }) => hall.cli("add", "activity", "title=Seminar"));
  const address = new URL(world.ana.address);
  port = address.port;
  token = address.hash.slice("#token=".length);
  stranger = await strangersPage();
  browser = await Browser.start(["--host-resolver-rules=MAP attacker.example 127.0.0.1"]);
});

after(async () => {
  await closeAll(world, browser, stranger);
});

// A page of the stranger, with the statuses of what it asked the app for.
async function visitStranger(address = stranger.address) {
  const page = await (await browser.chromium.newContext()).newPage();
  const answers = [];
  page.on("response", (response) => response.url().includes(`:${port}/`) && answers.push(response.status()));
  await page.goto(address);
  return { page, answers };
}

const activities = () => world.ana.ask("GET", "/records?kinds=activity");

test("another page's script reads and writes nothing, not even with the token", { skip: missing }, async () => {
  const { page, answers } = await visitStranger();
  const api = `http://127.0.0.1:${port}/api/v1/partnerships`;
  const tried = await page.evaluate(
    async ({ api, token }) => {
      const body = JSON.stringify({ kind: "activity", fields: { title: "Forged" } });
      const tries = [
        () => fetch(api),
        () => fetch(api, { headers: { "X-Twinning-Token": token } }),
        () => fetch(api, { method: "POST", body, headers: { "X-Twinning-Token": token, "Content-Type": "application/json" } }),
        () => fetch(api, { mode: "no-cors" }),
        () => fetch(api, { mode: "no-cors", method: "POST", body, headers: { "Content-Type": "text/plain" } }),
      ];
      return Promise.all(tries.map((one) => one().then((answer) => answer.type, () => "failed")));
    },
    { api, token },
  );
  assert.deepEqual(tried.slice(0, 3), ["failed", "failed", "failed"], "nothing can be read");
  assert.ok(answers.every((status) => status === 403), answers.join());
  assert.equal((await activities()).length, 1);
});

test("another page's form, frame, script, picture and stream get nothing", { skip: missing }, async () => {
  const { page, answers } = await visitStranger();
  const base = `http://127.0.0.1:${port}`;
  const [, icon] = /rel="icon" href="([^"]+)"/.exec(await (await fetch(base)).text());
  assert.equal((await fetch(base + icon)).status, 200, "it is there for who asks as the page does");
  const heard = await page.evaluate(async ({ base, icon }) => {
    const put = (name, more) =>
      new Promise((done) => {
        const one = Object.assign(document.createElement(name), more);
        one.onload = () => done(`${name} loaded`);
        one.onerror = () => done(`${name} failed`);
        document.body.append(one);
      });
    const stream = new Promise((done) => {
      const source = new EventSource(`${base}/api/v1/events`);
      source.onopen = () => done("stream opened");
      source.onerror = () => (source.close(), done("stream failed"));
    });
    return Promise.all([put("img", { src: base + icon }), put("script", { src: `${base}/` }), stream]);
  }, { base, icon });
  assert.deepEqual(heard, ["img failed", "script failed", "stream failed"]);
  await page.setContent(`<form method="post" action="${base}/api/v1/partnerships"><input name="kind" value="activity"></form>`);
  await Promise.all([page.waitForResponse((response) => response.url().startsWith(base)), page.evaluate(() => document.forms[0].submit())]);
  // What the browser kept from the page it does not report either; the form's answer it does.
  assert.ok(answers.length > 0 && answers.every((status) => status === 403), answers.join());
  assert.equal((await activities()).length, 1);
});

test("a name that was made to point here is turned away before anything else", { skip: missing }, async () => {
  const { page, answers } = await visitStranger(`http://attacker.example:${port}/#token=${token}`);
  assert.deepEqual(answers, [403]);
  const read = await page.evaluate(
    (token) => fetch("/api/v1/partnerships", { headers: { "X-Twinning-Token": token } }).then((answer) => answer.status, () => "kept away"),
    token,
  );
  assert.equal(read, "kept away", "the answer's own policy lets its page ask for nothing");
});

test("the page cannot be made to load anything from elsewhere", { skip: missing }, async () => {
  const page = await browser.visit(world.ana);
  await page.evaluate((elsewhere) => {
    window.refused = [];
    document.addEventListener("securitypolicyviolation", (event) => window.refused.push(event.effectiveDirective));
    void fetch(elsewhere).catch(() => {});
    const picture = Object.assign(document.createElement("img"), { src: `${elsewhere}x.png` });
    const script = Object.assign(document.createElement("script"), { src: `${elsewhere}x.js` });
    const inline = Object.assign(document.createElement("script"), { textContent: "window.ran = true" });
    document.body.append(picture, script, inline);
  }, stranger.address);
  await page.waitForFunction(() => window.refused.length >= 4);
  const refused = await page.evaluate(() => window.refused.sort());
  assert.deepEqual([...new Set(refused)], ["connect-src", "img-src", "script-src-elem"]);
  assert.equal(await page.evaluate(() => window.ran === true), false);
  browser.errors.length = 0; // the browser says what the policy refused
  browser.foreign.length = 0;
});
