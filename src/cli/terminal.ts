import pc from "picocolors";
import type { Progress, Running } from "../index.ts";
import type { CommonOptions } from "./common-options.ts";
import { showProgress } from "./progress.ts";

export type Colors = ReturnType<typeof pc.createColors>;

/** How results reach the user: people read text, programs one JSON document. */
export interface Terminal {
  readonly json: boolean;
  /** Columns of the screen; null where there is none to fit into, or where it says 0 as that of `script` does. */
  readonly width: number | null;
  /** Colours for stdout. */
  readonly colors: Colors;
  /** Prints the result: the document with `--json`, else its text. */
  result(document: object, text: () => string): void;
  /** Prints something that is not the result, on stderr, unless `--quiet`. */
  note(text: string): void;
  /** Waits for the work and says on stderr how far it has come, unless `--quiet`. */
  follow<T>(work: Running<T, Progress>): Promise<T>;
}

export function openTerminal(options: Pick<CommonOptions, "json" | "quiet" | "color">): Terminal {
  const json = options.json ?? false;
  return {
    json,
    width: process.stdout.isTTY ? process.stdout.columns || null : null,
    colors: colorsFor(process.stdout, options.color),
    result(document, text) {
      process.stdout.write(json ? `${JSON.stringify(document, null, 2)}\n` : `${text().trimEnd()}\n`);
    },
    note(text) {
      if (!options.quiet) process.stderr.write(`${text}\n`);
    },
    async follow(work) {
      // Its failure is thrown below; until then nobody has asked for it.
      work.catch(() => {});
      if (!options.quiet) await showProgress(work, process.stderr);
      return work;
    },
  };
}

/** Colours where the stream is a screen and neither NO_COLOR nor `--no-color` forbids them; see no-color.org. */
export function colorsFor(stream: { readonly isTTY?: boolean }, wanted: boolean): Colors {
  return pc.createColors(wanted && stream.isTTY === true && !process.env.NO_COLOR);
}
