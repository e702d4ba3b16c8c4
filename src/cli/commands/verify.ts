import { readFileSync } from "node:fs";
import { Command } from "commander";
import { certificateText, OnDeleteError, type Verification } from "../../index.ts";
import { type CommonOptions, withCommonOptions } from "../common-options.ts";
import { writeOut } from "../plan-file.ts";
import { renderVerification } from "../render/verification.ts";
import { runVerb } from "../run-verb.ts";

interface VerifyCommandOptions extends CommonOptions {
  readonly relation?: readonly string[];
  readonly native?: boolean;
  readonly scratch?: boolean;
  readonly out?: string;
  readonly against?: string;
}

const EXAMPLE = `ondelete verify
ondelete verify --relation "runs(project_id) -> projects(id)" --native
ondelete verify --out certificate.md
ondelete verify --out certificate.json --against last-release.json`;

export function verifyCommand(): Command {
  const command = new Command("verify")
    .description("proves by experiment that the database does what it declares; everything is taken back")
    .option("--relation <id...>", "only these relations, named as `inspect` shows them")
    .option("--native", "only the engine's own DELETE, and not ondelete's")
    .option("--scratch", "in an empty copy of the schema, so that the tables are not touched")
    .option("--out <file>", "write the certificate: Markdown where the name ends in .md, else JSON")
    .option("--against <file>", "compare with an earlier certificate in JSON");
  return withCommonOptions(command, EXAMPLE).action(async (options: VerifyCommandOptions) => {
    const against = options.against === undefined ? null : readCertificate(options.against);
    process.exitCode = await runVerb(options, "writes", async ({ db, terminal, signal }) => {
      const made = await terminal.follow(
        db.verify({
          native: options.native ?? false,
          scratch: options.scratch ?? false,
          ...(options.relation ? { relations: options.relation } : {}),
          ...(against ? { against } : {}),
          signal,
        }),
      );
      if (options.out !== undefined) {
        const text = options.out.endsWith(".md")
          ? certificateText(made)
          : `${JSON.stringify(made, null, 2)}\n`;
        writeOut(options.out, text);
        terminal.note(`The certificate is in ${options.out}.`);
      }
      terminal.result(made, () => renderVerification(made, terminal));
      return exitOf(made);
    });
  });
}

/** What cannot be proven leaves the proof incomplete; what was proven before and is not any more is a finding. */
function exitOf({ summary, against }: Verification): number {
  const lost = against?.changed.some((c) => c.before === "proven" && c.now !== "proven") ?? false;
  if (summary.contradicted > 0 || lost) return 1;
  return summary.unprovable > 0 ? 4 : 0;
}

function readCertificate(file: string): Verification {
  const invalid = (why: string, cause?: unknown) =>
    new OnDeleteError("usage", `The certificate ${file} cannot be used: ${why}.`, {
      hint: "Make one with `ondelete verify --out FILE`, where FILE does not end in .md.",
      cause,
    });
  let value: Partial<Verification> | null;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw invalid((cause as Error).message, cause);
  }
  if (value?.kind !== "verification" || value.ondelete !== "1" || !value.cells)
    throw invalid("it holds no certificate of ondelete");
  return value as Verification;
}
