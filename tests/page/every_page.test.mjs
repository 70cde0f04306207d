// Every page: no violation that axe-core finds, in light, dark and at 320 px; no ids, field names or
// words of another language; and every kind can be made, changed, deleted and brought back.
import assert from "node:assert/strict";
import fs from "node:fs";
import { createRequire } from "node:module";
import { after, before, describe, test } from "node:test";
import { Browser, closeAll, missing } from "./support/browser.mjs";
import { kPages, show } from "./support/pages.mjs";
import { disagree } from "./support/story.mjs";
import { World } from "./support/world.mjs";

const axe = fs.readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let world, browser, pages, records, titles;

before(async () => {
  if (missing) return;
  world = await World.sample();
  await disagree(world);
  const id = (kind, title) => world.ana.json("list", kind).find((one) => one.title === title).id;
  pages = [...kPages, `record/${id("activity", "Teacher seminar")}`, `record/${id("objective", "Educational links")}`];
  const { schema } = await world.ana.ask("GET", "");
  const all = await world.ana.ask("GET", `/records?kinds=${schema.map((kind) => kind.name).join()}`);
  // One of each kind; and what people called things, in whatever language.
  records = schema.map((kind) => all.find((one) => one.kind === kind.name)).filter(Boolean).map((one) => `record/${one.id}`);
  titles = [...new Set(all.map((one) => one.title))].sort((a, b) => b.length - a.length);
  browser = await Browser.start();
});

after(async () => {
  await closeAll(world, browser);
});

async function violations(page) {
  // Run in the page's own world, past its policy: as a browser's extension would.
  const session = await page.context().newCDPSession(page);
  await session.send("Runtime.evaluate", { expression: axe });
  const { result } = await session.send("Runtime.evaluate", {
    expression: `axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], resultTypes: ["violations"], preload: false })
      .then((found) => JSON.stringify(found.violations.map((one) => [one.id, one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160))])))`,
    awaitPromise: true,
    returnByValue: true,
  });
  return JSON.parse(result.value);
}

// What no page may show, and words that only English has.
const kMachine = /\b[0-9a-f]{16,}\b|\b[a-z]+_[a-z_]+\b|undefined|\bnull\b|NaN|\[object/;
const kEnglish = /\b(the|and|with|not yet|saved|agreed|deadline|shared|meeting of|unknown|open|edit|add|move|none|from)\b/i;

// Everything that is read on a page or read out: its words, and names that only screen readers have.
function spoken(page) {
  return page.evaluate(() => {
    const named = [...document.querySelectorAll("[aria-label], [title], [placeholder], [aria-valuetext]")];
    const names = named.flatMap((one) => ["aria-label", "title", "placeholder", "aria-valuetext"].map((name) => one.getAttribute(name)));
    return [document.title, document.body.innerText, ...names.filter(Boolean)].join("\n");
  });
}

// Words of this page that another language may not have.
async function onlyFrench(page, name) {
  const own = await page.evaluate(() => {
    const shown = "label, button, .label, .hint, .note, .chip, .empty p, thead th, nav a, .section-head h2, legend, summary";
    const said = [...document.querySelectorAll(shown)].filter((one) => !one.closest("[lang]:not(html)") && !one.closest(".set"));
    const named = [...document.querySelectorAll("[aria-label], [placeholder]")];
    return [
      ...said.map((one) => one.textContent.replace(/\(.*\)/, "").trim()),
      ...named.map((one) => one.getAttribute("aria-label") ?? one.getAttribute("placeholder")),
    ];
  });
  for (const words of own) {
    const without = titles.reduce((left, title) => left.replaceAll(title, ""), words);
    assert.doesNotMatch(without, kEnglish, `${name}: ${words}`);
  }
}

async function fits(page, name) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= 320, `${name} is ${wide} px wide`);
}

const kNarrow = { viewport: { width: 320, height: 700 } };

// They only look, each in a window of its own: two at a time.
describe("every page", { concurrency: 2 }, () => {
  for (const [look, options] of Object.entries({ light: { colorScheme: "light" }, dark: { colorScheme: "dark" }, "320 px": kNarrow })) {
    test(`axe finds nothing on any page: ${look}`, { skip: missing }, async () => {
      const page = await browser.visit(world.ana, options);
      const found = {};
      for (const name of look === "light" ? [...pages, ...records] : pages) {
        await show(page, name);
        const list = await violations(page);
        if (list.length > 0) found[name] = list;
        if (look === "320 px") await fits(page, name);
      }
      await page.context().close(); // it would follow everything that the tests below do
      assert.deepEqual(found, {});
    });
  }

  for (const [language, hall, options, check] of [
    ["en", () => world.ana, {}, () => {}],
    ["fr", () => world.ben, {}, onlyFrench],
    ["de", () => world.ben, kNarrow, fits],
  ]) {
    test(`no ids, raw names, holes or words of another language, no page wider than its window: ${language}`, { skip: missing }, async () => {
      const page = await browser.visit(hall(), { ...options, locale: language });
      assert.equal(await page.evaluate(() => document.documentElement.lang), language);
      for (const name of [...pages, ...records]) {
        await show(page, name);
        const found = kMachine.exec(await spoken(page));
        assert.equal(found, null, `${language} ${name}: ${found?.[0]}`);
        await check(page, name);
      }
      await page.context().close();
    });
  }
});

test("every word of the schema has a name in every language", { skip: missing }, async () => {
  const overview = await world.ana.ask("GET", "");
  const keys = overview.schema.flatMap((kind) => [
    `kind.${kind.name}`,
    `kinds.${kind.name}`,
    ...kind.fields.map((field) => `field.${field.name}`),
    ...kind.fields.flatMap((field) => [...field.values, ...field.members.flatMap((one) => one.values)].map((value) => `value.${value}`)),
  ]);
  const read = (language) => {
    const source = fs.readFileSync(new URL(`../../client/page/src/words/${language}.ts`, import.meta.url), "utf8");
    return new Set([...source.matchAll(/^ {2}"?([\w.-]+)"?: /gm)].map((match) => match[1]));
  };
  const english = read("en");
  for (const language of fs.readdirSync(new URL("../../client/page/src/words/", import.meta.url))) {
    const known = read(language.replace(".ts", ""));
    assert.deepEqual([...english].filter((key) => !known.has(key)), [], `${language} lacks keys`);
    assert.deepEqual([...known].filter((key) => !english.has(key)), [], `${language} has others`);
  }
  const anyKind = (key) => key.startsWith("field.") && [...english].some((one) => one.startsWith("field.") && one.endsWith(key.slice(5)));
  assert.deepEqual(keys.filter((key) => !english.has(key) && !anyKind(key)), []);
});

// Where a kind is added from, by the names on its page; what is filled in and what is chosen; how the
// record is called then; and what is changed in it.
const kMade = [
  { on: "plan", add: "Add a shared objective", fill: { "Title (needed)": "Made objective" } },
  { on: "plan", add: "Add an objective of our own", fill: { "Title (needed)": "Made own objective" } },
  { on: "plan", add: "Add a method", fill: { "Title (needed)": "Made method" } },
  { on: "plan", add: "Add an outcome", fill: { "Title (needed)": "Made outcome" } },
  { on: "timetable", add: "Add an activity", fill: { "Title (needed)": "Made activity" } },
  { on: "charter", add: "Draft a charter", fill: { "Title (needed)": "Made charter" } },
  { on: "responsibilities", add: "Add a person", fill: { "Name (needed)": "Made person" } },
  { on: "responsibilities", add: "Add a responsibility", fill: { Function: "made function" } },
  { on: "resources", add: "Add what is needed", fill: { "Title (needed)": "Made need" } },
  { on: "resources", add: "Add what we have", fill: { "Title (needed)": "Made offer" } },
  { on: "money", add: "Add a grant or fund", fill: { "Programme (needed)": "Made fund" } },
  { on: "money", add: "Add a budget line", fill: { "Heading (needed)": "Made budget line" } },
  { on: "meetings", add: "Add a meeting", fill: { "Body (needed)": "Made meeting" } },
  { on: "meetings", add: "Add a series", fill: { "Title (needed)": "Made series" } },
  { on: "reviews", add: "Add a review", choose: { "About (needed)": "Small businesses" }, called: "Small businesses", set: { Rating: "on track" } },
  { on: "consultation", add: "Add a consultation", fill: { "Question (needed)": "Made question?" } },
  { on: "consultation", add: "Write a notice", fill: { "Title (needed)": "Made notice" } },
  { on: "settings", add: "Add a criterion", fill: { "Criterion (needed)": "Made criterion" } },
];

async function make(page, { on, add, fill = {}, choose = {} }) {
  await show(page, on);
  await page.getByRole("link", { name: add, exact: true }).first().click();
  await page.getByRole("button", { name: "Create" }).waitFor();
  for (const [label, value] of Object.entries(fill)) await page.getByLabel(label, { exact: true }).fill(value);
  for (const [label, value] of Object.entries(choose)) await page.getByLabel(label, { exact: true }).selectOption({ label: value });
  await page.getByRole("button", { name: "Create" }).click();
}

// Changes one thing, sees it, takes it back, sees that.
async function changeAndTakeBack(page, row, called) {
  const undo = page.getByRole("button", { name: "Undo" });
  if (row.set) {
    const [[label, value]] = Object.entries(row.set);
    const field = page.getByLabel(label, { exact: true });
    await field.selectOption({ label: value });
    await page.getByText("Saved", { exact: true }).first().waitFor();
    await undo.click();
    await page.getByText("Taken back").first().waitFor();
    const wanted = await field.evaluate((select) => select.id);
    await page.waitForFunction((id) => document.getElementById(id).value === "", wanted);
    return;
  }
  const field = page.getByLabel(Object.keys(row.fill)[0].replace(" (needed)", ""), { exact: true });
  await field.fill(`${called} changed`);
  await field.blur();
  await page.getByRole("heading", { level: 1, name: `${called} changed` }).waitFor();
  await undo.click();
  await page.getByRole("heading", { level: 1, name: called, exact: true }).waitFor();
}

let maker; // one page for all of them

for (const row of kMade) {
  test(`${row.on}: ${row.add}, change it, delete it, and take each of them back`, { skip: missing }, async () => {
    const page = (maker ??= await browser.visit(world.ana));
    const undo = page.getByRole("button", { name: "Undo" });
    const remove = page.getByRole("button", { name: "Delete", exact: true });
    const restore = page.getByRole("button", { name: "Bring back" });
    const called = row.called ?? Object.values(row.fill)[0];
    await make(page, row);
    await page.getByRole("heading", { level: 1, name: called }).waitFor();
    await undo.click();
    await restore.click();
    await remove.waitFor();
    await changeAndTakeBack(page, row, called);
    await remove.click();
    await restore.waitFor();
    await undo.click();
    await remove.waitFor();
  });
}

test("plan: a title and a statement are written where they stand, and taken back", { skip: missing }, async () => {
  const page = await browser.visit(world.ana);
  await show(page, "plan");
  await page.getByRole("button", { name: "Edit: Small businesses" }).click();
  const form = page.getByRole("group", { name: "Edit: Small businesses" });
  await form.getByRole("textbox", { name: "Statement" }).click();
  await page.keyboard.press("Control+End");
  await page.keyboard.type(" From this year on.");
  await form.getByText("Saved", { exact: true }).waitFor();
  await form.getByLabel("Title", { exact: true }).fill("Small and large businesses");
  await form.getByLabel("Title", { exact: true }).blur();
  const renamed = page.getByRole("group", { name: "Edit: Small and large businesses" });
  await renamed.getByRole("button", { name: "Done" }).click();
  await page.getByText("To promote cooperation between small businesses. From this year on.").first().waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByRole("link", { name: "Small businesses", exact: true }).first().waitFor();
  await page.context().close();
});

test("comments: said, resolved, opened again, deleted, and brought back by undo", { skip: missing }, async () => {
  const page = await browser.visit(world.ana);
  await show(page, "comments");
  const thread = page.getByRole("region", { name: "Teacher seminar" });
  await thread.getByLabel("Your comment").fill("Ten is fine.");
  await thread.getByRole("button", { name: "Comment", exact: true }).click();
  const mine = thread.getByRole("listitem").filter({ hasText: "Ten is fine." });
  await mine.getByRole("button", { name: "Mark as resolved" }).click();
  await mine.getByRole("button", { name: "Open again" }).click();
  await mine.getByRole("button", { name: "Mark as resolved" }).waitFor();
  await mine.getByRole("button", { name: "Delete" }).click();
  await mine.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Undo" }).click();
  await mine.waitFor();
  await page.context().close();
});

test("charter: a council's resolution is recorded and stays", { skip: missing }, async () => {
  const page = await browser.visit(world.ana);
  await show(page, "charter");
  await page.getByRole("link", { name: "Record our resolution" }).first().click();
  await page.getByLabel("Resolution number (needed)", { exact: true }).fill("2031/17");
  await page.getByRole("button", { name: "Create" }).click();
  await page.getByRole("heading", { level: 1, name: "2031/17" }).waitFor();
  assert.equal(await page.getByRole("button", { name: "Delete", exact: true }).count(), 0);
  await page.context().close();
});

test("conflicts: a settlement is taken back by undo", { skip: missing }, async () => {
  const page = await browser.visit(world.ana);
  await show(page, "conflicts");
  const seminar = page.getByRole("article", { name: /Teacher seminar: two values/ });
  await seminar.getByRole("button", { name: "Keep this" }).first().click();
  await seminar.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Undo" }).click();
  await seminar.getByRole("button", { name: "Keep this" }).first().waitFor();
  await page.context().close();
});

test("history: any record as it was, two moments compared, one town and one day", { skip: missing }, async () => {
  const page = await browser.visit(world.ana);
  await show(page, "history");
  await page.getByRole("button", { name: "Any moment" }).click();
  const slider = page.getByRole("slider", { name: "The plan as of" });
  await slider.focus();
  await page.keyboard.press("Home");
  await page.getByText("None yet.").waitFor();
  await page.keyboard.press("End");
  await page.getByRole("button", { name: "Teacher seminar" }).click();
  const then = page.getByRole("region", { name: "As it was" });
  await then.getByText("A seminar for teachers on funding.").waitFor();
  await page.getByLabel("Kind", { exact: true }).selectOption({ label: "Objectives" });
  await page.getByRole("button", { name: "Joint climate pledge" }).waitFor();
  await page.getByLabel("Who").selectOption({ label: "Ville d'Exempleville-lès-Hêtres" });
  await page.getByLabel("When").selectOption({ label: "Today" });
  await page.waitForFunction(() => {
    const towns = [...document.querySelectorAll(".day-head ~ .stories .who .town")].map((one) => one.textContent);
    return towns.length > 3 && towns.every((name) => name.includes("Exempleville"));
  });
  await page.getByLabel("When").selectOption({ label: "Yesterday" });
  await page.getByText("Nothing here.").waitFor();
  await page.context().close();
});
