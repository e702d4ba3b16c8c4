import { OnDeleteError } from "../error.ts";

/** Whether an error says that the engine refused what a statement was given, and not that it could not run it. */
export const isRefusal = (error: unknown): error is OnDeleteError =>
  error instanceof OnDeleteError && (error.code === "engine-error" || error.code === "constraint-violated");
