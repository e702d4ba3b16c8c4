import type { Delivery } from "../../index.ts";
import type { Terminal } from "../terminal.ts";
import { count, plain, some } from "./words.ts";

/** What became of files and hooks, as a person reads it; nothing where there was nothing to do. */
export function deliveryLines(
  delivery: Delivery | undefined,
  { colors }: Pick<Terminal, "colors">,
): readonly string[] {
  if (!delivery) return [];
  const { delivered, missing, kept, pending, failures } = delivery;
  const parts = [
    ...(delivered > 0 ? [`${count(delivered)} done`] : []),
    ...(missing > 0 ? [`${some(missing, "file")} found nowhere`] : []),
    ...(kept > 0 ? [`${some(kept, "file")} left, because a row names ${kept === 1 ? "it" : "them"}`] : []),
    ...(pending > 0 ? [colors.yellow(`${count(pending)} still to do`)] : []),
  ];
  if (parts.length === 0) return [];
  return [
    `Files and hooks: ${parts.join(", ")}.`,
    ...failures.map((f) => `  ${f.kind} ${colors.dim(plain(f.subject))}  ${plain(f.message)}`),
    ...(pending > 0 ? ["  Tried again by the next delete, restore or `ondelete purge --yes`."] : []),
  ];
}
