import type { Documentation, NoteKind } from "../../model/documentation.ts";
import { notesByMessage, type SharedNote } from "../shared-notes.ts";
import { code, words } from "./names.ts";

export const NOTE_TITLES: Readonly<Record<NoteKind, string>> = {
  application: "Done by the application",
  unenforced: "Not enforced",
  "not validated": "Not validated",
  polymorphic: "Polymorphic",
  external: "Outside of this database",
  "order-dependent": "Depends on the order of constraints",
  trigger: "Triggers",
  protected: "Protected rows",
  "no index": "Without an index",
  "not shown": "Not shown",
};

/** What has to be known beside the matrix, by kind; missing indexes have a section of their own. */
export function notes({ notes: all }: Documentation): readonly string[] {
  const groups = Map.groupBy(
    all.filter((n) => n.kind !== "no index"),
    (n) => n.kind,
  );
  return [...groups].flatMap(([kind, list]) => [
    `### ${NOTE_TITLES[kind]}`,
    "",
    ...notesByMessage(list).map(line),
    "",
  ]);
}

const line = ({ objects, message }: SharedNote): string =>
  `- ${objects.map(code).join(", ")}: ${words(message)}`;
