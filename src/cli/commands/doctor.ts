import { Command } from "commander";
import { type CommonOptions, withCommonOptions } from "../common-options.ts";
import { renderDiagnoses } from "../render/diagnoses.ts";
import { runVerb } from "../run-verb.ts";

export function doctorCommand(): Command {
  const command = new Command("doctor").description(
    "the connection, the engine, the journal, and what the role lacks",
  );
  return withCommonOptions(command, "ondelete doctor --url postgres://localhost/shop").action(
    async (options: CommonOptions) => {
      process.exitCode = await runVerb(options, "reads", async ({ db, terminal }) => {
        const diagnoses = await db.doctor();
        const document = { ondelete: "1", kind: "diagnoses", engine: db.engine, diagnoses };
        terminal.result(document, () => renderDiagnoses(diagnoses, terminal));
        return diagnoses.some((diagnosis) => diagnosis.state === "problem") ? 1 : 0;
      });
    },
  );
}
