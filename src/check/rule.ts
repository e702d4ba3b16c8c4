import type { Confidence, Finding, Fix, RuleOption, Severity } from "../model/finding.ts";
import type { TableId } from "../model/table.ts";
import type { Facts } from "./facts.ts";

/** What a rule wants beside the model, and how the user gives it. */
export type Want = "data" | "source" | "migrations" | "documents";

/** One thing that `check` knows to look for. Pure over the facts, but for what it asks the database. */
export interface Rule {
  readonly id: string;
  /** Of its findings, unless they say otherwise themselves or the configuration does. */
  readonly severity: Severity;
  readonly confidence: Confidence;
  /** What it finds, as one sentence without its end. */
  readonly title: string;
  /** It is skipped where that was not given. */
  readonly wants?: Want;
  /** Numbers that the configuration can set. */
  readonly options?: Readonly<Record<string, RuleOption>>;
  /** Why the engine at hand cannot have what the rule finds; null where it can. */
  readonly notHere?: (facts: Facts) => string | null;
  readonly find: (facts: Facts, option: Option) => readonly Found[] | Promise<readonly Found[]>;
}

/** The value of one of the rule's options. */
export type Option = (name: string) => number;

/** A finding as its rule tells it. */
export interface Found extends Pick<Finding, "object" | "message" | "evidence"> {
  readonly table: TableId | null;
  /** Columns of the table that it is about; none where it is about all of it. */
  readonly columns?: readonly string[];
  readonly fix?: Fix;
  /** Where it differs from the rule's. */
  readonly severity?: Severity;
  readonly confidence?: Confidence;
  readonly location?: Finding["location"];
  /** Tells several findings of one rule about one object apart. */
  readonly part?: string;
}
