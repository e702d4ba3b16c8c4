/** What an engine variant can do. Verbs ask these, never the engine's name; each line says what follows from it. */
export interface Capabilities {
  /** Several sessions at a time: locks, concurrent writers and killed clients mean something. False for PGlite. */
  readonly concurrentSessions: boolean;
  /** `SELECT … FOR UPDATE` keeps new children away from a parent. Where false, the write transaction excludes all writers. */
  readonly rowLocks: boolean;
  /**
   * A transaction that sees one snapshot cannot change a row that others changed or added since, its own referential
   * actions included: it fails with `details.retriable`. Rows that it reads and then deletes need no lock before.
   */
  readonly snapshotsProtect: boolean;
  /** `SELECT … FOR UPDATE` takes the right UPDATE, and not SELECT alone. */
  readonly locksTakeUpdate: boolean;
  /** One statement can change many tables, checks running at its end (data-modifying CTEs). */
  readonly changesTablesTogether: boolean;
  /** Inside a write transaction every check waits for the commit (`PRAGMA defer_foreign_keys`). */
  readonly defersChecks: boolean;
  /** Every check of a constraint is made at once, row by row, and nothing makes it wait. */
  readonly checksAtOnce: boolean;
  /** A write transaction can run without the engine's referential actions and checks (`PRAGMA foreign_keys = OFF` before it). */
  readonly suspendsActions: boolean;
  /** Tables are made in the transaction at hand; where false, DDL commits it. */
  readonly transactionalDdl: boolean;
  /**
   * Deletes are left to the engine's own cascade where it may do them, because it can tell how many rows that took
   * (`Engine.countChanges`); false where own deletes are as fast.
   */
  readonly countsCascades: boolean;
  /** Whether triggers of a child fire on what a referential action does to it. */
  readonly actionsFireTriggers: boolean;
  /** Whether a referential action minds the CHECKs of the rows that it changes. */
  readonly actionsMindChecks: boolean;
  /** Unless a trigger changes it, a row holds what it was given; false where an INSERT was seen to lose something. */
  readonly insertsAsGiven: boolean;
  /**
   * A row that a statement changes a second time has all its references checked, also those to rows that are gone and
   * whose actions are still to come.
   */
  readonly checksChangedRowsAgain: boolean;
  /**
   * An update checks all references of a row that the same transaction has inserted, also those that it does not change:
   * what is seen of such a row says nothing of one that was there before.
   */
  readonly rechecksOwnRows: boolean;
  /** How many levels a cascade of the engine goes before the statement fails; null where no limit is known. */
  readonly cascadeDepth: number | null;
  /** How many row sets that build on each other a statement can name; null where no limit is known. */
  readonly setsPerStatement: number | null;
  /** Tables live in namespaces (schemas) of a database. */
  readonly namespaces: boolean;
  /** ondelete's own tables have a namespace to themselves; where false, they are told by a prefix. */
  readonly journalInNamespace: boolean;
  /** Roles, privileges, row-level security. */
  readonly roles: boolean;
  /** An index can hold some rows only, so that values are unique among them. */
  readonly partialIndexes: boolean;
  /** Constraints and unique keys can be added to a table that exists. */
  readonly altersConstraints: boolean;
  /** NO ACTION and RESTRICT do the same, so that an ORM's or a dump's word for the one is no other than the other. */
  readonly restrictIsNoAction: boolean;
  /** ON DELETE SET DEFAULT is kept; where false, the constraint is stored without an action. */
  readonly keepsSetDefault: boolean;
  /** Columns of a primary key are NOT NULL, whether their definition says so or not. */
  readonly keysAreRequired: boolean;
  /** A foreign key can be added without a look at old rows, and validated later. */
  readonly addsUnvalidated: boolean;
  /** DROP TABLE deletes the rows first, so that referential actions of those that reference them run. */
  readonly dropDeletesRows: boolean;
}
