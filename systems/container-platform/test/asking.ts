import { expect } from "vitest";
import type { Service } from "./service.ts";

/** The body of an answer that went well. */
export async function done<Body>(
  answer: Promise<{ readonly status: number; readonly body: unknown }>,
): Promise<Body> {
  const { status, body } = await answer;
  expect([status, status < 300 ? null : body]).toEqual([status, null]);
  return body as Body;
}

export interface Named {
  readonly id: string;
}

export const aGroup = ({ ask }: Service, group_name = "lab") =>
  done<{ gid: string }>(ask("POST /groups", { group_name }));

export async function aProject(service: Service, project_name = "vision"): Promise<string> {
  const { gid } = await aGroup(service, `group of ${project_name}`);
  return (await done<{ pid: string }>(service.ask("POST /projects", { gid, project_name }))).pid;
}

export const aForm = async (service: Service, project_id: string, title = "more memory") =>
  (await done<Named>(service.ask("POST /forms", { project_id, title }))).id;
