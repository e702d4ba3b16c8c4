// The scheduler: PLATFORM_DATABASE=postgres://… node systems/container-platform/entry/scheduler.ts [--once]
import { once } from "node:events";
import { parseArgs } from "node:util";
import { connect } from "../database.ts";
import { logSlow, logTo } from "../log.ts";
import { closed, openedPool } from "../pool.ts";
import { jobsOf, runOnce, schedule } from "../scheduler.ts";
import { settingsOf } from "../settings.ts";

const { values } = parseArgs({ options: { once: { type: "boolean", default: false } } });
const settings = settingsOf();
const log = logTo();
const handle = openedPool(settings.database, settings.pool);
try {
  const platform = await connect(handle, (event) => logSlow(log, event, settings.slowMs));
  const jobs = jobsOf(platform, handle, settings);
  if (values.once) {
    for (const job of jobs) if (!(await runOnce(job, log))) process.exitCode = 1;
  } else {
    const { stop } = schedule(jobs, log);
    const [signal] = await Promise.race([once(process, "SIGTERM"), once(process, "SIGINT")]);
    log.info({ signal }, "the scheduler stops");
    await stop();
  }
} catch (err) {
  log.fatal({ err }, "the scheduler failed");
  process.exitCode = 1;
} finally {
  await closed(handle);
}
