import { existsSync, writeFileSync } from "node:fs";
import { Command } from "commander";
import { OnDeleteError } from "../../index.ts";
import { type CommonOptions, withCommonOptions } from "../common-options.ts";
import { configText } from "../init/config-text.ts";
import { proposals } from "../init/proposals.ts";
import { some } from "../render/words.ts";
import { runVerb } from "../run-verb.ts";

interface InitOptions extends CommonOptions {
  readonly out?: string;
}

export function initCommand(): Command {
  const command = new Command("init")
    .description("looks at the database and writes a commented configuration with proposals")
    .option("--out <file>", "where to write it; ondelete.config.ts unless given");
  return withCommonOptions(command, "ondelete init --url postgres://localhost/shop").action(
    async (options: InitOptions) => {
      const file = options.out ?? `ondelete.config.${process.features.typescript ? "ts" : "mjs"}`;
      if (!/\.(ts|js|mjs)$/.test(file)) {
        throw new OnDeleteError(
          "usage",
          `The configuration has comments, so ${file} must end in .ts, .js or .mjs.`,
        );
      }
      if (existsSync(file)) throw exists(file);
      process.exitCode = await runVerb(options, "reads", async ({ db, terminal }) => {
        const model = await db.inspect();
        const found = proposals(model, await db.inferRelations());
        write(file, configText(found));
        const sum = found.relations.length + found.softDeletes.length + found.auditTables.length;
        const document = { ondelete: "1", kind: "config", engine: db.engine, file, ...found };
        terminal.result(
          document,
          () =>
            `Wrote ${file} ${said(sum)}\n\`ondelete check\` tells what is wrong with deletes in this schema.`,
        );
        return 0;
      });
    },
  );
}

const said = (proposed: number): string =>
  proposed === 0
    ? "with the entries to choose from as comments; the database gave nothing to propose."
    : `with ${some(proposed, "proposal")}; each is a comment until you decide.`;

/** Never writes over a file, not even over one that came into being meanwhile. */
function write(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: "wx" });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "EEXIST") throw exists(file);
    throw new OnDeleteError("usage", `The file ${file} cannot be written: ${(cause as Error).message}`, {
      cause,
    });
  }
}

const exists = (file: string) =>
  new OnDeleteError("usage", `${file} exists already and is left as it is.`, {
    hint: "Remove it first, or write elsewhere with --out FILE.",
  });
