import type { Engine } from "../dialect/engine.ts";
import type { ArchivePart, ArchivePlace } from "../journal/archive.ts";
import type { Model } from "../model/model.ts";

/** One operation's archive beside the database that it is to be put back into. */
export interface RestoreTask {
  readonly engine: Engine;
  readonly model: Model;
  readonly place: ArchivePlace;
  readonly parts: readonly ArchivePart[];
}
