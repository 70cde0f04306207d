// Every page there is, by the name of its address.
export const kPages = [
  "overview", "plan", "timetable", "timetable?view=table", "timetable?view=calendar", "conflicts", "charter",
  "history", "responsibilities", "resources", "money", "meetings", "reviews", "consultation", "comments",
  "settings", "accessibility", "new/activity", "new/objective",
];

// Shows a page by its address: for looking at pages, not for journeys.
export async function show(page, name) {
  await page.evaluate((hash) => (location.hash = hash), name === "overview" ? "/" : `/${name}`);
  await page.waitForFunction(() => {
    const texts = [...document.querySelectorAll("main .editor")];
    return document.querySelector("main h1") && !document.querySelector("main .loading") && texts.every((text) => text.querySelector(".cm-content"));
  });
}
