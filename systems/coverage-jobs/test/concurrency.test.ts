import { spawn } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { RepositoryEntity } from "../services/repository-analysis/repository.ts";
import { stage } from "./stage.ts";

test("queries have a connection of their own, which cannot write", async () => {
  const { connections } = await stage();
  const write = connections.reader.query("update jobs set error = 'x'");
  await expect(write).rejects.toThrow("attempt to write a readonly database");
});

test("the database is in WAL mode and waits for other writers: readers go on while a transaction is open", async () => {
  const { connections, rows } = await stage();
  expect(await rows("pragma journal_mode")).toEqual([{ journal_mode: "wal" }]);
  expect(await rows("pragma busy_timeout")).toEqual([{ timeout: 5000 }]);
  const seen = await connections.write(async (manager) => {
    await manager.update(RepositoryEntity, { id: "repo-1" }, { entrypoint: "new" });
    return rows("select entrypoint from repositories where id = 'repo-1'");
  });
  expect(seen).toEqual([{ entrypoint: null }]);
  expect(await rows("select entrypoint from repositories where id = 'repo-1'")).toEqual([
    { entrypoint: "new" },
  ]);
});

test("writes wait for each other: what is asked for at once is done one by one, and one that fails keeps none back", async () => {
  const { coverage, jobs, repositories, values } = await stage();
  const measured = (n: number) => [{ filePath: `src/${n}.ts`, coveragePercentage: n }];
  const results = await Promise.allSettled([
    coverage.replace("repo-1", measured(10)),
    jobs.create({ repositoryId: "nothing" }),
    repositories.remove("repo-2"),
    coverage.replace("repo-1", measured(20)),
    jobs.create({ repositoryId: "repo-1" }),
    coverage.replace("repo-1", measured(30)),
  ]);
  expect(results.map((r) => r.status)).toEqual([
    "fulfilled",
    "rejected",
    "fulfilled",
    "fulfilled",
    "fulfilled",
    "fulfilled",
  ]);
  expect(await values("select file_path from file_coverages")).toEqual(["src/30.ts"]);
  expect(await values("select average_coverage from repositories")).toEqual([30]);
  expect(await values("select count(*) from jobs")).toEqual([5]);
});

test("three processes that read and then write in one transaction lose nothing and fail never", async () => {
  const { home, connections, values } = await stage();
  await connections.write((m) => m.query("update repositories set average_coverage = 0"));
  const child = join(import.meta.dirname, "counting-child.ts");
  const ended = await Promise.all(
    [1, 2, 3].map(
      () =>
        new Promise((resolve) => {
          const started = spawn(process.execPath, [child, home, "150"], {
            stdio: ["ignore", "ignore", "pipe"],
          });
          let errors = "";
          started.stderr.on("data", (text) => (errors += text));
          started.on("close", (code) => resolve([code, errors]));
        }),
    ),
  );
  expect(ended).toEqual([
    [0, ""],
    [0, ""],
    [0, ""],
  ]);
  expect(await values("select average_coverage from repositories where id = 'repo-1'")).toEqual([450]);
});
