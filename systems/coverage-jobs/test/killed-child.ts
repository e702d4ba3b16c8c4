// A process that deletes or restores a repository, and kills itself at a point:
// node killed-child.ts HOME POINT, the point as JSON.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { DatabaseSync } from "node:sqlite";
import { open } from "ondelete";
import { databaseFile } from "../database.ts";
import { configOf } from "../ondelete.config.ts";
import type { Point } from "./points.ts";

const [home = "", given = ""] = process.argv.slice(2);
const point = JSON.parse(given) as Point;
const die = () => process.kill(process.pid, "SIGKILL");

/** Files are moved by these, and only after the commit. The n-th call is the last thing that happens, or does not any more. */
let calls = 0;
for (const name of ["renameSync", "linkSync", "unlinkSync"] as const) {
  const move = fs[name] as (from: string, to: string) => void;
  fs[name] = ((from: string, to: string) => {
    const here = ++calls === point.call;
    if (here && point.way === "before") die();
    move(from, to);
    if (here && point.way === "after") die();
  }) as never;
}
syncBuiltinESMExports();

const database = new DatabaseSync(databaseFile(home), { timeout: 5000 });
if (point.at === "rollback") database.exec("begin immediate");
const ondelete = await open(database, configOf(home));
if (point.at === "restore") await ondelete.restore(point.operation);
else await ondelete.delete({ table: "repositories", select: { kind: "key", values: [point.repository] } });
if (point.at === "rollback") {
  if (point.way === "before") die();
  database.exec("rollback");
  die();
}
