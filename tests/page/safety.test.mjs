// What was typed is safe: the app is killed in the middle of a sentence; the server goes away.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { Browser, closeAll, go, missing, reconnect } from "./support/browser.mjs";
import { World, written } from "./support/world.mjs";

let world, browser;

before(async () => {
  if (missing) return;
  world = await World.start(({ ana: hall }) => {
    hall.cli("add", "activity", "title=Seminar", "description:en=It begins: ");
  });
  browser = await Browser.start();
});

after(async () => {
  await closeAll(world, browser);
});

async function openText(hall) {
  const page = await browser.visit(hall);
  await go(page, "Timetable");
  await page.getByRole("main").getByRole("link", { name: "Seminar" }).first().click();
  const text = page.getByRole("textbox", { name: "Description" });
  await text.click();
  await page.keyboard.press("Control+End");
  return { page, text };
}

test("killed in the middle of a sentence, at most the last 300 ms of typing are gone", { skip: missing }, async () => {
  const { page } = await openText(world.ana);
  const typed = [];
  let killed = 0;
  const words = "one two three four five six seven eight nine ten eleven twelve";
  for (const key of words) {
    typed.push({ key, at: Date.now() });
    await page.keyboard.press(key === " " ? "Space" : key);
    await page.waitForTimeout(25);
    if (typed.length === 45) {
      killed = Date.now();
      await world.ana.kill();
      break;
    }
  }
  const mustBeThere = typed.filter((one) => one.at < killed - 300).map((one) => one.key).join("");
  await page.getByText("The program was closed").first().waitFor();
  assert.ok(mustBeThere.length > 20, `typed ${typed.length}`);
  await world.ana.open();
  const again = await openText(world.ana);
  const now = await again.text.innerText();
  assert.ok(now.startsWith("It begins: ") && now.includes(mustBeThere), `${now} lacks ${mustBeThere}`);
});

test("what a browser is started with opens the page once, and is not the token", { skip: missing }, async () => {
  await world.ana.kill();
  const folder = path.join(world.folder, "desktop");
  const seen = path.join(folder, "seen");
  fs.mkdirSync(folder);
  fs.writeFileSync(path.join(folder, "xdg-open"), `#!/bin/sh\nprintf %s "$1" > "${seen}.new" && mv "${seen}.new" "${seen}"\n`, { mode: 0o700 });
  const opened = written(seen);
  const shown = await world.ana.open([], folder);
  await opened;
  const given = fs.readFileSync(seen, "utf8");
  const token = shown.split("#token=")[1];
  assert.match(given, /^http:\/\/127\.0\.0\.1:\d+\/#ticket=[0-9a-f]{64}$/);
  assert.ok(!given.includes(token));
  const page = await browser.visit({ address: given });
  await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
  assert.ok(!page.url().includes("ticket"), "out of sight at once");
  await page.reload();
  await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
  const thief = await browser.visit({ address: given });
  await thief.getByRole("heading", { level: 1, name: "This page is locked" }).waitFor();
});

test("with the server gone nothing is lost, and it goes out when the server is back", { skip: missing }, async () => {
  const { page, text } = await openText(world.ana);
  const other = await openText(world.ben);
  await page.keyboard.type(" Before.");
  await other.text.filter({ hasText: "Before." }).waitFor();
  await world.serverGoes();
  await page.keyboard.type(" While it is away.");
  await page.locator(".text-state.saved").first().waitFor();
  await page.getByText("You are working offline.").waitFor();
  await other.page.keyboard.press("Control+Home");
  await other.page.keyboard.type("Ben: ");
  await world.serve();
  for (const one of [page, other.page]) await reconnect(one);
  for (const one of [text, other.text]) {
    await one.filter({ hasText: /^Ben: It begins.*Before\. While it is away\.$/ }).waitFor({ timeout: 60_000 });
  }
  assert.equal(await text.innerText(), await other.text.innerText());
});

test("a page left alone while the other town wrote a lot goes on without loading again", { skip: missing }, async () => {
  const { page, text } = await openText(world.ana);
  await page.context().setOffline(true);
  await page.keyboard.type(" From the sleeping tab.");
  for (let i = 0; i < 5; ++i) world.ben.cli("set", "Seminar", `description:en=Round ${i}. ${await text.innerText()}`.replace(" From the sleeping tab.", ""));
  world.ben.cli("set", "Seminar", "place=Mairie");
  await page.context().setOffline(false);
  await text.filter({ hasText: /^Round 4\..* From the sleeping tab\.$/ }).waitFor({ timeout: 30_000 });
  const place = await page.getByLabel("Place").elementHandle();
  await page.waitForFunction((input) => input.value === "Mairie", place);
});
