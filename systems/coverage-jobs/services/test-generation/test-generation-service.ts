import { randomUUID } from "node:crypto";
import { IsNull } from "typeorm";
import type { Deps } from "../deps.ts";
import { requireRepository } from "../live.ts";
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
    await connections.write(async (manager) => {
      await requireRepository(manager, asked.repositoryId);
      await manager.insert(TestGenerationRequestEntity, { ...made, status: "PENDING" });
    });
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
    const live = { id, deletedAt: IsNull() };
    const { affected } = await connections.write((manager) =>
      manager.update(TestGenerationRequestEntity, live, { ...change, updatedBy: actor }),
    );
    if (affected !== 1) throw new Error(`There is no request ${id}.`);
  }
}
