// A long text in one language, open to everybody at once.
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../base/words";
import type { Props } from "./mount";

export function TextEditor(props: Props) {
  const element = useRef<HTMLDivElement>(null);
  const [failed, setFailed] = useState(false);
  const path = `/texts/${props.record}/${props.field}/${props.language}`;
  useEffect(() => {
    let over = false;
    let unmount = () => {};
    setFailed(false);
    import("./mount")
      .then(({ mount }) => mount(element.current!, props, path))
      .then(
        (end) => (over ? end() : (unmount = end)),
        () => setFailed(true),
      );
    return () => {
      over = true;
      unmount();
    };
  }, [path, props.readOnly]);
  return (
    <>
      <div class="editor" ref={element} />
      {failed && <p class="hint">{t("text_not_opened")}</p>}
    </>
  );
}
