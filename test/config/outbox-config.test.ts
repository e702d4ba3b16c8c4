import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkPolicy } from "../../src/config/check-policy.ts";
import { loadConfig } from "../../src/config/load-config.ts";
import { parseConfig } from "../../src/config/parse-config.ts";
import { resolvePolicy } from "../../src/config/resolve-policy.ts";
import { OnDeleteError } from "../../src/error.ts";
import { failure } from "../support/act.ts";

const refused = (value: unknown) => failure(Promise.resolve().then(() => parseConfig(value, null)));

const external = { child: "elsewhere.invoice", columns: ["c"], parent: "users", parentColumns: ["id"] };

test.each([
  [
    "files with neither root nor store",
    { tables: { u: { files: { column: "p" } } } },
    "tables.u.files: needs either a root or a store.",
  ],
  [
    "files with a store that is none",
    { tables: { u: { files: { column: "p", store: {} } } } },
    "tables.u.files.store: must be an object with check, find, moveAside, bringBack, remove, forget",
  ],
  [
    "a misspelt key of files",
    { tables: { u: { files: { column: "p", rot: "x" } } } },
    `tables.u.files.rot: there is no key "rot" here. Did you mean "root"?`,
  ],
  [
    "a hook that is no function",
    { hooks: { before: "run.sh" } },
    "hooks.before: must be a function, which only a configuration in code can give",
  ],
  [
    "a misspelt hook",
    { hooks: { befor: () => {} } },
    `hooks.befor: there is no key "befor" here. Did you mean "before"?`,
  ],
  [
    "a misspelt hook of a table",
    { hooks: { rows: { u: { aftr: () => {} } } } },
    `hooks.rows.u.aftr: there is no key "aftr" here. Did you mean "after"?`,
  ],
  ["an age that is none", { archive: { keep: "long" } }, 'archive.keep: must be an age such as "30 days"'],
  [
    "an external relation with an action",
    { relations: [{ ...external, external: true, onDelete: "cascade" }] },
    "relations[0].onDelete: has no meaning where external is true.",
  ],
  ["a relation without an action", { relations: [external] }, "relations[0].onDelete: is missing."],
])("%s is refused", async (_, config, message) => {
  expect((await refused(config)).message).toContain(message);
});

test("an external relation is none that plans follow; its child is not looked for, and its parent is", async () => {
  const policy = resolvePolicy(parseConfig({ relations: [{ ...external, external: true }] }, null));
  expect([policy.relations, policy.external]).toEqual([
    [],
    [{ id: "elsewhere.invoice(c) -> users(id)", parent: "users", parentColumns: ["id"], position: 0 }],
  ]);
  const model = { defaultNamespace: "main", tables: [], relations: [] };
  const error = await failure(Promise.resolve().then(() => checkPolicy(policy, model)));
  expect(error).toBeInstanceOf(OnDeleteError);
  expect(error.message).toContain(`relations[0].parent: the database has no table "users"`);
  expect(error.message).not.toContain('elsewhere.invoice" ');
});

test("columns with one root have one store, which is relative to the folder of the configuration", async () => {
  const folder = mkdtempSync(join(tmpdir(), "ondelete-config-"));
  try {
    mkdirSync(join(folder, "conf", "uploads"), { recursive: true });
    writeFileSync(join(folder, "conf", "uploads", "a.txt"), "a");
    const files = [
      { column: "path", root: "./uploads" },
      { column: "preview", root: "uploads/" },
    ];
    const text = JSON.stringify({ tables: { u: { files } } });
    writeFileSync(join(folder, "conf", "ondelete.config.json"), text);
    const { config } = await loadConfig(folder, "conf/ondelete.config.json");
    const [path, preview] = resolvePolicy(config).tables.u?.files ?? [];
    expect(path?.store).toBe(preview?.store);
    expect(await path?.store.find("a.txt", "x")).toEqual({ inPlace: true, aside: false });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a relation that is wrong is named by its place in the configuration, external ones counted", async () => {
  const other = { child: "a", columns: ["x"], parent: "b", parentColumns: ["id"], onDelete: "cascade" };
  const relations = [{ ...external, external: true }, other];
  const policy = resolvePolicy(parseConfig({ relations }, null));
  const model = { defaultNamespace: "main", tables: [], relations: [] };
  const { message } = await failure(Promise.resolve().then(() => checkPolicy(policy, model)));
  expect(message).toContain(`relations[1].child: the database has no table "a".\n    in {"child":"a"`);
  expect(message).toContain(`relations[0].parent: the database has no table "users".`);
});
