import { lstatSync, realpathSync, type Stats } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { OnDeleteError } from "../error.ts";

/** The folder inside a root that holds what was set aside. */
export const ASIDE = ".ondelete";

/**
 * The path of a file below a root, from the text of a column: relative to the root, or absolute inside it.
 * @throws `file-outside-root` where it is not below the root, or where a link leads out of it or in the place of a file;
 * `file-store-missing` where there is no such root
 */
export function localPath(root: string, path: string): string {
  const inside = lexical(root, path);
  const folder = confine(root, dirname(join(root, inside)), path);
  const aside = join(realRoot(root), ASIDE);
  if (folder === aside || folder.startsWith(aside + sep))
    throw outside(root, path, `a link on the way to it leads into ${ASIDE}`);
  const found = lookAt(join(root, inside));
  if (found?.isSymbolicLink()) throw outside(root, path, "it is a link, and what it leads to is not ours");
  if (found && !found.isFile()) throw outside(root, path, "it is no file");
  return inside;
}

/** What the text alone tells. */
function lexical(root: string, path: string): string {
  if (path.includes("\0")) throw outside(root, path, "it contains a NUL character");
  if (path.split(/[/\\]/).includes("..")) throw outside(root, path, "it contains `..`");
  const inside = relative(root, isAbsolute(path) ? resolve(path) : join(root, path));
  if (inside === "") throw outside(root, path, "it is the root itself");
  if (inside === ".." || inside.startsWith(`..${sep}`) || isAbsolute(inside))
    throw outside(root, path, "it lies elsewhere");
  if (inside.split(sep)[0]?.toLowerCase() === ASIDE)
    throw outside(root, path, `${ASIDE} is where ondelete keeps what it set aside`);
  return inside;
}

/**
 * Follows the links on the way to a folder, as far as it exists.
 * @returns where that really is
 * @throws `file-outside-root`
 */
export function confine(root: string, folder: string, path: string): string {
  const real = realRoot(root);
  for (let here = folder; here.length > root.length; here = dirname(here)) {
    if (!lookAt(here)) continue;
    const found = realOf(here);
    if (found === null) throw outside(root, path, "a link on the way to it leads nowhere");
    if (found !== real && !found.startsWith(real + sep))
      throw outside(root, path, "a link on the way to it leads out of the root");
    return found;
  }
  return real;
}

/** Without its root a store looks empty, as an unmounted volume does: nothing is to be concluded from that. */
function realRoot(root: string): string {
  const real = realOf(root);
  if (real !== null) return real;
  throw new OnDeleteError("file-store-missing", `The root of files ${root} does not exist.`, {
    hint: "Make the folder, mount the volume, or correct `root` in the configuration.",
    details: { root },
  });
}

function realOf(path: string): string | null {
  try {
    return realpathSync.native(path);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** What is at a path, links not followed; null where nothing is. */
export function lookAt(path: string): Stats | null {
  try {
    return lstatSync(path);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

const isMissing = (error: unknown): boolean =>
  ["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "");

const outside = (root: string, path: string, why: string) =>
  new OnDeleteError("file-outside-root", `The path ${JSON.stringify(path)} is refused: ${why}.`, {
    hint: `Only files below ${root} go with their rows. Correct the row, or the root in the configuration.`,
    details: { path, root },
  });
