import { redact } from "../index.ts";
import type { CommonOptions } from "./common-options.ts";

/** The options of this call that a command to carry out its plan must repeat; passwords are left out. */
export function repeatWords(
  options: CommonOptions & {
    readonly soft?: boolean;
    readonly strict?: boolean;
    readonly archive?: boolean;
    readonly erase?: boolean;
  },
  url: string,
): readonly string[] {
  return [
    ...(options.soft ? ["--soft"] : []),
    ...(options.strict ? ["--strict"] : []),
    ...(options.erase ? ["--erase"] : []),
    ...(options.archive === false ? ["--no-archive"] : []),
    ...(options.url === undefined ? [] : ["--url", redact(url)]),
    ...(options.config === undefined ? [] : ["--config", options.config]),
    ...(options.schema ?? []).flatMap((name) => ["--schema", name]),
  ];
}
