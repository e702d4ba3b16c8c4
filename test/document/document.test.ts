import { expect, test } from "vitest";
import { open } from "../../src/index.ts";
import { eachVariant } from "../support/stages.ts";

const SCHEMA = `create table users (id integer primary key, email text);
create table projects (id integer primary key, owner_id integer, foreign key (owner_id) references users (id) on delete set null);
create table workflows (id integer primary key, project_id integer not null, foreign key (project_id) references projects (id) on delete cascade);
create table runs (id integer primary key, workflow_id integer, foreign key (workflow_id) references workflows (id) on delete set null);
create table invoices (id integer primary key, user_id integer not null, foreign key (user_id) references users (id) on delete restrict);
create table notes (id integer primary key, project_id integer)`;

const CONFIG = {
  relations: [
    {
      child: "notes",
      columns: ["project_id"],
      parent: "projects",
      parentColumns: ["id"],
      onDelete: "cascade",
      enforcedBy: "application",
    },
  ],
} as const;

eachVariant((_, fresh) => {
  test("the delete matrix has direct effects, those by way of others, and what the application does", async () => {
    const db = await fresh();
    await db.exec(SCHEMA);
    const text = await (await open(db.handle, CONFIG)).document({ format: "markdown" });
    const from = text.indexOf("| When deleting →");
    expect(text.slice(from, text.indexOf("\n\n", from))).toBe(
      [
        "| When deleting → | projects | users | workflows |",
        "| --- | --- | --- | --- |",
        "| **invoices** | - | BLOCKED | - |",
        "| **notes** | DELETED (application) | - | - |",
        "| **projects** | - | owner_id=NULL | - |",
        "| **runs** | workflow_id=NULL\\* | - | workflow_id=NULL |",
        "| **workflows** | DELETED | - | - |",
      ].join("\n"),
    );
    expect(text).toContain("\n- runs \\| projects: projects → workflows → runs\n");
  });
});
