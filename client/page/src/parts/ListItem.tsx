// A record in a list: its title, a line about it, the beginning of one of its texts, and what stands at the
// end of the line.
import type { ComponentChildren } from "preact";
import { titleOf } from "../base/format";
import { recordLink } from "../base/route";
import type { PlanRecord } from "../base/types";
import { Excerpt } from "./bits";

export function ListItem({ one, note, text, children }: {
  one: PlanRecord;
  note: ComponentChildren;
  text?: string; // the name of a field
  children?: ComponentChildren;
}) {
  return (
    <li class="spread">
      <div>
        <h3>
          <a href={recordLink(one.id)}>{titleOf(one)}</a>
        </h3>
        <p class="note">{note}</p>
        {text && <Excerpt one={one} field={text} />}
      </div>
      {children}
    </li>
  );
}
