import type { LogEvent } from "kysely";
import pino, { type DestinationStream, type Logger } from "pino";

/** Errors without what drivers put beside their messages: statements and rows with their values. */
const withoutValues = (error: unknown): object => {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack, code } = error as Error & { readonly code?: unknown };
  return { name, code, message, stack };
};

/** A log of one JSON object a line, on the standard output unless told otherwise. */
export const logTo = (destination?: DestinationStream): Logger =>
  pino(
    { timestamp: pino.stdTimeFunctions.isoTime, serializers: { err: withoutValues } },
    destination ?? pino.destination({ fd: 1, sync: true }),
  );

/** Whether a query took longer than an installation likes, in milliseconds. */
export const isSlow = ({ queryDurationMillis }: LogEvent, slowMs: number): boolean =>
  queryDurationMillis > slowMs;

/** The slow-query log: statements with placeholders and how long they took, never the values. */
export function logSlow(log: Logger, event: LogEvent, slowMs: number): void {
  if (isSlow(event, slowMs))
    log.warn({ sql: event.query.sql, ms: Math.round(event.queryDurationMillis) }, "slow query");
}
