import { Command } from "commander";
import { type CommonOptions, withCommonOptions } from "../common-options.ts";
import { renderDiagnoses, renderGrants } from "../render/diagnoses.ts";
import { runVerb } from "../run-verb.ts";

const EXAMPLE = `ondelete doctor --url postgres://localhost/shop
ondelete doctor --yes`;

export function doctorCommand(): Command {
  const command = new Command("doctor").description(
    "the connection, the engine, the journal, and what the role lacks",
  );
  command.option("--grants", "print the GRANTs that the role needs for reading, operating and migrating");
  command.option("--yes", "make ondelete's own tables where they are missing");
  return withCommonOptions(command, EXAMPLE).action(
    async (options: CommonOptions & { readonly grants?: boolean; readonly yes?: boolean }) => {
      process.exitCode = await runVerb(
        options,
        options.yes ? "writes" : "reads",
        async ({ db, terminal }) => {
          if (options.yes) await db.makeJournal();
          if (options.grants) {
            const grants = await db.grants();
            terminal.result({ ondelete: "1", kind: "grants", engine: db.engine, ...grants }, () =>
              renderGrants(grants),
            );
            return 0;
          }
          const diagnoses = await db.doctor();
          const document = { ondelete: "1", kind: "diagnoses", engine: db.engine, diagnoses };
          terminal.result(document, () => renderDiagnoses(diagnoses, terminal));
          return diagnoses.some((diagnosis) => diagnosis.state === "problem") ? 1 : 0;
        },
      );
    },
  );
}
