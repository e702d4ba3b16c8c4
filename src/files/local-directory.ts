import { createReadStream, linkSync, mkdirSync, renameSync, rmdirSync, rmSync, unlinkSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { OnDeleteError } from "../error.ts";
import type { FileStore } from "../model/file-store.ts";
import { ASIDE, confine, localPath, lookAt } from "./local-path.ts";

/**
 * Files below a root on this machine. What is set aside is renamed to `<root>/.ondelete/<operation>/<path>`, in the same
 * file system. Nothing here waits for another turn of the event loop: on a shared SQLite handle a statement of the
 * application's would come into our transaction.
 */
export function localDirectory(folder: string): FileStore {
  const root = resolve(folder);
  const asideOf = (operation: string, inside: string) => join(root, ASIDE, operation, inside);
  const places = (path: string, operation: string) => {
    const inside = localPath(root, path);
    const aside = asideOf(operation, inside);
    confine(root, dirname(aside), path);
    return { place: join(root, inside), aside };
  };
  return {
    check: async (path) => void localPath(root, path),
    find: async (path, operation) => {
      const { place, aside } = places(path, operation);
      return { inPlace: lookAt(place) !== null, aside: lookAt(aside) !== null };
    },
    moveAside: async (path, operation) => {
      const { place, aside } = places(path, operation);
      // What is in the place of a file that was set aside already is another one.
      if (lookAt(aside)) return true;
      if (!lookAt(place)) return false;
      mkdirSync(dirname(aside), { recursive: true });
      renameSync(place, aside);
      return true;
    },
    bringBack: async (path, operation) => {
      const { place, aside } = places(path, operation);
      if (!lookAt(aside)) return lookAt(place) !== null;
      mkdirSync(dirname(place), { recursive: true });
      moveWithoutOverwriting(aside, place, path);
      prune(dirname(aside), root);
      return true;
    },
    remove: async (path) => {
      const place = join(root, localPath(root, path));
      if (!lookAt(place)) return false;
      unlinkSync(place);
      return true;
    },
    read: async (path) => {
      const place = join(root, localPath(root, path));
      return lookAt(place) ? createReadStream(place) : null;
    },
    forget: async (operation) => {
      const folder = asideOf(operation, "");
      confine(root, folder, ASIDE);
      rmSync(folder, { recursive: true, force: true });
      prune(join(root, ASIDE), root);
    },
  };
}

/** A rename would overwrite what came meanwhile; a link does not, and a crash after it leaves two names of one file. */
function moveWithoutOverwriting(from: string, to: string, path: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST" && !isSame(from, to)) throw inTheWay(path);
    if (code !== "EEXIST") {
      renameWhereFree(from, to, { path, error });
      return;
    }
  }
  unlinkSync(from);
}

const isSame = (from: string, to: string): boolean => {
  const [a, b] = [lookAt(from), lookAt(to)];
  return a !== null && b !== null && a.ino === b.ino && a.dev === b.dev;
};

const NO_LINKS = ["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"];

/** For file systems without hard links. */
function renameWhereFree(
  from: string,
  to: string,
  { path, error }: { readonly path: string; readonly error: unknown },
): void {
  if (!NO_LINKS.includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  if (lookAt(to)) throw inTheWay(path);
  renameSync(from, to);
}

const inTheWay = (path: string) =>
  new OnDeleteError("file-in-the-way", `Another file is in the place of ${JSON.stringify(path)}.`, {
    hint: "Move it away, then deliver again.",
    details: { path },
  });

/** Removes empty folders, up to one that stays. */
function prune(folder: string, upTo: string): void {
  for (let here = folder; here.length > upTo.length; here = dirname(here)) {
    try {
      rmdirSync(here);
    } catch {
      return; // not empty, or gone already
    }
  }
}
