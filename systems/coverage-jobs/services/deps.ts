import type { OnDeleteTypeorm } from "ondelete/typeorm";
import type { Connections } from "../database.ts";

/** What services work with. */
export interface Deps {
  readonly connections: Connections;
  readonly ondelete: OnDeleteTypeorm;
  /** Who does what they do: it is written into the rows, and into the journal of deletes. */
  readonly actor: string;
}
