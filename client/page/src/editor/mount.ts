// CodeMirror in an element, its room behind it. Loaded when the first text is opened: most pages have none.
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { Annotation, type ChangeSet, EditorState, Transaction } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import type { Failure } from "../base/api";
import { soon, typed } from "../base/keys";
import { onTextStep } from "../base/store";
import { Room, type RoomState } from "./room";

const fromOthers = Annotation.define<boolean>();
// A text that surely overflows its box gives it a size of its own (see editor.css).
const kLong = 10_000;
const nonce = document.querySelector('meta[name="style-nonce"]')?.getAttribute("content") ?? "";

export interface Props {
  record: string;
  field: string;
  language: string;
  label: string; // id of the element that names it
  readOnly?: boolean;
  onState?: (state: RoomState, failure?: Failure) => void;
}

function extensionsFor(props: Props, room: () => Room | undefined) {
  return [
    history(),
    keymap.of([...defaultKeymap, ...historyKeymap]),
    EditorView.lineWrapping,
    EditorView.editorAttributes.of((view): Record<string, string> => (view.state.doc.length > kLong ? { class: "long" } : {})),
    EditorView.cspNonce.of(nonce),
    EditorState.readOnly.of(props.readOnly ?? false),
    EditorView.editable.of(!(props.readOnly ?? false)),
    EditorView.contentAttributes.of({
      "aria-labelledby": props.label,
      "aria-multiline": "true",
      lang: props.language,
      spellcheck: "true",
      ...(props.readOnly ? { tabindex: "0", "aria-readonly": "true" } : {}),
    }),
    EditorView.updateListener.of((update) => {
      if (!update.docChanged) return;
      for (const transaction of update.transactions) {
        if (!transaction.docChanged || transaction.annotation(fromOthers)) continue;
        typed();
        room()?.typed(transaction.changes);
      }
    }),
    EditorView.domEventHandlers({
      compositionend: () => {
        // After CodeMirror has read what was composed.
        setTimeout(() => room()?.free(), 0);
        return false;
      },
    }),
  ];
}

// Answers what takes it away again.
export async function mount(element: HTMLElement, props: Props, path: string): Promise<() => void> {
  const opened = await Room.open(path);
  let room: Room | undefined;
  const view = new EditorView({
    parent: element,
    state: EditorState.create({ doc: opened.text, extensions: extensionsFor(props, () => room) }),
  });
  room = Room.enter(path, opened, view.state.doc, {
    show: (changes: ChangeSet) =>
      view.dispatch({
        changes,
        // Another's change is no step of this page's undo.
        annotations: [fromOthers.of(true), Transaction.addToHistory.of(false), Transaction.remote.of(true)],
        filter: false,
      }),
    composing: () => view.composing,
    soon,
    state: (state, failure) => props.onState?.(state, failure),
  });
  const stop = onTextStep((step) => {
    const here =
      step === null ||
      (step.record === props.record && step.field === props.field && step.language === props.language);
    if (here) room!.hear(step);
  });
  const flush = () => room!.flush();
  addEventListener("pagehide", flush);
  return () => {
    stop();
    removeEventListener("pagehide", flush);
    room!.close();
    view.destroy();
  };
}
