import { z } from "zod";
import type { RetryHook } from "../model/attempts.ts";
import type { FileStore } from "../model/file-store.ts";
import type { HookEvent, RowsEvent } from "../model/hook.ts";
import { parseAge } from "../model/retention.ts";
import type { SchemaSource } from "../source/source.ts";
import type { Config } from "./config.ts";

const name = z.string().min(1);
const names = z.array(name).min(1);

const whenSchema = z.strictObject({ column: name, values: z.array(z.string()).min(1) });

const unmarkedSchema = z.enum(["keep", "archive", "block"]);

const markerSchema = z.strictObject({
  column: name,
  kind: z.enum(["timestamp", "boolean", "seconds", "milliseconds"]).exactOptional(),
});

const relationFields = z.strictObject({
  child: name,
  columns: names,
  parent: name,
  parentColumns: names,
  onDelete: z.enum(["no action", "restrict", "cascade", "set null", "set default"]).exactOptional(),
  external: z.literal(true).exactOptional(),
  enforcedBy: z.enum(["database", "application"]).exactOptional(),
  when: whenSchema.exactOptional(),
  onSoftDelete: unmarkedSchema.exactOptional(),
});

const relationSchema = relationFields.superRefine((entry, { addIssue }) => {
  if (!entry.external) {
    if (!entry.onDelete) addIssue({ code: "custom", path: ["onDelete"], message: "is missing" });
    return;
  }
  for (const key of ["onDelete", "enforcedBy", "onSoftDelete"] as const)
    if (entry[key])
      addIssue({ code: "custom", path: [key], message: "has no meaning where external is true" });
});

const age = z.string().refine((text) => parseAge(text) !== null, {
  error: 'must be an age such as "30 days", in minutes, hours, days, weeks, months or years',
});

/** Something that only code can give. */
const given = <T>(what: string, isOne: (value: unknown) => boolean) =>
  z.custom<T>(isOne, { error: `must be ${what}, which only a configuration in code can give` });

const isFunction = (value: unknown): boolean => typeof value === "function";

const STORE = ["check", "find", "moveAside", "bringBack", "remove", "forget"] as const;
const isStore = (value: unknown): boolean =>
  typeof value === "object" && value !== null && STORE.every((m) => isFunction((value as FileStore)[m]));

const filesSchema = z
  .strictObject({
    column: name,
    root: name.exactOptional(),
    store: given<FileStore>(`an object with ${STORE.join(", ")}`, isStore).exactOptional(),
  })
  .refine((entry) => (entry.root === undefined) !== (entry.store === undefined), {
    error: "needs either a root or a store",
  });

const hookPair = <E>() => ({
  before: given<(event: E) => unknown>("a function", isFunction).exactOptional(),
  after: given<(event: E) => unknown>("a function", isFunction).exactOptional(),
});

const rowsHookSchema = z.strictObject(hookPair<RowsEvent>());

const hooksSchema = z.strictObject({
  ...hookPair<HookEvent>(),
  rows: z.record(name, rowsHookSchema).exactOptional(),
});

const archiveSchema = z.strictObject({ keep: age });

const retentionSchema = z.strictObject({
  name: name.exactOptional(),
  column: name.exactOptional(),
  olderThan: age,
  where: name.exactOptional(),
  mode: z.enum(["hard", "soft"]).exactOptional(),
  batchRows: z.int().positive().max(1_000).exactOptional(),
  archive: z.boolean().exactOptional(),
});

const attemptsSchema = z.strictObject({
  status: name,
  failed: names,
  newest: name,
  errors: z.array(name).exactOptional(),
  logs: z
    .union([z.strictObject({ table: name, order: name }), z.strictObject({ file: name })])
    .exactOptional(),
  retry: given<RetryHook>("a function", isFunction).exactOptional(),
});

const tableSchema = z.strictObject({
  attempts: attemptsSchema.exactOptional(),
  legalHold: z.union([z.literal(true), name]).exactOptional(),
  retention: z.union([z.array(retentionSchema).min(1), retentionSchema]).exactOptional(),
  files: z.union([z.array(filesSchema).min(1), filesSchema]).exactOptional(),
  protected: z.boolean().exactOptional(),
  secret: z.array(name).exactOptional(),
  softDelete: z.union([name, markerSchema]).exactOptional(),
  onSoftDelete: unmarkedSchema.exactOptional(),
  audit: z.boolean().exactOptional(),
});

const isSource = (value: unknown): boolean =>
  typeof value === "object" && value !== null && isFunction((value as SchemaSource).read);

const sourceFileSchema = z
  .strictObject({ prisma: name.exactOptional(), sql: z.union([names, name]).exactOptional() })
  .refine((entry) => (entry.prisma === undefined) !== (entry.sql === undefined), {
    error: 'needs either "prisma" or "sql"',
  });

const sourceSchema = z.union([
  given<SchemaSource>("a source such as drizzle(schema)", isSource),
  sourceFileSchema,
]);

const levelSchema = z.enum(["error", "warning", "info", "off"]);

/** Which options a rule has is looked at where the rules are known, see resolve-checks.ts. */
const ruleSchema = z.union([
  z.object({ level: levelSchema.exactOptional() }).catchall(z.number().nonnegative()),
  levelSchema,
]);

const day = z.string().refine((text) => isDay(text), {
  error: 'must be a day such as "2026-12-31"',
});

const isDay = (text: string): boolean =>
  /^\d{4}-\d\d-\d\d$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text) === true;

const ignoreSchema = z.strictObject({ rule: name, object: name, reason: name, owner: name, expires: day });

const checksSchema = z.strictObject({
  rules: z.record(name, ruleSchema).exactOptional(),
  ignores: z.array(ignoreSchema).exactOptional(),
  documents: names.exactOptional(),
});

const limitsSchema = z.strictObject({
  maxRows: z.int().positive().nullable().exactOptional(),
  digestRows: z.int().nonnegative().exactOptional(),
  lockTimeoutMs: z.int().nonnegative().exactOptional(),
  atomicRows: z.int().nonnegative().exactOptional(),
  batchRows: z.int().positive().exactOptional(),
  targetBatchMs: z.int().positive().exactOptional(),
  leaseSeconds: z.number().positive().exactOptional(),
});

const journalSchema = z.strictObject({ schema: name.exactOptional(), prefix: name.exactOptional() });

/** The shape of a configuration; unknown keys are errors, because a misspelt policy is a policy that does not hold. */
export const configSchema = z.strictObject({
  url: name.exactOptional(),
  schemas: names.exactOptional(),
  include: names.exactOptional(),
  exclude: names.exactOptional(),
  relations: z.array(relationSchema).exactOptional(),
  source: z.union([z.array(sourceSchema).min(1), sourceSchema]).exactOptional(),
  tables: z.record(name, tableSchema).exactOptional(),
  checks: checksSchema.exactOptional(),
  limits: limitsSchema.exactOptional(),
  archive: archiveSchema.exactOptional(),
  hooks: hooksSchema.exactOptional(),
  journal: z.union([name, journalSchema]).exactOptional(),
  protected: z.boolean().exactOptional(),
}) satisfies z.ZodType<Config>;

/** Entries of a table that are objects themselves. */
const TABLE_ENTRIES = new Map<PropertyKey | undefined, z.ZodObject>([
  ["attempts", attemptsSchema],
  ["softDelete", markerSchema],
  ["retention", retentionSchema],
  ["files", filesSchema],
]);

/** The keys of the object at a path of the configuration. */
export function keysAt(path: readonly PropertyKey[]): readonly string[] {
  const [first, , third] = path;
  if (first === undefined) return Object.keys(configSchema.shape);
  if (first === "relations") return Object.keys(third === "when" ? whenSchema.shape : relationFields.shape);
  if (first === "tables") return Object.keys(TABLE_ENTRIES.get(third)?.shape ?? tableSchema.shape);
  if (first === "checks") return Object.keys(path.length > 1 ? ignoreSchema.shape : checksSchema.shape);
  if (first === "source") return Object.keys(sourceFileSchema.shape);
  if (first === "limits") return Object.keys(limitsSchema.shape);
  if (first === "archive") return Object.keys(archiveSchema.shape);
  if (first === "hooks") return Object.keys(path.length > 1 ? rowsHookSchema.shape : hooksSchema.shape);
  return Object.keys(journalSchema.shape);
}

/** Keys that the documentation of the project names and that this version does not know yet. */
export const NOT_YET: readonly string[] = ["serve", "archive"];
