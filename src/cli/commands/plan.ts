import { Command } from "commander";
import { type Key, OnDeleteError, type Plan, type Target } from "../../index.ts";
import { type CommonOptions, wholeNumber, withCommonOptions } from "../common-options.ts";
import { inSchema } from "../in-schema.ts";
import { maskPath, maskPlan, secretMask } from "../mask.ts";
import { writeOut, writePlan } from "../plan-file.ts";
import { renderPaths } from "../render/paths.ts";
import { renderPlan } from "../render/plan.ts";
import { repeatWords } from "../repeat-words.ts";
import { type Run, runVerb } from "../run-verb.ts";
import { keyPairs, parseTarget } from "../target.ts";

interface PlanCommandOptions extends CommonOptions {
  readonly where?: string;
  readonly soft?: boolean;
  readonly strict?: boolean;
  readonly archive: boolean;
  readonly maxRows?: number;
  readonly out?: string;
  readonly sql?: boolean;
  readonly why?: readonly string[];
}

const EXAMPLE = `ondelete plan projects 42
ondelete plan members tenant=7 id=42 --out plan.json
ondelete plan runs --where "started < '2025-01-01'" --json
ondelete plan projects 42 --soft
ondelete plan projects 42 --why comments 1001`;

export function planCommand(): Command {
  const command = new Command("plan")
    .description("what a delete would do: what goes, what changes, what stands in the way")
    .argument("<table>", "the table to delete from")
    .argument("[key...]", "its key: a value, several for a composite key, or column=value …")
    .option("--where <sql>", "a SQL condition instead of a key")
    .option("--soft", "what marking the rows as deleted would do, where their table has a marker")
    .option("--strict", "rows that are deleted along also block by RESTRICT")
    .option("--max-rows <n>", "stop after so many rows; the plan is then incomplete", wholeNumber(1))
    .option("--out <file>", "write the plan to a file for `delete --plan`; with --sql the script")
    .option("--no-archive", "the steps of a delete that keeps nothing to restore from")
    .option("--sql", "print the statements as a script to review")
    .option("--why <table key...>", "the ways by which one row is reached");
  return withCommonOptions(command, EXAMPLE).action(
    async (table: string, words: readonly string[], options: PlanCommandOptions) => {
      if (options.sql && options.why)
        throw new OnDeleteError("usage", "--sql and --why cannot be given together.");
      const named = parseTarget(table, words, options.where);
      process.exitCode = await runVerb(options, "reads", async (run) => {
        const target = await inSchema(run.db, named, run.config.schemas);
        if (options.sql) return script(run, target, options);
        if (options.why) return why(run, target, options.why);
        return plan(run, target, options);
      });
    },
  );
}

async function plan({ db, config, terminal, url, signal }: Run, target: Target, options: PlanCommandOptions) {
  const { out } = options;
  const made = await db.plan(target, { ...planOptions(options), signal });
  const shown = maskPlan(made, secretMask(config.tables));
  if (out !== undefined) {
    writePlan(out, shown);
    const next = planExit(made) === 0 ? `; \`ondelete delete --plan ${out}\` carries it out` : "";
    terminal.note(`The plan is in ${out}${next}.`);
  }
  terminal.result(shown, () => renderPlan(shown, terminal, repeatWords(options, url)));
  return planExit(made);
}

const planOptions = ({ soft = false, strict = false, maxRows, archive }: PlanCommandOptions) => ({
  soft,
  strict,
  archive,
  ...(maxRows === undefined ? {} : { maxRows }),
});

/** An incomplete plan is no answer yet, so it outranks a blocked one. */
function planExit(made: Plan): number {
  if (!made.complete) return 4;
  return made.verdict === "blocked" ? 1 : 0;
}

async function script({ db, terminal, signal }: Run, target: Target, options: PlanCommandOptions) {
  const { out } = options;
  const sql = await db.script(target, { ...planOptions(options), signal });
  if (out !== undefined) {
    writeOut(out, sql.endsWith("\n") ? sql : `${sql}\n`);
    terminal.note(`The script is in ${out}.`);
  }
  terminal.result({ ondelete: "1", kind: "script", engine: db.engine, target, sql }, () => sql);
  return 0;
}

async function why({ db, config, terminal }: Run, target: Target, words: readonly string[]): Promise<number> {
  const row = await rowOf(words, (table) => identity(db, table));
  const found = await db.why(target, row);
  const mask = secretMask(config.tables);
  const paths = found.map((path) => maskPath(path, mask));
  const shown = { table: row.table, key: mask(row.table, [row.key])[0] ?? row.key };
  const document = { ondelete: "1", kind: "paths", engine: db.engine, target, row: shown, paths };
  terminal.result(document, () => renderPaths(shown, paths, terminal));
  return 0;
}

/** The words after `--why` as a row; bare values are those of the columns that identify the table's rows. */
async function rowOf(words: readonly string[], identify: (table: string) => Promise<readonly string[]>) {
  const [table = "", ...values] = words;
  if (values.length === 0)
    throw new OnDeleteError("usage", "--why needs a table and a key, e.g. --why comments 1001.");
  const pairs = keyPairs(values);
  if (pairs !== null) return { table, key: pairs };
  const names = await identify(table);
  if (names.length !== values.length) {
    throw new OnDeleteError(
      "bad-key",
      `A row of ${table} is identified by ${names.length} values, not ${values.length}.`,
      {
        hint: `Give ${names.map((name) => `${name}=…`).join(" ")}.`,
      },
    );
  }
  const key: Key = Object.fromEntries(names.map((name, index) => [name, values[index] ?? ""]));
  return { table, key };
}

async function identity(db: Run["db"], table: string): Promise<readonly string[]> {
  const model = await db.inspect();
  const found = model.tables.find((t) => t.id === table);
  if (!found)
    throw new OnDeleteError("unknown-table", `There is no table ${table}.`, {
      hint: "See `ondelete inspect`.",
    });
  if (found.primaryKey.length > 0) return found.primaryKey;
  const required = (name: string) => found.columns.some((column) => column.name === name && !column.nullable);
  return found.uniqueKeys.find((key) => key.columns.every(required))?.columns ?? [];
}
