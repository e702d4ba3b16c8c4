import type { Rule } from "./rule.ts";
import { cascadeBlocked } from "./rules/cascade-blocked.ts";
import { cascadeCrossesRetention } from "./rules/cascade-crosses-retention.ts";
import { cascadeCycle } from "./rules/cascade-cycle.ts";
import { cascadeOrderDependent } from "./rules/cascade-order-dependent.ts";
import { cascadePathUnindexed } from "./rules/cascade-path-unindexed.ts";
import { cascadeSkipsTriggers } from "./rules/cascade-skips-triggers.ts";
import { cascadeToAudit } from "./rules/cascade-to-audit.ts";
import { cascadeVsSetNull } from "./rules/cascade-vs-set-null.ts";
import { dbCascadeSkipsHooks } from "./rules/db-cascade-skips-hooks.ts";
import { deleteActionImplicit } from "./rules/delete-action-implicit.ts";
import { fkCollationMismatch } from "./rules/fk-collation-mismatch.ts";
import { fkConflictingActions } from "./rules/fk-conflicting-actions.ts";
import { fkDuplicate } from "./rules/fk-duplicate.ts";
import { fkEnforcementOff } from "./rules/fk-enforcement-off.ts";
import { fkIgnoredByEngine } from "./rules/fk-ignored-by-engine.ts";
import { fkImplicit } from "./rules/fk-implicit.ts";
import { fkNotValidated } from "./rules/fk-not-validated.ts";
import { fkNullableComposite } from "./rules/fk-nullable-composite.ts";
import { fkParentMissing } from "./rules/fk-parent-missing.ts";
import { fkParentNotUnique } from "./rules/fk-parent-not-unique.ts";
import { fkTypeMismatch } from "./rules/fk-type-mismatch.ts";
import { fkWithoutIndex } from "./rules/fk-without-index.ts";
import { ignoreInvalid } from "./rules/ignore-invalid.ts";
import { migrationFkBlocking } from "./rules/migration-fk-blocking.ts";
import { migrationFkDropUnsafe } from "./rules/migration-fk-drop-unsafe.ts";
import { migrationIrreversible } from "./rules/migration-irreversible.ts";
import { migrationPolicyWidened } from "./rules/migration-policy-widened.ts";
import { migrationRebuildCascade } from "./rules/migration-rebuild-cascade.ts";
import { multipleCascadePaths } from "./rules/multiple-cascade-paths.ts";
import { ormNullabilityMismatch } from "./rules/orm-nullability-mismatch.ts";
import { ormOnlyCascade } from "./rules/orm-only-cascade.ts";
import { orphanRows } from "./rules/orphan-rows.ts";
import { pkMissingOnDeletePath } from "./rules/pk-missing-on-delete-path.ts";
import { policyDriftDocs } from "./rules/policy-drift-docs.ts";
import { policyDriftOrm } from "./rules/policy-drift-orm.ts";
import { selfReferenceBlocks } from "./rules/self-reference-blocks.ts";
import { setNullErasesActor } from "./rules/set-null-erases-actor.ts";
import { setNullOnNotNull } from "./rules/set-null-on-not-null.ts";
import { setNullWidens } from "./rules/set-null-widens.ts";
import { softLiveChildOfDeadParent } from "./rules/soft-live-child-of-dead-parent.ts";
import { softMarkerAmbiguous } from "./rules/soft-marker-ambiguous.ts";
import { softParentHardChild } from "./rules/soft-parent-hard-child.ts";
import { softUniqueNotPartial } from "./rules/soft-unique-not-partial.ts";
import { truncateCascade } from "./rules/truncate-cascade.ts";

/** The rules, in the order of the catalogue: keys, what deletes do, code and database, migrations, soft deletes, the state of constraints, ignores. */
export const rules: readonly Rule[] = [
  fkWithoutIndex,
  cascadePathUnindexed,
  fkTypeMismatch,
  fkCollationMismatch,
  fkNullableComposite,
  fkDuplicate,
  fkConflictingActions,
  fkParentNotUnique,
  fkParentMissing,
  fkIgnoredByEngine,
  fkImplicit,
  pkMissingOnDeletePath,

  setNullOnNotNull,
  setNullWidens,
  cascadeBlocked,
  cascadeOrderDependent,
  multipleCascadePaths,
  cascadeVsSetNull,
  cascadeCycle,
  selfReferenceBlocks,
  cascadeToAudit,
  setNullErasesActor,
  cascadeCrossesRetention,
  cascadeSkipsTriggers,

  deleteActionImplicit,
  policyDriftOrm,
  policyDriftDocs,
  ormOnlyCascade,
  dbCascadeSkipsHooks,
  ormNullabilityMismatch,

  truncateCascade,
  migrationFkBlocking,
  migrationFkDropUnsafe,
  migrationRebuildCascade,
  migrationPolicyWidened,
  migrationIrreversible,

  softParentHardChild,
  softLiveChildOfDeadParent,
  softUniqueNotPartial,
  softMarkerAmbiguous,

  fkEnforcementOff,
  fkNotValidated,
  orphanRows,

  ignoreInvalid,
];
