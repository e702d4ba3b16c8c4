import { expect, test } from "vitest";
import { eachReachable } from "./each-reachable.ts";

eachReachable(
  ({ db }) => db.exec("create table t (id integer primary key)"),
  ({ run }) => {
    test("doctor --yes makes ondelete's own tables, once", () => {
      const journal = (...words: string[]) => {
        const { stdout, status } = run("doctor", ...words, "--json");
        const { diagnoses } = JSON.parse(stdout);
        return [status, diagnoses.find((d: { subject: string }) => d.subject === "journal").message];
      };
      expect(journal()).toEqual([0, expect.stringMatching(/^There is no journal yet/)]);
      const there = [0, expect.stringMatching(/^The journal is in /)];
      expect([journal("--yes"), journal(), journal("--yes")]).toEqual([there, there, there]);
    });
  },
);
