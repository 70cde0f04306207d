// What this person likes, kept in this browser.
import { effect, signal } from "@preact/signals";

function kept(name: string, fallback: string): string {
  return localStorage.getItem(`twinning.${name}`) ?? fallback;
}

export type Theme = "system" | "light" | "dark";
export const theme = signal(kept("theme", "system") as Theme);
export const shortcuts = signal(kept("shortcuts", "on") === "on");

effect(() => {
  localStorage.setItem("twinning.theme", theme.value);
  document.documentElement.dataset.theme = theme.value;
});

effect(() => {
  localStorage.setItem("twinning.shortcuts", shortcuts.value ? "on" : "off");
});
