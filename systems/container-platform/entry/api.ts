// The API: PLATFORM_DATABASE=postgres://… node systems/container-platform/entry/api.ts
import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import { api } from "../api.ts";
import { connect } from "../database.ts";
import { logSlow, logTo } from "../log.ts";
import { metricsOf } from "../metrics.ts";
import { closed, openedPool, poolState } from "../pool.ts";
import { settingsOf } from "../settings.ts";

const { database, pool, port, slowMs } = settingsOf();
const log = logTo();
const handle = openedPool(database, pool);
const metrics = metricsOf(() => poolState(handle));
try {
  const platform = await connect(handle, (event) => {
    metrics.query(event, slowMs);
    logSlow(log, event, slowMs);
  });
  const app = api({ platform, handle, log, metrics });
  let stopping = false;
  const fetch = async (request: Request): Promise<Response> => {
    const response = await app.fetch(request);
    // A connection that is kept would keep the process.
    if (stopping) response.headers.set("connection", "close");
    return response;
  };
  const server = serve({ fetch, port }) as Server;
  await once(server, "listening");
  log.info({ port: (server.address() as AddressInfo).port }, "the API listens");
  const [signal] = await Promise.race([once(process, "SIGTERM"), once(process, "SIGINT")]);
  log.info({ signal }, "the API stops: it answers what it was asked, and takes no more");
  stopping = true;
  server.close();
  await once(server, "close");
} catch (err) {
  log.fatal({ err }, "the API failed");
  process.exitCode = 1;
} finally {
  await closed(handle);
}
