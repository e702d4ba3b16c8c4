import { expect, test } from "vitest";
import { eachEngine } from "./stage.ts";

eachEngine((stage) => {
  test("ondelete check has nothing against the schema and its data", async () => {
    const { platform } = await stage(40);
    const { findings } = await platform.ondelete.check({ data: true });
    expect(findings.map((f) => [f.severity, f.rule, f.object])).toEqual([]);
  });
});
