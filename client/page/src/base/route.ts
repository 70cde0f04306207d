// Where in the page we are: "#/timetable?view=table". Addresses are of this page only and hold no secret.
import { signal } from "@preact/signals";

export interface Place {
  path: string[]; // ["record", "3f2a..."]
  query: URLSearchParams;
}

function read(): Place {
  // What is no path is the token, on its way out of sight.
  const hash = location.hash.startsWith("#/") ? location.hash.slice(2) : "";
  const [path = "", query = ""] = hash.split("?");
  return { path: path.split("/").filter(Boolean), query: new URLSearchParams(query) };
}

export const place = signal(read());

addEventListener("hashchange", () => {
  place.value = read();
});

export function go(to: string): void {
  location.hash = to;
}

export function recordLink(id: string): string {
  return `#/record/${id}`;
}

export function newLink(kind: string, fields: Record<string, string> = {}): string {
  const query = new URLSearchParams(fields).toString();
  return `#/new/${kind}${query ? `?${query}` : ""}`;
}
