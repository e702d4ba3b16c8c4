// A process that does one job on a SQLite file and kills itself at the n-th statement.
import { writeSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import type { Job, Point } from "./crash-engine.ts";
import { interruptedHandle } from "./interrupted-handle.ts";
import { runJob } from "./run-job.ts";

const [file = "", job = "", point = ""] = process.argv.slice(2);
const die = (statement: string) => {
  writeSync(1, `${statement.replaceAll("\n", " ")}\n`);
  process.kill(process.pid, "SIGKILL");
};
const { handle } = interruptedHandle(new DatabaseSync(file), JSON.parse(point) as Point, die);
await runJob(handle, JSON.parse(job) as Job);
