import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { OnDeleteError } from "../../index.ts";

const FOLDER = join(import.meta.dirname, "../../../systems");

/** Runs the story of a system of the repository, which is a program of its own, and returns its exit code. */
export async function tellSystem(name: string): Promise<number> {
  const names = existsSync(FOLDER)
    ? readdirSync(FOLDER).filter((entry) => existsSync(join(FOLDER, entry, "demo.ts")))
    : [];
  if (!names.includes(name))
    throw new OnDeleteError("usage", `There is no system ${name} here.`, {
      hint:
        names.length > 0
          ? `It is one of ${names.join(", ")}.`
          : "The systems are in ondelete's repository, and not in the package.",
      details: { system: name, systems: names },
    });
  const story = spawn(process.execPath, [join(FOLDER, name, "demo.ts")], { stdio: "inherit" });
  const [code] = await once(story, "close");
  return code ?? 4;
}
