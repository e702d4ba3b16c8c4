// One side of a pair, in a process of its own so that its memory is its own. Prints one line of JSON.
import { engineOf } from "./engines/engines.ts";
import type { SideRequest, SideResult } from "./measure.ts";
import { sides } from "./sides/sides.ts";
import { workloads } from "./workloads/workloads.ts";

const request = JSON.parse(process.argv[2] ?? "{}") as SideRequest;
const engine = engineOf(request.engine);
const workload = workloads[request.case]?.();
const side = sides[request.side];
if (!workload || !side) throw new Error(`no such case or side: ${request.case}, ${request.side}`);
const connection = await engine.connect(request.url);
await engine.warm(connection);
const started = process.memoryUsage.rss();
let peak = started;
// node:sqlite holds the process while a statement runs; the system's own maximum sees it all.
const sampling = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage.rss());
}, 5);
const metrics = await side({ engine, workload, connection, url: request.url });
clearInterval(sampling);
const result: SideResult = {
  metrics,
  memory: {
    startMb: started / 1e6,
    peakMb: Math.max(peak, process.memoryUsage.rss()) / 1e6,
    maxRssMb: process.resourceUsage().maxRSS / 1e3,
  },
  version: await engine.version(connection),
};
await connection.close();
process.stdout.write(`${JSON.stringify(result)}\n`);
