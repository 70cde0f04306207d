// A town's coordinator at work on the page: compares words by telephone, invites, decides about roles, confirms
// whom the operator enrolled alone, and withdraws access.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Browser, closeAll, go, missing } from "./support/browser.mjs";
import { kExampleton, World } from "./support/world.mjs";

let world, browser, ana, ben;

before(async () => {
  if (missing) return;
  world = await World.start();
  browser = await Browser.start();
  ana = await browser.visit(world.ana);
  ben = await browser.visit(world.ben, { locale: "fr" });
  await go(ana, "Town and settings");
  await go(ben, "Ville et réglages");
});

after(async () => {
  await closeAll(world, browser);
});

const row = (page, name) => page.getByRole("row").filter({ has: page.getByRole("rowheader", { name: new RegExp(`^${name}`) }) });

test("both towns see the same eight words of a key, and say that they compared them", { skip: missing }, async () => {
  const words = await row(ana, "ben").locator(".key-words").innerText();
  assert.equal(words.split(" ").length, 8);
  assert.equal(await row(ben, "ben").locator(".key-words").innerText(), words);
  await row(ana, "ben").getByRole("button", { name: "We have compared the words" }).click();
  await row(ana, "ben").getByText("words compared", { exact: true }).waitFor();
});

test("an invitation brings a colleague in, confirmed by whoever made it", { skip: missing }, async () => {
  await ana.getByLabel("Invite somebody as").selectOption({ label: "editor" });
  await ana.getByRole("button", { name: "Make an invitation" }).click();
  const code = await ana.getByLabel("Invitation code").inputValue();
  world.join("amy", code);
  await row(ana, "amy").getByText("confirmed by ana").waitFor();
  await ana.getByText("used by amy").waitFor();
  await row(ben, "amy").getByText("confirmé par ana").waitFor();
});

test("a role is changed, and seen by the other town", { skip: missing }, async () => {
  await row(ana, "amy").getByLabel("Role of amy").selectOption({ label: "representative" });
  await ana.getByText("Role changed").waitFor();
  await row(ben, "amy").getByText("représentation").waitFor();
});

test("whom the operator enrolled alone is not confirmed until the town says so", { skip: missing }, async () => {
  world.join("adam", world.invite(kExampleton));
  await row(ana, "adam").getByText("not confirmed by the town").waitFor();
  await go(ana, "Overview");
  await ana.getByRole("heading", { name: "1 member to be confirmed by your town" }).waitFor();
  await go(ana, "Town and settings");
  await row(ana, "adam").getByRole("button", { name: "Confirm for our town" }).click();
  await row(ana, "adam").getByText("confirmed by ana").waitFor();
});

test("access is withdrawn once it was asked again", { skip: missing }, async () => {
  await row(ana, "adam").getByRole("button", { name: "Withdraw access" }).click();
  await row(ana, "adam").getByRole("button", { name: "Yes, withdraw it" }).click();
  await row(ana, "adam").getByText("revoked").waitFor();
  await row(ben, "adam").getByText("révoqué").waitFor();
});

test("who is no coordinator sees who is, and decides nothing", { skip: missing }, async () => {
  assert.equal(await row(ben, "amy").getByRole("button").count(), 0);
  assert.equal(await row(ben, "amy").getByRole("combobox").count(), 0);
});
