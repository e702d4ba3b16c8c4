import type { Document } from "./model.ts";
import type { TableId } from "./table.ts";

export const SEVERITIES = ["error", "warning", "info"] as const;
export type Severity = (typeof SEVERITIES)[number];

/**
 * How sure a finding is: `certain` follows from the catalog, `data` from rows that were looked at, `inferred` from
 * names, which is a guess until the configuration confirms it.
 */
export type Confidence = "certain" | "data" | "inferred";

/** What JSON can hold. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

export interface Fix {
  readonly description: string;
  /** The statements that do it; null where it takes a choice, or more than one can say here. */
  readonly sql: string | null;
}

/** A place in a file; lines and columns count from 1. */
export interface SourceLocation {
  readonly file: string;
  readonly line: number;
  readonly column?: number;
}

/**
 * Where a finding stands: `open` counts towards the end of a check, `known` is in the baseline, `unconfirmed` is
 * inferred and nobody confirmed it.
 */
export type Standing = "open" | "known" | "unconfirmed";

/** Something that a rule of `check` found. */
export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  /** What it is about: a relation's id, a table's, `table.column`, or `database`. */
  readonly object: string;
  /** The table that it belongs to, of a relation the child; null where it belongs to none. */
  readonly table: TableId | null;
  /** What is the case and what follows from it, as sentences. */
  readonly message: string;
  /** Numbers, names and samples behind the message. */
  readonly evidence: { readonly [key: string]: Json };
  readonly fix: Fix | null;
  /** Equal for the same finding in every run and every copy of the database. */
  readonly fingerprint: string;
  /** The page of the rule, relative to the package. */
  readonly docs: string;
  readonly standing: Standing;
  /** Absent for what is in a database alone. */
  readonly location?: SourceLocation;
}

/** A rule as users know it. */
export interface RuleInfo {
  readonly id: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  /** What it finds, as one sentence without its end. */
  readonly title: string;
  readonly docs: string;
  /** Numbers that the configuration can set. */
  readonly options: Readonly<Record<string, RuleOption>>;
}

export interface RuleOption {
  readonly unlessGiven: number;
  readonly meaning: string;
}

/** Why a rule did not run: switched off, not asked for, not meant for this engine, in want of something, or it could not. */
export interface SkippedRule {
  readonly rule: string;
  readonly because: "off" | "not-asked" | "not-here" | "wants" | "failed";
  readonly reason: string;
}

/** A finding that is known and let be. */
export interface BaselineEntry {
  readonly fingerprint: string;
  readonly rule: string;
  readonly object: string;
}

export interface FindingsSummary {
  /** Of all findings listed. */
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
  readonly known: number;
  readonly unconfirmed: number;
  /** Found, and not listed because something says to ignore it. */
  readonly ignored: number;
  /** Ids, sorted. */
  readonly ran: readonly string[];
  /** Sorted by rule. */
  readonly skipped: readonly SkippedRule[];
  /** Ignores of the configuration that hold and hid nothing, though their rule ran. */
  readonly unused: readonly { readonly rule: string; readonly object: string }[];
  /** Entries of the baseline whose rule ran and found them no more. */
  readonly stale: readonly BaselineEntry[];
}

/** What `check` found, worst first and guesses last, then by object and rule. */
export interface Findings extends Document {
  readonly kind: "findings";
  readonly findings: readonly Finding[];
  readonly summary: FindingsSummary;
}
