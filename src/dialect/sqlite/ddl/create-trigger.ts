import type { Trigger } from "../../../model/table.ts";
import type { TokenCursor } from "../../token-cursor.ts";
import { cursorOn } from "./stored-definition.ts";

/**
 * Reads the head of a CREATE TRIGGER statement as sqlite_schema keeps it. SQLite's triggers are always FOR EACH ROW and
 * BEFORE unless they say otherwise.
 * @throws {OnDeleteError} `engine-error` where the text is no such statement
 * @see https://www.sqlite.org/lang_createtrigger.html
 */
export function parseCreateTrigger(source: string): Pick<Trigger, "timing" | "events"> {
  const cursor = cursorOn(source);
  cursor.expect("create");
  if (!cursor.takes("temp")) cursor.takes("temporary");
  cursor.expect("trigger");
  cursor.takes("if", "not", "exists");
  cursor.name();
  if (cursor.takesSign(".")) cursor.name();
  const timing = timingOf(cursor);
  const event = ["delete", "insert", "update"].find((word) => cursor.takes(word));
  if (!event) throw cursor.unexpected();
  return { timing, events: [event] };
}

function timingOf(cursor: TokenCursor): Trigger["timing"] {
  if (cursor.takes("after")) return "after";
  if (cursor.takes("instead", "of")) return "instead of";
  cursor.takes("before");
  return "before";
}
