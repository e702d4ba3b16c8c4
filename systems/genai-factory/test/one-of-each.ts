import type { Rows } from "../sample-data.ts";

const at = new Date(Date.UTC(2026, 0, 5));
const row = (uid: string, more: object = {}) => ({ uid, name: uid, createdAt: at, updatedAt: at, ...more });
const owned = (uid: string, more: object = {}) => row(uid, { owner: "ada", ...more });
const inProject = (uid: string, more: object = {}) => owned(uid, { project: "churn", ...more });

/** One row of each table, all that can be related is, and nothing else. */
export const ONE_OF_EACH: Rows = {
  User: [row("ada")],
  Project: [owned("churn")],
  DataSource: [inProject("warehouse")],
  Dataset: [inProject("training")],
  Model: [inProject("small")],
  Prompt: [inProject("instructions")],
  Document: [inProject("handbook")],
  Workflow: [inProject("answering")],
  Session: [owned("chat", { workflow: "answering" })],
  Deployment: [inProject("service", { workflow: "answering", model: "small" })],
  Schedule: [owned("nightly", { workflow: "answering" })],
  Run: [owned("first", { workflow: "answering", schedule: "nightly" })],
};

/** The same with a label on each row. */
export const LABELLED: Rows = {
  ...ONE_OF_EACH,
  ...Object.fromEntries(
    Object.entries(ONE_OF_EACH).map(([entity, [only]]) => [
      `${entity}Label`,
      [{ name: "team", value: "blue", parent: only?.name }],
    ]),
  ),
};
