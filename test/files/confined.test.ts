import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { localDirectory } from "../../src/files/local-directory.ts";
import { failure } from "../support/act.ts";

let folder = "";
let root = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ondelete-files-"));
  root = join(folder, "root");
  mkdirSync(join(root, "sub"), { recursive: true });
  mkdirSync(join(folder, "elsewhere"));
  writeFileSync(join(folder, "secret.txt"), "secret");
  writeFileSync(join(root, "a.txt"), "a");
  writeFileSync(join(root, "sub", "b.txt"), "b");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const OP = "20260101-000000-aaaaa";
const read = (...path: string[]) => readFileSync(join(root, ...path), "utf8");

describe("a path of a local directory", () => {
  test.each([
    ["../secret.txt", "contains `..`"],
    ["sub/../../secret.txt", "contains `..`"],
    ["sub/../a.txt", "contains `..`"],
    ["..\\secret.txt", "contains `..`"],
    ["/etc/passwd", "lies elsewhere"],
    ["a\0.txt", "NUL"],
    [".", "the root itself"],
    ["./", "the root itself"],
    ["sub", "is no file"],
    [".ondelete/x/a.txt", ".ondelete is where"],
    [".OnDelete/x/a.txt", ".ondelete is where"],
    ["./.ondelete/x", ".ondelete is where"],
  ])("%j is refused by every operation: %s", async (path, why) => {
    const store = localDirectory(root);
    const all = [
      () => store.check(path),
      () => store.find(path, OP),
      () => store.moveAside(path, OP),
      () => store.bringBack(path, OP),
      () => store.remove(path),
    ];
    for (const work of all) {
      const { code, message } = await failure(work());
      expect([code, message]).toEqual(["file-outside-root", expect.stringContaining(why)]);
    }
    expect(readFileSync(join(folder, "secret.txt"), "utf8")).toBe("secret");
    expect(existsSync(join(root, ".ondelete"))).toBe(false);
  });

  test("is refused where a link on the way leads out of the root, into what is set aside, or nowhere", async () => {
    symlinkSync(join(folder, "elsewhere"), join(root, "out"));
    symlinkSync(join(folder, "nothing"), join(root, "nowhere"));
    writeFileSync(join(folder, "elsewhere", "c.txt"), "c");
    const store = localDirectory(root);
    await store.moveAside("a.txt", OP);
    symlinkSync(join(root, ".ondelete"), join(root, "hidden"));
    const refused = async (path: string) => (await failure(store.moveAside(path, OP))).message;
    expect(await refused("out/c.txt")).toContain("leads out of the root");
    expect(await refused("out/deeper/c.txt")).toContain("leads out of the root");
    expect(await refused("nowhere/c.txt")).toContain("leads nowhere");
    expect(await refused(`hidden/${OP}/a.txt`)).toContain("leads into .ondelete");
    expect(readFileSync(join(folder, "elsewhere", "c.txt"), "utf8")).toBe("c");
  });

  test("is taken below a folder whose name only begins like that of what is set aside", async () => {
    mkdirSync(join(root, ".ondelete-export"));
    writeFileSync(join(root, ".ondelete-export", "d.txt"), "d");
    symlinkSync(join(root, ".ondelete-export"), join(root, "export"));
    const store = localDirectory(root);
    expect(await store.find("export/d.txt", OP)).toEqual({ inPlace: true, aside: false });
  });

  test("is refused where the file itself is a link, wherever that leads", async () => {
    symlinkSync(join(root, "a.txt"), join(root, "inside"));
    symlinkSync(join(folder, "secret.txt"), join(root, "outside"));
    const store = localDirectory(root);
    for (const path of ["inside", "outside"]) {
      expect((await failure(store.moveAside(path, OP))).message).toContain("it is a link");
      expect((await failure(store.remove(path))).message).toContain("it is a link");
    }
  });

  test("cannot be set aside into a folder that a link leads out of the root", async () => {
    mkdirSync(join(root, ".ondelete"));
    symlinkSync(join(folder, "elsewhere"), join(root, ".ondelete", OP));
    const store = localDirectory(root);
    expect((await failure(store.moveAside("a.txt", OP))).message).toContain("leads out of the root");
    expect((await failure(store.forget(OP))).message).toContain("leads out of the root");
    expect(read("a.txt")).toBe("a");
  });

  test("may be relative or absolute, and the root may be a link itself", async () => {
    symlinkSync(root, join(folder, "alias"));
    const store = localDirectory(join(folder, "alias"));
    expect(await store.moveAside("./sub//b.txt", OP)).toBe(true);
    expect(await store.moveAside(join(folder, "alias", "a.txt"), OP)).toBe(true);
    expect([read(".ondelete", OP, "sub", "b.txt"), read(".ondelete", OP, "a.txt")]).toEqual(["b", "a"]);
  });

  test("of a root that does not exist is not taken for a file that is missing", async () => {
    const store = localDirectory(join(folder, "unmounted"));
    expect((await failure(store.check("a.txt"))).code).toBe("file-store-missing");
    expect((await failure(store.moveAside("a.txt", OP))).code).toBe("file-store-missing");
  });
});

describe("a local directory", () => {
  test("does each thing once, however often it is asked to", async () => {
    const store = localDirectory(root);
    for (let i = 0; i < 2; i++) expect(await store.moveAside("sub/b.txt", OP)).toBe(true);
    expect(await store.find("sub/b.txt", OP)).toEqual({ inPlace: false, aside: true });
    for (let i = 0; i < 2; i++) expect(await store.bringBack("sub/b.txt", OP)).toBe(true);
    expect(await store.find("sub/b.txt", OP)).toEqual({ inPlace: true, aside: false });
    expect(existsSync(join(root, ".ondelete", OP))).toBe(false);
    expect([await store.remove("a.txt"), await store.remove("a.txt")]).toEqual([true, false]);
    await store.moveAside("sub/b.txt", OP);
    for (let i = 0; i < 2; i++) await store.forget(OP);
    expect(existsSync(join(root, ".ondelete"))).toBe(false);
    expect([await store.moveAside("gone", OP), await store.bringBack("gone", OP)]).toEqual([false, false]);
  });

  test("never overwrites: not what was set aside, and not what took the place", async () => {
    const store = localDirectory(root);
    await store.moveAside("a.txt", OP);
    writeFileSync(join(root, "a.txt"), "another");
    expect(await store.moveAside("a.txt", OP)).toBe(true);
    expect((await failure(store.bringBack("a.txt", OP))).code).toBe("file-in-the-way");
    expect([read("a.txt"), read(".ondelete", OP, "a.txt")]).toEqual(["another", "a"]);
  });
});
