// Every page: no violation that axe-core finds, in light, dark and at 320 px; no ids, field names or
// words of another language; and every kind can be made, changed, deleted and brought back.
import assert from "node:assert/strict";
import fs from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { Browser, closeAll, missing } from "./support/browser.mjs";
import { kPages, show } from "./support/pages.mjs";
import { disagree } from "./support/story.mjs";
import { World } from "./support/world.mjs";

const axe = fs.readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let world, browser, pages;

before(async () => {
  if (missing) return;
  world = await World.sample();
  await disagree(world);
  const id = (kind, title) => world.ana.json("list", kind).find((one) => one.title === title).id;
  pages = [...kPages, `record/${id("activity", "Teacher seminar")}`, `record/${id("objective", "Educational links")}`];
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
    expression: `axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })
      .then((found) => JSON.stringify(found.violations.map((one) => [one.id, one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160))])))`,
    awaitPromise: true,
    returnByValue: true,
  });
  return JSON.parse(result.value);
}

const kLooks = {
  light: { colorScheme: "light" },
  dark: { colorScheme: "dark" },
  "320 px": { viewport: { width: 320, height: 700 } },
};

for (const [look, options] of Object.entries(kLooks)) {
  test(`axe finds nothing on any page: ${look}`, { skip: missing }, async () => {
    const page = await browser.visit(world.ana, options);
    const found = {};
    for (const name of pages) {
      await show(page, name);
      const list = await violations(page);
      if (list.length > 0) found[name] = list;
      if (look === "320 px") {
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(wide <= 320, `${name} is ${wide} px wide`);
      }
    }
    assert.deepEqual(found, {});
  });
}

// Words that only one language has, and what no page may show.
const kEnglish = /\b(the|and|with|not yet|saved|agreed|deadline|shared|meeting of|unknown)\b/i;
const kMachine = /\b[0-9a-f]{16,}\b|\b[a-z]+_[a-z_]+\b|undefined|\bnull\b|NaN|\[object/;

test("no page shows ids, raw names or holes, in either language", { skip: missing }, async () => {
  for (const language of ["en", "fr"]) {
    const page = await browser.visit(language === "en" ? world.ana : world.ben, { locale: language });
    for (const name of pages) {
      await show(page, name);
      const text = await page.evaluate(() => document.body.innerText);
      const found = kMachine.exec(text);
      assert.equal(found, null, `${language} ${name}: ${found?.[0]}`);
    }
  }
});

test("a French page speaks French: labels, buttons, hints and states", { skip: missing }, async () => {
  const page = await browser.visit(world.ben, { locale: "fr" });
  assert.equal(await page.evaluate(() => document.documentElement.lang), "fr");
  for (const name of pages) {
    await show(page, name);
    const own = await page.evaluate(() =>
      [...document.querySelectorAll("label, button, .label, .hint, .note, .chip, .empty p, thead th, nav a, .section-head h2, legend, summary")]
        .filter((one) => !one.closest("[lang]:not(html)") && !one.closest(".set"))
        .map((one) => one.textContent.replace(/\(.*\)/, "").trim()),
    );
    for (const words of own) assert.doesNotMatch(words, kEnglish, `${name}: ${words}`);
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

// Where a kind is added from, by the names on its page.
const kMade = [
  ["plan", "Add a shared objective", { "Title (needed)": "Made objective" }],
  ["plan", "Add a method", { "Title (needed)": "Made method" }],
  ["plan", "Add an outcome", { "Title (needed)": "Made outcome" }],
  ["timetable", "Add an activity", { "Title (needed)": "Made activity" }],
  ["charter", "Draft a charter", { "Title (needed)": "Made charter" }],
  ["responsibilities", "Add a person", { "Name (needed)": "Made person" }],
  ["responsibilities", "Add a responsibility", { Function: "made function" }],
  ["resources", "Add what is needed", { "Title (needed)": "Made resource" }],
  ["money", "Add a grant or fund", { "Programme (needed)": "Made fund" }],
  ["money", "Add a budget line", { "Heading (needed)": "Made budget line" }],
  ["meetings", "Add a meeting", { "Body (needed)": "Made meeting" }],
  ["meetings", "Add a series", { "Title (needed)": "Made series" }],
  ["consultation", "Add a consultation", { "Question (needed)": "Made question?" }],
  ["consultation", "Write a notice", { "Title (needed)": "Made notice" }],
  ["settings", "Add a criterion", { "Criterion (needed)": "Made criterion" }],
];

test("every page makes, changes, takes back, deletes and brings back its records", { skip: missing }, async () => {
  const page = await browser.visit(world.ana);
  for (const [name, add, fields] of kMade) {
    await show(page, name);
    await page.getByRole("link", { name: add, exact: true }).first().click();
    await page.getByRole("button", { name: "Create" }).waitFor();
    for (const [label, value] of Object.entries(fields)) await page.getByLabel(label, { exact: true }).fill(value);
    await page.getByRole("button", { name: "Create" }).click();
    const made = Object.values(fields)[0];
    await page.getByRole("heading", { level: 1, name: made }).waitFor();
    const label = Object.keys(fields)[0].replace(" (needed)", "");
    await page.getByLabel(label, { exact: true }).fill(`${made} changed`);
    await page.getByLabel(label, { exact: true }).blur();
    await page.getByRole("heading", { level: 1, name: `${made} changed` }).waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByRole("heading", { level: 1, name: made, exact: true }).waitFor();
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await page.getByRole("button", { name: "Bring back" }).click();
    await page.getByRole("button", { name: "Delete", exact: true }).waitFor();
  }
});
