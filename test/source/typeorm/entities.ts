import type * as latest from "typeorm";

class Address {
  street!: string;
  city!: string | null;
  country!: Country | null;
}

class Country {
  code!: string;
}

class Person {
  id!: number;
  email!: string;
  address!: Address;
  manager!: Person | null;
  reports!: Person[];
  profile!: Profile;
  letters!: Letter[];
  teams!: Team[];
  gone!: Date | null;

  log(): void {}
}

class Profile {
  id!: number;
  person!: Person;
}

class Letter {
  id!: number;
  sender!: Person;
  recipient!: Person | null;
  copy!: Person | null;
  free!: Person | null;
}

class Project {
  tenant!: number;
  key!: string;
  title!: string | null;
  tasks!: Task[];
}

class Task {
  id!: number;
  project!: Project | null;
}

class Team {
  id!: number;
  people!: Person[];
  projects!: Project[];
}

class Content {
  id!: number;
  owner!: Person;
}

class Photo extends Content {
  album!: Project | null;
}

class Note extends Content {
  topic!: Letter | null;
}

class Category {
  id!: number;
  parent!: Category | null;
  children!: Category[];
}

/** No table of its own; each of its children has its relation. */
abstract class Asset {
  id!: number;
  owner!: Person;
}

class Car extends Asset {}

class House extends Asset {
  garage!: Car | null;
}

export class TaskSubscriber {
  listenTo() {
    return Task;
  }
  afterRemove(): void {}
}

type Orm = typeof latest;

/** The entities as decorators of one version of TypeORM declare them, called as the functions that they are. */
export function declare(orm: Orm, engine: "sqlite" | "postgres" | "mariadb"): void {
  people(orm);
  letters(orm, engine);
  projects(orm, engine);
  contents(orm);
  orm.EventSubscriber()(TaskSubscriber);
}

const to = <T>(type: () => new () => T) => type as () => new () => object;

function people(orm: Orm): void {
  orm.Entity("country")(Country);
  orm.PrimaryColumn({ type: "varchar", length: 2 })(Country.prototype, "code");
  orm.Column({ type: "varchar" })(Address.prototype, "street");
  orm.Column({ type: "varchar", nullable: true })(Address.prototype, "city");
  orm.ManyToOne(
    to(() => Country),
    { onDelete: "SET NULL", nullable: true },
  )(Address.prototype, "country");

  const person = Person.prototype;
  orm.Entity("people")(Person);
  orm.PrimaryGeneratedColumn()(person, "id");
  orm.Column({ type: "varchar", length: 80, unique: true })(person, "email");
  orm.Column(() => Address)(person, "address");
  orm.ManyToOne(
    to(() => Person),
    "reports",
    { onDelete: "SET NULL" },
  )(person, "manager");
  orm.JoinColumn({ name: "manager_id", foreignKeyConstraintName: "fk_manager" })(person, "manager");
  orm.OneToMany(
    to(() => Person),
    "manager",
  )(person, "reports");
  orm.OneToOne(
    to(() => Profile),
    "person",
  )(person, "profile");
  orm.OneToMany(
    to(() => Letter),
    "sender",
    { cascade: ["remove"] },
  )(person, "letters");
  orm.ManyToMany(
    to(() => Team),
    "people",
  )(person, "teams");
  orm.DeleteDateColumn({ name: "deleted_at" })(person, "gone");
  orm.BeforeRemove()(person, "log");

  orm.Entity()(Profile);
  orm.PrimaryColumn({ type: "int" })(Profile.prototype, "id");
  orm.OneToOne(
    to(() => Person),
    "profile",
    { onDelete: "CASCADE", nullable: false },
  )(Profile.prototype, "person");
  orm.JoinColumn()(Profile.prototype, "person");

  orm.Entity("team")(Team);
  orm.PrimaryColumn({ type: "int" })(Team.prototype, "id");
  orm.ManyToMany(
    to(() => Person),
    "teams",
    { onDelete: "RESTRICT" },
  )(Team.prototype, "people");
  orm.JoinTable({ name: "team people" })(Team.prototype, "people");
  orm.ManyToMany(to(() => Project))(Team.prototype, "projects");
  orm.JoinTable()(Team.prototype, "projects");
}

function letters(orm: Orm, engine: "sqlite" | "postgres" | "mariadb"): void {
  const letter = Letter.prototype;
  orm.Entity({ name: "Letter", ...(engine === "postgres" ? { schema: "post" } : {}) })(Letter);
  orm.PrimaryColumn({ type: "bigint" })(letter, "id");
  const byEmail = { referencedColumnName: "email" };
  orm.ManyToOne(
    to(() => Person),
    "letters",
    { nullable: false, onDelete: "RESTRICT", onUpdate: "CASCADE" },
  )(letter, "sender");
  orm.JoinColumn({ name: "sender", ...byEmail })(letter, "sender");
  orm.ManyToOne(
    to(() => Person),
    { orphanedRowAction: "delete" },
  )(letter, "recipient");
  orm.JoinColumn({ name: "recipient", ...byEmail })(letter, "recipient");
  orm.ManyToOne(
    to(() => Person),
    { onDelete: "NO ACTION" },
  )(letter, "copy");
  orm.JoinColumn({ name: "copy", ...byEmail })(letter, "copy");
  orm.ManyToOne(
    to(() => Person),
    { createForeignKeyConstraints: false },
  )(letter, "free");
}

function projects(orm: Orm, engine: "sqlite" | "postgres" | "mariadb"): void {
  const project = Project.prototype;
  orm.Entity()(Project);
  orm.PrimaryColumn({ type: "int" })(project, "tenant");
  orm.PrimaryColumn({ type: "varchar", length: 20 })(project, "key");
  orm.Column({ type: "varchar", length: 20, nullable: true })(project, "title");
  orm.OneToMany(
    to(() => Task),
    "project",
  )(project, "tasks");
  orm.Unique(["tenant", "title"])(Project);
  orm.Index(["key"], { unique: true })(Project);
  // MySQL has no conditions of indexes, and TypeORM leaves them out.
  if (engine !== "mariadb")
    orm.Index("live", ["title"], { unique: true, where: "title is not null" })(Project);

  orm.Entity()(Task);
  orm.PrimaryColumn({ type: "int" })(Task.prototype, "id");
  orm.ManyToOne(
    to(() => Project),
    "tasks",
    { onDelete: "CASCADE" },
  )(Task.prototype, "project");
  orm.JoinColumn([
    { name: "tenant", referencedColumnName: "tenant" },
    { name: "project", referencedColumnName: "key" },
  ])(Task.prototype, "project");
}

function contents(orm: Orm): void {
  orm.Entity()(Content);
  orm.TableInheritance({ column: { type: "varchar", name: "type" } })(Content);
  orm.PrimaryColumn({ type: "int" })(Content.prototype, "id");
  orm.ManyToOne(
    to(() => Person),
    { onDelete: "CASCADE", nullable: false },
  )(Content.prototype, "owner");
  orm.ChildEntity()(Photo);
  orm.ManyToOne(
    to(() => Project),
    { onDelete: "CASCADE" },
  )(Photo.prototype, "album");
  orm.ChildEntity()(Note);
  orm.ManyToOne(to(() => Letter))(Note.prototype, "topic");

  orm.PrimaryColumn({ type: "int" })(Asset.prototype, "id");
  orm.ManyToOne(
    to(() => Person),
    { onDelete: "CASCADE" },
  )(Asset.prototype, "owner");
  orm.Entity()(Car);
  orm.Entity()(House);
  orm.OneToOne(
    to(() => Car),
    { onDelete: "SET NULL" },
  )(House.prototype, "garage");
  orm.JoinColumn()(House.prototype, "garage");

  orm.Entity()(Category);
  orm.Tree("closure-table")(Category);
  orm.PrimaryGeneratedColumn()(Category.prototype, "id");
  orm.TreeParent({ onDelete: "CASCADE" })(Category.prototype, "parent");
  orm.TreeChildren()(Category.prototype, "children");
}

export const ENTITIES = [
  Country,
  Person,
  Profile,
  Letter,
  Project,
  Task,
  Team,
  Content,
  Photo,
  Note,
  Category,
  Car,
  House,
];
