import { Command } from "commander";
import type { Orphans } from "../../index.ts";
import { type CommonOptions, withCommonOptions } from "../common-options.ts";
import { maskOrphans, secretMask } from "../mask.ts";
import { renderOrphans } from "../render/orphans.ts";
import { runVerb } from "../run-verb.ts";

interface OrphansCommandOptions extends CommonOptions {
  readonly relation?: readonly string[];
  /** False after `--no-inferred`. */
  readonly inferred: boolean;
}

const EXAMPLE = `ondelete orphans
ondelete orphans --relation "runs(project_id) -> projects(id)" --json
ondelete orphans --no-inferred`;

export function orphansCommand(): Command {
  const command = new Command("orphans")
    .description("rows whose references find no row, counted by relation")
    .option("--relation <id...>", "only these relations, named as `inspect` and this command show them")
    .option("--no-inferred", "leave out relations that only names and rows speak for");
  return withCommonOptions(command, EXAMPLE).action(async (options: OrphansCommandOptions) => {
    process.exitCode = await runVerb(options, "reads", async ({ db, config, terminal, signal }) => {
      const { relation, inferred } = options;
      const found = await db.orphans({ inferred, signal, ...(relation ? { relations: relation } : {}) });
      const shown = maskOrphans(found, secretMask(config.tables));
      terminal.result(shown, () => renderOrphans(shown, terminal));
      return hasOrphans(found) ? 1 : 0;
    });
  });
}

/** Rows of a relation that is only guessed at may be none: it ends a script when the configuration says that it is one. */
const hasOrphans = ({ relations, unknownTypes }: Orphans): boolean =>
  unknownTypes.length > 0 || relations.some((r) => r.origin !== "inferred" && r.rows > 0);
