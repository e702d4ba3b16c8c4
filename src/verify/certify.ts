import { createHash } from "node:crypto";
import type { Clock } from "../journal/journal.ts";
import type { EngineInfo } from "../model/model.ts";
import type { Report } from "../model/progress.ts";
import { checkRelationNames } from "../model/relation-names.ts";
import type { Comparison, Proof, Verification } from "../model/verification.ts";
import { relationsShown } from "../model/with-policy.ts";
import type { Verifier } from "./experiment.ts";
import { summaryOf } from "./judge.ts";
import { verify } from "./verify.ts";

interface Certifier extends Verifier {
  readonly clock: Clock;
  readonly report: Report;
}

interface CertifyOptions {
  readonly relations?: readonly string[];
  readonly native?: boolean;
  readonly scratch?: boolean;
  readonly against?: Verification;
}

/**
 * Makes the experiments and writes down what came of them, on what.
 * @throws OnDeleteError `unknown-relation` with the nearest name
 */
export async function certify(certifier: Certifier, options: CertifyOptions): Promise<Verification> {
  const { engine, clock } = certifier;
  const at = clock.now().toISOString();
  const { relations = null, native = false, scratch = false } = options;
  const request = { relations, nativeOnly: native, scratch };
  checkRelationNames(relations ?? [], relationsShown(certifier.model, certifier.policy));
  const settings = await engine.read({ scratch: false }, (tx) => engine.settings(tx));
  const cells = await verify(certifier, request, certifier.report);
  const made: Verification = {
    ondelete: "1",
    kind: "verification",
    engine: engine.info,
    at,
    fingerprint: fingerprintOf(certifier),
    settings,
    on: scratch ? "scratch" : "tables",
    cells,
    summary: summaryOf(cells),
  };
  return options.against ? { ...made, against: compare(options.against, made) } : made;
}

/** Of all that the engine and the policy say about rows that go, row estimates and journal aside. */
function fingerprintOf({ model, policy }: Verifier): string {
  const tables = model.tables.map(({ rowEstimate: _, ...table }) => table);
  const { relations, tables: byTable } = policy;
  const text = JSON.stringify({ tables, constraints: model.relations, relations, policy: byTable });
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}

const cellName = (p: Proof): string =>
  `${p.parent} → ${p.via.join(" → ")}${p.goesToo ? " (goes too)" : ""}, ${p.path}`;

const engineName = ({ name, version }: EngineInfo): string => `${name} ${version}`;

/** What is different in a later certificate. */
function compare(before: Verification, now: Verification): Comparison {
  const old = new Map(before.cells.map((c) => [cellName(c), c.verdict]));
  const fresh = new Map(now.cells.map((c) => [cellName(c), c.verdict]));
  const names = [...new Set([...old.keys(), ...fresh.keys()])].sort();
  const settings = [...new Set([...Object.keys(before.settings), ...Object.keys(now.settings)])].sort();
  return {
    at: before.at,
    engine: engineName(before.engine),
    sameEngine: engineName(before.engine) === engineName(now.engine),
    sameSchema: before.fingerprint === now.fingerprint,
    settings: settings
      .map((name) => ({ name, before: before.settings[name] ?? "", now: now.settings[name] ?? "" }))
      .filter((s) => s.before !== s.now),
    changed: names
      .map((cell) => ({ cell, before: old.get(cell) ?? null, now: fresh.get(cell) ?? null }))
      .filter((c) => c.before !== c.now),
  };
}
