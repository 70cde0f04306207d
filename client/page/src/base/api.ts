// The program behind the page: questions and answers in JSON, with the token that opening the page
// brought. Nothing here knows what is asked.

export class Failure extends Error {
  constructor(
    readonly status: number, // 0: the program did not answer
    readonly code: string,
    readonly reason: string | null,
    message: string,
  ) {
    super(message);
  }
}

const kToken = "twinning.token";

// The token comes once, in the address, or for a ticket in the address that opens the page once; either
// is taken out of sight at once, and the token is kept for reloading and for other tabs of this browser.
export async function takeToken(): Promise<string> {
  const [, what, given] = /^#(token|ticket)=([0-9a-f]{64})$/.exec(location.hash) ?? [];
  if (given) history.replaceState(null, "", location.pathname + "#/");
  if (given && what === "token") localStorage.setItem(kToken, given);
  if (given && what === "ticket") {
    // Used already, as when a window is opened again: then the token is here.
    const answer = await post<{ token: string }>("/token", { ticket: given }).catch(() => null);
    if (answer) localStorage.setItem(kToken, answer.token);
  }
  return localStorage.getItem(kToken) ?? "";
}

let token = "";
export function setToken(value: string): void {
  token = value;
}

export const kRoot = "/api/v1";
const kKeptAlive = 16_000; // browsers allow 64 KiB for all such requests together

export function headers(): Record<string, string> {
  return { "X-Twinning-Token": token };
}

async function answerOf<T>(asked: Promise<Response>): Promise<T> {
  let response: Response;
  try {
    response = await asked;
  } catch {
    throw new Failure(0, "away", null, "");
  }
  const body = await response.json().catch(() => null);
  if (response.ok) return body as T;
  const error = body?.error ?? {};
  throw new Failure(response.status, error.code ?? "internal", error.reason ?? null, error.message ?? "");
}

export function get<T>(path: string, query: Record<string, string | number | undefined> = {}): Promise<T> {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) search.set(name, String(value));
  }
  const text = search.size > 0 ? `?${search}` : "";
  return answerOf<T>(fetch(kRoot + path + text, { headers: headers() }));
}

export function post<T>(path: string, body: object = {}): Promise<T> {
  const text = JSON.stringify(body);
  return answerOf<T>(
    fetch(kRoot + path, {
      method: "POST",
      headers: { ...headers(), "Content-Type": "application/json" },
      body: text,
      keepalive: text.length < kKeptAlive, // goes out even when the tab is closed
    }),
  );
}
