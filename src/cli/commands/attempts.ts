import { Command } from "commander";
import { type Attempt, type AttemptName, type LogEntry, OnDeleteError } from "../../index.ts";
import { wholeNumber, withCommonOptions, yesOption } from "../common-options.ts";
import { canAsk, confirm, confirmationRequired } from "../confirm.ts";
import { type DeleteRowsOptions, deleteRows } from "../delete-rows.ts";
import { maskAttempt, maskEntry, secretMask } from "../mask.ts";
import { attemptWords, logLine, renderAttempts, renderRetry } from "../render/attempts.ts";
import { type Run, runVerb } from "../run-verb.ts";
import { keyPairs } from "../target.ts";

interface AttemptsCommandOptions extends DeleteRowsOptions {
  readonly table?: string;
  readonly limit?: number;
}

const EXAMPLE = `ondelete attempts
ondelete attempts --table runs --limit 10 --json
ondelete attempts logs run-17
ondelete attempts retry run-17
ondelete attempts delete run-17 --reason "superseded"`;

export function attemptsCommand(): Command {
  const command = new Command("attempts")
    .description("attempts that failed, newest first; their logs; to make them again or delete them")
    .argument("[logs|retry|delete]", "what to do with one of them; lists them unless given")
    .argument("[key...]", "its key: a value, several for a composite key, or column=value …")
    .option("--table <name>", "the table whose attempts are meant, where several have some")
    .option("--limit <n>", "list at most so many of each table, 50 unless given", wholeNumber(1))
    .option("--soft", "with `delete`: mark the rows as deleted where their table has a marker")
    .option("--no-archive", "with `delete`: keep nothing; it cannot be undone")
    .option("--reason <text>", "with `delete`: why, for the journal")
    .option("--actor <name>", "with `delete`: who, for the journal")
    .addOption(yesOption());
  return withCommonOptions(command, EXAMPLE).action(
    async (action: string | undefined, words: readonly string[], options: AttemptsCommandOptions) => {
      const work = workOf(action, words, options);
      process.exitCode = await runVerb(options, action === "delete" ? "writes" : "reads", work);
    },
  );
}

function workOf(
  action: string | undefined,
  words: readonly string[],
  options: AttemptsCommandOptions,
): (run: Run) => Promise<number> {
  if (action === undefined) return (run) => list(run, options);
  const done = { logs, retry, delete: remove }[action];
  if (!done)
    throw new OnDeleteError("usage", `Nothing is called ${action} that could be done with an attempt.`, {
      hint: "It is one of logs, retry, delete; without one the attempts are listed.",
    });
  if (words.length === 0)
    throw new OnDeleteError("usage", `Which attempt?`, {
      hint: `Give its key as \`ondelete attempts\` lists it: ondelete attempts ${action} KEY.`,
    });
  const { table } = options;
  const name = { key: keyPairs(words) ?? words, ...(table === undefined ? {} : { table }) };
  return (run) => done(run, name, options);
}

async function list(
  { db, config, terminal, signal }: Run,
  { table, limit }: AttemptsCommandOptions,
): Promise<number> {
  const found = await db.attempts({
    signal,
    ...(table === undefined ? {} : { table }),
    ...(limit === undefined ? {} : { limit }),
  });
  const mask = secretMask(config.tables);
  const shown = { ...found, attempts: found.attempts.map((a) => maskAttempt(a, mask)) };
  terminal.result(shown, () => renderAttempts(shown, terminal));
  return 0;
}

async function logs(run: Run, name: AttemptName): Promise<number> {
  const { db, terminal } = run;
  const attempt = await db.attempt(name);
  const entries: LogEntry[] = [];
  for await (const entry of db.attemptLog(name)) {
    const shown = maskEntry(entry, secretMask(run.config.tables), logTable(run, attempt));
    if (terminal.json) entries.push(shown);
    else await write(`${logLine(shown)}\n`);
  }
  if (terminal.json) {
    const { table, key } = maskAttempt(attempt, secretMask(run.config.tables));
    terminal.result({ ondelete: "1", kind: "attempt-log", engine: db.engine, table, key, entries }, () => "");
  }
  return 0;
}

/** A long log waits for its reader. */
function write(text: string): Promise<void> | void {
  if (process.stdout.write(text)) return;
  return new Promise((resolve) => process.stdout.once("drain", resolve));
}

function logTable({ config }: Run, { table }: Attempt): string {
  const where = config.tables?.[table]?.attempts?.logs;
  return where && "table" in where ? where.table : table;
}

async function retry(run: Run, name: AttemptName, { yes }: AttemptsCommandOptions): Promise<number> {
  const { db, config, terminal, signal } = run;
  const mask = secretMask(config.tables);
  if (!yes) {
    const attempt = maskAttempt(await db.attempt(name), mask);
    if (!canAsk() || terminal.json)
      throw confirmationRequired(
        `retry ${attemptWords(attempt)}`,
        "Add --yes; or run it in a terminal and confirm there.",
        {},
      );
    await confirm({ kind: "yes-no", message: `Make ${attemptWords(attempt)} again?` }, signal);
  }
  const made = await db.retry(name);
  const shown = { ...made, attempt: maskAttempt(made.attempt, mask) };
  terminal.result(shown, () => renderRetry(shown, terminal));
  return 0;
}

const remove = async (run: Run, name: AttemptName, options: AttemptsCommandOptions): Promise<number> =>
  deleteRows(run, (await run.db.attempt(name)).target, options);
