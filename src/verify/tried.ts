import { OnDeleteError } from "../error.ts";
import { Unprovable } from "./unprovable.ts";

/** What work came to, or why it could not be done here. @throws `interrupted`, `unreachable` */
export async function tried<T>(work: () => Promise<T>): Promise<T | string> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Unprovable) return error.message;
    if (error instanceof OnDeleteError && error.code !== "interrupted" && error.code !== "unreachable")
      return error.message;
    throw error;
  }
}
