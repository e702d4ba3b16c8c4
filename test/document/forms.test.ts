import { expect, test } from "vitest";
import { type DocumentCheck, open } from "../../src/index.ts";
import { eachVariant } from "../support/stages.ts";

const DDL = [
  "create table users (id integer not null primary key)",
  "create table projects (id integer not null primary key, owner_id integer, foreign key (owner_id) references users (id) on delete set null)",
  "create table project_notes (id integer not null primary key, project_id integer not null, author_id integer not null, foreign key (project_id) references projects (id) on delete cascade, foreign key (author_id) references users (id) on delete restrict)",
  "create table note_files (id integer not null primary key, note_id integer, foreign key (note_id) references project_notes (id) on delete cascade)",
];

/** By what a document writes: whether it is right, or what of the database contradicts it. */
type Row = readonly [title: string, markdown: string, expected: string];

const table = (...lines: readonly string[]) => lines.map((line) => `| ${line} |`).join("\n");
const matrix = (corner: string, cell: string) =>
  table(
    `${corner} | Project | User`,
    "--- | --- | ---",
    `ProjectNote | ${cell} | RESTRICT`,
    "NoteFile | DELETED* | -",
  );

const FORMS: readonly Row[] = [
  ["a cell in capitals", matrix("When deleting →", "DELETED"), "right"],
  ["a cell as an action", matrix("Child \\ Parent", "**CASCADE**"), "right"],
  [
    "a cell in words",
    matrix("", "deleted (via ORM)"),
    "deleting from projects: project_notes DELETED, by the database",
  ],
  [
    "a cell that names a column that is not set",
    matrix("", "`project_id` → NULL"),
    "deleting from projects: project_notes DELETED",
  ],
  ["a cell of nothing", matrix("Table", "-"), "deleting from projects: project_notes DELETED"],
  [
    "a matrix the other way round",
    table(
      "Parent ↓ | projects | project_notes",
      "--- | --- | ---",
      "users | owner_id=NULL | RESTRICT",
      "projects | — | CASCADE",
    ),
    "right",
  ],
  [
    "a section with its columns",
    `### ProjectNote\n\n${table("Field | Type | References | On Delete", "--- | --- | --- | ---", "projectId | int | Project.id | CASCADE", "authorId | int | users(id) | RESTRICT", "id | int | - | -")}`,
    "right",
  ],
  [
    "a column that is said to reference nothing",
    `### Project\n\n${table("Column | FK Reference | On Delete", "--- | --- | ---", "owner_id | - | -")}`,
    "projects.owner_id references users (SET NULL)",
  ],
  [
    "a table of relations",
    table(
      "Child | FK Column | Parent | ON DELETE",
      "--- | --- | --- | ---",
      "note_files | note_id | ProjectNotes | SET NULL",
    ),
    "note_files(note_id) -> project_notes(id) is CASCADE, not SET NULL",
  ],
  [
    "a foreign key in a list",
    "### note_files\n\n- FOREIGN KEY: `note_id` → `project_notes(id)` ON DELETE CASCADE",
    "right",
  ],
  [
    "what references a table",
    `#### Users\n\n**Referenced By:**\n${table("Table | FK Field | On Delete Behavior", "--- | --- | ---", "Project | owner_id | SET NULL")}\n\n- ProjectNote.author_id (CASCADE on delete)`,
    "project_notes(author_id) -> users(id) is RESTRICT, not CASCADE",
  ],
  ["a sentence with an arrow", "- Project.OwnerID → SET NULL on user deletion", "right"],
  ["rows that go when another does", "Project notes are deleted when their project is deleted.", "right"],
  [
    "rows that go with another",
    "Projects are deleted with their user.",
    "deleting from users: projects owner_id=NULL",
  ],
  ["what deleting takes along", "Deleting a project deletes all its project_notes and note_files.", "right"],
  ["what deleting sets to null", "Deleting a user sets projects.owner_id to null.", "right"],
  [
    "foreign keys from and to",
    "Foreign keys from `Project.ownerId` and `ProjectNote.authorId` to `User.id`.",
    "right",
  ],
  [
    "a table has a foreign key",
    "Projects table has a foreign key `owner_id` pointing to the `users` table.",
    "right",
  ],
  [
    "a column references a table",
    "note_files.note_id references projects.",
    "note_files.note_id references project_notes, not projects",
  ],
  ["one has many", "- **One user** can have **many projects**", "right"],
  ["has many via", "#### User\n\n- Has many Projects (via owner_id)", "right"],
  [
    "columns with their table",
    table(
      "Foreign key | References | On delete",
      "--- | --- | ---",
      "`projects.owner_id` | users.id | SET NULL",
      "project_notes(author_id) | users(id) | CASCADE",
    ),
    "project_notes(author_id) -> users(id) is RESTRICT, not CASCADE",
  ],
  [
    "from and to",
    table("From | To | Behaviour", "--- | --- | ---", "projects.owner_id | users.id | SET NULL"),
    "right",
  ],
  [
    "what a deletion does, item by item",
    "### What happens when a user is deleted?\n\n1. projects.owner_id is set to NULL\n2. Project notes block the deletion",
    "right",
  ],
  [
    "what a deletion does, after a colon",
    "### Deleting a Project\n\n- **ProjectNote**: DELETED\n- note_files: note_id set to NULL",
    "deleting from projects: note_files DELETED",
  ],
  ["when one goes, the other does", "When a project is deleted, all its project_notes are deleted.", "right"],
  [
    "a column uses an action",
    "`note_files.note_id` uses ON DELETE SET NULL.",
    "note_files(note_id) -> project_notes(id) is CASCADE, not SET NULL",
  ],
  ["what is blocked by another", "Deleting a user is blocked by project notes.", "right"],
  [
    "what cannot be deleted while",
    "A project cannot be deleted while project_notes reference it.",
    "deleting from projects: project_notes DELETED",
  ],
  [
    "one has many, with what happens",
    "- Project has many ProjectNotes (ON DELETE SET NULL)",
    "project_notes(project_id) -> projects(id) is CASCADE, not SET NULL",
  ],
  ["one belongs to another", "A NoteFile belongs to a ProjectNote.", "right"],
  [
    "who enforces it",
    table(
      "Table | Column | References | ON DELETE | Enforced by",
      "--- | --- | --- | --- | ---",
      "projects | owner_id | users(id) | SET NULL | database",
      "project_notes | project_id | projects(id) | CASCADE | application",
    ),
    "project_notes(project_id) -> projects(id) is carried out by the database",
  ],
  [
    "that there are constraints",
    "- [x] Foreign key constraints are defined in the schema\n\n## Not Implemented\n\n- Foreign keys defined",
    "right",
  ],
  [
    "that there are none",
    "The schema has names only, but no explicit foreign key constraints.",
    "4 relations are declared by constraints",
  ],
  ["cells with signs before them", matrix("Table \\ Deleted", "✅ CASCADE"), "right"],
];

async function check(markdown: string, database: { readonly handle: object }): Promise<DocumentCheck> {
  return (await open(database.handle)).checkDocument(markdown);
}

eachVariant((_, fresh) => {
  test("statements of every form are judged, the wrong ones by what the database does", async () => {
    const db = await fresh();
    await db.exec(DDL);
    for (const [title, markdown, expected] of FORMS) {
      const { contradicted, notJudged, counts } = await check(markdown, db);
      expect(notJudged, title).toEqual([]);
      expect(counts.judged, title).toBeGreaterThan(0);
      expect(
        contradicted.map((d) => d.message),
        title,
      ).toEqual(expected === "right" ? [] : [expected]);
    }
  });
});

eachVariant((_, fresh) => {
  test("what cannot be meant for sure is not judged, and told with the reason", async () => {
    const db = await fresh();
    await db.exec(DDL);
    const text = [
      "Widgets are deleted with their project.",
      "Projects.colour → SET NULL",
      "### Deleting a Project",
      "",
      table(
        "Affected Table | Behavior",
        "--- | ---",
        "ProjectNote | archived elsewhere",
        "NoteFile | DELETED",
      ),
      "",
      "- ~~Project.owner_id → CASCADE~~",
    ].join("\n");
    const { notJudged, contradicted, leftOut, counts } = await check(text, db);
    expect(notJudged.map((n) => [n.line, n.reason])).toEqual([
      [1, "no table is called Widgets"],
      [2, "projects has no column colour"],
      [7, "what happens cannot be read"],
    ]);
    expect(contradicted).toEqual([]);
    expect(leftOut).toEqual([]);
    expect(counts).toEqual({ judged: 1, right: 1, contradicted: 0, leftOut: 0, notJudged: 3 });
  });

  test("UTF-8 that was read as Windows-1252 is read as it was meant", async () => {
    const db = await fresh();
    await db.exec(DDL);
    const tree = [
      "```",
      "Project Deletion:",
      "  â”œâ”€ All project notes deleted",
      "  â””â”€ note_files â†’ CASCADE",
      "```",
    ].join("\n");
    const { counts, leftOut } = await check(tree, db);
    expect(counts).toMatchObject({ judged: 2, right: 2, notJudged: 0 });
    expect(leftOut.map((o) => o.object)).toEqual(["note_files(note_id) -> project_notes(id)"]);
  });

  test("a relation and a cell between tables that a document is about, and does not tell, are left out", async () => {
    const db = await fresh();
    await db.exec(DDL);
    const text = [
      "```",
      "users",
      "└── projects (ownerId)",
      "```",
      "### When a Project is deleted",
      "",
      "- All `projectNotes` for that project",
      "",
      "note_files.note_id references project_notes",
    ].join("\n");
    const { leftOut, contradicted } = await check(text, db);
    expect(contradicted).toEqual([]);
    expect(leftOut).toEqual([
      {
        line: 7,
        object: "note_files | projects",
        message:
          "When a Project is deleted does not say what becomes of note_files when rows of projects are deleted: DELETED",
        relations: ["note_files(note_id) -> project_notes(id)"],
      },
      {
        line: null,
        object: "project_notes(author_id) -> users(id)",
        message: "project_notes.author_id references users, RESTRICT",
        relations: ["project_notes(author_id) -> users(id)"],
      },
    ]);
  });
});
