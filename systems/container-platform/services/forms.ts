import { sql } from "kysely";
import type { Platform } from "../database.ts";
import { notFound } from "../errors.ts";
import { id } from "../ids.ts";
import type { FormStatus, NewRow, Row } from "../schema.ts";
import { type Actor, record } from "./audit.ts";
import { FORM, PROJECT, requireLive, USER } from "./locks.ts";
import { below, inBatches, limitOf, type Page, valuesOf } from "./pages.ts";
import { HidingService } from "./removal.ts";

export type NewForm = Pick<NewRow<"forms">, "project_id" | "title" | "description" | "tag">;

export interface Message extends Pick<Row<"form_messages">, "id" | "content" | "created_at"> {
  readonly username: string;
}

export interface FormWithMessages extends Row<"forms"> {
  readonly username: string;
  readonly messages: readonly Message[];
}

export class FormService extends HidingService {
  readonly #platform: Platform;

  constructor(platform: Platform) {
    super(platform, FORM);
    this.#platform = platform;
  }

  /** Live forms with their authors and live messages, in three queries. */
  async list(
    where: Partial<Pick<Row<"forms">, "user_id" | "project_id" | "status">> = {},
    page: Page = {},
  ): Promise<FormWithMessages[]> {
    const forms = await this.#platform.live
      .selectFrom("forms")
      .selectAll()
      .where((is) => is.and(where))
      .$if(page.after !== undefined, (query) => query.where("id", ">", String(page.after)))
      .orderBy("id")
      .limit(limitOf(page))
      .execute();
    return this.#withMessages(forms);
  }

  /**
   * Live forms whose title or description has the words, by the full-text index, in three queries: all of the words on
   * PostgreSQL, any of them on MariaDB, which knows none of less than three letters.
   */
  async search(words: string, page: Page = {}): Promise<FormWithMessages[]> {
    const matches =
      this.#platform.engine === "mariadb"
        ? sql<boolean>`match (title, description) against (${words})`
        : sql<boolean>`to_tsvector('simple', title || ' ' || coalesce(description, '')) @@ plainto_tsquery('simple', ${words})`;
    const forms = await this.#platform.live
      .selectFrom("forms")
      .selectAll()
      .where(matches)
      .$if(page.after !== undefined, (query) => query.where("id", ">", String(page.after)))
      .orderBy("id")
      .limit(limitOf(page))
      .execute();
    return this.#withMessages(forms);
  }

  async #withMessages(forms: Row<"forms">[]): Promise<FormWithMessages[]> {
    if (forms.length === 0) return [];
    const { live } = this.#platform;
    const messages = await live
      .selectFrom("form_messages")
      .select(["id", "form_id", "user_id", "content", "created_at"])
      .where("form_id", "in", valuesOf(forms, "id"))
      .orderBy("created_at")
      .orderBy("id")
      .execute();
    const authors = await live
      .selectFrom("users")
      .select(["uid", "username"])
      .where("uid", "in", valuesOf([...forms, ...messages], "user_id"))
      .execute();
    const names = new Map(authors.map(({ uid, username }) => [uid, username]));
    const ofForm = below(messages, "form_id");
    return forms.map((form) => ({
      ...form,
      username: names.get(form.user_id) ?? "",
      messages: ofForm(form.id).map(({ id, content, created_at, user_id }) => ({
        id,
        content,
        created_at,
        username: names.get(user_id) ?? "",
      })),
    }));
  }

  /** @throws PlatformError `not-found` where no live project has the id */
  create(form: NewForm, by: Actor): Promise<string> {
    const formId = id();
    return this.#platform.transaction(async (session) => {
      await requireLive(session, PROJECT, form.project_id);
      await session.unscoped
        .insertInto("forms")
        .values({ ...form, id: formId, user_id: by.uid })
        .execute();
      await record(session, by, { action: "create", type: "form", id: formId, description: form.title });
      return formId;
    });
  }

  /** Adds messages to a live form: all of them, or none. @throws PlatformError `not-found` */
  addMessages(formId: string, contents: readonly string[], by: Actor): Promise<string[]> {
    const rows = contents.map((content) => ({ id: id(), form_id: formId, user_id: by.uid, content }));
    return this.#platform.transaction(async (session) => {
      await requireLive(session, USER, by.uid);
      await requireLive(session, FORM, formId);
      await inBatches(rows, (some) => session.unscoped.insertInto("form_messages").values(some).execute());
      return rows.map((row) => row.id);
    });
  }

  /** Sets the status of live forms, a thousand in a statement: all of them, or none. @throws PlatformError `not-found` */
  setStatus(ids: readonly string[], status: FormStatus, by: Actor): Promise<void> {
    const all = [...new Set(ids)];
    const deeds = all.map(
      (formId) => ({ action: "update", type: "form", id: formId, description: status }) as const,
    );
    return this.#platform.transaction(async (session) => {
      await record(session, by, ...deeds);
      await inBatches(all, async (some) => {
        const { unscoped } = session;
        const live = await unscoped
          .selectFrom("forms")
          .select("id")
          .where("id", "in", some)
          .where("deleted_at", "is", null)
          .orderBy("id")
          .forUpdate()
          .execute();
        const found = new Set(live.map((form) => form.id));
        const missing = some.find((formId) => !found.has(formId));
        if (missing !== undefined) throw notFound("form", missing);
        await unscoped
          .updateTable("forms")
          .set({ status, updated_at: sql`current_timestamp(3)` })
          .where("id", "in", some)
          .execute();
      });
    });
  }
}
