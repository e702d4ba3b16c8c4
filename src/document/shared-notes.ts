import type { Note, NoteKind } from "../model/documentation.ts";

/** What is said of one object or of several in the same words. */
export interface SharedNote {
  readonly kind: NoteKind;
  readonly objects: readonly string[];
  readonly message: string;
}

/** Notes with those that say the same in one, in the order of the first of each. */
export function notesByMessage(notes: readonly Note[]): readonly SharedNote[] {
  const groups = Map.groupBy(notes, ({ kind, message }) => `${kind}\u0000${message}`);
  return [...groups.values()].map((list) => {
    const [{ kind, message }] = list as [Note];
    return { kind, message, objects: [...new Set(list.map((n) => n.object))] };
  });
}
