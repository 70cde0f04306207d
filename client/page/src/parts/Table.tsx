// A table with a head, which scrolls by itself where it is wider than the window.
import type { ComponentChildren } from "preact";
import { Scroll } from "./bits";

export interface Column {
  head: ComponentChildren;
  look?: "number" | "wide";
}

export function Table({ label, columns, children }: { label: string; columns: (Column | string)[]; children: ComponentChildren }) {
  return (
    <Scroll label={label}>
      <table>
        <thead>
          <tr>
            {columns.map((one) =>
              typeof one === "string" ? <th scope="col">{one}</th> : <th scope="col" class={one.look}>{one.head}</th>,
            )}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </Scroll>
  );
}
