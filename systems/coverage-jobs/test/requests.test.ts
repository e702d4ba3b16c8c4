import { expect, test } from "vitest";
import { stage } from "./stage.ts";

const ASKED = { repositoryId: "repo-1", targetFilePath: "src/cart.ts", workingDirectory: "/tmp/shop" };

test("test generation requests are tracked from PENDING to what they came to", async () => {
  const { requests, rows } = await stage();
  const done = await requests.request(ASKED);
  const failed = await requests.request(ASKED);
  const pullRequest = { prUrl: "https://github.com/owner/repo/pull/123", prNumber: 123 };
  await requests.complete(done, {
    sessionId: "session-1",
    testFilePath: "src/cart.test.ts",
    coverage: 92.3,
    pullRequest,
  });
  await requests.fail(failed, "no answer");
  const columns =
    "status, session_id, test_file_path, coverage, error, pull_request, completed_at is not null as ended";
  const of = async (id: string) =>
    (await rows(`select ${columns} from test_generation_requests where id = ?`, id))[0];
  expect(await of(done)).toEqual({
    status: "COMPLETED",
    session_id: "session-1",
    test_file_path: "src/cart.test.ts",
    coverage: 92.3,
    error: null,
    pull_request: JSON.stringify(pullRequest),
    ended: 1,
  });
  expect(await of(failed)).toMatchObject({
    status: "FAILED",
    error: "no answer",
    pull_request: null,
    ended: 1,
  });
  await expect(requests.fail("nothing", "x")).rejects.toThrow("There is no request nothing.");
});
