import { hostname } from "node:os";

/** How a worker is named in the journal: host and process. */
export const owner = (): string => `${hostname()}:${process.pid}`;
