import type { ConfigFile } from "./config-files.ts";
import type { Random } from "./random.ts";
import { SOURCES, type Stack } from "./stacks.ts";

/** One line of an activity log. */
export interface Activity {
  readonly action: string;
  readonly result: "ok" | "warning" | "error";
  readonly details: string | null;
}

/** What an analysis logs when all goes well, first to last. */
export function analysisActivities(stack: Stack, random: Random): readonly Activity[] {
  const { int } = random;
  const read = random.some(SOURCES, int(22, 52)).map((name) => readFile(name, stack, random));
  const share = int(61, 97);
  return [
    ok("clone repository", `commit ${random.hex(10)}, ${int(80, 2400)} files`),
    ok("detect languages", `${stack.language} ${share} %, other ${100 - share} %`),
    ok("read manifest", `${stack.manifest}: ${int(9, 64)} dependencies, ${int(2, 31)} for development`),
    ...read,
    ok("find entry points", stack.start.join(" ")),
    ok("find environment variables", `${int(4, 22)} variables, ${int(0, 3)} without a default`),
    ok(
      "find services",
      random.pick(["PostgreSQL", "PostgreSQL, Redis", "PostgreSQL, object storage", "none"]),
    ),
    ok("ask model", `${int(3000, 21000)} tokens in, ${int(400, 2600)} out`),
    ok("write summary", null),
  ];
}

/** What generating a configuration logs when all goes well, first to last. */
export function configActivities(files: readonly ConfigFile[], random: Random): readonly Activity[] {
  return [
    ok("load analysis", null),
    ok("choose templates", `${files.length} files`),
    ...files.flatMap((file) => fileActivities(file, random)),
    ok("build image", `${random.int(31, 240)} s`),
  ];
}

function fileActivities({ name, content }: ConfigFile, random: Random): readonly Activity[] {
  const hint = random.pick(["image is not pinned", "no health check", "port is not documented"]);
  return [
    ok("ask model", `${name}: ${random.int(900, 4200)} tokens in, ${random.int(120, 900)} out`),
    ok("write file", `${name}, ${content.split("\n").length - 1} lines`),
    random.chance(0.1) ? warning("validate file", `${name}: ${hint}`) : ok("validate file", name),
  ];
}

function readFile(name: string, { folder, ending }: Stack, random: Random): Activity {
  const lines = `${folder}/${name}.${ending}: ${random.int(18, 640)} lines`;
  const finding = random.pick(["a key is hard-coded", "debug output is left on", "no test reaches it"]);
  return random.chance(0.07) ? warning("read file", `${lines}, ${finding}`) : ok("read file", lines);
}

const ok = (action: string, details: string | null): Activity => ({ action, result: "ok", details });
const warning = (action: string, details: string): Activity => ({ action, result: "warning", details });

/** Why an attempt fails at a step; steps that never fail have no entry. */
const FAILURES: Readonly<Record<string, readonly string[]>> = {
  "clone repository": [
    "fatal: could not read from remote repository: permission denied (publickey)",
    "fatal: unable to access the repository: could not resolve host",
  ],
  "read file": [
    "worker ran out of memory (512 MB) while reading a bundled file of 38 MB",
    "timed out after 900 s: 14,208 files are not ignored by .gitignore",
    "invalid UTF-8 at byte 4,096",
  ],
  "ask model": [
    "model answered 429 Too Many Requests; gave up after 5 attempts",
    "model answered 500 Internal Server Error",
    "answer is not valid JSON: unexpected end of input at line 212",
  ],
  "validate file": [
    "did not find expected key while parsing a block mapping at line 9, column 3",
    "unknown field `internal_prot`, expected `internal_port`",
  ],
  "build image": [
    "failed to solve: the install step did not complete successfully: exit code 1",
    "no space left on device",
  ],
};

/** The activities up to the one that fails, which is the last one, with the reason. */
export function failing(planned: readonly Activity[], random: Random) {
  const { action } = random.pick(planned.filter((activity) => activity.action in FAILURES));
  const step = random.pick([...planned.keys()].filter((index) => planned[index]?.action === action));
  const error = random.pick(FAILURES[action] ?? []);
  const activities = [...planned.slice(0, step), { action, result: "error", details: error } as const];
  return { activities, error };
}
