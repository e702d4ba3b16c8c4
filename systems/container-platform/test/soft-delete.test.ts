import { expect, test } from "vitest";
import type { HidingService } from "../services/removal.ts";
import { ADA, BEN, fillSmall } from "./small-data.ts";
import { ADMIN, eachEngine, refusal, type Stage } from "./stage.ts";
import { type State, withoutNewEntries } from "./state.ts";

type Hiding = "projects" | "configFiles" | "forms" | "messages" | "images" | "allowLists";

const VISION = {
  projects: 1,
  config_files: 2,
  forms: 2,
  form_messages: 4,
  image_requests: 2,
  image_allow_lists: 2,
};

/** A row of each table with `deleted_at`, and what is hidden with it. */
const ROWS = [
  ["projects", "projects", "vision", VISION],
  ["config_files", "configFiles", "v1", { config_files: 1 }],
  ["forms", "forms", "f1", { forms: 1, form_messages: 2 }],
  ["form_messages", "messages", "m1", { form_messages: 1 }],
  ["image_requests", "images", "q1", { image_requests: 1 }],
  ["image_allow_lists", "allowLists", "a1", { image_allow_lists: 1 }],
] as const;

/** Names that are taken among live rows: a row of each table, its name, and another row of that name. */
const NAMES = [
  ["projects", "projects", "vision", { pid: "again", gid: "lab", project_name: "vision" }],
  ["config_files", "configFiles", "v1", { cfid: "again", pid: "vision", filename: "v1.yaml", content: "" }],
  [
    "image_allow_lists",
    "allowLists",
    "a1",
    { id: "again", project_id: "vision", tag_id: "p1", repository_id: "python", created_by: "ben" },
  ],
] as const;

eachEngine((stage) => {
  const staged = async () => {
    const small = await stage();
    await fillSmall(small);
    const all = async () => (await small.everything()) as State;
    return { ...small, all };
  };
  const serviceOf = (services: Stage, name: Hiding): HidingService => services[name];

  test.for(ROWS)(
    "deleted records of %s are marked with deleted_at, hidden from normal queries and there in unscoped ones",
    async ([table, name, id, hidden]) => {
      const small = await staged();
      const { live, unscoped, softly } = small.platform;
      const service = serviceOf(small, name);
      const before = await small.all();
      const rows = (await live.selectFrom(table).selectAll().execute()).length;

      const { operation, rows: gone } = await service.hide(id, ADMIN);
      expect(gone).toEqual(hidden);
      const own = hidden[table as keyof typeof hidden];
      expect(await live.selectFrom(table).selectAll().execute()).toHaveLength(rows - own);
      expect(await unscoped.selectFrom(table).selectAll().execute()).toHaveLength(rows);
      const marked = await softly.onlyDeleted.selectFrom(table).select("deleted_at").execute();
      expect(marked).toHaveLength(own);
      // One time for all of the operation.
      expect(marked[0]?.deleted_at).toBeInstanceOf(Date);
      expect(new Set(marked.map(({ deleted_at }) => deleted_at?.getTime())).size).toBe(1);

      const after = await small.all();
      expect(await refusal(service.hide(id, ADMIN))).toBe("not-found");
      expect(await small.all()).toEqual(after);
      await service.restore(id, operation, ADMIN);
      expect(withoutNewEntries(await small.all(), before)).toEqual(before);
    },
  );

  test("a hidden project is in no list and in no view, and neither is anything below it", async () => {
    const small = await staged();
    const { projects, groups, forms, images, platform } = small;
    const description = "There is too little memory.";
    await platform.unscoped.updateTable("forms").set({ description }).where("id", "<", "f3").execute();
    const ids = async () => ({
      projects: (await projects.list()).map(({ pid }) => pid),
      groups: (await groups.list()).flatMap((group) => group.projects.map(({ pid }) => pid)),
      forms: (await forms.list()).map(({ id }) => id),
      messages: (await forms.list()).flatMap(({ messages }) => messages.map(({ id }) => id)),
      search: (await forms.search("memory")).map(({ id }) => id),
      requests: (await images.listRequests()).map(({ id }) => id),
      allowed: (await images.allowed("vision")).map(({ id }) => id),
      active: (await view("active_projects", "pid")).map(({ pid }) => pid),
      open: (await view("open_forms", "id")).map(({ id }) => id),
      pending: (await view("pending_image_requests", "id")).map(({ id }) => id),
      images: (await view("allowed_images", "id")).map(({ id }) => id),
    });
    const view = (
      name: "active_projects" | "open_forms" | "pending_image_requests" | "allowed_images",
      key: string,
    ) => small.db.rows(`select ${key} from ${name} order by 1`);
    expect(await ids()).toEqual({
      projects: ["speech", "till", "vision"],
      groups: ["speech", "vision", "till"],
      forms: ["f1", "f2", "f3", "f4", "f5"],
      messages: ["m1", "m2", "m3", "m4", "m5", "m6", "m7"],
      search: ["f1", "f2"],
      requests: ["q1", "q2", "q3", "q4"],
      allowed: ["a1", "a2"],
      active: ["speech", "till", "vision"],
      open: ["f1", "f2", "f3", "f4", "f5"],
      pending: ["q1", "q2", "q3", "q4"],
      images: ["a1", "a2", "a3", "a4"],
    });

    await projects.hide("vision", ADMIN);
    expect(await ids()).toEqual({
      projects: ["speech", "till"],
      groups: ["speech", "till"],
      forms: ["f2", "f4", "f5"],
      messages: ["m3", "m6", "m7"],
      search: ["f2"],
      requests: ["q3", "q4"],
      allowed: [],
      active: ["speech", "till"],
      open: ["f2", "f4", "f5"],
      pending: ["q3", "q4"],
      images: ["a3", "a4"],
    });
    const [kept] = await small.db.rows(
      "select (select count(*) from resources) as resources, (select count(*) from course_workloads) as workloads",
    );
    expect(kept).toEqual({ resources: "5", workloads: "4" });
  });

  test("restore brings back exactly what that one deletion took: a form hidden before on its own stays hidden", async () => {
    const small = await staged();
    const { forms, projects } = small;
    const before = await small.all();
    const form = await forms.hide("f1", ADA);
    const withoutForm = await small.all();
    const project = await projects.hide("vision", BEN);
    expect(project.rows).toEqual({ ...VISION, forms: 1, form_messages: 2 });

    await projects.restore("vision", project.operation, BEN);
    expect(withoutNewEntries(await small.all(), withoutForm)).toEqual(withoutForm);
    await forms.restore("f1", form.operation, ADA);
    expect(withoutNewEntries(await small.all(), before)).toEqual(before);
  });

  test("a form does not come back below a project that was hidden since", async () => {
    const small = await staged();
    const { forms, projects } = small;
    const { operation } = await forms.hide("f1", ADA);
    await projects.hide("vision", BEN);
    const before = await small.all();
    const conflict = await forms.restore("f1", operation, ADA).catch((error: unknown) => error);
    expect(conflict).toMatchObject({
      code: "conflict",
      status: 409,
      details: [{ kind: "parent-gone", table: "forms", rows: 1 }],
    });
    expect(await small.all()).toEqual(before);
  });

  test("a project that is deleted and restored has the forms that were hidden, hidden as they were", async () => {
    const small = await staged();
    await small.forms.hide("f1", ADA);
    const before = await small.all();
    const { operation, rows } = await small.projects.destroy("vision", ADMIN);
    expect(rows).toMatchObject({ forms: 2, form_messages: 4 });
    await small.projects.restore("vision", operation, ADMIN);
    expect(withoutNewEntries(await small.all(), before)).toEqual(before);
  });

  test.for(NAMES)(
    "unique constraints of %s hold among live rows only, in the database itself",
    async ([table, name, id, again]) => {
      const small = await staged();
      const { unscoped } = small.platform;
      const [key = ""] = Object.keys(again);
      const add = (newId: string) =>
        refusal(
          unscoped
            .insertInto(table)
            .values({ ...again, [key]: newId } as never)
            .execute(),
        );
      const TAKEN = small.platform.engine === "mariadb" ? "ER_DUP_ENTRY" : "23505";
      const service = serviceOf(small, name);
      expect(await add("second")).toBe(TAKEN);
      await service.hide(id, ADMIN);
      expect(await add("second")).toBe("done");
      expect(await add("third")).toBe(TAKEN);
      await service.hide("second", ADMIN);
      expect(await add("third")).toBe("done");
    },
  );

  test.for(NAMES)(
    "restore of %s onto a name that is taken since is a reported conflict, and nothing is changed",
    async ([table, name, id, again]) => {
      const small = await staged();
      const service = serviceOf(small, name);
      const { operation } = await service.hide(id, ADMIN);
      await small.platform.unscoped
        .insertInto(table)
        .values(again as never)
        .execute();
      const before = await small.all();
      const conflict = await service.restore(id, operation, ADMIN).catch((error: unknown) => error);
      expect(conflict).toMatchObject({
        code: "conflict",
        details: [{ kind: "unique-taken", table, rows: 1 }],
      });
      expect(await small.all()).toEqual(before);

      await service.hide("again", ADMIN);
      expect(await refusal(service.restore(id, operation, ADMIN))).toBe("done");
    },
  );

  test("nothing is created or changed below a hidden parent", async () => {
    const small = await staged();
    const { projects, forms, images } = small;
    await projects.hide("vision", ADMIN);
    await forms.hide("f2", ADMIN);
    await images.hide("q3", ADMIN);
    const before = await small.all();
    const attempts = [
      forms.create({ project_id: "vision", title: "late" }, ADA),
      projects.addConfigs("vision", [{ filename: "late.yaml", content: "", resources: [] }], ADA),
      images.request([{ project_id: "vision", image: "python", tag: "3.14" }], ADA),
      // One of two is enough.
      images.request(
        ["till", "vision"].map((project_id) => ({ project_id, image: "node", tag: "24" })),
        ADA,
      ),
      forms.addMessages("f1", ["late"], ADA),
      forms.addMessages("f2", ["late"], ADA),
      forms.setStatus(["f4", "f2"], "completed", ADMIN),
      images.approve("q1", ADMIN),
      images.approve("q3", ADMIN),
      images.reject("q3", ADMIN, "late"),
    ];
    const ends = await Promise.all(attempts.map(refusal));
    expect(ends).toEqual(attempts.map(() => "not-found"));
    expect(await small.all()).toEqual(before);
  });

  test("an operation is taken back once, on its own row, by the service of its table", async () => {
    const small = await staged();
    const { forms, projects } = small;
    const { operation } = await forms.hide("f1", ADA);
    const before = await small.all();
    expect(await refusal(projects.restore("vision", operation, ADA))).toBe("not-found");
    expect(await refusal(forms.restore("f3", operation, ADA))).toBe("not-found");
    expect(await refusal(forms.restore("f1", "no-such-operation", ADA))).toBe("not-found");
    expect(await small.all()).toEqual(before);
    await forms.restore("f1", operation, ADA);
    expect(await refusal(forms.restore("f1", operation, ADA))).toBe("conflict");
  });
});
