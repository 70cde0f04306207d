// One text that several people write at once, as this page sees it. The program counts versions; what
// is typed here goes there in splices on the last version seen. While that is under way, and while
// others type, changes are moved over each other, as in CodeMirror's own collaborative editing:
//
//   shown = confirmed + sent (under way) + unsent
//
// A step of somebody else is put under what is not confirmed yet, and only the difference reaches the
// editor: never the whole text, never a new editor.
import { ChangeSet, type Text } from "@codemirror/state";
import { Failure, get, post } from "../base/api";
import { at } from "../base/store";
import { changeBetween, changesOf, type Splice, splicesOf } from "./points";

export type RoomState = "saved" | "saving" | "away" | "refused";

export interface Host {
  // Puts a change of somebody else into the editor; it does not belong to this page's undo.
  show(changes: ChangeSet): void;
  // Whether an input method is composing: then nothing may be shown yet.
  composing(): boolean;
  // Runs it when it keeps no key waiting: at once, or soon, within `most` ms; in the order of the calls.
  soon(run: () => void, most?: number): void;
  state(state: RoomState, failure?: Failure): void;
}

interface Answer {
  accepted?: boolean;
  version: number;
  life?: string;
  text?: string;
  steps?: { splices: Splice[]; client: string }[];
}

const kPage = crypto.randomUUID();
// The first keystroke goes at once; what follows goes together, and each so long after its key at the
// latest, well within the 300 ms that may be lost.
const kTogetherMs = 100;
const kSendMs = 240;
const kAgainMs = 1000;
// Who types on is not told at every word that it is saved.
const kQuietMs = 250;

export class Room {
  private sent: ChangeSet | null = null;
  private unsent: ChangeSet | null = null;
  private waiting: (() => void)[] = []; // steps held back
  private timer: ReturnType<typeof setTimeout> | undefined;
  private quiet: ReturnType<typeof setTimeout> | undefined;
  private lastSent = 0;
  private since = 0; // when the first of what is unsent was typed
  private sentSince = 0; // the same of what is under way
  private closed = false;
  private stopped = false;

  private constructor(
    private readonly path: string,
    private life: string,
    private version: number,
    private confirmed: Text,
    private readonly host: Host,
  ) {}

  static async open(path: string): Promise<{ life: string; version: number; text: string }> {
    return get(at(path));
  }

  static enter(path: string, opened: { life: string; version: number }, text: Text, host: Host): Room {
    return new Room(path, opened.life, opened.version, text, host);
  }

  // --- From the editor -------------------------------------------------------------------------------

  typed(changes: ChangeSet): void {
    if (!this.unsent) this.since = performance.now();
    this.unsent = this.unsent ? this.unsent.compose(changes) : changes;
    if (this.stopped) return;
    clearTimeout(this.quiet);
    this.host.state("saving");
    this.sendSoon();
  }

  // Shows what was held back, unless an input method is composing: the host calls again when it is not.
  free(): void {
    if (this.host.composing()) return;
    const steps = this.waiting;
    this.waiting = [];
    for (const step of steps) step();
  }

  // The page is about to go: what is left is sent now.
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    void this.send();
  }

  // Sends what is left; the room hears no more.
  close(): void {
    this.closed = true;
    this.flush();
  }

  // --- From the program ------------------------------------------------------------------------------

  // A step that an event told; null: events were missed.
  hear(step: { life: string; version: number; splices: Splice[]; client: string } | null): void {
    if (this.closed) return;
    this.waiting.push(() => {
      if (!step || step.life !== this.life || step.version > this.version + 1) return void this.catchUp();
      if (step.version === this.version + 1) this.take(step.splices, step.client);
    });
    this.host.soon(() => this.free());
  }

  // What was asked for.
  private whenNotComposing(step: () => void): void {
    this.waiting.push(step);
    this.free();
  }

  private take(splices: Splice[], client: string): void {
    if (client === kPage && this.sent) return this.accept();
    this.put(changesOf(splices, this.confirmed));
    ++this.version;
  }

  private accept(): void {
    this.confirmed = this.sent!.apply(this.confirmed);
    this.sent = null;
    ++this.version;
    if (this.unsent) return this.sendSoon();
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => this.closed || this.host.state("saved"), kQuietMs);
  }

  // Under what is not confirmed yet.
  private put(theirs: ChangeSet): void {
    this.confirmed = theirs.apply(this.confirmed);
    let shown = theirs;
    for (const part of ["sent", "unsent"] as const) {
      const ours = this[part];
      if (!ours) continue;
      this[part] = ours.map(shown);
      shown = shown.map(ours, true);
    }
    if (!this.closed && !shown.empty) this.host.show(shown);
  }

  private async catchUp(): Promise<void> {
    const answer = await get<Answer>(at(this.path), { life: this.life, version: this.version }).catch(() => null);
    if (!answer) return void setTimeout(() => void this.catchUp(), kAgainMs);
    this.whenNotComposing(() => this.follow(answer));
  }

  private follow(answer: Answer): void {
    if (answer.text !== undefined) {
      this.put(changeBetween(this.confirmed, answer.text));
      this.life = answer.life!;
      this.version = answer.version;
      return;
    }
    const first = answer.version - (answer.steps?.length ?? 0);
    answer.steps?.forEach((step, i) => {
      if (first + i === this.version) this.take(step.splices, step.client);
    });
  }

  // --- Sending ---------------------------------------------------------------------------------------

  private sendSoon(): void {
    if (this.sent || this.timer !== undefined) return;
    const wait = Math.max(0, this.lastSent + kTogetherMs - performance.now());
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.host.soon(() => void this.send(), Math.max(0, this.since + kSendMs - performance.now()));
    }, wait);
  }

  private async send(): Promise<void> {
    this.free(); // on top of all that is known
    if (this.sent || !this.unsent || this.stopped) return;
    this.sent = this.unsent;
    this.unsent = null;
    this.sentSince = this.since;
    this.lastSent = performance.now();
    const body = {
      life: this.life,
      version: this.version,
      client: kPage,
      splices: splicesOf(this.sent, this.confirmed),
    };
    try {
      const answer = await post<Answer>(at(this.path), body);
      if (answer.accepted) this.accepted(body.version);
      else this.whenNotComposing(() => this.overtaken(answer));
    } catch (failure) {
      this.failed(failure as Failure);
    }
  }

  private accepted(on: number): void {
    // The event may have said so already.
    if (this.version === on && this.sent) this.accept();
  }

  // Somebody else's change came first: again, on top of it.
  private overtaken(answer: Answer): void {
    const on = this.version;
    this.takeBack();
    this.follow(answer);
    if (this.version === on) this.sendSoon();
    else void this.send();
  }

  private takeBack(): void {
    if (!this.sent) return;
    this.unsent = this.unsent ? this.sent.compose(this.unsent) : this.sent;
    this.since = this.sentSince;
    this.sent = null;
  }

  private failed(failure: Failure): void {
    if (failure.status !== 0 && failure.status < 500) {
      this.takeBack();
      this.stopped = true;
      clearTimeout(this.quiet);
      return this.host.state("refused", failure);
    }
    // Whether it was saved is not known: the steps since then will say.
    clearTimeout(this.quiet);
    this.host.state("away", failure);
    setTimeout(() => void this.recover(failure), kAgainMs);
  }

  private async recover(failure: Failure): Promise<void> {
    const answer = await get<Answer>(at(this.path), { life: this.life, version: this.version }).catch(() => null);
    if (!answer) return this.failed(failure);
    this.whenNotComposing(() => {
      this.follow(answer);
      this.takeBack();
      if (this.unsent) this.sendSoon();
      else this.host.state("saved");
    });
  }
}
