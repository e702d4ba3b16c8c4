import type { Family } from "../support/story.ts";

/** What the stories of predicted failures have in common: a parent p, of which row 1 is to go. */
export const EMPTY = { tables: {}, fks: [], rows: {}, names: "plain", root: "p", where: "id = 1" } as const;
export const BLOCKED = { verdict: "blocked", native: "refused", deletes: [["p", 1, 0]] } as const;
export const ALLOWED = { verdict: "allowed", native: "applies", deletes: [["p", 1, 0]] } as const;
export const NULLED = [["c(p) -> p(id)", "null", 1]] as const;
export const CHECKED = [["c(p) -> p(id)", "check", 1]] as const;
export const PARENT = "create table p (id integer primary key)";

export const on = (engines: readonly Family[], because: string) => ({ only: { engines, because } });
export const POSTGRES = on(["postgres"], "it is about something that only PostgreSQL has");
