import { Command } from "commander";
import { visibleModel } from "../../index.ts";
import { type CommonOptions, withCommonOptions } from "../common-options.ts";
import { renderModel } from "../render/model.ts";
import { runVerb } from "../run-verb.ts";

const EXAMPLE = `ondelete inspect --url postgres://localhost/shop
ondelete inspect --json > model.json`;

export function inspectCommand(): Command {
  const command = new Command("inspect").description(
    "the tables, their keys and relations, and what happens on delete",
  );
  return withCommonOptions(command, EXAMPLE).action(async (options: CommonOptions) => {
    process.exitCode = await runVerb(options, "reads", async ({ db, config, terminal }) => {
      const all = await db.inspect();
      const model = visibleModel(all, config);
      terminal.result(model, () => renderModel(model, terminal, all.tables.length - model.tables.length));
      return 0;
    });
  });
}
