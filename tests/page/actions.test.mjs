// From the overview, by visible names only, in at most five actions, in English and in French; and
// by keyboard alone.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Browser, closeAll, missing } from "./support/browser.mjs";
import { World } from "./support/world.mjs";
import { disagree, year } from "./support/story.mjs";

let world, browser;

before(async () => {
  if (missing) return;
  world = await World.sample();
  await disagree(world);
  browser = await Browser.start();
});

after(async () => {
  await closeAll(world, browser);
});

// Counts what a person does.
class Person {
  constructor(page) {
    this.page = page;
    this.actions = 0;
  }
  async click(role, name, nth = 0) {
    ++this.actions;
    await this.page.getByRole(role, { name }).nth(nth).click();
  }
  async type(label, text) {
    ++this.actions;
    await this.page.getByLabel(label, { exact: true }).fill(text);
    await this.page.getByLabel(label, { exact: true }).blur();
  }
  async choose(label, option) {
    this.actions += 2; // opens the list, chooses from it
    await this.page.getByLabel(label, { exact: true }).selectOption({ label: option });
  }
  async sees(text) {
    await this.page.getByText(text).first().waitFor();
    assert.ok(this.actions <= 5, `${this.actions} actions`);
  }
}

const kLanguages = {
  en: {
    plan: "Plan", addOwn: "Add an objective of our own", title: "Title (needed)", create: "Create", created: "Created",
    timetable: "Timetable", deadline: "Deadline", saved: "Saved", conflicts: /^Conflicts/, keep: "Keep this",
    settled: "Conflict settled", agree: "Agree", agreed: "Your town agrees", history: "History", when: "When",
    yesterday: "Yesterday", day: `${year()}-03-25`,
  },
  fr: {
    plan: "Plan", addOwn: "Ajouter un objectif à nous", title: "Titre (nécessaire)", create: "Créer", created: "Créé",
    timetable: "Calendrier", deadline: "Échéance", saved: "Enregistré", conflicts: /^Conflits/, keep: "Garder ceci",
    settled: "Conflit réglé", agree: "Donner notre accord", agreed: "Votre ville est d’accord", history: "Historique",
    when: "Quand", yesterday: "Hier", day: `${year()}-03-26`,
  },
};

for (const [language, words] of Object.entries(kLanguages)) {
  const visit = async () => {
    const page = await browser.visit(language === "en" ? world.ana : world.ben, { locale: language });
    return new Person(page);
  };

  test(`${language}: add an objective of one's own town`, { skip: missing }, async () => {
    const person = await visit();
    await person.click("link", words.plan);
    await person.click("link", words.addOwn);
    await person.type(words.title, `Un objectif ${language}`);
    await person.click("button", words.create);
    await person.sees(words.created);
    await person.page.getByRole("heading", { level: 1, name: `Un objectif ${language}` }).waitFor();
  });

  test(`${language}: move a deadline`, { skip: missing }, async () => {
    const person = await visit();
    await person.click("link", words.timetable);
    await person.click("link", "Exchange visit");
    await person.type(words.deadline, words.day);
    await person.sees(words.saved);
  });

  test(`${language}: settle a conflict`, { skip: missing }, async () => {
    const person = await visit();
    await person.click("link", words.conflicts);
    await person.click("button", words.keep);
    await person.sees(words.settled);
  });

  test(`${language}: agree to an activity`, { skip: missing }, async () => {
    const person = await visit();
    await person.click("link", words.timetable);
    await person.click("link", "Mid-year review");
    await person.click("button", words.agree);
    await person.sees(words.agreed);
  });

  test(`${language}: see what changed yesterday`, { skip: missing }, async () => {
    const person = await visit();
    // The page's yesterday is today, seen tomorrow.
    await person.page.clock.install({ time: Date.now() + 86_400_000 });
    await person.page.reload();
    await person.click("link", words.history);
    await person.choose(words.when, words.yesterday);
    await person.page.getByRole("heading", { level: 2, name: words.yesterday }).waitFor();
    await person.sees("Teacher seminar");
  });
}

test("by keyboard alone: an activity is made, moved, found and taken back", { skip: missing }, async () => {
  const page = await browser.visit(world.ana);
  const focus = () => page.evaluate(() => document.activeElement?.textContent?.trim() ?? "");
  const tabTo = async (text, most = 80) => {
    for (let i = 0; i < most; ++i) {
      await page.keyboard.press("Tab");
      if ((await focus()).startsWith(text)) return;
    }
    assert.fail(`${text} is not reached by Tab`);
  };
  await page.keyboard.press("Tab");
  assert.equal(await focus(), "Skip to content");
  await tabTo("Timetable");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "Timetable" }).waitFor();
  assert.equal(await focus(), "Timetable", "the heading has the focus");
  await tabTo("Add an activity");
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  assert.notEqual(outline, "none", "focus is visible");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "New: Activity" }).waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.type("Keyboard evening");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "Keyboard evening" }).waitFor();
  await page.getByLabel("Dates: from", { exact: true }).focus();
  await page.keyboard.type(`1.5.${year()}`);
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await page.waitForFunction((day) => document.querySelector('input[id$="-window-to"]').value === day, `2 May ${year()}`);
  await tabTo("Delete", 200);
  await page.keyboard.press("g");
  await page.keyboard.press("t");
  await page.getByRole("heading", { level: 1, name: "Timetable" }).waitFor();
  await page.getByRole("link", { name: /^Keyboard evening\. 2 May/ }).focus();
  await page.keyboard.press("Alt+ArrowRight");
  await page.getByRole("link", { name: /^Keyboard evening\. 3 May/ }).waitFor();
  await page.keyboard.press("/");
  await page.keyboard.type("keyBOARD évening");
  await page.getByRole("option", { name: /Keyboard evening/ }).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "Keyboard evening" }).waitFor();
  await page.keyboard.press("Control+z");
  await page.getByText("Taken back").first().waitFor();
  await page.waitForFunction((day) => document.querySelector('input[id$="-window"]').value === day, `2 May ${year()}`);
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
  await page.keyboard.press("Escape");
});
