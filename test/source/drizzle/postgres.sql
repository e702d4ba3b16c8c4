CREATE SCHEMA "audit";
--> statement-breakpoint
CREATE TABLE "audit"."events" (
	"id" integer PRIMARY KEY NOT NULL,
	"personId" integer
);
--> statement-breakpoint
CREATE TABLE "letters" (
	"id" integer PRIMARY KEY NOT NULL,
	"recipient" text,
	"sender" text,
	"copy" text,
	"secretary" integer DEFAULT 1
);
--> statement-breakpoint
CREATE TABLE "shop_members" (
	"person" integer NOT NULL,
	"task" integer NOT NULL,
	CONSTRAINT "shop_members_person_task_pk" PRIMARY KEY("person","task")
);
--> statement-breakpoint
CREATE TABLE "people" (
	"id" serial PRIMARY KEY NOT NULL,
	"email" text NOT NULL,
	"manager_id" integer,
	CONSTRAINT "people_email_unique" UNIQUE("email")
);
--> statement-breakpoint
CREATE TABLE "profiles" (
	"person_id" integer NOT NULL,
	"bio" text,
	CONSTRAINT "profiles_person_id_unique" UNIQUE("person_id")
);
--> statement-breakpoint
CREATE TABLE "projects" (
	"tenant" integer NOT NULL,
	"key" text NOT NULL,
	"title" text,
	CONSTRAINT "projects_tenant_key_pk" PRIMARY KEY("tenant","key"),
	CONSTRAINT "one_title" UNIQUE("tenant","title")
);
--> statement-breakpoint
CREATE TABLE "tasks" (
	"id" integer PRIMARY KEY NOT NULL,
	"tenant" integer,
	"project" text,
	"watcher" integer
);
--> statement-breakpoint
ALTER TABLE "audit"."events" ADD CONSTRAINT "events_personId_people_id_fk" FOREIGN KEY ("personId") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "letters" ADD CONSTRAINT "letters_recipient_people_email_fk" FOREIGN KEY ("recipient") REFERENCES "public"."people"("email") ON DELETE restrict ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "letters" ADD CONSTRAINT "letters_sender_people_email_fk" FOREIGN KEY ("sender") REFERENCES "public"."people"("email") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "letters" ADD CONSTRAINT "letters_copy_people_email_fk" FOREIGN KEY ("copy") REFERENCES "public"."people"("email") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "letters" ADD CONSTRAINT "letters_secretary_people_id_fk" FOREIGN KEY ("secretary") REFERENCES "public"."people"("id") ON DELETE set default ON UPDATE restrict;
--> statement-breakpoint
ALTER TABLE "shop_members" ADD CONSTRAINT "shop_members_person_people_id_fk" FOREIGN KEY ("person") REFERENCES "public"."people"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "shop_members" ADD CONSTRAINT "shop_members_task_tasks_id_fk" FOREIGN KEY ("task") REFERENCES "public"."tasks"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "people" ADD CONSTRAINT "people_manager_id_people_id_fk" FOREIGN KEY ("manager_id") REFERENCES "public"."people"("id") ON DELETE set null ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "profiles" ADD CONSTRAINT "profiles_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE cascade ON UPDATE cascade;
--> statement-breakpoint
ALTER TABLE "tasks" ADD CONSTRAINT "task_project" FOREIGN KEY ("tenant","project") REFERENCES "public"."projects"("tenant","key") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
CREATE UNIQUE INDEX "one_key" ON "projects" USING btree ("key");
