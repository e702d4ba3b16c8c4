import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium, type Page } from "playwright-core";

const EXECUTABLE = process.env.ONDELETE_CHROMIUM ?? "/usr/bin/chromium";

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Why no browser can be driven here, null where one can. */
export function browserSkip(): string | null {
  if (existsSync(EXECUTABLE)) return null;
  const reason = `there is no ${EXECUTABLE}; ONDELETE_CHROMIUM names another`;
  if (process.env.ONDELETE_TEST_ALL === "1") throw new Error(reason);
  return reason;
}

/** Opens a page of HTML in a browser of its own and does something with it; errors of the page are collected. */
export async function inBrowser(
  html: string,
  work: (page: Page, errors: readonly string[]) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "ondelete-browser-"));
  const file = join(folder, "page.html");
  await writeFile(file, html);
  const context = await chromium.launchPersistentContext(join(folder, "profile"), {
    executablePath: EXECUTABLE,
    headless: true,
    args: FLAGS,
    viewport: { width: 1280, height: 900 },
  });
  try {
    const page = context.pages()[0] ?? (await context.newPage());
    const errors: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error") errors.push(message.text());
    });
    page.on("pageerror", (error) => errors.push(error.message));
    page.on("request", (request) => {
      if (!request.url().startsWith("file:")) errors.push(`a request to ${request.url()}`);
    });
    await page.goto(pathToFileURL(file).href);
    await page.waitForSelector("#matrix table");
    await work(page, errors);
  } finally {
    await context.close();
    await rm(folder, { recursive: true, force: true });
  }
}
