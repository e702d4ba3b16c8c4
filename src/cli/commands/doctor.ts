import { Command } from "commander";
import { type CommonOptions, withCommonOptions } from "../common-options.ts";
import { renderDiagnoses, renderGrants } from "../render/diagnoses.ts";
import { runVerb } from "../run-verb.ts";

export function doctorCommand(): Command {
  const command = new Command("doctor").description(
    "the connection, the engine, the journal, and what the role lacks",
  );
  command.option("--grants", "print the GRANTs that the role needs for reading, operating and migrating");
  return withCommonOptions(command, "ondelete doctor --url postgres://localhost/shop").action(
    async (options: CommonOptions & { readonly grants?: boolean }) => {
      process.exitCode = await runVerb(options, "reads", async ({ db, terminal }) => {
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
      });
    },
  );
}
