import type { EntityName } from "@mikro-orm/core";
import { fractions } from "../support/random.ts";
import type { Em } from "./database.ts";
import * as schema from "./schema.ts";

type Row = Readonly<Record<string, unknown>>;

/** Rows by the name of their entity. */
export type Rows = Readonly<Record<string, readonly Row[]>>;

const USERS = ["amira", "bertram", "chidi", "dolores", "emre", "fatou", "goran", "hana"];
const SUBJECTS = ["churn", "fraud", "support", "contracts", "claims", "pricing", "recruiting", "logistics"];
const STEPS = [
  { name: "ingest", class_name: "genai_factory.steps.Ingest", args: { chunk_size: 512 } },
  { name: "retrieve", class_name: "genai_factory.steps.Retrieve", args: { top_k: 5 } },
  { name: "answer", class_name: "genai_factory.steps.Answer", args: { temperature: 0.2 } },
] as const;
const ENVIRONMENTS = ["production", "staging", "development"];
const BEGIN = Date.UTC(2026, 0, 5, 9);
const HOUR = 3_600_000;

/**
 * A company's projects, always the same for the same numbers. Every other deployment runs a workflow and a model of the
 * project before its own.
 */
export function sampleRows(projects: number, seed = 1): Rows {
  const random = fractions(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const out: Record<string, Row[]> = {};
  const of = (entity: string): Row[] => {
    out[entity] ??= [];
    return out[entity];
  };
  let made = 0;
  const add = (entity: string, prefix: string, row: Row): string => {
    const list = of(entity);
    const at = new Date(BEGIN + made++ * HOUR);
    const uid = `${prefix}-${String(list.length + 1).padStart(6, "0")}`;
    const described = `${entity} ${list.length + 1}, made for ${row.name}`;
    list.push({ uid, description: described, spec: null, createdAt: at, updatedAt: at, ...row });
    const labels = of(`${entity}Label`);
    labels.push({ name: "environment", value: pick(ENVIRONMENTS), parent: row.name });
    if (random() < 0.5) labels.push({ name: "cost-center", value: String(100 + made), parent: row.name });
    return uid;
  };
  const users = Array.from({ length: Math.max(2, Math.ceil(projects / 4)) }, (_, i) =>
    add("User", "usr", { name: numbered(USERS, i) }),
  );
  let before: { readonly workflow: string; readonly model: string } | null = null;
  for (let i = 0; i < projects; i++) {
    const subject = numbered(SUBJECTS, i);
    const owner = () => (random() < 0.9 ? pick(users) : null);
    const project = add("Project", "prj", { name: subject, owner: owner() });
    const within = (entity: string, prefix: string, kind: string, more: Row = {}) =>
      add(entity, prefix, { name: `${subject}-${kind}`, owner: owner(), project, ...more });
    for (const kind of ["warehouse", "tickets"]) within("DataSource", "dsr", kind);
    for (const kind of ["training", "evaluation"]) within("Dataset", "dst", kind);
    for (const kind of ["instructions", "examples"]) within("Prompt", "prm", kind);
    for (const kind of ["handbook", "policy", "faq"]) within("Document", "doc", kind);
    const model = within("Model", "mdl", "model", { spec: { base: "small-instruct", version: i + 1 } });
    const workflows = ["ingestion", "answering"].map((kind) =>
      within("Workflow", "wfl", kind, { spec: { step_configurations: STEPS } }),
    );
    for (const [n, workflow] of workflows.entries()) {
      const named = (kind: string) => ({ name: `${subject}-${n + 1}-${kind}`, owner: owner(), workflow });
      const schedule = add("Schedule", "sch", { ...named("nightly"), spec: { cron: "0 3 * * *" } });
      for (let r = 1; r <= 3; r++)
        add("Run", "run", { ...named(`run-${r}`), schedule: r < 3 ? schedule : null });
      for (let s = 1; s <= 2; s++) add("Session", "ses", named(`session-${s}`));
    }
    const own = { workflow: workflows[1] ?? "", model };
    within("Deployment", "dep", "service", own);
    if (before) within("Deployment", "dep", "shared", before);
    before = own;
  }
  return out;
}

/** Writes rows, parents first. */
export async function insert(em: Em, rows: Rows): Promise<void> {
  for (const entity of ORDER) {
    for (const name of [entity, `${entity}Label`]) {
      const list = rows[name] ?? [];
      for (let i = 0; i < list.length; i += 500)
        await em.fork().insertMany(entityNamed(name), list.slice(i, i + 500) as never);
    }
  }
}

const ORDER = [
  ...["User", "Project", "DataSource", "Dataset", "Model", "Prompt", "Document"],
  ...["Workflow", "Session", "Deployment", "Schedule", "Run"],
];

const entityNamed = (name: string): EntityName<object> =>
  schema.entities.find((e) => e.meta.className === name) as EntityName<object>;

const numbered = (names: readonly string[], i: number): string => {
  const round = Math.floor(i / names.length);
  return `${names[i % names.length]}${round === 0 ? "" : `-${round + 1}`}`;
};
