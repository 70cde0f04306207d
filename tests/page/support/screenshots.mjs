import fs from "node:fs";
import path from "node:path";
import { Browser, missing } from "./browser.mjs";
import { kPages, show } from "./pages.mjs";
import { disagree } from "./story.mjs";
import { World } from "./world.mjs";

const [folder, ...wanted] = process.argv.slice(2);
if (missing) throw new Error(missing);
fs.mkdirSync(folder, { recursive: true });
const world = await World.sample();
const browser = await Browser.start();
try {
  await disagree(world);
  const seminar = world.ana.json("list", "activity").find((one) => one.title === "Teacher seminar").id;
  const pages = [...kPages, `record/${seminar}`].filter((name) => wanted.length === 0 || wanted.some((one) => name.startsWith(one)));
  const looks = [
    ["en", {}],
    ["fr", {}],
    ["en-dark", { colorScheme: "dark" }],
    ["fr-narrow", { viewport: { width: 320, height: 720 } }],
    ["de", {}],
    ["en-contrast", { forcedColors: "active", colorScheme: "dark" }],
    ["en-print", { media: "print" }],
  ];
  const chosen = process.env.LOOKS?.split(",") ?? looks.map(([look]) => look);
  for (const [look, { media, ...options }] of looks.filter(([look]) => chosen.includes(look))) {
    const page = await browser.visit(look.startsWith("en") ? world.ana : world.ben, { locale: look.slice(0, 2), ...options });
    for (const name of pages) {
      await show(page, name);
      await page.emulateMedia({ media: media ?? null });
      const file = name.replace(seminar, "activity").replace(/[/?=]/g, "-");
      await page.screenshot({ path: path.join(folder, `${look}-${file}.png`), fullPage: true });
      await page.emulateMedia({ media: null });
    }
  }
  console.log(`${pages.length * chosen.length} pictures in ${folder}`);
} finally {
  await world.close();
  await browser.close();
}
