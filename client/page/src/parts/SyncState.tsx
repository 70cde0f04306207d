// Whether what is written here is safe, and whether it has reached the others: always in sight, said
// when it changes, never in the way.
import { formatNumber } from "../base/format";
import { post } from "../base/api";
import { alive, at, sync } from "../base/store";
import type { Sync } from "../base/types";
import { t } from "../base/words";

function connectNow(): void {
  void post(at("/connect")).catch(() => {});
}

// The network is back: no need to wait for the next try.
addEventListener("online", connectNow);

export function syncWords(state: Sync): string {
  if (state.needs_update) return t("sync.update");
  if (!state.connected) return state.outbox > 0 ? t("sync.offline_waiting", { count: state.outbox }) : t("sync.offline");
  if (!state.history_complete) return t("sync.history");
  if (state.sequence < state.server_sequence) {
    return t("sync.fetching", { done: formatNumber(state.sequence), all: formatNumber(state.server_sequence) });
  }
  return state.outbox > 0 ? t("sync.sending", { count: state.outbox }) : t("sync.synced");
}

function look(state: Sync): string {
  if (state.needs_update) return "bad";
  if (!state.connected) return "away";
  return state.synced ? "good" : "busy";
}

export function SyncState() {
  const state = sync.value;
  if (!state) return null;
  return (
    <p class={`sync ${alive.value ? look(state) : "bad"}`} role="status" aria-live="polite">
      <span class="dot" aria-hidden="true" />
      <span class="sync-words">{alive.value ? syncWords(state) : t("sync.closed")}</span>
    </p>
  );
}

// Offline is calm: one line that says what it means.
export function Banner() {
  const state = sync.value;
  if (!alive.value) return <div class="banner bad">{t("banner.closed")}</div>;
  if (!state) return null;
  if (state.needs_update) return <div class="banner bad">{t("banner.update")}</div>;
  if (!state.history_complete) return <div class="banner">{t("banner.history")}</div>;
  if (!state.connected) {
    return (
      <div class="banner">
        {t("banner.offline")}{" "}
        <button type="button" class="link" onClick={connectNow}>
          {t("connect_now")}
        </button>
      </div>
    );
  }
  return null;
}
