// A charter in two languages: confirmed, agreed by both towns, changed, and the agreement lapses.
import { after, before, test } from "node:test";
import { Browser, closeAll, go, missing } from "./support/browser.mjs";
import { kExampleton, kExempleville, World } from "./support/world.mjs";

let world, browser, ana, ben;

before(async () => {
  if (missing) return;
  world = await World.start(({ ana: hall }) => {
    hall.cli("add", "charter", "title=Charter of friendship", `towns+=${kExampleton}`, "commitments:en=We meet every year.");
  });
  world.ana.cli("set", "Charter of friendship", `towns+=${kExempleville}`);
  world.ana.cli("set", "Charter of friendship", "commitments:fr=Nous nous rencontrons chaque année.");
  browser = await Browser.start();
  ana = await browser.visit(world.ana);
  ben = await browser.visit(world.ben, { locale: "fr" });
  await go(ana, "Charter");
  await go(ben, "Charte");
});

after(async () => {
  await closeAll(world, browser);
});

test("the languages are confirmed, then both towns agree to exactly these words", { skip: missing }, async () => {
  await ana.getByRole("button", { name: "They say the same" }).click();
  await ana.getByRole("button", { name: "They say the same" }).waitFor({ state: "detached" });
  await ana.getByRole("button", { name: "Agree", exact: true }).click();
  await ana.getByText("Your town agrees").waitFor();
  await ana.getByText("Not yet agreed").waitFor();
  await ben.getByRole("button", { name: "Donner notre accord" }).click();
  await ana.getByText("Agreed by every town", { exact: true }).waitFor();
  await ben.getByText("Convenu par toutes les villes", { exact: true }).waitFor();
});

test("one changed word ends the agreement, and undo brings it back", { skip: missing }, async () => {
  const text = ben.getByRole("textbox", { name: "Engagements : Français" });
  await text.click();
  await ben.keyboard.press("Control+End");
  await ben.keyboard.type(" Toujours.");
  await ana.getByText("Not yet agreed", { exact: true }).waitFor();
  await ana.getByText(/agreed on .*, to other words than these/).first().waitFor();
  await ben.keyboard.press("Control+z");
  await ana.getByText("Agreed by every town", { exact: true }).waitFor();
});

test("withdrawn is withdrawn", { skip: missing }, async () => {
  await ana.getByRole("button", { name: "Withdraw our agreement" }).click();
  await ben.getByText(/accord retiré le/).waitFor();
});
