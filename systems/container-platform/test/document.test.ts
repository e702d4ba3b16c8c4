import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { DocumentCheck } from "ondelete";
import { expect, test } from "vitest";
import { seed, skipReason } from "../../../test/document/seeds.ts";
import { connect, runScript } from "../database.ts";
import { eachEngine } from "./stage.ts";

const here = (name: string) => join(import.meta.dirname, "..", name);
const DOCUMENTS = [
  ["the whole document", () => seed("002_32b5048cf5fd7c19.txt"), 42],
  ["what the repository keeps of it", () => readFileSync(here("claims.md"), "utf8"), 41],
] as const;

if (skipReason !== null) console.log(`the whole document: SKIPPED, because ${skipReason}`);

const documents = DOCUMENTS.filter(([name]) => name !== "the whole document" || skipReason === null);
const wrong = ({ contradicted }: DocumentCheck) =>
  contradicted.map((c) => [unspaced(c.statement), c.message]);
const unspaced = (text: string) => text.replaceAll("`", "").replace(/ +/g, " ").replace(" (string)", "");

eachEngine((stage) => {
  test.for(documents)(
    "a check of the document finds that its table and its tree take the history with the user: %s",
    async ([, text]) => {
      const { platform } = await stage();
      const check = await platform.ondelete.checkDocument(text());
      expect(wrong(check)).toEqual([
        [
          "| audit.AuditLog | ID (auto-inc) | FK to User | ON DELETE CASCADE |",
          "audit_logs(user_id) -> users(uid) is SET NULL, not CASCADE",
        ],
        ["├─ All audit logs cleaned", "deleting from users: audit_logs user_id=NULL"],
      ]);
    },
  );

  test.for(documents)(
    "of the state before, it is the guarantee that is wrong: the document contradicts itself: %s",
    async ([, text]) => {
      const { platform, handle } = await stage();
      await runScript(handle, readFileSync(here(`before/${platform.engine}.sql`), "utf8"));
      const check = await (await connect(handle)).ondelete.checkDocument(text());
      expect(wrong(check)).toEqual([
        [
          expect.stringContaining("AuditLog.UserID → SET NULL on user deletion (preserves history)"),
          "audit_logs(user_id) -> users(uid) is CASCADE, not SET NULL",
        ],
      ]);
    },
  );

  test.for(documents)(
    "a check of the document finds the relations that its deletion tree leaves out: %s",
    async ([, text]) => {
      const { platform } = await stage();
      const { leftOut } = await platform.ondelete.checkDocument(text());
      expect(leftOut.map((o) => o.message)).toEqual([
        "User Deletion: does not say what becomes of course_workloads when rows of users are deleted: DELETED",
        "User Deletion: does not say what becomes of image_allow_lists when rows of users are deleted: DELETED or request_id=NULL",
        "Group Deletion: does not say what becomes of course_workloads when rows of groups are deleted: DELETED",
        "Group Deletion: does not say what becomes of image_allow_lists when rows of groups are deleted: DELETED or request_id=NULL",
        "Group Deletion: does not say what becomes of image_requests when rows of groups are deleted: DELETED",
        "Project Deletion: does not say what becomes of course_workloads when rows of projects are deleted: DELETED",
        "Project Deletion: does not say what becomes of image_requests when rows of projects are deleted: DELETED",
      ]);
    },
  );

  test.for(documents)("all else of the document that can be judged is so: %s", async ([, text, right]) => {
    const { platform } = await stage();
    const { counts, notJudged, remarks, uncovered } = await platform.ondelete.checkDocument(text());
    expect(counts).toEqual({ judged: right + 2, right, contradicted: 2, leftOut: 7, notJudged: 2 });
    expect(notJudged.map((n) => n.reason)).toEqual([
      "no table is called Repo",
      "the line has none of the forms that can be read",
    ]);
    expect(notJudged[1]?.statement).toBe("└─ All users removed from group");
    expect(remarks.map((r) => [r.statement, r.message])).toEqual([
      ["├─ All image requests deleted", "other rows of image_requests: reviewer_id=NULL"],
      ["└─ All allowlists for project cascade", "other rows of image_allow_lists: request_id=NULL"],
    ]);
    expect(uncovered).toEqual([]);
  });
});
