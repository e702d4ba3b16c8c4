// A process that deletes or restores rows with files, and kills itself before or after its n-th call of the store.
import { localDirectory } from "../../src/files/local-directory.ts";
import { type FileStore, open } from "../../src/index.ts";
import type { FilesJob, FilesPoint } from "./files-round.ts";

const [url = "", root = "", job = "", point = ""] = process.argv.slice(2);
const { verb, operation } = JSON.parse(job) as FilesJob;
const { n, way } = JSON.parse(point) as FilesPoint;

let calls = 0;
const die = () => process.kill(process.pid, "SIGKILL");

/** The store, whose n-th call is the last thing that this process does, or does not do any more. */
function killing(store: FileStore): FileStore {
  const call = async <T>(work: () => Promise<T>): Promise<T> => {
    const here = ++calls === n;
    if (here && way === "before") die();
    const result = await work();
    if (here && way === "after") die();
    return result;
  };
  return {
    check: (path) => call(() => store.check(path)),
    find: (path, op) => call(() => store.find(path, op)),
    moveAside: (path, op) => call(() => store.moveAside(path, op)),
    bringBack: (path, op) => call(() => store.bringBack(path, op)),
    remove: (path) => call(() => store.remove(path)),
    forget: (op) => call(() => store.forget(op)),
  };
}

const db = await open(url, {
  tables: { upload: { files: { column: "path", store: killing(localDirectory(root)) } } },
});
if (verb === "restore") await db.restore(operation);
else await db.delete({ table: "folder", select: { kind: "key", values: ["1"] } });
await db.close();
console.log(calls);
