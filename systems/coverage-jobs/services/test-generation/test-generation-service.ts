import { randomUUID } from "node:crypto";
import type { Deps } from "../deps.ts";
import { type RemovalOptions, remove } from "../removal.ts";
import { type TestGenerationRequest, TestGenerationRequestEntity } from "./test-generation-request.ts";

export interface NewRequest {
  readonly repositoryId: string;
  readonly targetFilePath: string;
  readonly workingDirectory: string;
}

type Generated = Partial<
  Pick<TestGenerationRequest, "sessionId" | "testFilePath" | "coverage" | "pullRequest">
>;

export class TestGenerationService {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async request(asked: NewRequest): Promise<string> {
    const id = randomUUID();
    const { connections, actor } = this.#deps;
    const made = { ...asked, id, createdBy: actor, updatedBy: actor };
    await connections.write((manager) =>
      manager.insert(TestGenerationRequestEntity, { ...made, status: "PENDING" }),
    );
    return id;
  }

  complete(id: string, generated: Generated): Promise<void> {
    return this.#change(id, { ...generated, status: "COMPLETED", completedAt: new Date() });
  }

  fail(id: string, error: string): Promise<void> {
    return this.#change(id, { error, status: "FAILED", completedAt: new Date() });
  }

  /** The job that it belonged to stays. */
  remove(id: string, options?: RemovalOptions) {
    return remove(this.#deps, { entity: TestGenerationRequestEntity, id }, options);
  }

  async #change(id: string, change: Partial<TestGenerationRequest>): Promise<void> {
    const { connections, actor } = this.#deps;
    await connections.write((manager) =>
      manager.update(TestGenerationRequestEntity, { id }, { ...change, updatedBy: actor }),
    );
  }
}
