import { expect, test } from "vitest";
import { eachEngine } from "./stage.ts";

const BY_BOTH = ["native", "ondelete"];

eachEngine((stage) => {
  test.for([
    ["on empty tables", 0],
    ["on sample data", 40],
  ] as const)("verify proves every relation, 22 of 22, %s, and takes all rows back", async ([, users]) => {
    const { platform, db, everything } = await stage(users);
    if (users === 0) await db.exec(["delete from users", 'delete from "groups"']);
    const before = await everything();
    const { cells, summary } = await platform.ondelete.verify();
    expect(summary).toEqual({ proven: 82, contradicted: 0, unprovable: 0 });
    const alone = cells.filter(({ via, goesToo }) => via.length === 1 && !goesToo);
    const relations = Map.groupBy(alone, ({ relation }) => relation);
    expect(relations.size).toBe(22);
    for (const proofs of relations.values()) expect(proofs.map(({ path }) => path)).toEqual(BY_BOTH);
    const kept = alone.filter(({ observed, path }) => observed !== "deleted" && path === "native");
    expect(kept.map(({ relation, observed }) => [relation, observed])).toEqual([
      ["image_allow_lists(request_id) -> image_requests(id)", "set null"],
      ["audit_logs(user_id) -> users(uid)", "set null"],
      ["image_requests(reviewer_id) -> users(uid)", "set null"],
    ]);
    expect(await everything()).toEqual(before);
  });
});
