// The frame of every page: skip link, navigation, search, sync state, messages and shortcuts.
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { go, place } from "../base/route";
import { choose, conflicts, lastDeed, lastFailure, needs, seat, seats, write } from "../base/store";
import { type Key, t } from "../base/words";
import { urgent } from "../pages/overview/Needs";
import icon from "../style/icon.svg?inline";
import { Help } from "./Help";
import { Search } from "./Search";
import { Banner, SyncState } from "./SyncState";
import { reasonWords } from "./TextField";
import { TownMark } from "./bits";
import { Icon, kPageIcons } from "./icons";

const kGroups: { title: Key; pages: string[] }[] = [
  { title: "nav.plan", pages: ["overview", "plan", "timetable", "conflicts", "charter", "history"] },
  { title: "nav.work", pages: ["responsibilities", "resources", "money", "meetings", "reviews", "consultation", "comments"] },
  { title: "nav.town", pages: ["settings", "accessibility"] },
];

export const kPages = kGroups.flatMap((group) => group.pages);

function count(page: string): number {
  if (page === "conflicts") return conflicts.value?.length ?? 0;
  if (page === "overview") return urgent(needs.value ?? []);
  return 0;
}

function Navigation({ current, open, close }: { current: string; open: boolean; close: () => void }) {
  return (
    <nav id="navigation" class={open ? "pages open" : "pages"} aria-label={t("navigation")}>
      {kGroups.map((group) => (
        <div>
          <h2>{t(group.title)}</h2>
          <ul>
            {group.pages.map((page) => (
              <li>
                <a href={page === "overview" ? "#/" : `#/${page}`} aria-current={page === current ? "page" : undefined} onClick={close}>
                  <Icon of={kPageIcons[page]} />
                  {t(`page.${page}` as Key)}
                  {count(page) > 0 && (
                    <span class="badge">
                      {count(page)}
                      <span class="hidden"> {t("need_attention")}</span>
                    </span>
                  )}
                </a>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}

const kToastMs = 12_000;
// What is decided about members is decided anew, not taken back.
const kForGood = new Set(["did.undo", "did.role", "did.revoke", "did.confirm_member", "did.withdraw_invite"]);

// What was just done, with a way back; and what could not be done. Read out when it appears.
function Messages() {
  const deed = lastDeed.value;
  const failure = lastFailure.value;
  useEffect(() => {
    const timer = setTimeout(() => (lastDeed.value = null), kToastMs);
    return () => clearTimeout(timer);
  }, [deed]);
  return (
    <div class="messages">
      <div role="status" aria-live="polite">
        {deed && (
          <div class="toast">
            <Icon name="done" />
            <span>{t(deed.what as Key)}</span>
            {!kForGood.has(deed.what) && (
              <button
                type="button"
                onClick={() => {
                  lastDeed.value = null;
                  void write("/undo", { change: deed.saved.change }, "did.undo");
                }}
              >
                {t("undo")}
              </button>
            )}
            <button type="button" class="plain" aria-label={t("close")} onClick={() => (lastDeed.value = null)}>
              <Icon name="close" />
            </button>
          </div>
        )}
      </div>
      <div role="alert">
        {failure && (
          <div class="toast bad">
            <span>{t("not_done", { why: reasonWords(failure) })}</span>
            <button type="button" class="plain" aria-label={t("close")} onClick={() => (lastFailure.value = null)}>
              <Icon name="close" />
            </button>
          </div>
        )}
      </div>
    </div>
  );
}

// What is open belongs to the partnership that is left.
function change(id: string): void {
  go("/");
  void choose(id);
}

function Seats() {
  if (seats.value.length < 2) return <strong class="partnership">{seat.value?.partnership}</strong>;
  return (
    <select class="partnership" aria-label={t("partnership")} value={seat.value?.id} onChange={(event) => change(event.currentTarget.value)}>
      {seats.value.map((one) => (
        <option value={one.id}>{one.name}</option>
      ))}
    </select>
  );
}

// A page that is gone to takes the focus to its heading, but not the first one.
function useFocusOnPage(key: string): void {
  const first = useRef(true);
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return;
    }
    scrollTo(0, 0);
    document.getElementById("page-heading")?.focus({ preventScroll: true });
  }, [key]);
}

export function Layout({ current, children }: { current: string; children: ComponentChildren }) {
  const [open, setOpen] = useState(false);
  useFocusOnPage(place.value.path.join("/"));
  const skip = (event: Event) => {
    event.preventDefault();
    document.getElementById("page-heading")?.focus();
  };
  return (
    <>
      <a class="skip" href="#page-heading" onClick={skip}>{t("skip_to_content")}</a>
      <header class="top">
        <div class="home">
          <button type="button" class="menu" aria-expanded={open} aria-controls="navigation" onClick={() => setOpen(!open)}>
            {t("menu")}
          </button>
          <a class="brand" href="#/" aria-label={t("page.overview")}>
            <img src={icon} alt="" width="28" height="28" />
          </a>
          <div class="where">
            <Seats />
            <TownMark id={seat.value?.town} />
          </div>
        </div>
        <Search />
        <div class="top-end">
          <SyncState />
          <Help />
        </div>
      </header>
      <div class="body">
        <Navigation current={current} open={open} close={() => setOpen(false)} />
        <main>
          <Banner />
          {children}
        </main>
      </div>
      <Messages />
    </>
  );
}
