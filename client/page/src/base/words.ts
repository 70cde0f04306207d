// The page's words in the language chosen. A language is one file in ../words with every key of en.ts;
// putting it there is all it takes.
import { computed, signal } from "@preact/signals";
import { en } from "../words/en";

export type Key = keyof typeof en;
export type Words = Record<Key, string>;

const files = import.meta.glob<{ default: Words }>("../words/*.ts", { eager: true });
const languages = new Map<string, Words>(
  Object.entries(files).map(([path, file]) => [/([a-z-]+)\.ts$/.exec(path)![1]!, file.default]),
);

export const kLanguages = [...languages.keys()];

function preferred(): string {
  const kept = localStorage.getItem("twinning.language");
  if (kept && languages.has(kept)) return kept;
  const wanted = navigator.languages.map((tag) => tag.slice(0, 2));
  return wanted.find((tag) => languages.has(tag)) ?? "en";
}

export const language = signal(preferred());

export function setLanguage(tag: string): void {
  localStorage.setItem("twinning.language", tag);
  language.value = tag;
}

const words = computed(() => languages.get(language.value) ?? (en as Words));
const plurals = computed(() => new Intl.PluralRules(language.value));

type Parts = Record<string, string | number>;

function filled(text: string, parts: Parts): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(parts[name] ?? ""));
}

// "{count} open conflicts" with count: the text before the bar is for one, the one behind it for more.
export function t(key: Key, parts: Parts = {}): string {
  let text = words.value[key];
  if (text.includes("|") && "count" in parts) {
    const [one, more] = text.split("|");
    text = plurals.value.select(Number(parts.count)) === "one" ? one! : more!;
  }
  return filled(text, parts);
}

export function has(key: string): key is Key {
  return key in words.value;
}

// A key that is made up of names in the schema; the fallback is for schemas newer than this page.
export function named(key: string, fallback: string): string {
  return has(key) ? words.value[key] : fallback;
}

// As it stands within a sentence: not every language begins it with a capital.
export function languageInside(tag: string, inLanguage = language.value): string {
  return new Intl.DisplayNames([inLanguage], { type: "language" }).of(tag) ?? tag;
}

export function languageName(tag: string, inLanguage = language.value): string {
  const name = languageInside(tag, inLanguage);
  return name.charAt(0).toLocaleUpperCase(inLanguage) + name.slice(1);
}
