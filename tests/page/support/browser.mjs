// Pages in a real headless Chromium, each watched: what it asks for beyond this computer, and what
// goes wrong in it, fails the test.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { chromium } from "playwright-core";

const kPlaces = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const executablePath = process.env.TWINNING_CHROMIUM ?? kPlaces.find((place) => fs.existsSync(place));

export const missing = executablePath ? false : "there is no Chromium here: ./deploy/install-packages test";

const kTypes = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2" };

// While working on the page: what `npm run build -- --outDir DIR` made, instead of the program's own.
async function giveBuilt(route) {
  const { pathname } = new URL(route.request().url());
  const file = path.join(process.env.TWINNING_PAGE, pathname === "/" ? "index.html" : pathname);
  const body = fs.readFileSync(file);
  await route.fulfill({ body, headers: { "Content-Type": kTypes[path.extname(file)] } });
}

// Chromium's own address bar is two pages, made anew with every window: beside ours they take half of a
// small computer for a second, and have nothing to do with it. Of such switches the last one counts, so
// it names what the driver turns off as well.
const kFeaturesOff = [
  ...["WebUIOmniboxAimPopup", "WebUIOmniboxPopup"],
  ...["AcceptCHFrame", "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades"],
  ...["MediaRouter", "PaintHolding", "RenderDocument", "ThirdPartyStoragePartitioning", "Translate"],
];
const kArgs = ["--no-sandbox", "--disable-gpu", `--disable-features=${kFeaturesOff}`];

export class Browser {
  static async start(args = []) {
    const browser = new Browser();
    browser.chromium = await chromium.launch({ executablePath, args: [...kArgs, ...args] });
    browser.contexts = [];
    browser.foreign = [];
    browser.errors = [];
    return browser;
  }

  // The page of a hall, open at its overview.
  async visit(hall, options = {}) {
    const context = await this.chromium.newContext({
      viewport: { width: 1280, height: 900 },
      locale: "en",
      reducedMotion: "reduce",
      ...options,
    });
    this.contexts.push(context);
    context.on("request", (request) => {
      const url = new URL(request.url());
      if (url.hostname !== "127.0.0.1" && url.protocol !== "data:") this.foreign.push(request.url());
    });
    if (process.env.TWINNING_PAGE) await context.route((url) => !url.pathname.startsWith("/api/"), giveBuilt);
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    page.on("pageerror", (error) => this.errors.push(error.stack ?? String(error)));
    page.on("console", (message) => {
      // Requests to an app that was killed on purpose are said by the browser, not by the page.
      const expected = /Failed to load resource|ERR_CONNECTION|net::/.test(message.text());
      if (message.type() === "error" && !expected) this.errors.push(message.text());
    });
    await page.goto(hall.address);
    await page.getByRole("heading", { level: 1 }).waitFor();
    return page;
  }

  async close() {
    await this.chromium.close();
    assert.deepEqual(this.foreign, [], "requests left this computer");
    assert.deepEqual(this.errors, [], "something went wrong in a page");
  }
}

// Goes to a page by its name in the navigation, as a person does.
export async function go(page, name) {
  await page.getByRole("navigation").getByRole("link", { name }).first().click();
  await page.getByRole("heading", { level: 1, name }).waitFor();
}

// The server is back: connects at once, unless that has happened by itself already. Whoever sees that a
// press did nothing, because the page moved under it, presses again.
export async function reconnect(page) {
  const connected = page.getByText("Everything saved and shared");
  const button = page.getByRole("button", { name: "Connect now" });
  await button.or(connected).first().waitFor();
  const isConnected = () => connected.waitFor({ timeout: 3_000 }).then(() => true, () => false);
  for (let presses = 0; presses < 10; ++presses) {
    await button.click({ timeout: 1_000 }).catch(() => {});
    if (await isConnected()) return;
  }
  await connected.waitFor();
}

// What `read` gives comes to be `wanted`: what another town did shows a moment later, and what follows
// from words waits for a pause of whoever writes them.
export async function comesTo(read, wanted) {
  const end = Date.now() + 15_000;
  for (;;) {
    const now = await read();
    if (isDeepStrictEqual(now, wanted)) return;
    if (Date.now() > end) assert.deepEqual(now, wanted);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

// Ends all of them, whatever goes wrong with one, then says what did.
export async function closeAll(...things) {
  const ends = await Promise.allSettled(things.map((one) => one?.close()));
  const wrong = ends.find((one) => one.status === "rejected");
  if (wrong) throw wrong.reason;
}
