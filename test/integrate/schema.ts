import { INT, PK, type Schema } from "../support/story.ts";

/** Projects with runs, both with a marker, and logs without one. */
export const SCHEMA: Schema = {
  tables: {
    project: { id: PK, name: "varchar(20)", gone: "timestamp null" },
    run: { id: PK, project_id: INT, is_gone: "boolean" },
    log: { id: PK, run_id: INT },
  },
  fks: ["run(project_id) -> project(id) on delete cascade", "log(run_id) -> run(id) on delete cascade"],
  rows: {
    project: [
      [1, "a", null],
      [2, "b", null],
      [3, "c", null],
    ],
    run: [
      [1, 1, null],
      [2, 1, "0"],
      [3, 2, "0"],
    ],
    log: [
      [1, 1],
      [2, 3],
    ],
  },
};
