import { DatabaseSync } from "node:sqlite";
import axe from "axe-core";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { open } from "../../src/index.ts";
import { AWKWARD, CONFIG, NAMES } from "./awkward.ts";
import { browserSkip, inBrowser } from "./browser.ts";
import { genaiFactory } from "./systems.ts";

const skip = browserSkip();
if (skip !== null) console.log(`HTML in a browser: SKIPPED, because ${skip}`);

async function pageOf(ddl: readonly string[], config = {}): Promise<string> {
  const handle = new DatabaseSync(":memory:");
  for (const statement of ddl) handle.exec(statement);
  const db = await open(handle, config);
  return db.document({ format: "html" });
}

const search = async (page: Page, word: string) => {
  await page.fill("#search", word);
  await page.press("#search", "Enter");
};

const highlighted = (page: Page, kind: string) =>
  page.$$eval(`.t.${kind}`, (nodes) => nodes.map((node) => node.getAttribute("data-name")).sort());

describe.skipIf(skip !== null)("the HTML page, in Chromium", () => {
  test("a search finds a table and shows what its deletion does, by which chain, and who does it", async () => {
    await inBrowser(await pageOf(genaiFactory.ddl, genaiFactory.config), async (page, errors) => {
      await search(page, "workfl");
      expect(await page.textContent("#panel h3")).toBe("workflow");
      expect(await highlighted(page, "deleted")).toEqual(["schedule", "schedule_labels", "workflow_labels"]);
      expect(await highlighted(page, "null")).toEqual(["deployment", "run", "session"]);
      const items = await page.$$eval("#panel h4.null + ul li", (list) => list.map((li) => li.textContent));
      expect(items).toEqual([
        "deployment workflow_id = NULL",
        "run schedule_id = NULLby way of schedule",
        "run workflow_id = NULL",
        "session workflow_id = NULL",
      ]);
      const gone = await page.$$eval("#panel h4.deleted + ul li", (list) => list.map((li) => li.textContent));
      expect(gone).toEqual([
        "schedule",
        "schedule_labels applicationby way of schedule",
        "workflow_labels application",
      ]);
      expect(errors).toEqual([]);
    });
  });

  test("a click picks a table, Escape lets go of it, and the keyboard moves and zooms", async () => {
    await inBrowser(await pageOf(genaiFactory.ddl, genaiFactory.config), async (page, errors) => {
      await page.click('.t[data-name="model"]');
      expect(await highlighted(page, "picked")).toEqual(["model"]);
      expect(await highlighted(page, "null")).toEqual(["deployment"]);
      await page.keyboard.press("Escape");
      expect(await highlighted(page, "picked")).toEqual([]);
      expect(await page.textContent("#panel h3")).toBe("Pick a table");
      const view = () => page.getAttribute("#view", "transform");
      await page.focus("#diagram");
      const before = await view();
      await page.keyboard.press("+");
      const larger = await view();
      expect(Number(/scale\((.+)\)/.exec(larger ?? "")?.[1])).toBeGreaterThan(
        Number(/scale\((.+)\)/.exec(before ?? "")?.[1]),
      );
      await page.keyboard.press("0");
      expect(await view()).toBe(before);
      expect(errors).toEqual([]);
    });
  });

  test("the matrix has the cells of the delete matrix, and its heads stay in sight", async () => {
    await inBrowser(await pageOf(genaiFactory.ddl, genaiFactory.config), async (page) => {
      const rows = await page.$$eval("#matrix tr", (list) =>
        list.map((tr) => [...tr.children].map((cell) => cell.textContent ?? "")),
      );
      const column = rows[0]?.indexOf("project") ?? -1;
      const cells = Object.fromEntries(rows.map((row) => [row[0], row[column]]));
      expect(cells.run).toBe("workflow_id=NULL, schedule_id=NULL (application)");
      expect(cells.session).toBe("workflow_id=NULL (application)");
      expect(cells.schedule).toBe("DELETED (application)");
      const sticky = await page.evaluate(
        "getComputedStyle(document.querySelector('#matrix thead th')).position",
      );
      expect(sticky).toBe("sticky");
    });
  });

  test("names with all that HTML gives a meaning to are shown as they are", async () => {
    await inBrowser(await pageOf(AWKWARD, CONFIG), async (page, errors) => {
      await search(page, "<d>");
      expect(await page.textContent("#panel h3")).toBe(NAMES.other);
      expect(errors).toEqual([]);
    });
  });

  test.for(["light", "dark"] as const)("axe finds no barrier in the %s page", async (scheme) => {
    await inBrowser(await pageOf(genaiFactory.ddl, genaiFactory.config), async (page) => {
      await page.emulateMedia({ colorScheme: scheme });
      await search(page, "workflow");
      await page.fill("#search", "");
      // The page's own policy lets no other script in, so that it is run from outside.
      await page.evaluate(axe.source);
      const found = await page.evaluate(async () => {
        const page = globalThis as unknown as { axe: { run(): Promise<{ violations: readonly unknown[] }> } };
        const { violations } = await page.axe.run();
        return (violations as { id: string; nodes: { html: string }[] }[]).map((v) => [
          v.id,
          v.nodes.slice(0, 3).map((n) => n.html.slice(0, 120)),
        ]);
      });
      expect(found).toEqual([]);
    });
  });

  test("1,000 tables are laid out before, so that the page is there at once and one table's part is drawn anew", async () => {
    const ddl = Array.from({ length: 1000 }, (_, i) => {
      const parents = [Math.floor(i / 4), Math.floor(i / 9), Math.floor(i / 30)].map((p) =>
        Math.max(0, p - 1),
      );
      const columns = parents.map(
        (p, n) =>
          `r${n} integer references app_${p} (id) on delete ${["cascade", "set null", "restrict"][n]}`,
      );
      return `create table app_${i} (id integer primary key${i === 0 ? "" : `, ${columns.join(", ")}`})`;
    });
    const started = performance.now();
    const html = await pageOf(ddl);
    expect(performance.now() - started).toBeLessThan(5_000);
    await inBrowser(html, async (page, errors) => {
      expect(await page.$$eval(".t", (nodes) => nodes.length)).toBe(1000);
      await search(page, "app_60");
      expect(await highlighted(page, "picked")).toEqual(["app_60"]);
      expect(await highlighted(page, "deleted")).toEqual([
        "app_244",
        "app_245",
        "app_246",
        "app_247",
        "app_980",
        "app_981",
        "app_982",
        "app_983",
        "app_984",
        "app_985",
        "app_986",
        "app_987",
        "app_988",
        "app_989",
        "app_990",
        "app_991",
        "app_992",
        "app_993",
        "app_994",
        "app_995",
      ]);
      const drawn = await page.locator(".t:visible").count();
      expect(drawn).toBeLessThan(100);
      expect(errors).toEqual([]);
    });
  });
});
