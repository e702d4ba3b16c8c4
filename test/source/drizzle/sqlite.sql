CREATE TABLE `events` (
	`id` integer PRIMARY KEY NOT NULL,
	`personId` integer,
	FOREIGN KEY (`personId`) REFERENCES `people`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `letters` (
	`id` integer PRIMARY KEY NOT NULL,
	`recipient` text,
	`sender` text,
	`copy` text,
	`secretary` integer DEFAULT 1,
	FOREIGN KEY (`recipient`) REFERENCES `people`(`email`) ON UPDATE no action ON DELETE restrict,
	FOREIGN KEY (`sender`) REFERENCES `people`(`email`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`copy`) REFERENCES `people`(`email`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`secretary`) REFERENCES `people`(`id`) ON UPDATE restrict ON DELETE set default
);
--> statement-breakpoint
CREATE TABLE `shop_members` (
	`person` integer NOT NULL,
	`task` integer NOT NULL,
	PRIMARY KEY(`person`, `task`),
	FOREIGN KEY (`person`) REFERENCES `people`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`task`) REFERENCES `tasks`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `people` (
	`id` integer PRIMARY KEY NOT NULL,
	`email` text NOT NULL,
	`manager_id` integer,
	FOREIGN KEY (`manager_id`) REFERENCES `people`(`id`) ON UPDATE no action ON DELETE set null
);
--> statement-breakpoint
CREATE UNIQUE INDEX `people_email_unique` ON `people` (`email`);
--> statement-breakpoint
CREATE TABLE `profiles` (
	`person_id` integer NOT NULL,
	`bio` text,
	FOREIGN KEY (`person_id`) REFERENCES `people`(`id`) ON UPDATE cascade ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `profiles_person_id_unique` ON `profiles` (`person_id`);
--> statement-breakpoint
CREATE TABLE `projects` (
	`tenant` integer NOT NULL,
	`key` text NOT NULL,
	`title` text,
	PRIMARY KEY(`tenant`, `key`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `one_key` ON `projects` (`key`);
--> statement-breakpoint
CREATE UNIQUE INDEX `one_title` ON `projects` (`tenant`,`title`);
--> statement-breakpoint
CREATE TABLE `tasks` (
	`id` integer PRIMARY KEY NOT NULL,
	`tenant` integer,
	`project` text,
	`watcher` integer,
	FOREIGN KEY (`tenant`,`project`) REFERENCES `projects`(`tenant`,`key`) ON UPDATE no action ON DELETE cascade
);
