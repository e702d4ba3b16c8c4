// npm run bench -- --case A100k --engine postgres [--pairs 5] [--sides planCounts,deleteWithout] [--dry]
// npm run bench -- --report
import { parseArgs } from "node:util";
import { writeReport } from "./report.ts";
import { addResult } from "./results.ts";
import { runCase } from "./run-case.ts";

const { values } = parseArgs({
  options: {
    case: { type: "string" },
    engine: { type: "string" },
    pairs: { type: "string" },
    sides: { type: "string" },
    /** Keeps no result. */
    dry: { type: "boolean", default: false },
    /** Writes docs/performance.md from the committed results. */
    report: { type: "boolean", default: false },
  },
});
if (values.report) console.log(`written: ${writeReport()}`);
else if (!values.case || !values.engine) {
  console.error("Give --case and --engine, or --report.");
  process.exitCode = 2;
} else {
  // A million rows are rebuilt for each side on MariaDB, which takes longer than the work.
  const enough = values.case === "A1M" && values.engine === "mariadb" ? 3 : 5;
  const result = await runCase({
    case: values.case,
    engine: values.engine,
    pairs: values.pairs ? Number(values.pairs) : enough,
    ...(values.sides ? { sides: values.sides.split(",") } : {}),
    say: (line) => console.error(line),
  });
  for (const [name, { values: v, ratio, maxRssMb }] of Object.entries(result.metrics))
    console.log(
      `${name}: ${v.median} (${v.min}–${v.max})${ratio ? `, × native ${ratio.median} (${ratio.min}–${ratio.max})` : ""}, ${maxRssMb} MB`,
    );
  if (!values.dry) console.log(`written: ${addResult(result)}`);
}
